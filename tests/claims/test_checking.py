"""Claims held against measurements, and a document against itself."""

from datetime import date

import pytest

from medpro_audit.claims.checking import Verdict, hold_against
from medpro_audit.claims.contradictions import Contradiction, find_contradictions
from medpro_audit.claims.mapping import ClaimMapping, Yardstick
from medpro_audit.claims.markdown import read_document
from medpro_audit.core.finding import Measure
from medpro_audit.metrics.scorecard import scorecard
from medpro_audit.rules.loading import load_packs
from rules.builders import PACK, pack_files

_PACK = (
    PACK
    + b"""claims:
  - words: [zod validation, validation]
    rules: [bad-thing]
"""
)
_RULES = load_packs(pack_files() | {"rules/demo/pack.yaml": _PACK})
_MAPPING = ClaimMapping(_RULES, {"patient import": ["testing"]})


def _verdict(text: str, *, conforming: int, applicable: int, unknown: int = 0) -> Verdict:
    measures = [Measure("demo/bad-thing", "code-quality", conforming, applicable, unknown)]
    report = hold_against(
        read_document("STATUS.md", text), _MAPPING, scorecard(measures, _RULES), tolerance=5, today=None
    )
    (verdict,) = report.verdicts
    return verdict


@pytest.mark.parametrize(
    ("text", "measured", "status"),
    [
        ("- Validation: 50% done", (50, 100, 0), "holds"),
        ("- Validation: 54% done", (50, 100, 0), "holds"),
        ("- Validation: 56% done", (50, 100, 0), "overstated"),
        ("- Validation: 44% done", (50, 100, 0), "understated"),
        ("- Validation: 100% ✅", (99, 100, 0), "holds"),
        ("- Validation ✅", (90, 100, 0), "overstated"),
        ("- Validation: 60% done", (50, 100, 10), "unknown"),
        ("- Validation: 70% done", (50, 100, 10), "overstated"),
        ("- Validation: 50% done", (0, 0, 0), "unknown"),
        ("- [x] Zod validation of everything", (100, 100, 0), "holds"),
        ("- [ ] Zod validation of everything", (50, 100, 0), "holds"),
        ("- [ ] Zod validation of everything", (100, 100, 0), "understated"),
        ("- [ ] Zod validation (0% done)", (50, 100, 0), "understated"),
        ("## Validation\nStatus: only patients", (50, 100, 0), "unknown"),
        ("- Parking lot: 50% done", (50, 100, 0), "unmapped"),
        ("- Validation: 50% faster", (50, 100, 0), "unmapped"),
        ("- The rule demo/bad-thing: 50% done", (50, 100, 0), "holds"),
        ("## Status: 50% complete", (50, 100, 0), "holds"),
    ],
)
def test_a_claim_is_held_against_what_is_measured(text: str, measured: tuple[int, int, int], status: str) -> None:
    """Within five points; where what is unknown could make it true, it can't be said."""
    conforming, applicable, unknown = measured
    assert _verdict(text, conforming=conforming, applicable=applicable, unknown=unknown).status == status


def test_a_verdict_shows_the_fraction() -> None:
    """A measured share is never alone."""
    verdict = _verdict("- Validation: 100% ✅", conforming=3, applicable=4, unknown=1)
    assert verdict.measured is not None
    assert verdict.measured.yardstick == Yardstick(rules=("demo/bad-thing",))
    assert (verdict.measured.share, verdict.measured.numerator, verdict.measured.denominator) == (75, 3, 4)
    assert verdict.measured.unknown_share == 25


@pytest.mark.parametrize(
    ("subject", "yardstick"),
    [
        ("Zod Validations", Yardstick(rules=("demo/bad-thing",))),
        ("Code quality of validation", Yardstick("code-quality")),
        ("Tests of the patient imports", Yardstick("testing")),
        ("Something else", None),
    ],
)
def test_the_longest_phrase_is_meant(subject: str, yardstick: Yardstick | None) -> None:
    """Whatever the order of words, in the singular or plural; a configured phrase before all others."""
    (claim,) = read_document("STATUS.md", f"- {subject}: 10% done").claims
    assert _MAPPING.find(claim) == yardstick


def _contradictions(text: str, today: date | None = None) -> list[Contradiction]:
    return find_contradictions(read_document("STATUS.md", text), _MAPPING, today)


def test_done_and_open_contradict() -> None:
    """By what measures them, or by their very words."""
    (found,) = _contradictions("- Request validation: 100% ✅\n- [ ] Zod validation for all endpoints\n")
    assert (found.kind, found.lines) == ("done-and-open", (1, 2))
    (found,) = _contradictions("- Parking lots ✅\n- [ ] Parking lot\n")
    assert found.kind == "done-and-open"
    assert _contradictions("- Request validation: 100% ✅\n- [ ] Parking lot\n") == []


def test_two_shares_of_one_thing_contradict() -> None:
    """Where both are about the same measure."""
    (found,) = _contradictions("- Validation: 10% done\n\n- Zod validation: 20% done\n")
    assert (found.kind, found.lines) == ("different-shares", (1, 3))
    assert _contradictions("- Validation: 10% done\n\n- Zod validation: 10% done\n") == []


def test_what_is_updated_before_it_has_begun_contradicts() -> None:
    """The month counts, not the line."""
    (found,) = _contradictions("- Started July 8, 2025\n- Last updated: January 8, 2025\n")
    assert (found.kind, found.lines) == ("dates", (1, 2))
    assert "6 months before the start" in found.text
    assert _contradictions("- Started July 8, 2025\n- Last updated: July 9, 2025\n") == []


def test_a_period_that_is_over_is_told_on_a_day() -> None:
    """Only when it has open tasks, and only against a day that was given: there is no clock."""
    text = "## Phase 3\n**Timeline**: August 5-18, 2025\n- [ ] a\n- [x] b\n"
    (found,) = _contradictions(text, date(2025, 8, 20))
    assert (found.kind, found.lines) == ("overdue", (2,))
    assert "2 days before 2025-08-20, and 1 of its tasks is open" in found.text
    assert _contradictions(text, date(2025, 8, 18)) == []
    assert _contradictions(text) == []
    assert _contradictions(text.replace("[ ]", "[x]"), date(2025, 8, 20)) == []


def test_finished_priorities_with_open_tasks_contradict() -> None:
    """A heading with a percentage is itself a claim, and gives no priority to what is below it."""
    text = "## Status: 10% - critical\n- Phase 2: 64% done, HIGH PRIORITY ITEMS DONE ✅\n### High priority\n- [ ] a\n"
    assert [found.kind for found in _contradictions(text)] == ["done-and-open"]
    assert _contradictions(text.replace("### High", "### Low")) == []


def test_a_phase_whose_tasks_have_not_begun_contradicts() -> None:
    """Ten percent of what, if each task is at nothing?"""
    text = "- Phase 1: 10% complete\n## Phase 1\n- [ ] a (0% done)\n- [ ] b (0% done)\n"
    assert [found.kind for found in _contradictions(text)] == ["begun"]
    assert _contradictions(text.replace("b (0%", "b (5%")) == []


def test_completion_without_tests_contradicts() -> None:
    """A document that says itself that nothing is tested can't show that anything is completed."""
    (found,) = _contradictions("- Testing framework: 0% (Target: 80%)\n- Parking lot: 100% ✅\n")
    assert (found.kind, found.lines) == ("untested", (1, 2))


def test_the_whole_is_about_the_mean_of_its_parts() -> None:
    """Where the document gives both."""
    metrics = "\n".join(f"- {name}: 0% (Target: 100%)" for name in ("API documentation", "Security", "Code quality"))
    (found,) = _contradictions(f"## Status: 25% complete\n{metrics}\n")
    assert found.kind == "overall"
    assert _contradictions(f"## Status: 5% complete\n{metrics}\n") == []
