"""How evaluation moves on: completions, branches, throws."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.journal import Changes


class Completion(Enum):
    """How a statement ends; a throw is the exception `Thrown`."""

    NORMAL = auto()
    RETURN = auto()
    JUMP = auto()
    """By ``break`` or ``continue``: it goes on at a `Landing`."""


class Thrown(Exception):  # noqa: N818 - not a fault of ours
    """The code that is evaluated throws on every path."""


class Exhausted(Exception):  # noqa: N818 - as above
    """The budget of steps is used up."""


class Fruitless(Exception):  # noqa: N818 - as above
    """Much was evaluated, and nothing that is looked for has happened; its argument is the call to give up."""


class Landing:
    """Where jumps go on: the end of a loop, of one round of it, of a case or of a labelled statement."""

    __slots__ = ("arrivals", "born", "depth", "forks", "keyword", "label", "mark")

    def __init__(  # noqa: PLR0913 - what the interpreter returns to
        self, keyword: str, label: str, *, mark: int, born: int, forks: int, depth: int
    ) -> None:
        self.keyword = keyword
        """``break`` or ``continue``; ``label`` for what only a jump with its label leaves."""
        self.label = label
        self.mark = mark
        self.born = born
        self.forks = forks
        self.depth = depth
        """Conditions that held before."""
        self.arrivals: list[Changes | None] = []
        """What each jump leaves behind; None for one after which nothing else has run."""

    def takes(self, keyword: str, label: str) -> bool:
        """Whether a jump goes here."""
        return self.label == label and self.keyword in {keyword, "label"} if label else self.keyword == keyword


class Branch(Struct, frozen=True):
    """One alternative of a fork: the text of its condition and what runs under it."""

    condition: str
    run: Callable[[], Completion]


NOTHING = Branch("", lambda: Completion.NORMAL)
"""What happens where something does not."""
