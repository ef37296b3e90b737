"""A call that signs or verifies a token."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Place, Step

SecretSource = Literal["environment", "fallback", "literal", "unknown"]


class Token(Struct, frozen=True):
    """A call that signs or verifies a JSON Web Token."""

    file: str
    line: int
    backend: str
    kind: Literal["sign", "verify"]
    library: str
    expires: bool | None = None
    """What is signed has an end; None where the options can't be followed."""
    has_fixed_algorithms: bool | None = None
    """What is verified is accepted only with the algorithms that are named; None where that can't be followed."""
    allows_none: bool = False
    """Tokens without a signature are accepted."""
    ignores_expiration: bool = False
    secret: SecretSource = "unknown"  # noqa: S105 - a word of ours
    """fallback: a text of the code stands in where the environment variable is not set."""
    variable: str | None = None
    """Name of the environment variable."""
    cause: Place | None = None
    """Where the text stands that is the secret, or stands in for it."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the call's own source."""
        return f"{self.kind} {self.file} {self.snippet}"


SUBJECT = Token
