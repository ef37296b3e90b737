"""Where the settings of a connection are written: found by names alone, through as many files as it takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import Item
from medpro_audit.model.modules.resolution import SourceModule
from medpro_audit.model.modules.resolver import Resolver

_MAX_HOPS = 12


class _Written(NamedTuple):
    """An expression and the file that it stands in."""

    path: str
    node: ir.Expression


class _Exported(NamedTuple):
    """Something that a file exports; an empty name means all of it."""

    path: str
    name: str


class Origins:
    """Follows names to where their values are written."""

    def __init__(self, interpreter: Interpreter, resolver: Resolver) -> None:
        self._interpreter = interpreter
        self._resolver = resolver

    def of(self, item: Item) -> Place | None:
        """Where the value of an argument is written; None when that is at the call itself, or can't be told."""
        if item.source is None or item.module is None:
            return None
        start = _Written(item.module.path, item.source)
        found = self._written(start, _MAX_HOPS)
        if found is None or found == start:
            return None
        facts = self._interpreter.code.facts(found.path)
        return facts.place(offset_of(found.node)) if facts is not None else None

    def _written(self, where: _Written, hops: int) -> _Written | None:
        """The expression that makes a value."""
        if hops <= 0:
            return None
        match where.node:
            case ir.Name(id=name):
                return self._follow(_bound(self._statements(where.path), name), where.path, hops)
            case ir.Member(object=owner, name=name):
                # What can't be followed any further, such as process.env.X, is written here.
                return self._member(self._owner(_Written(where.path, owner), hops - 1), name, hops) or where
            case ir.Await(value=inner):
                return self._written(_Written(where.path, inner), hops - 1)
        return where

    def _owner(self, where: _Written, hops: int) -> _Written | _Exported | None:
        """Like `_written`, but stops at a file whose exports are meant as a whole."""
        if hops <= 0:
            return None
        bound = _bound(self._statements(where.path), where.node.id) if isinstance(where.node, ir.Name) else None
        if isinstance(bound, _Exported):
            if bound.name not in {"*", "default"}:
                return self._follow(bound, where.path, hops)
            target = self._target(where.path, bound.path)
            return _Exported(target, "") if target is not None else None
        if bound is not None:
            return self._owner(_Written(where.path, bound), hops - 1)
        specifier = _required(where.node)
        if specifier is None:
            return self._written(where, hops)
        target = self._target(where.path, specifier)
        return _Exported(target, "") if target is not None else None

    def _member(self, owner: _Written | _Exported | None, name: str, hops: int) -> _Written | None:
        if isinstance(owner, _Exported):
            whole = self._export(owner.path, "", hops) or self._export(owner.path, "default", hops)
            return (self._member(whole, name, hops) if whole is not None else None) or self._export(
                owner.path, name, hops
            )
        if owner is not None and isinstance(owner.node, ir.Object):
            for entry in owner.node.properties:
                if entry.key == name and entry.kind == "value":
                    return self._written(_Written(owner.path, entry.value), hops - 1)
            return owner if any(entry.kind == "spread" for entry in owner.node.properties) else None
        return owner if owner is not None and not isinstance(owner.node, ir.Member) else None

    def _follow(self, bound: ir.Expression | _Exported | None, path: str, hops: int) -> _Written | None:
        if isinstance(bound, _Exported):
            target = self._target(path, bound.path)
            return self._export(target, bound.name, hops - 1) if target is not None else None
        if bound is None:
            return None
        specifier = _required(bound)
        if specifier is None:
            return self._written(_Written(path, bound), hops - 1)
        target = self._target(path, specifier)
        return self._export(target, "", hops - 1) if target is not None else None

    def _export(self, path: str, name: str, hops: int) -> _Written | None:
        if hops <= 0:
            return None
        name = "" if name == "*" else name
        found = _exported(self._statements(path), name)
        if isinstance(found, _Exported):
            return self._follow(found, path, hops)
        if found is None and name == "default":
            found = _exported(self._statements(path), "")
            return self._follow(found, path, hops) if not isinstance(found, _Exported) else None
        if found is None and name:
            whole = self._export(path, "", hops - 1)
            return self._member(whole, name, hops - 1) if whole is not None else None
        return self._follow(found, path, hops)

    def _target(self, path: str, specifier: str) -> str | None:
        answer = self._resolver.resolve(path, specifier, "import")
        return answer.path if isinstance(answer, SourceModule) else None

    def _statements(self, path: str) -> tuple[ir.Statement, ...]:
        return self._interpreter.code.module(path)


def _flat(statements: Iterable[ir.Statement]) -> Iterator[ir.Statement]:
    for statement in statements:
        if isinstance(statement, ir.ExportDeclaration):
            yield from statement.body
        else:
            yield statement


def _bound(statements: Iterable[ir.Statement], name: str) -> ir.Expression | _Exported | None:
    """What a name of a module is bound to: an expression, or what another file exports (its path is the specifier)."""
    for statement in _flat(statements):
        match statement:
            case ir.Declare(target=ir.Name(id=bound), value=value) if bound == name:
                return value
            case ir.Declare(target=ir.ObjectPattern(entries=entries), value=value) if value is not None:
                for entry in entries:
                    target = entry.target.target if isinstance(entry.target, ir.Default) else entry.target
                    if isinstance(target, ir.Name) and target.id == name and isinstance(entry.key, str):
                        return ir.Member(value, entry.key, offset_of(value))
            case ir.Import(specifier=specifier, bindings=bindings):
                for imported, local in bindings:
                    if local == name:
                        return _Exported(specifier, imported)
    return None


def _exported(statements: Iterable[ir.Statement], name: str) -> ir.Expression | _Exported | None:
    """What a module exports under a name; under the empty one, what it sets ``module.exports`` to."""
    for statement in statements:
        match statement:
            case ir.ExportDeclaration(body=body) if name:
                found = _bound(body, name)
                if found is not None:
                    return found
            case ir.ExportDefault(value=value) if name == "default":
                return value
            case ir.Export(bindings=bindings, specifier=specifier):
                for local, exported in bindings:
                    if exported == name:
                        return _Exported(specifier, local) if specifier else ir.Name(local, 0)
            case ir.Evaluate(value=ir.Assign(target=ir.Member(object=owner, name=assigned), value=value)):
                if (assigned == "exports" and not name and isinstance(owner, ir.Name)) or (
                    assigned == name and _is_exports(owner)
                ):
                    return value
    return None


def _is_exports(node: ir.Expression) -> bool:
    match node:
        case ir.Name(id="exports") | ir.Member(object=ir.Name(id="module"), name="exports"):
            return True
    return False


def _required(node: ir.Expression) -> str | None:
    match node:
        case ir.Call(callee=ir.Name(id="require" | "import"), arguments=(ir.Literal(value=str() as specifier), *_)):
            return specifier
        case ir.Await(value=inner):
            return _required(inner)
    return None
