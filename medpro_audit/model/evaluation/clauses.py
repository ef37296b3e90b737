"""Conditions in words that also know whether they hold in the default configuration.

By default ``NODE_ENV`` is ``production`` and every other environment variable has the default that the code gives it,
or is unset: that is the configuration an application is taken to run in. What is registered otherwise is told apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from medpro_audit.model.evaluation.values import UNDEFINED, Constant, Environment, Value

ASSUMED = {"NODE_ENV": "production"}
"""Environment variables that are taken to be set."""


class Clause(str):
    """The text of a condition; asks, once and only when needed, whether it holds by default."""

    __slots__ = ("_decide", "_holds", "parts")

    def __new__(  # noqa: PYI034 - str has no Self
        cls, text: str, decide: Callable[[], bool | None], parts: tuple[str, ...] = ()
    ) -> Clause:
        """Keep the question beside the text."""
        made = super().__new__(cls, text)
        made._decide = decide
        made._holds = None
        made.parts = parts
        return made

    parts: tuple[str, ...]
    """The conditions that it is the conjunction of, when it is one."""
    _decide: Callable[[], bool | None] | None
    _holds: bool | None

    @property
    def holds(self) -> bool | None:
        """Whether it holds by default; None when that isn't known."""
        if self._decide is not None:
            decide, self._decide = self._decide, None
            self._holds = decide()
        return self._holds


def holds_by_default(condition: str) -> bool | None:
    """Whether a condition holds by default; a plain text is not known to, an empty one always does."""
    if not condition:
        return True
    return condition.holds if isinstance(condition, Clause) else None


def negated(condition: str) -> str:
    """The condition that holds when this one does not; empty for an empty one."""
    if not condition:
        return ""
    is_plain = condition.startswith("!") and not any(sign in condition for sign in ("&&", "||", " "))
    text = condition[1:] if is_plain else f"!({condition})" if " " in condition else f"!{condition}"

    def decide() -> bool | None:
        holds = holds_by_default(condition)
        return None if holds is None else not holds

    return Clause(text, decide)


def conjunction(conditions: Iterable[str]) -> str:
    """The condition that holds when all of these do."""
    whole = [condition for condition in dict.fromkeys(conditions) if condition]
    if len(whole) <= 1:
        return whole[0] if whole else ""
    parts = tuple(dict.fromkeys(part for condition in whole for part in parts_of(condition)))

    def decide() -> bool | None:
        verdicts = [holds_by_default(part) for part in parts]
        if any(verdict is False for verdict in verdicts):
            return False
        return None if any(verdict is None for verdict in verdicts) else True

    return Clause(" && ".join(parts), decide, parts)


def parts_of(condition: str) -> tuple[str, ...]:
    """The conditions that one is the conjunction of."""
    if isinstance(condition, Clause) and condition.parts:
        return condition.parts
    return (condition,) if condition else ()


def remaining(condition: str, given: Collection[str]) -> str | None:
    """What of a condition is left to be asked where others hold; None when it can't hold beside them."""
    parts = parts_of(condition)
    opposites = {negated(one) for one in given}
    if any(part in opposites or negated(part) in given for part in parts):
        return None
    return conjunction(part for part in parts if part not in given)


def disjunction(conditions: Iterable[str]) -> str:
    """The condition that holds when one of these does; empty when one of them is."""
    parts = list(dict.fromkeys(conditions))
    if "" in parts or len(parts) == 1:
        return parts[0] if len(parts) == 1 else ""

    def decide() -> bool | None:
        verdicts = [holds_by_default(part) for part in parts]
        if any(verdicts):
            return True
        return None if any(verdict is None for verdict in verdicts) else False

    return Clause(" || ".join(parts), decide)


def by_default(value: Value) -> Value:
    """What a value from the environment is in the default configuration."""
    if not isinstance(value, Environment):
        return value
    if value.name in ASSUMED:
        return Constant(ASSUMED[value.name])
    return value.default if value.default is not None else UNDEFINED
