"""The calls that a function makes, those of the project's own functions that it calls included.

It goes by names, across files by their imports, and says of what could not be followed. That is weaker than following
values, and enough to say "it closes the server" or "nothing in it can reach a database".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.modules.resolution import SourceModule
from medpro_audit.model.modules.resolver import Resolver

MAX_FUNCTIONS = 60
"""Further functions that one calls are not followed."""


class Reached(NamedTuple):
    """What a function does, as far as it can be followed."""

    nodes: tuple[tuple[str, ir.Node], ...]
    """Every node of it and of the functions that it calls, with the file."""
    lost: tuple[str, ...]
    """What it calls that is no function of the project, as written."""


class Reach:
    """Follows calls by name; remembers what each file declares."""

    def __init__(self, code: Code, resolver: Resolver) -> None:
        self._code = code
        self._resolver = resolver
        self._declared: dict[str, _Names] = {}

    def of(self, path: str, start: Sequence[ir.Node]) -> Reached:
        """What happens in some nodes of a file, and where they lead."""
        nodes: list[tuple[str, ir.Node]] = []
        lost: list[str] = []
        waiting: list[tuple[str, ir.Node]] = [(path, node) for node in reversed(start)]
        seen: set[tuple[str, int]] = set()
        while waiting:
            where, root = waiting.pop()
            for node in self._walk(where, root):
                nodes.append((where, node))
                if not isinstance(node, ir.Call | ir.New):
                    continue
                if isinstance(node, ir.New) and self._is_plain(where, node.callee):
                    continue
                found = self._target(where, node.callee)
                if found is None:
                    lost.append(text_of(node.callee))
                elif (found[0], found[1].start) not in seen and len(seen) < MAX_FUNCTIONS:
                    seen.add((found[0], found[1].start))
                    waiting.append(found)
        return Reached(tuple(nodes), tuple(dict.fromkeys(lost)))

    def function(self, path: str, name: str) -> tuple[str, ir.Function] | None:
        """The function that a name means in a file, imported ones included."""
        return self._by_name(path, name, depth=0)

    def _is_plain(self, path: str, callee: ir.Expression) -> bool:
        """Whether a class is one of the same file whose construction runs no code."""
        classes = self._names(path).classes
        return isinstance(callee, ir.Name) and callee.id in classes and classes[callee.id] is None

    def _walk(self, path: str, root: ir.Node) -> Iterator[ir.Node]:
        for node in ir.walk(root):
            yield node
            if isinstance(node, ir.Function) and node.body is None:
                yield from ir.walk(self._code.body(path, node.start, node.end))

    def _target(self, path: str, callee: ir.Expression) -> tuple[str, ir.Function] | None:
        match callee:
            case ir.Function():
                return None  # it is walked where it stands
            case ir.Name(id=name):
                return self._by_name(path, name, depth=0)
            case ir.Member(object=ir.This(), name=name):
                own = self._names(path).functions.get(name)
                return (path, own) if own is not None else None
            case ir.Member(object=ir.Name(id=space), name=name):
                module = self._imported(path, space)
                return self._by_name(module, name, depth=1) if module is not None else None
        return None

    def _by_name(self, path: str, name: str, *, depth: int) -> tuple[str, ir.Function] | None:
        names = self._names(path)
        own = names.functions.get(name) or names.classes.get(name)
        if own is not None:
            return path, own
        if name in names.imports and depth < _MAX_BARRELS:
            specifier, imported = names.imports[name]
            answer = self._resolver.resolve(path, specifier, "import")
            if isinstance(answer, SourceModule):
                return self._by_name(answer.path, imported if imported != "default" else name, depth=depth + 1)
        return None

    def _imported(self, path: str, name: str) -> str | None:
        found = self._names(path).imports.get(name)
        answer = self._resolver.resolve(path, found[0], "import") if found is not None else None
        return answer.path if isinstance(answer, SourceModule) else None

    def _names(self, path: str) -> _Names:
        if path not in self._declared:
            self._declared[path] = _names_of(node for top in self._code.module(path) for node in self._walk(path, top))
        return self._declared[path]


_MAX_BARRELS = 4


class _Names(NamedTuple):
    functions: Mapping[str, ir.Function]
    """Declared, assigned or kept as a property or method, by name; where there are several of a name, none."""
    classes: Mapping[str, ir.Function | None]
    """Constructors by the name of their class; None where it has none of its own."""
    imports: Mapping[str, tuple[str, str]]
    """Specifier and imported name by local name."""


def _names_of(nodes: Iterable[ir.Node]) -> _Names:
    functions: dict[str, ir.Function | None] = {}
    imports: dict[str, tuple[str, str]] = {}
    classes: dict[str, ir.Function | None] = {}
    for node in nodes:
        if isinstance(node, ir.Class):
            classes[node.name] = next((one for one in map(_constructor, node.members) if one is not None), None)
        for name, function in _functions(node):
            functions[name] = function if functions.get(name, function) is function else None
        imports.update(_imports(node))
    return _Names({name: one for name, one in functions.items() if one is not None}, classes, imports)


def _constructor(member: ir.ClassMember) -> ir.Function | None:
    return member.value if member.kind == "constructor" and isinstance(member.value, ir.Function) else None


def _functions(node: ir.Node) -> Iterator[tuple[str, ir.Function]]:
    match node:
        case ir.DeclareFunction(function=function):
            yield function.name, function
        case ir.Declare(target=ir.Name(id=name), value=value) if (found := _function_in(value)) is not None:
            yield name, found
        case ir.Assign(target=ir.Member(name=name), value=value) if (found := _function_in(value)) is not None:
            yield name, found
        case ir.Property(key=str() as name, value=ir.Function() as function):
            yield name, function
        case ir.ClassMember(key=str() as name, value=ir.Function() as function):
            yield name, function


def _function_in(value: ir.Expression | None) -> ir.Function | None:
    """A function, or the only one that a wrapper such as ``once(…)`` is given."""
    if isinstance(value, ir.Call):
        given = [item for item in value.arguments if isinstance(item, ir.Function)]
        return given[0] if len(given) == 1 else None
    return value if isinstance(value, ir.Function) else None


def _imports(node: ir.Node) -> Iterator[tuple[str, tuple[str, str]]]:
    match node:
        case ir.Import(specifier=specifier, bindings=bindings):
            yield from ((local, (specifier, imported)) for imported, local in bindings)
        case ir.Declare(
            target=target,
            value=ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier),)),
        ):
            if isinstance(target, ir.Name):
                yield target.id, (specifier, "default")
            elif isinstance(target, ir.ObjectPattern):
                for entry in target.entries:
                    if isinstance(entry.key, str) and isinstance(entry.target, ir.Name):
                        yield entry.target.id, (specifier, entry.key)
