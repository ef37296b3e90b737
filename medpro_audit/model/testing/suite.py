"""The suites and cases of a test file as they run: what is skipped with the suite around it, what is focused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.tests import TestBlock

_PENDING = frozenset(("skip", "todo"))


class Case(NamedTuple):
    """A test case, with what the suites around it say."""

    block: TestBlock
    titles: tuple[str, ...]
    """Of the suites around it and its own."""
    marks: frozenset[str]
    """Its own and those of the suites."""

    @property
    def is_skipped(self) -> bool:
        """It never runs, or has nothing to run yet."""
        return bool(self.marks & _PENDING) or not self.block.has_body

    @property
    def may_be_skipped(self) -> bool:
        """Whether it runs depends on where it is run."""
        return "maybe" in self.marks and not self.is_skipped


class Suite:
    """The blocks of one test file."""

    def __init__(self, facts: FileFacts) -> None:
        self._blocks: Sequence[TestBlock] = facts.tests.blocks if facts.tests is not None else ()
        self.cases = tuple(self._case(at) for at, block in enumerate(self._blocks) if block.kind == "case")
        self._by_function = {case.block.function: case for case in self.cases if case.block.function >= 0}
        self._hooks = {block.function for block in self._blocks if block.kind == "hook"}

    def _case(self, index: int) -> Case:
        block = self._blocks[index]
        around = [
            one for one in self._blocks[:index] if one.at < block.at and block.end <= one.end and one.kind != "hook"
        ]
        marks = {mark for one in (*around, block) for mark in one.marks}
        return Case(block, tuple(one.title for one in (*around, block)), frozenset(marks))

    def case_at(self, function: int, at: int) -> Case | None:
        """The case whose function runs, or that stands around a place; None for a hook, or outside of all cases."""
        known = self._by_function.get(function)
        if known is not None:
            return known
        inside = [case for case in self.cases if case.block.at <= at < case.block.end]
        return inside[-1] if inside else None

    def is_hook(self, function: int) -> bool:
        """Whether a function only prepares tests."""
        return function in self._hooks

    @property
    def is_running(self) -> bool:
        """Whether at least one of its cases is not skipped."""
        return any(not case.is_skipped for case in self.cases)
