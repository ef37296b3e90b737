"""A place that asks the database for something."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class DatabaseCall(Struct, frozen=True):
    """A call of a database driver or ORM that asks for something."""

    file: str
    line: int
    backend: str
    call: str
    """What is called: ``pool.query`` as written, or package and method."""
    package: str | None
    """The driver or ORM; None where only the SQL tells that it is one."""
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    in_routes: bool
    """Its module registers endpoints or mounts routers; a transaction that is only opened there does not count."""
    has_layer: bool = False
    """Its back end keeps most of its queries in modules that register no endpoints."""
    trail: tuple[Step, ...] = ()
    column: int = 1

    @property
    def identity(self) -> str:
        """File and what is called."""
        return f"{self.file} {self.call}"


SUBJECT = DatabaseCall
