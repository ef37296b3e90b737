"""Endpoints that have lost what protected them, wherever the line stands that has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from medpro_audit.model.subjects import PARTS, Endpoint
from medpro_audit.result.difference import Difference, EndpointChange

Protection = Literal["validation", "authentication", "authorization"]
_GUARDS: tuple[Protection, ...] = ("authentication", "authorization")


class LostProtection(Struct, frozen=True):
    """Something that protected an endpoint and does so no longer."""

    before: Endpoint
    after: Endpoint
    kind: Protection
    what: str
    """In words: ``authentication``, ``validation of body``."""


def lost_protection(difference: Difference) -> tuple[LostProtection, ...]:
    """All that was lost, by endpoint, in their order."""
    return tuple(lost for change in difference.endpoints_changed for lost in _lost(change))


def _lost(change: EndpointChange) -> Iterator[LostProtection]:
    before, after = change.before, change.after
    if not after.mounted:
        return
    for guard in _GUARDS:
        if guard in before.roles and guard not in after.roles:
            yield LostProtection(before, after, guard, guard)
    for part in PARTS:
        was, is_now = getattr(before.validation, part), getattr(after.validation, part)
        if was.status == "validated" and is_now.status == "missing":
            yield LostProtection(before, after, "validation", f"validation of {part}")
