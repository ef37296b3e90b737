"""The endpoints of a repository: a table for people and the JSON contract for programs."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from msgspec import Struct

from medpro_audit.model.subjects import PARTS, Endpoint, RequestPart, UnresolvedRoute
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.endpoint_words import (
    caveat,
    endpoints_by_file,
    endpoints_in_words,
    guards,
    in_order,
    shown_parts,
)
from medpro_audit.reporters.marks import validation_legend, validation_mark
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import completeness_rows, count, share_of
from medpro_audit.reporters.terminal import Cell, Style, Terminal, columns, fitted, joined
from medpro_audit.result import Completeness

_LEAST = {"path": 24, "guards": 8, "handler": 12}
_INDENT = "  "


class _Row(Struct, frozen=True):
    """One endpoint with the guards that are said neither over the table nor over its group."""

    endpoint: Endpoint
    guards: tuple[str, ...]
    handler: str


class _Group(Struct, frozen=True):
    """The endpoints that one file registers, and what they have in common."""

    file: str
    guards: tuple[str, ...]
    handlers: str | None
    """The file that holds all their handlers, when it is another one."""
    rows: tuple[_Row, ...]


class _Table(Struct, frozen=True):
    """All groups, and what all endpoints have in common."""

    guards: tuple[str, ...]
    parts: tuple[RequestPart, ...]
    groups: tuple[_Group, ...]
    heads: tuple[str, ...]


def render_endpoints(
    endpoints: Sequence[Endpoint],
    unresolved: Sequence[UnresolvedRoute],
    options: RenderOptions,
    completeness: Completeness | None = None,
) -> str:
    """A table grouped by the file that registers the endpoints, then what could not be resolved, and how much was.

    Guards that all endpoints share are said once above the table, those of a whole file once above its rows.
    """
    terminal = Terminal.of(options)
    table = _table(endpoints)
    widths = _widths(table, terminal.width)
    lines = [*_head(terminal, table, widths)] if endpoints else []
    for group in table.groups:
        lines += ["", *_title(terminal, group)]
        for row in group.rows:
            lines += [*terminal.row(_cells(row, table), widths), *_remarks(terminal, row.endpoint, widths[0] + 2)]
    lines += [*_totals(terminal, endpoints, table.parts), *_unresolved(terminal, unresolved)]
    return joined([*lines, *(_understood(terminal, completeness) if completeness else ())])


def render_endpoints_json(
    endpoints: Sequence[Endpoint], unresolved: Sequence[UnresolvedRoute], completeness: Completeness | None = None
) -> str:
    """The contract: every endpoint with all that is known of it, what was not resolved, and how much was."""
    return encode(
        {
            "schema_version": 1,
            "endpoints": in_order(endpoints),
            "unresolved": [
                {"file": route.place.file, "line": route.place.line, "method": route.method, "reason": route.reason}
                for route in _in_order(unresolved)
            ],
            "completeness": completeness,
        }
    )


def _in_order(unresolved: Sequence[UnresolvedRoute]) -> list[UnresolvedRoute]:
    return sorted(unresolved, key=lambda route: (route.place, route.method, route.reason))


def _table(endpoints: Sequence[Endpoint]) -> _Table:
    everywhere = _common(endpoints) if len(endpoints) > 1 else ()
    groups = tuple(_group(file, members, everywhere) for file, members in endpoints_by_file(endpoints))
    parts = shown_parts(endpoints)
    guarded = ("guards",) if any(row.guards for group in groups for row in group.rows) else ()
    return _Table(everywhere, parts, groups, ("", "path", *(part[0] for part in parts), *guarded, "handler"))


def _group(file: str, members: Sequence[Endpoint], everywhere: tuple[str, ...]) -> _Group:
    common = tuple(word for word in _common(members) if word not in everywhere)
    said = {*everywhere, *common}
    files = {endpoint.handler.file for endpoint in members if endpoint.handler.file}
    handlers = next(iter(files)) if len(files) == 1 else None
    rows = [
        _Row(endpoint, tuple(word for word in guards(endpoint) if word not in said), _handler(endpoint, handlers))
        for endpoint in members
    ]
    return _Group(file, common, handlers if handlers != file else None, tuple(rows))


def _common(endpoints: Sequence[Endpoint]) -> tuple[str, ...]:
    """Guards of all endpoints, in the order of the first."""
    lists = [guards(endpoint) for endpoint in endpoints]
    return tuple(word for word in lists[0] if all(word in words for words in lists))


def _handler(endpoint: Endpoint, expected: str | None) -> str:
    """Name and line, with the file's name unless it is the expected one or the endpoint's own."""
    handler = endpoint.handler
    if handler.file is None:
        return "unknown"
    known = handler.file in (expected, endpoint.file)
    name = handler.name.rpartition(".")[2] if known else PurePosixPath(handler.file).name
    return f"{name}:{handler.line}"


def _cells(row: _Row, table: _Table) -> tuple[Cell, ...]:
    verdicts = [validation_mark(getattr(row.endpoint.validation, part)) for part in table.parts]
    return (
        Cell(row.endpoint.method, "strong"),
        Cell(row.endpoint.path),
        *(Cell(mark.glyph, mark.tone) for mark in verdicts),
        *([Cell(", ".join(row.guards))] if "guards" in table.heads else []),
        Cell(row.handler, None if row.endpoint.handler.file else "unknown"),
    )


def _widths(table: _Table, width: int) -> list[int]:
    """Column widths for the whole table, so that all groups line up."""
    rows = [[cell.text for cell in _cells(row, table)] for group in table.groups for row in group.rows]
    wanted = [max(map(columns, column)) for column in zip(table.heads, *rows, strict=True)]
    least = [min(wide, _LEAST.get(head, wide)) for wide, head in zip(wanted, table.heads, strict=True)]
    return fitted(wanted, least, width - 2 * (len(wanted) - 1))


def _head(terminal: Terminal, table: _Table, widths: Sequence[int]) -> Iterator[str]:
    if table.guards:
        yield from terminal.paragraph(f"Before every endpoint: {', '.join(table.guards)}", style="none")
        yield ""
    yield from terminal.row([Cell(name, "none") for name in table.heads], widths)


def _title(terminal: Terminal, group: _Group) -> Iterator[str]:
    yield from terminal.paragraph(f"{group.file} · {count(len(group.rows), 'endpoint')}", style="accent")
    if group.guards:
        text = f"guards: {', '.join(group.guards)}"
        yield from terminal.paragraph(text, first=_INDENT, rest=_INDENT * 2, style="none")
    if group.handlers:
        text = f"handlers: {group.handlers}"
        yield from terminal.paragraph(text, first=_INDENT, rest=_INDENT * 2, style="none")


def _remarks(terminal: Terminal, endpoint: Endpoint, indent: int) -> Iterator[str]:
    blank = " " * indent
    if not endpoint.reached:
        yield from terminal.paragraph(endpoint.hindrance, first=blank, rest=blank, style="unknown")
    if endpoint.conditional:
        text = f"only if {endpoint.condition or 'a condition holds'}"
        yield from terminal.paragraph(text, first=blank, rest=blank, style="none")
    for part in PARTS:
        left_open = caveat(getattr(endpoint.validation, part))
        if left_open:
            yield from terminal.paragraph(f"{part}: {left_open}", first=blank, rest=blank, style="warning")


def _totals(terminal: Terminal, endpoints: Sequence[Endpoint], parts: Sequence[RequestPart]) -> Iterator[str]:
    if endpoints:
        yield ""
    yield from terminal.paragraph(endpoints_in_words(endpoints), style="strong")
    if endpoints:
        legend = "   ".join(f"{mark.glyph} {mark.word}" for mark in validation_legend())
        yield from terminal.paragraph(legend, style="none")
        yield from terminal.paragraph("   ".join(f"{part[0]} {part}" for part in parts), style="none")


def _unresolved(terminal: Terminal, unresolved: Sequence[UnresolvedRoute]) -> Iterator[str]:
    if unresolved:
        yield ""
        yield terminal.paint(f"Not resolved: {count(len(unresolved), 'registration')}", "unknown")
    for route in _in_order(unresolved):
        place = terminal.paint(f"{route.place}: ", "accent")
        yield from terminal.paragraph(f"{route.method}: {route.reason}", first=place, rest="    ")


def _understood(terminal: Terminal, completeness: Completeness) -> Iterator[str]:
    yield ""
    for words, share in completeness_rows(completeness):
        style: Style | None = "unknown" if share.unknown else "none"
        yield from terminal.paragraph(f"{words}: {share_of(share)}", rest=_INDENT, style=style)
