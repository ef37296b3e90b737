"""The scorecard: each success metric is made of the fractions that its rules measure.

The share of a metric is the mean of the shares of the rules that feed it, each weighted as its file says: so a question
that is asked once of a project (is there a test framework?) can count beside one that is asked of three hundred
endpoints, and neither drowns the other. Rules that apply to nothing are left out. The numerator and the denominator
count the questions themselves, over all rules, and the measures say what each rule contributes.

What is unknown stands in the denominator only: not knowing never counts as good. A metric is not measured when no rule
feeds it, or when its rules apply to nothing; it is then neither 0 nor 100.
"""

from collections.abc import Iterable
from math import floor, fsum

from msgspec import Struct

from medpro_audit.core.finding import Measure, MetricId
from medpro_audit.result import Metric
from medpro_audit.rules.rule import RuleSet


class Goal(Struct, frozen=True):
    """A success metric of the status document."""

    metric: MetricId
    title: str
    target: int
    """Percent."""
    words: tuple[str, ...]
    """Phrases by which status documents call it; see `claims.mapping`."""


GOALS = (
    Goal("directory-structure", "Directory structure", 100, ("directory structure", "folder structure", "phase 1")),
    Goal("code-quality", "Code quality consistency", 90, ("code quality", "code consistency", "phase 2")),
    Goal("api-documentation", "API documentation", 100, ("api documentation", "documentation implementation")),
    Goal("testing", "Testing framework", 80, ("testing framework", "test coverage", "phase 5")),
    Goal("security", "Security enhancements", 100, ("security enhancement", "security", "phase 3")),
    Goal("performance-monitoring", "Performance monitoring", 100, ("performance monitoring", "phase 4")),
)
"""In the order of the status document."""


def scorecard(measures: Iterable[Measure], ruleset: RuleSet) -> tuple[Metric, ...]:
    """Compute all metrics, of a repository or of one back end, from the measures of its rules."""
    measures = sorted(measures, key=lambda measure: measure.rule)
    return tuple(_metric(goal, [each for each in measures if each.metric == goal.metric], ruleset) for goal in GOALS)


def _metric(goal: Goal, measures: list[Measure], ruleset: RuleSet) -> Metric:
    conforming = sum(measure.conforming for measure in measures)
    applicable = sum(measure.applicable for measure in measures)
    return Metric(
        id=goal.metric,
        title=goal.title,
        target=goal.target,
        share=weighted_share(measures),
        numerator=conforming,
        denominator=applicable,
        unknown=sum(measure.unknown for measure in measures),
        reason=None if applicable else _reason(goal, ruleset),
        measures=tuple(measures),
    )


def weighted_share(measures: Iterable[Measure]) -> float | None:
    """The weighted mean of the shares of some rules in percent; None when they apply to nothing.

    It has one decimal and is rounded down, so that only the whole is 100.
    """
    asked = [measure for measure in measures if measure.applicable]
    if not asked:
        return None
    if all(measure.conforming == measure.applicable for measure in asked):
        return 100.0
    weights = sum(measure.weight for measure in asked)
    part = fsum(measure.weight * measure.conforming / measure.applicable for measure in asked)
    return min(floor(1000 * part / weights + _ROUNDING_ERROR) / 10, 99.9)


def aggregate(metrics: Iterable[Metric]) -> float | None:
    """The mean of the metrics that are measured, rounded down; for information: nothing is gated on it."""
    shares = [metric.share for metric in metrics if metric.share is not None]
    return floor(10 * fsum(shares) / len(shares) + _ROUNDING_ERROR) / 10 if shares else None


_ROUNDING_ERROR = 1e-6
"""More than what floating-point sums of shares are off by, in tenths of a percent."""


def _reason(goal: Goal, ruleset: RuleSet) -> str:
    """Say why a metric isn't measured."""
    rules = sum(rule.metric == goal.metric for rule in ruleset.rules)
    if not rules:
        return "no rule measures it yet"
    return f"nothing to measure: {'its rule applies' if rules == 1 else f'its {rules} rules apply'} to nothing here"
