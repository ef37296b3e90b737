"""A function of some size in server code."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class Function(Struct, frozen=True):
    """A function of server code with enough lines that a copy of it matters."""

    file: str
    line: int
    end_line: int
    backend: str
    name: str
    """Empty for one that has none."""
    lines: int
    """Lines of its body that are neither blank nor comments."""
    copy_of: str | None = None
    """``file:line`` of the function in another module that it repeats word for word; None for one that repeats none,
    and for the one of several that the others are measured by."""
    trail: tuple[Step, ...] = ()
    """The other copies."""

    @property
    def known_as(self) -> str:
        """Its name, in words."""
        return f"{self.name}()" if self.name else "This function"

    @property
    def identity(self) -> str:
        """File and name."""
        return f"{self.file} {self.name}"


SUBJECT = Function
