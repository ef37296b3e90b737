"""What limits the rate of requests to each endpoint."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.access.limits import Limit, limits_of
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.rate_limit import RateLimit

_STRICT = 20 / 60
"""Requests in a second: what OWASP's examples allow for logging in is far below it."""


def facet(known: Known) -> Iterator[RateLimit]:
    """One for each endpoint."""
    base = known.base
    for row in base.rows:
        yield _judged(list(limits_of(row, base.endpoint_builder)))


def _judged(limits: list[Limit]) -> RateLimit:
    sure = sorted((limit for limit in limits if limit.reason is None), key=_strictness)
    if not sure:
        unsure = next(iter(limits), None)
        if unsure is None:
            return RateLimit("no", is_strict=False)
        return RateLimit("unknown", unsure.name, str(unsure.place), None, None, None, unsure.reason)
    best = sure[0]
    is_strict = best.is_own or (best.rate is not None and best.rate <= _STRICT)
    unknown = not is_strict and any(limit.is_own for limit in limits)
    return RateLimit("yes", best.name, str(best.place), None if unknown else is_strict, best.requests, best.window)


def _strictness(limit: Limit) -> tuple[bool, float]:
    return (not limit.is_own, limit.rate if limit.rate is not None else float("inf"))
