"""On which conditions calls depend, as they are written around them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir


class Guard(NamedTuple):
    """A choice that the code makes on the way to a call, and which side the call is on."""

    at: int
    """Byte offset of the choice."""
    side: str
    test: ir.Expression | None


MAX_GUARDS = 50
"""Choices on the way to a call that are kept."""

Guards = tuple[Guard, ...]


def guards_of(block: Sequence[ir.Statement]) -> dict[int, Guards]:
    """The choices on the way to each call or ``new``, outermost first, by its byte offset."""
    found: dict[int, Guards] = {}
    waiting: list[tuple[object, Guards]] = [(tuple(block), ())]
    while waiting:
        node, guards = waiting.pop()
        if isinstance(node, ir.Call | ir.New):
            found.setdefault(node.at, guards)
        if isinstance(node, tuple):
            waiting.extend(_in_block(node, guards))
        elif isinstance(node, ir.Node):
            waiting.extend(_in_node(node, guards))
    return found


def are_alternatives(first: Guards, second: Guards) -> bool:
    """Whether two calls stand on different sides of one choice, so that only one of them happens."""
    sides = {guard.at: guard.side for guard in first}
    return any(sides.get(guard.at, guard.side) != guard.side for guard in second)


def functions_of(statements: Sequence[ir.Statement]) -> list[ir.Function]:
    """The functions of a module that stand in no other function."""
    return [node for node in ir.walk(tuple(statements)) if isinstance(node, ir.Function)]


def _in_block(block: tuple[object, ...], guards: Guards) -> Iterator[tuple[object, Guards]]:
    """Each statement with its guards; after an ``if`` that returns, the others are on its other side."""
    for statement in block:
        yield statement, guards
        if isinstance(statement, ir.If) and len(guards) < MAX_GUARDS:
            if _leaves(statement.then):
                guards = (*guards, Guard(statement.at, "otherwise", statement.test))
            elif _leaves(statement.otherwise):
                guards = (*guards, Guard(statement.at, "then", statement.test))


def _in_node(node: ir.Node, guards: Guards) -> Iterator[tuple[object, Guards]]:
    at, test, sides = _choice(node) if len(guards) < MAX_GUARDS else (0, None, ())
    for name in ir.NODE_FIELDS[type(node)]:
        part = getattr(node, name)
        if name in sides and isinstance(node, ir.Switch):
            yield from ((case, (*guards, Guard(at, str(index), test))) for index, case in enumerate(node.cases))
        elif name in sides:
            yield part, (*guards, Guard(at, name, test))
        else:
            yield part, guards


def _choice(node: ir.Node) -> tuple[int, ir.Expression | None, Collection[str]]:
    """Where a node makes a choice, on what, and which of its parts are the sides; no sides for most nodes."""
    match node:
        case ir.If(test=test, at=at) | ir.Conditional(test=test, at=at):
            return at, test, ("then", "otherwise")
        case ir.Binary(operator="||" | "??" | "&&", left=left, at=at):
            return at, left, ("right",)
        case ir.Assign(operator="||=" | "??=", target=(ir.Name() | ir.Member() | ir.Index()) as target, at=at):
            return at, target, ("value",)
        case ir.Switch(value=value, at=at):
            return at, value, ("cases",)
        case ir.Try(at=at):
            return at, None, ("body", "handler")
    return 0, None, ()


def _leaves(block: Sequence[ir.Statement]) -> bool:
    """Whether nothing after a block runs once it has run."""
    if not block:
        return False
    last = block[-1]
    return isinstance(last, ir.Return | ir.Throw | ir.Jump) or (isinstance(last, ir.Block) and _leaves(last.body))
