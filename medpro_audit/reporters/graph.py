"""Pictures of the import graph: Graphviz DOT and Mermaid.

Files are drawn one by one while they are few; otherwise folders, the largest split up first. Only imports that exist
at run time are drawn. Edges of a circle are thick and in the colour of what is broken.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from msgspec import Struct

from medpro_audit.model.modules.cycles import components, cycles
from medpro_audit.model.subjects import ImportGraph
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.escaping import visible

MAX_BOXES = 60
"""More can't be taken in at once."""
MAX_MERMAID_EDGES = 500
"""Mermaid refuses to draw more."""

_BROKEN = "#b3261e"
_UNSAFE_IN_MERMAID = re.compile(r"[^A-Za-z0-9 ./_-]")


class Box(Struct, frozen=True):
    """A file, or a folder with what stands below it and has no box of its own."""

    name: str
    files: int

    @property
    def label(self) -> str:
        """Name, and number of files for a folder."""
        return self.name if not self.name.endswith("/") else f"{self.name} ({self.files})"


class Arrow(Struct, frozen=True):
    """Imports from one box into another, each by its number."""

    source: int
    target: int
    imports: int
    is_circular: bool


class Picture(Struct, frozen=True):
    """What is drawn."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def dot(graph: ImportGraph) -> str:
    """The graph for Graphviz."""
    picture = drawn(graph)
    lines = ["digraph imports {", "  rankdir=TB;", '  node [shape=box, fontname="sans-serif"];']
    lines += [f'  n{number} [label="{_dot_text(box.label)}"];' for number, box in enumerate(picture.boxes)]
    lines += [f"  n{arrow.source} -> n{arrow.target}{_dot_style(arrow)};" for arrow in picture.arrows]
    return "\n".join((*lines, "}", ""))


def mermaid(graph: ImportGraph) -> str:
    """The graph for Mermaid, as GitHub shows it in Markdown."""
    picture = drawn(graph)
    weighty = sorted(picture.arrows, key=lambda arrow: (not arrow.is_circular, -arrow.imports))[:MAX_MERMAID_EDGES]
    arrows = sorted(weighty, key=lambda arrow: (arrow.source, arrow.target))
    lines = ["flowchart TD"]
    lines += [f'  n{number}["{_mermaid_text(box.label)}"]' for number, box in enumerate(picture.boxes)]
    lines += [f"  n{arrow.source} -->{_mermaid_count(arrow)} n{arrow.target}" for arrow in arrows]
    circular = [str(number) for number, arrow in enumerate(arrows) if arrow.is_circular]
    if circular:
        lines.append(f"  linkStyle {','.join(circular)} stroke:{_BROKEN},stroke-width:3px")
    if len(arrows) < len(picture.arrows):
        lines.append(f"  %% {len(picture.arrows) - len(arrows)} arrows with the fewest imports are left out")
    return "\n".join((*lines, ""))


def drawn(graph: ImportGraph) -> Picture:
    """Put files into boxes and imports into arrows between them."""
    edges = [(source, target) for source, target, kind in graph.edges if kind == "import"]
    box_of = _boxes(sorted({path for edge in edges for path in edge}))
    sizes = Counter(box_of.values())
    number_of = {name: number for number, name in enumerate(sorted(sizes))}
    counts = Counter((box_of[source], box_of[target]) for source, target in edges)
    between = sorted(pair for pair in counts if pair[0] != pair[1])
    circles = {name: number for number, part in enumerate(components(between)) for name in part}
    return Picture(
        tuple(Box(name, sizes[name]) for name in number_of),
        tuple(
            Arrow(
                number_of[source],
                number_of[target],
                counts[source, target],
                is_circular=source in circles and circles[source] == circles.get(target),
            )
            for source, target in between
        ),
    )


def _boxes(files: list[str]) -> dict[str, str]:
    """Name of its box by file; a folder's name ends in a slash."""
    return {path: path for path in files} if len(files) <= MAX_BOXES else folder_boxes(files, MAX_BOXES)


def folder_boxes(files: list[str], most: int) -> dict[str, str]:
    """The folder that stands for each file, so that there are not too many; what stands below it is in it.

    The largest is split first, into the folders in it; what stands directly in it then keeps its name.
    """
    groups: dict[str, list[str]] = {"./": files}
    waiting = ["./"]
    while waiting:
        largest = max(waiting, key=lambda name: (len(groups[name]), name))
        waiting.remove(largest)
        parts = _split(largest, groups[largest])
        if len(groups) - 1 + len(parts) <= most:
            del groups[largest]
            groups |= parts
            waiting += [name for name in parts if name != largest]
    return {path: name for name, paths in groups.items() for path in paths}


def _split(folder: str, files: list[str]) -> dict[str, list[str]]:
    """The files of a folder by the folder below it that they stand in; those directly in it keep its own name."""
    start = 0 if folder == "./" else len(folder)
    parts: dict[str, list[str]] = defaultdict(list)
    for path in files:
        below, slash, _ = path[start:].partition("/")
        parts[f"{path[:start]}{below}/" if slash else folder].append(path)
    return parts


def _dot_text(text: str) -> str:
    return visible(text).replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')


def _dot_style(arrow: Arrow) -> str:
    return "".join(f" [{style}]" for style in _dot_styles(arrow))


def _dot_styles(arrow: Arrow) -> Iterator[str]:
    if arrow.imports > 1:
        yield f'label="{arrow.imports}"'
    if arrow.is_circular:
        yield f'color="{_BROKEN}", penwidth=3'


def _mermaid_text(text: str) -> str:
    return _UNSAFE_IN_MERMAID.sub(lambda found: f"#{ord(found[0])};", visible(text) or "?")


def _mermaid_count(arrow: Arrow) -> str:
    return f"|{arrow.imports}|" if arrow.imports > 1 else ""


def graph_json(graph: ImportGraph) -> str:
    """The contract: every edge with its kind, and every import that leads nowhere."""
    return encode({"schema_version": 1, "edges": graph.edges, "unresolved": graph.unresolved})


def cycle_list(graph: ImportGraph) -> str:
    """The cycles in words, the largest first."""
    found = cycles(graph)
    lines = []
    for cycle in found:
        circle = " → ".join(map(visible, (*cycle.shortest, cycle.shortest[0])))
        lines.append(f"{len(cycle.files)} files import each other: {circle}")
    return "\n".join([*lines, f"{len(found)} cycles" if found else "no import cycles", ""])
