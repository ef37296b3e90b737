"""Recorded scans for people and for programs: a list, one of them, and two held against each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, to_builtins
from msgspec.json import schema

from medpro_audit.core.finding import SEVERITIES, Finding, Measure, Severity
from medpro_audit.history.comparison import AnswerChange, Comparison, Contribution, Movement
from medpro_audit.history.record import Record, RecordedEndpoint, Scan, change_of_epoch
from medpro_audit.reporters import summary
from medpro_audit.reporters.changes import some
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, SEVERITY_MARKS, UNKNOWN, Mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Style, Terminal, joined
from medpro_audit.result import Metric
from medpro_audit.result.verdicts import QUESTIONS

_SHORT = {
    "directory-structure": "struct",
    "code-quality": "code",
    "api-documentation": "docs",
    "testing": "tests",
    "security": "secur",
    "performance-monitoring": "perf",
}
_TITLES = {question.id: question.title.lower() for question in QUESTIONS}
_ANSWER_MARKS: Mapping[str, Mark] = {"yes": HOLDS, "no": BROKEN, "unknown": UNKNOWN, "n/a": DOES_NOT_APPLY}
_CONTRIBUTIONS = 3
"""That are told of a metric."""

Numbered = tuple[int, Scan]
"""A scan with the number by which the history knows it."""


class _ListedMetric(Struct, frozen=True):
    id: str
    share: float | None
    numerator: int
    denominator: int
    unknown: int


class _ListedScan(Struct, frozen=True, omit_defaults=False):
    number: int
    project: str
    at: str
    commit: str | None
    branch: str | None
    is_dirty: bool
    epoch: str
    tool: str
    verdict: str
    findings: Mapping[Severity, int]
    endpoints: int
    metrics: tuple[_ListedMetric, ...]


class _ScanList(Struct, frozen=True):
    schema_version: int
    scans: tuple[_ListedScan, ...]


def scans_json(scans: Sequence[Numbered]) -> str:
    """The list as JSON."""
    return encode(_ScanList(1, tuple(_listed(number, scan) for number, scan in scans)))


def _listed(number: int, scan: Scan) -> _ListedScan:
    revision = scan.revision
    metrics = (
        _ListedMetric(each.id, each.share, each.numerator, each.denominator, each.unknown) for each in scan.metrics
    )
    return _ListedScan(
        number=number,
        project=scan.project,
        at=revision.at.isoformat(),
        commit=revision.commit,
        branch=revision.branch,
        is_dirty=revision.is_dirty,
        epoch=scan.epoch.id,
        tool=scan.epoch.tool,
        verdict=scan.verdict,
        findings=scan.findings,
        endpoints=scan.endpoints,
        metrics=tuple(metrics),
    )


def record_json(record: Record) -> str:
    """A record as it is exported."""
    return encode(to_builtins(record))


def record_schema() -> str:
    """JSON Schema of a record."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A scan that medpro-audit recorded"}
    return encode({**head, **schema(Record)})


def comparison_json(found: Comparison) -> str:
    """A comparison as JSON."""
    return encode({"schema_version": 1, **to_builtins(found)})


def scans_text(scans: Sequence[Numbered], options: RenderOptions) -> str:
    """A line a scan under the name of its project; a new epoch is told before its first."""
    terminal = Terminal.of(options)
    if not scans:
        return joined(terminal.paragraph("Nothing was recorded: medpro-audit scan --record does.", style="none"))
    lines: list[str] = []
    for project in sorted({scan.project for _, scan in scans}):
        own = [(number, scan) for number, scan in scans if scan.project == project]
        lines += ["", *_project_lines(terminal, project, own)] if lines else _project_lines(terminal, project, own)
    return joined(lines)


def _project_lines(terminal: Terminal, project: str, scans: Sequence[Numbered]) -> Iterator[str]:
    metrics = [metric.id for metric in scans[-1][1].metrics]
    yield from terminal.paragraph(project, style="strong")
    titles = "".join(f"{_SHORT.get(name, name)[:6]:>7}" for name in metrics)
    yield terminal.paint(f"{'':>4} {'date':<10} {'commit':<11}{titles}  {'findings':>8}", "none")
    before: Scan | None = None
    for number, scan in scans:
        change = change_of_epoch(before.epoch, scan.epoch) if before is not None else None
        if change:
            yield from terminal.paragraph(f"new epoch: {change}", first="      ", rest="      ", style="unknown")
        shares = "".join(f"{_share(scan.metric(name)):>7}" for name in metrics)
        state = f"{number:>4} {scan.revision.at:%Y-%m-%d} {scan.revision.name:<11}"
        yield terminal.clean(f"{state}{shares}  {sum(scan.findings.values()):>8,}")
        before = scan


def _share(metric: Metric | None) -> str:
    return "–" if metric is None or metric.share is None else f"{metric.share:.1f}"  # noqa: RUF001 - the dash for what isn't measured


def record_text(record: Record, options: RenderOptions) -> str:
    """One scan: which state, what with, the metrics, how much was found."""
    terminal = Terminal.of(options)
    scan = record.scan
    said = f"{scan.project} · {_state(scan)} · {scan.revision.branch or 'no branch'}"
    lines = [*terminal.paragraph(said, style="strong")]
    tool = f"medpro-audit {scan.epoch.tool}, {summary.count(len(scan.epoch.rules), 'rule')}, epoch {scan.epoch.id}"
    lines += [*terminal.paragraph(tool, style="none"), ""]
    width = max((len(metric.title) for metric in scan.metrics), default=0)
    lines += [
        f"{terminal.clean(metric.title):<{width}}  {terminal.clean(summary.share_in_words(metric))}"
        for metric in scan.metrics
    ]
    counts = ", ".join(summary.count(scan.findings[severity], severity) for severity in SEVERITIES)
    lines += ["", f"{counts} in {summary.count(scan.endpoints, 'endpoint')}"]
    return joined(lines)


def comparison_text(found: Comparison, options: RenderOptions) -> str:
    """How each metric moved and why, then findings and endpoints."""
    terminal = Terminal.of(options)
    lines = [
        *terminal.paragraph(f"{found.after.project}: {_state(found.before)} → {_state(found.after)}", style="strong")
    ]
    if found.epoch_change is not None:
        lines += terminal.paragraph(f"A new epoch: {found.epoch_change}. {_left(found)}", style="unknown")
    lines.append("")
    for movement in found.movements:
        lines += _movement(terminal, movement)
    return joined([*lines, *_found_lines(terminal, found)] if found.is_comparable else lines)


def _found_lines(terminal: Terminal, found: Comparison) -> list[str]:
    findings = [*(("+", each) for each in found.new), *(("-", each) for each in found.fixed)]
    lines = ["", terminal.paint(f"{len(found.new):,} new, {len(found.fixed):,} fixed", "strong")]
    lines += some(terminal, findings, lambda each: _finding(terminal, *each))
    endpoints = [*(("+", each) for each in found.endpoints_added), *(("-", each) for each in found.endpoints_removed)]
    if endpoints or found.answers:
        lines += ["", terminal.paint("Endpoints", "strong")]
    lines += some(terminal, endpoints, lambda each: _endpoint(terminal, *each))
    lines += some(terminal, found.answers, lambda each: _answer(terminal, each))
    return lines


def _left(found: Comparison) -> str:
    if found.is_comparable:
        return "Only what both have asked alike is compared, and the metrics are not."
    return "So nothing is compared; medpro-audit history backfill measures earlier commits as it is done now."


def _state(scan: Scan) -> str:
    return f"{scan.revision.name} of {scan.revision.at:%Y-%m-%d}"


def _movement(terminal: Terminal, movement: Movement) -> Iterator[str]:
    points = movement.points
    told = summary.share_in_words(movement.after)
    change = "" if points is None else f" ({summary.points(points)})" if points else " (=)"
    style: Style | None = None if not points else "holds" if points > 0 else "broken"
    yield from terminal.paragraph(f"{movement.after.title} {told}{change}", rest="  ", style=style)
    for contribution in movement.contributions[:_CONTRIBUTIONS]:
        yield from terminal.paragraph(contribution_in_words(contribution), first="  ", rest="    ")


def contribution_in_words(contribution: Contribution) -> str:
    """What a rule did to its metric: ``zod/unvalidated-body: 13 of 60 → 20 of 60 (+2.1 points)``."""
    before, after = _measured(contribution.before), _measured(contribution.after)
    return f"{contribution.rule}: {before} → {after} ({summary.points(round(contribution.points, 1))})"


def _measured(measure: Measure | None) -> str:
    return "applied to nothing" if measure is None else summary.measured(measure)


def _finding(terminal: Terminal, sign: str, finding: Finding) -> Iterable[str]:
    mark = terminal.mark(SEVERITY_MARKS[finding.severity])
    first = f"{sign} {mark} {terminal.paint(summary.place_of(finding), 'accent')}  "
    return terminal.paragraph(f"{finding.message} ({finding.rule})", first=first, rest="    ")


def _endpoint(terminal: Terminal, sign: str, endpoint: RecordedEndpoint) -> Iterable[str]:
    return terminal.paragraph(
        f"{endpoint.method} {endpoint.path}  {endpoint.file}:{endpoint.line}", first=f"{sign} ", rest="    "
    )


def _answer(terminal: Terminal, change: AnswerChange) -> Iterable[str]:
    text = f"{change.endpoint.method} {change.endpoint.path}: {answer_in_words(change)}"
    return terminal.paragraph(text, first=f"{terminal.mark(_ANSWER_MARKS[change.after])} ", rest="    ")


def answer_in_words(change: AnswerChange) -> str:
    """``authentication yes → no``."""
    return f"{_TITLES.get(change.question, change.question)} {change.before} → {change.after}"
