"""Which routes no request gets to, since an earlier one takes all that would.

Express asks its routes in the order of their registration, through all routers (expressjs.com, "Routing": route paths,
route parameters; README of path-to-regexp). The first whose method and path match runs; those after it only where it
calls ``next()``. So a route with a parameter, ``/doctors/:id``, answers what is meant for ``/doctors/search`` when that
is registered later.
"""

from __future__ import annotations

import re
from collections import defaultdict

from medpro_audit.core.place import Place, Step
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects.facets.shadow import Shadow

_PARAMETER = re.compile(r":\w+")
_LITERAL = re.compile(r"[\w.~@-]+")
_FRAMEWORK = "express"


class Precedence:
    """The routes of one application that take all requests which match them, in the order of their registration."""

    def __init__(self, endpoints: EndpointBuilder) -> None:
        self._endpoints = endpoints
        self._takers: defaultdict[int, list[tuple[tuple[str, ...], Row]]] = defaultdict(list)
        """By the number of segments of their paths."""
        self._asked: set[tuple[Place, str]] = set()

    def shadow(self, row: Row) -> Shadow:
        """The route that answers in place of this one, which is asked after all those that were asked about before."""
        path = _segments(row.path)
        if row.kind != "route" or row.application.framework != _FRAMEWORK or path is None or self._is_again(row):
            return Shadow()
        known = self._takers[len(path)]
        methods = {row.method, "ALL"}
        taker = next((other for wanted, other in known if other.method in methods and _takes(wanted, path)), None)
        if taker is not None:
            is_again = taker.site.place == row.site.place  # a router that is mounted twice is no route twice
            return Shadow() if is_again else self._shadow(taker, row)
        if self._takes_all(row):
            known.append((path, row))
        return Shadow()

    def _is_again(self, row: Row) -> bool:
        """Whether a route was asked about before: what registers it runs twice, and it is reached the first time."""
        route = (row.site.place, f"{row.method} {row.path}")
        is_known = route in self._asked
        self._asked.add(route)
        return is_known

    def _takes_all(self, row: Row) -> bool:
        """Whether a route answers each request that matches it: it is always there and never passes one on."""
        if row.conditions or row.guards or not row.items:
            return False
        chain = list(self._endpoints.chain(row))
        own = [summary for _, summary in chain[-len(row.items) :]]
        if any(summary.skips for _, summary in chain) or any(summary.reason is not None for summary in own):
            return False
        last = own[-1]
        return not (last.passes or last.is_foreign) and (last.responds or bool(last.failures))

    def _shadow(self, taker: Row, row: Row) -> Shadow:
        place, by = taker.site.place, f"{taker.method} {taker.path}"
        ours, theirs = (self._endpoints.passage(one).found for one in (row, taker))
        is_same = ours is not None and theirs is not None and ours.handler == theirs.handler
        return Shadow(by, str(place), is_same, (Step(place.file, place.line, f"{by} takes its requests"),))


def _segments(path: str) -> tuple[str, ...] | None:
    """The parts of a path; None where it is more than words and parameters."""
    parts = tuple(path.removeprefix("/").split("/")) if path != "/" else ()
    is_plain = all(_PARAMETER.fullmatch(part) or _LITERAL.fullmatch(part) for part in parts)
    return parts if is_plain else None


def _takes(wanted: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether one path matches all that another does."""
    return all(_PARAMETER.fullmatch(own) or own == other for own, other in zip(wanted, path, strict=True))
