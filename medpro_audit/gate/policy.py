"""Judges an audit by the policy: passed, failed, or incomplete, with the reasons in words.

A gate fails closed. It passes only when everything that the policy asks for was measured and the analysis really
happened: a run that read no file, that found no back end or one without endpoints, or in which a rule broke down, never
passes. What certainly fails has failed, however much else is unknown.
"""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.config import GateConfig
from medpro_audit.core.errors import EXIT_GATE_FAILED, EXIT_INCOMPLETE, EXIT_PASSED
from medpro_audit.core.finding import SEVERITIES, Finding
from medpro_audit.core.notice import Notice
from medpro_audit.result import AuditResult, Completeness, Metric, Verdict


class Evidence(Struct, frozen=True):
    """What a gate judges by."""

    findings: Sequence[Finding]
    metrics: Sequence[Metric]
    """Of all back ends together."""
    completeness: Completeness
    notices: Sequence[Notice]
    backends: int

    @classmethod
    def of(cls, result: AuditResult) -> "Evidence":
        """What there is in a result."""
        return cls(result.findings, result.metrics, result.completeness, result.notices, len(result.backends))


def judge(evidence: Evidence, policy: GateConfig | None) -> Verdict:
    """Hold an audit against the policy; without one, or with one that asks for nothing, nothing is gated."""
    if policy is None or policy == GateConfig():
        return Verdict("not-gated", tuple(gaps_in(evidence)))
    failures = [*_too_severe(evidence, policy), *_below_minimum(evidence, policy)]
    gaps = [*gaps_in(evidence), *_below_floor(evidence.completeness, policy), *_unmeasured(evidence, policy)]
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


def _too_severe(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    if policy.fail_on is None:
        return
    failing = SEVERITIES[: SEVERITIES.index(policy.fail_on) + 1]
    counts = [(severity, sum(each.severity == severity for each in evidence.findings)) for severity in failing]
    found = [f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in counts if count]
    if found:
        limit = policy.fail_on if policy.fail_on == failing[0] else f"{policy.fail_on} or worse"
        yield f"{' and '.join(found)}, and the gate fails on {limit}"


def _below_minimum(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    for metric in evidence.metrics:
        minimum = policy.minimum.get(metric.id, 0)
        if metric.share is not None and metric.share < minimum:
            unknown = f", {metric.unknown} unknown" if metric.unknown else ""
            fraction = f"{metric.numerator} of {metric.denominator} checks{unknown}"
            yield f"{metric.title} is {metric.share} % ({fraction}), below its minimum of {minimum:g} %"


def _unmeasured(evidence: Evidence, policy: GateConfig) -> Iterator[str]:
    metrics = {metric.id: metric for metric in evidence.metrics}
    for name, minimum in sorted(policy.minimum.items()):
        metric = metrics.get(name)
        if metric is None or metric.share is None:
            reason = metric.reason if metric else "it is not on the scorecard"
            yield f"{metric.title if metric else name} has a minimum of {minimum:g} % and is not measured: {reason}"


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
