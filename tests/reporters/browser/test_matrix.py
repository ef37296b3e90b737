"""The endpoint matrix in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

from medpro_audit.reporters.formats import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult
from reporters.weeklies import many_endpoints

pytestmark = pytest.mark.browser

SHOWN = "[...document.querySelectorAll('#matrix tr[data-callers]')].filter((one) => !one.closest('[hidden]'))"
CHOOSE = """((name, value) => {
  const field = document.querySelector(`#matrix-tools [name=${name}]`);
  field.value = value;
  field.dispatchEvent(new Event("input"));
})"""
HERE = "document.activeElement"


@pytest.fixture
def page(sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any]) -> Any:
    """The page of the sample."""
    return open_page(render("html", sample, options))


def test_words_narrow_it(page: Any) -> None:
    """Typed words leave the endpoints that hold all of them, and empty groups go."""
    page.run("document.querySelector('#matrix-tools input').focus()")
    page.call("Input.insertText", text="patients post")
    assert page.run("document.querySelector('#matrix-tools output').textContent") == "2 of 40 endpoints"
    assert page.run("[...document.querySelectorAll('#matrix tbody')].filter((one) => !one.hidden).length") == 1


@pytest.mark.parametrize(("verdict", "column", "rows"), [("b", "1", 11), ("b", "", 32), ("u", "1", 6), ("h", "1", 3)])
def test_a_verdict_narrows_it(page: Any, verdict: str, column: str, rows: int) -> None:
    """To what has it in the column, or in any; what holds in part holds."""
    page.run(f"{CHOOSE}('column', '{column}')")
    page.run(f"{CHOOSE}('verdict', '{verdict}')")
    assert page.run(f"{SHOWN}.length") == rows


def test_a_head_sorts_it(page: Any) -> None:
    """The worst first, then last, then as it was; said to those who can't see it."""
    page.run(f"{CHOOSE}('group', '')")
    before = page.run(f"{SHOWN}.map((one) => one.textContent)")
    first = f"{SHOWN}[0].cells[1].textContent"
    head = "document.querySelectorAll('#matrix thead th')[1]"
    page.run(f"{head}.click()")
    assert (page.run(first), page.run(f"{head}.getAttribute('aria-sort')")) == ("no", "ascending")
    page.run(f"{head}.click()")
    assert (page.run(first), page.run(f"{head}.getAttribute('aria-sort')")) == ("n/a", "descending")
    page.run(f"{head}.click()")
    assert page.run(f"{SHOWN}.map((one) => one.textContent)") == before


def test_it_is_grouped_by_who_may_call(page: Any) -> None:
    """Instead of by file; every endpoint stays in it."""
    page.run(f"{CHOOSE}('group', 'callers')")
    titles = page.run("[...document.querySelectorAll('#matrix .group')].map((one) => one.textContent)")
    assert titles == ["unknown 40 endpoints"]
    assert page.run(f"{SHOWN}.length") == 40
    page.run(f"{CHOOSE}('group', 'file')")
    assert page.run("document.querySelectorAll('#matrix .group').length") == 10


def test_keys_move_through_it(page: Any) -> None:
    """One stop of the tab key; arrows move across groups, Enter opens the trail at its verdict, Escape closes it."""
    assert page.run("document.querySelectorAll('#matrix [tabindex=\"0\"]').length") == 1
    page.run("document.querySelector('#matrix [tabindex=\"0\"]').focus()")
    for key in ("ArrowDown", "ArrowRight", "Enter"):
        page.press(key)
    assert page.run(f"{HERE}.cellIndex") == 1
    row = f"{HERE}.parentNode"
    assert page.run(f"{row}.cells[0].getAttribute('aria-expanded')") == "true"
    assert page.run(f"{row}.nextSibling.querySelector('.asked h3').textContent").endswith("Body: unknown")
    page.press("ArrowDown")
    assert page.run(f"{HERE}.parentNode.className") == "detail"
    page.press("Escape")
    assert page.run(f"{HERE}.cellIndex") == 0
    assert page.run("document.querySelectorAll('#matrix .detail').length") == 0
    page.press("End")
    assert page.run(f"{HERE}.cellIndex") == page.run(f"{row}.cells.length") - 1
    assert page.run("document.querySelectorAll('#matrix [tabindex=\"0\"]').length") == 1


def test_a_trail_tells_how_it_is_reached(page: Any) -> None:
    """From the application to the handler, what several share included; the next click closes it."""
    page.run(f"{SHOWN}[4].cells[0].click()")
    text = page.run("document.querySelector('#matrix .detail').textContent")
    for part in ("server.js:9", "helmet: security-headers", "Handler", "Rate limit: unknown"):
        assert part in text
    assert page.run("document.querySelectorAll('#matrix .detail a').length") == 0
    page.run(f"{SHOWN}[4].cells[0].click()")
    assert page.run("document.querySelectorAll('#matrix .detail').length") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_open_trails_are_accessible(page: Any, axe: Callable[..., list[str]], scheme: str, width: int) -> None:
    """With all of them open, narrow and wide, light and dark."""
    page.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
    page.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    page.run(f"{SHOWN}.forEach((one) => one.cells[0].click())")
    assert axe(page) == []
    assert page.run("document.documentElement.scrollWidth") <= width


def test_two_thousand_rows_are_fluent(
    sample: AuditResult, options: RenderOptions, open_page: Callable[..., Any], record_property: Callable[..., None]
) -> None:
    """At most 3 MB, there within a second, and narrowed within a tenth of one; four times that on a busy machine."""
    text = render("html", many_endpoints(sample), options)
    page = open_page(text)
    opened = page.run("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    narrowed = page.run(
        f"""(async () => {{
          const times = [];
          for (const words of ["a", "area07", "area07 post", "nothing", ""]) {{
            const field = document.querySelector("#matrix-tools input");
            const begin = performance.now();
            {CHOOSE}("words", words);
            document.getElementById("matrix").getBoundingClientRect();
            times.push(performance.now() - begin);
            await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
          }}
          return times;
        }})()"""
    )
    record_property("bytes", len(text.encode()))
    record_property("milliseconds to interactive", opened)
    record_property("milliseconds to narrow", narrowed)
    assert len(text.encode()) < 3_000_000
    assert opened < 4_000
    assert max(narrowed) < 400
