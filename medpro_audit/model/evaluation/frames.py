"""Calls in progress, and the ways in which they are left."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.model.evaluation.journal import Changes
from medpro_audit.model.evaluation.values import ArrayValue, FunctionValue, Item, Site, Value, now


class Exit(Struct, frozen=True):
    """One ``return`` of a call in progress."""

    value: Value
    changes: Changes | None
    """None when it was reached unconditionally, so that nothing is to be joined."""
    condition: str


class Frame:
    """One call in progress."""

    __slots__ = (
        "arguments",
        "born",
        "budget",
        "effects",
        "exits",
        "forks",
        "function",
        "key",
        "mark",
        "site",
        "yielded",
    )

    def __init__(  # noqa: PLR0913 - what the interpreter returns to
        self, function: FunctionValue | None, site: Site, *, mark: int, forks: int, budget: int, effects: int
    ) -> None:
        self.function = function
        self.key = function.key if function is not None else None
        self.budget = budget
        self.effects = effects
        self.site = site
        self.mark = mark
        self.forks = forks
        self.born = now()
        self.exits: list[Exit] = []
        self.arguments: tuple[Item, ...] = ()
        self.yielded = ArrayValue() if function is not None and function.node.is_generator else None
        """What a generator has yielded by now."""
