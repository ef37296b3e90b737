"""What a week has brought."""

from medpro_audit.history.comparison import compare
from medpro_audit.history.news import Commit, news, reference, trends
from recorded import EPOCH, day, endpoint, epoch, finding, metric, record, scan

OTHER = epoch("0.9", zod="a")


def test_a_trend_shows_what_each_week_measured() -> None:
    """A week without a record goes on with the one before it, and says so; before the first there is nothing."""
    (trend,) = trends([scan(0), scan(1), scan(3)], scan(4), day(4), weeks=6)
    shares = [point.metric.share if point.metric else None for point in trend.points]
    assert shares == [None, 50.0, 51.0, 51.0, 53.0, 54.0]
    assert [point.is_carried for point in trend.points] == [False, False, False, True, False, False]
    assert [point.epoch_change for point in trend.points] == [None] * 6
    assert trend.metric == scan(4).metrics[0]


def test_the_present_is_the_last_point_recorded_or_not() -> None:
    """Even where something later was recorded, or it was committed long ago."""
    (trend,) = trends([scan(0), scan(2.5)], scan(1), day(2), weeks=2)
    assert trend.points[-1].scan == scan(1)
    assert trend.points[-1].is_carried


def test_what_was_measured_as_now_is_shown_where_there_are_both() -> None:
    """So what backfill has recorded takes the place of what was recorded at its time."""
    earlier = [scan(week, metric(share=10.0), epoch=OTHER) for week in range(4)]
    (trend,) = trends([*(scan(week) for week in range(2, 4)), *earlier], scan(4), day(4), weeks=5)
    assert [point.metric.share for point in trend.points if point.metric] == [10.0, 10.0, 52.0, 53.0, 54.0]
    assert [point.epoch_change for point in trend.points] == [
        None,
        None,
        "medpro-audit 0.9 became 1.0; 1 rule added",
        None,
        None,
    ]


def test_a_forecast_looks_at_one_epoch_only() -> None:
    """A leap from one way of measuring to another is no progress."""
    earlier = [scan(week, metric(share=10.0), epoch=OTHER) for week in range(6)]
    (short,) = trends([*earlier, scan(6)], scan(7), day(7), weeks=8)
    assert short.forecast.reason == "2 of the 5 weeks that a forecast takes are recorded"
    (long,) = trends([*earlier, *(scan(week) for week in range(3, 7))], scan(7), day(7), weeks=8)
    assert (long.forecast.course, long.forecast.pace) == ("rising", 1.0)
    assert long.forecast.expected == day(7 + 90 - 57)


def test_the_reference_is_the_latest_of_a_week_ago_that_measured_alike() -> None:
    """The present scan itself is none."""
    scans = [scan(0), scan(1), scan(1.5), scan(1.9), scan(2)]
    assert reference(scans, scan(2), day(2)) == scan(1)
    foreign = scan(1, epoch=OTHER)
    assert reference([scan(0), foreign], scan(2), day(2)) == scan(0)


def test_without_one_of_a_week_ago_the_oldest_that_measured_alike_is_taken() -> None:
    """It says more than one that measured something else."""
    assert reference([scan(0, epoch=OTHER), scan(1.5), scan(1.8)], scan(2), day(2)) == scan(1.5)


def test_what_measured_something_else_is_the_last_resort() -> None:
    """Else there is none."""
    assert reference([scan(0, epoch=OTHER), scan(1, epoch=OTHER)], scan(2), day(2)) == scan(1, epoch=OTHER)
    assert reference([scan(1.9, epoch=OTHER)], scan(2), day(2)) is None
    assert reference([scan(2)], scan(2), day(2)) is None


def test_what_got_worse_is_told_with_the_commits_that_changed_the_file() -> None:
    """Each file is asked for once; a finding whose file nobody changed has none."""
    before = record(0, [], [endpoint("/a", body="yes", tested="no")])
    found = [finding("a", "x.js"), finding("b", "x.js"), finding("c", "y.js")]
    after = record(1, found, [endpoint("/a", body="no", tested="yes")])
    asked: list[list[str]] = []

    def changing(files: object) -> dict[str, tuple[Commit, ...]]:
        asked.append(list(files) if isinstance(files, list) else [])
        return {"x.js": (Commit("a1b2c3d", "Save time"),)}

    found_news = news([before.scan], after.scan, day(1), compare(before, after), changing)
    assert asked == [["x.js", "y.js"]]
    assert [(each.finding.snippet, len(each.commits)) for each in found_news.worse] == [("a", 1), ("b", 1), ("c", 0)]
    assert [(each.question, each.after) for each in found_news.lost] == [("body", "no")]


def test_without_an_earlier_scan_there_is_only_the_present() -> None:
    """A first report."""
    found = news([], scan(0), day(0), None)
    assert (found.comparison, found.worse, found.lost) == (None, (), ())
    assert found.trends[0].points[-1].scan == scan(0)
    assert scan(0).epoch == EPOCH
