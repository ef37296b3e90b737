"""How far an endpoint follows the pattern of its back end."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.config import PatternElement
from medpro_audit.core.place import Step


class Pattern(Struct, frozen=True):
    """Which elements of the pattern an endpoint has."""

    source: Literal["configured", "like", "inferred", "none"] = "none"
    """Where the pattern comes from: listed in the configuration, taken from the file that the configuration names, or
    from the route file of the back end that sets the best example; none: there is no pattern."""
    like: str | None = None
    """The file that sets the example."""
    pattern: tuple[PatternElement, ...] = ()
    """All elements of the pattern."""
    elements: tuple[PatternElement, ...] = ()
    """Those that this endpoint has a need for."""
    present: tuple[PatternElement, ...] = ()
    missing: tuple[PatternElement, ...] = ()
    unknown: tuple[PatternElement, ...] = ()
    conforms: bool | None = None
    """None where an element is unknown and none is missing, or where nothing is asked of it."""
    reason: str | None = None
    """Why elements are missing or unknown."""
    trail: tuple[Step, ...] = ()

    @property
    def missing_words(self) -> str:
        """The missing elements in words."""
        return _listed(self.missing)

    @property
    def example(self) -> str:
        """Where the pattern is shown, in words."""
        return f"as in {self.like}" if self.like is not None else "as configured"


def _listed(elements: tuple[PatternElement, ...]) -> str:
    *before, last = elements or ("",)
    return f"{', '.join(before)} and {last}" if before else last


ELEMENT_WORDS: dict[PatternElement, str] = {
    "router": "registered on a router",
    "authentication": "authentication before the handler",
    "validation": "every part of the request that is read is validated",
    "wrapper": "handler in a wrapper that catches what it rejects",
    "controller": "handler in another file than the route",
    "service": "the work done by another module, no query in the handler",
    "envelope": "answers in the form that is usual here",
    "central-errors": "failures answered by the central error handler",
    "logging": "logs, if at all, through the project's logger",
}
"""What each element means."""
