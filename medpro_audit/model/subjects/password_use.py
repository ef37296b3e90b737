"""A place that hashes, stores or compares passwords."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class PasswordUse(Struct, frozen=True):
    """A place that hashes, stores or compares passwords."""

    use: Literal["hash", "storage", "comparison"]
    strength: Literal["strong", "weak", "plain", "unknown"]
    """strong: made for passwords, and slow enough; weak: fast, or with too few rounds; plain: not hashed at all;
    unknown: see ``reason``."""
    algorithm: str
    """``bcrypt``, ``sha256``, ``pbkdf2 with sha512``; empty where there is none."""
    rounds: int | None
    """Cost of bcrypt, iterations of PBKDF2; None when not given or not known."""
    minimum: int | None
    """What OWASP asks for at least; None where there are no rounds."""
    file: str
    line: int
    column: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    snippet: str = ""
    reason: str | None = None
    trail: tuple[Step, ...] = ()

    @property
    def weakness(self) -> str:
        """What is wrong with it, in words."""
        if self.rounds is not None and self.minimum is not None:
            return f"{self.algorithm} with {self.rounds:,} rounds, where {self.minimum:,} are the least"
        return f"{self.algorithm}, which is made to be fast" if self.algorithm else "no hash at all"

    @property
    def identity(self) -> str:
        """Use, file and source."""
        return f"{self.use} {self.file} {self.snippet}"


SUBJECT = PasswordUse
