"""What the code asks databases: SQL statements, and calls of ORMs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.model.known import Known
from medpro_audit.model.sql.growth import grown
from medpro_audit.model.sql.orm import orm_queries
from medpro_audit.model.sql.schemas import schema_of
from medpro_audit.model.sql.sources import spots_of
from medpro_audit.model.subjects.query import Query

MAX_QUERIES = 5_000
"""Statements of a repository that are read."""


def survey(known: Known) -> Iterable[Query]:
    """Every one of them, by place."""
    found = [query for _, query in zip(range(MAX_QUERIES), _statements(known), strict=False)]
    every = grown([*found, *orm_queries(known)])
    return sorted(dict.fromkeys(every), key=lambda query: (query.file, query.line, query.statement))


def _statements(known: Known) -> Iterator[Query]:
    for path in sorted(known.base.facts):
        if not known.base.facts[path].texts.get("sql") or known.base.roles.get(path) not in {"server", "script"}:
            continue
        schema = schema_of(known, path)
        if schema is not None:
            from medpro_audit.model.sql.reading import StatementReader  # noqa: PLC0415 - loads the parser

            yield from StatementReader(known, path, spots_of(known, path), schema).queries()
