"""What names stand for, by their declarations among a file's facts; modules are run only where those lead to one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from medpro_audit.facts import ir
from medpro_audit.facts.file import Binding, FileFacts
from medpro_audit.model.evaluation.construction import construct
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.imports import export_names, export_of, imported, require
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import Deferred, External, FunctionValue, Item, Site, Unknown, Value, join

STEPS = 50_000
"""Budget of one question."""
MAX_DEPTH = 12
"""Declarations that lead to one another further than this are not followed."""

_GLOBAL = frozenset(("global", "globalThis", "window"))


class Definitions:
    """Follows expressions to values, from declaration to declaration."""

    def __init__(self, interpreter: Interpreter, files: Mapping[str, FileFacts]) -> None:
        self._interpreter = interpreter
        self._files = files
        self._bindings: dict[str, dict[str, list[Binding]]] = {}
        self._imports: dict[tuple[str, str, str], Value] = {}

    def value(self, path: str, node: ir.Expression, depth: int = 0) -> Value:
        """What an expression of a file stands for."""
        module = self._interpreter.module(path)
        if module is None or depth > MAX_DEPTH:
            return Unknown("its declaration is not followed")
        at = getattr(node, "at", 0)
        match node:
            case ir.Name(id=name):
                return self._name(module, name, at, depth)
            case ir.Member(object=ir.Name(id=name), name="console") if name in _GLOBAL and not self.bindings(
                path, name, at
            ):
                return External("console")
            case ir.Member(object=inner, name=name):
                return self._member(module, inner, name, at, depth)
            case ir.Await(value=inner):
                return self.value(path, inner, depth + 1)
            case ir.Call() | ir.New():
                return self._call(module, node, depth)
            case ir.Binary(operator="||" | "??" | "&&", left=left, right=right):
                return self._either(path, (left, right), depth)
            case ir.Conditional(then=then, otherwise=otherwise):
                return self._either(path, (then, otherwise), depth)
        return Unknown("it is no name that has a declaration")

    def bindings(self, path: str, name: str, at: int) -> list[Binding]:
        """The declarations of a name that hold at a place: those of the innermost scope that has any."""
        by_name = self._bindings.get(path)
        if by_name is None:
            by_name = self._bindings[path] = {}
            for binding in self._files[path].bindings if path in self._files else ():
                by_name.setdefault(binding.name, []).append(binding)
        around = [binding for binding in by_name.get(name, ()) if binding.start <= at < binding.end]
        innermost = min((binding.end - binding.start for binding in around), default=0)
        return [binding for binding in around if binding.end - binding.start == innermost]

    def export(self, module: Module, name: str) -> Value:
        """An exported value of a module."""
        return self._guarded(lambda: export_of(self._interpreter, module, name, Site(module, 0)))

    def export_names(self, module: Module) -> list[str]:
        """Names that a module exports, ``default`` first."""
        self.run(module)
        return ["default", *export_names(self._interpreter, module)]

    def run(self, module: Module) -> None:
        """Run the top level of a module, if that has not been done."""

        def start() -> Value:
            self._interpreter.start(module)
            return Unknown("a module")

        self._guarded(start)

    def member(self, value: Value, name: str, module: Module) -> Value:
        """A property of a value."""
        return self._guarded(lambda: self._interpreter.member(value, name, Site(module, 0)))

    def instance(self, cls: Value, module: Module) -> Value:
        """What ``new`` makes of a class when nothing is known of the arguments."""
        unknown = tuple(Item(Unknown("an argument that isn't known")) for _ in range(4))
        return self._guarded(lambda: construct(self._interpreter, cls, unknown, Site(module, 0)))

    def body(self, function: FunctionValue) -> tuple[ir.Statement, ...]:
        """The code of a function."""
        node = function.node
        if node.body is not None:
            return node.body
        return self._interpreter.code.body(function.module.path, node.start, node.end)

    def forced(self, value: Value) -> Value:
        """A value that may have been put off until it is asked for."""
        return self._guarded(lambda: value)

    def _either(self, path: str, nodes: tuple[ir.Expression, ...], depth: int) -> Value:
        return join([(self.value(path, node, depth + 1), "") for node in nodes])

    def _name(self, module: Module, name: str, at: int, depth: int) -> Value:
        found = self.bindings(module.path, name, at)
        if not found:
            return External(name) if name == "console" else Unknown("it is declared nowhere in its file")
        values = [self._bound(module, binding, depth) for binding in found]
        known = [value for value in values if not isinstance(value, Unknown)]
        return join([(value, "") for value in known]) if known else values[0]

    def _member(self, module: Module, owner: ir.Expression, name: str, at: int, depth: int) -> Value:
        if self._is_this(module.path, owner, at):
            found = self.bindings(module.path, f"this.{name}", at)
            values = [self._bound(module, binding, depth) for binding in found]
            known = [value for value in values if not isinstance(value, Unknown)]
            return join([(value, "") for value in known]) if known else Unknown("a property set elsewhere")
        value = self.value(module.path, owner, depth + 1)
        return value if isinstance(value, Unknown) else self.member(value, name, module)

    def _is_this(self, path: str, node: ir.Expression, at: int) -> bool:
        match node:
            case ir.This():
                return True
            case ir.Name(id=name):
                return any(isinstance(binding.value, ir.This) for binding in self.bindings(path, name, at))
        return False

    def _call(self, module: Module, node: ir.Call | ir.New, depth: int) -> Value:
        site = Site(module, node.at)
        match node:
            case ir.Call(callee=ir.Name(id="require" | "import"), arguments=(ir.Literal(value=str() as specifier), *_)):
                return self._imported(module, specifier, "=")
        callee = self.value(module.path, node.callee, depth + 1)
        if isinstance(callee, Unknown):
            return callee
        unknown = Unknown("an argument that isn't known")
        arguments = tuple(Item(unknown, argument, module) for argument in node.arguments)
        if isinstance(node, ir.New):
            return self._guarded(lambda: construct(self._interpreter, callee, arguments, site))
        return self._guarded(lambda: self._interpreter.call(callee, arguments, site))

    def _bound(self, module: Module, binding: Binding, depth: int) -> Value:
        match binding.kind:
            case "import":
                return self._imported(module, binding.specifier, binding.imported)
            case "parameter":
                return Unknown("a parameter")
            case "own":
                return self._own(module, binding)
        if binding.value is None:
            return Unknown("a variable without a value")
        value = self.value(module.path, binding.value, depth + 1)
        for key in binding.keys:
            value = self.member(value, key, module) if key else Unknown("an element of a list")
        return value

    def _own(self, module: Module, binding: Binding) -> Value:
        """What the file declares at its top level; found by running the file."""
        if binding.end - binding.start < self._files[module.path].size - binding.start:
            return Unknown("it is made inside a function")
        self.run(module)
        return module.scope.names.get(binding.name, Unknown("it has no value"))

    def _imported(self, module: Module, specifier: str, name: str) -> Value:
        folder = module.path.rpartition("/")[0]
        key = (folder, specifier, name)
        found = self._imports.get(key)
        if found is None:
            found = self._imports[key] = self._guarded(lambda: self._import(module, specifier, name))
        return found

    def _import(self, module: Module, specifier: str, name: str) -> Value:
        site = Site(module, 0)
        if name == "=":
            return require(self._interpreter, module, specifier, site)
        return imported(self._interpreter, module, specifier, name, site)

    def _guarded(self, compute: Callable[[], Value]) -> Value:
        """Compute a value within a budget, and leave the interpreter at rest."""
        interpreter = self._interpreter
        interpreter.budget = STEPS
        try:
            value = compute()
            while isinstance(value, Deferred):
                value = value.force()
        except (Exhausted, Thrown):
            return Unknown("it takes too much to find out")
        finally:
            interpreter.settle()
        return value
