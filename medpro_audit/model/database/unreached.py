"""Connections in code that the program, as far as it was followed, does not reach: it is called as if from outside.

What even that doesn't reach, such as a closure that nobody asks for, is read where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.database.collector import MAX_PER_FILE, ConnectionCollector, Scope, opening_of
from medpro_audit.model.database.guards import functions_of
from medpro_audit.model.drivers import drivers
from medpro_audit.model.drivers.prisma import PACKAGE as PRISMA
from medpro_audit.model.evaluation import scope as scopes
from medpro_audit.model.evaluation.calls import arguments_of
from medpro_audit.model.evaluation.construction import construct
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.handing_over import call_from_outside
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.patterns import bind, bound_names, declare
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import (
    CallRecord,
    ClassValue,
    Deferred,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.modules.resolution import ExternalPackage, Unresolved
from medpro_audit.model.modules.resolver import Resolver

STEPS_OF_A_MODULE = 200_000
"""Budget of a module that is loaded only to look into it."""
STEPS_OF_A_FUNCTION = 50_000
"""Budget of a function that is called only to see what it opens."""

_LOADING = frozenset({"import", "require", "dynamic"})
_CLIENT = "PrismaClient"
"""Prisma generates its client, often into a folder that is not in the repository."""


class _Candidate(NamedTuple):
    """A call that opens a connection, with the names that it sees."""

    call: ir.Call | ir.New
    callee: Value
    scope: scopes.Scope


class UnreachedConnections:
    """Looks for the connections that nobody has opened, in files that import a driver."""

    def __init__(self, interpreter: Interpreter, collector: ConnectionCollector, resolver: Resolver) -> None:
        self._interpreter = interpreter
        self._collector = collector
        self._resolver = resolver

    def search(self, files: Iterable[FileFacts]) -> None:
        """Go through these files."""
        for facts in files:
            specifiers = dict(self._driver_specifiers(facts))
            words = frozenset[str]().union(*map(_opening_words, specifiers.values()))
            if not specifiers or not self._may_open(facts, words):
                continue
            module = self._interpreter.module(facts.path)
            if module is not None:
                self._search(module, frozenset(specifiers), words - {""})

    def _driver_specifiers(self, facts: FileFacts) -> Iterator[tuple[str, str]]:
        """What loads a driver, and its package."""
        for fact in facts.imports:
            answer = self._resolver.resolve(facts.path, fact.specifier, fact.kind) if fact.kind in _LOADING else None
            package = answer.name if isinstance(answer, ExternalPackage) else ""
            if isinstance(answer, Unresolved) and "prisma" in fact.specifier:
                package = PRISMA
            if package in drivers():
                yield fact.specifier, package

    def _may_open(self, facts: FileFacts, words: frozenset[str]) -> bool:
        """Whether a file's text has a word that opens a connection of a driver: most only define models."""
        return "" in words or _mentioning(words)(self._interpreter.code.snippet(facts.path, 0, facts.size))

    def _search(self, module: Module, specifiers: frozenset[str], words: frozenset[str]) -> None:
        interpreter, path = self._interpreter, module.path
        self._within(STEPS_OF_A_MODULE, lambda: interpreter.start(module))
        statements = interpreter.code.module(path)
        mentions = _mentioning(_loaded_names(statements, specifiers) | words | specifiers)
        functions = [
            node for node in functions_of(statements) if mentions(interpreter.code.snippet(path, node.start, node.end))
        ]
        bodies = {node.start: interpreter.code.body(path, node.start, node.end) for node in functions}
        names = _driver_names((*statements, *(line for body in bodies.values() for line in body)), specifiers)
        self._read(self._candidates(module, None, statements, names), "module")
        for function in functions:
            if self._collector.is_full(path):
                return
            candidates = self._candidates(module, function, bodies[function.start], names)
            if candidates:
                self._within(STEPS_OF_A_FUNCTION, lambda function=function: self._call(module, function))  # type: ignore[misc]
                self._read(candidates, "function")

    def _within(self, budget: int, run: Callable[[], object]) -> None:
        interpreter = self._interpreter
        interpreter.budget = budget
        try:
            with suppress(Thrown):
                run()
            interpreter.run_callbacks()
        except Exhausted:
            pass  # what it opened before was seen, and the rest is read in place
        finally:
            interpreter.settle()

    def _is_observed(self, module: Module, call: ir.Call | ir.New) -> bool:
        return (module.path, call.at) in self._collector.found

    # Calling what surrounds a candidate

    def _call(self, module: Module, function: ir.Function) -> None:
        found = next(self._values_at(module, function))
        call_from_outside(self._interpreter, found, Site(module, function.start), found.this)

    def _values_at(self, module: Module, function: ir.Function) -> Iterator[FunctionValue]:
        """The closures of a function, those that know what ``this`` is first."""
        for value in _values_of(module):
            match value:
                case FunctionValue() if value.node.start == function.start:
                    yield value
                case ClassValue():
                    yield from self._methods_at(value, function)
                case ObjectValue(properties=properties):
                    for inner in properties.values():
                        if isinstance(inner, FunctionValue) and inner.node.start == function.start:
                            yield FunctionValue(inner.node, inner.scope, inner.module, this=value)
        yield FunctionValue(function, module.scope, module)

    def _methods_at(self, cls: ClassValue, function: ir.Function) -> Iterator[FunctionValue]:
        for inner in cls.properties.values():
            if isinstance(inner, FunctionValue) and inner.node.start == function.start:
                yield inner
        for name, node in cls.methods.items():
            if node.start == function.start:
                site = Site(cls.module, cls.node.start)
                unknown = Unknown("this is given by code that isn't part of the program", site.place)
                constructor = cls.methods.get("constructor")
                arguments = tuple(Item(unknown) for _ in constructor.parameters) if constructor is not None else ()
                made = construct(self._interpreter, cls, arguments, site)
                if name != "constructor":
                    yield FunctionValue(node, cls.scope, cls.module, this=made, home=cls)

    # Reading a candidate where it stands

    def _candidates(
        self,
        module: Module,
        function: ir.Function | None,
        body: Sequence[ir.Statement],
        names: frozenset[str],
    ) -> list[_Candidate]:
        """The calls in a function, or at the top of a module, that open a connection and have not been observed."""
        calls = [
            node
            for node in ir.walk(tuple(body))
            if isinstance(node, ir.Call | ir.New)
            and not _roots(node.callee).isdisjoint(names)
            and not self._is_observed(module, node)
        ][:MAX_PER_FILE]
        if not calls:
            return []
        self._interpreter.budget = STEPS_OF_A_FUNCTION
        found = []
        with suppress(Thrown, Exhausted), self._collector.paused():
            scope = self._scope_of(module, function, body)
            for call in calls:
                callee = self._callee(call, scope)
                if opening_of(callee) is not None:
                    found.append(_Candidate(call, callee, scope))
        self._interpreter.settle()
        return found

    def _callee(self, call: ir.Call | ir.New, scope: scopes.Scope) -> Value:
        value = self._interpreter.evaluate(call.callee, scope)
        value = value.force() if isinstance(value, Deferred) else value
        is_generated = isinstance(value, Unknown) and name_of(call.callee).rpartition(".")[2] == _CLIENT
        return External(PRISMA, _CLIENT) if is_generated else value

    def _scope_of(self, module: Module, function: ir.Function | None, body: Sequence[ir.Statement]) -> scopes.Scope:
        """The names of a module, and those of a function, of which only what it loads is known."""
        scope = scopes.Scope(module, module.scope)
        if function is None:
            return scope
        interpreter = self._interpreter
        unknown = Unknown("it is only known while the function runs", Site(module, function.start).place)
        for node in (*function.parameters, *ir.walk(tuple(body))):
            match node:
                case ir.Declare(target=target, value=value) if value is not None and _is_loading(value):
                    bind(interpreter, target, interpreter.evaluate(value, scope), scope, declare)
                case ir.Declare(target=target) | ir.Parameter(target=target):
                    bind(interpreter, target, unknown, scope, declare)
        return scope

    def _read(self, candidates: Iterable[_Candidate], when: Scope) -> None:
        """Note what is still not observed."""
        for call, callee, scope in candidates:
            if self._is_observed(scope.module, call) or self._collector.is_full(scope.module.path):
                continue
            self._interpreter.budget = STEPS_OF_A_FUNCTION
            with suppress(Thrown, Exhausted), self._collector.paused():
                arguments = arguments_of(self._interpreter, call.arguments, scope)
                self._collector.note(CallRecord(callee, arguments, Site(scope.module, call.at)), when)
            self._interpreter.settle()


@cache
def _opening_words(package: str) -> frozenset[str]:
    """A name from each path by which a driver opens a connection; empty where the package itself does."""
    return frozenset(max(re.findall(r"\w+", path), key=len, default="") for path in drivers()[package].openings)


def _mentioning(words: frozenset[str]) -> Callable[[str], bool]:
    """Whether a text has one of these words."""
    pattern = re.compile(rf"(?<![\w$])(?:{'|'.join(map(re.escape, sorted(words)))})(?![\w$])")
    return lambda text: pattern.search(text) is not None


def _loaded_names(statements: Sequence[ir.Statement], specifiers: frozenset[str]) -> frozenset[str]:
    """Names of a module's own for a driver or a part of it, besides those that the driver itself has."""
    names: list[str] = []
    for node in statements:
        match node:
            case ir.Import(specifier=specifier, bindings=pairs) if specifier in specifiers:
                names += [local for imported, local in pairs if imported != local]
            case ir.Declare(target=target, value=value) if value is not None and _roots(value) & specifiers:
                names += bound_names([target])
    return frozenset(names)


def _driver_names(statements: Sequence[ir.Statement], specifiers: frozenset[str]) -> frozenset[str]:
    """Names that may stand for a driver or a part of it, and the specifiers by which it may be loaded in place."""
    names = set(specifiers)
    bindings: list[tuple[ir.Pattern, ir.Expression]] = []
    for node in ir.walk(tuple(statements)):
        match node:
            case ir.Import(specifier=specifier, bindings=pairs) if specifier in specifiers:
                names.update(local for _, local in pairs)
            case ir.Declare(target=target, value=value) if value is not None:
                bindings.append((target, value))
    for target, value in bindings:  # in the order of the source: what a name is made of stands before it
        if not _roots(value).isdisjoint(names):
            names.update(node.id for node in ir.walk(target) if isinstance(node, ir.Name))
    return frozenset(names)


def _roots(node: ir.Expression) -> set[str]:
    """Where a chain of members and calls begins: a name or a specifier; of a call, also what it may wrap."""
    match node:
        case ir.Name(id=name):
            return {name}
        case ir.Call(callee=ir.Name(id="require" | "import"), arguments=(ir.Literal(value=str() as specifier), *_)):
            return {specifier}
        case ir.Call(callee=callee, arguments=arguments) | ir.New(callee=callee, arguments=arguments):
            return _roots(callee).union(*(_roots(argument) for argument in arguments[:1]))
        case ir.Member(object=inner) | ir.Index(object=inner) | ir.Await(value=inner):
            return _roots(inner)
    return set()


def _is_loading(value: ir.Expression) -> bool:
    """Whether an expression is a module that is loaded in place, or a member of it."""
    match value:
        case ir.Await(value=inner) | ir.Member(object=inner):
            return _is_loading(inner)
        case ir.Call(callee=ir.Name(id="require" | "import")):
            return True
    return False


def _values_of(module: Module) -> Iterable[Value]:
    """What a module declares and exports, in the order of its source."""
    values = [value for value in module.scope.names.values() if not isinstance(value, Deferred)]
    values.extend(export.value for export in module.exports.values() if export.value is not None)
    common = module.common_exports
    values.append(common)
    if isinstance(common, ObjectValue):
        values.extend(common.properties.values())
    return dict.fromkeys(values)
