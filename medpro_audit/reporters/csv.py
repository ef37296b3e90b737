"""Findings as comma-separated values, for spreadsheets (RFC 4180)."""

import re

from medpro_audit.reporters.escaping import visible
from medpro_audit.reporters.fresh import fresh_findings, ordered
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

_COLUMNS = ("rule", "severity", "file", "line", "column", "method", "path", "message", "new", "backend", "fingerprint")
_FORMULA = re.compile(r"((?:^|;)\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a spreadsheet begins to compute; many of them, by their language, part columns at semicolons."""


def render(result: AuditResult, options: RenderOptions) -> str:
    """All findings, each with whether it is new; what a spreadsheet would compute gets an apostrophe."""
    import csv  # noqa: PLC0415 - rarely needed
    from io import StringIO  # noqa: PLC0415 - as above

    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    new = {finding.fingerprint for finding in fresh_findings(result)}
    for finding in ordered(result.findings):
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
    return _FORMULA.sub(r"\1'", visible(value))
