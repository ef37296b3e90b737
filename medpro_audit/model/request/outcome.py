"""Verdicts of validations, as values: where they are looked at, data is checked, or its path is a rejected one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.evaluation.collections import array_member
from medpro_audit.model.evaluation.values import ArrayValue, Item, Proposition, Site, Unknown, Value
from medpro_audit.model.request.base import FromRequest, current
from medpro_audit.model.request.records import Holding

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


REJECTED = "rejected"


_FINDINGS = frozenset(("details", "errors", "inner", "issues", "length"))
"""Properties of an error that list what was refused."""


_WALKING = frozenset(("flatMap", "forEach", "map", "reduce"))


class Check:
    """One application of a schema whose outcome the program must look at."""

    __slots__ = ("holdings", "is_acted_upon", "is_afterwards")
    goes_by_value = True
    """A value may tell the paths on which it has failed."""

    def __init__(self, holdings: Sequence[Holding], *, is_afterwards: bool) -> None:
        self.holdings = tuple(holdings)
        self.is_acted_upon = False
        self.is_afterwards = is_afterwards


class Outcome(Proposition, FromRequest):
    """The verdict of a validation that does not throw: on the side where it holds, the data is checked."""

    __slots__ = ("_is_success", "check")

    def __init__(self, check: Check, *, is_success: bool) -> None:
        self._is_success = is_success
        self.check = check

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``result.error.issues`` and the like: they are there, and not empty, where it has failed."""
        if not self._is_success and name in _FINDINGS:
            return self
        if not self._is_success and name in _WALKING:
            return array_member(interpreter, ArrayValue([self._finding(site)]), name, site)
        return Unknown("details of a failed validation", site.place)

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]] | None:
        """Where it has failed, there is something to say."""
        return None if self._is_success else [("", self._finding(site))]

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """Code that can't be followed may look at it; to log it is not to look."""
        analysis = current(interpreter)
        if analysis is None or not analysis.tells_at(site):
            self.check.is_acted_upon = True

    def test(self, interpreter: Interpreter, site: Site) -> None:
        """Something is chosen by it."""
        self.check.is_acted_upon = True

    @staticmethod
    def _finding(site: Site) -> Item:
        return Item(Unknown("details of a failed validation", site.place))

    def truth_among(self, facts: Sequence[object]) -> bool | None:
        """It is known where the failure of this validation is."""
        return not self._is_success if any(fact is self.check for fact in facts) else None

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Grant what was checked on the good side; mark the bad side as rejected."""
        self.check.is_acted_upon = True
        analysis = current(interpreter)
        if analysis is None:
            return
        if holds == self._is_success:
            analysis.grant(self.check.holdings)
            noted = Noted(self.check, None)
            interpreter.journal.write(analysis.facts, noted.key, noted)
        else:
            analysis.reject(self.check)


class Noted(NamedTuple):
    """A failed check leaves something in this list; vacuous where the check succeeded."""

    check: Check
    items: Value | None

    @property
    def is_vacuous(self) -> bool:
        """The check succeeded on this path, so that any list will do."""
        return self.items is None

    def either(self, other: object) -> Noted:
        """What is known where this or another one holds: of two lists it isn't known which to look at."""
        is_same_list = isinstance(other, Noted) and other.items is self.items
        return self if is_same_list else Noted(self.check, ArrayValue())

    @property
    def key(self) -> str:
        """Key among the facts of a path of execution."""
        return f"noted {id(self.check)}"
