"""Pictures of the import graph."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.subjects import ImportGraph
from medpro_audit.reporters.graph import MAX_BOXES, MAX_MERMAID_EDGES, dot, drawn, mermaid

HOSTILE = (
    'a"];x[".js',
    'back\\n"slash\\.js',
    "line\nbreak.js",
    "right\u202eleft.js",
    "<script>alert(1)</script>.js",
    "`code` **bold**.js",
    "[id]/(group)/{x}.js",
    "%%{init: {}}%%.js",
    "a|b.js",
    "é😀.js",
    "&#65;.js",
)


def graph_of(*edges: tuple[str, str]) -> ImportGraph:
    """Build a graph of run-time imports."""
    return ImportGraph(tuple(sorted((source, target, "import") for source, target in edges)), ())


def test_few_files_are_drawn_one_by_one() -> None:
    """Each file has a box, circles stand out, and other kinds of imports are not drawn."""
    graph = ImportGraph(
        (("a.js", "b.js", "import"), ("b.js", "a.js", "import"), ("b.js", "c.js", "import"), ("c.js", "d.js", "mock")),
        (),
    )
    assert dot(graph) == (
        "digraph imports {\n"
        "  rankdir=TB;\n"
        '  node [shape=box, fontname="sans-serif"];\n'
        '  n0 [label="a.js"];\n'
        '  n1 [label="b.js"];\n'
        '  n2 [label="c.js"];\n'
        '  n0 -> n1 [color="#b3261e", penwidth=3];\n'
        '  n1 -> n0 [color="#b3261e", penwidth=3];\n'
        "  n1 -> n2;\n"
        "}\n"
    )
    assert mermaid(graph) == (
        "flowchart TD\n"
        '  n0["a.js"]\n'
        '  n1["b.js"]\n'
        '  n2["c.js"]\n'
        "  n0 --> n1\n"
        "  n1 --> n0\n"
        "  n1 --> n2\n"
        "  linkStyle 0,1 stroke:#b3261e,stroke-width:3px\n"
    )


def test_many_files_are_drawn_as_folders() -> None:
    """Folders are split while there is room, and an arrow counts the imports it stands for."""
    edges = [(f"src/routes/r{number}.js", f"src/services/s{number}.js") for number in range(MAX_BOXES)]
    picture = drawn(graph_of(*edges, ("app.js", "src/routes/r1.js")))
    assert [(box.name, box.files) for box in picture.boxes] == [("./", 1), ("src/routes/", 60), ("src/services/", 60)]
    assert [(arrow.source, arrow.target, arrow.imports) for arrow in picture.arrows] == [(0, 1, 1), (1, 2, 60)]
    assert '"src/services/ (60)"' in dot(graph_of(*edges))


def test_one_folder_with_very_many_folders() -> None:
    """There are never more boxes than can be taken in."""
    edges = [(f"f{number}/a.js", f"f{number + 1}/a.js") for number in range(200)]
    assert len(drawn(graph_of(*edges)).boxes) == 1


def test_mermaid_draws_as_many_arrows_as_it_can() -> None:
    """The lightest arrows are left out, and a comment says how many."""
    edges = [(f"{one}.js", f"{two}.js") for one in range(40) for two in range(one)]
    text = mermaid(graph_of(*edges))
    assert text.count("-->") == MAX_MERMAID_EDGES
    assert text.endswith(f"%% {len(edges) - MAX_MERMAID_EDGES} arrows with the fewest imports are left out\n")


def test_nothing_to_draw() -> None:
    """A graph without imports is an empty picture."""
    assert mermaid(graph_of()) == "flowchart TD\n"
    assert "->" not in dot(graph_of())


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names(name: str) -> None:
    """No file name ends its label, breaks its line or adds markup."""
    check_labels(name)


@given(st.text(max_size=30))
def test_any_name(name: str) -> None:
    """The same for any text."""
    check_labels(name)


def check_labels(name: str) -> None:
    """Fail if a name escapes from its label."""
    graph = graph_of((f"x{name}", "other.js"))
    assert re.fullmatch(
        r'flowchart TD\n(  n[01]\["([A-Za-z0-9 ./_-]|#\d+;)+"\]\n){2}  n[01] --> n[01]\n', mermaid(graph)
    )
    assert re.fullmatch(
        r'digraph imports \{\n[^\n]+\n[^\n]+\n(  n[01] \[label="([^"\\\n]|\\\\|\\")*"\];\n){2}  n[01] -> n[01];\n\}\n',
        dot(graph),
    )
