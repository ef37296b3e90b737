"""The import graph of server code by folder: one picture of all of it, and one of each folder opened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct

from medpro_audit.model.subjects.dependency import Dependency
from medpro_audit.model.subjects.module import Layer, Module
from medpro_audit.reporters.graph import folder_boxes
from medpro_audit.reporters.layered import Layout, laid_out
from medpro_audit.reporters.summary import count

MAX_FOLDERS = 48
"""Boxes in the picture of all."""
MAX_MODULES = 40
"""Boxes for what is in an opened folder; the modules beyond are one box."""
MAX_NEIGHBOURS = 12
"""Boxes around an opened folder."""
MAX_OPENED = 250
"""Folders that have a picture of their own, the largest."""
MAX_LISTED = 10
"""Cycles, and imports against the order, that stand beside the picture."""

_LAYERS: tuple[tuple[str, tuple[Layer, ...]], ...] = (
    ("Entry", ("entry",)),
    ("Routes", ("routes",)),
    ("Controllers and middleware", ("controllers", "middleware")),
    ("Services", ("services",)),
    ("Data", ("data",)),
    ("Support: anything may use it", ("support",)),
    ("Not known", ("unknown",)),
)
_RANKS: Mapping[Layer, int] = {layer: rank for rank, (_, layers) in enumerate(_LAYERS) for layer in layers}
_TITLES = tuple(title for title, _ in _LAYERS)


class Box(Struct, frozen=True):
    """A folder with what is below it, or a module."""

    name: str
    """Path; that of a folder ends in a slash."""
    modules: int
    opens: bool
    """It is a folder that has a picture of its own."""
    above: str = ""
    """The folder that it is in, where that isn't the one that is opened."""
    is_neighbour: bool = False
    """It stands outside of the opened folder."""

    @property
    def label(self) -> str:
        """The last part of its path."""
        parts = self.name.rstrip("/").rsplit("/", 1)
        return f"{parts[-1]}/" if self.name.endswith("/") and self.name != "./" else parts[-1]

    @property
    def words(self) -> str:
        """What stands below its name."""
        if not self.name.endswith("/"):
            return self.above
        return f"{self.modules} · {self.above}" if self.above else count(self.modules, "module")


class Arrow(Struct, frozen=True):
    """Imports from one box into another, each by its number."""

    source: int
    target: int
    imports: int
    upward: int
    """Of them, against the order of the layers."""
    circular: int
    """Of them, among modules that import each other."""
    is_free: bool = False
    """It leads to what anything may use."""

    @property
    def is_broken(self) -> bool:
        """Some of it should not be."""
        return bool(self.upward or self.circular)

    @property
    def words(self) -> str:
        """What it stands for."""
        told = [count(self.imports, "import")]
        told += [f"{self.upward:,} upward"] if self.upward else []
        told += [f"{self.circular:,} in a cycle"] if self.circular else []
        return ", ".join(told)


class View(Struct, frozen=True):
    """One picture."""

    folder: str
    """That is opened; empty for the picture of all."""
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    layout: Layout


class FolderRow(Struct, frozen=True):
    """A folder of the picture of all, in numbers."""

    name: str
    layer: str
    modules: int
    used: int
    """Imports into it."""
    uses: int
    """Imports out of it."""
    upward: int
    circular: int


class Cycle(Struct, frozen=True):
    """Modules that import each other, and the import that is the cheapest to give up."""

    modules: int
    way: tuple[str, ...]
    """A shortest circle; the last imports the first."""
    file: str
    line: int
    """Of that import."""


class Upward(Struct, frozen=True):
    """An import against the order of the layers."""

    file: str
    line: int
    target: str


class FolderGraph(Struct, frozen=True):
    """The graph as a page shows it."""

    modules: int
    imports: int
    upward: int
    upward_imports: tuple[Upward, ...]
    """The first."""
    cycles: tuple[Cycle, ...]
    """The largest."""
    cycle_count: int
    overview: View
    rows: tuple[FolderRow, ...]
    folders: tuple[View, ...]


class _Edge(Struct, frozen=True):
    source: str
    target: str
    is_upward: bool
    is_circular: bool


def folder_graph(modules: Sequence[Module], dependencies: Sequence[Dependency]) -> FolderGraph:
    """Draw the modules of server code and what they import of each other at run time."""
    by_file = {module.file: module for module in modules}
    edges = _edges(by_file, dependencies)
    boxes = folder_boxes(sorted(by_file), MAX_FOLDERS)
    openable = _largest(by_file)
    drawing = _Drawing(by_file, edges, openable)
    closing = sorted(
        (each for each in dependencies if each.closes_cycle), key=lambda each: (-each.cycle_size, each.cycle, each.line)
    )
    overview = drawing.view("", boxes.__getitem__)
    return FolderGraph(
        modules=len(modules),
        imports=len(edges),
        upward=sum(edge.is_upward for edge in edges),
        upward_imports=tuple(_upward(by_file, dependencies))[:MAX_LISTED],
        cycles=tuple(Cycle(each.cycle_size, each.cycle, each.file, each.line) for each in closing[:MAX_LISTED]),
        cycle_count=len(closing),
        overview=overview,
        rows=tuple(_rows(overview, drawing, boxes)),
        folders=tuple(drawing.view(folder, drawing.opened(folder, boxes)) for folder in sorted(openable)),
    )


def _largest(files: Iterable[str]) -> set[str]:
    """The folders that can be opened: not those of one module, which there is nothing more to say of."""
    held = Counter(folder for file in files for folder in ("./", *_around(file)))
    several = [(folder, number) for folder, number in held.items() if number > 1]
    return {folder for folder, _ in sorted(several, key=lambda one: (-one[1], one[0]))[:MAX_OPENED]}


def _edges(by_file: Mapping[str, Module], dependencies: Iterable[Dependency]) -> list[_Edge]:
    """One for each pair of modules."""
    from medpro_audit.model.modules.cycles import components  # noqa: PLC0415 - needs a heavy library

    upward: dict[tuple[str, str], bool] = {}
    for each in dependencies:
        target = each.target or ""
        if each.kind != "type" and each.file in by_file and target in by_file and target != each.file:
            upward[each.file, target] = upward.get((each.file, target), False) or each.direction == "up"
    part_of = {file: number for number, part in enumerate(components(upward)) for file in part}
    return [
        _Edge(*pair, is_up, part_of.get(pair[0], -1) == part_of.get(pair[1], -2))
        for pair, is_up in sorted(upward.items())
    ]


def _upward(by_file: Mapping[str, Module], dependencies: Iterable[Dependency]) -> list[Upward]:
    found: dict[tuple[str, str], Upward] = {}
    for each in dependencies:
        target = each.target or ""
        if each.direction == "up" and each.kind != "type" and each.file in by_file and target in by_file:
            found.setdefault((each.file, target), Upward(each.file, each.line, target))
    return [found[pair] for pair in sorted(found)]


class _Drawing:
    """Draws parts of one graph."""

    def __init__(self, modules: Mapping[str, Module], edges: Sequence[_Edge], openable: set[str]) -> None:
        self._modules = modules
        self._edges = edges
        self._openable = openable

    def opened(self, folder: str, boxes: Mapping[str, str]) -> Callable[[str], str]:
        """What stands for each module when one folder is opened; empty for what is not drawn."""
        start = "" if folder == "./" else folder
        inside = [file for file in self._modules if file.startswith(start)]
        shown = {
            file: f"{start}{below}/" if slash else file for file in inside for below, slash, _ in [_cut(file, start)]
        }
        several = Counter(shown.values())
        own = [file for file in inside if shown[file] == file]
        rest = own[max(MAX_MODULES - sum(name.endswith("/") for name in several), 8) :]
        for file in rest:
            shown[file] = f"{start}…/"
        near = self._neighbours(set(inside), boxes)
        return lambda file: shown.get(file) or near.get(file, "")

    def _neighbours(self, inside: set[str], boxes: Mapping[str, str]) -> Mapping[str, str]:
        """The folders outside that import from these modules, or that these import from, the most connected first."""
        outside = [boxes[file] for edge in self._edges for file in _other_side(edge, inside)]
        kept = {
            name for name, _ in sorted(Counter(outside).items(), key=lambda one: (-one[1], one[0]))[:MAX_NEIGHBOURS]
        }
        return {file: name for file, name in boxes.items() if name in kept and file not in inside}

    def view(self, folder: str, box_of: Callable[[str], str]) -> View:
        """Draw what a function puts into boxes."""
        held: defaultdict[str, list[Module]] = defaultdict(list)
        for file, module in self._modules.items():
            if box_of(file):
                held[box_of(file)].append(module)
        names = sorted(held)
        number_of = {name: number for number, name in enumerate(names)}
        boxes = tuple(self._box(name, len(held[name]), folder) for name in names)
        layers = [layer_of(held[name]) for name in names]
        arrows = self._arrows(box_of, number_of, boxes, layers)
        drawn = [(arrow.source, arrow.target, arrow.imports) for arrow in arrows]
        return View(folder, boxes, arrows, laid_out(layers, _TITLES, drawn))

    def _box(self, name: str, modules: int, folder: str) -> Box:
        is_inside = bool(folder) and (folder == "./" or name.startswith(folder))
        return Box(
            name=name,
            modules=modules,
            opens=name in self._openable and name != folder,
            above="" if is_inside else name.rstrip("/").rpartition("/")[0],
            is_neighbour=bool(folder) and not is_inside,
        )

    def _arrows(
        self, box_of: Callable[[str], str], number_of: Mapping[str, int], boxes: Sequence[Box], layers: Sequence[int]
    ) -> tuple[Arrow, ...]:
        found: defaultdict[tuple[int, int], list[_Edge]] = defaultdict(list)
        for edge in self._edges:
            source, target = box_of(edge.source), box_of(edge.target)
            if source and target and source != target:
                pair = (number_of[source], number_of[target])
                if not (boxes[pair[0]].is_neighbour and boxes[pair[1]].is_neighbour):
                    found[pair].append(edge)
        arrows = (
            Arrow(
                *pair,
                len(edges),
                sum(edge.is_upward for edge in edges),
                sum(edge.is_circular for edge in edges),
                layers[pair[1]] == _RANKS["support"],
            )
            for pair, edges in found.items()
        )
        return tuple(sorted(arrows, key=lambda arrow: (arrow.is_broken, arrow.source, arrow.target)))

    def layer(self, name: str, boxes: Mapping[str, str]) -> str:
        """Title of the layer that a box stands in."""
        return _TITLES[layer_of([self._modules[file] for file, box in boxes.items() if box == name])]


def layer_of(modules: Sequence[Module]) -> int:
    """The layer of most modules, the nearer to the request of two that are as many; above all what starts something."""
    if any(module.layer == "entry" for module in modules):
        return _RANKS["entry"]
    counted = Counter(_RANKS[module.layer] for module in modules)
    return min(counted, key=lambda rank: (-counted[rank], rank))


def _rows(overview: View, drawing: _Drawing, boxes: Mapping[str, str]) -> Iterable[FolderRow]:
    for number, box in enumerate(overview.boxes):
        out = [arrow for arrow in overview.arrows if arrow.source == number]
        yield FolderRow(
            name=box.name,
            layer=drawing.layer(box.name, boxes),
            modules=box.modules,
            used=sum(arrow.imports for arrow in overview.arrows if arrow.target == number),
            uses=sum(arrow.imports for arrow in out),
            upward=sum(arrow.upward for arrow in out),
            circular=sum(arrow.circular for arrow in out),
        )


def _cut(file: str, start: str) -> tuple[str, str, str]:
    return file[len(start) :].partition("/")


def _around(file: str) -> list[str]:
    """Every folder that a file stands in, outermost first."""
    names = file.split("/")[:-1]
    return ["/".join(names[: depth + 1]) + "/" for depth in range(len(names))]


def _other_side(edge: _Edge, inside: set[str]) -> list[str]:
    if (edge.source in inside) == (edge.target in inside):
        return []
    return [edge.target if edge.source in inside else edge.source]
