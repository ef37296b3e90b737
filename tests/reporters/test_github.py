"""Annotations of GitHub Actions."""

import re

import msgspec
import pytest

from medpro_audit.core.finding import Finding
from medpro_audit.reporters.github import command, render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, Comparison, Verdict
from medpro_audit.result.difference import Break, EndpointChange, Undecided
from reporters.conftest import difference

COMMAND = re.compile(r"::(error|warning|notice) ((?:\w+=[^,:]*)(?:,\w+=[^,:]*)*)::(.*)")
UNESCAPE = {"%25": "%", "%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ","}


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What the runner makes of a log: level, properties and message of each line, all of which must be commands."""
    assert text.endswith("\n")
    found = []
    for line in text.removesuffix("\n").split("\n"):
        parsed = COMMAND.fullmatch(line)
        assert parsed, line
        pairs = (pair.split("=", 1) for pair in parsed[2].split(","))
        found.append((parsed[1], {name: unescaped(value) for name, value in pairs}, unescaped(parsed[3])))
    return found


def unescaped(text: str) -> str:
    """As the runner does it."""
    return re.sub("%25|%0D|%0A|%3A|%2C", lambda found: UNESCAPE[found[0]], text)


@pytest.mark.parametrize("name", ["sample", "hostile", "empty", "crowd", "known"])
def test_no_level_has_more_than_github_shows(name: str, request: pytest.FixtureRequest) -> None:
    """Ten of a level, the gate's answer among them; the rest would be dropped without a word."""
    found = commands(render(request.getfixturevalue(name), RenderOptions()))
    levels = [level for level, _, _ in found]
    assert all(levels.count(level) <= 10 for level in set(levels))


def test_what_is_left_is_told(crowd: AuditResult) -> None:
    """Nine of each level, and how many more there are; the answer with the level that it has."""
    found = commands(render(crowd, RenderOptions()))
    levels = [level for level, _, _ in found]
    assert {level: levels.count(level) for level in levels} == {"notice": 10, "warning": 10, "error": 10}
    summed_up = [(level, text) for level, place, text in found if "file" not in place]
    counts = {
        level: sum(one.severity == severity for one in crowd.findings)
        for level, severity in (("notice", "note"), ("warning", "warning"), ("error", "error"))
    }
    for level, text in summed_up:
        assert text.endswith(f"{counts[level] - 9:,} more of these are in the summary of the run.")
    assert summed_up[-1][1].startswith("The gate failed: 15 errors")
    assert found[-1][0] == "error"


def test_many_findings_of_one_rule_hide_no_other(crowd: AuditResult) -> None:
    """The rules take turns."""
    one = crowd.findings[0]
    many = [msgspec.structs.replace(one, rule="a/many", line=line, fingerprint=str(line)) for line in range(1, 31)]
    few = [msgspec.structs.replace(one, rule="b/one", fingerprint="b"), msgspec.structs.replace(one, rule="c/one")]
    result = msgspec.structs.replace(crowd, findings=(*many, *few))
    titles = [place["title"] for _, place, _ in commands(render(result, RenderOptions()))]
    assert titles[:4] == ["a/many", "b/one", "c/one", "a/many"]


def test_hostile_values_stay_in_their_place(hostile: AuditResult) -> None:
    """They end no line, no property and no command, and what was escaped is what was there, visibly."""
    text = render(hostile, RenderOptions())
    found = commands(text)
    assert len(found) == 4
    assert "\u202e" not in text
    assert "\x1b" not in text
    for _, place, message in found:
        assert set(place) <= {"file", "line", "endLine", "title"}
        assert "%0A" in message
        assert "\n" not in message
    assert {place["title"] for _, place, _ in found} == {"evil/rule", "unknown/rule", "medpro-audit"}


def test_a_title_can_hold_anything() -> None:
    """Colons and commas of a property, percents of both."""
    line = command("error", "50%0A\n::error::x", "a,b:c%2C", file="x::y,line=1")
    assert line == "::error file=x%3A%3Ay%2Cline=1,title=a%2Cb%3Ac%252C::50%250A ::error::x"
    assert commands(f"{line}\n") == [("error", {"file": "x::y,line=1", "title": "a,b:c%2C"}, "50%0A ::error::x")]


def test_what_is_known_is_not_annotated(known: AuditResult) -> None:
    """Neither what the baseline accepts, nor what the base has, nor what a comment accepts."""
    text = render(msgspec.structs.replace(known, findings=known.findings[:3]), RenderOptions())
    assert [message for _, place, message in commands(text) if "file" in place] == [known.findings[2].message]
    assert "SUPPRESSED" not in text


def test_lost_protection_comes_first(sample: AuditResult) -> None:
    """Where the endpoint is registered, though no line there has changed; before any finding."""
    guarded = sample.endpoints[0]
    bare = msgspec.structs.replace(guarded, middleware=())
    change = EndpointChange(guarded, bare, (), (), guarded.middleware)
    comparison = Comparison("main", "c" * 40, difference(sample, endpoints_changed=(change,), new=sample.findings))
    found = commands(render(msgspec.structs.replace(sample, comparison=comparison), RenderOptions(prefix="api/")))
    errors = [(place, text) for level, place, text in found if level == "error"]
    place = {"file": f"api/{bare.file}", "line": str(bare.line), "endLine": str(bare.line), "title": "lost protection"}
    assert errors[0] == (place, f"{bare.identity} has lost its authentication")
    assert errors[1][1] == f"{bare.identity} has lost its authorization"
    assert len(errors) == 10


def test_broken_promises_are_warnings(sample: AuditResult, hostile: AuditResult) -> None:
    """Alike ones in one; what may break clients is not annotated; hostile names stay in their place."""
    rows = [
        Break("field-made-required", "POST", path, "body", "age", "is required now", "a.js", 3) for path in ("/x", "/y")
    ]
    doubt = Undecided("POST", "/x", "body", "name", "regex checks it otherwise", "a.js", 3)
    comparison = Comparison("main", "c" * 40, difference(sample, breaks=tuple(rows), undecided=(doubt,)))
    bare = msgspec.structs.replace(sample, findings=(), comparison=comparison)
    found = [each for each in commands(render(bare, RenderOptions(prefix="api/"))) if each[0] == "warning"]
    place = {"file": "api/a.js", "line": "3", "endLine": "3", "title": "breaks clients"}
    assert found == [("warning", place, "POST /x and 1 more endpoint break clients: body.age is required now")]
    evil = hostile.findings[0].message
    row = Break("value-removed", evil, evil, "query", evil, evil, evil, 1)
    comparison = Comparison(evil, evil, difference(hostile, breaks=(row,)))
    text = render(msgspec.structs.replace(hostile, comparison=comparison), RenderOptions())
    assert all(set(place) <= {"file", "line", "endLine", "title"} for _, place, _ in commands(text))


@pytest.mark.parametrize(
    ("status", "level"), [("passed", "notice"), ("not-gated", "notice"), ("failed", "error"), ("incomplete", "error")]
)
def test_the_answer_has_its_level(empty: AuditResult, status: str, level: str) -> None:
    """A run without findings is one line."""
    verdict = msgspec.convert({"status": status}, Verdict)
    ((found, _, text),) = commands(render(msgspec.structs.replace(empty, verdict=verdict), RenderOptions()))
    assert found == level
    assert text.endswith(".")


def test_a_finding_without_a_line_is_on_the_first(sample: AuditResult) -> None:
    """GitHub counts from 1, and an end before the beginning is none."""
    finding = Finding("a/b", "error", "m", "a.js", 0, 0, 0, "f")
    found = commands(render(msgspec.structs.replace(sample, findings=(finding,)), RenderOptions()))
    assert found[0][1] == {"file": "a.js", "line": "1", "endLine": "1", "title": "a/b"}
