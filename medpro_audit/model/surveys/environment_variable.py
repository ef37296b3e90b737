"""Environment variables that database connections are read from."""

from __future__ import annotations

from collections.abc import Iterable

from medpro_audit.core.place import Step
from medpro_audit.model.database.definitions import definitions
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.environment_variable import EnvironmentVariable


def survey(known: Known) -> Iterable[EnvironmentVariable]:
    """Each variable of each back end once, at its first connection, by back end and name."""
    base = known.base
    names = {name for site in base.connections for name in site.variables}
    places = definitions(names, base.inventory.paths.union(base.inventory.around), base.read_asset)
    found: dict[tuple[str, str], EnvironmentVariable] = {}
    order = {"server": 0, "script": 1, "browser": 2, "test": 3}
    for site in sorted(base.connections, key=lambda site: (order[site.role], not site.canonical, site.file, site.line)):
        for name in site.variables:
            found.setdefault(
                (site.backend, name),
                EnvironmentVariable(
                    name=name,
                    file=site.file,
                    line=site.line,
                    backend=site.backend,
                    role=site.role,
                    driver=site.driver,
                    defined=places[name],
                    trail=tuple(_step(place) for place in places[name]),
                ),
            )
    return sorted(found.values(), key=lambda one: (one.backend, one.name))


def _step(place: str) -> Step:
    file, _, line = place.rpartition(":")
    return Step(file, int(line), "is set or listed here")
