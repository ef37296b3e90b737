"""What the code asks databases: SQL statements, and calls of ORMs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from medpro_audit.model.known import Known
from medpro_audit.model.sql.orm import orm_queries
from medpro_audit.model.sql.schemas import schema_of
from medpro_audit.model.sql.sources import spots_of
from medpro_audit.model.subjects.query import Query

MAX_QUERIES = 5_000
"""Statements of a repository that are read."""


def survey(known: Known) -> Iterable[Query]:
    """Every one of them, by place."""
    found = [query for _, query in zip(range(MAX_QUERIES), _statements(known), strict=False)]
    every = _grown([*found, *orm_queries(known)])
    return sorted(dict.fromkeys(every), key=lambda query: (query.file, query.line, query.statement))


def _grown(queries: Sequence[Query]) -> list[Query]:
    """The queries, with what is known of how the tables of each are filled; of those of an ORM it isn't."""
    inserting = [each for each in queries if each.kind == "insert" and each.role == "server"]
    filled = {(each.backend, table) for each in inserting for table in each.tables}
    unclear = {each.backend for each in inserting if not each.tables}
    return [
        each
        if each.backend in unclear or not each.tables or any((each.backend, table) in filled for table in each.tables)
        else structs.replace(each, may_grow=False)
        for each in queries
    ]


def _statements(known: Known) -> Iterator[Query]:
    for path in sorted(known.base.facts):
        if not known.base.facts[path].texts.get("sql") or known.base.roles.get(path) not in {"server", "script"}:
            continue
        schema = schema_of(known, path)
        if schema is not None:
            from medpro_audit.model.sql.reading import StatementReader  # noqa: PLC0415 - loads the parser

            yield from StatementReader(known, path, spots_of(known, path), schema).queries()
