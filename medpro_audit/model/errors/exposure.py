"""What of an error an answer gives away: read from the expression that is sent, within its function."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import Spot, inside
from medpro_audit.model.evaluation.values import FunctionValue

Exposure = Literal["nothing", "message", "error", "stack", "unknown"]
ERROR_NAME = re.compile(r"^_*(e|er|ex|err|error|exception|reason)$", re.IGNORECASE)
_ENVIRONMENT = re.compile(r"env|dev|prod|debug|local|test|stack|verbose|expose", re.IGNORECASE)
_MESSAGES = frozenset(("message", "sqlMessage", "sql", "detail"))
_RANK: tuple[Exposure, ...] = ("nothing", "unknown", "message", "error", "stack")
_TEXTS = frozenset(("String", "toString"))
_WHOLE = frozenset(("JSON.stringify", "util.inspect", "inspect"))
_MAX_ROUNDS = 2


class Failing(NamedTuple):
    """The surroundings of an answer."""

    names: frozenset[str]
    """Names of the errors that are caught around it."""
    is_branch: bool
    """It stands where something has failed."""


def failing(function: FunctionValue, spot: Spot, *, is_error_handler: bool) -> Failing:
    """Whether an answer stands where something has failed, within its own function."""
    names: set[str] = set()
    is_branch = is_error_handler
    first = function.node.parameters[0].target if function.node.parameters else None
    own = first.id if isinstance(first, ir.Name) else ""
    is_error_first = is_error_handler or ERROR_NAME.match(own) is not None or _is_catch_callback(function)
    if is_error_first and own:
        names.add(own)
        is_branch |= _is_catch_callback(function)
    for inner in spot.outward:
        around = inner.around.node if inner.around is not None else None
        if isinstance(around, ir.Try) and inner.field == "handler":
            is_branch = True
            names |= {around.parameter.id} if isinstance(around.parameter, ir.Name) else set()
        elif isinstance(around, ir.If) and inner.field == "then" and _asks_for(around.test, names):
            is_branch = True
    return Failing(frozenset(names), is_branch)


def _is_catch_callback(function: FunctionValue) -> bool:
    return any(clause.at == function.node.start for clause in function.module.facts.catches)


def _asks_for(test: ir.Expression, names: Iterable[str]) -> bool:
    """``if (err)``, ``if (err || …)``."""
    match test:
        case ir.Name(id=name):
            return name in names
        case ir.Binary(operator="||" | "&&", left=left):
            return _asks_for(left, names)
    return False


def exposure(everything: Sequence[Spot], spot: Spot, caught: frozenset[str]) -> Exposure:
    """The worst that an answer gives away of the errors caught around it."""
    call = spot.node
    if not caught or not isinstance(call, ir.Call) or not call.arguments:
        return "nothing"
    kinds = [_exposed(each, caught) for each in _sent(everything, call.arguments)]
    found: Exposure = max(kinds, key=_RANK.index, default="nothing")
    return "unknown" if found == "stack" and any(_removes_stack(each.node) for each in everything) else found


def _removes_stack(node: ir.Node) -> bool:
    """``delete response.stack``, of which it isn't known when."""
    return isinstance(node, ir.Unary) and node.operator == "delete" and getattr(node.operand, "name", "") == "stack"


def _sent(everything: Sequence[Spot], arguments: Sequence[ir.Expression]) -> Iterator[Spot]:
    """Every node of what is sent, and of the variables of the function that it is put together from."""
    waiting = [spot for spot in everything if any(spot.node is argument for argument in arguments)]
    seen: set[str] = set()
    for _ in range(_MAX_ROUNDS + 1):
        inner = [below for spot in waiting for below in _below(spot)]
        yield from inner
        names = {spot.node.id for spot in inner if isinstance(spot.node, ir.Name)} - seen
        seen |= names
        waiting = [made for spot in everything for made in _made(spot, names)]


def _below(spot: Spot) -> Iterator[Spot]:
    """A node and all within it, each still knowing what is around."""
    stack = [spot]
    while stack:
        current = stack.pop()
        yield current
        stack += inside(current)


def _made(spot: Spot, names: set[str]) -> Iterator[Spot]:
    """What one of these variables, or a property of one, is given."""
    match spot.node:
        case ir.Declare(target=ir.Name(id=name), value=value) if value is not None and name in names:
            yield Spot(value, "value", spot)
        case ir.Assign(target=ir.Name(id=name) | ir.Member(object=ir.Name(id=name)), value=value) if name in names:
            yield Spot(value, "value", spot)


def _exposed(spot: Spot, caught: frozenset[str]) -> Exposure:
    match spot.node:
        case ir.Member(object=ir.Name(id=owner), name="stack") if owner in caught:
            return "unknown" if _is_for_developers(spot) else "stack"
        case ir.Member(object=ir.Name(id=owner), name=name) if owner in caught and name in _MESSAGES:
            return "unknown" if _is_for_developers(spot) or _is_told_apart(spot, caught) else "message"
        case ir.Name(id=name) if name in caught:
            kind = _whole(spot)
            return (
                "unknown" if kind != "nothing" and (_is_for_developers(spot) or _is_told_apart(spot, caught)) else kind
            )
    return "nothing"


def _whole(spot: Spot) -> Exposure:
    """What is given away where an error itself stands."""
    around = spot.around.node if spot.around is not None else None
    match around:
        case ir.Property(kind="value" | "spread"):
            return "error"
        case ir.Template() | ir.Binary(operator="+"):
            return "message"
        case ir.Call(callee=ir.Name(id=name)) if spot.field == "arguments":
            return "message" if name in _TEXTS else "unknown"
        case ir.Call(callee=ir.Member(object=ir.Name(id=owner), name=name)) if spot.field == "arguments":
            return "error" if f"{owner}.{name}" in _WHOLE or name in {"json", "send"} else "unknown"
        case ir.Call(callee=ir.Member(name="json" | "send" | "jsonp")) if spot.field == "arguments":
            return "error"
        case ir.Call():
            return "unknown"
    return "nothing"


def _is_for_developers(spot: Spot) -> bool:
    """Whether something decides by the environment whether it is sent."""
    return any(_ENVIRONMENT.search(word) for test in _tests(spot) for word in _words(test))


def _is_told_apart(spot: Spot, caught: frozenset[str]) -> bool:
    """Whether something about the error decides: ``err instanceof ApplicationError``, ``err.isOperational``."""
    for test in _tests(spot):
        for node in ir.walk(test):
            match node:
                case ir.Member(object=ir.Name(id=owner), name=name) if owner in caught and name not in _MESSAGES:
                    return True
                case ir.Binary(operator="instanceof"):
                    return True
                case ir.Call(arguments=arguments) if any(isinstance(a, ir.Name) and a.id in caught for a in arguments):
                    return True
    return False


def _tests(spot: Spot) -> Iterator[ir.Expression]:
    for inner in spot.outward:
        around = inner.around.node if inner.around is not None else None
        match around:
            case ir.If(test=test) if inner.field != "test":
                yield test
            case ir.Conditional(test=test) if inner.field != "test":
                yield test
            case ir.Binary(operator="&&" | "||" | "??", left=left) if inner.field == "right":
                yield left
            case ir.Switch(value=value) if inner.field != "value":
                yield value


def _words(test: ir.Expression) -> Iterator[str]:
    for node in ir.walk(test):
        match node:
            case ir.Name(id=word) | ir.Member(name=word) | ir.Literal(value=str() as word):
                yield word
