"""Finds the calls that ask a database."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.known import Known
from medpro_audit.model.structure.queries import queries_of
from medpro_audit.model.structure.serving import serving_of
from medpro_audit.model.subjects.database_call import DatabaseCall

_BRACKET = " transaction"
"""What is around queries and asks nothing itself: a route may well say what belongs together."""


def survey(known: Known) -> Iterator[DatabaseCall]:
    """Every call that is known, by place."""
    base = known.base
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
