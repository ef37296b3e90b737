"""The import graph by folder, and where its boxes stand."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.subjects.module import Module
from medpro_audit.reporters.folder_graph import MAX_FOLDERS, MAX_MODULES, MAX_NEIGHBOURS, View, folder_graph
from medpro_audit.reporters.layered import BOX_HEIGHT, BOX_WIDTH, laid_out
from reporters.weeklies import dependencies, dependency, module, modules


def names(view: View) -> list[str]:
    """Of the boxes."""
    return [box.name for box in view.boxes]


def service(file: str) -> Module:
    """A module in the middle."""
    return module(file, kind="service", layer="services")


def test_layers_lead_from_the_top_down() -> None:
    """What starts the application stands above its routes, and so on down to what supports all."""
    view = folder_graph(modules(), dependencies()).overview
    heights = dict(zip(names(view), (spot.y for spot in view.layout.spots), strict=True))
    order = ["./", "src/routes/", "src/controllers/", "src/services/", "src/models/", "src/utils/"]
    assert all(heights[above] < heights[below] for above, below in pairwise(order))


def test_what_leads_up_or_around_is_broken() -> None:
    """The import against the order, and it alone, in the picture of all; the circle where its folder is opened."""
    graph = folder_graph(modules(), dependencies())
    broken = [(arrow.source, arrow.target, arrow.upward) for arrow in graph.overview.arrows if arrow.is_broken]
    boxes = names(graph.overview)
    assert broken == [(boxes.index("src/models/"), boxes.index("src/routes/"), 1)]
    assert (graph.upward, [each.target for each in graph.upward_imports]) == (1, ["src/routes/feature003.js"])
    services = next(view for view in graph.folders if view.folder == "src/services/")
    circular = {
        (services.boxes[arrow.source].label, services.boxes[arrow.target].label)
        for arrow in services.arrows
        if arrow.circular
    }
    assert circular == {("feature000.js", "feature001.js"), ("feature001.js", "feature000.js")}


def test_cycles_are_listed_the_largest_first() -> None:
    """With the import that is the cheapest to give up."""
    files = [f"src/a/{number}.js" for number in range(6)]
    circles = [files[:2], files[2:]]
    used = [
        dependency(above, below, cycle=circle if above == circle[0] else ())
        for circle in circles
        for above, below in pairwise([*circle, circle[0]])
    ]
    graph = folder_graph([service(file) for file in files], used)
    assert [(cycle.modules, cycle.way[0], cycle.file) for cycle in graph.cycles] == [
        (4, files[2], files[2]),
        (2, files[0], files[0]),
    ]


def test_types_and_what_is_no_module_are_no_import() -> None:
    """Neither does an import of itself count, and of two of one module only one does."""
    held = [service("a/x.js"), service("b/y.js")]
    used = [dependency("a/x.js", "b/y.js"), dependency("a/x.js", "b/y.js"), dependency("a/x.js", "gone.js")]
    assert folder_graph(held, [*used, dependency("a/x.js", "a/x.js")]).imports == 1


def test_a_large_one_has_few_boxes() -> None:
    """Whatever is opened, what is drawn can be taken in at once; and nothing is left out of the picture of all."""
    held = [service(f"src/{folder}/{number}.js") for folder in range(80) for number in range(3)]
    held += [service(f"src/all/{number}.js") for number in range(200)]
    used = [dependency(each.file, "src/all/1.js") for each in held if each.file != "src/all/1.js"]
    graph = folder_graph(held, used)
    assert len(graph.overview.boxes) <= MAX_FOLDERS
    assert sum(box.modules for box in graph.overview.boxes) == len(held) == sum(row.modules for row in graph.rows)
    for view in graph.folders:
        assert sum(not box.is_neighbour for box in view.boxes) <= max(MAX_MODULES, 81) + 1
        assert sum(box.is_neighbour for box in view.boxes) <= MAX_NEIGHBOURS
    opened = next(view for view in graph.folders if view.folder == "src/all/")
    assert "src/all/…/" in names(opened)
    assert sum(box.modules for box in opened.boxes if not box.is_neighbour) == 200


def test_without_modules_there_is_nothing() -> None:
    """And no failure."""
    graph = folder_graph([], [])
    assert (graph.modules, graph.overview.boxes, graph.cycles) == (0, (), ())


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=40).flatmap(
        lambda layers: st.tuples(
            st.just(layers),
            st.lists(
                st.tuples(st.integers(0, len(layers) - 1), st.integers(0, len(layers) - 1), st.integers(1, 99)),
                max_size=60,
            ),
        )
    )
)
def test_boxes_never_overlap(drawn: tuple[list[int], list[tuple[int, int, int]]]) -> None:
    """All lie within the picture, in the order of their layers, wherever the arrows lead; and always the same."""
    layers, arrows = drawn
    layout = laid_out(layers, tuple("ABCDEFG"), arrows)
    taken = set()
    for spot in layout.spots:
        assert 0 <= spot.x <= layout.width - BOX_WIDTH
        assert 0 <= spot.y <= layout.height - BOX_HEIGHT
        assert (spot.x, spot.y) not in taken
        taken.add((spot.x, spot.y))
    heights = sorted(zip(layers, (spot.y for spot in layout.spots), strict=True))
    assert [y for _, y in heights] == sorted(y for _, y in heights)
    assert layout == laid_out(layers, tuple("ABCDEFG"), arrows)
