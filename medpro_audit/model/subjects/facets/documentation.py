"""How an endpoint is documented."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Documentation(Struct, frozen=True):
    """What the API's documentation says of an endpoint."""

    is_expected: bool = True
    """Somebody would look it up: it is no page, no catch-all, and not the documentation itself."""
    status: Literal["documented", "undocumented", "unknown"] = "unknown"
    """unknown: see `reason`."""
    reason: str = ""
    """Why it is unknown, or why it needs no documentation."""
    source: str | None = None
    """How it is documented: ``openapi``, ``swagger-jsdoc``, …"""
    place: str | None = None
    """``file:line`` of the operation."""
    has_summary: bool | None = None
    has_examples: bool | None = None
    has_responses: bool | None = None
    has_security: bool | None = None
    trail: tuple[Step, ...] = ()
