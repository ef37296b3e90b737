"""JUnit XML."""

from xml.etree import ElementTree as ET

import msgspec
import pytest

from medpro_audit.reporters.junit import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, Verdict
from medpro_audit.result.difference import Break
from reporters.strict_xml import parsed

RESULTS = ["sample", "hostile", "empty", "crowd", "known"]


@pytest.mark.parametrize("name", RESULTS)
def test_the_counts_are_those_of_the_cases(name: str, request: pytest.FixtureRequest) -> None:
    """Of every suite and of all; a rule that found nothing is a case that passed."""
    root = parsed(render(request.getfixturevalue(name), RenderOptions()))
    assert root.tag == "testsuites"
    for suites, suite in [([*root], root), *(([suite], suite) for suite in root)]:
        cases = [case for each in suites for case in each]
        assert suite.get("tests") == str(len(cases))
        assert suite.get("failures") == str(sum(case.find("failure") is not None for case in cases))
        assert suite.get("errors") == str(sum(case.find("error") is not None for case in cases))
    assert [suite.get("name") for suite in root] == sorted(str(suite.get("name")) for suite in root)
    assert all(len(suite) for suite in root)


def test_a_case_says_where_and_why(sample: AuditResult) -> None:
    """File and line for those that jump there, the trail and what to do for those that read."""
    root = parsed(render(sample, RenderOptions(prefix="api/")))
    case = root.findall("testsuite[@name='database/hardcoded-settings']/testcase")[0]
    assert (case.get("file"), case.get("line")) == ("api/reports-helper/mysql.js", "7")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "error"
    lines = (failure.text or "").split("\n")
    assert lines[:2] == ["api/reports-helper/mysql.js:7", "server.js:9 const app = express()"]
    assert lines[-1] == "Take host, user, password and database from the environment, in one module."


def test_what_is_known_is_no_failure(known: AuditResult) -> None:
    """A team with old findings has a green report; what a comment accepts is nowhere."""
    passed = msgspec.structs.replace(known, findings=known.findings[:3], verdict=Verdict("passed"))
    text = render(passed, RenderOptions())
    root = parsed(text)
    assert root.get("failures") == "1"
    assert "SUPPRESSED" not in text


@pytest.mark.parametrize(
    ("verdict", "tags"),
    [
        (Verdict("passed", ("fine",)), []),
        (Verdict("failed", ("protection is lost", "and more")), ["failure"]),
        (Verdict("incomplete", ("no source file was read",)), ["error"]),
    ],
)
def test_the_answer_of_the_gate_is_a_case(empty: AuditResult, verdict: Verdict, tags: list[str]) -> None:
    """A gate that fails for other reasons than findings does not look green; nothing gated is no case."""
    [suite] = parsed(render(msgspec.structs.replace(empty, verdict=verdict), RenderOptions())).findall(
        "testsuite[@name='gate']"
    )
    [case] = suite
    assert [each.tag for each in case] == tags
    assert all(each.get("message") == "; ".join(verdict.reasons) for each in case)
    ungated = msgspec.structs.replace(empty, verdict=Verdict("not-gated"))
    assert not parsed(render(ungated, RenderOptions())).findall("testsuite[@name='gate']")


def test_what_the_change_has_broken_is_a_case(known: AuditResult) -> None:
    """Promises to clients, with the endpoint's place; what has lost nothing is a case that passed."""
    assert known.comparison is not None
    broken = Break("field-made-required", "POST", "/a", "body", "age", "is required now", "routes/a.js", 4)
    difference = msgspec.structs.replace(known.comparison.difference, breaks=(broken,))
    result = msgspec.structs.replace(known, comparison=msgspec.structs.replace(known.comparison, difference=difference))
    root = parsed(render(result, RenderOptions(prefix="api/")))
    [case] = root.findall("testsuite[@name='gate/broken-client']/testcase")
    assert (case.get("file"), case.get("line")) == ("api/routes/a.js", "4")
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "POST /a breaks clients: body.age is required now"
    assert all(len(case) == 0 for case in root.findall("testsuite[@name='gate/lost-protection']/testcase"))


def test_the_order_of_the_findings_does_not_matter(crowd: AuditResult) -> None:
    """Equal bytes, for the cases of a rule by file and line."""
    reverse = msgspec.structs.replace(crowd, findings=crowd.findings[::-1], rules=crowd.rules[::-1])
    assert render(crowd, RenderOptions()) == render(reverse, RenderOptions())


def test_hostile_text_is_data(hostile: AuditResult) -> None:
    """It makes no element, and every character is one that XML has."""
    evil = msgspec.structs.replace(hostile.findings[0], message="]]><x/>\x00\x0b\ufffe\ud800", fingerprint="f9")
    root = parsed(render(msgspec.structs.replace(hostile, findings=(evil,)), RenderOptions()))
    assert {element.tag for element in root.iter()} == {"testsuites", "testsuite", "testcase", "failure"}
    failure = next(ET.ElementTree(root).iter("failure"))
    assert failure.get("message") == "]]><x/> \ufffd\ufffd"
