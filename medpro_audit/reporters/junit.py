"""JUnit XML, which most CI systems show as test results: a suite for each rule, a failed case for each finding."""

from typing import TYPE_CHECKING

from medpro_audit.core.finding import Finding
from medpro_audit.reporters._xml import clean, document
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, RuleReport

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(result: AuditResult, options: RenderOptions) -> str:
    """What is new, or everything where nothing is known of earlier; a rule without findings is one case that passed."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - rarely needed

    findings: dict[str, list[Finding]] = {}
    for finding in fresh_findings(result):
        findings.setdefault(finding.rule, []).append(finding)
    root = ET.Element("testsuites", name="medpro-audit")
    for rule in result.rules:
        _suite(root, rule, findings.get(rule.id, []), options.prefix)
    cases = sum(max(len(findings.get(rule.id, ())), 1) for rule in result.rules)
    root.set("tests", str(cases))
    root.set("failures", str(sum(map(len, findings.values()))))
    return document(root)


def _suite(root: "Element", rule: RuleReport, findings: list[Finding], prefix: str) -> None:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - as above

    tests, failures = str(max(len(findings), 1)), str(len(findings))
    suite = ET.SubElement(root, "testsuite", name=rule.id, tests=tests, failures=failures, errors="0", skipped="0")
    if not findings:
        ET.SubElement(suite, "testcase", classname=rule.id, name=clean(rule.title))
    for finding in findings:
        place = f"{prefix}{finding.file}:{finding.line}"
        case = ET.SubElement(
            suite,
            "testcase",
            classname=rule.id,
            name=clean(f"{place} {finding.message}"),
            file=clean(f"{prefix}{finding.file}"),
            line=str(finding.line),
        )
        failure = ET.SubElement(case, "failure", message=clean(finding.message), type=finding.severity)
        steps = [f"{step.file}:{step.line} {step.text}" for step in finding.trail]
        failure.text = "\n".join(map(clean, (place, *steps, rule.fix)))
