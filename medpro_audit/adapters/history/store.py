"""Keeps records of scans and reads them again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, timedelta
from typing import Self, TypeVar

from msgspec import Struct
from sqlalchemy import Connection, Executable, Table, delete, insert, select

from medpro_audit.adapters.history import rows, tables
from medpro_audit.adapters.history.database import Database
from medpro_audit.adapters.history.migration import layout_of, migrate, newest_layout
from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import Epoch, Record, Scan
from medpro_audit.history.weeks import week_of
from medpro_audit.result import Metric

Item = TypeVar("Item")

_AT_ONCE = 400
"""Values of one query."""


class Kept(Struct, frozen=True):
    """A scan that a history holds."""

    id: int
    scan: Scan


def thinned(scans: Sequence[Kept], today: date, weeks: int) -> tuple[Kept, ...]:
    """What is to go of scans older than so many weeks: all but the last of each project, epoch and week."""
    edge = today - timedelta(weeks=weeks)
    old = [kept for kept in scans if kept.scan.revision.at.date() < edge]
    last = {(kept.scan.project, kept.scan.epoch.id, week_of(kept.scan.revision.at.date())): kept.id for kept in old}
    return tuple(kept for kept in old if kept.id not in last.values())


class History:
    """Records of scans in a database."""

    def __init__(self, location: str) -> None:
        """Prepare to open a history; see `Database`."""
        self._database = Database(location)
        self.name = self._database.name
        """Where it is, for people."""

    @classmethod
    def opened(cls, location: str) -> Self:
        """A history that must be there, in the layout of today.

        Raises:
            UsageError: There is none, or it can't be read.
        """
        history = cls(location)
        is_there = history._database.is_there
        if is_there:
            with history._database.reading() as connection:
                is_there = layout_of(connection) is not None
        if not is_there:
            raise UsageError(
                f"there is no history at {history.name}; medpro-audit scan --record begins one, "
                "and medpro-audit history backfill fills it from earlier commits"
            )
        history.prepare()
        return history

    def prepare(self) -> None:
        """Bring the tables to the layout of today, and make them where there are none.

        Raises:
            UsageError: The database can't be written, or is newer than this program.
        """
        self._database.make_folder()
        with self._database.reading() as connection:
            is_current = layout_of(connection) == newest_layout()
        if not is_current:
            with self._database.writing() as connection:
                migrate(connection, self.name)

    def keep(self, records: Iterable[Record]) -> tuple[int, int]:
        """Keep records, all of them or none; how many are new, and how many replace an earlier scan of the same.

        Raises:
            UsageError: The database can't be written.
        """
        self.prepare()
        new = replaced = 0
        with self._database.writing() as connection:
            for record in records:
                gone = connection.execute(delete(tables.scans).where(tables.scans.c.key == record.scan.key)).rowcount
                _insert(connection, record)
                replaced += gone
                new += 1 - gone
            if replaced:
                _sweep(connection)
        return new, replaced

    def add(self, records: Iterable[Record]) -> tuple[int, int]:
        """Keep those records that are not there yet, all or none; how many they are, and how many were there already.

        Raises:
            UsageError: The database can't be written.
        """
        self.prepare()
        new = known = 0
        with self._database.writing() as connection:
            for record in records:
                found = connection.execute(select(tables.scans.c.id).where(tables.scans.c.key == record.scan.key))
                if found.first() is None:
                    _insert(connection, record)
                    new += 1
                else:
                    known += 1
        return new, known

    def scans(self, project: str | None = None) -> tuple[Kept, ...]:
        """All scans, or those of a project: the earliest first."""
        wanted = select(tables.scans).order_by(tables.scans.c.at, tables.scans.c.id)
        if project is not None:
            wanted = wanted.where(tables.scans.c.project == project)
        with self._database.reading() as connection:
            found = _rows(connection, wanted)
            epochs = {row["id"]: rows.epoch(row) for row in _rows(connection, select(tables.epochs))}
            metrics = _metrics(connection, [row["id"] for row in found])
            return tuple(Kept(row["id"], rows.scan(row, epochs[row["epoch"]], metrics[row["id"]])) for row in found)

    def record(self, kept: Kept) -> Record:
        """A scan with everything that is kept of it.

        Raises:
            UsageError: It was removed meanwhile.
        """
        with self._database.reading() as connection:
            if connection.execute(select(tables.scans.c.id).where(tables.scans.c.id == kept.id)).first() is None:
                raise UsageError(f"the history {self.name}: scan {kept.id} was just removed by another; try again")
            findings = _listed(connection, tables.scan_findings, tables.findings, kept.id)
            endpoints = _listed(connection, tables.scan_endpoints, tables.endpoints, kept.id)
            return Record(kept.scan, tuple(map(rows.finding, findings)), tuple(map(rows.endpoint, endpoints)))

    def remove(self, ids: Sequence[int]) -> None:
        """Remove scans, and what no other scan has found; a file gets smaller by it.

        Raises:
            UsageError: The database can't be written.
        """
        if not ids:
            return
        with self._database.writing() as connection:
            for some in _parts(ids):
                connection.execute(delete(tables.scans).where(tables.scans.c.id.in_(some)))
            _sweep(connection)
        with suppress(UsageError):  # who uses it meanwhile may go on: the room is used again all the same
            self._database.shrink()


def _sweep(connection: Connection) -> None:
    """Remove what no scan has found any more."""
    for table, link, column in (
        (tables.findings, tables.scan_findings, "finding"),
        (tables.endpoints, tables.scan_endpoints, "endpoint"),
        (tables.epochs, tables.scans, "epoch"),
    ):
        connection.execute(delete(table).where(table.c.id.not_in(select(link.c[column]))))


def _insert(connection: Connection, record: Record) -> None:
    scan = record.scan
    _insert_epoch(connection, scan.epoch)
    made = connection.execute(insert(tables.scans).values(rows.of_scan(scan))).inserted_primary_key
    identity: int = made[0] if made else 0
    _insert_list(connection, tables.metrics, identity, [rows.of_metric(metric) for metric in scan.metrics])
    measures = [rows.of_measure(each, metric.id) for metric in scan.metrics for each in metric.measures]
    _insert_list(connection, tables.measures, identity, measures)
    _link(connection, tables.scan_findings, tables.findings, identity, list(map(rows.of_finding, record.findings)))
    _link(connection, tables.scan_endpoints, tables.endpoints, identity, list(map(rows.of_endpoint, record.endpoints)))


def _insert_epoch(connection: Connection, epoch: Epoch) -> None:
    if connection.execute(select(tables.epochs.c.id).where(tables.epochs.c.id == epoch.id)).first() is None:
        connection.execute(insert(tables.epochs).values(rows.of_epoch(epoch)))


def _insert_list(connection: Connection, table: Table, scan: int, values: Sequence[rows.Row]) -> None:
    if values:
        numbered = [row | {"scan": scan, "position": position} for position, row in enumerate(values)]
        connection.execute(insert(table), numbered)


def _link(connection: Connection, link: Table, table: Table, scan: int, values: Sequence[rows.Row]) -> None:
    """Insert what is not there yet, and note that the scan has found all of it."""
    digests = [rows.digest(row) for row in values]
    by_digest = dict(zip(digests, values, strict=True))
    known = _ids(connection, table, digests)
    missing = [row | {"digest": digest} for digest, row in by_digest.items() if digest not in known]
    if missing:
        connection.execute(insert(table), missing)
        known = _ids(connection, table, digests)
    column = table.name.removesuffix("s")
    _insert_list(connection, link, scan, [{column: known[digest]} for digest in digests])


def _ids(connection: Connection, table: Table, digests: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for some in _parts(digests):
        asked = select(table.c.digest, table.c.id).where(table.c.digest.in_(some))
        found.update({row.digest: row.id for row in connection.execute(asked)})
    return found


def _listed(connection: Connection, link: Table, table: Table, scan: int) -> list[rows.Stored]:
    """What a scan has found, in its order."""
    joined = select(table).join(link).where(link.c.scan == scan).order_by(link.c.position)
    return _rows(connection, joined)


def _rows(connection: Connection, asked: Executable) -> list[rows.Stored]:
    return [dict(row) for row in connection.execute(asked).mappings()]


def _metrics(connection: Connection, scans: Sequence[int]) -> dict[int, list[Metric]]:
    measures: defaultdict[tuple[int, str], list[rows.Stored]] = defaultdict(list)
    for row in _of_scans(connection, tables.measures, scans):
        measures[row["scan"], row["metric"]].append(row)
    found: defaultdict[int, list[Metric]] = defaultdict(list)
    for row in _of_scans(connection, tables.metrics, scans):
        found[row["scan"]].append(rows.metric(row, measures[row["scan"], row["metric"]]))
    return found


def _of_scans(connection: Connection, table: Table, scans: Sequence[int]) -> Iterator[rows.Stored]:
    for some in _parts(scans):
        asked = select(table).where(table.c.scan.in_(some)).order_by(table.c.scan, table.c.position)
        yield from _rows(connection, asked)


def _parts(items: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
