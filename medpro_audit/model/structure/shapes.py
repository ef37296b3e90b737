"""What the top level of a module says: what it exports, and what that is made by. Bodies of functions stay unread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Sequence
from typing import Literal, NamedTuple

from msgspec import Struct

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.structure.nodes import assigned, is_exports, is_loading, last_name, loaded, root_name

Form = Literal[
    "function",
    "handler",
    "middleware",
    "error-handler",
    "model",
    "class",
    "controller",
    "error",
    "value",
    "call",
    "passed-on",
]
"""What is exported; ``value``: literals and objects of them; ``passed-on``: what another module exports."""

MAX_DEPTH = 4
"""Objects in objects, and names of names, that are looked through."""

_REQUEST = frozenset(("req", "request", "_req", "_request", "_"))
_RESPONSE = frozenset(("res", "response", "_res", "_response"))
_BUILT_IN = frozenset(("Array", "Date", "Map", "Number", "Object", "RegExp", "Set", "String", "WeakMap", "WeakSet"))
_ENDPOINT = 2
_MIDDLEWARE = 3
_ERROR_HANDLER = 4
_BARREN = frozenset(
    (ir.Literal, ir.Name, ir.This, ir.Regex, ir.Import, ir.Parameter, ir.Function, ir.ObjectPattern, ir.Export)
)
"""Nodes with nothing below them that is looked for."""
_TELLING = frozenset((ir.Call, ir.New, ir.Tagged, ir.Class, ir.Member))
_Definition = ir.Expression | ir.Function | ir.Class


class Maker(Struct, frozen=True):
    """A call, decorator or base class from another module, by which something is made."""

    specifier: str
    name: str
    """Last name of what is called: ``Schema`` of ``new mongoose.Schema()``; empty where the import itself is."""
    at: int
    is_exported: bool


class Shape(NamedTuple):
    """The top level of one module."""

    exports: Counter[Form]
    makers: tuple[Maker, ...]
    environment: int | None
    """Where it reads an environment variable."""
    is_empty: bool
    """It does nothing at run time but import."""

    @property
    def functions(self) -> int:
        """Functions that it exports."""
        return sum(self.exports[form] for form in ("function", "handler", "middleware", "error-handler"))

    @property
    def is_index(self) -> bool:
        """It only passes on what other modules export, perhaps in a table with other values."""
        return 0 < self.exports["passed-on"] == self.exports.total() - self.exports["value"]


def shape_of(statements: Sequence[ir.Statement]) -> Shape:
    """Read the top level of a module."""
    return _Reading(statements).shape()


class _Reading:
    def __init__(self, statements: Sequence[ir.Statement]) -> None:
        marked = [each.body for each in statements if isinstance(each, ir.ExportDeclaration)]
        self._marked = [inner for body in marked for inner in body]
        """Declarations with ``export`` before them."""
        plain = [each for each in statements if not isinstance(each, ir.ExportDeclaration)]
        self._statements: list[ir.Statement] = [*plain, *self._marked]
        self._imported: dict[str, str] = {}
        """Specifier by local name."""
        self._declared: dict[str, _Definition] = {}
        self._added: defaultdict[str, list[_Definition]] = defaultdict(list)
        """What is assigned to properties of the module's own objects: ``api.list = …``."""
        self._makers: list[Maker] = []
        self._environment: int | None = None
        for statement in self._statements:
            self._note(statement)

    def shape(self) -> Shape:
        leaves = [leaf for value in self._exported() for leaf in self._leaves(value, 0)]
        self._walk({id(leaf) for leaf in leaves})
        return Shape(
            exports=Counter(map(self._form, leaves)),
            makers=tuple(sorted(dict.fromkeys(self._makers), key=lambda maker: maker.at)),
            environment=self._environment,
            is_empty=all(isinstance(each, ir.Import) for each in self._statements),
        )

    def _note(self, statement: ir.Statement) -> None:
        match statement:
            case ir.Import(specifier=specifier, bindings=pairs):
                self._imported.update((local, specifier) for _, local in pairs)
            case ir.Declare(target=target, value=value) if value is not None:
                source = loaded(value)
                if source is not None:
                    self._imported.update(dict.fromkeys(bound_names([target]), source))
                elif isinstance(target, ir.Name):
                    self._declared[target.id] = assigned(value)
            case ir.Evaluate(value=ir.Assign(target=ir.Member(object=ir.Name(id=name)), value=value)):
                self._added[name].append(assigned(value))
            case ir.DeclareFunction(function=function):
                self._declared[function.name] = function
            case ir.DeclareClass(value=value):
                self._declared[value.name] = value

    def _exported(self) -> Iterator[_Definition | str]:
        """What it exports; a specifier for what it passes on whole."""
        for statement in self._statements:
            match statement:
                case ir.Export(bindings=pairs, specifier="", at=at):
                    yield from (ir.Name(local, at) for local, _ in pairs)
                case ir.Export(specifier=specifier):
                    yield specifier
                case ir.ExportDefault(value=value):
                    yield value
                case (
                    ir.Evaluate(value=ir.Assign(target=target, value=value))
                    | ir.Declare(value=ir.Assign(target=target, value=value))
                ) if is_exports(target):
                    yield assigned(value)
        for statement in self._marked:
            match statement:
                case ir.Declare(value=ir.Node() as made):
                    yield assigned(made)
                case ir.DeclareFunction(function=function):
                    yield function
                case ir.DeclareClass(value=declared):
                    yield declared

    def _leaves(self, value: _Definition | str, depth: int) -> Iterator[_Definition | str]:
        """What is exported one by one: names and objects looked through."""
        if isinstance(value, ir.Name):
            for added in self._added.get(value.id, ()) if depth < MAX_DEPTH else ():
                yield from self._leaves(added, depth + 1)
            value = self._declared.get(value.id, value)
        match value:
            case ir.Object(properties=properties) if depth < MAX_DEPTH:
                for entry in properties:
                    yield from self._leaves(entry.value, depth + 1)
            case ir.Array(items=items) if depth < MAX_DEPTH:
                for item in items:
                    yield from self._leaves(item, depth + 1) if item is not None else ()
            case ir.Spread(value=inner) if depth < MAX_DEPTH:
                yield from self._leaves(inner, depth + 1)
            case _:
                yield value

    def _form(self, value: _Definition | str) -> Form:
        match value:
            case str():
                return "passed-on"
            case ir.Function(parameters=parameters):
                return _form_of(parameters)
            case ir.Class():
                return self._class_form(value)
            case _ if loaded(value) is not None:
                return "passed-on"
            case ir.Name() | ir.Member():
                return "passed-on" if root_name(value) in self._imported else "value"
            case ir.New(callee=ir.Name(id=name)) if isinstance(made := self._declared.get(name), ir.Class):
                return self._class_form(made)
            case ir.Call() | ir.New() | ir.Await() | ir.Tagged():
                return _call_form(value)
        return "value"

    def _class_form(self, value: ir.Class, depth: int = 0) -> Form:
        base = last_name(value.base)
        inherited = self._declared.get(base)
        if base.endswith(("Error", "Exception")):
            return "error"
        if isinstance(inherited, ir.Class) and depth < MAX_DEPTH:
            return self._class_form(inherited, depth + 1)
        methods = [member for member in value.members if isinstance(member.value, ir.Function)]
        functions = [member.value for member in methods if isinstance(member.value, ir.Function)]
        handlers = sum(_form_of(function.parameters) in {"handler", "middleware"} for function in functions)
        return "controller" if handlers and 2 * handlers >= len(functions) else "class"

    def _walk(self, exported: Container[int]) -> None:
        """Look at every node once, bodies of functions left out; ``exported`` are those that are exported whole."""
        stack: list[tuple[ir.Node, bool]] = [(statement, False) for statement in self._statements]
        while stack:
            node, is_exported = stack.pop()
            is_exported = is_exported or id(node) in exported
            if type(node) in _TELLING:
                self._look_at(node, is_exported=is_exported)
            stack += [(inner, is_exported) for inner in ir.children(node) if type(inner) not in _BARREN]

    def _look_at(self, node: ir.Node, *, is_exported: bool) -> None:
        match node:
            case ir.Call(callee=ir.Member(name="model"), arguments=(_,)):
                pass  # ``mongoose.model('Patient')`` looks one up that is defined elsewhere
            case ir.Call(callee=callee, at=at) | ir.New(callee=callee, at=at) | ir.Tagged(tag=callee, at=at):
                self._add_maker(callee, at, is_exported=is_exported)
            case ir.Class(base=base, decorators=decorators, members=members, start=at):
                marks = [*decorators, *(mark for member in members for mark in member.decorators)]
                for mark in [*([base] if base is not None else []), *marks]:
                    self._add_maker(mark, at, is_exported=is_exported)
            case ir.Member(object=ir.Name(id="process"), name="env", at=at) if self._environment is None:
                self._environment = at

    def _add_maker(self, callee: ir.Expression, at: int, *, is_exported: bool) -> None:
        """Note by what something is made, if that is imported."""
        specifier = loaded(callee) or self._imported.get(self._root_of(callee))
        if specifier is not None and not is_loading(callee):
            self._makers.append(Maker(specifier, last_name(callee), at, is_exported))

    def _root_of(self, value: _Definition) -> str:
        """The name that a chain of members and calls begins with, looking through the module's own variables."""
        root = root_name(value)
        for _ in range(MAX_DEPTH):
            declared = self._declared.get(root)
            if root in self._imported or declared is None or isinstance(declared, ir.Function | ir.Class):
                break
            root = root_name(declared)
        return root


def _form_of(parameters: Sequence[ir.Parameter]) -> Form:
    """A function by its parameters: Express tells an error handler from a handler by their number, too."""
    names = [parameter.target.id if isinstance(parameter.target, ir.Name) else "" for parameter in parameters]
    if names[1:2] == ["DataTypes"]:
        return "model"
    if len(names) == _ERROR_HANDLER and names[1] in _REQUEST and names[2] in _RESPONSE:
        return "error-handler"
    if len(names) < _ENDPOINT or names[0] not in _REQUEST or names[1] not in _RESPONSE:
        return "function"
    return "handler" if len(names) == _ENDPOINT else "middleware" if len(names) == _MIDDLEWARE else "function"


def _call_form(value: ir.Expression) -> Form:
    """A call whose last argument is a handler, such as ``asyncHandler((req, res) => …)``, makes a handler."""
    match value:
        case ir.Call(callee=callee) | ir.New(callee=callee) if root_name(callee) in _BUILT_IN:
            return "value"
        case ir.Call(arguments=(*_, ir.Function(parameters=parameters))):
            form = _form_of(parameters)
            return "call" if form == "function" else form
    return "call"
