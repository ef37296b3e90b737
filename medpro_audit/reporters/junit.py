"""JUnit XML, which most CI systems show as test results: a suite for each rule, a failed case for each finding."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from medpro_audit.core.finding import Finding
from medpro_audit.reporters._xml import clean, document
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import at
from medpro_audit.result import AuditResult

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


def render(result: AuditResult, options: RenderOptions) -> str:
    """What is new, or everything where nothing is known of earlier; a rule without findings is one case that passed."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - rarely needed

    titles = {rule.id: rule.title for rule in result.rules}
    fixes = {rule.id: rule.fix for rule in result.rules}
    found: dict[str, list[Finding]] = {rule: [] for rule in titles}
    for finding in fresh_findings(result):
        found.setdefault(finding.rule, []).append(finding)
    root = ET.Element("testsuites", {"name": "medpro-audit", **_counts(found.values())})
    for rule, findings in sorted(found.items()):
        attributes = {"name": clean(rule), **_counts([findings]), "errors": "0", "skipped": "0"}
        suite = ET.SubElement(root, "testsuite", attributes)
        if not findings:
            ET.SubElement(suite, "testcase", classname=clean(rule), name=clean(titles[rule]))
        for finding in findings:
            _case(suite, finding, fixes.get(rule, ""), options.prefix)
    return document(root)


def _counts(found: Iterable[list[Finding]]) -> dict[str, str]:
    """How many cases there are, a passed one for each rule without findings among them, and how many have failed."""
    numbers = [len(findings) for findings in found]
    return {"tests": str(sum(max(number, 1) for number in numbers)), "failures": str(sum(numbers))}


def _case(suite: "Element", finding: Finding, fix: str, prefix: str) -> None:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - as above

    file = f"{prefix}{finding.file}"
    case = ET.SubElement(
        suite,
        "testcase",
        classname=clean(finding.rule),
        name=clean(f"{at(file, finding.line)} {finding.message}"),
        file=clean(file),
        line=str(max(finding.line, 1)),
    )
    failure = ET.SubElement(case, "failure", message=clean(finding.message), type=finding.severity)
    steps = [f"{step.file}:{step.line} {step.text}" for step in finding.trail]
    failure.text = "\n".join(map(clean, (at(file, finding.line), *steps, fix)))
