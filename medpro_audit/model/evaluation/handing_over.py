"""What leaves the program: functions among it are called back, data of the request is used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.branching import maybe
from medpro_audit.model.evaluation.contracts import RequestMode
from medpro_audit.model.evaluation.control import Completion
from medpro_audit.model.evaluation.values import (
    FROM_OUTSIDE,
    ArrayValue,
    Choice,
    FunctionValue,
    Item,
    JoinedPath,
    Native,
    ObjectValue,
    Site,
    Text,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

MAX_CALLBACKS = 24
"""An object with more functions than this is no set of callbacks but a service: whoever is given it calls some."""
_DEEPEST_HANDED = 2
"""Lists and objects in each other that leave the program with what is in them."""


def hand_over(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> None:
    """Arguments leave the program: functions among them will be called back, request data is used."""
    for item in arguments:
        _hand_over(interpreter, item.value, site, 0)


def _hand_over(interpreter: Interpreter, value: Value, site: Site, depth: int) -> None:
    match value:
        case FunctionValue():
            _call_back(interpreter, value, site)
        case Native():
            value.use(interpreter, site)
        case Text(parts=parts) | JoinedPath(parts=parts):
            for part in parts:
                if isinstance(part, Value):
                    interpreter.use(part, site)
        case _:
            for inner in _held(interpreter, value, depth):
                _hand_over(interpreter, inner, site, depth + 1)


def put_away(interpreter: Interpreter, value: Value, site: Site, depth: int = 0) -> None:
    """A value is put into something that isn't followed: request data in it is used."""
    match value:
        case Native():
            value.use(interpreter, site)
        case Text(parts=parts) | JoinedPath(parts=parts):
            for part in parts:
                if isinstance(part, Value):
                    interpreter.use(part, site)
        case ObjectValue() | ArrayValue() | Choice():
            for inner in _held(interpreter, value, depth):
                put_away(interpreter, inner, site, depth + 1)


def _held(interpreter: Interpreter, value: Value, depth: int) -> Sequence[Value]:
    """The values in one that leaves the program, as deep as lists of callbacks go."""
    match value:
        case ArrayValue(items=items) if depth < _DEEPEST_HANDED:
            return [item.value for item in items]
        case ObjectValue(properties=properties) if depth < _DEEPEST_HANDED and interpreter.request is not None:
            return [*_called_of([*properties.values()], interpreter.request), *value.unknown]
        case Choice(options=options):
            return [option for option, _ in options]
    return ()


def _called_of(values: Sequence[Value], request: RequestMode) -> Sequence[Value]:
    """Of what an object holds that leaves the program, what is called back; of a service, nothing.

    To follow all functions of one would leave nothing of the budget for the request.
    """
    if len(values) <= MAX_CALLBACKS:
        return values
    functions = [value for value in values if isinstance(value, FunctionValue)]
    if len(functions) <= MAX_CALLBACKS or request.may_be_answered_by(functions):
        return values
    return [value for value in values if not isinstance(value, FunctionValue)]


def _call_back(interpreter: Interpreter, function: FunctionValue, site: Site) -> None:
    if interpreter.request is None:
        interpreter.leads += function.key not in interpreter.called
        interpreter.callbacks.append((function, site))
    elif interpreter.request.is_tainted(function) and not _is_futile(interpreter, function):
        maybe(interpreter, "", lambda: _run_callback(interpreter, function, site))


def _is_futile(interpreter: Interpreter, function: FunctionValue) -> bool:
    """Whether nothing comes of calling a function for the request with arguments that nobody knows.

    So it is where the call isn't followed; what an asynchronous function returns is kept for those who wait for it.
    """
    if function.bound or function.node.is_async:
        return False
    if interpreter.is_too_deep(function, ()):
        return True
    return not interpreter.is_worth_serving(function) and not interpreter.may_serve(function)


def _run_callback(interpreter: Interpreter, function: FunctionValue, site: Site) -> Completion:
    call_from_outside(interpreter, function, site)
    return Completion.NORMAL


def call_from_outside(
    interpreter: Interpreter, function: FunctionValue, site: Site, this: Value | None = None
) -> Value:
    """Call a function as code that isn't part of the program would: nothing is known of its arguments."""
    unknown = Unknown(FROM_OUTSIDE, function.place)
    return interpreter.call_function(function, tuple(Item(unknown) for _ in function.node.parameters), site, this)
