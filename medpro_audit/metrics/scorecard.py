"""The scorecard: each success metric is a fraction of the questions that its rules asked.

The rules that feed a metric are pooled: the numerator is the sum of what conforms over all of them, the denominator the
sum of what they apply to. So every question counts the same, mending any finding moves the metric by the same amount,
and the metrics of the back ends of a repository add up to those of the whole. A mean of the rules' own shares would let
a rule about two connections weigh as much as one about two hundred endpoints, and its fraction could not be shown.

What is unknown stands in the denominator only: not knowing never counts as good. A metric is not measured when no rule
feeds it, or when its rules apply to nothing; it is then neither 0 nor 100.
"""

from collections.abc import Iterable

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


GOALS = (
    Goal("directory-structure", "Directory structure", 100),
    Goal("code-quality", "Code quality consistency", 90),
    Goal("api-documentation", "API documentation", 100),
    Goal("testing", "Testing framework", 80),
    Goal("security", "Security enhancements", 100),
    Goal("performance-monitoring", "Performance monitoring", 100),
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
        share=share(conforming, applicable),
        numerator=conforming,
        denominator=applicable,
        unknown=sum(measure.unknown for measure in measures),
        reason=None if applicable else _reason(goal, ruleset),
        measures=tuple(measures),
    )


def share(part: int, whole: int) -> float | None:
    """Return the percentage with one decimal, rounded down, so that only the whole is 100; None of nothing."""
    return part * 1000 // whole / 10 if whole else None


def _reason(goal: Goal, ruleset: RuleSet) -> str:
    """Say why a metric isn't measured."""
    rules = sum(rule.metric == goal.metric for rule in ruleset.rules)
    if not rules:
        return "no rule measures it yet"
    return f"nothing to measure: {'its rule applies' if rules == 1 else f'its {rules} rules apply'} to nothing here"
