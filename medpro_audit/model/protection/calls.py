"""Calls that decide how safe a server is, with the values of their arguments."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.control import Exhausted, Fruitless, Thrown
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.text import start_of
from medpro_audit.model.evaluation.values import Item, Unknown, Value
from medpro_audit.model.known import Known

_STEPS = 2_000
_UNKNOWN = Unknown("a value that is only known while the program runs")


class SeenCall(NamedTuple):
    """A call somewhere in server code, evaluated as far as the module's own names go."""

    callee: Value
    arguments: tuple[Item, ...]
    path: str
    line: int
    snippet: str


def calls_of(known: Known, kind: str) -> Iterator[SeenCall]:
    """The calls of one kind in server code, in order."""
    base = known.base
    for path, facts in base.facts.items():
        calls = facts.calls.get(kind, ())
        if not calls or base.roles.get(path) != "server":
            continue
        module = base.interpreter.module(path)
        for fact in calls if module is not None else ():
            assert module is not None
            callee, arguments = _evaluated(base.interpreter, module, fact.call)
            start = start_of(fact.call)
            snippet = base.interpreter.code.snippet(path, start, fact.call.end)
            yield SeenCall(callee, arguments, path, facts.line_of(fact.call.at), " ".join(snippet.split())[:160])


def _evaluated(interpreter: Interpreter, module: Module, call: ir.Call | ir.New) -> tuple[Value, tuple[Item, ...]]:
    budget, interpreter.budget = interpreter.budget, _STEPS
    interpreter.effect()
    mark = interpreter.journal.mark
    try:
        interpreter.start(module)
        callee = _value(interpreter, module, call.callee)
        return callee, tuple(Item(_value(interpreter, module, argument)) for argument in call.arguments)
    finally:
        interpreter.journal.undo(mark, 0)
        interpreter.settle()
        interpreter.budget = budget


def _value(interpreter: Interpreter, module: Module, node: ir.Expression) -> Value:
    """The value of an expression; what functions hold of their own isn't known here."""
    with suppress(Thrown, Exhausted, Fruitless):
        return interpreter.evaluate(node, module.scope)
    return _UNKNOWN
