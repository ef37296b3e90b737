"""A cookie that a server sets."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Place, Step
from medpro_audit.model.subjects.token import SecretSource


class Cookie(Struct, frozen=True):
    """A cookie that a server sets, by a call or as the cookie of its sessions."""

    file: str
    line: int
    backend: str
    kind: Literal["cookie", "session"]
    name: str
    """Empty where it isn't known."""
    is_secret: bool
    """It holds what callers are known by: a session, or a name that says token, session or the like."""
    http_only: bool | None = None
    """Scripts can't read it; None where the options can't be followed."""
    secure: bool | None = None
    """It is sent over HTTPS only, at least in production."""
    same_site: bool | None = None
    """Other sites can't make browsers send it: ``strict`` or ``lax``."""
    secret: SecretSource = "unknown"  # noqa: S105 - a word of ours
    """Of a session: where the secret comes from that signs it."""
    variable: str | None = None
    cause: Place | None = None
    """Where the text stands that is the secret, or stands in for it."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File, name and the call's own source."""
        return f"{self.file} {self.name} {self.snippet}"


SUBJECT = Cookie
