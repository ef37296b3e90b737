"""Records that are kept, and read again as they were."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec import structs

from medpro_audit import pipeline
from medpro_audit.adapters.history import tables
from medpro_audit.adapters.history.database import Database
from medpro_audit.adapters.history.lines import read_lines, write_lines
from medpro_audit.adapters.history.migration import VERSION_TABLE, newest_layout
from medpro_audit.adapters.history.recording import present_epoch, present_revision
from medpro_audit.adapters.history.store import History
from medpro_audit.history.record import Record, canonical, record_of
from recorded import commit, endpoint, epoch, finding, record

if TYPE_CHECKING:
    from postgresql import Server

EXAMPLE = Path(__file__).parents[3] / "examples" / "clinic-api"
HOSTILE = "<script>|a\n::error::x\r\n\U0001f600\u202egnp.exe\u2066 \x1b[31m' OR 1=1; -- \0 \ud800 %s :name ?"
LONG_PATH = "src/" + "deep/" * 1999 + "x.js"


def _all(history: History) -> list[Record]:
    return [history.record(kept) for kept in history.scans()]


def _count(location: str, table: str) -> int:
    with Database(location).reading() as connection:
        return len(connection.execute(tables.layout.tables[table].select()).all())


def test_a_real_result_comes_back_as_it_was(location: str) -> None:
    """Every finding, endpoint, metric and measure, in its order."""
    project = pipeline.open_project(EXAMPLE)
    rules = pipeline.load_rules(project)
    result = pipeline.audit(project, rules)
    revision = present_revision(project.root, project.inventory)
    made = record_of(result, revision, present_epoch(rules, project.config))
    assert len(made.findings) > 500
    history = History(location)
    assert history.keep([made]) == (1, 0)
    assert _all(History.opened(location)) == [made]


def test_hostile_text_comes_back_as_it_was(location: str) -> None:
    """But for null characters and halves of characters, which no database keeps."""
    found = structs.replace(finding(HOSTILE), message=HOSTILE, file=LONG_PATH, path=HOSTILE)
    made = canonical(record(0, [found, found], [endpoint(HOSTILE, LONG_PATH, body="yes")], project=HOSTILE))
    History(location).keep([made])
    history = History.opened(location)
    assert _all(history) == [made]
    assert made.findings[0].file == LONG_PATH
    assert [kept.scan.project for kept in history.scans(made.scan.project)] == [made.scan.project]


def test_scans_are_listed_the_earliest_first(location: str, some: tuple[Record, ...]) -> None:
    """Whenever they were recorded; by project when one is named."""
    history = History(location)
    history.keep(reversed([*some, record(0.5, project="other")]))
    assert [kept.scan for kept in history.scans("clinic")] == [each.scan for each in some]
    assert [kept.scan.project for kept in history.scans()] == ["clinic", "other", "clinic", "clinic"]


def test_the_same_state_is_kept_once(location: str) -> None:
    """The later replaces the earlier, and nothing of the earlier is left; another epoch stands beside it."""
    history = History(location)
    history.keep([record(0, [finding("a"), finding("b")])])
    later = record(0, [finding("b"), finding("c")])
    assert history.keep([later]) == (0, 1)
    assert _all(history) == [later]
    assert _count(location, "findings") == 2
    assert history.keep([record(0, epoch=epoch("2.0"))]) == (1, 0)
    assert len(history.scans()) == 2


def test_a_finding_that_stays_is_kept_once(location: str, some: tuple[Record, ...]) -> None:
    """However many scans have found it."""
    History(location).keep(some)
    assert _count(location, "scan_findings") == 6
    assert _count(location, "findings") == 4
    assert _count(location, "endpoints") == 2
    assert _count(location, "epochs") == 1


def test_removed_scans_leave_nothing_behind(location: str, some: tuple[Record, ...]) -> None:
    """What others have found too stays."""
    history = History(location)
    history.keep([*some, record(9, epoch=epoch("2.0"))])
    first, *_, last = history.scans()
    history.remove([first.id, last.id])
    assert _all(history) == list(some[1:])
    assert [_count(location, name) for name in ("findings", "scan_findings", "measures", "epochs")] == [3, 4, 4, 1]
    history.remove([kept.id for kept in history.scans()])
    assert {name: _count(location, name) for name in tables.layout.tables} == dict.fromkeys(tables.layout.tables, 0)


def test_records_are_added_where_they_are_missing(location: str, some: tuple[Record, ...]) -> None:
    """What is there stays as it is, with its number."""
    history = History(location)
    history.keep(some[:2])
    numbers = [kept.id for kept in history.scans()]
    assert history.add(some) == (1, 2)
    assert history.add(some) == (0, 3)
    assert [kept.id for kept in history.scans()][:2] == numbers
    assert _all(history) == list(some)


def test_records_are_kept_all_or_none(location: str, some: tuple[Record, ...]) -> None:
    """When one of them can't be read, none is there."""

    def broken() -> list[Record]:
        raise RuntimeError("broken")

    history = History(location)
    history.keep(some[:1])
    for keep in (history.keep, history.add):
        with pytest.raises(RuntimeError):
            keep(each for part in (some, None) for each in (part or broken()))
    assert _all(history) == [some[0]]


def test_many_scans_are_read_at_once(location: str) -> None:
    """More than a query may name, with what each has measured and found."""
    made = [record(week, [finding(f"{week} {number}") for number in range(3)]) for week in range(450)]
    history = History(location)
    history.keep(made)
    scans = history.scans()
    assert [kept.scan for kept in scans] == [each.scan for each in made]
    assert [history.record(kept) for kept in scans[::90]] == made[::90]
    history.remove([kept.id for kept in scans[:-1]])
    assert _all(history) == made[-1:]


def test_the_tables_are_those_that_the_versions_make(location: str) -> None:
    """On both kinds of databases: what the code writes is what an upgrade leads to."""
    History(location).prepare()
    with Database(location).reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE, "compare_type": True})
        assert compare_metadata(context, tables.layout) == []
        assert context.get_current_revision() == newest_layout()


@pytest.mark.postgresql
def test_the_same_history_exports_the_same_bytes(postgresql: Server, tmp_path: Path, some: tuple[Record, ...]) -> None:
    """From either database, and from what was imported into the other."""
    places = [str(tmp_path / "a.sqlite"), postgresql.new_database(), str(tmp_path / "b.sqlite")]
    files = [tmp_path / f"{number}.jsonl" for number in range(4)]
    made = [*some, record(1, epoch=epoch("2.0", b="1", a="2")), record(1, project="another")]
    for place, file in zip(places[:2], files, strict=False):
        History(place).keep(made)
        write_lines(_all(History.opened(place)), file)
    History(places[2]).add(read_lines(files[1]))
    write_lines(_all(History.opened(places[2])), files[2])
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()
    assert commit(1) in files[0].read_text()


def test_a_file_gets_smaller_when_scans_are_removed(tmp_path: Path) -> None:
    """The disk gets its room back."""
    file = tmp_path / "history.sqlite"
    history = History(str(file))
    history.keep(record(week, [finding(f"{week} {number}") for number in range(300)]) for week in range(10))
    before = file.stat().st_size
    history.remove([kept.id for kept in history.scans()][:-1])
    assert file.stat().st_size < before / 4
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
