"""Judges an audit by the policy: passed, failed, or incomplete, with the reasons in words.

A gate fails closed. It passes only when everything that the policy asks for was measured and the analysis really
happened: a run that read no file, that found no back end or one without endpoints, or in which a rule broke down, never
passes. What certainly fails has failed, however much else is unknown.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.config import GateConfig
from medpro_audit.core.errors import EXIT_GATE_FAILED, EXIT_INCOMPLETE, EXIT_PASSED
from medpro_audit.core.finding import SEVERITIES, Finding, MetricId
from medpro_audit.core.notice import Notice
from medpro_audit.gate.baseline import Minimum
from medpro_audit.gate.protection import lost_protection
from medpro_audit.result import AuditResult, Comparison, Completeness, Metric, Verdict
from medpro_audit.result.baseline import BaselineReport

_MOST_DECIMALS = 9


class Evidence(Struct, frozen=True):
    """What a gate judges by."""

    findings: Sequence[Finding]
    metrics: Sequence[Metric]
    """Of all back ends together."""
    completeness: Completeness
    notices: Sequence[Notice]
    backends: int
    baseline: BaselineReport | None = None
    minimums: Sequence[Minimum] = ()
    """What metrics have once reached, by the baseline."""
    comparison: Comparison | None = None

    @classmethod
    def of(cls, result: AuditResult) -> "Evidence":
        """What there is in a result."""
        return cls(
            result.findings,
            result.metrics,
            result.completeness,
            result.notices,
            len(result.backends),
            result.baseline,
            (),
            result.comparison,
        )


def judge(evidence: Evidence, policy: GateConfig | None) -> Verdict:
    """Hold an audit against the policy; without one, or with one that asks for nothing, nothing is gated."""
    if policy is None or policy == GateConfig():
        return Verdict("not-gated", tuple(gaps_in(evidence)))
    doubt = evidence.comparison.difference.doubt if evidence.comparison is not None else ""
    failures = [
        *(() if doubt and policy.scope == "new" else _failing(evidence, policy)),
        *_below_minimum(evidence, policy),
        *_below_target(evidence, policy),
        *(() if doubt else _since_the_base(evidence, policy)),
        *_stale(evidence, policy),
    ]
    gaps = [*gaps_in(evidence), *_below_floor(evidence.completeness, policy), *_unmeasured(evidence, policy)]
    gaps += [f"the base can't be compared with: {doubt}"] if doubt else []
    if failures:
        return Verdict("failed", (*failures, *gaps))
    return Verdict("incomplete", tuple(gaps)) if gaps else Verdict("passed")


def exit_code(verdict: Verdict) -> int:
    """Return the exit code that a verdict leads to."""
    match verdict.status:
        case "passed" | "not-gated":
            return EXIT_PASSED
        case "failed":
            return EXIT_GATE_FAILED
        case "incomplete":
            return EXIT_INCOMPLETE


def _failing(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    """Say how many findings count, by severity, and those that fail for their rule's sake."""
    counted = list(_counted(evidence, policy))
    new = " new" if len(counted) < len(evidence.findings) or _knows_earlier(evidence, policy) else ""
    failing = SEVERITIES[: SEVERITIES.index(policy.fail_on) + 1] if policy.fail_on is not None else ()
    ordinary = [each for each in counted if each.rule not in policy.rules]
    counts = [(severity, sum(each.severity == severity for each in ordinary)) for severity in failing]
    found = [f"{count}{new} {severity}{'s' if count > 1 else ''}" for severity, count in counts if count]
    if found:
        limit = policy.fail_on if policy.fail_on == failing[0] else f"{policy.fail_on} or worse"
        yield f"{' and '.join(found)}, and the gate fails on {limit}"
    for rule in sorted(name for name, verdict in policy.rules.items() if verdict == "fail"):
        count = sum(each.rule == rule for each in counted)
        if count:
            yield f"{count}{new} of {rule}, on which the gate fails"


def _since_the_base(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    yield from _fallen(evidence, policy)
    yield from _unprotected(evidence, policy)
    yield from _breaking(evidence, policy)


def _knows_earlier(evidence: Evidence, policy: GateConfig) -> bool:
    return policy.scope == "new" and (evidence.baseline is not None or evidence.comparison is not None)


def _counted(evidence: Evidence, policy: GateConfig) -> Iterator[Finding]:
    """The findings that can fail the gate: in the scope ``new``, what neither baseline nor base knows."""
    known = set(evidence.baseline.known) if evidence.baseline is not None else set()
    if evidence.comparison is not None:
        known.update(finding.fingerprint for finding in evidence.comparison.difference.unchanged)
    for finding in evidence.findings:
        if policy.scope == "all" or finding.fingerprint not in known:
            yield finding


def _below_minimum(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    reached = {minimum.metric: minimum.minimum for minimum in evidence.minimums} if policy.ratchet else {}
    for metric in evidence.metrics:
        configured, ratchet = policy.minimum.get(metric.id, 0.0), reached.get(metric.id, 0.0)
        minimum = max(configured, ratchet)
        if metric.share is not None and metric.share < minimum:
            which = "its minimum of" if configured >= ratchet else "what it has once reached,"
            yield f"{metric.title} is {metric.share} % ({_checks(metric)}), below {which} {minimum:g} %"


def _below_target(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    for metric in evidence.metrics:
        if metric.id in policy.targets and metric.share is not None and metric.share < metric.target:
            yield f"{metric.title} is {metric.share} % ({_checks(metric)}), below its target of {metric.target} %"


def _fallen(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    if evidence.comparison is None:
        return
    for change in evidence.comparison.difference.metrics:
        before, after = change.before.exact, change.after.exact
        if change.after.id in policy.may_not_fall and before is not None and after is not None and after < before:
            shares = _told_apart(change.before, change.after)
            yield f"{change.after.title} falls from {shares} ({_checks(change.after)}), and may not"


def _told_apart(before: Metric, after: Metric) -> str:
    """Two shares with as many decimals as it takes to see that they differ."""
    if before.share != after.share:
        return f"{before.share} to {after.share} %"
    assert before.exact is not None
    assert after.exact is not None
    for decimals in range(2, _MOST_DECIMALS):
        shown = [f"{float(each):.{decimals}f}" for each in (before.exact, after.exact)]
        if shown[0] != shown[1]:
            return f"{shown[0]} to {shown[1]} %"
    return f"{before.share} to a little less %"


def _checks(metric: Metric) -> str:
    unknown = f", {metric.unknown} unknown" if metric.unknown else ""
    return f"{metric.numerator} of {metric.denominator} checks{unknown}"


def _unprotected(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    if evidence.comparison is None or policy.protection != "fail":
        return
    lost = lost_protection(evidence.comparison.difference)
    if lost:
        first = f"{lost[0].after.identity} has lost its {lost[0].what}"
        more = f", and {len(lost) - 1} more" if len(lost) > 1 else ""
        yield f"protection is lost since {evidence.comparison.name}: {first}{more}"


def _breaking(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    """Only what certainly breaks clients fails; what can't be told is told."""
    if evidence.comparison is None or policy.breaking != "fail":
        return
    breaks = evidence.comparison.difference.breaks
    if breaks:
        more = f", and {len(breaks) - 1} more" if len(breaks) > 1 else ""
        yield f"clients break since {evidence.comparison.name}: {breaks[0].identity}: {breaks[0].sentence}{more}"


def _stale(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    if evidence.baseline is None:
        return
    if evidence.baseline.stale and policy.stale == "fail":
        count = len(evidence.baseline.stale)
        lines = f"{count} line{'s' if count > 1 else ''}"
        advice = "which are fixed; run medpro-audit baseline prune"
        yield f"{evidence.baseline.file} has {lines} for findings that are not there any more, {advice}"


def _unmeasured(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    """What is asked of metrics that have no share: it is not known whether they would pass."""
    metrics = {metric.id: metric for metric in evidence.metrics}
    for name, what in sorted(_asked(evidence, policy).items()):
        metric = metrics.get(name)
        if metric is None or metric.share is None:
            reason = metric.reason if metric else "it is not on the scorecard"
            yield f"{metric.title if metric else name} {what} and is not measured: {reason}"
    if evidence.comparison is None:
        if policy.may_not_fall:
            yield "metrics may not fall, and there is no base to compare with: give one with --base"
        return
    for change in evidence.comparison.difference.metrics:
        if change.after.id in policy.may_not_fall and change.before.share is not None and change.after.share is None:
            yield f"{change.after.title} may not fall and is not measured any more: {change.after.reason}"


def _asked(evidence: Evidence, policy: GateConfig) -> dict[MetricId, str]:
    """What is asked of metrics, in words."""
    reached = evidence.minimums if policy.ratchet else ()
    return {
        **{each.metric: f"has once reached {each.minimum:g} %" for each in reached},
        **dict.fromkeys(policy.targets, "has a target"),
        **{name: f"has a minimum of {minimum:g} %" for name, minimum in policy.minimum.items()},
    }


def gaps_in(evidence: Evidence) -> Iterator[str]:
    """Say why the analysis did not really happen, or not as a whole."""
    if not evidence.completeness.files:
        yield "no source file was read; is this the right folder?"
    elif not evidence.backends:
        yield "no back end was found; is this the right folder?"
    elif not evidence.completeness.endpoints:
        yield "a back end was found, but none of its endpoints"
    faults = [notice for notice in evidence.notices if notice.kind == "internal"]
    if faults:
        first = min(faults, key=lambda notice: notice.order)
        place = f"{first.place}: " if first.place else ""
        yield f"{len(faults)} of its parts broke down, which is a fault of medpro-audit: {place}{first.message}"


def _below_floor(completeness: Completeness, policy: GateConfig) -> Iterator[str]:
    parts = (
        ("files could be parsed", completeness.files_parsed, completeness.files, policy.min_parsed),
        ("imports could be resolved", completeness.imports_resolved, completeness.imports, policy.min_resolved_imports),
        ("handlers are known", completeness.handlers_known, completeness.endpoints, policy.min_known_handlers),
    )
    for words, part, whole, floor in parts:
        if _is_below(part, whole, floor):
            yield f"{part} of {whole} {words}, less than the {floor:g} % that the policy asks for"


def _is_below(part: int, whole: int, percent: float) -> bool:
    """Compare exactly, not by the rounded share; a part of nothing is below nothing."""
    return part * 100 < percent * whole
