"""The report as one HTML page, read without a browser."""

import base64
import hashlib
import re
import time
from collections.abc import Callable
from html.parser import HTMLParser

import msgspec

from medpro_audit.reporters._template_language import verdict_code
from medpro_audit.reporters.formats import render
from medpro_audit.reporters.marks import LEGEND
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult
from medpro_audit.result.difference import Break

VOID = {"meta", "link", "br", "wbr", "input"}


class Outline(HTMLParser):
    """Elements and attributes of a page, and whether every element is closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str, str]] = []
        self.scripts: list[str] = []
        self.stack: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the element."""
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        """Leave the element."""
        assert self.stack.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a script."""
        if self.stack and self.stack[-1] == "script":
            self.scripts.append(data)


def test_the_hostile_page_is_as_it_was(
    hostile: AuditResult, options: RenderOptions, golden: Callable[[str, str], None]
) -> None:
    """Everything of the repository is text: elements nest, the one script is ours, no attribute runs anything."""
    page = render("html", hostile, options)
    outline = Outline(page)
    assert outline.stack == []
    assert outline.scripts == [options.templates[name] for name in ("_behaviour.js", "_matrix.js")]
    assert not [name for _, name, _ in outline.attributes if name.startswith("on") or name == "style"]
    assert not set(page) & set("\x1b\x9b\u202e\u2066\r")
    golden("hostile.html", page)


def test_nothing_leads_out_of_the_page(hostile: AuditResult, options: RenderOptions) -> None:
    """Every address is an anchor of the page or data; every anchor leads somewhere."""
    attributes = Outline(render("html", hostile, options)).attributes
    links = [value for tag, name, value in attributes if name in {"href", "src", "action", "srcset"}]
    assert all(link.startswith("#") or link == "data:," for link in links)
    ids = [value for _, name, value in attributes if name == "id"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_policy_admits_our_style_and_script_only(sample: AuditResult, options: RenderOptions) -> None:
    """The hashes are those of what stands in the page, and everything else is forbidden."""
    page = render("html", sample, options)
    policy = next(value for tag, name, value in Outline(page).attributes if name == "content" and "default" in value)
    for kind in ("style", "script"):
        inline = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.DOTALL)
        digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in inline]
        admitted = "".join(f" 'sha256-{digest}'" for digest in digests)
        assert f"{kind}-src{admitted};" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy


def test_a_large_page_is_light(large: AuditResult, options: RenderOptions) -> None:
    """500 endpoints and 1,000 findings stay below 3 MB and are written within seconds."""
    started = time.process_time()
    page = render("html", large, options)
    assert len(page.encode()) < 3_000_000
    assert time.process_time() - started < 10


def test_verdicts_are_never_colour_alone(sample: AuditResult, options: RenderOptions) -> None:
    """Each cell of the matrix has its word, which the style shows as the sign of the legend."""
    page = render("html", sample, options)
    cells = re.findall(r'<td class="([a-z])">(.*?)</td>', page)
    assert len(cells) == 40 * 10
    words = {verdict_code(mark): mark.word for mark, _ in LEGEND}
    assert all(words[code] == word for code, word in cells)
    style = options.templates["_style.css"]
    for mark, _ in LEGEND:
        assert re.search(rf"\.{verdict_code(mark)}::before[^}}]*content: \"{mark.glyph[0]}\"", style)


def test_an_empty_repository_has_a_page(empty: AuditResult, options: RenderOptions) -> None:
    """Without endpoints, connections and findings the page still stands."""
    page = render("html", empty, options)
    assert Outline(page).stack == []
    assert "Nothing is gated" in page
    assert 'id="connections"' not in page


def test_what_changed_stands_before_the_metrics(known: AuditResult, options: RenderOptions) -> None:
    """With promises to clients that are broken; a page of one state has no such section."""
    assert known.comparison is not None
    broken = Break("field-made-required", "POST", "/<a>", "body", "age", "is required now", "routes/a.js", 4)
    difference = msgspec.structs.replace(known.comparison.difference, breaks=(broken,))
    comparison = msgspec.structs.replace(known.comparison, difference=difference)
    page = render("html", msgspec.structs.replace(known, comparison=comparison), options)
    assert Outline(page).stack == []
    assert "POST /&lt;a&gt; breaks clients: body.age is required now" in page
    assert 0 < page.index('<section id="changed"') < page.index('<section class="metrics')
    assert 'id="changed"' not in render("html", msgspec.structs.replace(known, comparison=None, baseline=None), options)
