"""The weekly report, read without a browser."""

from medpro_audit.reporters.folder_graph import folder_graph
from medpro_audit.reporters.formats import formats
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.relocation import relocation
from medpro_audit.reporters.weekly import Weekly, render_weekly
from medpro_audit.result import AuditResult
from reporters.conftest import HOSTILE, LONG_PATH
from reporters.test_html import Outline
from reporters.weeklies import TODAY, weekly_of, weekly_of_attacker


def test_everything_of_the_repository_is_text(hostile: AuditResult, options: RenderOptions) -> None:
    """Elements nest, the scripts are ours, no attribute runs or loads anything, nothing is computed."""
    page = render_weekly(weekly_of_attacker(hostile, HOSTILE, LONG_PATH), options)
    outline = Outline(page)
    assert outline.stack == []
    assert outline.scripts == [options.templates[name] for name in ("_behaviour.js", "_matrix.js", "_graph.js")]
    assert not [name for _, name, _ in outline.attributes if name.startswith("on") or name in {"style", "src"}]
    assert not set(page) & set("\x1b\x9b\u202e\u2066\r")
    assert "{{ 7*7 }}" in page
    links = [value for _, name, value in outline.attributes if name == "href"]
    assert all(link.startswith(("#", "https://")) or link == "data:," for link in links)
    ids = [value for _, name, value in outline.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_order_is_that_of_every_page(sample: AuditResult, options: RenderOptions) -> None:
    """The gate's answer, the metrics, the next steps, then the detail."""
    page = render_weekly(weekly_of(sample), options)
    parts = ["The gate failed", 'id="metrics-title"', 'id="steps"', 'id="endpoints"', 'id="structure"', 'id="findings"']
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
    assert "Weekly report · week 48, 23 November 2026" in page


def test_code_stands_at_its_finding(sample: AuditResult, options: RenderOptions) -> None:
    """With numbers, and the line in question marked."""
    page = render_weekly(weekly_of(sample), options)
    assert page.count('class="excerpt"') >= 20
    assert page.count('<span class="line here">') == page.count('class="excerpt"')


def test_what_is_not_there_takes_no_room(empty: AuditResult, options: RenderOptions) -> None:
    """Without modules, claims and baseline these parts are left out, and from the list of parts too."""
    report = Weekly(
        result=empty, today=TODAY, graph=folder_graph([], []), relocation=relocation([]), directories=(), excerpts={}
    )
    page = render_weekly(report, options)
    assert Outline(page).stack == []
    for name in ("structure", "claims", "baseline", "connections"):
        assert f"#{name}" not in page
        assert f'id="{name}"' not in page


def test_the_same_report_is_the_same_page(sample: AuditResult, options: RenderOptions) -> None:
    """Byte for byte."""
    assert render_weekly(weekly_of(sample), options) == render_weekly(weekly_of(sample), options)


def test_a_page_is_no_format(options: RenderOptions) -> None:
    """What shows more than a result can't be asked for with ``scan -f``."""
    assert not [name for name in formats(options.templates) if "weekly" in name or "/" in name]
