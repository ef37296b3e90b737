"""The source text of a place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.place import Place
from medpro_audit.model.explaining.lines import LONGEST, SourceLines
from model.memory import builder


def text(source: str, line: int, column: int = 1) -> str:
    """The text of a place in a file."""
    return SourceLines(builder({"a.js": source}).interpreter.code).text(Place("a.js", line, column))


@pytest.mark.parametrize(
    ("source", "line", "expected"),
    [
        ("a();\nb();\n", 2, "b();"),
        ("a();\nb();", 2, "b();"),
        ("  f(\n    1,\n    // why\n    [\n      2,\n    ],\n  );\n", 1, "f(1, [2,],);"),
        ("f((x) => {\n  g();\n});\n", 1, "f((x) => {"),
        ("router\n  .get('/x', h)\n  .post('/x', h);\n", 2, "router.get('/x', h)"),
        ("router\n  .get('/x', h)\n  .post('/x', h);\n", 3, "router … .post('/x', h);"),
        ("a();\n", 9, ""),
        ("a();\n", 0, ""),
    ],
)
def test_a_statement_is_one_line(source: str, line: int, expected: str) -> None:
    """Over several lines as far as its brackets are open; a link of a chain with what the chain begins with."""
    assert text(source, line) == expected


def test_of_a_minified_line_the_place_is_shown() -> None:
    """Text begins at the column, and no more than a line of it is taken."""
    shown = text("x();" * 5_000 + "here(" + "1," * 5_000 + "1);\n", 1, 20_001)
    assert shown.startswith("here(1,1,")
    assert len(shown) == LONGEST


@given(st.text(max_size=300), st.integers(0, 30), st.integers(1, 40))
def test_any_text_is_shown_in_one_line(source: str, line: int, column: int) -> None:
    """Whatever stands in a file, a place of it gives a short text without line feeds."""
    shown = text(source, line, column)
    assert len(shown) <= LONGEST
    assert "\n" not in shown
