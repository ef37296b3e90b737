"""Whether a connection that a function opens is kept for the next call of it: made on first use, or anew each time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.database.guards import Guards, guards_of
from medpro_audit.model.database.setting import forced
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.frames import Frame
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import Choice, External, FunctionKey, FunctionValue, Site, Unknown, Value

_SETTING_UP = re.compile(
    r"_?(?:bootstrap|connect|init|open|setup|setUp|start)(?![a-z])|_?initiali[sz]e(?![a-z])|onModuleInit"
)
_STORING = {"add", "push", "set"}
_STATES = {"readyState", "isInitialized", "isOpen"}
"""Properties by which a driver says that it is connected: mongoose, TypeORM, redis."""


class KeptConnections:
    """Knows of each call in a function whether it only runs when what it makes is not there yet."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._bodies: dict[FunctionKey, _Body] = {}

    def is_kept(self, frames: Sequence[Frame], site: Site) -> bool:
        """Whether any function on the stack makes the connection, or calls who makes it, only once."""
        for frame in reversed(frames):
            function = frame.function
            if function is not None and function.module is site.module:
                if function.key not in self._bodies:
                    self._bodies[function.key] = self._body(function)
                body = self._bodies[function.key]
                if body.makes_once(site.at) or _is_given(frame, body.asked(site.at) & body.renewed):
                    return True
            site = frame.site
        return False

    def belongs_to_object(self, function: FunctionValue, site: Site) -> bool:
        """Whether what sets an object up makes it and keeps it as a property: it lives as long as the object does."""
        if function.home is None or not _is_setup(function):
            return False
        if function.key not in self._bodies:
            self._bodies[function.key] = self._body(function)
        return site.at in self._bodies[function.key].own

    def _body(self, function: FunctionValue) -> _Body:
        node, code = function.node, self._interpreter.code
        body = node.body if node.body is not None else code.body(function.module.path, node.start, node.end)
        parameters = {text_of(parameter.target) for parameter in node.parameters}
        local = {text_of(inner.target) for inner in ir.walk(body) if isinstance(inner, ir.Declare)}
        changed = frozenset(_stored(body))
        stored = changed - local - parameters
        kept = stored | _found_in(stored, body)
        return _Body(guards_of(body), kept, changed & parameters, frozenset(_kept_as_property(body)))


class _Body(NamedTuple):
    """What a function does, as far as it matters here."""

    guards: dict[int, Guards]
    """Of each call, by its byte offset."""
    stored: frozenset[str]
    """Names and properties outside of the function that it gives a value, and names of what it has found there."""
    renewed: frozenset[str]
    """Parameters that it gives another value."""
    own: frozenset[int]
    """Byte offsets of the calls whose results become properties of ``this``."""

    def makes_once(self, at: int) -> bool:
        """Whether a call depends on what the function keeps, or on whether the driver is connected."""
        return any(text in self.stored or text.rpartition(".")[2] in _STATES for text in self.asked(at))

    def asked(self, at: int) -> frozenset[str]:
        """What a call depends on."""
        tests = (guard.test for guard in self.guards.get(at, ()) if guard.test is not None)
        return frozenset(text for test in tests for text in _references(test))


def _is_given(frame: Frame, asked: frozenset[str]) -> bool:
    """Whether a function is given the client that it asks for, and makes one only in place of a dead one."""
    parameters = frame.function.node.parameters if frame.function is not None else ()
    return any(
        isinstance(parameter.target, ir.Name) and parameter.target.id in asked and _may_be_client(item.value)
        for parameter, item in zip(parameters, frame.arguments, strict=False)
    )


def _may_be_client(value: Value, depth: int = 3) -> bool:
    """Whether a value is or may be something of a driver, also until it was found dead."""
    value = forced(value)
    if isinstance(value, Choice):
        return depth > 0 and any(_may_be_client(option, depth - 1) for option, _ in value.options)
    return isinstance(value, Unknown) or (isinstance(value, External) and value.package in drivers())


def _is_setup(function: FunctionValue) -> bool:
    """Whether a method is the constructor, or one that by its name does the rest of its work."""
    home, node = function.home, function.node
    names = [name for name, method in home.methods.items() if method is node] if home is not None else []
    return any(name == "constructor" or _SETTING_UP.match(name) for name in names)


def _references(test: ir.Expression) -> Iterator[str]:
    """What a condition looks at."""
    for node in ir.walk(test):
        if isinstance(node, ir.Name | ir.Member | ir.Index):
            yield text_of(node)


def _found_in(stored: frozenset[str], body: tuple[ir.Statement, ...]) -> frozenset[str]:
    """Names of what is looked up by a key where the function keeps it: ``let pool = pools.get(url)``."""
    found: set[str] = set()
    for node in ir.walk(body):
        match node:
            case (
                ir.Declare(target=ir.Name() as target, value=value) | ir.Assign(target=ir.Name() as target, value=value)
            ):
                kept_at = _looked_up(value)
                if kept_at is not None and text_of(kept_at) in stored:
                    found.add(text_of(target))
    return frozenset(found)


def _looked_up(value: object) -> ir.Expression | None:
    match value:
        case ir.Call(callee=ir.Member(object=collection, name="get")):
            return collection
        case ir.Index():
            return value
    return None


def _kept_as_property(body: tuple[ir.Statement, ...]) -> Iterator[int]:
    for node in ir.walk(body):
        match node:
            case ir.Assign(target=ir.Member(object=ir.This()), value=value):
                yield from (made.at for made in ir.walk(value) if isinstance(made, ir.Call | ir.New))


def _stored(body: tuple[ir.Statement, ...]) -> Iterator[str]:
    """Names and properties that a function gives a value."""
    for node in ir.walk(body):
        match node:
            case ir.Assign(target=target):
                yield text_of(target)
            case ir.Call(callee=ir.Member(object=collection, name=name)) if name in _STORING:
                yield text_of(collection)
