"""Rules are tested against examples and fixtures: validated, missing, noisy."""

from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.finding import Finding
from medpro_audit.rules.loading import load_packs
from medpro_audit.rules.testing import (
    Audit,
    check_examples,
    check_fixture,
    check_rules,
    read_expectations,
    render_cases,
)
from rules.builders import pack_files

_RULESET = load_packs(pack_files())
_RULE = "demo/bad-thing"


def _audit(word: bytes = b"bad()", rule: str = _RULE) -> Audit:
    """Audit by looking for a word: a finding for each line that has it."""

    def audit(files: Mapping[str, bytes]) -> Iterable[Finding]:
        for path, content in files.items():
            for number, line in enumerate(content.splitlines(), 1):
                for _ in range(line.count(word)):
                    yield Finding(rule, "error", "It is bad", path, number, 1, number, "f")

    return audit


def _check(source: str, audit: Audit | None = None, path: str = "a.js") -> list[str]:
    case = check_fixture("fixture", {path: source.encode()}, {_RULE}, audit or _audit())
    return [str(problem) for problem in case.problems]


@pytest.mark.parametrize(
    "source",
    [
        f"bad(); // expect: {_RULE}",
        f"// expect: {_RULE}\nbad();",
        f"// expect: {_RULE}\n\n// expect-missing: {_RULE}\nbad();\n",
        f"bad(); bad(); // expect: {_RULE}, {_RULE}",
        f"/* expect: {_RULE} */ bad();",
        f"# expect: {_RULE}\nDB=bad()",
        f"good(); // expect-missing: {_RULE}",
        f"bad(); // expect-noisy: {_RULE}",
        f"// expect: {_RULE} in a.js\ngood();\nmore();\nbad();",
        "good();",
        "",
    ],
)
def test_what_is_expected_is_validated(source: str) -> None:
    """Comments on the line or above it, known gaps and known false alarms."""
    assert _check(source) == []


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        (f"good(); // expect: {_RULE}", "a.js:1: missing: demo/bad-thing: it is not found"),
        ("bad();", "a.js:1: noisy: demo/bad-thing: no comment expects it: It is bad"),
        (f"bad(); bad(); // expect: {_RULE}", "a.js:1: noisy: demo/bad-thing: no comment expects it: It is bad"),
        (
            f"bad(); // expect-missing: {_RULE}",
            "a.js:1: noisy: demo/bad-thing: this gap has closed; write expect: It is bad",
        ),
        (
            f"good(); // expect-noisy: {_RULE}",
            "a.js:1: missing: demo/bad-thing: this false alarm is gone; delete the comment",
        ),
        (
            "x(); // expect: demo/bad-thin",
            'a.js:1: missing: demo/bad-thin: there is no such rule; did you mean "demo/bad-thing"?',
        ),
        (f"// expect: {_RULE} in b.js", "b.js: missing: demo/bad-thing: it is not found"),
    ],
)
def test_every_difference_is_named(source: str, problem: str) -> None:
    """The found set must be equal to the expected one, and a gap that closes is said."""
    assert _check(source) == [problem]


def test_a_finding_on_another_line_is_both_missing_and_noisy() -> None:
    """Place matters."""
    assert [line.split(": ")[1] for line in _check(f"good(); // expect: {_RULE}\nbad();")] == ["missing", "noisy"]


def test_the_examples_of_a_rule_are_tests() -> None:
    """The bad code must fire, the good code must not, and other rules don't matter."""
    (rule,) = _RULESET.rules
    assert [case.outcome for case in check_examples(rule, _audit())] == ["validated", "validated"]
    assert [case.outcome for case in check_examples(rule, _audit(b"good()"))] == ["missing", "noisy"]
    assert [case.outcome for case in check_examples(rule, _audit(rule="demo/other"))] == ["missing", "validated"]


def test_all_tests_of_a_folder_are_run_and_reported() -> None:
    """Examples of every rule, then the fixtures; the text lists what is wrong and counts."""
    fixtures = {"clean": {"a.js": b"good();"}, "broken": {"a.js": b"x();\nbad();"}}
    cases = check_rules(_RULESET, fixtures, _audit())
    assert [(case.name, case.outcome) for case in cases] == [
        ("demo/bad-thing bad", "validated"),
        ("demo/bad-thing good", "validated"),
        ("broken", "noisy"),
        ("clean", "validated"),
    ]
    assert render_cases(cases) == (
        "broken\n  a.js:2: noisy: demo/bad-thing: no comment expects it: It is bad\n3 validated, 0 missing, 1 noisy\n"
    )


@given(st.dictionaries(st.sampled_from(["a.js", "b"]), st.text("// expect:-misngoy,#in\nx"), max_size=2))
def test_any_fixture_can_be_read(files: dict[str, str]) -> None:
    """Comments are found or not, and speak of a line of their file."""
    for expectation in read_expectations({path: text.encode() for path, text in files.items()}):
        assert expectation.line <= len(files.get(expectation.file, "").splitlines())
