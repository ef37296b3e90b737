"""Calls of documentation packages, evaluated where they stand, whether or not the program was seen to make them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.database.guards import functions_of
from medpro_audit.model.evaluation.calls import arguments_of
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.patterns import bind, bound_names, declare
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import Deferred, External, Item, Offered, Site, Unknown, Value
from medpro_audit.model.modules.resolution import ExternalPackage

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

MAX_STEPS = 100_000
"""Budget of loading a module, or of evaluating the arguments of one call."""
MAX_CALLS = 2_000
"""Calls of one kind that are looked at."""

_LOADING = frozenset({"import", "require", "dynamic", "re-export"})


class PackageCall(NamedTuple):
    """A call of something that a package offers."""

    callee: External
    arguments: tuple[Item, ...]
    site: Site

    @property
    def member(self) -> str:
        """The last name that was called."""
        return self.callee.name.rpartition(".")[2]

    def argument(self, index: int = 0) -> Value:
        """One of the arguments."""
        return self.arguments[index].value if index < len(self.arguments) else Unknown("it is not given")


def importers(known: Known, packages: Collection[str]) -> Iterator[str]:
    """Files, tests left out, that load one of these packages while they run."""
    for path, facts in known.base.facts.items():
        if known.base.roles.get(path) != "test" and any(
            fact.kind in _LOADING and _is_of(known, path, fact.specifier, fact.kind, packages) for fact in facts.imports
        ):
            yield path


def _is_of(known: Known, path: str, specifier: str, kind: str, packages: Collection[str]) -> bool:
    if not any(specifier.startswith(package) for package in packages):
        return False
    answer = known.base.resolver.resolve(path, specifier, kind)  # type: ignore[arg-type] # of a subset, see _LOADING
    return isinstance(answer, ExternalPackage) and answer.name in packages


def calls_of(known: Known, packages: Collection[str]) -> Iterator[PackageCall]:
    """Calls of what these packages offer, in files that load them."""
    for path in importers(known, packages):
        module = loaded(known, path)
        if module is None:
            continue
        code = known.base.interpreter.code
        statements = code.module(path)
        names = _names_of(statements, packages)
        blocks: list[tuple[ir.Function | None, Sequence[ir.Statement]]] = [(None, statements)]
        for function in functions_of(statements):
            text = code.snippet(path, function.start, function.end)
            if any(name in text for name in names):
                blocks.append((function, code.body(path, function.start, function.end)))
        for around, block in blocks:
            yield from _calls_in(known, module, around, block, names, packages)


def registrations(known: Known, kind: str, packages: Collection[str]) -> Iterator[PackageCall]:
    """Calls that `extract.interests` has collected, of methods that belong to these packages as far as is known."""
    for path, facts in known.base.facts.items():
        found = facts.calls.get(kind, ())
        if not found or known.base.roles.get(path) == "test":
            continue
        module = loaded(known, path)
        if module is None:
            continue
        functions = {node.start: node for node in functions_of(known.base.interpreter.code.module(path))}
        for fact in found[:MAX_CALLS]:
            around = functions.get(fact.function)
            body = known.base.interpreter.code.body(path, around.start, around.end) if around is not None else ()
            call = _evaluated(known, module, fact.call, scope_of(known, module, around, body))
            if call is not None and call.callee.package in packages:
                yield call


def loaded(known: Known, path: str) -> Module | None:
    """A module that has run, as far as it could be followed."""
    interpreter = known.base.interpreter
    module = interpreter.module(path)
    if module is not None and not module.is_started:
        _within(known, lambda: interpreter.start(module))
    return module


def _within(known: Known, run: Callable[[], object]) -> None:
    interpreter = known.base.interpreter
    interpreter.budget = MAX_STEPS
    interpreter.effect()
    try:
        with suppress(Thrown, Exhausted):
            run()
    finally:
        interpreter.settle()


def _names_of(statements: Sequence[ir.Statement], packages: Collection[str]) -> frozenset[str]:
    """Names that a module gives to packages or to parts of them."""
    names: set[str] = set(packages)
    for node in statements:
        match node:
            case ir.Import(specifier=specifier, bindings=pairs) if _package_in(specifier, packages):
                names.update(local for _, local in pairs)
            case ir.Declare(target=target, value=value) if value is not None and roots_of(value) & names:
                names.update(bound_names([target]))
    return frozenset(names)


def _package_in(specifier: str, packages: Collection[str]) -> bool:
    return any(specifier == package or specifier.startswith(f"{package}/") for package in packages)


def roots_of(node: ir.Expression) -> set[str]:
    """Where a chain of members and calls begins: a name, or the specifier that is loaded there."""
    match node:
        case ir.Name(id=name):
            return {name}
        case ir.Call(callee=ir.Name(id="require" | "import"), arguments=(ir.Literal(value=str() as specifier), *_)):
            return {specifier}
        case ir.Call(callee=callee) | ir.New(callee=callee):
            return roots_of(callee)
        case ir.Member(object=inner) | ir.Index(object=inner) | ir.Await(value=inner):
            return roots_of(inner)
    return set()


def _calls_in(  # noqa: PLR0913 - a block and what surrounds it
    known: Known,
    module: Module,
    function: ir.Function | None,
    block: Sequence[ir.Statement],
    names: frozenset[str],
    packages: Collection[str],
) -> Iterator[PackageCall]:
    calls = [
        node for node in ir.walk(tuple(block)) if isinstance(node, ir.Call | ir.New) and roots_of(node.callee) & names
    ][:MAX_CALLS]
    scope = scope_of(known, module, function, block) if calls else None
    for node in calls:
        call = _evaluated(known, module, node, scope) if scope is not None else None
        if call is not None and call.callee.package in packages:
            yield call


def scope_of(known: Known, module: Module, function: ir.Function | None, body: Sequence[ir.Statement]) -> Scope:
    """The names of a module and those of a function in it, as far as they don't depend on how it is called."""
    scope = Scope(module, module.scope)
    if function is None:
        return scope
    interpreter = known.base.interpreter
    unknown = Unknown("it is only known while the function runs", Site(module, function.start).place)
    for parameter in function.parameters:
        bind(interpreter, parameter.target, unknown, scope, declare)
    for node in ir.walk(tuple(body)):
        if isinstance(node, ir.Declare):
            found: list[Value] = []
            if node.value is not None:
                _within(known, lambda node=node, found=found: found.append(interpreter.evaluate(node.value, scope)))  # type: ignore[misc]
            bind(interpreter, node.target, found[0] if found else unknown, scope, declare)
    return scope


def _evaluated(known: Known, module: Module, call: ir.Call | ir.New, scope: Scope) -> PackageCall | None:
    interpreter = known.base.interpreter
    found: list[PackageCall] = []

    def evaluate() -> None:
        callee = interpreter.evaluate(call.callee, scope)
        callee = callee.force() if isinstance(callee, Deferred) else callee
        callee = callee.external if isinstance(callee, Offered) else callee
        if isinstance(callee, External):
            found.append(PackageCall(callee, arguments_of(interpreter, call.arguments, scope), Site(module, call.at)))

    _within(known, evaluate)
    return found[0] if found else None
