"""Where the methods of a project's own logger end: at the console, in a file, at a logging package."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import External, FunctionKey, FunctionValue, Site, Unknown, Value, options_of
from medpro_audit.model.logs.definitions import Definitions
from medpro_audit.model.logs.packages import logging_package

MAX_DEPTH = 3
"""Functions that call one another further than this are not followed."""

_FILES = frozenset(("appendFile", "appendFileSync", "createWriteStream", "write", "writeFile", "writeFileSync"))


class Outlet(NamedTuple):
    """A call that writes what was logged."""

    value: External
    """What is called."""
    path: str
    at: int
    """Where."""


class Outlets:
    """Follows functions of the project to what they write with."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._kept: dict[FunctionKey, tuple[Outlet, ...]] = {}

    def of(self, function: FunctionValue) -> tuple[Outlet, ...]:
        """The calls by which a function writes, its own ones first."""
        if function.key not in self._kept:
            self._kept[function.key] = tuple(self._below(function, 0))
        return self._kept[function.key]

    def _below(self, function: FunctionValue, depth: int) -> Iterator[Outlet]:
        inner: list[FunctionValue] = []
        for call in self._calls(function):
            for value, _ in options_of(self._callee(function, call)):
                if isinstance(value, External) and _writes(value):
                    yield Outlet(value, function.module.path, call.at)
                elif isinstance(value, FunctionValue) and value.key != function.key:
                    inner.append(value)
                    yield from self._handed(function, call)
        if depth < MAX_DEPTH:
            for called in dict.fromkeys(inner):
                yield from self._below(called, depth + 1)

    def _handed(self, function: FunctionValue, call: ir.Call) -> Iterator[Outlet]:
        """What a function writes with that it hands to another one: ``this.print(console.warn, text)``."""
        for argument in call.arguments:
            value = self._value(function, argument) if isinstance(argument, ir.Member) else None
            if isinstance(value, External) and _writes(value):
                yield Outlet(value, function.module.path, call.at)

    def _calls(self, function: FunctionValue) -> Iterator[ir.Call]:
        body = self._definitions.body(function)
        yield from (node for node in ir.walk(body) if isinstance(node, ir.Call))

    def _callee(self, function: FunctionValue, call: ir.Call) -> Value:
        match call.callee:
            case ir.Member(object=owner, name=name):
                receiver = self._value(function, owner)
                return self._definitions.member(receiver, name, function.module)
            case ir.Index(object=owner):  # console[level](…)
                return self._value(function, owner)
            case callee:
                return self._value(function, callee)

    def _value(self, function: FunctionValue, node: ir.Expression) -> Value:
        """What a name or member chain inside the function stands for; its own variables are not followed."""
        match node:
            case ir.Name(id=name):
                return self._name(function, name, Site(function.module, node.at))
            case ir.This():
                return function.this or Unknown("this")
            case ir.Member(object=owner, name=name):
                return self._definitions.member(self._value(function, owner), name, function.module)
        return Unknown("it is made where it is used")

    def _name(self, function: FunctionValue, name: str, site: Site) -> Value:
        scope = function.scope.find(name)
        if scope is not None:
            return self._definitions.forced(scope.names[name])
        if name in {"console", "process"}:
            return External(name)
        return Unknown("a name of its own", site.place)


def _writes(value: External) -> bool:
    match value.package:
        case "console":
            return True
        case "process":
            return value.name.startswith(("stdout", "stderr"))
        case "fs":
            return value.name.rpartition(".")[2] in _FILES
    return logging_package(value.package, value.name) is not None
