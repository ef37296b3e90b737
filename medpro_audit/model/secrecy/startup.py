"""Which environment variables a program can't run without: it throws or exits while it loads when one is unset."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, TypeVar

from msgspec import structs

from medpro_audit.facts import ir
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.token import Token
from medpro_audit.model.testing.preparing import started_modules

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.program import Code
    from medpro_audit.model.known import Known

T = TypeVar("T", Token, Cookie)

_SCANNED = 1_000_000
"""Bytes of a module in which words of such a check are looked for."""
_LOADING = frozenset(("import", "asset"))
"""Edges of the import graph along which code is loaded."""


class Startup:
    """Answers whether a module is only ever loaded by programs that have a variable."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._required: dict[str, frozenset[str]] = {}
        self._imports: dict[str, list[str]] = {}
        for source, target, kind in known.base.graph.edges:
            if kind in _LOADING:
                self._imports.setdefault(source, []).append(target)
        self._programs = {path: self._loaded_by(path) for path in sorted(started_modules(known))}

    def is_loaded(self, path: str) -> bool:
        """Whether any program is seen to load a module."""
        return any(path in loaded for loaded in self._programs.values())

    def has_each(self, path: str, names: AbstractSet[str]) -> bool:
        """Whether every program that loads a module makes sure, while it loads, that one of these variables is set."""
        programs = [loaded for loaded in self._programs.values() if path in loaded]
        return bool(programs) and all(any(names & self._required_by(each) for each in loaded) for loaded in programs)

    def settled(self, signing: T) -> T:
        """A token or a cookie, of which the default of its secret does not count where no program can use it."""
        if signing.secret != "fallback" or signing.variable is None:  # noqa: S105 - a word of ours
            return signing
        written = signing.cause.file if signing.cause is not None else signing.file
        if not self.has_each(written, {signing.variable}):
            return signing
        return structs.replace(signing, secret="environment", cause=None)  # noqa: S106 - a word of ours

    def _loaded_by(self, path: str) -> frozenset[str]:
        found = {path: None}
        waiting = [path]
        for each in waiting:
            waiting += [target for target in self._imports.get(each, ()) if target not in found]
            found.update(dict.fromkeys(self._imports.get(each, ())))
        return frozenset(found)

    def _required_by(self, path: str) -> frozenset[str]:
        if path not in self._required:
            code = self._known.base.interpreter.code
            text = code.snippet(path, 0, _SCANNED) if path in self._known.base.facts else ""
            may_end = "process.env" in text and ("process.exit" in text or "throw" in text)
            self._required[path] = frozenset(_Checks(code, path).required()) if may_end else frozenset()
        return self._required[path]


class _Checks:
    """Reads the top level of one module."""

    def __init__(self, code: Code, path: str) -> None:
        self._code = code
        self._path = path
        self._lists: dict[str, tuple[str, ...]] = {}
        """Lists of names."""
        self._unset: dict[str, tuple[str, ...]] = {}
        """The same, of which only those remain that are unset."""

    def required(self) -> Iterator[str]:
        """Variables that it makes sure of, with nothing else asked beside them."""
        for statement in self._code.module(self._path):
            match statement:
                case ir.Declare(target=ir.Name(id=name), value=ir.Array() as array):
                    self._lists[name] = _texts(array)
                case ir.Declare(target=ir.Name(id=name), value=ir.Call() as call):
                    self._unset[name] = self._picked(call)
                case ir.If(test=test, then=then) if _ends(then):
                    yield from _asked(test)
                    yield from self._counted(test)
                case ir.Loop(kind="of", target=ir.Name(id=name), iterable=iterable, body=body):
                    asked = [each for each in body if isinstance(each, ir.If) and _ends(each.then)]
                    if any(_is_unset(each.test, name) for each in asked):
                        yield from self._names(iterable)

    def _counted(self, test: ir.Expression) -> tuple[str, ...]:
        """``missing.length``, ``missing.length > 0``."""
        match test:
            case ir.Binary(operator=">" | "!==" | "!=", left=left, right=ir.Literal(value=0)):
                return self._counted(left)
            case ir.Member(object=ir.Name(id=name), name="length"):
                return self._unset.get(name, ())
        return ()

    def _picked(self, call: ir.Call) -> tuple[str, ...]:
        """``names.filter((name) => !process.env[name])``: those of a list that are unset."""
        match call:
            case ir.Call(callee=ir.Member(object=owner, name="filter"), arguments=(ir.Function() as function,)):
                body = function.body or self._code.body(self._path, function.start, function.end)
                parameter = function.parameters[0].target if function.parameters else None
                result = next((each.value for each in body if isinstance(each, ir.Return)), None)
                if isinstance(parameter, ir.Name) and _is_unset(result, parameter.id):
                    return self._names(owner)
        return ()

    def _names(self, node: ir.Expression | None) -> tuple[str, ...]:
        match node:
            case ir.Array():
                return _texts(node)
            case ir.Name(id=name):
                return self._lists.get(name, ())
        return ()


def _asked(test: ir.Expression) -> Iterator[str]:
    """``!process.env.A || !process.env.B``: each of them must be there."""
    match test:
        case ir.Binary(operator="||", left=left, right=right):
            yield from _asked(left)
            yield from _asked(right)
        case ir.Unary(operator="!", operand=ir.Member(object=env, name=name)) if _is_environment(env):
            yield name
        case ir.Binary(operator="==" | "===", left=ir.Member(object=env, name=name), right=ir.Name(id="undefined")):
            if _is_environment(env):
                yield name


def _is_unset(test: ir.Expression | None, name: str) -> bool:
    match test:
        case ir.Unary(operator="!", operand=ir.Index(object=env, key=ir.Name(id=key))):
            return key == name and _is_environment(env)
    return False


def _texts(array: ir.Array) -> tuple[str, ...]:
    return tuple(item.value for item in array.items if isinstance(item, ir.Literal) and isinstance(item.value, str))


def _is_environment(node: ir.Expression) -> bool:
    match node:
        case ir.Member(object=ir.Name(id="process"), name="env"):
            return True
    return False


def _ends(statements: Sequence[ir.Statement]) -> bool:
    """Whether the program ends here: an error that nobody catches at the top level, or an exit."""
    for statement in statements:
        match statement:
            case ir.Throw():
                return True
            case ir.Evaluate(value=ir.Call(callee=ir.Member(object=ir.Name(id="process"), name="exit" | "abort"))):
                return True
    return False
