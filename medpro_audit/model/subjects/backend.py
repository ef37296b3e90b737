"""A back end of the repository."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class Backend(Struct, frozen=True):
    """One back end of the repository: a package that serves HTTP."""

    root: str
    """Folder relative to the scanned directory, ``.`` for itself."""
    name: str
    file: str
    line: int
    frameworks: tuple[str, ...]
    dependencies: tuple[str, ...]
    validation_library: str | None
    """The validation library that is the convention here: the one configured, else Zod where present."""
    connection_sites: int | None
    """Connection sites in server code that speak to the same relational or document database: to the one that has most
    of them; None where only unknown settings keep it from being more than one."""
    pools_shared: bool
    """At least one pool is imported by another module, or there is no pool."""
    pools: int
    logger: str | None
    """The canonical logger's module or package."""
    trail: tuple[Step, ...] = ()
    """Every connection site of the database that has most of them, for the duplicate rule."""

    @property
    def backend(self) -> str:
        """Folder of the back end."""
        return self.root

    @property
    def identity(self) -> str:
        """Folder."""
        return self.root


SUBJECT = Backend
