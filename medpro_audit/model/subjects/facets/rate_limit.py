"""How many requests a client may make to an endpoint."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class RateLimit(Struct, frozen=True):
    """What limits the rate of requests to an endpoint."""

    status: Literal["yes", "no", "unknown"] = "unknown"
    """unknown: see `reason`."""
    by: str | None = None
    """Name of the strictest limiter."""
    place: str | None = None
    """``file:line`` where it is registered."""
    is_strict: bool | None = None
    """A limiter of its own stands before it, besides or instead of the one for the whole application, or allows at most
    20 requests in a minute; None where that isn't known."""
    requests: int | None = None
    """How many requests the strictest one allows in its window, where that is a constant."""
    window: int | None = None
    """The window in seconds, where that is a constant."""
    reason: str | None = None
