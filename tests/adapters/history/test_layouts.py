"""Histories of every layout that was ever written, and of layouts to come."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from medpro_audit.adapters.history.database import Database
from medpro_audit.adapters.history.migration import FOLDER, VERSION_TABLE
from medpro_audit.adapters.history.store import History
from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from medpro_audit.history.record import Record
    from postgresql import Server

STEPS = ScriptDirectory(str(FOLDER))
LAYOUTS = [each.revision for each in STEPS.walk_revisions()][::-1]
"""From the first to that of today."""


def _at(location: str, layout: str) -> None:
    """Make a history of a layout with one scan, as ``layouts`` has it."""
    with Database(location).writing() as connection:

        def steps(revision: str, context: object) -> list[object]:  # noqa: ARG001 - Alembic's signature
            return list(STEPS._upgrade_revs(layout, "base"))  # noqa: SLF001 - what alembic.command calls

        with EnvironmentContext(Config(), STEPS, fn=steps) as environment:
            environment.configure(connection=connection, version_table=VERSION_TABLE)
            environment.run_migrations()
        for statement in (Path(__file__).parent / "layouts" / f"{layout}.sql").read_text().split(";\n"):
            connection.exec_driver_sql(statement)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_older_history_is_brought_to_the_layout_of_today(
    location: str, layout: str, some: tuple[Record, ...]
) -> None:
    """Nothing of what it keeps is lost, and it goes on being written."""
    _at(location, layout)
    history = History.opened(location)
    (kept,) = history.scans()
    record = history.record(kept)
    assert (kept.id, record.scan.project, record.scan.revision.commit) == (1, "clinic", "abcd")
    assert record.scan.metrics[0].measures[0].rule == "zod/a"
    assert [found.fingerprint for found in record.findings] == ["f"]
    assert [each.verdicts for each in record.endpoints] == [{"body": "yes"}]
    history.remove([kept.id])
    history.keep(some)
    assert [each.scan for each in History.opened(location).scans()] == [each.scan for each in some]


def test_a_newer_history_is_refused(location: str, some: tuple[Record, ...]) -> None:
    """With what to do, and nothing in it is touched."""
    History(location).keep(some)
    with Database(location).writing() as connection:
        connection.execute(text("UPDATE medpro_audit_layout SET version_num = '999'"))
    for use in (lambda: History.opened(location), lambda: History(location).keep(some)):
        with pytest.raises(
            UsageError, match=r'the layout "999", which a newer medpro-audit has written; update'
        ) as told:
            use()
        assert History(location).name in str(told.value)


def test_a_history_of_two_layouts_is_damaged(location: str) -> None:
    """Whoever merged two by hand is told."""
    History(location).prepare()
    with Database(location).writing() as connection:
        connection.execute(text("INSERT INTO medpro_audit_layout VALUES ('x')"))
    with pytest.raises(UsageError, match="it is damaged; restore it from an export"):
        History.opened(location)


@pytest.mark.postgresql
def test_tables_of_others_may_stand_in_the_same_database(postgresql: Server, some: tuple[Record, ...]) -> None:
    """As long as their names are not ours; a schema of its own solves that."""
    location = postgresql.new_database()
    name = location.rpartition("/")[2]
    postgresql.run("CREATE TABLE patients (id integer)", database=name)
    History(location).keep(some)
    crowded = postgresql.new_database()
    name = crowded.rpartition("/")[2]
    postgresql.run("CREATE TABLE metrics (id integer)", "CREATE SCHEMA own AUTHORIZATION auditor", database=name)
    with pytest.raises(UsageError, match=r"another program's: metrics; name another database, or a schema of its own"):
        History(crowded).keep(some)
    own = f"{crowded}?options=-csearch_path%3Down"
    History(own).keep(some)
    assert len(History.opened(own).scans()) == 3
