"""JUnit XML, which most CI systems show as test results: a suite for each rule, a failed case for each finding.

The gate's answer is a case as well, and so is each protection lost and each promise to clients broken: whoever only
sees the test results must not see them all green when the gate has failed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.gate.protection import LostProtection, lost_protection
from medpro_audit.reporters._xml import clean, document
from medpro_audit.reporters.breaking import certain
from medpro_audit.reporters.fresh import fresh_findings
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import at
from medpro_audit.result import AuditResult

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


class _Trouble(Struct, frozen=True):
    """A case that did not pass."""

    name: str
    message: str
    kind: str
    """Severity of a finding; what the gate has answered."""
    file: str = ""
    line: int = 0
    text: tuple[str, ...] = ()
    tag: Literal["failure", "error"] = "failure"


class _Suite(Struct, frozen=True):
    """Cases of one kind; without any trouble one that passed."""

    name: str
    title: str
    troubles: Sequence[_Trouble] = ()


def render(result: AuditResult, options: RenderOptions) -> str:
    """What is new, or everything where nothing is known of earlier; a rule without findings is one case that passed."""
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - rarely needed

    suites = sorted(
        (*_rules(result, options), *_of_the_change(result, options), *_gate(result)), key=lambda it: it.name
    )
    root = ET.Element("testsuites", {"name": "medpro-audit", **_counts(suites)})
    for suite in suites:
        _add(root, suite)
    return document(root)


def _rules(result: AuditResult, options: RenderOptions) -> Iterator[_Suite]:
    titles = {rule.id: rule.title for rule in result.rules}
    fixes = {rule.id: rule.fix for rule in result.rules}
    found: dict[str, list[Finding]] = {rule: [] for rule in titles}
    for finding in fresh_findings(result):
        found.setdefault(finding.rule, []).append(finding)
    for rule, findings in found.items():
        yield _Suite(rule, titles.get(rule, rule), [_of_finding(each, fixes, options.prefix) for each in findings])


def _of_finding(finding: Finding, fixes: Mapping[str, str], prefix: str) -> _Trouble:
    file = f"{prefix}{finding.file}"
    place = at(file, finding.line)
    steps = (f"{step.file}:{step.line} {step.text}" for step in finding.trail)
    return _Trouble(
        name=f"{place} {finding.message}",
        message=finding.message,
        kind=finding.severity,
        file=file,
        line=max(finding.line, 1),
        text=(place, *steps, fixes.get(finding.rule, "")),
    )


def _of_the_change(result: AuditResult, options: RenderOptions) -> Iterator[_Suite]:
    """What endpoints have lost, and what clients can no longer rely on, since the base."""
    if result.comparison is None:
        return
    difference = result.comparison.difference
    lost = [_of_protection(each, options.prefix) for each in lost_protection(difference)]
    yield _Suite("gate/lost-protection", "No endpoint has lost its protection", lost)
    broken = []
    for each in certain(difference.breaks):
        file = f"{options.prefix}{each.file}"
        broken.append(_Trouble(f"{at(file, each.line)} {each.text}", each.text, "warning", file, max(each.line, 1)))
    yield _Suite("gate/broken-client", "Nothing breaks clients", broken)


def _of_protection(lost: LostProtection, prefix: str) -> _Trouble:
    file, line = f"{prefix}{lost.after.file}", lost.after.line
    text = f"{lost.after.identity} has lost its {lost.what}"
    return _Trouble(f"{at(file, line)} {text}", text, "error", file, max(line, 1))


def _gate(result: AuditResult) -> Iterator[_Suite]:
    """The gate's answer, where something is gated: failed is a failure, incomplete an error."""
    verdict = result.verdict
    if verdict.status == "not-gated":
        return
    message = "; ".join(verdict.reasons)
    tag: Literal["failure", "error"] = "failure" if verdict.status == "failed" else "error"
    trouble = _Trouble("The gate's answer", message, verdict.status, text=verdict.reasons, tag=tag)
    yield _Suite("gate", "The gate's answer", [] if verdict.status == "passed" else [trouble])


def _counts(suites: Sequence[_Suite]) -> dict[str, str]:
    """How many cases there are, those that passed among them, and how many did not."""
    tags = [trouble.tag for suite in suites for trouble in suite.troubles]
    cases = sum(max(len(suite.troubles), 1) for suite in suites)
    return {"tests": str(cases), "failures": str(tags.count("failure")), "errors": str(tags.count("error"))}


def _add(root: "Element", suite: _Suite) -> None:
    from xml.etree import ElementTree as ET  # noqa: PLC0415 - as above

    element = ET.SubElement(root, "testsuite", {"name": clean(suite.name), **_counts([suite]), "skipped": "0"})
    if not suite.troubles:
        ET.SubElement(element, "testcase", classname=clean(suite.name), name=clean(suite.title))
    for trouble in suite.troubles:
        place = {"file": clean(trouble.file), "line": str(trouble.line)} if trouble.file else {}
        case = ET.SubElement(
            element, "testcase", {"classname": clean(suite.name), "name": clean(trouble.name), **place}
        )
        said = ET.SubElement(case, trouble.tag, message=clean(trouble.message), type=trouble.kind)
        said.text = "\n".join(map(clean, trouble.text)) or None
