"""Boots fixtures under Node and reads what their routers hold."""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
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


class Application(Struct, frozen=True):
    """An application that a run made."""

    file: str
    line: int
    mounted: bool


class Run(Struct, frozen=True, rename="camel"):
    """What one entry in one environment registered."""

    entry: str
    environment: dict[str, str]
    error: str | None = None
    applications: tuple[Application, ...] = ()
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
    return [completed(row, stated.get(row.identity, Stated())) for row in rows.values()]


def merged(group: Sequence[Run]) -> list[Row]:
    """Rows of one entry under several environments, each once: what only some of them have is conditional."""
    return list(_merge(group).values())


def completed(row: Row, stated: Stated) -> Row:
    """A row with what its fixture states of it itself."""
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
    mounted = {row.place for rows in seen.values() for row in rows if row.mounted and _is_main(row, group)}
    return {
        key: _merge_rows(rows, len(group))
        for key, rows in seen.items()
        if (rows[0].mounted and _is_main(rows[0], group)) or rows[0].place not in mounted
    }


def _is_main(row: Row, group: Sequence[Run]) -> bool:
    """Whether its application is not mounted in another, in any run."""
    mounted = [one for run in group for one in run.applications if one.mounted]
    return not any(f"{one.file}:{one.line}" == row.application for one in mounted)


def _merge_rows(rows: list[Row], environments: int) -> Row:
    if environments == 1:
        return rows[0]
    middleware = tuple(_merge_chains([row.middleware for row in rows]))
    return msgspec.structs.replace(rows[0], middleware=middleware, conditional=len(rows) < environments)


def _merge_chains(chains: Sequence[Sequence[Middleware]]) -> Iterator[Middleware]:
    """Chains of several runs as one; what not all of them have is conditional."""
    merged: list[list[Middleware]] = []
    for chain in sorted(chains, key=len, reverse=True):
        merged = _merge_chain(merged, [[one] for one in chain])
    doubtful = {_nameless(same[0]) for same in merged if len(same) < len(chains)}
    doubtful &= {_nameless(same[0]) for same in merged if len(same) == len(chains)}
    for same in merged:
        names = {one.name: one for one in same if one.name}
        # Which of several that look the same is the conditional one can't be told: they have no name.
        one = names.popitem()[1] if len(names) == 1 and _nameless(same[0]) not in doubtful else _nameless(same[0])
        yield msgspec.structs.replace(one, conditional=len(same) < len(chains))


def _merge_chain(merged: list[list[Middleware]], chain: list[list[Middleware]]) -> list[list[Middleware]]:
    """Add a chain to several that were merged: what they have in common stands once."""
    found: list[list[Middleware]] = []
    start = first = 0
    before, after = [_nameless(same[0]) for same in merged], [_nameless(same[0]) for same in chain]
    for end, last in [*_common(before, after), (len(merged), len(chain))]:
        apart = [merged[start:end], chain[first:last]]
        if all(apart) and _at(chain[first][0]) < _at(merged[start][0]):
            apart.reverse()
        found += [*apart[0], *apart[1]]
        if end < len(merged):
            found.append([*merged[end], *chain[last]])
        start, first = end + 1, last + 1
    return found


def _common(left: Sequence[Middleware], right: Sequence[Middleware]) -> Iterator[tuple[int, int]]:
    """Positions of the longest common subsequence."""
    lengths = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]
    for i in reversed(range(len(left))):
        for j in reversed(range(len(right))):
            same = left[i] == right[j]
            lengths[i][j] = lengths[i + 1][j + 1] + 1 if same else max(lengths[i + 1][j], lengths[i][j + 1])
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            yield i, j
            i, j = i + 1, j + 1
        elif lengths[i + 1][j] >= lengths[i][j + 1]:
            i += 1
        else:
            j += 1


def _at(one: Middleware) -> tuple[str, int, int]:
    """Where its function is written: in this order stand the two branches of a condition."""
    file, line, column = (one.function or ":0:0").rsplit(":", 2)
    return file, int(line), int(column)


def _nameless(one: Middleware) -> Middleware:
    """What is the same in all runs: one may know a name that another doesn't, of a list that was added to."""
    if one.function is None:
        return one
    return msgspec.structs.replace(one, name=None, line=None if one.scope == "route" else one.line)


def is_continuous_integration() -> bool:
    """Whether what is missing must be installed, not skipped."""
    return os.environ.get("MEDPRO_AUDIT_CI") == "1"
