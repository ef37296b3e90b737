"""Which tests ask an endpoint."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

TestKind = Literal["integration", "router", "handler", "end-to-end"]


class EndpointTesting(Struct, frozen=True):
    """Which tests that run ask an endpoint."""

    status: Literal["tested", "untested", "unknown"] = "unknown"
    """tested: a test that runs asks it, or calls its handler; unknown: see ``reason``."""
    kinds: tuple[TestKind, ...] = ()
    """integration: through the application; router: through its router, on an application that the test makes; handler:
    the handler alone is called; end-to-end: asked by a browser test or a collection of requests."""
    cases: int = 0
    """Test cases that ask it."""
    files: tuple[str, ...] = ()
    """Their files."""
    reason: str | None = None
    """Why it is unknown, or why a test that there is does not count."""
    covered: float | None = None
    """Share of its handler's lines in percent that tests run; None without a report that fits."""
    trail: tuple[Step, ...] = ()
    """Where it is asked, at most ten places."""

    @property
    def is_requested(self) -> bool | None:
        """A test sends it a request, so that its path, its middleware and its handler run together."""
        if {"integration", "router", "end-to-end"} & {*self.kinds}:
            return True
        return None if self.status == "unknown" else False
