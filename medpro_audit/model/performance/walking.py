"""Goes through lowered code and says of each node where it stands: in which functions, in which loop, under what."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from medpro_audit.facts import ir

MAX_NODES = 200_000
"""Nodes of one walk; what is beyond is left out."""

_PER_ELEMENT = frozenset(
    ("map", "forEach", "flatMap", "filter", "reduce", "some", "every", "each", "eachSeries", "eachLimit", "mapSeries")
)
"""Methods that call a function for each element: of arrays, and of the packages async, bluebird and lodash."""

_BATCH = re.compile(r"(?:^|_)(?:batch|chunk)|Batch|Chunk")
_BATCHES = re.compile(
    r"(?:batches|chunks)$|(?:batch|chunk)_?(?:count|total)$|(?:num|total)(?:batches|chunks)$", re.IGNORECASE
)
"""Names of parts of a longer list, and of all of them, or of how many there are."""

Body = Callable[[ir.Function], Sequence[ir.Statement]]
"""The body of a function that was left out when it was lowered."""


class Loop(Struct, frozen=True):
    """Something that runs code for each element."""

    at: int
    over: ir.Expression | None
    """The elements, where one expression yields them."""
    element: str = ""
    """The variable that each of them is in, where it is one."""


Loops = tuple[Loop, ...]
"""Outermost first."""


class Visit(Struct, frozen=True):
    """A node and where it stands."""

    node: ir.Node
    parent: Visit | None
    loops: Loops
    """What runs it once for each element of something."""
    functions: tuple[int, ...]
    """Starts of the functions around it, outermost first."""


def visits(code: Sequence[ir.Statement], body: Body, functions: tuple[int, ...] = ()) -> Iterator[Visit]:
    """Every node, in the order of the source."""
    stack = [Visit(statement, None, (), functions) for statement in reversed(code)]
    count = 0
    while stack and count < MAX_NODES:
        visit = stack.pop()
        count += 1
        yield visit
        node, functions = visit.node, visit.functions
        if type(node) in _BRANCHING:
            inside = (*functions, node.start) if isinstance(node, ir.Function) else functions
            found = [Visit(child, visit, loops, inside) for child, loops in _inner(node, visit.loops, body)]
        else:
            found = [Visit(child, visit, visit.loops, functions) for child in ir.children(node)]
        stack += found[::-1]


def looped(code: Sequence[ir.Node], body: Body, wanted: frozenset[type[ir.Node]]) -> Iterator[tuple[ir.Node, Loops]]:
    """Nodes of some types with the loops around them, in the order of the source; quicker than `visits`."""
    stack: list[tuple[ir.Node, Loops]] = [(statement, ()) for statement in reversed(code)]
    count = 0
    while stack and count < MAX_NODES:
        node, loops = stack.pop()
        kind = type(node)
        count += 1
        if kind in wanted:
            yield node, loops
        if kind in _BRANCHING:
            inside = [each for each in _inner(node, loops, body) if type(each[0]) not in _LEAVES]
            stack += inside[::-1]
            continue
        inside = [(child, loops) for child in ir.children(node) if type(child) not in _LEAVES]
        stack += inside[::-1]


def per_element(call: ir.Call) -> Loop | None:
    """The loop that a call is, if it calls a function for each element of what isn't written out in the code."""
    match call.callee:
        case ir.Member(name=name, object=owner) if name in _PER_ELEMENT:
            element = next((_first_parameter(one) for one in call.arguments if isinstance(one, ir.Function)), "")
            return Loop(call.at, owner, element) if not (is_written_out(owner) or _yields_batches(owner)) else None
    return None


def repeats(loop: ir.Loop) -> bool:
    """Whether a loop runs once for each element of something, however many there are.

    One that waits or tries again does not, nor does one over a list or up to a number that stands in the code, nor one
    that takes many at a time.
    """
    match loop:
        case ir.Loop(kind="of" | "in", iterable=iterable, target=target):
            return not (is_written_out(iterable) or _yields_batches(iterable) or _is_batch(target))
        case ir.Loop(kind="for", update=ir.Assign(operator="+=" | "-=", value=step)) if not _is_one(step):
            return False
        case ir.Loop(kind="for", test=ir.Binary(right=bound)) if _yields_batches(bound):
            return False
        case ir.Loop(kind="for", test=ir.Binary(right=ir.Literal())):
            return False
    return loop.kind == "for" and loop.test is not None


def is_written_out(node: ir.Expression | None) -> bool:
    """Whether a list stands here item by item: ``[1, 2]``, not ``[...found]``."""
    return (
        isinstance(node, ir.Array) and bool(node.items) and not any(isinstance(item, ir.Spread) for item in node.items)
    )


def _first_parameter(function: ir.Function) -> str:
    return _name_of(function.parameters[0].target) if function.parameters else ""


def _name_of(target: ir.Pattern | None) -> str:
    return target.id if isinstance(target, ir.Name) else ""


def _is_one(step: ir.Expression) -> bool:
    return isinstance(step, ir.Literal) and step.value == 1


def _yields_batches(node: ir.Expression | None) -> bool:
    """Whether what stands there is a list of lists, or its length: ``chunk(ids, 100)``, ``batches``, ``batchCount``."""
    match node:
        case ir.Await(value=inner) | ir.Member(object=inner, name="length"):
            return _yields_batches(inner)
        case ir.Call(callee=ir.Name(id=name) | ir.Member(name=name)):
            return _BATCH.search(name) is not None
        case ir.Name(id=name) | ir.Member(name=name):
            return _BATCHES.search(name) is not None
    return False


def _is_batch(target: ir.Pattern | None) -> bool:
    return isinstance(target, ir.Name) and _BATCH.search(target.id) is not None


def _inner(node: ir.Node, loops: Loops, body: Body) -> Iterator[tuple[ir.Node, Loops]]:
    """What stands in a function, loop or call, with the loops around that."""
    match node:
        case ir.Function():
            code = node.body if node.body is not None else body(node)
            for part in (*node.parameters, *code):
                yield part, loops
        case ir.Loop():
            inside = (*loops, Loop(node.at, node.iterable, _name_of(node.target))) if repeats(node) else loops
            for child in ir.children(node, _BEFORE_LOOP):
                yield child, loops
            for child in ir.children(node, _IN_LOOP):
                yield child, inside
        case ir.If() | ir.Switch():
            yield from _by_case(node, loops)
        case ir.Call():
            loop = per_element(node)
            yield node.callee, loops
            for argument in node.arguments if not puts_off(node) else ():
                yield argument, (*loops, loop) if loop is not None and isinstance(argument, ir.Function) else loops


def _by_case(node: ir.If | ir.Switch, loops: Loops) -> Iterator[tuple[ir.Node, Loops]]:
    """What stands in a branching, with the loops around each of its branches."""
    if isinstance(node, ir.Switch):
        yield node.value, loops
        for case in node.cases:
            yield case, _for_one(node.value, case.test, loops)
        return
    yield node.test, loops
    repeated = loops
    match node.test:
        case ir.Binary(operator="===" | "==", left=left, right=right):
            repeated = _for_one(left, right, loops)
    yield from ((child, repeated) for child in node.then)
    yield from ((child, loops) for child in node.otherwise)


def _for_one(asked: ir.Expression, wanted: ir.Expression | None, loops: Loops) -> Loops:
    """The loops that still repeat what is only run for the element that is asked for: ``if (name === 'visits')``."""
    is_word = isinstance(wanted, ir.Literal) and isinstance(wanted.value, str)
    return (
        tuple(loop for loop in loops if loop.element != asked.id) if is_word and isinstance(asked, ir.Name) else loops
    )


def puts_off(call: ir.Call) -> bool:
    """Whether a call leaves its function for later, so that nobody waits for that."""
    return isinstance(call.callee, ir.Name) and call.callee.id in _TIMERS


_TIMERS = frozenset(("setInterval", "setTimeout", "setImmediate"))
_BRANCHING = frozenset((ir.Function, ir.Loop, ir.Call, ir.If, ir.Switch))
_LEAVES = frozenset((ir.Literal, ir.Name, ir.Regex, ir.Super, ir.This))
_BEFORE_LOOP = ("target", "iterable", "first")
_IN_LOOP = ("test", "update", "body")
