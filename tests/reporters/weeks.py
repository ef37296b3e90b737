"""What weeks have brought to a result: histories made by hand."""

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from medpro_audit.history.comparison import compare
from medpro_audit.history.news import Commit, News, news
from medpro_audit.history.record import Epoch, Record, Revision, Scan, record_of
from medpro_audit.result import AuditResult, Metric

TODAY = date(2026, 11, 25)
"""A Wednesday, in 2026-W48."""
EPOCH = Epoch("1.0.0", {"zod/unvalidated-body": "a"}, "c")


def record(result: AuditResult, *, weeks_ago: float = 0, epoch: Epoch = EPOCH) -> Record:
    """A result as it was recorded then."""
    at = datetime(2026, 11, 25, 9, tzinfo=UTC) - timedelta(weeks=weeks_ago)
    epoch = replace(epoch, rules={rule.id: "a" for rule in result.rules})
    return record_of(result, Revision(at, f"{int(weeks_ago):02x}" * 20, "main"), epoch)


def moved(scan: Scan, points: float) -> Scan:
    """A scan with other shares."""

    def other(metric: Metric) -> Metric:
        share = None if metric.share is None else min(max(round(metric.share + points, 1), 0.0), 100.0)
        measures = (
            *(replace(each, conforming=each.conforming // 2) for each in metric.measures[:1]),
            *metric.measures[1:],
        )
        return replace(metric, share=share, measures=measures)

    return replace(scan, metrics=tuple(map(other, scan.metrics)))


def first_week(result: AuditResult) -> News:
    """Nothing was recorded before."""
    return news([], record(result).scan, TODAY, None)


def usual_week(result: AuditResult, before: AuditResult | None = None, subject: str = "Read the body") -> News:
    """26 weeks of growth; a week ago there was nothing to find, or another result."""
    now = record(result)
    earlier = record(before or replace(result, findings=()), weeks_ago=1)
    earlier = replace(earlier, scan=moved(earlier.scan, -3.1))
    scans = [moved(record(result, weeks_ago=week).scan, -week) for week in range(2, 26)]
    commit = Commit("a1b2c3d", subject)
    return news(
        [*scans, earlier.scan],
        now.scan,
        TODAY,
        compare(earlier, now),
        lambda files: dict.fromkeys(files, (commit,)),
    )


def new_epoch(result: AuditResult) -> News:
    """The week in which the tool was updated."""
    now = record(result)
    earlier = record(replace(result, findings=()), weeks_ago=1, epoch=replace(EPOCH, tool="0.9.0"))
    earlier = replace(earlier, scan=replace(earlier.scan, epoch=replace(earlier.scan.epoch, rules={})))
    return news([earlier.scan], now.scan, TODAY, compare(earlier, now))
