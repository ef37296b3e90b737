"""Which findings are new: what programs that show findings beside a change are told of."""

from collections.abc import Iterable

from medpro_audit.core.finding import Finding
from medpro_audit.result import AuditResult


def fresh_findings(result: AuditResult) -> tuple[Finding, ...]:
    """Findings that neither the baseline nor the base knows, the worst first; all of them where there is neither."""
    known = set(result.baseline.known) if result.baseline is not None else set()
    if result.comparison is not None:
        known.update(finding.fingerprint for finding in result.comparison.difference.unchanged)
    return tuple(finding for finding in ordered(result.findings) if finding.fingerprint not in known)


def ordered(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the one order that all reports have: the worst first."""
    return sorted(findings, key=lambda finding: finding.order)
