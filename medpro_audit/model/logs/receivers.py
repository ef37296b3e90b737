"""Which logger a call is made on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from medpro_audit.facts import ir
from medpro_audit.facts.file import Binding, CallFact, FileFacts
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    ClassValue,
    External,
    FunctionValue,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.logs.arguments import carries_id
from medpro_audit.model.logs.definitions import Definitions
from medpro_audit.model.logs.levels import LEVELS
from medpro_audit.model.logs.loggers import Receiver, of_package, wrapper
from medpro_audit.model.logs.outlets import Outlets
from medpro_audit.model.logs.packages import LOGGING_PACKAGES
from medpro_audit.model.modules.resolution import ExternalPackage, SourceModule
from medpro_audit.model.modules.resolver import Resolver

FEWEST_METHODS = 2
"""Something with a single method such as ``error`` is no logger, even if that writes to the console."""


class Receivers:
    """Finds the logger of every log call; what turns out to be none is None."""

    def __init__(
        self,
        files: Mapping[str, FileFacts],
        resolver: Resolver,
        interpreter: Interpreter,
        carriers: Mapping[str, str],
    ) -> None:
        """Take the model so far.

        Args:
            files: Facts by path.
            resolver: Says where imports lead.
            interpreter: Runs the modules that loggers come from.
            carriers: Of files where requests have a logger of their own, the package that it comes from.
        """
        self._files = files
        self._resolver = resolver
        self._definitions = Definitions(interpreter, files)
        self._outlets = Outlets(self._definitions)
        self._interpreter = interpreter
        self._carriers = carriers
        self._kept: dict[tuple[object, ...], Receiver | None] = {}
        self._typed: dict[str, Receiver | None] = {}
        self.implementations: set[tuple[str, int]] = set()
        """Places where a logger of the project itself writes: calls of the logger end there."""

    def receiver(self, path: str, fact: CallFact) -> Receiver | None:
        """What a call is made on; None when that is no logger."""
        callee = fact.call.callee
        if not isinstance(callee, ir.Member):
            return None
        bindings = self._bindings(path, callee.object)
        key = (path, _shape(callee.object), tuple(binding.at for binding in bindings), callee.name)
        if key not in self._kept:
            self._kept[key] = self._find(path, callee, bindings)
        return self._kept[key]

    def writes(self, path: str, name: str) -> bool:
        """Whether a function that a module exports writes lines, and hands nothing to the logger of a package."""
        module = self._interpreter.module(path)
        value = self._definitions.export(module, name) if module is not None else None
        if not isinstance(value, FunctionValue):
            return False
        return any(
            of_package(outlet.value) is None or outlet.value.package == "console" for outlet in self._outlets.of(value)
        )

    def _bindings(self, path: str, node: ir.Expression) -> tuple[Binding, ...]:
        match node:
            case ir.Name(id=name, at=at):
                return tuple(self._definitions.bindings(path, name, at))
            case ir.Member(object=ir.This(), name=name, at=at):
                return tuple(self._definitions.bindings(path, f"this.{name}", at))
            case ir.Member(object=inner):
                return self._bindings(path, inner)
        return ()

    def _find(self, path: str, callee: ir.Member, bindings: tuple[Binding, ...]) -> Receiver | None:
        value = self._definitions.value(path, callee.object)
        found = self._of_value(path, value, callee.name)
        if found is not None:
            made_by = [binding.value for binding in bindings if binding.value is not None]
            return found._replace(via=self._origin(path, bindings), is_identified=carries_id(made_by))
        return self._of_type(path, callee.object, bindings) or self._by_name(path, callee, value, bindings)

    def _origin(self, path: str, bindings: tuple[Binding, ...]) -> str | None:
        """The module that the name of a receiver is imported from."""
        for binding in bindings:
            specifier = binding.specifier
            match binding.value:
                case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as text), *_)):
                    specifier = text
            answer = self._resolver.resolve(path, specifier, "import") if specifier else None
            if isinstance(answer, SourceModule):
                return answer.path
        return None

    # By value

    def _of_value(self, path: str, value: Value, method: str) -> Receiver | None:
        module = self._interpreter.module(path)
        for option, _ in options_of(value):
            if isinstance(option, External):
                found = of_package(option)
            elif isinstance(option, Unknown) or module is None:
                found = None
            else:
                found = self._of_project(option, method, module)
            if found is not None:
                return found
        return None

    def _of_project(self, value: Value, method: str, module: Module) -> Receiver | None:
        """A logger written by hand: several methods named like levels, and the one that is called writes."""
        methods = {name: self._definitions.member(value, name, module) for name in sorted(LEVELS)}
        callable_ones = {name: made for name, made in methods.items() if isinstance(made, FunctionValue | External)}
        called = callable_ones.get(method)
        if isinstance(called, External):
            return of_package(called)
        if called is None or len(callable_ones) < FEWEST_METHODS:
            return None
        outlets = self._outlets.of(called)
        if not outlets or _makes_something(called.node, self._definitions.body(called)):
            return None
        own = (made for made in callable_ones.values() if isinstance(made, FunctionValue))
        self.implementations.update((outlet.path, outlet.at) for made in own for outlet in self._outlets.of(made))
        return wrapper(called, outlets)

    # By type

    def _of_type(self, path: str, node: ir.Expression, bindings: tuple[Binding, ...]) -> Receiver | None:
        """A parameter or field that is declared with the type of a logger."""
        if not isinstance(node, ir.Name | ir.Member) or (
            isinstance(node, ir.Member) and not isinstance(node.object, ir.This)
        ):
            return None
        for declared in (*bindings, *self._given(path, bindings)):
            name = declared.annotation.partition(".")[0]
            for binding in self._definitions.bindings(path, name, 0) if name else ():
                found = self._of_imported_type(path, binding)
                if found is not None:
                    return found
        return None

    def _given(self, path: str, bindings: tuple[Binding, ...]) -> Iterator[Binding]:
        """Declarations of the parameters that fields are set to."""
        for binding in bindings:
            match binding.value:
                case ir.Name(id=name, at=at):
                    yield from self._definitions.bindings(path, name, at)

    def _of_imported_type(self, path: str, binding: Binding) -> Receiver | None:
        if binding.kind != "import":
            return None
        answer = self._resolver.resolve(path, binding.specifier, "import")
        match answer:
            case ExternalPackage(name=package) if package in LOGGING_PACKAGES:
                return Receiver("unknown", package, takes_fields=LOGGING_PACKAGES[package].takes_fields)
            case SourceModule(path=target):
                if target not in self._typed:
                    self._typed[target] = self._logger_of(target)
                return self._typed[target]
        return None

    def _logger_of(self, path: str) -> Receiver | None:
        """The logger that a module exports, as itself or as its class; None when it exports none."""
        module = self._interpreter.module(path)
        for name in self._definitions.export_names(module) if module is not None else ():
            assert module is not None
            value = self._definitions.export(module, name)
            if isinstance(value, ClassValue):
                value = self._definitions.instance(value, module)
            for method in ("info", "error", "log"):
                found = self._of_value(path, value, method)
                if found is not None and found.kind == "logger":
                    return found._replace(via=path)
        return None

    # By name

    def _by_name(self, path: str, callee: ir.Member, value: Value, bindings: tuple[Binding, ...]) -> Receiver | None:
        """Nothing is known but a name: enough to suppose that something is logged, never enough for a verdict.

        Unless requests are known to have a logger: then ``log`` of a parameter is that.
        """
        name = _last_name(callee.object).lower()
        if name != "log" and not name.endswith("logger"):
            return None
        carrier = self._carriers.get(path)
        if carrier is not None and self._is_of_request(path, callee.object, bindings):
            return Receiver("logger", carrier, instance=carrier, takes_fields=True, is_of_request=True)
        return Receiver("unknown", value.package if isinstance(value, External) else None)

    def _is_of_request(self, path: str, node: ir.Expression, bindings: tuple[Binding, ...]) -> bool:
        match node:
            case ir.Member(name="log", object=ir.Name(id=name, at=at)):
                return any(binding.kind == "parameter" for binding in self._definitions.bindings(path, name, at))
            case ir.Member(name="log", object=ir.Member()):
                return True
            case ir.Call(callee=ir.Member(object=inner, name="child")):
                return self._is_of_request(path, inner, bindings)
            case ir.Name():
                made = [binding.value for binding in bindings if binding.value is not None]
                return any(self._is_of_request(path, value, ()) for value in made) or any(
                    binding.keys[-1:] == ("log",) and binding.kind in {"value", "parameter"} for binding in bindings
                )
        return False


def _makes_something(function: ir.Function, body: Sequence[ir.Statement]) -> bool:
    """Whether a function hands out something new, or what it makes of its arguments: loggers hand out nothing."""
    own = {parameter.target.id for parameter in function.parameters if isinstance(parameter.target, ir.Name)}
    for node in ir.walk(body):
        match node:
            case ir.Return(value=ir.Object() | ir.Array()):
                return True
            case ir.Return(value=ir.Call(callee=ir.Member(object=ir.Name(id=name)))) if name in own:
                return True
    return False


def _last_name(node: ir.Expression) -> str:
    match node:
        case ir.Name(id=name) | ir.Member(name=name):
            return name
        case ir.Call(callee=ir.Member(object=inner, name="child")):
            return _last_name(inner)
    return ""


def _shape(node: ir.Expression) -> str:
    """A receiver without its place: two calls on the same name are made on the same thing."""
    match node:
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Member(object=inner, name=name):
            return f"{_shape(inner)}.{name}"
    return str(node)
