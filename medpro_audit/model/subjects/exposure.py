"""Health data that an endpoint sends."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.facets.access import Known


class Exposure(Struct, frozen=True):
    """An endpoint that reads health data and answers with it."""

    method: str
    path: str
    what: tuple[str, ...]
    """Tables, collections and fields that by their names hold health data."""
    authentication: Known
    """Callers must be known."""
    authorization: Known
    """What they may see is checked: by role, permission or ownership."""
    file: str
    line: int
    """Where the endpoint is registered."""
    backend: str
    reached: bool
    trail: tuple[Step, ...] = ()
    """Where it is read and sent."""

    @property
    def identity(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"


SUBJECT = Exposure
