"""A text of a request that a function parses as JSON by itself."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class JsonParse(Struct, frozen=True):
    """A call of ``JSON.parse`` with what a client has sent, in a function that serves requests."""

    file: str
    line: int
    backend: str
    serves: str
    """Method and path of an endpoint."""
    source: str
    """What is parsed: ``req.body.data``."""
    is_guarded: bool | None
    """What is no JSON is answered as that, and not as a fault of the server; None when that isn't known."""
    reason: str | None = None
    """Why that isn't known."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the call's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = JsonParse
