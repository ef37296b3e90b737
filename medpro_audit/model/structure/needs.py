"""Whether a module needs another one while it loads, so that a circle of imports can leave it with nothing."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import Literal

from medpro_audit.facts import ir
from medpro_audit.model.known import Base
from medpro_audit.model.modules.resolution import SourceModule
from medpro_audit.model.modules.specifier import is_relative


class Needs:
    """Answers for an import of one module by another."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def is_needed(self, source: str, target: str) -> bool:
        """Whether a module uses another one while it loads, or keeps what that may not have exported by then.

        What ``import`` binds is there for functions that run later, even in a circle, and so are the members of what
        ``require`` yields, unless the other module puts something else in its place.
        """
        statements = self._base.interpreter.code.module(source)
        names = {
            local
            for statement in statements
            if isinstance(statement, ir.Import) and self._leads(source, statement.specifier, target)
            for _, local in statement.bindings
        }
        assigned = self._replaced(target)
        if assigned == "early":
            return False
        kept = dict(self._kept(statements, source, target, is_replaced=assigned == "late"))
        names.update(kept.values())
        return any(self._is_use(node, source, target, names, kept) for node in _run_at_once(statements))

    def _kept(
        self, statements: Iterable[ir.Node], source: str, target: str, *, is_replaced: bool
    ) -> Iterator[tuple[int, str]]:
        """Calls of ``require`` whose whole result a variable keeps, or nothing does, by their place."""
        for statement in statements:
            match statement:
                case ir.Declare(target=ir.Name(id=name), value=ir.Call() as call) if self._loads(call, source, target):
                    if not is_replaced:
                        yield call.at, name
                case ir.Evaluate(value=ir.Call() as call) if self._loads(call, source, target):
                    yield call.at, ""

    def _is_use(self, node: ir.Node, source: str, target: str, names: Container[str], kept: Container[int]) -> bool:
        match node:
            case ir.Name(id=name):
                return name in names
            case ir.Call() if self._loads(node, source, target):
                return node.at not in kept
        return False

    def _replaced(self, path: str) -> Literal["never", "early", "late"]:
        """When a module replaces the object that others get of it while it loads: before it loads others, or after."""
        nodes = list(_run_at_once(self._base.interpreter.code.module(path)))
        replaced = [node.at for node in nodes if isinstance(node, ir.Assign) and _is_exports(node.target)]
        loads = [node.at for node in nodes if isinstance(node, ir.Call) and _is_relative(node)]
        if not replaced:
            return "never"
        return "early" if max(replaced) < min(loads, default=0) else "late"

    def _loads(self, call: ir.Call, source: str, target: str) -> bool:
        match call:
            case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier), *_)):
                return self._leads(source, specifier, target)
        return False

    def _leads(self, source: str, specifier: str, target: str) -> bool:
        answer = self._base.resolver.resolve(source, specifier, "import")
        return isinstance(answer, SourceModule) and answer.path == target


def _is_exports(target: ir.Node) -> bool:
    return isinstance(target, ir.Member) and target.name == "exports" and isinstance(target.object, ir.Name)


def _is_relative(call: ir.Call) -> bool:
    match call:
        case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier), *_)):
            return is_relative(specifier)
    return False


def _run_at_once(statements: Iterable[ir.Node]) -> Iterator[ir.Node]:
    """What runs while a module loads: bodies of functions left out, and fields that each instance gets for itself.

    Names that are declared, and those that are only kept in an object, use nothing.
    """
    stack = list(statements)
    while stack:
        node = stack.pop()
        yield node
        match node:
            case ir.Declare(value=value):
                inner: list[ir.Node] = [value] if value is not None else []
            case ir.Property(value=ir.Name()):
                inner = []
            case _:
                inner = ir.children(node)
        for each in inner:
            if isinstance(each, ir.ClassMember) and not each.is_static:
                stack += each.decorators
            elif not isinstance(each, ir.Function):
                stack.append(each)
