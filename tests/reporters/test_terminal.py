"""Layout of plain text."""

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import Cell, Terminal, columns, fitted, wrapped

lines_of_words = st.lists(st.text(st.sampled_from("abc/é漢😀"), min_size=1, max_size=30), max_size=8).map(" ".join)


@given(lines_of_words, st.integers(8, 40))
def test_wrapped_text_fits_and_loses_nothing(text: str, width: int) -> None:
    """Every line fits, and the lines hold the text's characters in order."""
    lines = wrapped(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_a_long_path_breaks_before_a_slash() -> None:
    """Words that fit stay whole; what is longer than a line breaks where its next part begins."""
    assert wrapped("GET /api/a/b", 8) == ["GET", "/api/a/b"]
    assert wrapped("/appointments/attachments", 14) == ["/appointments", "/attachments"]


def test_wide_and_combining_characters_are_counted() -> None:
    """A column is what a terminal shows, not what Python counts."""
    assert columns("漢字") == 4
    assert columns("e\u0301") == 1


def test_columns_give_way_from_the_widest() -> None:
    """Widths shrink to the room there is, and not below their least."""
    assert fitted([30, 10, 5], [8, 8, 5], 25) == [10, 10, 5]
    assert fitted([30, 10], [28, 10], 20) == [28, 10]


def test_a_cell_that_is_too_long_goes_on_below() -> None:
    """A row is as high as its highest cell, and its columns stay aligned."""
    row = Terminal(80, colour=False, unicode=True).row([Cell("one two"), Cell("x")], [4, 3])
    assert row == ["one   x", "two"]


def test_paint_cleans_what_it_colours() -> None:
    """Colour codes are ours only: those in the text are taken out."""
    assert Terminal(80, colour=True, unicode=True).paint("\x1b[2Jred", "broken") == "\x1b[31m[2Jred\x1b[0m"


def test_without_unicode_everything_is_ascii() -> None:
    """Our glyphs have stand-ins, other characters are spelled out."""
    assert Terminal(80, colour=False, unicode=False).clean("● é → 漢") == "+ \\xe9 -> \\u6f22"


def test_a_very_narrow_terminal_is_widened() -> None:
    """Below forty columns nothing could be laid out."""
    assert Terminal.of(RenderOptions(width=1)).width == 40


def test_a_long_beginning_stands_alone() -> None:
    """When what comes first takes the line, the text begins below it."""
    assert Terminal(40, colour=False, unicode=True).paragraph("text", first="p" * 38, rest="  ") == ["p" * 38, "  text"]
