"""Calls in a loop that run for one element only: ``if (kind === 'visits') await visits.store();``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from medpro_audit.facts import ir
from medpro_audit.model.performance.walking import Body, per_element

Chosen = Callable[[int, int], bool]
"""Whether a loop, by where it stands, runs a call, by where that stands, for one element only."""


def chosen_in(nodes: Sequence[ir.Node], body: Body) -> Chosen:
    """The calls under a condition that the element itself is a certain text or number: it is that once."""
    found = {(at, call) for at, name, code in _rounds(nodes, body) for call in _chosen_by(name, code)}
    return lambda loop, call: (loop, call) in found


def _rounds(nodes: Sequence[ir.Node], body: Body) -> Iterator[tuple[int, str, Sequence[ir.Node]]]:
    """Loops, each with the name of its element and the code of a round."""
    for node in nodes:
        match node:
            case ir.Loop(kind="of", target=ir.Name(id=name), body=code, at=at):
                yield at, name, code
            case ir.Call(arguments=(ir.Function(parameters=(ir.Parameter(target=ir.Name(id=name)), *_)) as each, *_)):
                if per_element(node) is not None:
                    yield node.at, name, each.body if each.body is not None else body(each)


def _chosen_by(name: str, code: Sequence[ir.Node]) -> Iterator[int]:
    for node in ir.walk(tuple(code)):
        chosen: Sequence[ir.Node] = ()
        match node:
            case ir.If(test=test, then=then) if _is_certain(test, name):
                chosen = then
            case ir.Switch(value=ir.Name(id=asked), cases=cases) if asked == name:
                chosen = cases
        yield from (inner.at for inner in ir.walk(tuple(chosen)) if isinstance(inner, ir.Call | ir.New | ir.Tagged))


def _is_certain(test: ir.Expression, name: str) -> bool:
    match test:
        case ir.Binary(operator="===" | "==", left=ir.Name(id=left), right=ir.Literal()):
            return left == name
        case ir.Binary(operator="&&", left=left, right=right):
            return _is_certain(left, name) or _is_certain(right, name)
    return False
