"""What every report says in words before it goes into detail."""

import re
import shlex
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from medpro_audit.core.finding import SEVERITIES, Finding, Measure, Severity
from medpro_audit.core.notice import NoticeKind
from medpro_audit.core.place import Place
from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.result import AuditResult, Completeness, Metric, RuleReport, Share, Understood

NOTICE_WORDS: dict[NoticeKind, str] = {
    "budget": "followed only in part",
    "configuration": "configuration not understood",
    "encoding": "encoding guessed",
    "internal": "fault of this tool",
    "limit": "over a limit, left out",
    "no-endpoint": "application without endpoints",
    "symlink": "symbolic link not followed",
    "syntax-error": "syntax error, read in part",
    "unreadable": "unreadable",
    "unresolved-import": "import not resolved",
    "unresolved-route": "route not resolved",
    "vanished": "vanished while scanning",
}
UNDERSTOOD_WORDS: dict[Understood, str] = {
    "files-parsed": "files read without a syntax error",
    "imports-resolved": "imports resolved",
    "routers-mounted": "routers that an application reaches",
    "routes-resolved": "routes resolved",
    "handlers-known": "endpoints whose handler is known",
}
_LONGEST_PLACE = 240
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EXAMPLES = 3
_EFFORT = re.compile(r"(\d+(?:\.\d+)?)\s*(min|h|d)")
_MINUTES = {"min": 1, "h": 60, "d": 480}
_MINUTES_WHEN_UNSAID = 60


class RuleFindings(Struct, frozen=True):
    """All findings of one rule, and the worst severity among them."""

    rule: RuleReport
    severity: Severity
    findings: tuple[Finding, ...]
    holds_nowhere: bool = False
    """Not one of the subjects that the rule was asked of keeps it."""

    def first(self, most: int) -> tuple[Finding, ...]:
        """The first findings; only examples where there are too many and a list would name all that there is."""
        is_everything = self.holds_nowhere and len(self.findings) > most
        return self.findings[: min(most, _EXAMPLES) if is_everything else most]


class Remark(Struct, frozen=True):
    """Something that was not understood, and why."""

    place: Place | None
    """None when it is about the repository as a whole."""
    text: str


class NextStep(Struct, frozen=True):
    """Mending all findings of one rule: what it costs and what it wins."""

    rule: RuleReport
    findings: int
    minutes: int
    gain: float
    """Points that its metric wins at most; 0 when it feeds none that falls short of its target."""
    metric: str
    """Title of that metric, empty when there is none."""


def count(number: int, noun: str) -> str:
    """A number with its noun: ``1 error``, ``2 errors``."""
    return f"{number:,} {noun if number == 1 else noun + 's'}"


def percent(share: float) -> str:
    """A share with at most one decimal."""
    return f"{share:.1f}".removesuffix(".0") + " %"


def points(gain: float) -> str:
    """A change of a share: ``+8.7 points``."""
    return f"{gain:+.1f}".removesuffix(".0") + " points"


def numbers_of(share: Share) -> str:
    """The numbers behind a share of what was understood: ``14 of 15``."""
    return f"{share.numerator:,} of {share.denominator:,}"


def share_of(share: Share) -> str:
    """A share of what was understood with its numbers: ``93.3 % · 14 of 15``."""
    return numbers_of(share) if share.share is None else f"{percent(share.share)} · {numbers_of(share)}"


def fraction(metric: Metric) -> str:
    """The checks behind a share, how many hold: ``98 of 138, 4 unknown``."""
    unknown = f", {metric.unknown:,} unknown" if metric.unknown else ""
    return f"{metric.numerator:,} of {metric.denominator:,}{unknown}"


def measured(measure: Measure) -> str:
    """What a rule measures: ``7 of 21, 2 unknown``."""
    unknown = f", {measure.unknown:,} unknown" if measure.unknown else ""
    return f"{measure.conforming:,} of {measure.applicable:,}{unknown}"


def unknown_share(metric: Metric) -> float:
    """How much of a metric is unknown, in percent, each rule weighted as in its share."""
    asked = [measure for measure in metric.measures if measure.applicable]
    weights = sum(measure.weight for measure in asked)
    part = sum(measure.weight * measure.unknown / measure.applicable for measure in asked)
    return 100 * part / weights if weights else 0.0


def at(file: str, line: int | None) -> str:
    """A place in one word: ``server.js:12``, or the file alone."""
    return f"{file}:{line}" if line else file


def share_in_words(metric: Metric) -> str:
    """A metric's share with its numbers: ``71 % (98 of 138, 4 unknown)``."""
    if metric.share is None:
        return "not measured"
    return f"{percent(metric.share)} ({fraction(metric)})"


def place_of(finding: Finding) -> str:
    """Where it stands: never wrapped nor indented, so that an editor can jump to it; only absurd paths are cut."""
    return f"{shortened(visible(finding.file), _LONGEST_PLACE)}:{finding.line}:{finding.column}"


def shown_place(place: Place) -> str:
    """A place as it is shown: harmless, and cut only where it is absurdly long."""
    return shortened(visible(str(place)), _LONGEST_PLACE)


def tally(findings: Iterable[Finding]) -> str:
    """How many findings of each severity there are."""
    found = Counter(finding.severity for finding in findings)
    parts = [count(found[severity], severity) for severity in SEVERITIES if found[severity]]
    return ", ".join(parts) if parts else "nothing found"


def counted(result: AuditResult) -> str:
    """How much was found in how much: ``2 errors, 1 note in 40 endpoints``."""
    return f"{tally(result.findings)} in {count(len(result.endpoints), 'endpoint')}"


def verdict_sentence(result: AuditResult) -> str:
    """The gate's answer in one sentence."""
    reasons = "; ".join(reason.rstrip(".") for reason in result.verdict.reasons)
    looked_at = counted(result)
    match result.verdict.status:
        case "passed":
            return _sentence(f"The gate passed: {reasons or looked_at}{_how_many_are_new(result)}")
        case "failed":
            return _sentence(f"The gate failed: {reasons or looked_at}")
        case "incomplete":
            return _sentence(f"The analysis is incomplete, so the gate can't answer: {reasons or looked_at}")
        case "not-gated":
            return _sentence(f"Nothing is gated: {'; '.join(filter(None, (looked_at, reasons)))}")


def _how_many_are_new(result: AuditResult) -> str:
    """What a gate on new findings has passed; empty where all of them count."""
    if result.baseline is None and result.comparison is None:
        return ""
    new = len(fresh_findings(result))
    return (
        f"; {new:,} of these findings {'is' if new == 1 else 'are'} new" if new else "; none of these findings is new"
    )


def _sentence(text: str) -> str:
    return text if text.endswith(("?", "!")) else f"{text}."


def next_command(result: AuditResult) -> str:
    """The command to type next."""
    steps = next_steps(result)
    if steps:
        return f"medpro-audit rules show {shlex.quote(steps[0].rule.id)}"
    if result.verdict.status == "not-gated":
        return "medpro-audit scan --fail-on error"
    return "medpro-audit endpoints"


def grouped(result: AuditResult) -> tuple[RuleFindings, ...]:
    """Findings by rule: the worst first, among equals the most frequent."""
    rules = {rule.id: rule for rule in result.rules}
    groups: dict[str, list[Finding]] = {}
    for finding in sorted(result.findings, key=lambda finding: finding.order):
        groups.setdefault(finding.rule, []).append(finding)
    broken = {each.rule for metric in result.metrics for each in metric.measures if _holds_nowhere(each)}
    reports = [
        RuleFindings(rules.get(rule) or _undescribed(found[0]), found[0].severity, tuple(found), rule in broken)
        for rule, found in groups.items()
    ]
    return tuple(sorted(reports, key=lambda group: (*_worst_first(group), group.rule.id)))


def _holds_nowhere(measure: Measure) -> bool:
    return bool(measure.applicable) and not measure.conforming and not measure.unknown


def next_steps(result: AuditResult, most: int = 3) -> tuple[NextStep, ...]:
    """The rules whose findings are worth mending first.

    A step mends all findings of a rule. Its gain is what the metric's share grows by, at most what is missing to the
    target; its cost the rule's effort for each finding. Most gain for an hour comes first, then the worse severity,
    then the more findings.
    """
    steps = [(group, _step(group, result.metrics)) for group in grouped(result)]
    ordered = sorted(steps, key=lambda pair: (-pair[1].gain / pair[1].minutes, *_worst_first(pair[0]), pair[1].rule.id))
    return tuple(step for _, step in ordered[:most])


def duration(minutes: int) -> str:
    """Working time in words; a day has eight hours."""
    if minutes < _MINUTES["h"]:
        return f"{minutes} min"
    unit, name = (_MINUTES["d"], "day") if minutes >= _MINUTES["d"] else (_MINUTES["h"], "hour")
    amount = f"{minutes / unit:.1f}".removesuffix(".0")
    return f"{amount} {name}" if amount == "1" else f"{amount} {name}s"


def day_in_words(day: date) -> str:
    """A day as people write it: ``23 November 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def completeness_rows(completeness: Completeness) -> tuple[tuple[str, Share], ...]:
    """What was understood: words and share."""
    return tuple((UNDERSTOOD_WORDS[share.id], share) for share in completeness.shares)


def not_understood(result: AuditResult) -> tuple[tuple[str, tuple[Remark, ...]], ...]:
    """What was not read, not resolved or not followed, under the words for its kind, in the order of those words."""
    groups: dict[str, list[Remark]] = {}
    for notice in sorted(result.notices, key=lambda notice: notice.order):
        groups.setdefault(NOTICE_WORDS[notice.kind], []).append(Remark(notice.place, notice.message))
    for unresolved in result.unresolved_imports:
        remark = Remark(Place(unresolved.file, unresolved.line), f"{unresolved.specifier}: {unresolved.reason}")
        groups.setdefault(NOTICE_WORDS["unresolved-import"], []).append(remark)
    for route in result.unresolved_routes:
        remark = Remark(route.place, f"{route.method}: {route.reason}")
        groups.setdefault(NOTICE_WORDS["unresolved-route"], []).append(remark)
    for place in result.unmounted_routers:
        remark = Remark(place, "mount it, or delete it")
        groups.setdefault("router that no application reaches", []).append(remark)
    for endpoint in result.endpoints:
        if endpoint.handler.file is None:
            remark = Remark(Place(endpoint.file, endpoint.line), f"{endpoint.identity}: {endpoint.handler.reason}")
            groups.setdefault("handler not known", []).append(remark)
    return tuple((words, tuple(group)) for words, group in sorted(groups.items()))


def _undescribed(finding: Finding) -> RuleReport:
    return RuleReport(finding.rule, finding.rule, finding.severity, None, "", "", "", "")


def _worst_first(group: RuleFindings) -> tuple[int, int]:
    return (SEVERITIES.index(group.severity), -len(group.findings))


def _step(group: RuleFindings, metrics: Sequence[Metric]) -> NextStep:
    minutes = len(group.findings) * minutes_of(group.rule.effort)
    metric = next((metric for metric in metrics if metric.id == group.rule.metric), None)
    gain = _gain(group, metric) if metric else 0.0
    return NextStep(group.rule, len(group.findings), minutes, gain, metric.title if metric and gain else "")


def _gain(group: RuleFindings, metric: Metric) -> float:
    weights = sum(measure.weight for measure in metric.measures if measure.applicable)
    measured = next((each for each in metric.measures if each.rule == group.rule.id and each.applicable), None)
    if metric.share is None or measured is None or not weights:
        return 0.0
    broken = measured.applicable - measured.conforming - measured.unknown
    points = 100 * measured.weight * broken / (measured.applicable * weights)
    return round(min(points, max(metric.target - metric.share, 0.0)), 1)


def minutes_of(effort: str) -> int:
    """The minutes that a rule's effort stands for; an hour where it says nothing."""
    total = sum(float(number) * _MINUTES[unit] for number, unit in _EFFORT.findall(effort))
    return max(round(total), 1) if total else _MINUTES_WHEN_UNSAID
