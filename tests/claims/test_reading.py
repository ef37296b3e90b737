"""What a status document claims, as it is read."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.claims.dates import day_in, effort_in, range_in
from medpro_audit.claims.document import OVERALL, Claim, Document
from medpro_audit.claims.markdown import MAX_CHARACTERS, plain, read_document
from medpro_audit.core.errors import UsageError


def _read(text: str) -> Document:
    return read_document("STATUS.md", text)


def _claim(text: str) -> Claim:
    (claim,) = _read(text).claims
    return claim


@pytest.mark.parametrize(
    ("text", "kind", "subject", "share", "target"),
    [
        ("- **Directory structure**: 10% (Target: 100%)", "share", "Directory structure", 10, 100),
        ("- **Testing**: 0% (Target: >80% coverage)", "share", "Testing", 0, 80),
        ("- Request validation (Zod): 100% ✅", "share", "Request validation (Zod)", 100, None),
        ("- Logging: 33.5% done", "share", "Logging", 33.5, None),
        ("- Logging ✅", "done", "Logging", 100, None),
        ("- Logging: ❌", "open", "Logging", None, None),
        ("- [ ] Add `helmet` (0% done)", "open", "Add helmet", 0, None),
        ("- [x] Add **helmet**", "done", "Add helmet", 100, None),
        ("- [ ] Report coverage (target: >80%)", "open", "Report coverage", None, 80),
        ("## Status: 25% Complete - blocked", "share", OVERALL, 25, None),
        ("## Docs\n**Status**: 0% complete (a gap)", "share", "Docs", 0, None),
        ("## 2. Docs 📚\n**Status**: nobody knows", "words", "Docs", None, None),
        ("| Area | Now | Target |\n|-|-|-|\n| Docs | 10% | 90% |", "share", "Docs", 10, 90),
        ("| Area | Target | State |\n|-|-|-|\n| Docs | 90% | ✅ |", "done", "Docs", 100, 90),
    ],
)
def test_a_claim_is_read(text: str, kind: str, subject: str, share: float | None, target: float | None) -> None:
    """Shares, marks, check boxes, states below a heading, table rows."""
    claim = _claim(text)
    assert (claim.kind, claim.subject, claim.share, claim.target) == (kind, subject, share, target)


@pytest.mark.parametrize(
    "text",
    [
        "**Impact**: can't go on with the remaining 75% of the plan",
        "We measured 40% more load on Mondays.",
        "## Completed ✅",
        "- [Coverage](https://example.org/100%25)",
        "    - [ ] a task in a code block",
        "```\n- [ ] a task in a fence: 100%\n```",
        "<!-- Docs: 100% -->",
    ],
)
def test_prose_and_code_claim_nothing(text: str) -> None:
    """A percentage in a sentence is no claim of how far something is."""
    assert _read(text).claims == ()


@pytest.mark.parametrize(
    "text",
    ["- Start: 50%+ improvement ✅", "**Current**: 50%+ server startup improvement achieved", "- Start: 40% faster"],
)
def test_a_change_is_no_share(text: str) -> None:
    """That something became faster is claimed, and can't be seen in source code."""
    claim = _claim(text)
    assert claim.is_improvement
    assert claim.share is None


def test_a_phase_may_claim_two_things() -> None:
    """Its share, and that what matters is done."""
    share, done = _read("- **Phase 2**: 64% Complete - HIGH PRIORITY ITEMS DONE ✅").claims
    assert (share.subject, share.share) == ("Phase 2", 64)
    assert (done.subject, done.kind) == ("HIGH PRIORITY ITEMS DONE", "done")


def test_claims_know_their_line_and_headings() -> None:
    """Lines of one paragraph are told apart; a heading ends those of its level."""
    document = _read("# A\n\n## B\n\n**X**: 1% done\n**Y**: 2% done\n\n## C\n- [ ] z\n")
    assert [(claim.line, claim.subject, claim.sections) for claim in document.claims] == [
        (5, "X", ("A", "B")),
        (6, "Y", ("A", "B")),
        (9, "z", ("A", "C")),
    ]


def test_dates_and_efforts_belong_to_their_section() -> None:
    """When it began, when it was written, until when and how long."""
    document = _read(
        "# P\nStarted July 8, 2025\n\n**Last Updated**: 2025-01-08\n\n"
        "## Q\n**Timeline**: Aug 5-18, 2025\n\n**Effort**: 1-2 weeks\n"
    )
    assert [(each.kind, each.day) for each in document.dates] == [
        ("started", date(2025, 7, 8)),
        ("updated", date(2025, 1, 8)),
    ]
    (period,) = document.periods
    assert (period.section, period.start, period.end) == ("Q", date(2025, 8, 5), date(2025, 8, 18))
    (effort,) = document.efforts
    assert (effort.section, effort.least, effort.most) == ("Q", 5, 10)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("January 8, 2025", date(2025, 1, 8)),
        ("8 Jan. 2025", date(2025, 1, 8)),
        ("3rd March 2026", date(2026, 3, 3)),
        ("on 2025-02-28.", date(2025, 2, 28)),
        ("February 30, 2025", None),
        ("12025-01-01", None),
        ("May be 2025", None),
    ],
)
def test_days_are_read(text: str, day: date | None) -> None:
    """As people write them; what is no day is none."""
    assert day_in(text) == day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("August 5-18, 2025", date(2025, 8, 5), date(2025, 8, 18)),
        ("August 19 – September 1, 2025", date(2025, 8, 19), date(2025, 9, 1)),  # noqa: RUF001 - a dash that people type
        ("Dec 20, 2025 - Jan 4, 2026", date(2025, 12, 20), date(2026, 1, 4)),
        ("2025-08-05 to 2025-08-18", date(2025, 8, 5), date(2025, 8, 18)),
    ],
)
def test_ranges_are_read(text: str, first: date, last: date) -> None:
    """Within a month, over two, over two years."""
    assert range_in(text) == (first, last)


@pytest.mark.parametrize(
    ("text", "days"),
    [("3-5 days", (3, 5)), ("1 week", (5, 5)), ("4 hours", (0.5, 0.5)), ("2 months", (40, 40)), ("soon", None)],
)
def test_efforts_are_working_days(text: str, days: tuple[float, float] | None) -> None:
    """A week has five."""
    assert effort_in(text) == days


def test_a_file_that_is_no_status_document_is_refused() -> None:
    """One of a megabyte was not written by hand."""
    with pytest.raises(UsageError, match="is this the status document"):
        _read("x" * (MAX_CHARACTERS + 1))


@given(st.text(alphabet=st.sampled_from("ab:% []x-*#|✅0159\n()_`>"), max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """Whatever stands there; shares are percent, lines exist."""
    lines = text.count("\n") + 1
    for claim in _read(text).claims:
        assert 1 <= claim.line <= lines
        assert claim.share is None or 0 <= claim.share <= 100


@given(st.text(max_size=80))
def test_plain_text_is_one_line_without_markup(text: str) -> None:
    """Nothing of Markdown is left."""
    assert "**" not in plain(text)
    assert "\n" not in plain(text)
