"""The journal of changes: what makes branches possible.

All state lives in cells (names of scopes, properties of objects, facts about the request). A write under an unknown
condition is recorded, undone, and joined with what the other branches wrote. Cells that are younger than the branch are
left alone: nothing outside can have seen them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from medpro_audit.model.evaluation.values import UNDEFINED, Cells, Facts, Value, join

_MISSING = object()

Changes = dict[tuple[int, str], tuple[Cells[Any], object]]
"""Final value of each cell that changed, by its dictionary's identity and key."""


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
        for cell, cells in changed.items():
            key = cell[1]
            unchanged = (cells, cells.get(key, _MISSING))
            self._settle(cells, key, [(changes.get(cell, unchanged)[1], condition) for changes, condition in outcomes])

    def _settle(self, cells: Cells[Any], key: str, after: Sequence[tuple[object, str]]) -> None:
        if not isinstance(cells, Facts):
            self.write(
                cells, key, join([(value if isinstance(value, Value) else UNDEFINED, text) for value, text in after])
            )
        elif all(value is not _MISSING for value, _ in after):
            self.write(cells, key, _common([value for value, _ in after]))
        elif key in cells:
            self._entries.append((cells, key, cells.pop(key)))


def _common(values: Sequence[object]) -> object:
    """What is known where one of several facts holds; one that is vacuous takes nothing from the others."""
    joint, *others = [value for value in values if not getattr(value, "is_vacuous", False)] or values[:1]
    for other in others:
        either = getattr(joint, "either", None)
        joint = joint if either is None else either(other)
    return joint
