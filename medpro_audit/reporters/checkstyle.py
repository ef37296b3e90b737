"""Checkstyle XML, which editors and CI systems read: https://checkstyle.org/dtds/."""

from itertools import groupby

from medpro_audit.core.finding import Finding, Severity
from medpro_audit.reporters._xml import clean, document
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

_SEVERITIES: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "info"}


def render(result: AuditResult, options: RenderOptions) -> str:
    """All findings by file and place."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - rarely needed

    root = ET.Element("checkstyle", version="8.0")
    for file, findings in groupby(sorted(result.findings, key=_place), key=lambda finding: finding.file):
        element = ET.SubElement(root, "file", name=clean(f"{options.prefix}{file}"))
        for finding in findings:
            ET.SubElement(
                element,
                "error",
                line=str(max(finding.line, 1)),
                column=str(finding.column),
                severity=_SEVERITIES[finding.severity],
                message=clean(finding.message),
                source=clean(f"medpro-audit.{finding.rule.replace('/', '.')}"),
            )
    return document(root)


def _place(finding: Finding) -> tuple[str, int, int, str, str]:
    return finding.file, finding.line, finding.column, finding.rule, finding.fingerprint
