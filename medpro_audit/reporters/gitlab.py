"""GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format."""

from medpro_audit.core.finding import Finding, Severity
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.escaping import visible
from medpro_audit.reporters.fresh import ordered
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

_SEVERITIES: dict[Severity, str] = {"error": "critical", "warning": "major", "note": "info"}


def render(result: AuditResult, options: RenderOptions) -> str:
    """All findings; GitLab itself compares them with those of the target branch, by their fingerprints."""
    return encode([_issue(finding, options.prefix) for finding in ordered(result.findings)])


def _issue(finding: Finding, prefix: str) -> dict[str, object]:
    line = max(finding.line, 1)  # what concerns a file as a whole has none
    return {
        "description": visible(finding.message),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": f"{prefix}{finding.file}", "lines": {"begin": line, "end": max(finding.end_line, line)}},
    }
