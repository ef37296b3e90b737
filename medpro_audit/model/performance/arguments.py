"""What a function leaves out when it is called with certain arguments: ``format(user, false)``, ``list(owner)``.

Literals decide a condition, and so do the words of a list that is written out. Of any other argument only that it is
there is known, so that the case without it is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum

from medpro_audit.facts import ir

Body = Callable[[ir.Function], Sequence[ir.Statement]]
"""The statements of a function."""


class Sort(Enum):
    """What is known of an argument that is no literal."""

    GIVEN = "given"
    LEFT_OUT = "left out"


Argument = str | int | float | bool | Sort | tuple["Argument", ...] | None
Names = Mapping[str, Argument]
"""What the parameters of a function stand for in one call."""


def named_in(function: ir.Function, call: ir.Node, names: Names, body: Body) -> dict[str, Argument]:
    """What the parameters of a function stand for in a call, where other names stand for what is known already."""
    if not isinstance(call, ir.Call) or any(isinstance(each, ir.Spread) for each in call.arguments):
        return {}
    made: dict[str, Argument] = {}
    for at, parameter in enumerate(function.parameters):
        target = parameter.target
        given = _meaning(call.arguments[at], names) if at < len(call.arguments) else Sort.LEFT_OUT
        if isinstance(target, ir.Default) and given is Sort.LEFT_OUT:
            given = _meaning(target.value, {})
        target = target.target if isinstance(target, ir.Default) else target
        if isinstance(target, ir.Name):
            made[target.id] = given
    changed, handed = _uses(function, body) if made else (set(), set())
    # What is only asked, and never handed on, may be a switch: a variable for it may be false.
    return {
        name: value
        for name, value in made.items()
        if name not in changed and (value is not Sort.GIVEN or name in handed)
    }


def left_out(function: ir.Function, names: Names, body: Body) -> frozenset[int]:
    """Where the calls stand that a function doesn't make when its parameters stand for this."""
    if not names:
        return frozenset()
    walk = _Walk(names, body)
    walk.block(body(function))
    return frozenset(walk.found)


def _meaning(node: ir.Expression, names: Names) -> Argument:
    match node:
        case ir.Literal(value=value):
            return value
        case ir.Name(id="undefined"):
            return Sort.LEFT_OUT
        case ir.Name(id=name):
            return names.get(name, Sort.GIVEN)
        case ir.Array(items=items) if all(isinstance(item, ir.Literal) for item in items):
            return tuple(item.value for item in items if isinstance(item, ir.Literal))
    return Sort.GIVEN


def _uses(function: ir.Function, body: Body) -> tuple[set[str], set[str]]:
    """Names that are set in a function, and those that are handed on to something."""
    changed: set[str] = set()
    handed: set[str] = set()
    for node in _within(body(function), body):
        match node:
            case ir.Assign(target=ir.Name(id=name)):
                changed.add(name)
            case ir.Call(arguments=arguments):
                handed.update(each.id for each in arguments if isinstance(each, ir.Name))
            case ir.Property(value=ir.Name(id=name)):
                handed.add(name)
    return changed, handed


def _within(nodes: Sequence[ir.Node], body: Body) -> Iterator[ir.Node]:
    """Nodes and all in them, the functions included."""
    waiting = list(nodes)
    for node in waiting:
        yield node
        waiting += ir.children(node)
        if isinstance(node, ir.Function) and node.body is None:
            waiting += body(node)


class _Walk:
    """Goes through the code of a function and notes the calls that it leaves out."""

    def __init__(self, names: Names, body: Body) -> None:
        self._names = names
        self._body = body
        self.found: set[int] = set()

    def block(self, code: Sequence[ir.Node]) -> bool:
        """Go through statements; whether nothing runs after them."""
        for at, node in enumerate(code):
            if self._ends(node):
                self._leave_out(code[at + 1 :])
                return True
        return False

    def _ends(self, node: ir.Node) -> bool:
        match node:
            case ir.Return() | ir.Throw():
                self._inside(node)
                return True
            case ir.If(test=test, then=then, otherwise=otherwise):
                self._inside(test)
                holds = self._holds(test)
                if holds is not None:
                    self._leave_out(otherwise if holds else then)
                    return self.block(then if holds else otherwise)
                ends = [self.block(then), self.block(otherwise)]
                return all(ends)
        self._inside(node)
        return False

    def _inside(self, node: ir.Node) -> None:
        match node:
            case ir.Binary(operator="&&" | "||" as operator, left=left, right=right):
                self._inside(left)
                is_decided = self._holds(left) is (operator == "||")
                (self._leave_out if is_decided else self.block)((right,))
            case ir.Conditional(test=test, then=then, otherwise=otherwise) if (holds := self._holds(test)) is not None:
                self._leave_out((otherwise if holds else then,))
                self._inside(then if holds else otherwise)
            case ir.Function(parameters=parameters):
                hidden = {each.target.id for each in parameters if isinstance(each.target, ir.Name)}
                if not hidden & set(self._names):
                    self.block(self._body(node))
            case ir.Loop(body=code) | ir.Try(body=code):
                self.block(code)
                self._each(child for child in ir.children(node) if child not in code)
            case _:
                self._each(ir.children(node))

    def _each(self, nodes: Iterator[ir.Node] | Sequence[ir.Node]) -> None:
        for node in nodes:
            self.block((node,))

    def _leave_out(self, nodes: Sequence[ir.Node]) -> None:
        inner = _within(nodes, self._body)
        self.found.update(node.at for node in inner if isinstance(node, ir.Call | ir.New | ir.Tagged))

    def _holds(self, test: ir.Expression) -> bool | None:
        """Whether a condition holds; None where the arguments don't tell."""
        match test:
            case ir.Unary(operator="!", operand=operand):
                holds = self._holds(operand)
                return None if holds is None else not holds
            case ir.Binary(operator="&&" | "||" as operator, left=left, right=right):
                sides = [self._holds(left), self._holds(right)]
                decisive = operator == "||"
                return decisive if decisive in sides else (None if None in sides else not decisive)
            case ir.Name(id=name) if name in self._names:
                return _is_true(self._names[name])
            case ir.Call(
                callee=ir.Member(object=ir.Name(id=name), name="includes"), arguments=(ir.Literal(value=word),)
            ):
                listed = self._names.get(name)
                return word in listed if isinstance(listed, tuple) else None
        return None


def _is_true(value: Argument) -> bool:
    return value is Sort.GIVEN if isinstance(value, Sort) else isinstance(value, tuple) or bool(value)
