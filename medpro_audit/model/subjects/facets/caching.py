"""Whether the answers of an endpoint are kept."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Caching(Struct, frozen=True):
    """Whether what an endpoint reads from the database is kept for the next request."""

    status: Literal["cached", "uncached", "not-needed", "unknown"] = "not-needed"
    """not-needed: it answers no GET, or asks no database."""
    by: str | None = None
    """What keeps it: a package, or ``Cache-Control``."""
    queries: int = 0
    """Places that ask a database to which its handler leads."""
    is_same_for_all: bool | None = False
    """Every request gets the same rows: nothing of the request is used; None when its handler can't be followed."""
    reason: str | None = None
    """Why it is unknown."""
    trail: tuple[Step, ...] = ()
