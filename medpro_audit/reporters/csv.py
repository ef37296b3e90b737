"""Findings as comma-separated values, for spreadsheets (RFC 4180)."""

from medpro_audit.reporters.escaping import visible
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

_COLUMNS = ("rule", "severity", "file", "line", "column", "method", "path", "message", "new", "backend", "fingerprint")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def render(result: AuditResult, options: RenderOptions) -> str:
    """All findings, each with whether it is new; a value that a spreadsheet would take for a formula is quoted."""
    import csv  # noqa: PLC0415 - rarely needed
    from io import StringIO  # noqa: PLC0415 - as above

    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    new = {finding.fingerprint for finding in fresh_findings(result)}
    for finding in result.findings:
        values = (
            finding.rule,
            finding.severity,
            f"{options.prefix}{finding.file}",
            finding.line,
            finding.column,
            finding.method or "",
            finding.path or "",
            finding.message,
            "yes" if finding.fingerprint in new else "no",
            finding.backend,
            finding.fingerprint,
        )
        writer.writerow([_harmless(value) if isinstance(value, str) else value for value in values])
    return text.getvalue()


def _harmless(value: str) -> str:
    """Text that no spreadsheet computes (https://owasp.org/www-community/attacks/CSV_Injection)."""
    shown = visible(value)
    return f"'{shown}" if shown.startswith(_FORMULA) else shown
