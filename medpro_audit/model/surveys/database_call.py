"""Finds the calls that ask a database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import structs

from medpro_audit.model.known import Base, Known
from medpro_audit.model.structure.queries import queries_of
from medpro_audit.model.structure.serving import serving_of
from medpro_audit.model.subjects.database_call import DatabaseCall

_BRACKET = " transaction"
"""What is around queries and asks nothing itself: a route may well say what belongs together."""


def survey(known: Known) -> Iterator[DatabaseCall]:
    """Every call that is known, by place."""
    calls = tuple(_calls(known.base))
    layered = _layered(calls)
    yield from (structs.replace(call, has_layer=call.backend in layered) for call in calls)


def _calls(base: Base) -> Iterator[DatabaseCall]:
    serving = serving_of(base)
    for query in queries_of(base):
        place = base.facts[query.path].place(query.at)
        yield DatabaseCall(
            file=query.path,
            line=place.line,
            column=place.column,
            backend=base.backend_of(query.path),
            call=query.call,
            package=query.package,
            role=base.roles.get(query.path, "server"),
            in_routes=query.path in serving.registration and not query.call.endswith(_BRACKET),
        )


def _layered(calls: Iterable[DatabaseCall]) -> frozenset[str]:
    """Back ends whose server code asks the database less often in route files than elsewhere."""
    habits: Counter[str] = Counter()
    for call in calls:
        if call.role == "server":
            habits[call.backend] += -1 if call.in_routes else 1
    return frozenset(backend for backend, surplus in habits.items() if surplus > 0)
