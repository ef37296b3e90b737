"""SQL that is put together from request data; placeholders, identifiers that a library quotes and tags are safe.

https://cheatsheetseries.owasp.org/cheatsheets/SQL_Injection_Prevention_Cheat_Sheet.html; what is SQL in each library:
the documentation of mysql2 (`query`), pg (`client.query`), knex (`raw`), Sequelize (raw queries), TypeORM (`query`,
query builder), Prisma (`$queryRawUnsafe`), better-sqlite3 (`prepare`), node-mssql (`query`, `batch`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.evaluation.values import Value
from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import Piece, data_in, doubt_of, field, spellings, written
from medpro_audit.model.request.data import Data, FieldName

_MYSQL = frozenset(("execute", "query"))
_SQLITE = frozenset(("all", "each", "exec", "get", "prepare", "run"))
_PG_PROMISE = ("any", "each", "many", "manyOrNone", "map", "multi", "none", "one", "oneOrNone", "query", "result")
_BUILDER = (
    "addOrderBy",
    "addSelect",
    "andHaving",
    "andWhere",
    "groupBy",
    "having",
    "orHaving",
    "orWhere",
    "orderBy",
    "where",
)
_CALLS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("mariadb", "mysql", "mysql2", "mysql2/promise", "promise-mysql", "serverless-mysql"), _MYSQL),
    **dict.fromkeys(("sqlite", "sqlite3"), _SQLITE),
    "better-sqlite3": frozenset(("exec", "prepare")),
    "@prisma/client": frozenset(("$executeRawUnsafe", "$queryRawUnsafe", "raw")),
    "cassandra-driver": frozenset(("execute",)),
    "drizzle-orm": frozenset(("raw",)),
    "knex": frozenset(("fromRaw", "groupByRaw", "havingRaw", "joinRaw", "orderByRaw", "raw", "whereRaw")),
    "mssql": frozenset(("batch", "query")),
    "objection": frozenset(("raw", "whereRaw")),
    "oracledb": frozenset(("execute",)),
    "pg": frozenset(("query",)),
    "pg-promise": frozenset(_PG_PROMISE),
    "postgres": frozenset(("unsafe",)),
    "sequelize": frozenset(("literal", "query")),
    "sequelize-typescript": frozenset(("literal", "query")),
    "tedious": frozenset(("Request",)),
    "typeorm": frozenset(("query", *_BUILDER)),
}
"""Calls by package whose first argument is SQL, or an object that holds it."""

_ANYWHERE = frozenset(
    ("all", "any", "each", "exec", "execute", "get", "none", "one", "oneOrNone", "query", "raw", "run")
)
"""Calls that, whatever they are called on, are taken for queries when their first argument reads like one."""
_STATEMENT = re.compile(
    r"^[\s(]*(?:select\b.+\bfrom\b|insert\s+(?:ignore\s+)?into\b|update\b.+\bset\b|delete\s+from\b|replace\s+into\b"
    r"|with\s+\w+\s+as\b|call\s+\w|(?:alter|create|drop|truncate)\s+(?:table|database|view|index|user)\b)",
    re.IGNORECASE | re.DOTALL,
)
_OPERAND = re.compile(r"[A-Za-z_][\w.]*\s*(?:[=<>]|like\b|in\b)", re.IGNORECASE)

NAMES = frozenset(name for names in _CALLS.values() for name in names) | _ANYWHERE


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in the text of a statement, and what is handed over beside it."""
    statement = _statement_of(call)
    is_known = call.name in _CALLS.get(call.package, ()) and "prepare()" not in call.path
    texts = list(spellings(statement))
    if not is_known:
        texts = [pieces for pieces in texts if _STATEMENT.match(written(pieces))]
        if call.name not in _ANYWHERE or not texts:
            return
    elif call.package == "typeorm" and call.name in _BUILDER:
        texts = [pieces for pieces in texts if _is_condition(pieces)]
    for pieces in texts:
        for piece in pieces:
            yield from _in_text(piece)
    if texts:
        for value in _values_of(call):
            yield from (Reach("sql", "nothing", data) for data in data_in(value))


def _statement_of(call: Call) -> Value | None:
    """The SQL of a call: its first argument, or what that holds as ``sql``, ``text`` or ``query``."""
    first = call.argument(1 if call.package == "cassandra-driver" and len(call.arguments) > 2 else 0)  # noqa: PLR2004
    for name in ("sql", "text", "query"):
        inner = field(first, name)
        if inner is not None:
            return inner
    return first


def _values_of(call: Call) -> Iterator[Value]:
    """What is handed over beside the SQL."""
    yield from call.arguments[1:]
    for name in ("values", "params", "replacements", "bind"):
        inner = field(call.argument(0), name)
        if inner is not None:
            yield inner


def _in_text(piece: Piece) -> Iterator[Reach]:
    if isinstance(piece, str):
        return
    found = list(data_in(piece))
    yield from (Reach("sql", "names" if isinstance(data, FieldName) else "text", data) for data in found)
    doubt = doubt_of(piece)
    if doubt and not found:
        yield Reach("sql", "text", None, doubt)


def _is_condition(pieces: tuple[Piece, ...]) -> bool:
    """Whether the first argument of a query builder's method is put together, rather than a column's name."""
    return len(pieces) > 1 or isinstance(pieces[0], Data) or bool(_OPERAND.match(written(pieces)))
