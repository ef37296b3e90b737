"""The scorecard: fractions, and honest words where there is none."""

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.finding import Measure
from medpro_audit.metrics.scorecard import scorecard, share
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


def test_rules_are_pooled() -> None:
    """Sums over all rules that feed the metric; what is unknown is in the denominator only."""
    first = Measure("demo/bad-thing", "code-quality", conforming=60, applicable=90, unknown=10)
    second = Measure("other/thing", "code-quality", conforming=0, applicable=10)
    foreign = Measure("x/y", "security", conforming=5, applicable=5)
    metric = _metric("code-quality", second, foreign, first)
    assert (metric.share, metric.numerator, metric.denominator, metric.unknown) == (60.0, 60, 100, 10)
    assert metric.measures == (first, second)
    assert metric.reason is None


def test_a_metric_that_no_rule_feeds_is_not_measured() -> None:
    """It is neither 0 nor 100, and says why."""
    metric = _metric("testing")
    assert (metric.share, metric.denominator, metric.reason) == (None, 0, "no rule measures it yet")


def test_a_metric_whose_rules_apply_to_nothing_is_not_measured() -> None:
    """That there was nothing to measure is another reason."""
    metric = _metric("code-quality", Measure("demo/bad-thing", "code-quality", conforming=0, applicable=0))
    assert (metric.share, metric.reason) == (None, "nothing to measure: its 2 rules apply to nothing here")


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_only_the_whole_is_a_hundred(part: int, whole: int) -> None:
    """A share is rounded down to one decimal, so 9999 of 10000 is 99.9."""
    part = min(part, whole)
    percent = share(part, whole)
    assert percent is not None
    assert (percent == 100) == (part == whole)
    assert 0 <= part * 100 / whole - percent < 0.1 + 1e-9


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_the_back_ends_add_up(parts: list[tuple[int, int, int]]) -> None:
    """Numerators, denominators and unknowns of the parts are those of the whole."""
    measures = [Measure("demo/bad-thing", "code-quality", good, good + bad + odd, odd) for good, bad, odd in parts]
    whole = _metric("code-quality", *measures)
    each = [_metric("code-quality", measure) for measure in measures]
    assert whole.numerator == sum(metric.numerator for metric in each)
    assert whole.denominator == sum(metric.denominator for metric in each)
    assert whole.unknown == sum(metric.unknown for metric in each)
