"""Which endpoints keep what they read from the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from medpro_audit.core.place import Step
from medpro_audit.model.performance.reach import Reach
from medpro_audit.model.performance.remembering import kept_by
from medpro_audit.model.subjects.facets.caching import Caching

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.performance.routines import Routine
    from medpro_audit.model.subjects.endpoint import Endpoint
    from medpro_audit.model.subjects.query import Query


MAX_STEPS = 3
"""Queries that a trail names."""


def facet(known: Known) -> Sequence[Caching]:
    """One for each endpoint, in their order."""
    queries = [query for query in cast("Sequence[Query]", known.found("query")) if query.kind in {"select", "unknown"}]
    asked: dict[str, list[Query]] = {}
    for query in queries:
        for endpoint in query.answers:
            asked.setdefault(endpoint, []).append(query)
    reach = known.shared(Reach)
    return [
        _caching(endpoint, reach.handlers[index], asked.get(endpoint.identity, ()))
        for index, endpoint in enumerate(known.base.endpoints)
    ]


def _caching(endpoint: Endpoint, routines: Sequence[Routine], queries: Sequence[Query]) -> Caching:
    if endpoint.method != "GET" or not endpoint.reached or not queries:
        return Caching()
    count, is_same = len(queries), _is_same_for_all(endpoint, queries)
    if "cache" in endpoint.roles:
        package = next(each.package or each.name for each in endpoint.middleware if "cache" in each.roles)
        return Caching("cached", package, count, is_same)
    kept = kept_by(routines)
    if kept is not None:
        step = Step(kept.place.file, kept.place.line, f"{kept.by} keeps the answer here")
        return Caching("cached", kept.by, count, is_same, trail=(step,))
    if any(routine.remembers for routine in routines):
        return Caching("unknown", None, count, is_same, reason="something is kept in memory, perhaps the answer")
    asked = tuple(Step(query.file, query.line, f"asks the database: {query.text}") for query in queries[:MAX_STEPS])
    return Caching("uncached", None, count, is_same, trail=asked)


def _is_same_for_all(endpoint: Endpoint, queries: Sequence[Query]) -> bool | None:
    """Whether nothing of a request can make a difference."""
    if endpoint.handler.file is None:
        return None
    is_read = {"body", "params", "query"} & set(endpoint.reads) or ":" in endpoint.path
    return not is_read and not any(query.takes_values for query in queries)
