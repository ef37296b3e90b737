"""Two scans held against each other: what is new and fixed, and why each metric moved.

Only what both have asked alike is compared: a rule that is new, or that asks for something else now, has found nothing
new; and another version of the program, or another configuration, may find more in the same code.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from medpro_audit.core.finding import Finding, Measure
from medpro_audit.history.record import Record, RecordedEndpoint, Scan, change_of_epoch
from medpro_audit.result import Metric
from medpro_audit.result.pairing import Paired, Renamed, no_renames, pair, pair_findings
from medpro_audit.result.verdicts import Answer

_LEAST = 0.05
"""Points that are told."""


class Contribution(Struct, frozen=True):
    """What one rule did to a metric."""

    rule: str
    before: Measure | None
    """None when the rule applied to nothing."""
    after: Measure | None
    points: float
    """By which it moved the metric."""


class Movement(Struct, frozen=True):
    """A metric then and now."""

    before: Metric | None
    after: Metric
    contributions: tuple[Contribution, ...] = ()
    """The largest first; empty across epochs."""
    is_comparable: bool = True
    """False across epochs."""

    @property
    def points(self) -> float | None:
        """By which its share has changed; None when one of them isn't measured, or across epochs."""
        if not self.is_comparable or self.before is None or self.before.share is None or self.after.share is None:
            return None
        return round(self.after.share - self.before.share, 1)


class AnswerChange(Struct, frozen=True):
    """A question about an endpoint whose answer is another one now."""

    endpoint: RecordedEndpoint
    question: str
    before: Answer
    after: Answer

    @property
    def direction(self) -> Literal["better", "worse", "other"]:
        """worse: it was a yes and is a no or unknown, or was unknown and is a no."""
        order = ("no", "unknown", "yes")
        if "n/a" in {self.before, self.after}:
            return "other"
        return "better" if order.index(self.after) > order.index(self.before) else "worse"


class Comparison(Struct, frozen=True):
    """What is different between two scans of a project.

    Findings are those of rules that both have asked alike; they and the endpoints are empty where `is_comparable` is
    false.
    """

    before: Scan
    after: Scan
    epoch_change: str | None
    """What they measured with that was not the same, in words; None when it was."""
    movements: tuple[Movement, ...]
    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    """As they were."""
    endpoints_added: tuple[RecordedEndpoint, ...]
    endpoints_removed: tuple[RecordedEndpoint, ...]
    answers: tuple[AnswerChange, ...]
    """Of endpoints of both."""

    @property
    def is_comparable(self) -> bool:
        """Both scans have read the code in the same way."""
        return self.before.epoch.reads_like(self.after.epoch)


def compare(before: Record, after: Record, renamed: Renamed = no_renames) -> Comparison:
    """Hold a scan against an earlier one of the same project."""
    epoch_change = change_of_epoch(before.scan.epoch, after.scan.epoch)
    is_comparable = before.scan.epoch.reads_like(after.scan.epoch)
    alike = _asked_alike(before.scan.epoch.rules, after.scan.epoch.rules) if is_comparable else set()
    findings = pair_findings(_of(alike, before.findings), _of(alike, after.findings), renamed)
    endpoints = _paired(before.endpoints, after.endpoints) if is_comparable else Paired([], [], [])
    return Comparison(
        before=before.scan,
        after=after.scan,
        epoch_change=epoch_change,
        movements=tuple(_movement(before.scan.metric(each.id), each, epoch_change) for each in after.scan.metrics),
        new=tuple(findings.new),
        fixed=tuple(findings.gone),
        endpoints_added=tuple(endpoints.new),
        endpoints_removed=tuple(endpoints.gone),
        answers=tuple(change for old, new in endpoints.pairs for change in _answers(old, new)),
    )


def _asked_alike(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    return {rule for rule, asked in after.items() if before.get(rule) == asked}


def _of(rules: set[str], findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule in rules]


def _paired(
    before: tuple[RecordedEndpoint, ...], after: tuple[RecordedEndpoint, ...]
) -> Paired[RecordedEndpoint, RecordedEndpoint]:
    """Of two endpoints that answer the same path one may have gone: those of one file are matched first."""

    def same(each: RecordedEndpoint) -> tuple[str, str, str]:
        return each.backend, each.method, each.path

    def near(each: RecordedEndpoint) -> tuple[str, str, str, str]:
        return *same(each), each.file

    found = pair(before, after, near, near)
    more = pair(found.gone, found.new, same, same)
    return more._replace(pairs=[*found.pairs, *more.pairs])


def _answers(before: RecordedEndpoint, after: RecordedEndpoint) -> list[AnswerChange]:
    return [
        AnswerChange(after, question, before.verdicts[question], answer)
        for question, answer in after.verdicts.items()
        if question in before.verdicts and before.verdicts[question] != answer
    ]


def _movement(before: Metric | None, after: Metric, epoch_change: str | None) -> Movement:
    then, now = _asked(before) if before is not None else {}, _asked(after)
    if epoch_change is not None or not then or not now:
        return Movement(before, after, is_comparable=epoch_change is None)
    told = (each for each in _contributions(then, now) if abs(each.points) >= _LEAST)
    return Movement(before, after, tuple(sorted(told, key=lambda each: (-abs(each.points), each.rule))))


def _asked(metric: Metric) -> dict[str, Measure]:
    return {measure.rule: measure for measure in metric.measures if measure.applicable and measure.weight}


def _contributions(then: Mapping[str, Measure], now: Mapping[str, Measure]) -> Iterator[Contribution]:
    """What each rule did; together they are what the weighted mean changed by.

    A rule that applies now and did not counts as if it had had the mean of all before, and one that does not apply any
    more as if it had that now: so it moves the metric by how much better or worse than the others it is.
    """
    mean = _mean(then.values())
    weights = sum(measure.weight for measure in now.values())
    for rule in sorted(then.keys() | now.keys()):
        before, after = then.get(rule), now.get(rule)
        gained = (_held(after) if after else mean) - (_held(before) if before else mean)
        points = 100 * (after or then[rule]).weight * gained / weights
        yield Contribution(rule, before, after, round(points, 2))


def _held(measure: Measure) -> float:
    return measure.conforming / measure.applicable


def _mean(measures: Collection[Measure]) -> float:
    return sum(each.weight * _held(each) for each in measures) / sum(each.weight for each in measures)
