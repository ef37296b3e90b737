"""Which metric or which rules measure what a claim is about: found by the words of the claim.

Phrases come from the scorecard, from the rule packs and from the configuration. A phrase is meant when the claim holds
all of its words; the phrase with most words wins, of equal ones that of a metric, and a configured one before all. A
claim that names rules by their ids is measured by these.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import Struct

from medpro_audit.claims.document import OVERALL, Claim
from medpro_audit.metrics.scorecard import GOALS
from medpro_audit.rules.rule import RuleSet

AGGREGATE = "all metrics"
"""What measures the whole project: the mean of its metrics."""
_RULE = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
_WORD = re.compile(r"[a-z0-9]+")
_IRREGULAR = {"indices": "index", "indexes": "index", "tests": "test", "testing": "test", "tested": "test"}


class Yardstick(Struct, frozen=True, order=True):
    """What measures a claim: a metric, or some rules."""

    metric: str | None = None
    rules: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """In a few words, for reports."""
        if self.metric is not None:
            return self.metric
        first, *others = self.rules
        return f"{first} and {len(others)} more" if others else first


class _Phrase(Struct, frozen=True):
    words: frozenset[str]
    yardstick: Yardstick
    rank: int
    """Of equally long phrases, the one of higher rank is meant."""


class ClaimMapping:
    """Finds what measures a claim."""

    def __init__(self, ruleset: RuleSet, configured: Mapping[str, Sequence[str]]) -> None:
        metrics: set[str] = {goal.metric for goal in GOALS}
        self._rules = {rule.id for rule in ruleset.rules}
        self._phrases = [
            *(_phrase(words, Yardstick(goal.metric), 1) for goal in GOALS for words in (goal.title, *goal.words)),
            *(
                _phrase(words, Yardstick(rules=tuple(f"{pack.id}/{name}" for name in claim.rules)), 0)
                for pack in ruleset.packs
                for claim in pack.claims
                for words in claim.words
            ),
            *(_phrase(words, _yardstick(measures, metrics), 2) for words, measures in sorted(configured.items())),
        ]

    def find(self, claim: Claim) -> Yardstick | None:
        """What measures a claim; None when nothing is known of its words."""
        if claim.is_improvement:
            return None
        named = tuple(sorted(self._rules.intersection(_RULE.findall(claim.text))))
        if claim.subject == OVERALL or named:
            return Yardstick(rules=named) if named else Yardstick(AGGREGATE)
        said = words_of(claim.subject)
        found = [phrase for phrase in self._phrases if phrase.words <= said]
        if not found:
            return None
        return max(found, key=lambda phrase: (phrase.rank == _CONFIGURED, len(phrase.words), phrase.rank)).yardstick


_CONFIGURED = 2


def words_of(text: str) -> frozenset[str]:
    """The words of a text in small letters, those in the plural in the singular."""
    return frozenset(map(_singular, _WORD.findall(text.lower())))


def _phrase(words: str, yardstick: Yardstick, rank: int) -> _Phrase:
    return _Phrase(words_of(words), yardstick, rank)


def _yardstick(measures: Sequence[str], metrics: set[str]) -> Yardstick:
    named = [each for each in measures if each in metrics]
    return Yardstick(named[0]) if named else Yardstick(rules=tuple(measures))


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word.endswith("ies") and len(word) > 4:  # noqa: PLR2004 - "ties" is no plural of "ty"
        return word[:-3] + "y"
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word
