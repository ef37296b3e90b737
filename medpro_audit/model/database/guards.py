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


def function_around(statements: Sequence[ir.Statement], at: int) -> ir.Function | None:
    """The outermost function around a byte offset; None when it is at the top of the module."""
    nodes = ir.walk(tuple(statements))
    return next((node for node in nodes if isinstance(node, ir.Function) and node.start <= at < node.end), None)


def _in_block(block: Sequence[object], at: int) -> Iterator[Guard]:
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
    guard = _guard(node, at)
    if guard is not None:
        yield guard
    inner = next((child for child in _children(node) if _holds(child, at)), None)
    if isinstance(inner, tuple):
        yield from _in_block(inner, at)
    elif inner is not None:
        yield from _in_node(inner, at)


def _guard(node: object, at: int) -> Guard | None:
    """The choice that a node makes itself, if the call is on one of its sides."""
    sides: dict[str, object]
    test: ir.Expression | None = None
    match node:
        case (
            ir.If(then=then, otherwise=otherwise, test=test) | ir.Conditional(then=then, otherwise=otherwise, test=test)
        ):
            sides = {"then": then, "otherwise": otherwise}
        case ir.Binary(operator="||" | "??" | "&&", left=test, right=right):
            sides = {"right": right}
        case ir.Assign(operator="||=" | "??=", target=(ir.Name() | ir.Member() | ir.Index()) as test, value=right):
            sides = {"right": right}
        case ir.Switch(value=test, cases=cases):
            sides = {str(index): case for index, case in enumerate(cases)}
        case ir.Try(body=body, handler=handler):
            sides = {"body": body, "handler": handler}
        case _:
            return None
    side = next((name for name, part in sides.items() if _holds(part, at)), None)
    return Guard(node.at, side, test) if side is not None else None


def _children(node: object) -> Iterator[object]:
    if isinstance(node, ir.Node):
        yield from (getattr(node, name) for name in node.__struct_fields__)


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
