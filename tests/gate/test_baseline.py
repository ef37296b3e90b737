"""The baseline: what is the same finding, what is new, and what merges."""

import subprocess
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.errors import ConfigurationError
from medpro_audit.core.finding import Finding
from medpro_audit.gate.baseline import (
    Baseline,
    Match,
    Minimum,
    entry_of,
    match_baseline,
    read_baseline,
    updated,
    with_minimums,
    write_baseline,
)
from medpro_audit.result import Metric

TODAY = date(2026, 11, 22)


def _finding(file: str = "a.js", code: str = "f(x)", *, rule: str = "demo/bad", line: int = 1) -> Finding:
    """A finding with fingerprints as matching makes them, in plain text."""
    return Finding(
        rule, "error", "bad", file, line, 1, line, f"{rule}|{file}|{code}", snippet=code, content=f"{rule}|{code}"
    )


def _baseline(*findings: Finding) -> Baseline:
    return Baseline(tuple(map(entry_of, findings)))


def _match(baseline: Baseline, *findings: Finding, renamed: dict[str, str] | None = None) -> Match:
    return match_baseline(baseline, findings, today=TODAY, renamed=lambda _files: renamed or {})


def test_what_is_accepted_is_known() -> None:
    """In whatever order, on whatever line, with whatever message."""
    one, other = _finding(code="one()"), _finding(code="other()")
    moved = _finding(code="one()", line=99)
    match = _match(_baseline(one, other), other, moved)
    assert [finding for _, finding in match.known] == [other, moved]
    assert (match.new, match.stale) == ((), ())


def test_a_swap_is_seen() -> None:
    """One finding less and another more is one stale and one new, not nothing."""
    match = _match(_baseline(_finding(code="one()")), _finding(code="other()"))
    assert [finding.snippet for finding in match.new] == ["other()"]
    assert [entry.subject for entry in match.stale] == ["one()"]


def test_a_second_finding_of_the_same_code_is_new() -> None:
    """Each line accepts one."""
    match = _match(_baseline(_finding()), _finding(), _finding("b.js"))
    assert [finding.file for _, finding in match.known] == ["a.js"]
    assert [finding.file for finding in match.new] == ["b.js"]


@pytest.mark.parametrize(
    ("before", "after", "renamed"),
    [
        (_finding("src/a.js"), _finding("lib/a.js"), {}),
        (_finding("a.js"), _finding("b.js"), {}),
        (_finding("a.js", ""), _finding("lib/a.js", ""), {}),
        (_finding("a.js", ""), _finding("lib/b.js", ""), {"a.js": "lib/b.js"}),
    ],
)
def test_what_has_moved_is_known(before: Finding, after: Finding, renamed: dict[str, str]) -> None:
    """A file in another folder, code in another file, a file that git says was renamed."""
    match = _match(_baseline(before), after, renamed=renamed)
    assert [(entry.file, finding.file) for entry, finding in match.known] == [(before.file, after.file)]
    assert match.report("x").moved == 1


def test_what_has_no_code_of_its_own_does_not_move_by_itself() -> None:
    """A second misplaced file is not the first one, though the rule says the same of both."""
    match = _match(_baseline(_finding("a.js", "")), _finding("b.js", ""))
    assert len(match.new) == len(match.stale) == 1


def test_an_entry_that_is_over_accepts_nothing() -> None:
    """From its day on."""
    finding = _finding()
    for expires, is_known in ((date(2026, 11, 23), True), (date(2026, 11, 22), False)):
        match = _match(Baseline((entry_of(finding, expires=expires),)), finding)
        assert bool(match.known) is is_known
        assert bool(match.expired) is not is_known


def test_an_update_follows_what_moved_and_drops_what_is_fixed() -> None:
    """Reason, owner and expiry stay; nothing new is accepted unless that is asked for."""
    kept = entry_of(_finding("src/a.js"), reason="later", owner="ann", expires=date(2027, 1, 1))
    baseline = Baseline((kept, entry_of(_finding("fixed.js", "gone()"))))
    match = _match(baseline, _finding("lib/a.js"), _finding("new.js", "new()"))
    (entry,) = updated(baseline, match).entries
    assert (entry.file, entry.reason, entry.owner, entry.expires) == ("lib/a.js", "later", "ann", date(2027, 1, 1))
    assert len(updated(baseline, match, add=entry_of).entries) == 2


def test_a_minimum_only_rises() -> None:
    """What a metric has once reached is kept; what is not measured says nothing."""
    metrics = [
        Metric("security", "Security", 100, 40.0, 4, 10, 0, None),
        Metric("testing", "Testing", 80, None, 0, 0, 0, "nothing"),
    ]
    baseline = Baseline((), (Minimum("security", 50.0), Minimum("testing", 10.0)))
    assert with_minimums(baseline, metrics).minimums == baseline.minimums
    metrics[0] = Metric("security", "Security", 100, 60.0, 6, 10, 0, None)
    assert with_minimums(baseline, metrics).minimums[0] == Minimum("security", 60.0)


TEXT = st.text(max_size=12)
FINDINGS = st.builds(_finding, TEXT, TEXT, rule=st.sampled_from(["a/b", "c/d"]))


@given(st.lists(FINDINGS, max_size=8, unique_by=lambda finding: finding.fingerprint))
def test_a_baseline_can_be_read_again(findings: list[Finding]) -> None:
    """Whatever stands in it; one line each, sorted, the same for any order."""
    text = write_baseline(_baseline(*findings))
    assert text.count("\n") == len(findings)
    assert write_baseline(_baseline(*reversed(findings))) == text
    assert sorted(read_baseline("x", text).entries, key=repr) == sorted(_baseline(*findings).entries, key=repr)


@given(st.lists(FINDINGS, max_size=8), st.lists(FINDINGS, max_size=8))
def test_every_finding_and_every_entry_is_counted_once(before: list[Finding], after: list[Finding]) -> None:
    """Known, over and new are all findings; known, over and stale all entries."""
    match = _match(_baseline(*before), *after)
    assert len(match.known) + len(match.expired) + len(match.new) == len(after)
    assert len(match.known) + len(match.expired) + len(match.stale) == len(before)


def test_a_file_that_can_not_be_read_says_where_and_what_to_do() -> None:
    """All problems at once; a merge conflict is named as such."""
    text = write_baseline(_baseline(_finding())) + "<<<<<<< HEAD\n{}\n=======\nnonsense\n>>>>>>> other\n"
    with pytest.raises(ConfigurationError) as caught:
        read_baseline("base.jsonl", text)
    assert [problem.split(":")[1] for problem in caught.value.problems] == ["2", "3", "4", "5", "6"]
    assert "a merge conflict; keep the lines of both sides" in caught.value.problems[0]


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *options, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_branches_merge_by_themselves(tmp_path: Path) -> None:
    """One fixes a finding, one accepts its neighbour, one gives a reason: no conflict, and nothing is lost."""
    file = tmp_path / "base.jsonl"
    findings = [_finding("a.js", f"f({number})") for number in range(6)]

    def commit(baseline: Baseline, message: str) -> None:
        file.write_text(write_baseline(baseline))
        assert _git(tmp_path, "commit", "-qam", message).returncode == 0

    assert _git(tmp_path, "init", "-q").returncode == 0
    (tmp_path / ".gitattributes").write_text("base.jsonl merge=union\n")
    file.write_text(write_baseline(_baseline(*findings)))
    _git(tmp_path, "add", "-A")
    assert _git(tmp_path, "commit", "-qm", "base").returncode == 0
    _git(tmp_path, "checkout", "-qb", "fix")
    commit(_baseline(*findings[:2], *findings[3:]), "fix one")
    _git(tmp_path, "checkout", "-q", "main")
    _git(tmp_path, "checkout", "-qb", "accept")
    commit(_baseline(*findings, _finding("a.js", "f(2.5)")), "accept another")
    _git(tmp_path, "checkout", "-q", "main")
    entries = _baseline(*findings).entries
    commit(Baseline((*entries[:3], entry_of(findings[3], reason="why"), *entries[4:])), "a reason")
    for branch in ("fix", "accept"):
        merged = _git(tmp_path, "merge", "-q", "--no-edit", branch)
        assert merged.returncode == 0, merged.stdout + merged.stderr
    merged_baseline = read_baseline("base.jsonl", file.read_text())
    subjects = {entry.subject for entry in merged_baseline.entries}
    assert "f(2.5)" in subjects
    assert {entry.reason for entry in merged_baseline.entries if entry.subject == "f(3)"} == {"why"}
    assert subjects >= {"f(0)", "f(1)", "f(3)", "f(4)", "f(5)"}
