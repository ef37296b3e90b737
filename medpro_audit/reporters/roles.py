"""Endpoints by who may call them: a table for people, and the same for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from msgspec import Struct, to_builtins

from medpro_audit.model.subjects import Endpoint
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.endpoint_words import in_order
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.summary import count
from medpro_audit.reporters.terminal import Cell, Style, Terminal, columns, fitted, joined

Kind = Literal["public", "authenticated", "role", "unknown"]

_INDENT = "  "
_WORDS: Mapping[str, str] = {
    "public": "nobody asks who calls",
    "authenticated": "whoever is known, whatever its role",
    "unknown": "whether callers are checked can't be seen",
}
_STYLES: Mapping[Kind, Style] = {
    "public": "warning",
    "authenticated": "accent",
    "role": "holds",
    "unknown": "unknown",
}
_LEAST = {1: 24, 2: 12}


class Group(Struct, frozen=True):
    """The endpoints that one kind of caller may call."""

    role: str
    """Name of a role or permission, else ``public``, ``authenticated`` or ``unknown``."""
    kind: Kind
    endpoints: tuple[Endpoint, ...]


def groups_of(endpoints: Sequence[Endpoint]) -> list[Group]:
    """Mounted endpoints by who may call them, the public first: one that several roles may call is in each group."""
    found: dict[tuple[str, Kind], list[Endpoint]] = {}
    for endpoint in in_order(endpoints):
        for role in endpoint.access.callers if endpoint.reached else ():
            found.setdefault((role, _kind(endpoint, role)), []).append(endpoint)
    order = {"public": 0, "authenticated": 1, "role": 2, "unknown": 3}
    return [
        Group(role, kind, tuple(members))
        for (role, kind), members in sorted(found.items(), key=lambda one: (order[one[0][1]], one[0][0]))
    ]


def _kind(endpoint: Endpoint, role: str) -> Kind:
    if role in endpoint.access.roles:
        return "role"
    return "unknown" if role == "unknown" else "public" if role == "public" else "authenticated"


def render_roles(endpoints: Sequence[Endpoint], options: RenderOptions) -> str:
    """A table for each role."""
    terminal = Terminal.of(options)
    groups = groups_of(endpoints)
    rows = [_cells(endpoint) for group in groups for endpoint in group.endpoints]
    widths = _widths(rows, terminal.width) if rows else []
    lines: list[str] = []
    for group in groups:
        lines += ["", *_title(terminal, group)] if lines else [*_title(terminal, group)]
        for endpoint in group.endpoints:
            lines += terminal.row(_cells(endpoint), widths)
            lines += _remark(terminal, endpoint, widths[0] + 2)
    return joined([*lines, *_totals(terminal, endpoints, groups)])


def _title(terminal: Terminal, group: Group) -> Iterator[str]:
    meaning = _WORDS.get(group.role, "") if group.kind != "role" else ""
    text = f"{group.role} · {count(len(group.endpoints), 'endpoint')}{f' · {meaning}' if meaning else ''}"
    yield from terminal.paragraph(text, style=_STYLES[group.kind])


def _cells(endpoint: Endpoint) -> tuple[Cell, ...]:
    access = endpoint.access
    by = [access.by or ""]
    if access.authorization_by not in {None, access.by}:
        by.append(str(access.authorization_by))
    told = ", ".join(by) if access.authentication != "no" else ("takes secrets" if access.admits_strangers else "")
    schemes = ", ".join(access.schemes)
    return (Cell(endpoint.method, "strong"), Cell(endpoint.path), Cell(told), Cell(schemes, "none"))


def _widths(rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    wanted = [max(columns(cell.text) for cell in column) for column in zip(*rows, strict=True)]
    least = [min(wide, _LEAST.get(index, wide)) for index, wide in enumerate(wanted)]
    return fitted(wanted, least, width - 2 * (len(wanted) - 1))


def _remark(terminal: Terminal, endpoint: Endpoint, indent: int) -> Iterator[str]:
    blank = " " * indent
    if endpoint.access.reason:
        style: Style = "unknown" if endpoint.access.authentication == "unknown" else "warning"
        yield from terminal.paragraph(endpoint.access.reason, first=blank, rest=blank, style=style)


def _totals(terminal: Terminal, endpoints: Sequence[Endpoint], groups: Sequence[Group]) -> Iterator[str]:
    mounted = [endpoint for endpoint in endpoints if endpoint.reached]
    public = {id(endpoint) for group in groups if group.kind == "public" for endpoint in group.endpoints}
    changing = [one for one in mounted if id(one) in public and _changes(one) and one.access.serves]
    left = [one for one in changing if not one.access.admits_strangers]
    roles = sum(group.kind == "role" for group in groups)
    if groups:
        yield ""
    text = f"{count(len(mounted), 'endpoint')}, {count(roles, 'role')}; {count(len(public), 'public endpoint')}"
    yield from terminal.paragraph(f"{text}, of which {len(left)} change something", style="strong")


def _changes(endpoint: Endpoint) -> bool:
    """Whether it is seen to change something by a method that may."""
    return endpoint.access.changes_state and endpoint.change.status == "yes"


def render_roles_json(endpoints: Sequence[Endpoint]) -> str:
    """The same for programs: every group with its endpoints and what is known of their callers."""
    return encode(
        {
            "schema_version": 1,
            "roles": [
                {"role": group.role, "kind": group.kind, "endpoints": [_entry(one) for one in group.endpoints]}
                for group in groups_of(endpoints)
            ],
        }
    )


def _entry(endpoint: Endpoint) -> dict[str, object]:
    return {
        "method": endpoint.method,
        "path": endpoint.path,
        "file": endpoint.file,
        "line": endpoint.line,
        "backend": endpoint.backend,
        "access": to_builtins(endpoint.access),
    }
