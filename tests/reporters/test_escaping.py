"""Escaping of hostile text for each kind of output."""

import html
import json
import re
import sys
import unicodedata

import cmarkgfm  # type: ignore[import-untyped]  # GitHub's own parser, which has no types
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.reporters import escaping

nasty = st.text(
    st.one_of(
        st.sampled_from("|`<>@#&*_~[]()!\\$\"'{}+-=:/.^%1wWgGhH \n\r\t\x1b\x9b\u202e\u2066\u200b\ufeff\u2028\ud800"),
        st.characters(),
    ),
    max_size=60,
)


def rendered(markdown: str) -> str:
    """The page that GitHub's parser makes of a text; raw HTML stays, as it does before GitHub's sanitiser."""
    page: str = cmarkgfm.github_flavored_markdown_to_html(markdown, cmarkgfm.cmark.Options.CMARK_OPT_UNSAFE)
    return page


def text_of(page: str) -> str:
    """What a reader sees, without the zero-width spaces that keep references apart."""
    return html.unescape(re.sub(r"<[^>]*>", "", page)).replace("\u200b", "")


def in_cell(escaped: str) -> str:
    """The second cell of a table row that holds the text in its first one."""
    page = rendered(f"| a | b |\n|---|---|\n| x {escaped} | last |\n")
    cells = re.findall(r"<td>(.*?)</td>", page, re.DOTALL)
    assert len(cells) == 2
    assert cells[1] == "last"
    return str(cells[0])


@given(nasty)
def test_visible_text_is_one_line_of_characters_that_show(text: str) -> None:
    """Nothing of what `visible` returns moves the cursor, breaks the line or reorders its neighbours."""
    shown = escaping.visible(text)
    assert not set(shown) & set("\n\r\t\v\f\x1b\x9b\x85\u2028\u2029\u202e\u2066\u200b\ufeff")
    shown.encode()
    assert escaping.visible(shown) == shown


def test_visible_text_holds_no_control_character_of_unicode() -> None:
    """No character of the categories control, surrogate and line separator survives, nor an invisible format."""
    survivors = escaping.visible("".join(map(chr, range(sys.maxunicode + 1))))
    kinds = {unicodedata.category(character) for character in survivors}
    assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
    formats = [character for character in survivors if unicodedata.category(character) == "Cf"]
    of_a_script = ("ARABIC ", "SYRIAC ", "KAITHI ", "EGYPTIAN ", "SHORTHAND ", "MUSICAL ", "ZERO WIDTH ")
    assert all(unicodedata.name(character).startswith(of_a_script) for character in formats)
    assert "\u200b" not in survivors


@given(nasty)
def test_visible_code_keeps_its_lines(text: str) -> None:
    """Code keeps line breaks and loses everything else that a page would obey."""
    shown = escaping.visible_code(text)
    assert shown.count("\n") == text.replace("\r\n", "\n").count("\n")
    assert not set(shown) & set("\r\t\v\f\x1b\x9b\u202e\u2066\u2028")


@given(st.recursive(nasty.filter(lambda text: "\ud800" not in text), lambda inner: st.lists(inner, max_size=3)))
def test_escaped_json_means_the_same(value: object) -> None:
    """Escaping changes how a document is written, not what it says."""
    document = escaping.json_text(json.dumps(value, ensure_ascii=False))
    assert json.loads(document) == value
    assert not set(document) & set("\x7f\x9b\u202e\u2066\u2028\u200b\ufeff")


@given(nasty)
def test_markdown_prose_reads_as_it_was_written(text: str) -> None:
    """In a table cell of GitHub's own parser, prose is text: no tag, no link, no other cell, nothing lost."""
    cell = in_cell(escaping.markdown(text))
    assert "<" not in cell
    assert text_of(cell).split() == ["x", *escaping.visible(text).split()]


@given(nasty)
def test_markdown_code_reads_as_it_was_written(text: str) -> None:
    """In a table cell, code is one code element that holds the text and nothing else."""
    cell = in_cell(escaping.markdown_code(text))
    assert re.sub(r"</?code>", "", cell).count("<") == 0
    assert text_of(cell).split() == ["x", *escaping.visible(text).split()]


@given(nasty)
def test_markdown_at_the_start_of_a_line_is_a_paragraph(text: str) -> None:
    """A line that begins with a value begins no list, heading, quote or rule."""
    page = rendered(escaping.markdown(text.strip()) + "\n")
    assert not re.search(r"<(?!/?p>|/?pre>|/?code>)", page)


@pytest.mark.parametrize(
    "text",
    [
        "@everyone",
        "org/repo#12",
        "#12",
        "GH-12",
        "https://evil.example",
        "www.evil.example",
        "a@b.example",
        "ftp://x.y",
    ],
)
def test_markdown_prose_holds_no_reference(text: str) -> None:
    """Mentions, issue references and bare addresses are broken apart in the page, where GitHub looks for them."""
    page = html.unescape(rendered(escaping.markdown(text)))
    assert "<a" not in page
    assert not re.search(r"@\w|#\d|GH-\d", page)


@given(nasty)
def test_a_workflow_message_is_one_line(text: str) -> None:
    """A message can't begin another command, and GitHub's decoding gives it back."""
    escaped = escaping.workflow_data(text)
    assert not set(escaped) & set("\r\n")
    assert escaped.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%") == text


@given(nasty)
def test_a_workflow_property_ends_where_it_should(text: str) -> None:
    """A property can't begin another one."""
    escaped = escaping.workflow_property(text)
    assert not set(escaped) & set("\r\n:,")


@given(st.text(max_size=50), st.integers(4, 60))
def test_shortened_text_fits_and_keeps_its_end(text: str, width: int) -> None:
    """Short text stays; long text is cut in its middle and keeps how it ends."""
    short = escaping.shortened(text, width)
    assert len(short) <= width
    assert (short == text) == (len(text) <= width) or "…" in text
    assert text.endswith(short.rpartition("…")[2] if len(text) > width else short)
