"""A request that a test makes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Status = Literal["answered", "unanswered", "unknown", "not-run"]


class TestRequest(Struct, frozen=True):
    """A request that a test case makes, and the endpoint that answers it."""

    file: str
    line: int
    backend: str
    method: str
    """Upper case; empty when it is not known."""
    url: str
    """As far as it is known, with ``…`` for the rest; empty when nothing is known."""
    kind: Literal["integration", "router", "end-to-end"]
    """integration: the application is asked; router: one of its routers, on an application that the test makes;
    end-to-end: a server that runs beside the test, by a browser or a collection of requests."""
    status: Status
    """answered: an endpoint is known that answers; unanswered: none of the application does; unknown: see ``reason``;
    not-run: it is made in a test that is skipped, or that no runner takes."""
    endpoints: tuple[int, ...] = ()
    """Places among the endpoints of those that answer, or where that is not known, of those that may."""
    test: str = ""
    """Title of the case."""
    reason: str | None = None
    """Why it is unknown or not run."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File, method and URL."""
        return f"{self.file} {self.method} {self.url}"


SUBJECT = TestRequest
