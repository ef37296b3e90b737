"""An import of a package that takes long to load."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class HeavyImport(Struct, frozen=True):
    """A place where server code loads a package that takes long to load."""

    file: str
    line: int
    backend: str
    package: str
    instead: str
    """What loads faster, or how to load it later."""
    at_startup: bool
    """It is loaded before the server serves, whether or not a request ever needs it."""
    milliseconds: int
    """How long it took to load on a machine of 2025; an order of magnitude."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and package."""
        return f"{self.file} {self.package}"


SUBJECT = HeavyImport
