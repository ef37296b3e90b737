"""A function that the process calls for what nobody has caught."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ProcessHandler(Struct, frozen=True):
    """A listener for ``uncaughtException`` or ``unhandledRejection``."""

    file: str
    line: int
    backend: str
    event: Literal["uncaughtException", "unhandledRejection"]
    ends: bool | None
    """It ends the process, throws, or begins to shut down; None when that can't be seen."""
    role: Literal["server", "script", "test", "browser"]
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and event."""
        return f"{self.file} {self.event}"


SUBJECT = ProcessHandler
