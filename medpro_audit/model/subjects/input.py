"""One request part that an endpoint reads."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.endpoint import RequestPart, Validation
from medpro_audit.model.subjects.facets.usage import Treatment


class Input(Struct, frozen=True):
    """One request part that an endpoint reads."""

    part: RequestPart
    method: str
    path: str
    file: str
    line: int
    backend: str
    validation: Validation
    trail: tuple[Step, ...]
    convention: str | None = None
    """The validation library that is the convention in its back end."""
    treatment: Treatment = Treatment()
    """What becomes of what is not validated of it."""

    @property
    def identity(self) -> str:
        """Method, path and part."""
        return f"{self.method} {self.path} {self.part}"

    @property
    def is_foreign(self) -> bool:
        """It is validated by a library that is not the convention."""
        return self.convention is not None and self.validation.by not in (None, self.convention)


SUBJECT = Input
