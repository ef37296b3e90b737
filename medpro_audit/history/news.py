"""What a week has brought: the trend of each metric, what changed, and which commits changed it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.history.comparison import AnswerChange, Comparison, Movement
from medpro_audit.history.forecast import Forecast, forecast
from medpro_audit.history.record import Scan, change_of_epoch
from medpro_audit.history.weeks import DAYS, Week, states_of, weeks_until
from medpro_audit.result import Metric

WEEKS = 26
"""That a trend shows."""


class Commit(Struct, frozen=True):
    """A commit that may have brought a change: it changed the file."""

    name: str
    """Abbreviated id."""
    subject: str
    """First line of its message."""


Changing = Callable[[Sequence[str]], Mapping[str, tuple[Commit, ...]]]
"""The commits that changed files since the earlier scan, by file."""


class Point(Struct, frozen=True):
    """A metric in one week."""

    week: Week
    metric: Metric | None
    """As the last scan of the week measured it, or an earlier one where nothing was recorded; None before the first."""
    scan: Scan | None
    is_carried: bool
    """Nothing was recorded in the week itself."""
    epoch_change: str | None
    """A new epoch begins: what the scan before measured with was something else."""


class Trend(Struct, frozen=True):
    """A metric through the weeks."""

    metric: Metric
    """As it is now."""
    points: tuple[Point, ...]
    """A week each, the present one last."""
    forecast: Forecast


class Worsening(Struct, frozen=True):
    """A new finding with the commits that changed its file since it was not there."""

    finding: Finding
    commits: tuple[Commit, ...]


class News(Struct, frozen=True):
    """What a week has brought."""

    today: date
    trends: tuple[Trend, ...]
    comparison: Comparison | None
    """With the scan of a week ago; None when there is none."""
    worse: tuple[Worsening, ...] = ()
    lost: tuple[AnswerChange, ...] = ()
    """Answers that are worse than they were."""

    def trend(self, metric: str) -> Trend | None:
        """The trend of a metric by its id."""
        return next((each for each in self.trends if each.metric.id == metric), None)

    def movement(self, metric: str) -> Movement | None:
        """How a metric has moved since the scan of a week ago; None when there is none."""
        movements = self.comparison.movements if self.comparison is not None else ()
        return next((each for each in movements if each.after.id == metric), None)


def reference(scans: Sequence[Scan], now: Scan, today: date) -> Scan | None:
    """The scan that the present one is held against.

    The latest that is a week old and measured with the same, else the oldest of those; else the latest that is a week
    old, whatever it measured with.
    """
    others = sorted((each for each in scans if each.key != now.key), key=lambda each: each.revision.at)
    edge = today - timedelta(days=DAYS)
    old = [each for each in others if each.revision.at.date() <= edge]
    alike = [each for each in others if each.epoch.id == now.epoch.id]
    old_alike = [each for each in old if each.epoch.id == now.epoch.id]
    if old_alike:
        return old_alike[-1]
    return alike[0] if alike else old[-1] if old else None


def trends(scans: Sequence[Scan], now: Scan, today: date, weeks: int = WEEKS) -> tuple[Trend, ...]:
    """Each metric through the weeks until today.

    Where a week was measured in several ways, what measures as the present scan does is shown: so earlier commits that
    were scanned again take the place of what was recorded at their time.
    """
    span = weeks_until(today, weeks)
    alike = [each for each in scans if each.epoch.id == now.epoch.id]
    own = states_of(span, [*alike, now], lambda scan: scan.revision.at)
    others = states_of(span, scans, lambda scan: scan.revision.at)
    shown = [mine or other for mine, other in zip(own, others, strict=True)]
    shown[-1] = now
    return tuple(_trend(metric, span, shown, today) for metric in now.metrics)


def _trend(metric: Metric, span: Sequence[Week], shown: Sequence[Scan | None], today: date) -> Trend:
    points = []
    before: Scan | None = None
    for week, scan in zip(span, shown, strict=True):
        change = change_of_epoch(before.epoch, scan.epoch) if before is not None and scan is not None else None
        is_carried = scan is not None and not week.begin <= scan.revision.at < week.end
        points.append(Point(week, scan.metric(metric.id) if scan else None, scan, is_carried, change))
        before = scan or before
    begin = max((index for index, point in enumerate(points) if point.epoch_change is not None), default=0)
    shares = [point.metric.share if point.metric else None for point in points[begin:]]
    return Trend(metric, tuple(points), forecast(shares, metric.target, weeks_until(today, 1)[0].monday))


def news(
    scans: Sequence[Scan], now: Scan, today: date, comparison: Comparison | None, changing: Changing = lambda _: {}
) -> News:
    """What is new: trends over the earlier scans, and what changed since one of them."""
    found = comparison.new if comparison is not None else ()
    commits = changing(sorted({finding.file for finding in found}))
    return News(
        today=today,
        trends=trends(scans, now, today),
        comparison=comparison,
        worse=tuple(Worsening(finding, commits.get(finding.file, ())) for finding in found),
        lost=tuple(each for each in comparison.answers if each.direction == "worse") if comparison else (),
    )
