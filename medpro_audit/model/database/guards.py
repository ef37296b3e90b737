"""On which conditions a call depends, as they are written around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir


class Guard(NamedTuple):
    """A choice that the code makes on the way to a call, and which side the call is on."""

    at: int
    """Byte offset of the choice."""
    side: str
    test: ir.Expression | None


def guards_of(block: Sequence[ir.Statement], at: int) -> tuple[Guard, ...]:
    """The choices on the way to the call or ``new`` at a byte offset, outermost first; none when it isn't there."""
    return tuple(_in_block(block, at))


def are_alternatives(first: Sequence[Guard], second: Sequence[Guard]) -> bool:
    """Whether two calls stand on different sides of one choice, so that only one of them happens."""
    sides = {guard.at: guard.side for guard in first}
    return any(sides.get(guard.at, guard.side) != guard.side for guard in second)


def _in_block(block: Sequence[ir.Statement], at: int) -> Iterator[Guard]:
    passed: list[Guard] = []
    for statement in block:
        if _holds(statement, at):
            yield from passed
            yield from _in_node(statement, at)
            return
        if isinstance(statement, ir.If):
            if _leaves(statement.then):
                passed.append(Guard(statement.at, "otherwise", statement.test))
            elif _leaves(statement.otherwise):
                passed.append(Guard(statement.at, "then", statement.test))


def _in_node(node: object, at: int) -> Iterator[Guard]:
    match node:
        case ir.If() | ir.Conditional():
            for side in ("then", "otherwise"):
                if _holds(getattr(node, side), at):
                    yield Guard(node.at, side, node.test)
        case ir.Binary(operator="||" | "??" | "&&", right=right) if _holds(right, at):
            yield Guard(node.at, "right", node.left)
        case ir.Assign(operator="||=" | "??=", target=(ir.Name() | ir.Member() | ir.Index()) as target):
            yield Guard(node.at, "right", target)
        case ir.Switch(cases=cases):
            for index, case in enumerate(cases):
                if _holds(case, at):
                    yield Guard(node.at, str(index), case.test)
        case ir.Try(handler=handler):
            yield Guard(node.at, "handler" if handler is not None and _holds(handler, at) else "body", None)
    for child in _children(node):
        if _holds(child, at):
            yield from _in_block(child, at) if _is_block(child) else _in_node(child, at)
            return


def _children(node: object) -> Iterator[object]:
    if isinstance(node, tuple):
        yield from node
    elif isinstance(node, ir.Node):
        yield from (getattr(node, name) for name in node.__struct_fields__)


def _is_block(value: object) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], ir.Statement)


def _holds(node: object, at: int) -> bool:
    """Whether the call at a byte offset is part of a node."""
    if not isinstance(node, ir.Node | tuple):
        return False
    return any(isinstance(inner, ir.Call | ir.New) and inner.at == at for inner in ir.walk(node))


def _leaves(block: Sequence[ir.Statement]) -> bool:
    """Whether nothing after a block runs once it has run."""
    if not block:
        return False
    last = block[-1]
    return isinstance(last, ir.Return | ir.Throw | ir.Jump) or (isinstance(last, ir.Block) and _leaves(last.body))
