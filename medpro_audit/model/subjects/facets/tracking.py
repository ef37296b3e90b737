"""What is recorded of the requests of an endpoint."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Verdict = Literal["yes", "no", "unknown"]


class Tracking(Struct, frozen=True):
    """What is recorded of every request of an endpoint before it reaches the handler."""

    logged: Verdict = "unknown"
    """A middleware writes a line for each request, or an agent does."""
    correlated: Verdict = "unknown"
    """Each request has an id that its log lines can carry."""
    measured: Verdict = "unknown"
    """Its duration or count becomes a metric."""
    tells_itself: bool | None = False
    """Its handler writes a line by a logger, not only of failures; None when that depends on what is asked."""
    others_logged: bool = False
    """Some endpoint of the same application is logged: what is done elsewhere is missing here."""
    others_correlated: bool = False
    """Some endpoint of the same application is correlated."""
    others_measured: bool = False
    """Some endpoint of the same application is measured."""
    trail: tuple[Step, ...] = ()
