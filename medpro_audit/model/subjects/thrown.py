"""Something that is thrown."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Thrown(Struct, frozen=True):
    """A ``throw`` of a text or of a new error, or ``next`` called with a text."""

    file: str
    line: int
    backend: str
    kind: Literal["error", "text"]
    what: str
    """Name of the class, or the text."""
    is_typed: bool
    """The class says more than that it is an error: it is no ``Error`` of the language itself."""
    in_request: bool
    """Requests lead there."""
    has_types: bool
    """Elsewhere the back end throws errors of classes of its own or of a package."""
    role: Literal["server", "script", "test", "browser"]
    is_caught: bool = False
    """A ``try`` around it, in the same function, deals with it; only looked for where it matters."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and what is thrown."""
        return f"{self.file} {self.what}"


SUBJECT = Thrown
