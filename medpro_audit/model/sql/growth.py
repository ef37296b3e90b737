"""How tables are filled, as the statements of a program tell: by nothing, row by row, or by many rows at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import structs

from medpro_audit.model.sql.rebuilding import HOLE
from medpro_audit.model.sql.schema import bare
from medpro_audit.model.subjects.query import Query

_MANY = re.compile(rf"\bVALUES\s*(?:\?|{HOLE}\w*)", re.IGNORECASE)
"""Of a driver for MySQL: all rows in one parameter."""
_PAGE = re.compile(r"\bOFFSET\b|\bLIMIT\s+[^\s,]+\s*,", re.IGNORECASE)
"""A LIMIT alone may be there for the newest row."""

Table = tuple[str, str]
"""Back end and name."""


def grown(queries: Sequence[Query]) -> list[Query]:
    """The queries, with what the others say of their tables; what an ORM adds may belong to any."""
    inserting = [each for each in queries if each.kind == "insert" and each.role == "server"]
    filled = {(each.backend, table) for each in inserting for table in each.tables}
    unclear = {each.backend for each in inserting if not each.tables}
    signs = _signs(queries)
    may_grow = [
        each.backend in unclear or not each.tables or any((each.backend, table) in filled for table in each.tables)
        for each in queries
    ]
    return [
        structs.replace(each, may_grow=may, growth=_first(each.backend, each.read_tables, signs))
        for each, may in zip(queries, may_grow, strict=True)
    ]


def _first(backend: str, tables: Iterable[str], signs: dict[Table, str]) -> str:
    keys = ((backend, bare(table)) for table in tables)
    return next((signs[key] for key in keys if key in signs), "")


def _signs(queries: Sequence[Query]) -> dict[Table, str]:
    """Where a table is filled by many rows at a time, or read page by page."""
    found: dict[Table, str] = {}
    for query in sorted(queries, key=lambda each: (each.file, each.line)):
        for table, text in _sign(query):
            found.setdefault((query.backend, bare(table)), f"{query.file}:{query.line} {text} {table}")
    return found


def _sign(query: Query) -> Iterator[tuple[str, str]]:
    if query.role != "server":
        return
    if query.kind == "insert" and (query.repetition.in_loop or _MANY.search(query.statement)):
        yield from ((table, "adds many rows at a time to") for table in query.tables if len(query.tables) == 1)
    if query.kind == "select" and query.has_limit and _PAGE.search(query.statement):
        yield from ((table, "reads page by page:") for table in query.read_whole[:1])
