"""A place in a handler that catches what has failed."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class FailureCatch(Struct, frozen=True):
    """A ``catch`` clause of a handler of Express whose ``try`` answers the request."""

    file: str
    line: int
    backend: str
    serves: str
    """Method and path of an endpoint."""
    answers: bool | None
    """It answers, hands the error on or throws; None when that can't be seen."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """The endpoint that it belongs to."""
        return f"{self.file} {self.serves}"


SUBJECT = FailureCatch
