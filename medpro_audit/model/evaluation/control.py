"""How evaluation moves on: completions, branches, throws."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum, auto
from typing import NamedTuple


class Completion(Enum):
    """How a statement ends; a throw is the exception `Thrown`."""

    NORMAL = auto()
    RETURN = auto()
    BREAK = auto()
    CONTINUE = auto()


class Thrown(Exception):  # noqa: N818 - not a fault of ours
    """The code that is evaluated throws on every path."""


class Exhausted(Exception):  # noqa: N818 - as above
    """The budget of steps is used up."""


class Fruitless(Exception):  # noqa: N818 - as above
    """Much was evaluated, and nothing that is looked for has happened; its argument is the call to give up."""


class Branch(NamedTuple):
    """One alternative of a fork: the text of its condition and what runs under it."""

    condition: str
    run: Callable[[], Completion]
