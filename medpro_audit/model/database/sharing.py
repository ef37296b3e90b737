"""Whether other modules can get at what a connection site makes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress

from medpro_audit.facts import ir
from medpro_audit.model.database.collector import Observation
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.imports import export_names, export_of
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


class Sharing:
    """Answers for each site; looks at each module once."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._exports: dict[str, list[Value]] = {}
        self._handed: dict[str, frozenset[int]] = {}

    def is_shared(self, seen: Observation) -> bool:
        """Whether the module exports what it opens, or a function that can reach it, or hands it on to other code.

        What a driver hands to a callback can't be followed, and passes for shared.
        """
        if seen.opening.is_global or seen.has_callback:
            return True
        module, path = seen.site.module, seen.path
        if path not in self._exports:
            self._exports[path] = self._exports_of(module)
            self._handed[path] = frozenset(self._handed_on(path))
        return seen.at in self._handed[path] or any(
            self._gives_away(value, seen, _DEPTH) for value in self._exports[path]
        )

    def _exports_of(self, module: Module) -> list[Value]:
        interpreter, site = self._interpreter, Site(module, 0)
        interpreter.budget = _STEPS
        values: list[Value] = []
        with suppress(Thrown, Exhausted):
            names = ("default", *export_names(interpreter, module))
            values.extend(export_of(interpreter, module, name, site) for name in names)
        interpreter.settle()
        return values

    def _gives_away(self, value: Value, seen: Observation, depth: int) -> bool:
        inner: list[Value] = []
        match value:
            case External():
                return any((call.site.module.path, call.site.at) == seen.key for call in value.calls())
            case FunctionValue():
                # A function of the module can use the pool for its callers; a handler only uses it for its requests.
                return value.module.path == seen.path and value.key not in self._interpreter.handlers
            case ClassValue():
                return value.module.path == seen.path
            case Unknown():
                return True
            case ObjectValue(properties=properties, prototype=prototype):
                inner = [*properties.values(), *([prototype] if prototype is not None else [])]
            case ArrayValue(items=items):
                inner = [item.value for item in items]
            case Choice():
                inner = [option for option, _ in options_of(value)]
            case Deferred():
                inner = [value.force()]
        return depth > 0 and any(self._gives_away(each, seen, depth - 1) for each in inner)

    def _handed_on(self, path: str) -> Iterator[int]:
        """Calls whose result is in a variable that is an argument, a property or a part of a list somewhere."""
        holders: defaultdict[str, set[int]] = defaultdict(set)
        handed: set[str] = set()
        for node in self._nodes(path):
            handed.update(_handed(node))
            for target, value in _bindings(node):
                if isinstance(target, ir.Name):
                    holders[target.id].update(each.at for each in ir.walk(value) if isinstance(each, ir.Call | ir.New))
        for name in handed:
            yield from holders[name]

    def _nodes(self, path: str) -> Iterator[ir.Node]:
        """Every node of a file, functions included."""
        code = self._interpreter.code
        for node in ir.walk(code.module(path)):
            yield node
            if isinstance(node, ir.Function) and node.body is None:
                yield from ir.walk(code.body(path, node.start, node.end))


def _bindings(node: ir.Node) -> Iterator[tuple[ir.Pattern, ir.Expression]]:
    match node:
        case ir.Declare(target=target, value=value) if value is not None and not isinstance(value, ir.Function):
            yield target, value
        case ir.Assign(target=target, value=value) if not isinstance(value, ir.Function):
            yield target, value


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
