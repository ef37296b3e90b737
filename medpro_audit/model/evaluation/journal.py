"""The journal of changes: what makes branches possible.

All state lives in cells (names of scopes, properties of objects, facts about the request). A write under an unknown
condition is recorded, undone, and joined with what the other branches wrote. Cells that are younger than the branch are
left alone: nothing outside can have seen them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from medpro_audit.model.evaluation.values import UNDEFINED, Cells, Choice, Facts, Value, join

_MISSING = object()

Changes = dict[tuple[int, str], tuple[Cells[Any], object]]
"""Final value of each cell that changed, by its dictionary's identity and key."""


class Parted(Choice):
    """One of several values, of paths on which different facts hold: whoever learns which it is learns these as well.

    So it is told that a request is valid by functions that return ``true`` or ``false``, or a list of errors or null.
    """

    __slots__ = ("states",)

    def __init__(self, options: Sequence[tuple[Value, str]], states: Sequence[Changes]) -> None:
        super().__init__(options)
        self.states = tuple(states)
        """The facts of each option's path."""

    def where(self, holds: Callable[[Value, Changes], bool | None]) -> tuple[list[Changes], list[Changes]]:
        """The facts of the paths on which something may hold of the value, and of those on which it may not."""
        verdicts = [(holds(option, state), state) for (option, _), state in zip(self.options, self.states, strict=True)]
        yes = [state for verdict, state in verdicts if verdict is not False]
        return yes, [state for verdict, state in verdicts if verdict is not True]


def joined(values: Sequence[tuple[Value, str]], states: Sequence[Changes]) -> Value:
    """One value that stands for all of these; with states, each is of a path with facts of its own."""
    result = join(values)
    if not states or not isinstance(result, Choice):
        return result
    options: list[tuple[Value, str]] = []
    kept: list[Changes] = []
    for (value, text), state in zip(values, states, strict=True):
        for index, (option, inner) in enumerate(value.options if isinstance(value, Choice) else ((value, ""),)):
            options.append((option, inner or text))
            kept.append({**state, **value.states[index]} if isinstance(value, Parted) else state)
    return Parted(options, kept)


def states_of(outcomes: Sequence[Changes]) -> list[Changes]:
    """The facts that each of several paths leaves behind, as far as they go by values; none when they are the same."""
    states = [
        {cell: one for cell, one in changes.items() if isinstance(one[0], Facts) and _goes_by_value(one[1])}
        for changes in outcomes
    ]
    if not any(states):
        return []
    told = {frozenset((cell, id(fact)) for cell, (_, fact) in state.items()) for state in states}
    return states if len(told) > 1 else []


def _goes_by_value(fact: object) -> bool:
    return getattr(fact, "goes_by_value", False) is True


class Journal:
    """Records writes so that they can be undone and joined."""

    def __init__(self) -> None:
        self._entries: list[tuple[Cells[Any], str, object]] = []

    @property
    def mark(self) -> int:
        """The present point in time."""
        return len(self._entries)

    def write(self, cells: Cells[Any], key: str, value: object) -> None:
        """Set a cell."""
        self._entries.append((cells, key, cells.get(key, _MISSING)))
        cells[key] = value

    def forget(self) -> None:
        """Drop what is recorded: no branch is open."""
        self._entries.clear()

    def changes_since(self, mark: int, born: int) -> Changes:
        """What has changed since a mark in cells older than ``born``, with the values now."""
        if len(self._entries) == mark:
            return {}
        return {
            (id(cells), key): (cells, cells.get(key, _MISSING))
            for cells, key, _ in self._entries[mark:]
            if cells.born < born
        }

    def changes_before_proof(self, mark: int, born: int) -> Changes:
        """Of these, what had changed when the first fact was learnt: it is so where that is never learnt, too."""
        found: Changes = {}
        for cells, key, _ in self._entries[mark:]:
            if isinstance(cells, Facts):
                if _goes_by_value(cells.get(key)):
                    return found
            elif cells.born < born:
                found[(id(cells), key)] = (cells, cells.get(key, _MISSING))
        return {}

    def undo(self, mark: int, born: int) -> None:
        """Return cells older than ``born`` to their state at a mark."""
        entries = self._entries
        while len(entries) > mark:
            cells, key, old = entries.pop()
            if cells.born >= born:
                continue
            if old is _MISSING:
                cells.pop(key, None)
            else:
                cells[key] = old

    def apply(self, outcomes: Sequence[tuple[Changes, str]]) -> None:
        """Write what several live paths, each with its condition, leave behind."""
        changed = {cell: cells for changes, _ in outcomes for cell, (cells, _) in changes.items()}
        states = states_of([changes for changes, _ in outcomes])
        for cell, cells in changed.items():
            key = cell[1]
            unchanged = (cells, cells.get(key, _MISSING))
            after = [(changes.get(cell, unchanged)[1], condition) for changes, condition in outcomes]
            if isinstance(cells, Facts):
                self._settle_fact(cells, key, [value for value, _ in after], [changes for changes, _ in outcomes])
            else:
                values = [(value if isinstance(value, Value) else UNDEFINED, text) for value, text in after]
                self.write(cells, key, joined(values, states))

    def learn(self, states: Sequence[Changes]) -> None:
        """Add the facts that hold on each of several paths: it turned out that one of these was taken."""
        first, *others = states
        for cell, (cells, fact) in first.items():
            if any(cell not in state for state in others):
                continue
            facts = [fact, *(state[cell][1] for state in others)]
            found, known = _common(facts), cells.get(cell[1], _MISSING)
            together = getattr(known, "together_with", None)
            if known is _MISSING:
                self.write(cells, cell[1], found)
            elif together is not None:
                self.write(cells, cell[1], together(found))

    def _settle_fact(self, cells: Facts, key: str, after: Sequence[object], paths: Sequence[Changes]) -> None:
        found = [fact for fact in after if fact is not _MISSING]
        if found and (len(found) == len(after) or _stays(found[0], paths)):
            self.write(cells, key, _common(found))
        elif key in cells:
            self._entries.append((cells, key, cells.pop(key)))


def _stays(fact: object, paths: Sequence[Changes]) -> bool:
    """Whether a fact is still worth knowing where paths meet of which some lack it."""
    ask = getattr(fact, "stays_among", None)
    return ask is not None and ask([[other for _, other in changes.values()] for changes in paths])


def _common(values: Sequence[object]) -> object:
    """What is known where one of several facts holds; one that is vacuous takes nothing from the others."""
    joint, *others = [value for value in values if not getattr(value, "is_vacuous", False)] or values[:1]
    for other in others:
        either = getattr(joint, "either", None)
        joint = joint if either is None else either(other)
    return joint
