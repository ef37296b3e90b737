"""Brings the tables of a history to the layout of today, by Alembic; each step is a file of ``versions``."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, inspect

from medpro_audit.adapters.history import tables
from medpro_audit.core.errors import UsageError

FOLDER = Path(__file__).parent
VERSION_TABLE = "medpro_audit_layout"
"""So that a team's database may hold the tables of others too."""


def layout_of(connection: Connection) -> str | None:
    """The name of the layout that a database has; None when it has none.

    Raises:
        ValueError: It has several.
    """
    try:
        return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()
    except CommandError as fault:
        raise ValueError(str(fault)) from fault


def newest_layout() -> str | None:
    """The name of the layout that this program writes."""
    return _steps().get_current_head()


def migrate(connection: Connection, name: str) -> None:
    """Bring the tables to the layout of today, within the transaction of the connection.

    Args:
        connection: To the database.
        name: Of the history, for people.

    Raises:
        UsageError: A newer medpro-audit has written them, or another program.
    """
    steps = _steps()
    present, wanted = layout_of(connection), steps.get_current_head()
    if present == wanted:
        return
    if present is None:
        _refuse_strangers(connection, name)
    if present is not None and present not in {each.revision for each in steps.walk_revisions()}:
        raise UsageError(
            f'the history {name} has the layout "{present}", which a newer medpro-audit has written; '
            "update medpro-audit (pip install --upgrade medpro-audit), or name another history"
        )

    def missing(revision: object, context: MigrationContext) -> list[RevisionStep]:  # noqa: ARG001 - Alembic's signature
        return steps._upgrade_revs(wanted or "head", present or "base")  # noqa: SLF001 - what alembic.command calls

    with EnvironmentContext(Config(), steps, fn=missing) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def _refuse_strangers(connection: Connection, name: str) -> None:
    """A file is ours alone; on a server others may have tables beside ours, of other names."""
    found = set(inspect(connection).get_table_names()) - {VERSION_TABLE}
    if connection.dialect.name == "sqlite":
        if found:
            raise UsageError(f"{name} is a database of another program; name another file")
    elif found & tables.layout.tables.keys():
        named = ", ".join(sorted(found & tables.layout.tables.keys()))
        advice = "name another database, or a schema of its own (?options=-csearch_path%3Dmedpro_audit)"
        raise UsageError(f"{name} has tables of these names already, which are another program's: {named}; {advice}")


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
