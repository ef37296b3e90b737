"""Whether other modules can get at what a connection site makes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from medpro_audit.facts import ir
from medpro_audit.model.database.collector import Observation
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    ClassValue,
    Deferred,
    External,
    FunctionValue,
    ObjectValue,
    Site,
    Unknown,
    Value,
    options_of,
)

_STEPS = 20_000
_DEPTH = 3


def is_shared(interpreter: Interpreter, seen: Observation) -> bool:
    """Whether the module exports what it opens, or a function that can reach it, or hands it on to other code.

    What a driver hands to a callback can't be followed, and passes for shared.
    """
    if seen.opening.is_global or seen.has_callback:
        return True
    module = interpreter.module(seen.path)
    if module is None:
        return False
    return any(_gives_away(interpreter, value, seen, _DEPTH) for value in _exports(interpreter, module)) or (
        _is_handed_on(interpreter, seen)
    )


def _exports(interpreter: Interpreter, module: Module) -> list[Value]:
    site = Site(module, 0)
    interpreter.budget = _STEPS
    values: list[Value] = []
    with suppress(Thrown, Exhausted):
        names = ("default", *interpreter.export_names(module))
        values.extend(interpreter.export_of(module, name, site) for name in names)
    interpreter.settle()
    return values


def _gives_away(interpreter: Interpreter, value: Value, seen: Observation, depth: int) -> bool:
    if depth == 0:
        return False
    match value:
        case External():
            return any((call.site.module.path, call.site.at) == seen.key for call in value.calls())
        case FunctionValue():
            # A function of the module can use the pool for its callers; a handler only uses it for its requests.
            return value.module.path == seen.path and value.key not in interpreter.handlers
        case ClassValue():
            return value.module.path == seen.path
        case ObjectValue(properties=properties, prototype=prototype):
            inner = [*properties.values(), *([prototype] if prototype is not None else [])]
        case ArrayValue(items=items):
            inner = [item.value for item in items]
        case Choice():
            inner = [option for option, _ in options_of(value)]
        case Deferred():
            inner = [value.force()]
        case Unknown():
            return True
        case _:
            return False
    return any(_gives_away(interpreter, each, seen, depth - 1) for each in inner)


def _is_handed_on(interpreter: Interpreter, seen: Observation) -> bool:
    """Whether the variable that holds the connection is an argument, a property or a part of a list somewhere."""
    nodes = list(_all_nodes(interpreter, seen.path))
    names = {
        target.id
        for node in nodes
        for target, value in _bindings(node)
        if isinstance(target, ir.Name) and _holds(value, seen.at)
    }
    return any(name in names for node in nodes for name in _handed(node))


def _all_nodes(interpreter: Interpreter, path: str) -> Iterator[ir.Node]:
    """Every node of a file, functions included."""
    for node in ir.walk(interpreter.code.module(path)):
        yield node
        if isinstance(node, ir.Function) and node.body is None:
            yield from ir.walk(interpreter.code.body(path, node.start, node.end))


def _bindings(node: ir.Node) -> Iterator[tuple[ir.Pattern, ir.Expression]]:
    match node:
        case ir.Declare(target=target, value=value) if value is not None:
            yield target, value
        case ir.Assign(target=target, value=value):
            yield target, value


def _holds(value: ir.Expression, at: int) -> bool:
    return any(isinstance(node, ir.Call | ir.New) and node.at == at for node in ir.walk(value))


def _handed(node: ir.Node) -> Iterator[str]:
    """Names of variables that a node hands to other code, or keeps where other code finds them."""
    given: list[object] = []
    match node:
        case ir.Call(arguments=arguments) | ir.New(arguments=arguments):
            given.extend(arguments)
        case ir.Assign(target=ir.Member() | ir.Index(), value=value):
            given.append(value)
        case ir.Property(value=value):
            given.append(value)
        case ir.Array(items=items):
            given.extend(items)
    yield from (each.id for each in given if isinstance(each, ir.Name))
