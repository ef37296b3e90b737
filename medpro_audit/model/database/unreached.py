"""Connections in code that the program, as far as it was followed, does not reach: it is called as if from outside.

What even that doesn't reach, such as a closure that nobody asks for, is read where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress

from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, FileFacts
from medpro_audit.model.database.collector import ConnectionCollector, Scope, opening_of
from medpro_audit.model.drivers import drivers
from medpro_audit.model.drivers.prisma import PACKAGE as PRISMA
from medpro_audit.model.evaluation import scope as scopes
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.expressions import arguments_of
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.patterns import bind, declare
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


class UnreachedConnections:
    """Looks for the connection calls that nobody has made."""

    def __init__(self, interpreter: Interpreter, collector: ConnectionCollector, resolver: Resolver) -> None:
        self._interpreter = interpreter
        self._collector = collector
        self._resolver = resolver

    def search(self, files: Iterable[FileFacts]) -> None:
        """Go through the candidates of these files that have not been observed yet."""
        for facts in files:
            packages = self._drivers_of(facts) if self._waiting(facts) else frozenset()
            module = self._interpreter.module(facts.path) if packages else None
            if module is not None:
                self._search(module, is_generated=None in packages)

    def _waiting(self, facts: FileFacts) -> list[CallFact]:
        return [call for call in facts.connection_calls if (facts.path, call.call.at) not in self._collector.found]

    def _drivers_of(self, facts: FileFacts) -> frozenset[str | None]:
        """The drivers that a file imports; None stands for a generated Prisma client."""
        found: set[str | None] = set()
        for fact in facts.imports:
            answer = self._resolver.resolve(facts.path, fact.specifier, fact.kind) if fact.kind in _LOADING else None
            if isinstance(answer, ExternalPackage) and answer.name in drivers():
                found.add(answer.name)
            elif isinstance(answer, Unresolved) and "prisma" in fact.specifier:
                found.add(None)
        return frozenset(found)

    def _search(self, module: Module, *, is_generated: bool) -> None:
        self._within(STEPS_OF_A_MODULE, lambda: self._interpreter.start(module))
        for start in dict.fromkeys(call.function for call in self._waiting(module.facts) if call.function >= 0):
            self._within(STEPS_OF_A_FUNCTION, lambda start=start: self._call(module, start))  # type: ignore[misc]
        for call in self._waiting(module.facts):
            self._within(
                STEPS_OF_A_FUNCTION,
                lambda call=call: self._read(module, call, is_generated=is_generated),  # type: ignore[misc]
            )

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

    # Calling what surrounds a candidate

    def _call(self, module: Module, start: int) -> None:
        for function, this in self._functions_at(module, start):
            self._interpreter.call_from_outside(function, Site(module, function.node.start), this)
            return

    def _functions_at(self, module: Module, start: int) -> Iterator[tuple[FunctionValue, Value | None]]:
        """The function that begins at a byte offset, with what ``this`` is in it."""
        for value in _values_of(module):
            match value:
                case FunctionValue() if value.node.start == start:
                    yield value, value.this
                case ClassValue():
                    yield from self._method_at(value, start)
                case ObjectValue(properties=properties):
                    for inner in properties.values():
                        if isinstance(inner, FunctionValue) and inner.node.start == start:
                            yield inner, value
        for node in ir.walk(self._interpreter.code.module(module.path)):
            if isinstance(node, ir.Function) and node.start == start:
                yield FunctionValue(node, module.scope, module), None

    def _method_at(self, cls: ClassValue, start: int) -> Iterator[tuple[FunctionValue, Value | None]]:
        for inner in cls.properties.values():
            if isinstance(inner, FunctionValue) and inner.node.start == start:
                yield inner, cls
        for name, node in cls.methods.items():
            if node.start == start:
                site = Site(cls.module, cls.node.start)
                unknown = Unknown("this is given by code that isn't part of the program", site.place)
                constructor = cls.methods.get("constructor")
                arguments = tuple(Item(unknown) for _ in constructor.parameters) if constructor is not None else ()
                made = self._interpreter.construct(cls, arguments, site)
                if name != "constructor":
                    yield FunctionValue(node, cls.scope, cls.module, this=made, home=cls), made

    # Reading a candidate where it stands

    def _read(self, module: Module, fact: CallFact, *, is_generated: bool) -> None:
        call = fact.call
        site = Site(module, call.at)
        scope = self._scope_around(module, fact)
        if is_generated and name_of(call.callee).rpartition(".")[2] == _CLIENT:
            callee: Value = External(PRISMA, _CLIENT)
        else:
            callee = self._interpreter.evaluate(call.callee, scope)
        if isinstance(callee, Deferred):
            callee = callee.force()
        if opening_of(callee) is not None:
            arguments = arguments_of(self._interpreter, call.arguments, scope)
            when: Scope = "module" if fact.function < 0 else "function"
            self._collector.note(CallRecord(callee, arguments, site), when)

    def _scope_around(self, module: Module, fact: CallFact) -> scopes.Scope:
        """The names that a call sees: those of its module, and those of functions, of which only packages are known."""
        interpreter = self._interpreter
        scope = scopes.Scope(module, module.scope)
        unknown = Unknown("it is only known while the function runs", Site(module, fact.call.at).place)
        function = next(
            (
                node
                for node in ir.walk(interpreter.code.module(module.path))
                if isinstance(node, ir.Function) and node.start == fact.function
            ),
            None,
        )
        body = interpreter.code.body(module.path, function.start, function.end) if function is not None else ()
        for node in (*(function.parameters if function is not None else ()), *ir.walk(body)):
            match node:
                case ir.Declare(target=target, value=value):
                    loaded = value is not None and _is_loading(value)
                    bind(interpreter, target, interpreter.evaluate(value, scope) if loaded else unknown, scope, declare)
                case ir.Parameter(target=target):
                    bind(interpreter, target, unknown, scope, declare)
        return scope


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
