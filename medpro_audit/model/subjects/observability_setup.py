"""One practice of watching a server in one back end: is it set up, and does it reach what it is for."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Practice = Literal[
    "request-logging",
    "correlation",
    "metrics",
    "tracing",
    "health-check",
    "error-tracking",
    "alerting",
    "dashboard",
    "shutdown",
]


class ObservabilitySetup(Struct, frozen=True):
    """One practice of watching a server in one back end: is it set up, and does it reach what it is for."""

    file: str
    line: int
    """Where it is set up, or where it would be: the application, else the package.json."""
    backend: str
    practice: Practice
    tool: str
    """Package or place that it is done with; empty when there is none."""
    is_set_up: bool | None
    """It is there; None when it may be, outside of what can be seen."""
    is_wired: bool | None = None
    """It reaches what it is for: metrics are exposed, a health check asks the database, an error tracker hears of the
    errors that end in the error handler, a signal closes the server, tracing starts before what it instruments."""
    problem: str = ""
    """What lacks, in words."""
    has_database: bool = False
    """The server code of the back end connects to a database."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Folder and practice."""
        return f"{self.backend} {self.practice}"


SUBJECT = ObservabilitySetup
