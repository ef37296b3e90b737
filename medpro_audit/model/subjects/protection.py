"""A protection that an application has or lacks."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Practice = Literal[
    "body-limit",
    "content-security-policy",
    "cors",
    "cors-credentials",
    "csrf",
    "https",
    "powered-by",
    "proxy-trust",
    "rate-limit",
    "refresh-tokens",
    "roles",
    "security-headers",
]


Status = Literal["yes", "no", "unknown", "not-needed"]


class Protection(Struct, frozen=True):
    """One protection of one application."""

    practice: Practice
    status: Status
    file: str
    line: int
    backend: str
    application: str
    """``file:line`` where the application is made."""
    detail: str = ""
    """What it is, or what is missing, in words."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Practice, and the file that makes the application."""
        return f"{self.practice} {self.application.rpartition(':')[0]}"


SUBJECT = Protection
