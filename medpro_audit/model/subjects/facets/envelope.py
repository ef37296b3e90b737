"""The form of what an endpoint answers with."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class Envelope(Struct, frozen=True):
    """What an endpoint puts around the JSON that it answers with, beside what its back end usually does."""

    form: str | None = None
    """Keys that tell how it went and that hold the content, such as ``{success, data}``; ``bare`` when the content is
    sent as it is. None where that can't be seen, or where it sends no JSON."""
    convention: str | None = None
    """The form of most endpoints of its back end; None where too few are known, or none is frequent enough."""
    conforms: bool | None = None
    """It has that form; None where either isn't known."""
    sends_json: bool = False
    """It answers with JSON when nothing fails, whether or not its form can be seen."""
    reason: str | None = None
    """Why it isn't known."""
    trail: tuple[Step, ...] = ()
    """Where it answers."""
