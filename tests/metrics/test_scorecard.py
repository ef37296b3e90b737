"""The scorecard: fractions, and honest words where there is none."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.finding import Measure
from medpro_audit.metrics.scorecard import scorecard, weighted_share
from medpro_audit.result import Metric
from medpro_audit.rules.loading import load_packs
from rules.builders import PACK, RULE, pack_files

_RULESET = load_packs(
    pack_files()
    | {"rules/other/pack.yaml": PACK.replace(b"demo", b"other")}
    | {"rules/other/thing.yaml": RULE.replace("demo/bad-thing", "other/thing").encode()}
)


def _metric(metric: str, *measures: Measure) -> Metric:
    return next(each for each in scorecard(measures, _RULESET) if each.id == metric)


def test_the_six_metrics_of_the_status_document_are_there_with_their_targets() -> None:
    """In its order."""
    assert [(metric.id, metric.target) for metric in scorecard([], _RULESET)] == [
        ("directory-structure", 100),
        ("code-quality", 90),
        ("api-documentation", 100),
        ("testing", 80),
        ("security", 100),
        ("performance-monitoring", 100),
    ]


def test_a_share_is_the_mean_of_those_of_the_rules() -> None:
    """However many things a rule is asked of; what is unknown counts as not holding. The numbers are those of all."""
    first = Measure("demo/bad-thing", "code-quality", conforming=60, applicable=90, unknown=10)
    second = Measure("other/thing", "code-quality", conforming=0, applicable=10)
    foreign = Measure("x/y", "security", conforming=5, applicable=5)
    metric = _metric("code-quality", second, foreign, first)
    assert (metric.share, metric.numerator, metric.denominator, metric.unknown) == (33.3, 60, 100, 10)
    assert metric.measures == (first, second)
    assert metric.reason is None


def test_a_rule_counts_by_its_weight() -> None:
    """One that is asked once of a project may count as much as one that is asked of every endpoint."""
    many = Measure("demo/bad-thing", "code-quality", conforming=300, applicable=300)
    once = Measure("other/thing", "code-quality", conforming=0, applicable=1, weight=3)
    assert _metric("code-quality", many, once).share == 25.0


def test_a_rule_that_applies_to_nothing_is_left_out() -> None:
    """Whatever it weighs."""
    asked = Measure("demo/bad-thing", "code-quality", conforming=1, applicable=2)
    idle = Measure("other/thing", "code-quality", conforming=0, applicable=0, weight=100)
    assert _metric("code-quality", asked, idle).share == 50.0


def test_a_metric_that_no_rule_feeds_is_not_measured() -> None:
    """It is neither 0 nor 100, and says why."""
    metric = _metric("testing")
    assert (metric.share, metric.denominator, metric.reason) == (None, 0, "no rule measures it yet")


def test_a_metric_whose_rules_apply_to_nothing_is_not_measured() -> None:
    """That there was nothing to measure is another reason."""
    metric = _metric("code-quality", Measure("demo/bad-thing", "code-quality", conforming=0, applicable=0))
    assert (metric.share, metric.reason) == (None, "nothing to measure: its 2 rules apply to nothing here")


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(1, 1000), st.integers(1, 100)), min_size=1, max_size=6))
def test_only_the_whole_is_a_hundred(rules: list[tuple[int, int, int]]) -> None:
    """A share is exact but for its being rounded down to one decimal, so 9999 of 10000 is 99.9."""
    measures = [Measure("a/b", None, min(part, whole), whole, weight=weight) for part, whole, weight in rules]
    percent = weighted_share(measures)
    parts = [Fraction(each.conforming * each.weight, each.applicable) for each in measures]
    exact = 100 * sum(parts, Fraction()) / sum(each.weight for each in measures)
    assert percent is not None
    assert (percent == 100) == (exact == 100)
    assert round(percent * 10) == exact * 10 // 1
