"""Which port each environment connects to, by what settings files and the code say."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from medpro_audit.model.subjects import Connection, EnvironmentValue, SettingsFile

ANY = "any"
"""Stands for settings that are not made for one environment."""


class PortUse(Struct, frozen=True, order=True):
    """A place that says which port is used, and where."""

    environment: str
    port: int
    file: str
    line: int
    differs: bool
    """It is not the configured port, or not that of the connection module."""
    where: str
    """What says so: a kind of settings file, or the code with the variable that it stands in for."""


def port_uses(connections: Sequence[Connection], settings_files: Sequence[SettingsFile]) -> list[PortUse]:
    """Every place that names a port, tests left out, by environment and port."""
    return sorted({*_in_files(settings_files), *_in_code(connections)})


def _in_files(settings_files: Sequence[SettingsFile]) -> Iterator[PortUse]:
    for file in settings_files:
        if file.port is not None:
            environment = file.environment or ANY
            yield PortUse(environment, file.port, file.file, file.line, file.port_conflict, file.source)


def _in_code(connections: Sequence[Connection]) -> Iterator[PortUse]:
    for site in connections:
        if site.role == "test":
            continue
        for port in site.ports:
            yield PortUse(ANY, port, site.file, site.line, site.port_conflict, _said(site))


def _said(site: Connection) -> str:
    if isinstance(site.port, EnvironmentValue):
        return f"where ${site.port.env} is not set"
    return f"the default of {site.driver}" if site.default_port is not None else "code"
