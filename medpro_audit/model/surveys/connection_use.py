"""Connections that are taken from a pool, and transactions that are begun."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact
from medpro_audit.model.database.guards import functions_of
from medpro_audit.model.database.uses import Ended, callback_of, holder_of, is_outer, released, rolled_back
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import ModuleRole, packages_of
from medpro_audit.model.performance.routines import name_of_callee
from medpro_audit.model.performance.walking import visits
from medpro_audit.model.subjects.connection_use import ConnectionUse

SNIPPET_LENGTH = 160

_LENDING = {
    "acquireConnection": frozenset(("knex", "mysql", "mysql2")),
    "connect": frozenset(("pg", "pg-pool", "@neondatabase/serverless", "@vercel/postgres")),
    "getConnection": frozenset(("mysql", "mysql2", "mariadb", "promise-mysql", "oracledb")),
}
"""Drivers whose pools lend connections by a method of this name."""


def survey(known: Known) -> Iterable[ConnectionUse]:
    """Those in files that use a driver, or a module that connects, in the order of files and lines."""
    found = [use for path in sorted(known.base.facts) if _may_use(known, path) for use in _in_file(known, path)]
    return sorted(found, key=lambda use: (use.file, use.line, use.kind))


def _may_use(known: Known, path: str) -> bool:
    """Whether a file can have a connection at hand: it loads a driver, or something of a back end that connects."""
    calls = known.base.facts[path].calls
    if "checkout" not in calls and "transaction" not in calls:
        return False
    connected = {site.backend for site in known.base.connections}
    is_driven = bool(packages_of(known.base.facts[path]) & drivers().keys())
    return is_driven or known.base.backend_of(path) in connected


def _in_file(known: Known, path: str) -> Iterator[ConnectionUse]:
    facts, code = known.base.facts[path], known.base.interpreter.code
    functions = list(functions_of(code.module(path)))
    for kind in ("checkout", "transaction"):
        for fact in facts.calls.get(kind, ()):
            function = _around(functions, fact)
            if function is None or not _is_meant(known, path, kind, fact):
                continue
            body = _own_body(code.body(path, function.start, function.end), fact)
            name, ended = _ended(kind, body, fact)
            if ended is None:
                continue
            naming = _naming(known, path, function) if ended.holds is False else [path]
            if not naming:
                ended = Ended(None)
            yield ConnectionUse(
                file=path,
                line=facts.line_of(fact.call.at),
                backend=known.base.backend_of(path),
                kind="checkout" if kind == "checkout" else "transaction",
                role=_role(known, path, naming),
                name=name,
                is_ended=ended.holds,
                problem=ended.problem,
                snippet=" ".join(code.snippet(path, fact.call.at, fact.call.end).split())[:SNIPPET_LENGTH],
                trail=_trail(path, facts.line_of(ended.ended_at)) if ended.ended_at is not None else (),
            )


def _naming(known: Known, path: str, function: ir.Function) -> list[str]:
    """The modules that name a function: its own where that calls it. One without a name is used where it stands."""
    if not function.name:
        return [path]
    code, named = known.base.interpreter.code, re.compile(rf"(?<![\w$]){re.escape(function.name)}(?![\w$])")
    others = (each for each in known.base.facts.items() if each[0] != path)
    found = [other for other, facts in others if named.search(code.snippet(other, 0, facts.size))]
    return [path, *found] if _calls(code, path, function.name) else found


def _calls(code: Code, path: str, name: str) -> bool:
    """Whether a module calls a function of this name."""
    every = visits(code.module(path), lambda inner: code.body(path, inner.start, inner.end))
    return any(isinstance(each.node, ir.Call) and name_of_callee(each.node.callee) == name for each in every)


def _role(known: Known, path: str, naming: Sequence[str]) -> ModuleRole:
    """What the module is; ``script`` where of those that import it, only scripts name the function."""
    importers = {source for source, target, kind in known.base.graph.edges if target == path and kind == "import"}
    users = {known.base.roles.get(each, "server") for each in naming if each == path or each in importers}
    return "script" if users == {"script"} else known.base.roles.get(path, "server")


def _is_meant(known: Known, path: str, kind: str, fact: CallFact) -> bool:
    """Whether the back end has a driver that lends connections by a method of that name."""
    callee = fact.call.callee
    if kind == "transaction" or not isinstance(callee, ir.Member):
        return kind == "transaction"
    if callee.name == "connect" and not text_of(callee.object).lower().endswith(("pool", "db")):
        return False  # a client is opened, not lent
    lending = _LENDING.get(callee.name)
    backend = known.base.backend_of(path)
    own = {site.driver for site in known.base.connections if site.backend == backend}
    return lending is not None and not lending.isdisjoint(own)


def _trail(path: str, line: int) -> tuple[Step, ...]:
    return (Step(path, line, "is given back here, if nothing failed before"),)


def _around(functions: Sequence[ir.Function], fact: CallFact) -> ir.Function | None:
    """The outermost function around a call that the module itself declares."""
    return next((function for function in functions if function.start in fact.enclosing), None)


def _own_body(body: tuple[ir.Statement, ...], fact: CallFact) -> tuple[ir.Statement, ...]:
    """The body of the innermost function around a call."""
    for start in fact.enclosing:
        for node in ir.walk(body):
            if isinstance(node, ir.Function) and node.start == start and node.body is not None:
                return node.body
    return body


def _ended(kind: str, body: tuple[ir.Statement, ...], fact: CallFact) -> tuple[str, Ended | None]:
    held = holder_of(body, fact.call.at)
    if kind == "transaction":
        return held or "", rolled_back(body, held or "")
    if held is not None:
        return held, Ended(None) if is_outer(body, held) else released(body, held)
    name, callback = callback_of(body, fact.call.at) or ("", None)
    if callback is None or callback.body is None:
        return "", None
    return name, released(callback.body, name, has_callback=True)
