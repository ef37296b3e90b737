"""Annotations of GitHub Actions: workflow commands, which the runner shows beside the lines of a pull request.

GitHub shows ten errors, ten warnings and ten notices of a step and silently drops the rest, so at most nine of each are
told, what is new first, and the tenth says how many more there are.
"""

from collections.abc import Iterator

from medpro_audit.core.finding import SEVERITIES, Finding, Severity
from medpro_audit.reporters.escaping import visible, workflow_data, workflow_property
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import verdict_sentence
from medpro_audit.result import AuditResult

MOST = 9
"""Annotations of a level; one more says what is left."""
_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def render(result: AuditResult, options: RenderOptions) -> str:
    """What is new, or everything where nothing is known of earlier, and the gate's answer."""
    findings = fresh_findings(result)
    lines = [line for severity in SEVERITIES for line in _annotations(severity, findings, options.prefix)]
    return "".join(f"{line}\n" for line in [*lines, _outcome(result)])


def _annotations(severity: Severity, findings: tuple[Finding, ...], prefix: str) -> Iterator[str]:
    level = _LEVELS[severity]
    mine = [finding for finding in findings if finding.severity == severity]
    for finding in mine[:MOST]:
        place = {
            "file": f"{prefix}{finding.file}",
            "line": str(finding.line),
            "endLine": str(finding.end_line),
            "title": finding.rule,
        }
        properties = ",".join(f"{name}={workflow_property(visible(value))}" for name, value in place.items())
        yield f"::{level} {properties}::{workflow_data(visible(finding.message))}"
    if len(mine) > MOST:
        yield f"::{level} title=medpro-audit::{len(mine) - MOST} more of these, see the summary of the run"


def _outcome(result: AuditResult) -> str:
    level = {"failed": "error", "incomplete": "error"}.get(result.verdict.status, "notice")
    return f"::{level} title=medpro-audit::{workflow_data(visible(verdict_sentence(result)))}"
