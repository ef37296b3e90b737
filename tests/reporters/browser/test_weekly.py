"""The weekly report in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.weekly import Weekly, render_weekly
from medpro_audit.result import AuditResult
from reporters.conftest import HOSTILE, LONG_PATH
from reporters.weeklies import many_endpoints, weekly_of, weekly_of_attacker

pytestmark = pytest.mark.browser

OPEN_ALL = """(() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  document.querySelectorAll("#matrix tr[data-callers]").forEach((one) => one.cells[0].click());
})()"""
CLICK = """((folder) => document.querySelector(`#graph a[href="#folder-${folder}"]`).dispatchEvent(
  new MouseEvent("click", { bubbles: true, cancelable: true })))"""
BOXES = "[...document.querySelectorAll('#graph .box title')].map((one) => one.textContent.split(',')[0])"


@pytest.fixture
def report(sample: AuditResult) -> Weekly:
    """Of the sample."""
    return weekly_of(sample)


@pytest.fixture
def attack(hostile: AuditResult) -> Weekly:
    """Of an attacker's repository."""
    return weekly_of_attacker(hostile, HOSTILE, LONG_PATH)


@pytest.mark.parametrize("name", ["report", "attack"])
def test_nothing_leaves_and_nothing_is_refused(
    name: str, request: pytest.FixtureRequest, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """With everything open it asks for nothing but itself, breaks no rule of its own policy and throws no error."""
    page = open_page(render_weekly(request.getfixturevalue(name), options))
    page.run(OPEN_ALL)
    page.run("document.querySelector('#graph a').dispatchEvent(new MouseEvent('click', {bubbles: true}))")
    assert [url for url in page.requests if not url.startswith(("data:", "about:"))] == [
        page.run("location.href.split('#')[0]")
    ]
    assert page.complaints == []
    assert page.run("[...document.links].every((one) => /^(#|https:)/.test(one.getAttribute('href')))")
    assert page.run("document.querySelectorAll('script:not(body > script), img, iframe, object').length") == 0


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("name", ["report", "attack"])
def test_it_fits_its_width(
    width: int, name: str, request: pytest.FixtureRequest, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """From a telephone to a wide screen nothing sticks out, with everything open."""
    page = open_page(render_weekly(request.getfixturevalue(name), options), width=width)
    page.run(OPEN_ALL)
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("is_open", [False, True])
def test_it_is_accessible(  # noqa: PLR0913 - each is a part of the question
    width: int,
    scheme: str,
    report: Weekly,
    options: RenderOptions,
    open_page: Callable[..., Any],
    axe: Callable[..., list[str]],
    *,
    is_open: bool,
) -> None:
    """The checks of axe find no violation, neither of WCAG nor of good practice."""
    page = open_page(render_weekly(report, options), width=width, scheme=scheme)
    if is_open:
        page.run(OPEN_ALL)
    assert axe(page) == []


def test_a_folder_opens_in_the_graph(report: Weekly, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """Its modules take its place, what they are connected with stays around them; Escape and the path lead back."""
    page = open_page(render_weekly(report, options))
    before = page.run(BOXES)
    assert {"src/services/", "src/routes/", "mail-helper/"} <= set(before)
    page.run(f"{CLICK}('src/services/')")
    opened = page.run(BOXES)
    assert {"src/services/feature000.js", "src/controllers/", "src/models/"} <= set(opened)
    assert "mail-helper/" not in opened
    assert page.run("[...document.querySelector('.crumbs').children].map((one) => one.textContent)") == [
        "all folders",
        "src/",
        "services/",
    ]
    page.run("document.querySelector('.crumbs button:nth-of-type(2)').click()")
    assert "src/services/" in page.run(BOXES)
    page.press("Escape")
    assert page.run(BOXES) == before


def test_the_keyboard_opens_a_folder(report: Weekly, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """A folder is a link: focus tells what it is connected with, Enter opens it."""
    page = open_page(render_weekly(report, options))
    page.run("document.querySelector('#graph a[href=\"#folder-src/models/\"]').focus()")
    assert page.run("document.querySelectorAll('#graph path.lit').length") > 0
    page.press("Enter")
    assert "src/models/feature002.js" in page.run(BOXES)
    assert page.run("location.hash") == ""


def test_a_folder_is_found(report: Weekly, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """Typed words dim the boxes of other names."""
    page = open_page(render_weekly(report, options))
    page.run("document.querySelector('#graph-tools input').focus()")
    page.call("Input.insertText", text="helper")
    assert page.run("document.querySelectorAll('#graph .box:not(.dim)').length") == 2
    assert page.run("document.querySelector('#graph-tools output').textContent").startswith("2 of ")


def test_it_is_whole_without_scripts(report: Weekly, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """The graph, its table, every folder opened, trails and findings are there, and no control that does nothing."""
    page = open_page(render_weekly(report, options), scripts=False)
    assert page.run("document.querySelectorAll('#graph .box').length") > 5
    assert page.run("document.querySelectorAll('.folders tbody tr').length") == page.run(f"{BOXES}.length")
    assert page.run("document.querySelectorAll('#folders details svg').length") > 5
    assert page.run("document.querySelectorAll('#matrix details').length") == 40
    assert page.run("document.querySelectorAll('#matrix a[href^=\"#e\"]').length") > 40
    assert page.run("[...document.querySelectorAll('.tools')].every((one) => getComputedStyle(one).display === 'none')")
    ids = "[...document.querySelectorAll('[id]')].map((one) => one.id)"
    links = "[...document.querySelectorAll('a')].map((one) => one.getAttribute('href'))"
    assert page.run(
        f"{links}.filter((one) => one[0] === '#').every((one) => {ids}.includes(decodeURIComponent(one.slice(1))))"
    )


def test_it_prints(report: Weekly, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """As a PDF of some pages."""
    page = open_page(render_weekly(report, options))
    page.call("Emulation.setEmulatedMedia", media="print")
    assert page.run("document.querySelector('#news details .worse').checkVisibility()")
    document = page.pdf()
    assert document.startswith(b"%PDF-")
    assert 4 <= document.count(b"/Type /Page\n") <= 25


def test_a_large_one_is_light_and_quick(
    sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any], record_property: Callable[..., None]
) -> None:
    """2,000 endpoints and 1,000 modules: at most 3 MB, there within a second; four times that on a busy machine."""
    report = weekly_of(many_endpoints(sample), features=200)
    assert report.graph.modules > 1000
    text = render_weekly(report, options)
    page = open_page(text)
    opened = page.run("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    switched = page.run(
        f"""(() => {{
          const begin = performance.now();
          {CLICK}("src/services/");
          document.getElementById("graph").getBoundingClientRect();
          return performance.now() - begin;
        }})()"""
    )
    record_property("bytes", len(text.encode()))
    record_property("milliseconds to interactive", opened)
    record_property("milliseconds to open a folder", switched)
    assert len(text.encode()) < 3_000_000
    assert opened < 4_000
    assert switched < 400
    assert page.run("document.querySelectorAll('#graph .box').length") <= 60
