"""The route that answers in an endpoint's place."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class Shadow(Struct, frozen=True):
    """An earlier route that takes all requests which an endpoint would answer."""

    by: str | None = None
    """Its method and path; None where there is none, as far as can be seen."""
    place: str | None = None
    """``file:line`` where it is registered."""
    has_same_handler: bool = False
    """It answers by the same function, so that nobody notices."""
    trail: tuple[Step, ...] = ()
    """Where it is registered."""
