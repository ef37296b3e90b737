"""The import graph and its circles."""

import random
import time
from collections.abc import Callable, Iterable

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.file import ImportFact, ImportKind
from medpro_audit.model.modules.cycles import Cycle, cycles
from medpro_audit.model.modules.graph import MAX_UNDECLARED, build_graph
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.subjects import ImportGraph, UnresolvedImport

Resolvers = Callable[[dict[str, str]], Resolver]
Edges = Iterable[tuple[str, str]]


class Importer(Struct, frozen=True):
    """A file's facts; each line is ten bytes."""

    imports: tuple[ImportFact, ...]

    def line_of(self, at: int) -> int:
        """1-based line of a byte offset."""
        return at // 10 + 1


def importing(*imports: tuple[str, ImportKind]) -> Importer:
    """Build a file with one import a line."""
    return Importer(tuple(ImportFact(name, kind, 10 * at, 10 * at + 5) for at, (name, kind) in enumerate(imports)))


def graph_of(edges: Edges) -> ImportGraph:
    """Build a graph of run-time imports."""
    return ImportGraph(tuple(sorted((source, target, "import") for source, target in edges)), ())


@pytest.fixture
def repository(resolver_of: Resolvers) -> Resolver:
    """Three files, a JSON file and a package.json."""
    return resolver_of({"a.js": "", "b.js": "", "c.ts": "", "d.json": "", "package.json": "{}"})


def test_edges_by_kind(repository: Resolver) -> None:
    """Every way to import at run time is one kind; erased, mocked, resolved and asset imports keep theirs."""
    files = {
        "b.js": importing(("./c", "require"), ("./a", "resolve"), ("./d.json", "mock")),
        "a.js": importing(
            *(("./b", "import"), ("./b", "re-export"), ("./b", "dynamic"), ("./b", "type"), ("./b", "mock")),
            *(("./c", "type"), ("./d.json", "import"), ("fs", "import")),
        ),
    }
    graph = build_graph(files, repository)
    assert graph.edges == (
        ("a.js", "b.js", "import"),
        ("a.js", "b.js", "mock"),
        ("a.js", "c.ts", "type"),
        ("a.js", "d.json", "asset"),
        ("b.js", "a.js", "resolve"),
        ("b.js", "c.ts", "import"),
        ("b.js", "d.json", "asset"),
    )
    assert graph == build_graph(dict(reversed(files.items())), repository)


def test_unresolved_imports_have_a_place_and_a_reason(repository: Resolver) -> None:
    """What leads nowhere is listed once for each line."""
    graph = build_graph({"b.js": importing(("./x", "require"), ("./a", "import"), ("./x", "import"))}, repository)
    assert graph.unresolved == (
        UnresolvedImport("b.js", 1, "./x", "no file at x"),
        UnresolvedImport("b.js", 3, "./x", "no file at x"),
    )


def test_an_undeclared_package_is_one_notice(repository: Resolver) -> None:
    """However often it is imported; types and mocks need no package."""
    files = {
        "b.js": importing(("lodash", "require"), ("lodash/get", "import"), ("estree", "type"), ("virtual", "mock")),
        "a.js": importing(("fs", "import"), ("lodash", "import")),
    }
    graph = build_graph(files, repository)
    message = "imports lodash, which is not declared in package.json (and in 2 more places)"
    assert graph.notices == (Notice("unresolved-import", message, Place("a.js", 2)),)
    assert graph.unresolved == ()


def test_many_undeclared_packages_do_not_flood(repository: Resolver) -> None:
    """Beyond a cap they are only counted."""
    names: list[tuple[str, ImportKind]] = [(f"p{number}", "require") for number in range(MAX_UNDECLARED + 7)]
    notices = build_graph({"a.js": importing(*names)}, repository).notices
    assert len(notices) == MAX_UNDECLARED + 1
    assert notices[-1] == Notice(
        "unresolved-import", "7 more packages are imported and not declared here", Place("package.json", 0)
    )


def test_circles() -> None:
    """The largest circle comes first, each with a shortest way round; erased imports make none."""
    edges = [("d", "e"), ("e", "d"), ("x", "a"), ("a", "b"), ("b", "c"), ("c", "a"), ("c", "b"), ("a", "a")]
    graph = ImportGraph((*graph_of(edges).edges, ("c", "x", "type")), ())
    assert cycles(graph) == (Cycle(("a", "b", "c"), ("b", "c")), Cycle(("d", "e"), ("d", "e")))
    assert cycles(graph_of([("a", "a"), ("a", "b")])) == ()


NODES = st.integers(0, 7).map(str)


@given(st.sets(st.tuples(NODES, NODES)))
def test_circles_are_shortest(edges: set[tuple[str, str]]) -> None:
    """Each circle is one, lies in its component, and none in it is shorter."""
    whole: nx.DiGraph[str] = nx.DiGraph(list(edges))
    for cycle in cycles(graph_of(edges)):
        way = cycle.shortest
        assert all(pair in edges for pair in zip(way, (*way[1:], way[0]), strict=True))
        assert way[0] == min(way)
        inner = whole.subgraph(cycle.files)
        assert len(way) == min(len(found) for found in nx.simple_cycles(inner) if len(found) > 1)


def test_circles_in_a_large_graph_are_quick() -> None:
    """A component of thousands of files without a short circle stays within the budget."""
    size = 5_000
    order = list(range(size))
    random.Random(1).shuffle(order)  # noqa: S311 -- not for secrets
    ring = [(f"f{order[at]}", f"f{order[(at + 1) % size]}") for at in range(size)]
    started = time.process_time()
    assert len(cycles(graph_of(ring))[0].shortest) == size
    assert time.process_time() - started < 10
