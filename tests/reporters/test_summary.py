"""What reports say before they go into detail."""

import msgspec
import pytest

from medpro_audit.reporters import summary
from medpro_audit.result import AuditResult, Verdict


def test_next_steps_win_most_for_an_hour(sample: AuditResult) -> None:
    """Gain through effort decides, and a gain is never more than what is missing to the target."""
    steps = summary.next_steps(sample)
    assert [(step.rule.id, step.findings, step.minutes, step.gain, step.metric) for step in steps] == [
        ("database/hardcoded-settings", 1, 30, 25.0, "Security"),
        ("database/second-site", 3, 180, 75.0, "Directory structure"),
        ("zod/unvalidated-params", 15, 150, 13.3, "Code quality"),
    ]


def test_a_gain_ends_at_the_target(sample: AuditResult) -> None:
    """Nobody is promised points beyond the target, nor any on what is not measured."""
    reached = msgspec.structs.replace(sample.metrics[4], target=80)
    unmeasured = msgspec.structs.replace(sample.metrics[0], share=None)
    result = msgspec.structs.replace(sample, metrics=(unmeasured, *sample.metrics[1:4], reached, sample.metrics[5]))
    gains = {step.rule.id: step.gain for step in summary.next_steps(result, most=10)}
    assert gains["database/hardcoded-settings"] == 5.0
    assert gains["database/second-site"] == 0.0


def test_findings_are_grouped_worst_first(sample: AuditResult) -> None:
    """Errors before warnings before notes, and more of a kind before fewer."""
    groups = [(group.severity, len(group.findings)) for group in summary.grouped(sample)]
    assert groups == sorted(groups, key=lambda group: (["error", "warning", "note"].index(group[0]), -group[1]))
    assert sum(number for _, number in groups) == len(sample.findings)


def test_a_finding_of_an_unknown_rule_is_shown(hostile: AuditResult) -> None:
    """A rule that the result does not describe is still reported under its id."""
    assert "unknown/rule" in {group.rule.id for group in summary.grouped(hostile)}


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (Verdict("passed"), "The gate passed: 15 errors, 49 warnings, 2 notes in 40 endpoints."),
        (Verdict("failed", ("a.", "b")), "The gate failed: a; b."),
        (Verdict("incomplete", ("x",)), "The analysis is incomplete, so the gate can't answer: x."),
        (Verdict("not-gated"), "Nothing is gated: 15 errors, 49 warnings, 2 notes in 40 endpoints."),
    ],
)
def test_the_verdict_is_one_sentence(sample: AuditResult, verdict: Verdict, sentence: str) -> None:
    """Each answer of the gate reads as a sentence with its reasons or its numbers."""
    assert summary.verdict_sentence(msgspec.structs.replace(sample, verdict=verdict)) == sentence


def test_the_next_command_fits_the_situation(sample: AuditResult, empty: AuditResult) -> None:
    """The first step's rule when there is one, else how to gate, else what there is; quoted for a shell."""
    assert summary.next_command(sample) == "medpro-audit rules show database/hardcoded-settings"
    assert summary.next_command(empty) == "medpro-audit scan --fail-on error"
    passed = msgspec.structs.replace(empty, verdict=Verdict("passed"))
    assert summary.next_command(passed) == "medpro-audit endpoints"
    evil = msgspec.structs.replace(sample.findings[0], rule="a; rm -rf /")
    assert summary.next_command(msgspec.structs.replace(empty, findings=(evil,))) == (
        "medpro-audit rules show 'a; rm -rf /'"
    )


@pytest.mark.parametrize(
    ("minutes", "words"), [(5, "5 min"), (60, "1 hour"), (90, "1.5 hours"), (480, "1 day"), (1200, "2.5 days")]
)
def test_effort_is_told_in_working_time(minutes: int, words: str) -> None:
    """A day of work has eight hours."""
    assert summary.duration(minutes) == words


def test_numbers_read_well() -> None:
    """One decimal where it matters, thousands apart, nouns that agree."""
    assert (summary.percent(71.0), summary.percent(88.25)) == ("71 %", "88.2 %")
    assert (summary.count(1, "error"), summary.count(1200, "error")) == ("1 error", "1,200 errors")
    assert (summary.points(25.0), summary.points(8.66)) == ("+25 points", "+8.7 points")
    assert (summary.at("a.js", 3), summary.at("a.js", 0)) == ("a.js:3", "a.js")


def test_what_was_understood_is_a_share_with_its_numbers(sample: AuditResult, empty: AuditResult) -> None:
    """Never rounded up to all of it, and nothing of a kind has no share."""
    rows = dict(summary.completeness_rows(sample.completeness))
    assert summary.share_of(rows["routers that an application reaches"]) == "87.5 % · 7 of 8"
    nearly = msgspec.structs.replace(sample.completeness, files_parsed=9_999, files=10_000)
    assert (nearly.shares[0].share, nearly.shares[0].unknown) == (99.9, 1)
    assert [summary.share_of(share) for _, share in summary.completeness_rows(empty.completeness)] == ["0 of 0"] * 5


def test_what_was_not_understood_is_told_with_place_and_reason(sample: AuditResult) -> None:
    """Notices, imports and routes that lead nowhere, routers that nobody mounts, handlers that are not known."""
    told = dict(summary.not_understood(sample))
    assert [(str(one.place), one.text) for one in told["import not resolved"]] == [
        ("mail-helper/index.js:2", "../config/mailer: no such file")
    ]
    assert [str(one.place) for one in told["router that no application reaches"]] == ["helpers-old/router.js:4"]
    assert len(told["handler not known"]) == 6
