"""Calls, and the arguments that they are given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.branching import rescue
from medpro_audit.model.evaluation.collections import either
from medpro_audit.model.evaluation.construction import construct, initialise_base
from medpro_audit.model.evaluation.contracts import RequestMode
from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.members import PROMISE_METHODS, items_of, key_of, super_member
from medpro_audit.model.evaluation.operators import both
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
    caught_at,
    join,
    now,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


def _call(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    callee = node.callee
    if isinstance(callee, ir.Super):
        return _super_call(interpreter, node, scope)
    if isinstance(callee, ir.Member):
        if isinstance(callee.object, ir.Super):
            function = super_member(interpreter, callee.name, scope, site)
            return interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site, scope.this)
        if callee.name in PROMISE_METHODS and interpreter.request is not None:
            return _call_of_promise(interpreter, interpreter.request, callee, node, scope)
        receiver = interpreter.evaluate(callee.object, scope)
        return _call_member(interpreter, receiver, callee.name, node, scope)
    if isinstance(callee, ir.Index):
        receiver = interpreter.evaluate(callee.object, scope)
        key = key_of(interpreter, callee.key, scope)
        if key is not None:
            return _call_member(interpreter, receiver, key, node, scope)
    function = interpreter.evaluate(callee, scope)
    return interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site)


_SETTLING = frozenset(("allSettled", "any", "race"))
"""Functions of ``Promise`` that go on where one of their promises has failed."""


def _call_member(interpreter: Interpreter, receiver: Value, name: str, node: ir.Call, scope: Scope) -> Value:
    site, request = Site(scope.module, node.at), interpreter.request
    mark, born, attempts = interpreter.journal.mark, now(), request.attempts if request is not None else 0
    function = interpreter.member(receiver, name, site)
    value = interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site, receiver)
    if name not in _SETTLING or request is None or request.attempts == attempts:
        return value
    return rescue(interpreter, mark, born, value, lambda: Unknown("what has become of a promise", site.place))


def _call_of_promise(
    interpreter: Interpreter, request: RequestMode, callee: ir.Member, node: ir.Call, scope: Scope
) -> Value:
    """``x.catch(f)``, ``x.then(f, g)``, ``x.finally(f)``: where a validation in ``x`` fails, they run all the same."""
    mark, born, attempts = interpreter.journal.mark, now(), request.attempts
    receiver = interpreter.evaluate(callee.object, scope)
    if request.attempts == attempts:
        settled = _call_member(interpreter, receiver, callee.name, node, scope)
        instead = _instead(interpreter, node, scope) if callee.name == "catch" else None
        return settled if instead is None else join([(settled, ""), (instead, "")])
    site = Site(scope.module, node.at)
    arguments = arguments_of(interpreter, node.arguments, scope)
    value = receiver
    if callee.name == "catch":
        request.witness.caught(receiver)
    else:
        value = interpreter.call(interpreter.member(receiver, callee.name, site), arguments, site, receiver)
    place = 1 if callee.name == "then" else 0
    handler = arguments[place].value if len(arguments) > place else UNDEFINED
    if handler is UNDEFINED:
        return value

    def failed() -> Value:
        if callee.name == "finally":
            interpreter.call(handler, (), site)
            raise Thrown
        return interpreter.call(handler, (Item(caught_at(site.place)),), site)

    return rescue(interpreter, mark, born, value, failed)


def _instead(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value | None:
    """What ``.catch(() => ({ id: 0 }))`` yields for what has failed, where that is truthy: it passes for a success."""
    handler = node.arguments[0] if node.arguments else None
    if not isinstance(handler, ir.Function):
        return None
    known = handler.body
    body = known if known is not None else interpreter.code.body(scope.module.path, handler.start, handler.end)
    match body[-1] if body else None:
        case ir.Return(value=ir.Object() | ir.Array()):
            return ObjectValue()
        case ir.Return(value=ir.Literal(value=constant)) if constant:
            return Constant(constant)
    return None


def _super_call(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    arguments = arguments_of(interpreter, node.arguments, scope)
    if scope.home is not None and isinstance(scope.this, ObjectValue):
        initialise_base(interpreter, scope.home, scope.this, arguments, site)
    return UNDEFINED


def _new(interpreter: Interpreter, node: ir.New, scope: Scope) -> Value:
    callee = interpreter.evaluate(node.callee, scope)
    return construct(interpreter, callee, arguments_of(interpreter, node.arguments, scope), Site(scope.module, node.at))


def _tagged(interpreter: Interpreter, node: ir.Tagged, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    tag = interpreter.evaluate(node.tag, scope)
    strings = ArrayValue([Item(Constant(part)) for part in node.template.parts if isinstance(part, str)])
    values = arguments_of(interpreter, [part for part in node.template.parts if not isinstance(part, str)], scope)
    return interpreter.call(tag, (Item(strings), *values), site)


def arguments_of(interpreter: Interpreter, nodes: Sequence[ir.Expression | None], scope: Scope) -> tuple[Item, ...]:
    """Evaluate arguments or array items, spreads taken apart; each keeps the expression it was written as."""
    items: list[Item] = []
    for node in nodes:
        if node is None:
            items.append(Item(UNDEFINED))
        elif isinstance(node, ir.Spread):
            items.extend(_spread(interpreter, node, scope))
        elif type(node) is ir.Binary and node.operator == "&&":
            value, condition = both(interpreter, node, scope)
            items.append(Item(value, node, scope.module, condition))
        else:
            items.append(Item(interpreter.evaluate(node, scope), node, scope.module))
    return tuple(items)


def _spread(interpreter: Interpreter, node: ir.Spread, scope: Scope) -> Sequence[Item]:
    value = interpreter.evaluate(node.value, scope)
    site = Site(scope.module, node.at)
    lists: list[tuple[Sequence[Item], str]] = []
    for option, condition in options_of(value):
        items = items_of(interpreter, option, site)
        if items is None:
            interpreter.use(option, site)
            return [Item(interpreter.element_of(value, site), node.value, scope.module)]
        lists.append((items, condition))
    return either(lists)


CALLS: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Value]] = {
    ir.Call: _call,
    ir.New: _new,
    ir.Tagged: _tagged,
}
