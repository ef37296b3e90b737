"""What stands for the database in tests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Literal

from medpro_audit.model.database.families import STORES, family_of
from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import packages_of
from medpro_audit.model.subjects import Connection
from medpro_audit.model.subjects.ci_run import CiRun
from medpro_audit.model.testing.files import test_files

TestDatabase = Literal["container", "memory", "real", "mocked", "none", "unknown"]

_CONTAINERS = re.compile(r"testcontainers(?:/.*)?|@testcontainers/.*|@databases/\w+-test|dockerode")
_IN_MEMORY = frozenset(
    (
        *("mongodb-memory-server", "mongodb-memory-server-core", "mongodb-memory-server-global", "@shelf/jest-mongodb"),
        *("pg-mem", "embedded-postgres", "mysql-memory-server", "@electric-sql/pglite", "mockgoose"),
    )
)
_IMAGE = re.compile(
    rb"image:\s*['\"]?(?:[\w.-]+/)*(?:mysql|mariadb|postgres|postgis|mongo|mssql|oracle|cockroach|clickhouse)"
    rb"|uses:\s*\S*(?:mongodb|mysql|postgres|mariadb)"
)
_CONNECTING = re.compile(
    r"\.(?:connect|createConnection|createPool|initialize|authenticate|sync|\$connect)\s*\("
    r"|\bnew\s+(?:Sequelize|DataSource|PrismaClient|MongoClient|Pool|Client)\s*\(|\bknex\s*\("
)
_DRIVERS = re.compile(
    r"(?:mysql2?|mariadb|pg|mongodb|mongoose|knex|sequelize|typeorm|@prisma/client|mssql|oracledb)(?:/.*)?"
)


def uses_database(known: Known, backend: str) -> bool:
    """Whether server code of a back end connects to a database."""
    return bool(connecting(known, backend))


def connecting(known: Known, backend: str) -> set[str]:
    """Files of server code of a back end that open a connection to a database."""
    return {
        one.file for one in known.base.connections if one.backend == backend and one.role == "server" and _is_store(one)
    }


def test_database(known: Known, backend: str, tests: Iterable[str]) -> tuple[TestDatabase, str | None]:
    """What stands for the database in the tests of a back end, with the reason where that isn't known."""
    files = [
        path for path, role in known.base.roles.items() if role == "test" and known.base.backend_of(path) == backend
    ]
    packages = {name for path in files for name in packages_of(known.base.facts[path])}
    if any(map(_CONTAINERS.fullmatch, packages)) or _in_ci(known):
        return "container", None
    declared = _declared(known, backend)
    if packages & _IN_MEMORY or declared & {"@shelf/jest-mongodb"}:
        return "memory", None
    if any(one.file in files for one in known.base.connections if _is_store(one)) or any(
        _connects(known, path) for path in files
    ):
        return "real", None
    return _reached(known, backend, tests)


def _is_store(connection: Connection) -> bool:
    """Whether it may lead to a server that holds data, neither to a cache nor to a file."""
    family = family_of(connection.driver)
    return family is None or family in STORES


def _connects(known: Known, path: str) -> bool:
    """Whether a file of the tests opens a connection by a driver that it does not mock."""
    facts = known.base.facts[path]
    mocked = {fact.specifier for fact in facts.imports if fact.kind == "mock"}
    if not any(map(_DRIVERS.fullmatch, packages_of(facts) - mocked)):
        return False
    return _CONNECTING.search(known.base.interpreter.code.snippet(path, 0, facts.size)) is not None


def _declared(known: Known, backend: str) -> set[str]:
    package = known.base.resolver.projects.packages.get(backend.removeprefix("."))
    return {*package.dependencies, *package.dev_dependencies} if package is not None else set()


def _in_ci(known: Known) -> bool:
    """Whether CI starts a database beside the tests."""
    files = sorted({run.file for run in known.found("ci-run") if isinstance(run, CiRun)})
    return any(_IMAGE.search(known.base.read_asset(file) or b"") for file in files)


def _reached(known: Known, backend: str, tests: Iterable[str]) -> tuple[TestDatabase, str | None]:
    """Whether tests load what connects, or replace it."""
    connections = connecting(known, backend)
    edges: dict[str, list[str]] = {}
    for source, target, kind in known.base.graph.edges:
        if kind == "import":
            edges.setdefault(source, []).append(target)
    is_mocked = False
    for path in tests:
        one = known.shared(test_files)[path]
        if any(fact.kind == "mock" and _DRIVERS.fullmatch(fact.specifier) for fact in one.facts.imports):
            is_mocked = True
        elif connections & _loaded(path, edges, one.mocked):
            return "unknown", f"{path} loads what connects to the database; whether it needs one can't be seen"
        else:
            is_mocked |= bool(connections & one.mocked)
    return ("mocked" if is_mocked else "none"), None


def _loaded(path: str, edges: dict[str, list[str]], mocked: Collection[str]) -> set[str]:
    seen, waiting = {path}, [path]
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in seen and target not in mocked:
                seen.add(target)
                waiting.append(target)
    return seen
