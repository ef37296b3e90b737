"""The report as GitHub Markdown."""

import html
import re
from collections.abc import Callable

import cmarkgfm  # type: ignore[import-untyped]  # GitHub's own parser, which has no types
import msgspec
import pytest

from medpro_audit.reporters.cutting import cut_markdown
from medpro_audit.reporters.formats import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult, Comparison
from medpro_audit.result.baseline import BaselineReport, Entry
from medpro_audit.result.difference import Break, EndpointChange, MetricChange, PropertyChange, Undecided
from medpro_audit.rules.suppressing import Suppressed
from reporters.conftest import HOSTILE, difference

MARKER = "<!-- medpro-audit comment -->\n"
OURS = {
    "h2",
    "p",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "strong",
    "ol",
    "ul",
    "li",
    "code",
    "details",
    "summary",
}


def page_of(markdown: str) -> str:
    """The page that GitHub's parser makes."""
    page: str = cmarkgfm.github_flavored_markdown_to_html(markdown, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE)
    return page


def test_the_sample_reads_well(sample: AuditResult, options: RenderOptions, golden: Callable[[str, str], None]) -> None:
    """The whole report of a real project, as it was looked at and liked."""
    golden("markdown-sample.md", render("markdown", sample, options))


def test_the_hostile_page_holds_our_elements_only(
    hostile: AuditResult, options: RenderOptions, golden: Callable[[str, str], None]
) -> None:
    """No element, link, mention or reference comes from the repository."""
    text = render("markdown", hostile, options)
    page = page_of(text)
    assert {tag.lower() for tag in re.findall(r"</?([\w:-]+)", page)} <= OURS
    assert not re.search(r"@\w|#\d", html.unescape(re.sub(r"<code>.*?</code>|<[^>]*>", "", page)))
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    golden("markdown-hostile.md", text)


def test_every_row_has_the_cells_of_its_table(hostile: AuditResult, options: RenderOptions) -> None:
    """A pipe or a line break in a value adds no cell and no row."""
    page = page_of(render("markdown", hostile, options))
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        heads = len(re.findall(r"<th[ >]", table))
        rows = re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL)
        assert all(row.count("<td") == heads for row in rows)


def test_the_first_screen_has_verdict_metrics_and_steps(sample: AuditResult, options: RenderOptions) -> None:
    """What a reviewer must know comes before the first fold."""
    first = render("markdown", sample, options).partition("<details>")[0]
    assert "## ○ clinic-api: failed" in first
    assert "| ○ Code quality | 71 % | 98 of 138, 4 unknown | 90 % |" in first
    assert "| ◐ Testing | not measured | no rule feeds it yet | 80 % |" in first
    assert "1. Connection settings stand in the code" in first
    assert len(first.splitlines()) < 30


@pytest.mark.parametrize("most", [2_000, 5_000, 60_000, 900 * 1024])
def test_a_long_report_is_cut_at_a_row(large: AuditResult, options: RenderOptions, most: int) -> None:
    """It fits, every row is whole, every fold is closed, and it says that something is missing."""
    whole = render("markdown", large, options)
    text = render("markdown", large, msgspec.structs.replace(options, max_bytes=most))
    assert len(text.encode()) <= most
    if len(whole.encode()) <= most:
        assert text == whole
        return
    assert text.count("<details>") == text.count("</details>")
    assert "**Cut here:**" in text
    kept = text.partition("\n**Cut here:**")[0].removesuffix("\n</details>\n")
    assert whole.startswith(kept.rstrip("\n"))
    assert whole[len(kept.rstrip("\n"))] == "\n"


def test_short_text_is_not_cut() -> None:
    """What fits stays as it is, to the byte."""
    assert cut_markdown("é\n", 3) == "é\n"


def test_two_back_ends_are_side_by_side(sample: AuditResult, options: RenderOptions) -> None:
    """Each back end of a monorepo is a row with its metrics."""
    other = msgspec.structs.replace(sample.backends[0], root="packages/admin", name="admin")
    text = render("markdown", msgspec.structs.replace(sample, backends=(*sample.backends, other)), options)
    assert "| admin | <code>packages/admin</code> | 40 | 66 | 25 % · 1 of 4 |" in text


def test_what_has_changed_stands_under_its_back_end(sample: AuditResult, options: RenderOptions) -> None:
    """Where one run finds several; with one there is nothing to tell apart."""
    one, two = sample.backends[0], msgspec.structs.replace(sample.backends[0], root="packages/admin", name="admin")
    rows = [
        Break("field-made-required", "POST", "/x", "body", field, "is required now", "a.js", 1, backend=folder)
        for field, folder in (("age", one.root), ("name", two.root))
    ]
    comparison = Comparison("main", "c" * 40, difference(sample, breaks=tuple(rows)))
    result = msgspec.structs.replace(sample, backends=(one, two), comparison=comparison)
    text = render("comment", result, options)
    first, second = text.index(f"**<code>{one.root}</code>**"), text.index("**<code>packages/admin</code>**")
    assert first < text.index("body.age is required now") < second < text.index("body.name is required now")
    alone = render("comment", msgspec.structs.replace(result, backends=(one,)), options)
    assert "**<code>packages/admin</code>**" not in alone


@pytest.fixture(scope="session")
def hostile_change(hostile: AuditResult) -> AuditResult:
    """A pull request of an attacker: hostile text in everything that is told of a change."""
    (row,) = hostile.endpoints
    change = EndpointChange(row, row, (PropertyChange("condition", HOSTILE, HOSTILE),), row.middleware, row.middleware)
    parts = difference(
        hostile,
        new=hostile.findings,
        fixed=hostile.findings,
        endpoints_added=(row,),
        endpoints_removed=(row,),
        endpoints_changed=(change,),
        metrics=(MetricChange(hostile.metrics[0], hostile.metrics[0]),),
        breaks=(Break("type-narrowed", HOSTILE, HOSTILE, "body", HOSTILE, HOSTILE, HOSTILE, 1),),
        undecided=(Undecided(HOSTILE, HOSTILE, "answer", HOSTILE, HOSTILE, HOSTILE, 1, is_documented=True),),
    )
    stale = Entry(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return msgspec.structs.replace(
        hostile,
        comparison=Comparison(HOSTILE, HOSTILE, parts),
        baseline=BaselineReport(HOSTILE, (), 3, 0, (stale,), (stale,)),
        suppressed=(Suppressed(hostile.findings[0], HOSTILE, HOSTILE, 1),),
    )


@pytest.mark.parametrize("name", ["comment", "summary", "markdown"])
def test_a_change_says_nothing_for_an_attacker(hostile_change: AuditResult, options: RenderOptions, name: str) -> None:
    """No element, mention, reference or command; no table has a cell too many."""
    text = render(name, hostile_change, options)
    page = page_of(text.removeprefix(MARKER))
    assert {tag.lower() for tag in re.findall(r"</?([\w:-]+)", page)} <= OURS
    assert not re.search(r"@\w|#\d", html.unescape(re.sub(r"<code>.*?</code>|<[^>]*>", "", page)))
    assert not re.search(r"^\s*::", text, re.MULTILINE)
    assert "<a " not in page
    for table in re.findall(r"<table>.*?</table>", page, re.DOTALL):
        heads = len(re.findall(r"<th[ >]", table))
        assert all(row.count("<td") == heads for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)[1:])


def test_a_comment_can_be_found_again(sample: AuditResult, hostile_change: AuditResult, options: RenderOptions) -> None:
    """It begins with the marker, which no text of the repository can be."""
    for result in (sample, hostile_change):
        text = render("comment", result, options)
        assert text.startswith(MARKER)
        assert text.count("<!--") == 1


@pytest.mark.parametrize(("name", "most"), [("comment", 60_000), ("summary", 900 * 1024)])
def test_a_huge_change_fits(crowd: AuditResult, options: RenderOptions, name: str, most: int) -> None:
    """What matters most comes before the cut: how much has changed, the scorecard, the next steps."""
    long = [msgspec.structs.replace(one, message=f"{one.message} {'é' * 200}") for one in crowd.findings]
    result = msgspec.structs.replace(
        crowd, findings=tuple(long), comparison=Comparison("main", "c" * 40, difference(crowd, new=tuple(long)))
    )
    text = render(name, result, options)
    assert most * 0.9 < len(text.encode()) <= most
    assert text.count("<details>") == text.count("</details>")
    assert text.rstrip().endswith("`medpro-audit scan` shows all of them.")
    first = text.partition("<details>")[0]
    assert "5,000 new, 0 fixed, 0 unchanged" in first
    assert "and 4,900 more changes" in first
    assert "| ○ Code quality | 71 % |" in first
    assert "**Next steps**" in first
    assert text == render(name, result, options)


def test_what_has_changed_stands_at_the_top(known: AuditResult, options: RenderOptions) -> None:
    """Since the base and against the baseline; what a comment accepts is told apart, not among the findings."""
    text = render("comment", known, options)
    first = text.partition("<details>")[0]
    new = len(known.findings) - 2
    assert f"Since main (ccccccccc): {new} new, 0 fixed, 1 unchanged" in first
    assert f"base.jsonl: 1 accepted, {new + 1} new, 0 fixed" in first
    assert "| Change |" in first
    assert "SUPPRESSED" not in text.partition("accepted finding</summary>")[0]


def test_a_comment_has_room_for_every_rule(sample: AuditResult, options: RenderOptions) -> None:
    """Of each some places, and how many more there are; the report has them all."""
    comment, report = (render(name, sample, options) for name in ("comment", "markdown"))
    assert comment.count("-helper/index.js:") == 5 + report.count("-helper/index.js:") - 28
    assert "| and 23 more places |" in comment
