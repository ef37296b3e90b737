"""What a back end has for failures that nobody has caught."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ErrorSetup(Struct, frozen=True):
    """The central error handling of one back end."""

    file: str
    line: int
    """Where its application is made."""
    backend: str
    is_express: bool
    """Some of its endpoints are served by Express; other frameworks answer failures by themselves."""
    express_major: int | None
    """Major version of Express; None when it isn't known."""
    central: Literal["yes", "no", "unknown"]
    """An error handler stands after at least one endpoint."""
    rejections: Literal["yes", "no", "unknown"]
    """It listens to ``unhandledRejection``."""
    exceptions: Literal["yes", "no", "unknown"]
    """It listens to ``uncaughtException``."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Folder of the back end."""
        return self.backend


SUBJECT = ErrorSetup
