"""Endpoints that have lost what protected them, wherever the line stands that has changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from medpro_audit.model.subjects import PARTS, Endpoint
from medpro_audit.result.difference import GUARDS, Difference, EndpointChange, Guard

Protection = Literal["validation"] | Guard


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
    if not after.reached:
        return
    for guard in GUARDS:
        if _has_lost(guard, before, after):
            yield LostProtection(before, after, guard, guard)
    for part in PARTS:
        was, is_now = getattr(before.validation, part), getattr(after.validation, part)
        if was.status == "validated" and is_now.status == "missing":
            yield LostProtection(before, after, "validation", f"validation of {part}")


def _has_lost(guard: Guard, before: Endpoint, after: Endpoint) -> bool:
    """Whether callers had to pass a guard and need not any more, be it a middleware or the handler itself.

    Where it isn't known whether they must now, a middleware with that role that is gone counts as lost; not where
    another one, of whatever role, sees to it.
    """
    was, is_now = getattr(before.access, guard), getattr(after.access, guard)
    if is_now == "yes":
        return False
    return (was == "yes" and is_now == "no") or (guard in before.roles and guard not in after.roles)
