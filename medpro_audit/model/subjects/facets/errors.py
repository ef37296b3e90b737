"""What becomes of the failures of an endpoint."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Forwarding = Literal["framework", "wrapper", "handler", "not-needed", "nothing", "unknown"]


class Errors(Struct, frozen=True):
    """Who catches what fails while an endpoint is served, and who answers."""

    caught_by: Forwarding = "unknown"
    """What catches the failures of its handler: the framework (Express 5, Koa, Hono), a wrapper such as
    ``asyncHandler``, or the handler itself; not-needed: it waits for no promise; nothing: the rejection is lost."""
    wrapper: str | None = None
    """Name of the wrapper that catches."""
    central: Literal["yes", "no", "unknown"] = "unknown"
    """An error handler of the application is registered after it, so that it answers when something fails."""
    handler: str | None = None
    """That error handler: name and place."""
    creates: bool = False
    """By the handler's name and by what it does with the database, it creates something."""
    success_statuses: tuple[int, ...] = ()
    """Status codes below 400 that its handler surely answers with."""
    is_status_known: bool = False
    """All of its status codes are known."""
    reason: str | None = None
    """Why something is unknown."""
    trail: tuple[Step, ...] = ()
    """Where failures leave the handler."""
