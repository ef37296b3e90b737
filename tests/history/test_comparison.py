"""Two scans held against each other."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from medpro_audit.core.finding import Measure
from medpro_audit.history.comparison import AnswerChange, Comparison, Movement, compare
from medpro_audit.history.record import Epoch
from medpro_audit.result.verdicts import Answer
from recorded import EPOCH, endpoint, epoch, finding, measure, metric, record

NAMES = ("a/a", "b/b", "c/c", "d/d", "e/e")
AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other tests run beside these."""
COUNTS = st.integers(0, 40).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))
TWO_SCANS = st.dictionaries(st.sampled_from(NAMES), st.tuples(COUNTS, COUNTS, st.integers(1, 9)), min_size=1)
MOST_HIDDEN = 0.05 * len(NAMES) + 0.15
"""Contributions that are too small to be told, and roundings."""


def _movement(before: Sequence[Measure], after: Sequence[Measure]) -> Movement:
    (movement,) = compare(
        record(0, metrics=[metric(before)]),
        record(1, metrics=[metric(after)]),
    ).movements
    return movement


def _between(before: Epoch, after: Epoch) -> Comparison:
    return compare(
        record(0, [finding("old")], [endpoint("/a", body="yes")], epoch=before),
        record(
            1, [finding("new"), finding("call", rule="logging/console-call")], [endpoint("/a", body="no")], epoch=after
        ),
    )


@AT_LEISURE
@given(TWO_SCANS)
def test_contributions_add_up_to_the_change(asked: dict[str, tuple[tuple[int, int], tuple[int, int], int]]) -> None:
    """Whatever rules begin or cease to apply, and whatever they weigh."""
    before = [measure(rule, *then, weight) for rule, (then, _, weight) in asked.items()]
    after = [measure(rule, *now, weight) for rule, (_, now, weight) in asked.items()]
    movement = _movement(before, after)
    if movement.points is None:
        assert not movement.contributions
    else:
        assert sum(each.points for each in movement.contributions) == pytest.approx(movement.points, abs=MOST_HIDDEN)


def test_each_rule_is_told_with_what_it_did_the_largest_first() -> None:
    """By its weight in the metric; what changed nothing is not told."""
    before = [measure("zod/a", 0, 10), measure("zod/b", 5, 10, 2), measure("zod/c", 1, 1)]
    after = [measure("zod/a", 2, 10), measure("zod/b", 10, 10, 2), measure("zod/c", 1, 1)]
    movement = _movement(before, after)
    assert [(each.rule, each.points) for each in movement.contributions] == [("zod/b", 25.0), ("zod/a", 5.0)]
    assert movement.points == 30.0


def test_a_rule_that_begins_to_apply_moves_by_how_far_it_is_from_the_mean() -> None:
    """It had nothing before; that of the others was 50 %."""
    movement = _movement([measure("zod/a", 5, 10)], [measure("zod/a", 5, 10), measure("zod/b", 10, 10)])
    (contribution,) = movement.contributions
    assert (contribution.rule, contribution.before, contribution.points) == ("zod/b", None, 25.0)
    assert movement.points == 25.0


def test_a_rule_that_ceases_to_apply_leaves_the_mean_to_the_others() -> None:
    """The worst of two was given up: the metric rises by it."""
    movement = _movement([measure("zod/a", 8, 10), measure("zod/b", 0, 10)], [measure("zod/a", 8, 10)])
    (contribution,) = movement.contributions
    assert (contribution.rule, contribution.after, contribution.points) == ("zod/b", None, 40.0)


def test_what_is_not_measured_has_not_moved() -> None:
    """Neither then nor now."""
    for before, after in (([], [measure("zod/a", 1, 2)]), ([measure("zod/a", 1, 2)], [])):
        movement = _movement(before, after)
        assert (movement.points, movement.contributions) == (None, ())


def test_new_and_fixed_are_told_and_what_stays_is_not() -> None:
    """By fingerprint, not by line."""
    found = compare(record(0, [finding("stays"), finding("old")]), record(1, [finding("stays"), finding("new")]))
    assert found.new == (finding("new"),)
    assert found.fixed == (finding("old"),)
    assert found.epoch_change is None


def test_a_file_that_was_moved_brings_nothing_new() -> None:
    """The same code in another file; a renamed one needs git to say so."""
    moved = compare(record(0, [finding("a", "old/api.js")]), record(1, [finding("a", "new/api.js")]))
    assert (moved.new, moved.fixed) == ((), ())
    bare = [[structs.replace(finding("a", file), snippet="")] for file in ("one.js", "two.js")]
    assert compare(record(0, bare[0]), record(1, bare[1])).new == tuple(bare[1])
    renamed = compare(record(0, bare[0]), record(1, bare[1]), lambda files: dict.fromkeys(files, "two.js"))
    assert (renamed.new, renamed.fixed) == ((), ())


def test_rules_that_were_added_or_changed_have_found_nothing_new() -> None:
    """Only of what both have asked alike something is new."""
    added = _between(epoch(zod="a"), epoch(zod="a", logging="b"))
    assert added.epoch_change == "1 rule added"
    assert (added.new, added.fixed) == ((finding("new"),), (finding("old"),))
    changed = _between(epoch(zod="a", logging="b"), epoch(zod="x", logging="b"))
    assert changed.epoch_change == "1 rule changed"
    assert [each.rule for each in changed.new] == ["logging/console-call"]
    assert changed.fixed == ()
    assert [each.direction for each in changed.answers] == ["worse"]


@pytest.mark.parametrize(
    ("after", "told"),
    [
        (Epoch("2.0", EPOCH.rules, "c"), "medpro-audit 1.0 became 2.0"),
        (Epoch("1.0", EPOCH.rules, "x"), "the configuration changed"),
    ],
)
def test_nothing_is_new_where_the_code_was_read_in_another_way(after: Epoch, told: str) -> None:
    """Another version or configuration may see more in the same code."""
    found = _between(EPOCH, after)
    assert (found.epoch_change, found.is_comparable) == (told, False)
    assert (found.new, found.fixed, found.answers, found.endpoints_added, found.endpoints_removed) == ((),) * 5


def test_metrics_of_two_epochs_have_not_moved() -> None:
    """Both are told, and no points between them."""
    (movement,) = _between(epoch(zod="a"), epoch(zod="b")).movements
    assert movement.before is not None
    assert (movement.points, movement.contributions) == (None, ())


def test_endpoints_are_paired_by_what_they_answer() -> None:
    """Where two answer the same, those of one file belong together."""
    before = [endpoint("/a", "x.js", body="yes"), endpoint("/a", "y.js", body="no"), endpoint("/gone")]
    after = [endpoint("/a", "y.js", body="no"), endpoint("/a", "z.js", body="yes"), endpoint("/new")]
    found = compare(record(0, (), before), record(1, (), after))
    assert [each.path for each in found.endpoints_added] == ["/new"]
    assert [each.path for each in found.endpoints_removed] == ["/gone"]
    assert found.answers == ()


@pytest.mark.parametrize(
    ("before", "after", "direction"),
    [
        ("yes", "no", "worse"),
        ("yes", "unknown", "worse"),
        ("unknown", "no", "worse"),
        ("no", "unknown", "better"),
        ("unknown", "yes", "better"),
        ("n/a", "no", "other"),
        ("yes", "n/a", "other"),
    ],
)
def test_an_answer_is_better_or_worse(before: Answer, after: Answer, direction: str) -> None:
    """What is not known is worse than yes and better than no; where the question does not arise it is neither."""
    found = compare(record(0, (), [endpoint("/a", body=before)]), record(1, (), [endpoint("/a", body=after)]))
    assert found.answers == (AnswerChange(endpoint("/a", body=after), "body", before, after),)
    assert found.answers[0].direction == direction


def test_a_question_that_was_not_asked_has_no_answer_before() -> None:
    """A version that asks more has found nothing out about the past."""
    found = compare(record(0, (), [endpoint("/a")]), record(1, (), [endpoint("/a", body="no")]))
    assert found.answers == ()
