"""Where the database is asked: calls of drivers seen while requests were followed, and calls that are given SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.extract.interests.structure import QUERY
from medpro_audit.facts import ir
from medpro_audit.model.database.collector import member_path, opening_of
from medpro_audit.model.drivers import drivers, is_cache
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import CallRecord, External, Site
from medpro_audit.model.known import Base
from medpro_audit.model.sql.methods import QUERIES

MAX_PER_FILE = 500
"""Further calls of one file are left out."""

_SQL = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*\(?\s*(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|WITH|CALL|CREATE|ALTER|DROP|TRUNCATE|SHOW"
    r"|SET|BEGIN|START\s+TRANSACTION|COMMIT|ROLLBACK|EXPLAIN|LOCK|MERGE|USE)\b",
    re.IGNORECASE,
)


class Query(NamedTuple):
    """One call."""

    path: str
    at: int
    call: str
    """As written where it is given SQL, ``pool.query``; else package and method, ``mongoose findOne``."""
    package: str | None


def queries_of(base: Base) -> Iterator[Query]:
    """All calls that are known, by place; those in code that nothing reaches only where they are given SQL."""
    found: dict[tuple[str, int], Query] = {}
    for path, facts in base.facts.items():
        for fact in facts.calls.get(QUERY, ())[:MAX_PER_FILE]:
            if isinstance(fact.call, ir.Call) and _is_given_sql(fact.call):
                found[path, fact.call.at] = Query(path, fact.call.at, name_of(fact.call.callee), None)
    for site, callee in _followed(base):
        path = site.module.path
        if path in base.facts:
            call = f"{callee.package} {callee.name.rpartition('.')[2]}"
            known = found.get((path, site.at))
            found[path, site.at] = Query(path, site.at, known.call if known else call, callee.package)
    yield from (found[key] for key in sorted(found))


def _followed(base: Base) -> Iterator[tuple[Site, External]]:
    seen: set[int] = set()
    for row in base.rows:
        for link in base.endpoint_builder.passage(row).ledger.links:
            if id(link.summary) in seen:
                continue
            seen.add(id(link.summary))
            for call in link.summary.calls:
                if isinstance(call.callee, External) and _asks(call):
                    yield call.site, call.callee


def _asks(call: CallRecord) -> bool:
    """Whether a call that leaves the program is the first of its chain that asks a database."""
    callee = call.callee
    if not isinstance(callee, External) or callee.package not in drivers() or is_cache(callee.package):
        return False
    if opening_of(callee) is not None:
        return False
    _, path = member_path(callee)
    *before, last = path.replace("()", "").split(".")
    if not before:
        return path == "()()"  # the tables of knex: ``knex('patients')``
    return last in QUERIES and QUERIES.isdisjoint(before) and "Types" not in before


def _is_given_sql(call: ir.Call) -> bool:
    first = call.arguments[0] if call.arguments else None
    if isinstance(first, ir.Object):
        named = {entry.key: entry.value for entry in first.properties}
        first = named.get("sql") or named.get("text")
    while isinstance(first, ir.Binary):
        first = first.left
    match first:
        case ir.Literal(value=str() as text) | ir.Template(parts=(str() as text, *_)):
            return _SQL.match(text) is not None
    return False
