"""How much of a module the tests run."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ModuleCoverage(Struct, frozen=True):
    """How many lines of a module of server code the tests run, by a coverage report."""

    file: str
    backend: str
    kind: str
    """What the module is: service, controller, … (see the subject module)."""
    status: Literal["measured", "unknown"]
    """unknown: see ``reason``; it is not the same as nothing being covered."""
    share: float | None = None
    """Percent; None when it isn't known."""
    covered: int = 0
    total: int = 0
    report: str | None = None
    reason: str | None = None
    """Why it is unknown."""
    line: int = 1
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File."""
        return self.file


SUBJECT = ModuleCoverage
