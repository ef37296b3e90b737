"""The database connections of a repository: a table for people and the JSON contract for programs."""

from collections.abc import Iterator, Sequence

from medpro_audit.model.subjects import Connection, EnvironmentValue, SettingsFile, SettingValue
from medpro_audit.model.subjects.environment_variable import EnvironmentVariable
from medpro_audit.reporters.document import encode
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.ports import PortUse, port_uses
from medpro_audit.reporters.summary import count
from medpro_audit.reporters.terminal import Cell, Terminal, columns, fitted, joined

FIELDS = ("host", "port", "user", "database")
_DIFFERS = "≠ "
_HEADS = ("driver", *FIELDS)
_LEAST = (8, 8, 6, 6, 8)
_INDENT = "  "


def render_connections(
    connections: Sequence[Connection],
    settings_files: Sequence[SettingsFile],
    options: RenderOptions,
    variables: Sequence[EnvironmentVariable] = (),
) -> str:
    """The values of all connections below one another, those that differ marked, then the settings outside the code.

    Below them, the port of each environment, and where the variables are set that connections read.
    """
    terminal = Terminal.of(options)
    sites = [(site, _values(site)) for site in sorted_connections(connections)]
    files = [(file, _settings_values(file)) for file in sorted_settings(settings_files)]
    widths = _widths([values for _, values in (*sites, *files)], terminal.width)
    lines: list[str] = []
    if sites or files:
        lines += terminal.row([Cell(name, "none") for name in _HEADS], widths, indent=_INDENT)
    for site, values in sites:
        lines += ["", *_place(terminal, site.file, site.line), *terminal.row(values, widths, indent=_INDENT)]
        lines += _remarks(terminal, site)
    if files:
        lines += ["", terminal.paint("Settings outside the code", "strong")]
    for file, values in files:
        lines += [*_place(terminal, file.file, file.line), *terminal.row(values, widths, indent=_INDENT)]
    lines += [*_ports(terminal, port_uses(connections, settings_files)), *_variables(terminal, variables)]
    return joined([*lines, *_end(terminal, connections)])


def render_connections_json(
    connections: Sequence[Connection],
    settings_files: Sequence[SettingsFile],
    variables: Sequence[EnvironmentVariable] = (),
) -> str:
    """The contract: every connection site; the settings files, ports and variables beside them."""
    return encode(
        {
            "schema_version": 1,
            "connections": sorted_connections(connections),
            "settings_files": sorted_settings(settings_files),
            "ports": port_uses(connections, settings_files),
            "variables": variables,
        }
    )


def setting_text(value: SettingValue) -> str:
    """A setting as one reads it: the literal, ``$NAME`` with its default, or a question mark when unknown."""
    if isinstance(value, EnvironmentValue):
        return f"${value.env}" if value.default is None else f"${value.env} or {value.default}"
    return "?" if value is None else str(value)


def connection_remarks(connection: Connection) -> tuple[str, ...]:
    """What is wrong with a connection or special about it, in words."""
    remarks = []
    if connection.canonical:
        remarks.append("the canonical module")
    if connection.role != "server":
        remarks.append(f"in {connection.role} code")
    if connection.scope != "module":
        remarks.append("opened while a request is served" if connection.scope == "handler" else "opened in a function")
    if connection.hardcoded:
        remarks.append(f"hard-coded: {', '.join(connection.hardcoded)}")
    if connection.port_conflict:
        expected = f" (expected {connection.port_expected})" if connection.port_expected is not None else ""
        remarks.append(f"port conflict{expected}")
    remarks += _habits(connection)
    if not connection.is_shared:
        remarks.append("not shared")
    if connection.reason:
        remarks.append(f"unknown values: {connection.reason}")
    return tuple(remarks)


def _habits(connection: Connection) -> Iterator[str]:
    """How its pool is limited, and what happens when it fails."""
    if connection.pool:
        limits = (f"{setting.name} {setting_text(setting.value)}" for setting in connection.pool)
        yield f"pool: {', '.join(limits)}"
    if connection.error_listener is False:
        yield "nobody listens for its errors"
    if connection.reports_failure is False:
        yield "a failed attempt to connect goes unnoticed"


def sorted_connections(connections: Sequence[Connection]) -> list[Connection]:
    """The canonical site first, since the others are compared with it."""
    return sorted(connections, key=lambda site: (site.backend, not site.canonical, site.file, site.line, site.driver))


def sorted_settings(settings_files: Sequence[SettingsFile]) -> list[SettingsFile]:
    """By place."""
    return sorted(settings_files, key=lambda file: (file.file, file.line, file.source))


def _place(terminal: Terminal, file: str, line: int) -> list[str]:
    return terminal.paragraph(f"{file}:{line}", style="accent")


def _values(connection: Connection) -> tuple[Cell, ...]:
    return (
        Cell(f"{connection.driver} {connection.kind}"),
        *(_value(getattr(connection, field), differs=field in connection.differs) for field in FIELDS),
    )


def _value(value: SettingValue, *, differs: bool) -> Cell:
    text = setting_text(value)
    if differs:
        return Cell(_DIFFERS + text, "broken")
    return Cell(text, "unknown" if value is None else None)


def _settings_values(file: SettingsFile) -> tuple[Cell, ...]:
    return (
        Cell(file.driver or file.source),
        _value(file.host, differs=False),
        _value(file.port, differs=file.port_conflict),
        Cell(""),
        _value(file.database, differs=False),
    )


def _widths(rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    wanted = [max([columns(head), *(columns(row[index].text) for row in rows)]) for index, head in enumerate(_HEADS)]
    least = [min(width, low) for width, low in zip(wanted, _LEAST, strict=True)]
    return fitted(wanted, least, width - len(_INDENT) - 2 * (len(_HEADS) - 1))


def _remarks(terminal: Terminal, connection: Connection) -> Iterator[str]:
    remarks = connection_remarks(connection)
    if remarks:
        yield from terminal.paragraph("; ".join(remarks), first=_INDENT, rest=_INDENT, style="none")


def _ports(terminal: Terminal, uses: Sequence[PortUse]) -> Iterator[str]:
    """A line for each place that names a port; nothing where only one does."""
    if len(uses) <= 1:
        return
    cells = [
        (
            Cell(use.environment),
            _value(use.port, differs=use.differs),
            Cell(f"{use.file}:{use.line}", "accent"),
            Cell(use.where),
        )
        for use in uses
    ]
    yield from _table(terminal, "Ports by environment", cells)


def _variables(terminal: Terminal, variables: Sequence[EnvironmentVariable]) -> Iterator[str]:
    """A line for each variable that a connection reads, with the first places that set it."""
    cells = [
        (
            Cell(f"${one.name}"),
            Cell(f"{one.file}:{one.line}", "accent"),
            Cell(", ".join(one.defined[:2])) if one.defined else Cell("set or listed nowhere", "broken"),
        )
        for one in variables
    ]
    if cells:
        yield from _table(terminal, "Environment variables without a default in the code", cells)


def _table(terminal: Terminal, title: str, rows: Sequence[tuple[Cell, ...]]) -> Iterator[str]:
    wanted = [max(columns(row[index].text) for row in rows) for index in range(len(rows[0]))]
    widths = fitted(wanted, [min(width, 6) for width in wanted], terminal.width - len(_INDENT) - 2 * (len(wanted) - 1))
    yield ""
    yield terminal.paint(title, "strong")
    for row in rows:
        yield from terminal.row(row, widths, indent=_INDENT)


def _end(terminal: Terminal, connections: Sequence[Connection]) -> Iterator[str]:
    yield ""
    differing = [field for field in FIELDS if any(field in connection.differs for connection in connections)]
    told = f"; values that differ ({_DIFFERS.strip()}): {', '.join(differing)}" if differing else ""
    yield from terminal.paragraph(f"{count(len(connections), 'connection site')}{told}", style="strong")
