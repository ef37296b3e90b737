"""Whether a handler leaves the work to another module, or queries the database itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from medpro_audit.facts import ir
from medpro_audit.model.drivers import drivers
from medpro_audit.model.errors.bodies import Spot, spots_of
from medpro_audit.model.errors.reach import callee_of, value_of
from medpro_audit.model.evaluation.values import CallRecord, ClassValue, External, FunctionValue, Unknown
from medpro_audit.model.known import Base
from medpro_audit.model.request.records import Summary
from medpro_audit.model.sql.methods import NAMED

_SQL = re.compile(
    r"^\s*(select\b.+\bfrom|insert\s+into|update\b.+\bset|delete\s+from|call\s+\w+)\b", re.IGNORECASE | re.DOTALL
)
_ANSWERING = frozenset(("res", "response", "next", "req", "request", "ctx", "c"))

State = Literal["present", "missing", "not-needed", "unknown"]


class Services:
    """Looks into handlers."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def state(self, handler: FunctionValue, summary: Summary) -> State:
        """``missing`` where it queries itself; ``present`` where it waits for what another module does."""
        found = spots_of(self._base.interpreter.code, handler)
        if any(_is_query(handler, record) for record in summary.calls):
            return "missing"
        if any(self._queries(handler, spot.node) for spot in found):
            return "missing"
        states = set(self._waits(handler, found))
        for state in ("present", "unknown"):
            if state in states:
                return state
        return "not-needed"

    def _queries(self, handler: FunctionValue, node: ir.Node) -> bool:
        match node:
            case ir.Literal(value=str() as text):
                return _SQL.match(text) is not None
            case ir.Template(parts=parts):
                return _SQL.match("".join(part if isinstance(part, str) else "?" for part in parts)) is not None
            case ir.Call(callee=ir.Member(object=inner)):
                owner = value_of(self._base.interpreter, handler, inner)
                base = owner.base if isinstance(owner, ClassValue) else None
                return isinstance(base, External) and base.package in drivers()
        return False

    def _waits(self, handler: FunctionValue, found: Sequence[Spot]) -> Iterator[State]:
        """What the calls are that it waits for."""
        for spot in found:
            call = spot.node
            if not isinstance(call, ir.Call) or _root(call) in _ANSWERING:
                continue
            callee = callee_of(self._base.interpreter, handler, call)
            if isinstance(callee, FunctionValue) and callee.module is not handler.module:
                if _is_awaited(spot) or callee.node.is_async or _has_callback(call):
                    yield "present"
            elif isinstance(callee, Unknown) and _is_awaited(spot):
                yield "unknown"


def _is_query(handler: FunctionValue, record: CallRecord) -> bool:
    """Whether a call within the handler asks the database; what is done with its answer there is no query."""
    path, at, callee = record.site.module.path, record.site.at, record.callee
    is_inside = path == handler.module.path and handler.node.start <= at < handler.node.end
    if not is_inside or not isinstance(callee, External) or callee.package not in drivers():
        return False
    method = callee.name.rpartition(".")[2]
    first = record.arguments[0].value if record.arguments else None
    if method == "find" and isinstance(first, FunctionValue):  # of a list
        return False
    return method in NAMED or (not method and callee.package == "knex")


def _is_awaited(spot: Spot) -> bool:
    around = spot.around.node if spot.around is not None else None
    return isinstance(around, ir.Await | ir.Return) or (
        isinstance(around, ir.Member) and around.name in {"then", "catch"}
    )


def _has_callback(call: ir.Call) -> bool:
    return bool(call.arguments) and isinstance(call.arguments[-1], ir.Function)


def _root(call: ir.Call) -> str:
    node: ir.Expression = call
    while isinstance(node, ir.Call | ir.Member | ir.Index):
        node = node.callee if isinstance(node, ir.Call) else node.object
    return node.id if isinstance(node, ir.Name) else ""
