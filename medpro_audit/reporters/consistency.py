"""How far each route file follows the pattern of its back end: a table for people, JSON for programs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.core.config import PatternElement
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.pattern import ELEMENT_WORDS, Pattern
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.marks import BROKEN, HOLDS, UNKNOWN, Mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count, percent
from medpro_audit.reporters.terminal import Cell, Terminal, columns, fitted, joined

_HEADS = ("", "route file", "follow", "lacking most often")
_LEAST = (1, 24, 7, 12)
_INDENT = "  "
_NONE = "no pattern: no route file of three endpoints or more shows three of its elements"
_SHOWS_NOTHING = "no pattern: most endpoints of {like} have none of the elements that are looked for"
_SOURCES = {
    "configured": "as configured",
    "like": "what most endpoints of {like} have",
    "inferred": "what most endpoints of {like} have, the route file that shows most of it",
}


class RouteFile(Struct, frozen=True):
    """The endpoints that one file registers, counted."""

    file: str
    endpoints: int
    """Of which the pattern asks something."""
    conforming: int
    unknown: int
    missing: dict[PatternElement, int]
    """Endpoints that lack an element, the most frequent first."""
    deviating: tuple[Deviation, ...]

    @property
    def mark(self) -> Mark:
        """Whether all of it follows."""
        if self.conforming == self.endpoints:
            return HOLDS
        return BROKEN if self.missing else UNKNOWN

    @property
    def words(self) -> str:
        """``3 of 7, 1 unknown``."""
        return f"{self.conforming} of {self.endpoints}" + (f", {self.unknown} unknown" if self.unknown else "")


class Deviation(Struct, frozen=True):
    """An endpoint that does not follow, or of which that isn't known."""

    method: str
    path: str
    line: int
    missing: tuple[PatternElement, ...]
    unknown: tuple[PatternElement, ...]


class BackendPattern(Struct, frozen=True):
    """The pattern of a back end, and how far its route files follow it."""

    backend: str
    source: str
    like: str | None
    elements: tuple[PatternElement, ...]
    endpoints: int
    conforming: int
    unknown: int
    files: tuple[RouteFile, ...]
    """Those that follow least first; a file without a deviation last."""


def patterns_of(endpoints: Sequence[Endpoint]) -> tuple[BackendPattern, ...]:
    """Count the endpoints of each back end and of each route file."""
    by_backend: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in endpoints:
        if endpoint.pattern.elements or not endpoint.pattern.pattern:
            by_backend[endpoint.backend].append(endpoint)
    return tuple(_backend(backend, by_backend[backend]) for backend in sorted(by_backend))


def render_consistency(endpoints: Sequence[Endpoint], options: RenderOptions) -> str:
    """For each back end its pattern, a row for each route file, and how many endpoints follow."""
    terminal = Terminal.of(options)
    found = patterns_of(endpoints)
    lines: list[str] = []
    for index, backend in enumerate(found):
        lines += [""] if index else []
        lines += _pattern(terminal, backend, is_only=len(found) == 1)
        lines += [*_table(terminal, backend), *_total(terminal, backend)] if backend.elements else []
    if not found:
        lines += terminal.paragraph("There are no endpoints.", style="strong")
    return joined(lines)


def render_consistency_json(endpoints: Sequence[Endpoint]) -> str:
    """The same with every endpoint that deviates."""
    return encode({"schema_version": 1, "backends": patterns_of(endpoints)})


def _backend(backend: str, endpoints: Sequence[Endpoint]) -> BackendPattern:
    asked = [endpoint for endpoint in endpoints if endpoint.pattern.elements]
    first: Pattern = asked[0].pattern if asked else endpoints[0].pattern
    by_file: defaultdict[str, list[Endpoint]] = defaultdict(list)
    for endpoint in asked:
        by_file[endpoint.file].append(endpoint)
    files = sorted((_file(file, members) for file, members in by_file.items()), key=_order)
    return BackendPattern(
        backend=backend,
        source=first.source,
        like=first.like,
        elements=first.pattern,
        endpoints=len(asked),
        conforming=sum(file.conforming for file in files),
        unknown=sum(file.unknown for file in files),
        files=tuple(files),
    )


def _order(file: RouteFile) -> tuple[float, int, str]:
    return (file.conforming / file.endpoints, -file.endpoints, file.file)


def _file(file: str, endpoints: Sequence[Endpoint]) -> RouteFile:
    missing = Counter(element for endpoint in endpoints for element in endpoint.pattern.missing)
    deviating = sorted(
        (endpoint for endpoint in endpoints if not endpoint.pattern.conforms),
        key=lambda endpoint: (endpoint.line, endpoint.method, endpoint.path),
    )
    return RouteFile(
        file=file,
        endpoints=len(endpoints),
        conforming=sum(endpoint.pattern.conforms is True for endpoint in endpoints),
        unknown=sum(endpoint.pattern.conforms is None for endpoint in endpoints),
        missing=dict(sorted(missing.items(), key=lambda item: (-item[1], item[0]))),
        deviating=tuple(_deviation(endpoint) for endpoint in deviating),
    )


def _deviation(endpoint: Endpoint) -> Deviation:
    pattern = endpoint.pattern
    return Deviation(endpoint.method, endpoint.path, endpoint.line, pattern.missing, pattern.unknown)


def _pattern(terminal: Terminal, backend: BackendPattern, *, is_only: bool) -> Iterator[str]:
    where = "" if is_only and backend.backend == "." else f" of {backend.backend}"
    if not backend.elements:
        lacking = _NONE if backend.like is None else _SHOWS_NOTHING.format(like=backend.like)
        yield from terminal.paragraph(f"Pattern{where}: {lacking}.", style="strong")
        text = "Hold one up as good: medpro-audit consistency --like src/routes/patient.routes.js"
        yield from terminal.paragraph(text, first=_INDENT, rest=_INDENT, style="none")
        return
    said = _SOURCES[backend.source].format(like=backend.like)
    yield from terminal.paragraph(f"Pattern{where}: {said}", style="strong")
    width = max(columns(element) for element in backend.elements)
    for element in backend.elements:
        blank = " " * (width + 4)
        first = _INDENT + terminal.paint(element.ljust(width), "accent") + _INDENT
        yield from terminal.paragraph(ELEMENT_WORDS[element], first=first, rest=blank, style="none")


def _table(terminal: Terminal, backend: BackendPattern) -> Iterator[str]:
    rows = [_cells(file) for file in backend.files]
    wanted = [max(columns(head), *(columns(row[index].text) for row in rows)) for index, head in enumerate(_HEADS)]
    least = [min(wide, low) for wide, low in zip(wanted, _LEAST, strict=True)]
    widths = fitted(wanted, least, terminal.width - 2 * (len(wanted) - 1))
    yield ""
    yield from terminal.row([Cell(head, "none") for head in _HEADS], widths)
    for row in rows:
        yield from terminal.row(row, widths)


def _cells(file: RouteFile) -> tuple[Cell, ...]:
    lacking = ", ".join(f"{element} {number}" for element, number in file.missing.items())
    return (Cell(file.mark.glyph, file.mark.tone), Cell(file.file), Cell(file.words), Cell(lacking))


def _total(terminal: Terminal, backend: BackendPattern) -> Iterator[str]:
    share = percent(100 * backend.conforming / backend.endpoints)
    unknown = f", {backend.unknown} unknown" if backend.unknown else ""
    numbers = f"{share} · {backend.conforming} of {count(backend.endpoints, 'endpoint')}{unknown}"
    yield ""
    yield from terminal.paragraph(f"Follow the pattern: {numbers}", style="strong")
    legend = "   ".join(f"{mark.glyph} {mark.word}" for mark in (HOLDS, BROKEN, UNKNOWN))
    yield from terminal.paragraph(legend, style="none")
