"""The report on a terminal."""

import re
from collections.abc import Callable

import msgspec
import pytest

from medpro_audit.core.finding import Measure
from medpro_audit.reporters.console import FINDINGS_A_RULE, render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns
from medpro_audit.result import AuditResult

PLACE = re.compile(r"^[\w./-]+:\d+:\d+\b")


def test_the_sample_reads_well(sample: AuditResult, golden: Callable[[str, str], None]) -> None:
    """The whole report of a real project, as it was looked at and liked."""
    golden("console-sample.txt", render(sample, RenderOptions()))


def test_hostile_text_is_harmless(hostile: AuditResult, golden: Callable[[str, str], None]) -> None:
    """No control character of the repository reaches the terminal."""
    text = render(hostile, RenderOptions())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    golden("console-hostile.txt", text)


def test_everything_but_places_fits_the_width(sample: AuditResult) -> None:
    """At 60 and 80 columns no line is longer, and a place stands whole at the start of its line."""
    for width in (60, 80):
        lines = render(sample, RenderOptions(width=width)).splitlines()
        assert all(columns(line) <= width or PLACE.fullmatch(line) for line in lines)
    places = [line for line in render(sample, RenderOptions(show_all=True)).splitlines() if PLACE.match(line)]
    assert len(places) == len(sample.findings)


def test_without_colour_there_is_no_escape_sequence(sample: AuditResult) -> None:
    """Colour only when asked for, and it changes nothing else."""
    plain, coloured = render(sample, RenderOptions()), render(sample, RenderOptions(colour=True))
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_without_unicode_everything_is_ascii(sample: AuditResult, hostile: AuditResult) -> None:
    """A terminal that can't show our glyphs gets letters, in the same layout."""
    for result in (sample, hostile):
        assert render(result, RenderOptions(unicode=False)).isascii()


def test_a_rule_shows_its_first_findings(sample: AuditResult) -> None:
    """Twenty findings a rule and how many there are more, unless all are wanted."""
    short, whole = render(sample, RenderOptions()), render(sample, RenderOptions(show_all=True))
    assert short.count("-helper/index.js:") - 2 == FINDINGS_A_RULE
    assert "and 8 more (--all)" in short
    assert whole.count("-helper/index.js:") - 2 == 28
    assert "more (--all)" not in whole


def test_what_is_said_of_several_endpoints_is_said_once(sample: AuditResult) -> None:
    """The words stand above, the endpoints beside their places; what is said of one alone stays whole."""
    pattern = next(finding for finding in sample.findings if finding.method and finding.path)
    told = [
        msgspec.structs.replace(
            pattern, line=line, method="GET", path=path, fingerprint=str(line), message=f"GET {path} {said}"
        )
        for line, path, said in ((1, "/a", "has no test"), (2, "/b", "has no test"), (3, "/c", "has one test"))
    ]
    lines = render(msgspec.structs.replace(sample, findings=tuple(told)), RenderOptions()).splitlines()
    first = lines.index("  each has no test:")
    assert [re.split(r":\d+ +", line)[-1] for line in lines[first + 1 : first + 4]] == [
        "GET /a",
        "GET /b",
        "GET /c has one test",
    ]


def test_of_a_rule_that_holds_nowhere_examples_are_enough(sample: AuditResult) -> None:
    """A list of all that there is says no more than that."""
    measure = Measure("logging/console-call", "code-quality", conforming=0, applicable=40)
    metrics = tuple(msgspec.structs.replace(metric, measures=(measure,)) for metric in sample.metrics)
    result = msgspec.structs.replace(sample, metrics=metrics)
    short, whole = render(result, RenderOptions()), render(result, RenderOptions(show_all=True))
    assert "and 25 more (--all): it holds nowhere" in short
    assert whole.count("-helper/index.js:") == render(sample, RenderOptions(show_all=True)).count("-helper/index.js:")


def test_what_is_not_measured_says_so(sample: AuditResult) -> None:
    """A metric without a measure is neither 0 nor 100, and a share always has its fraction."""
    text = render(sample, RenderOptions())
    assert re.search(r"◐ Testing +not measured: no rule feeds it yet", text)
    assert re.search(r"71 %  █+▒░+┊░  98 of 138, 4 unknown · target 90", text)


def test_the_end_repeats_the_verdict_and_says_what_to_type(sample: AuditResult) -> None:
    """Whoever sees only the last lines knows the answer and the next command."""
    last = render(sample, RenderOptions()).splitlines()[-3:]
    assert last[0].startswith("○ The gate failed:")
    assert last[-1] == "  Next: medpro-audit rules show database/hardcoded-settings"


def test_several_back_ends_each_have_their_line(sample: AuditResult) -> None:
    """A monorepo shows the six shares of each back end; a single one is not repeated."""
    other = msgspec.structs.replace(sample.backends[0], root="packages/admin", name="admin")
    text = render(msgspec.structs.replace(sample, backends=(*sample.backends, other)), RenderOptions())
    assert "2 back ends" in text
    assert "admin (packages/admin): 40 endpoints, 66 findings" in text
    assert "back ends" not in render(sample, RenderOptions())


@pytest.mark.parametrize("width", [20, 40, 200])
def test_an_empty_repository_has_a_report(empty: AuditResult, width: int) -> None:
    """Nothing found is a sentence, not an error."""
    assert "Nothing is gated: nothing found in 0 endpoints." in " ".join(
        render(empty, RenderOptions(width=width)).split()
    )
