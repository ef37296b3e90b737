"""A function that is registered to answer when something has failed."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ErrorHandler(Struct, frozen=True):
    """A function for errors on an application or router of Express; one that is meant as such and is none, too."""

    file: str
    line: int
    """Where it is registered."""
    backend: str
    name: str
    scope: Literal["application", "router"]
    parameters: int | None
    """What Express reads as the function's ``length``: only with four it is called with errors. None for the code of a
    package."""
    deals: Literal["yes", "no", "unknown"]
    """It answers, or hands the error on to the next one."""
    late_endpoints: int
    """Endpoints registered after it for which no other error handler stands; it doesn't see their failures."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and name."""
        return f"{self.file} {self.name}"


SUBJECT = ErrorHandler
