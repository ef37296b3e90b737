"""An import of one module of the project by another."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.module import ModuleKind


class Dependency(Struct, frozen=True):
    """An import in server code that names a module of the project, whether or not it leads to one."""

    file: str
    line: int
    backend: str
    specifier: str
    target: str | None
    """The file that it leads to; None when it leads to none."""
    kind: Literal["import", "require", "dynamic", "re-export", "type"]
    """``type``: erased at run time."""
    resolves: bool | None
    """It leads to a file; None for one that a build may make, or that is left out of the scan."""
    levels: int
    """How many folders it goes up: 3 for ``../../../x``; 0 for one that isn't relative."""
    direction: Literal["down", "level", "up", "unknown"]
    """From the request towards the database, within a layer or to what supports all, or against that order."""
    from_kind: ModuleKind = "unknown"
    to_kind: ModuleKind = "unknown"
    cycle: tuple[str, ...] = ()
    """Of an import that closes a circle: the modules on it, from the importing one; the last imports the first."""
    cycle_size: int = 0
    """How many modules import each other over this one and others; 0 when it closes no circle."""
    is_needed: bool = False
    """A module on that circle needs the next one while it loads, or keeps what that has not yet exported by then."""
    reason: str | None = None
    """Why something is unknown, or why it leads nowhere."""
    is_loaded: bool = True
    """Something that runs may load its module, directly or over others."""
    column: int = 1
    trail: tuple[Step, ...] = ()

    @property
    def closes_cycle(self) -> bool:
        """It is the import of a circle that is the cheapest to give up."""
        return bool(self.cycle)

    @property
    def closes_harmful_cycle(self) -> bool:
        """It closes a circle in which a module may find another one empty."""
        return self.closes_cycle and self.is_needed

    @property
    def circle(self) -> str:
        """The circle in words."""
        return " → ".join((*self.cycle, *self.cycle[:1]))

    @property
    def is_relative(self) -> bool:
        """It begins with a dot."""
        return self.specifier.startswith(".")

    @property
    def identity(self) -> str:
        """File and specifier."""
        return f"{self.file} {self.specifier}"


SUBJECT = Dependency
