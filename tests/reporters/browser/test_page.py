"""The HTML report in a real browser."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from medpro_audit.reporters.formats import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

pytestmark = pytest.mark.browser

CONTRAST = """(() => {
  const channel = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map(channel);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
    return "rgb(255, 255, 255)";
  };
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const low = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ["SCRIPT", "STYLE"].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(element instanceof SVGElement ? style.fill : style.color), light(ground(element))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) low.add(element.tagName + "." + element.getAttribute("class") + " " + ratio.toFixed(2));
  }
  return [...low];
})()"""


@pytest.mark.parametrize("name", ["sample", "hostile", "empty"])
def test_nothing_leaves_and_nothing_is_refused(
    name: str, request: pytest.FixtureRequest, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """The page asks for nothing but itself, breaks no rule of its own policy and throws no error."""
    page = open_page(render("html", request.getfixturevalue(name), options))
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert [url for url in page.requests if not url.startswith(("data:", "about:"))] == [
        page.run("location.href.split('#')[0]")
    ]
    assert page.complaints == []


@pytest.mark.parametrize("width", [360, 800, 1280])
@pytest.mark.parametrize("name", ["sample", "hostile", "known"])
def test_the_page_fits_its_width(
    width: int, name: str, request: pytest.FixtureRequest, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """From a telephone to a wide screen nothing sticks out, with all details open."""
    page = open_page(render("html", request.getfixturevalue(name), options), width=width)
    page.run("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_has_contrast(
    scheme: str, known: AuditResult, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """Every text reaches the ratio of WCAG AA in both colour schemes."""
    two = msgspec.structs.replace(known, backends=known.backends * 2)
    assert open_page(render("html", two, options), scheme=scheme).run(CONTRAST) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible(
    scheme: str,
    known: AuditResult,
    options: RenderOptions,
    open_page: Callable[..., Any],
    axe: Callable[..., list[str]],
) -> None:
    """The checks of axe find no violation, neither of WCAG nor of good practice."""
    two = msgspec.structs.replace(known, backends=known.backends * 2)
    assert axe(open_page(render("html", two, options), scheme=scheme)) == []


def test_a_link_opens_its_rule(sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """A next step leads to its rule's findings, unfolded."""
    page = open_page(render("html", sample, options))
    page.run("document.querySelector('.steps a').click(); new Promise((done) => setTimeout(done, 50))")
    assert page.run("document.getElementById('rule-database/hardcoded-settings').open") is True


def test_the_page_is_whole_without_scripts(
    sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any]
) -> None:
    """With scripts off, every endpoint and finding is there, and no control that would do nothing."""
    page = open_page(render("html", sample, options), scripts=False)
    assert page.run("document.querySelectorAll('#matrix tr[data-callers]').length") == 40
    assert page.run("document.querySelectorAll('#matrix details li').length") > 150
    assert page.run("document.querySelectorAll('.findings tbody tr').length") == 66
    assert page.run("getComputedStyle(document.getElementById('matrix-tools')).display") == "none"


def test_a_large_page_opens_quickly(large: AuditResult, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """500 endpoints and 1,000 findings are drawn within some seconds, even on a busy machine."""
    page = open_page(render("html", large, options))
    assert page.run("performance.getEntriesByType('navigation')[0].loadEventEnd") < 8000


def test_the_page_prints(sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any]) -> None:
    """Printed, it is a PDF of some pages with every finding in it."""
    document = open_page(render("html", sample, options)).pdf()
    assert document.startswith(b"%PDF-")
    assert 3 <= document.count(b"/Type /Page\n") <= 12
