"""Boots fixtures under Node and reads what their routers hold."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from oracle.fixtures import ExpressVersion, Stated, settings
from oracle.rows import Handler, Middleware, Row

HERE = Path(__file__).parent


class ProbeAnswer(Struct, frozen=True):
    """What the application answered to a probe."""

    status: int
    body: str


class Run(Struct, frozen=True, rename="camel"):
    """What one entry in one environment registered."""

    entry: str
    environment: dict[str, str]
    error: str | None = None
    endpoints: tuple[Row, ...] = ()
    error_handlers: tuple[dict[str, object], ...] = ()
    probes: tuple[ProbeAnswer, ...] = ()


class Dump(Struct, frozen=True):
    """Everything `dump.cjs` prints."""

    runs: tuple[Run, ...]


class OracleError(Exception):
    """A fixture did not boot: the fixture is at fault, not the code under test."""


def unavailable() -> str | None:
    """Why fixtures can't be booted here; None when they can."""
    if not shutil.which("node"):
        return "Node.js is not installed"
    if not (HERE / "node_modules" / "express5").is_dir():
        return "packages of tests/oracle are not installed: run npm ci there"
    return None


@cache
def runs(fixture: Path, express: ExpressVersion, entry: str | None = None) -> tuple[Run, ...]:
    """Boot a fixture and return one run for each of its entries and environments."""
    command = ["node", str(HERE / "dump.cjs"), str(fixture), "--express", str(express)]
    done = subprocess.run(
        [*command, *(["--entry", entry] if entry else [])], capture_output=True, text=True, timeout=120, check=False
    )
    if done.returncode:
        raise OracleError(f"{fixture.name} under Express {express}: {done.stderr}")
    found = msgspec.json.decode(done.stdout, type=Dump).runs
    for run in found:
        if run.error:
            raise OracleError(f"{fixture.name} under Express {express}, {run.entry} {run.environment}: {run.error}")
    return found


def dump(fixture: Path, entry: str | None = None, *, express: ExpressVersion = 4) -> list[Row]:
    """Return what an application registers, environments merged: what only some of them have is conditional."""
    by_entry: dict[str, list[Run]] = {}
    for run in runs(fixture, express, entry):
        by_entry.setdefault(run.entry, []).append(run)
    stated = settings(fixture).stated
    rows = {key: row for group in by_entry.values() for key, row in _merge(group).items()}
    return [_complete(row, stated.get(row.identity, Stated())) for row in rows.values()]


def merged(group: Sequence[Run]) -> list[Row]:
    """Rows of one entry under several environments, each once: what only some of them have is conditional."""
    return list(_merge(group).values())


def _complete(row: Row, stated: Stated) -> Row:
    file, line = _split(stated.place) if stated.place else (row.file, row.line)
    handler = Handler(row.handler.name, *_split(stated.handler)) if stated.handler else row.handler
    own = row.own if stated.own is None else tuple(Middleware(name, file, line, "route") for name in stated.own)
    return msgspec.structs.replace(row, file=file, line=line, handler=handler, middleware=(*row.inherited, *own))


def _split(place: str) -> tuple[str, int]:
    file, _, line = place.rpartition(":")
    return file, int(line)


def _merge(group: Sequence[Run]) -> dict[tuple[object, ...], Row]:
    """Rows of one entry under several environments, each once; what one of them mounts is mounted."""
    seen: dict[tuple[object, ...], list[Row]] = {}
    for run in group:
        counts: dict[tuple[object, ...], int] = {}
        for row in run.endpoints:
            key = (row.identity, row.file, row.line, row.application)
            counts[key] = counts.get(key, 0) + 1
            seen.setdefault((*key, counts[key]), []).append(row)
    mounted = {row.place for rows in seen.values() for row in rows if row.mounted}
    return {
        key: _merge_rows(rows, len(group))
        for key, rows in seen.items()
        if rows[0].mounted or rows[0].place not in mounted
    }


def _merge_rows(rows: list[Row], environments: int) -> Row:
    if environments == 1:
        return rows[0]
    chains = [_numbered(row.middleware) for row in rows]
    merged: list[tuple[Middleware, int]] = []
    for chain in chains:
        position = 0
        for one in chain:
            if one in merged:
                position = merged.index(one) + 1
            else:
                merged.insert(position, one)
                position += 1
    middleware = tuple(
        msgspec.structs.replace(one[0], conditional=not all(one in chain for chain in chains)) for one in merged
    )
    return msgspec.structs.replace(rows[0], middleware=middleware, conditional=len(rows) < environments)


def _numbered(chain: tuple[Middleware, ...]) -> list[tuple[Middleware, int]]:
    """Each with how many like it stand before it: two functions of one array look the same."""
    return [(one, chain[:index].count(one)) for index, one in enumerate(chain)]


def is_continuous_integration() -> bool:
    """Whether what is missing must be installed, not skipped."""
    return os.environ.get("MEDPRO_AUDIT_CI") == "1"
