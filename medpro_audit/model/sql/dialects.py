"""Which SQL a package speaks, by the drivers that it depends on and the connections it opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.drivers import drivers
from medpro_audit.model.sql.schema import Dialect

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.modules.manifest import Manifest

_DIALECTS: dict[Family, Dialect] = {"mysql": "mysql", "postgres": "postgres", "sqlite": "sqlite", "mssql": "tsql"}
_PREFERENCE: tuple[Dialect, ...] = ("mysql", "postgres", "sqlite", "tsql")
"""Where a package has several drivers and nothing else says which is used."""
_PLAIN: dict[str, Dialect] = {
    "@libsql/client": "sqlite",
    "@prisma/adapter-mariadb": "mysql",
    "@prisma/adapter-pg": "postgres",
    "@types/better-sqlite3": "sqlite",
    "@types/pg": "postgres",
    "better-sqlite3": "sqlite",
    "libsql": "sqlite",
    "slonik": "postgres",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "tedious": "tsql",
}
ORMS = frozenset(
    ("knex", "sequelize", "@sequelize/core", "sequelize-typescript", "typeorm", "@prisma/client", "kysely")
)
"""Packages that run SQL in whatever dialect they are told."""


def dialects(known: Known) -> dict[str, Dialect]:
    """The dialect of each package that speaks SQL, by its folder."""
    packages = _packages(known)
    found: dict[str, Dialect] = {}
    for folder in _folders(known):
        manifest = packages.get(folder)
        names = {*manifest.dependencies, *manifest.dev_dependencies} if manifest is not None else set()
        spoken = _connected(known, folder) or _named(names)
        preferred = next((dialect for dialect in _PREFERENCE if dialect in spoken), None)
        if preferred is not None:
            found[folder] = preferred
        elif names & ORMS:
            found[folder] = next(iter(_settings(known, folder)), "mysql")
    return found


def candidates(known: Known, folder: str) -> set[Dialect]:
    """The dialects that a package may speak while it serves: several where settings decide, none where nothing says."""
    manifest = _packages(known).get(folder)
    own = _named(manifest.dependencies) if manifest is not None else set()
    return _connected(known, folder) or own or set(_settings(known, folder))


def remoteness(known: Known) -> dict[str, bool | None]:
    """Of each package, whether it asks a server: SQLite is none. None where settings decide whether it is that."""
    return {folder: _is_remote(candidates(known, folder)) for folder in _folders(known)}


def _is_remote(spoken: set[Dialect]) -> bool | None:
    return "sqlite" not in spoken or (None if len(spoken) > 1 else False)


def _folders(known: Known) -> list[str]:
    return sorted({*_packages(known), *(site.backend for site in known.base.connections)})


def _packages(known: Known) -> dict[str, Manifest]:
    return {each.folder or ".": each for each in known.base.resolver.projects.packages.values()}


def _named(names: Iterable[str]) -> set[Dialect]:
    """Dialects of the drivers among some packages."""
    return {dialect for name in names if (dialect := dialect_of(name)) is not None}


def _connected(known: Known, folder: str) -> set[Dialect]:
    """Dialects of the drivers by which its server code connects."""
    sites = [site for site in known.base.connections if site.backend == folder and site.role == "server"]
    return _named(site.driver for site in sites)


def _settings(known: Known, folder: str) -> list[Dialect]:
    """Dialects that its settings files name."""
    files = [each for each in known.base.settings_files if each.backend == folder and each.driver]
    families = [family_of(each.driver or "") for each in files]
    return sorted(_DIALECTS[family] for family in families if family in _DIALECTS)


def dialect_of(name: str) -> Dialect | None:
    """The dialect of a driver; None for what is none of one dialect."""
    if name in _PLAIN:
        return _PLAIN[name]
    driver = drivers().get(name)
    return _DIALECTS.get(driver.family) if driver is not None and driver.family is not None else None
