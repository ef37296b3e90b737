"""Bodies of functions with the place of each node in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from weakref import WeakKeyDictionary

from msgspec import Struct

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue


class Spot(Struct, frozen=True):
    """A node, and the one it stands in."""

    node: ir.Node
    field: str
    """Of the node around it."""
    around: Spot | None

    @property
    def outward(self) -> Iterator[Spot]:
        """It and what is around it, innermost first."""
        spot: Spot | None = self
        while spot is not None:
            yield spot
            spot = spot.around

    @property
    def is_own(self) -> bool:
        """It stands in no function within the body."""
        return not any(isinstance(spot.node, ir.Function) for spot in self.outward if spot is not self)

    @property
    def is_tried(self) -> bool:
        """It stands in a ``try`` with a ``catch``."""
        return any(
            spot.field == "body" and isinstance(spot.around.node, ir.Try) and spot.around.node.handler is not None
            for spot in self.outward
            if spot.around is not None
        )

    @property
    def is_aftermath(self) -> bool:
        """It stands in the ``finally`` of a ``try`` with a ``catch``, or in that ``catch``."""
        return any(
            isinstance(spot.around.node, ir.Try)
            and spot.around.node.handler is not None
            and spot.field in {"handler", "finalizer"}
            for spot in self.outward
            if spot.around is not None
        )


def body_of(code: Code, function: FunctionValue) -> Sequence[ir.Statement]:
    """The body of a function, whole."""
    return code.body(function.module.path, function.node.start, function.node.end)


def spots_of(code: Code, function: FunctionValue) -> Sequence[Spot]:
    """All nodes of the body of a function; taken apart once, since several questions are asked of each handler."""
    kept = _KEPT.setdefault(code, {})
    if function.key not in kept:
        kept[function.key] = spots(body_of(code, function))
    return kept[function.key]


_KEPT: WeakKeyDictionary[Code, dict[FunctionKey, Sequence[Spot]]] = WeakKeyDictionary()
"""By the code of the repository that is looked at; it goes with it."""


def spots(body: Sequence[ir.Node]) -> Sequence[Spot]:
    """All nodes of a body in the order of the source, those of functions within it included."""
    found: list[Spot] = []
    stack = [Spot(node, "", None) for node in reversed(body)]
    while stack:
        spot = stack.pop()
        found.append(spot)
        stack.extend(reversed(inside(spot)))
    return found


def inside(spot: Spot) -> list[Spot]:
    """The nodes directly within one, in order."""
    node = spot.node
    return [Spot(one, name, spot) for name in ir.NODE_FIELDS[type(node)] for one in ir.children(node, (name,))]
