"""What a week has brought, in a few sentences: one value that every message is written from.

All texts of the repository in it are one line each, without invisible characters, and cut where absurdly long; they
are still to be escaped for their medium.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.core.finding import SEVERITIES
from medpro_audit.history.comparison import AnswerChange, Comparison
from medpro_audit.history.forecast import Forecast
from medpro_audit.history.news import News, Trend, Worsening
from medpro_audit.history.record import Scan
from medpro_audit.history.weeks import week_of
from medpro_audit.reporters import summary
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.history import answer_in_words, contribution_in_words
from medpro_audit.reporters.marks import SEVERITY_MARKS, Mark, metric_mark, verdict_mark
from medpro_audit.result import AuditResult

MOST_WORSE = 8
"""Worsenings and lost protections that are told one by one."""
_COMMITS = 3
_LONGEST_NAME = 80
_LONGEST_TEXT = 300
_LONGEST_PLACE = 120
_LONGEST_SUBJECT = 72
_GUARDING = frozenset({"body", "params", "query", "headers", "authentication", "authorization", "rate-limit"})
"""Questions whose yes protects an endpoint."""


class MetricNews(Struct, frozen=True):
    """A success metric now, what it was, and what is to be expected."""

    id: str
    title: str
    mark: Mark
    share: str
    """With the fraction: ``71 % · 98 of 138, 4 unknown``; or why it isn't measured."""
    target: str
    change: str
    """``▲ +3.1``, ``▼ −0.4``, ``=``; empty where nothing is known of it."""  # noqa: RUF001 - the sign of visual.md
    why: str
    """The rule that moved it most, empty where none did."""
    forecast: str


class Step(Struct, frozen=True):
    """What is worth doing next."""

    rule: str
    title: str
    price: str
    """``12 places, about 3 hours, Security up to +8.7 points``."""
    fix: str


class Commit(Struct, frozen=True):
    """A commit that may have brought something."""

    name: str
    subject: str


class Worse(Struct, frozen=True):
    """Something that was not there a week ago."""

    mark: Mark
    place: str
    text: str
    rule: str
    commits: tuple[Commit, ...] = ()


class Bulletin(Struct, frozen=True):
    """What a week has brought."""

    project: str
    week: str
    """``2026-W47``."""
    today: date
    mark: Mark
    verdict: str
    """The gate's answer in one sentence."""
    changed: tuple[str, ...]
    """Since the scan of a week ago, a sentence each."""
    metrics: tuple[MetricNews, ...]
    lost: tuple[Worse, ...]
    """Endpoints that have lost protection."""
    more_lost: int
    """Others, not told one by one."""
    worse: tuple[Worse, ...]
    """New findings, the worst first."""
    more_worse: int
    steps: tuple[Step, ...]
    tool: str

    @property
    def title(self) -> str:
        """In one line."""
        return f"{self.project}: {self.mark.word} · {self.week}"


def bulletin(result: AuditResult, news: News) -> Bulletin:
    """Sum up an audit and what is new in it."""
    lost = [change for change in news.lost if _is_lost(change)]
    worse = sorted(news.worse, key=lambda each: each.finding.order)
    return Bulletin(
        project=_cut(result.project, _LONGEST_NAME),
        week=week_of(news.today).name,
        today=news.today,
        mark=verdict_mark(result),
        verdict=_cut(summary.verdict_sentence(result), 2 * _LONGEST_TEXT),
        changed=tuple(_changed(news, len(lost))),
        metrics=tuple(_metric(trend, news.comparison) for trend in news.trends),
        lost=tuple(map(_lost, lost[:MOST_WORSE])),
        more_lost=max(len(lost) - MOST_WORSE, 0),
        worse=tuple(map(_worse, worse[:MOST_WORSE])),
        more_worse=max(len(worse) - MOST_WORSE, 0),
        steps=tuple(_step(step) for step in summary.next_steps(result)),
        tool=f"{result.tool.name} {result.tool.version}",
    )


def shorter(told: Bulletin) -> Bulletin | None:
    """The same with one thing less told one by one, the mildest; None when there is none left."""
    if told.worse:
        return replace(told, worse=told.worse[:-1], more_worse=told.more_worse + 1)
    if told.lost:
        return replace(told, lost=told.lost[:-1], more_lost=told.more_lost + 1)
    return None


def change_in_words(points: float | None) -> str:
    """Points since last week: ``▲ +3.1``, ``▼ −0.4`` or ``=``; empty when they aren't known."""  # noqa: RUF002
    if points is None:
        return ""
    if not points:
        return "="
    return f"▲ +{points:.1f}" if points > 0 else f"▼ −{-points:.1f}"  # noqa: RUF001 - as above


def forecast_in_words(forecast: Forecast) -> str:
    """When the target will be reached, with what is uncertain about it."""
    match forecast.course:
        case "reached":
            return "target reached"
        case "unknown":
            return f"no forecast: {forecast.reason}"
        case "falling":
            return f"falling by {-forecast.pace:.1f} points a week"
        case "level":
            return f"level{_span(forecast)}: no date in sight"
        case "rising":
            return f"{_signed(forecast.pace)} points a week: {_reached(forecast)}"


def _span(forecast: Forecast) -> str:
    slowest, fastest = _signed(forecast.slowest), _signed(forecast.fastest)
    return f", {slowest} to {fastest} points a week" if slowest != fastest else ""


def _reached(forecast: Forecast) -> str:
    if forecast.expected is None:
        return "target more than five years away"
    earliest = week_of(forecast.earliest).name if forecast.earliest is not None else "now"
    latest = week_of(forecast.latest).name if forecast.latest is not None else "never"
    span = f" ({earliest} to {latest})" if earliest != latest else ""
    return f"target about {week_of(forecast.expected).name}{span}"


def _signed(points: float) -> str:
    return f"{points:+.1f}".replace("-", "−")  # noqa: RUF001 - the sign of visual.md


def _changed(news: News, lost: int) -> Iterable[str]:
    """What is different, a sentence each."""
    comparison = news.comparison
    if comparison is None:
        yield "This is the first scan on record: from the next one on, this says what has changed."
        return
    yield (
        f"Since {_state(comparison.before)}: {summary.count(len(comparison.new), 'new finding')}"
        f"{_by_severity(news.worse)}, {len(comparison.fixed):,} fixed."
    )
    if comparison.epoch_change is not None:
        told = _cut(comparison.epoch_change, _LONGEST_TEXT)
        yield (
            f"It was measured otherwise then ({told}): only what both have asked alike is counted here, and metrics "
            "are not compared. medpro-audit history backfill measures earlier commits as today."
        )
    if lost:
        yield f"Lost protection: {summary.count(lost, 'answer')} that {'was' if lost == 1 else 'were'} a yes."
    added, removed = len(comparison.endpoints_added), len(comparison.endpoints_removed)
    if added or removed:
        yield f"Endpoints: {added:,} added, {removed:,} removed."


def _state(scan: Scan) -> str:
    return f"{scan.revision.name} of {scan.revision.at:%Y-%m-%d}"


def _by_severity(worse: Sequence[Worsening]) -> str:
    counts = {name: sum(each.finding.severity == name for each in worse) for name in SEVERITIES}
    told = [summary.count(number, name) for name, number in counts.items() if number]
    return f" ({', '.join(told)})" if told else ""


def _metric(trend: Trend, comparison: Comparison | None) -> MetricNews:
    metric = trend.metric
    movements = comparison.movements if comparison is not None and comparison.epoch_change is None else ()
    movement = next((each for each in movements if each.after.id == metric.id), None)
    why = movement.contributions[:1] if movement is not None and movement.points else ()
    share = f"not measured: {metric.reason or 'no rule feeds it yet'}"
    if metric.share is not None:
        share = f"{summary.percent(metric.share)} · {summary.fraction(metric)}"
    return MetricNews(
        id=metric.id,
        title=metric.title,
        mark=metric_mark(metric),
        share=_cut(share, _LONGEST_TEXT),
        target=f"{metric.target} %",
        change=change_in_words(movement.points if movement is not None else None),
        why=_cut(contribution_in_words(why[0]), _LONGEST_TEXT) if why else "",
        forecast=forecast_in_words(trend.forecast),
    )


def _is_lost(change: AnswerChange) -> bool:
    """What was a yes that protects, and is none any more."""
    return change.before == "yes" and change.question in _GUARDING


def _lost(change: AnswerChange) -> Worse:
    endpoint = change.endpoint
    return Worse(
        mark=SEVERITY_MARKS["error"],
        place=_cut(summary.at(endpoint.file, endpoint.line), _LONGEST_PLACE),
        text=_cut(f"{endpoint.method} {endpoint.path}: {answer_in_words(change)}", _LONGEST_TEXT),
        rule="",
    )


def _worse(worsening: Worsening) -> Worse:
    finding = worsening.finding
    commits = worsening.commits[:_COMMITS]
    return Worse(
        mark=SEVERITY_MARKS[finding.severity],
        place=_cut(summary.at(finding.file, finding.line), _LONGEST_PLACE),
        text=_cut(finding.message, _LONGEST_TEXT),
        rule=_cut(finding.rule, _LONGEST_NAME),
        commits=tuple(Commit(_cut(each.name, 40), _cut(each.subject, _LONGEST_SUBJECT)) for each in commits),
    )


def _step(step: summary.NextStep) -> Step:
    gain = f", {step.metric} up to {summary.points(step.gain)}" if step.gain else ""
    price = f"{summary.count(step.findings, 'place')}, about {summary.duration(step.minutes)}{gain}"
    return Step(
        rule=_cut(step.rule.id, _LONGEST_NAME),
        title=_cut(step.rule.title, _LONGEST_TEXT),
        price=price,
        fix=_cut(step.rule.fix, _LONGEST_TEXT),
    )


def _cut(text: str, most: int) -> str:
    return shortened(visible(text).strip(), most)
