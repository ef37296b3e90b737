"""Brings the tables of a history to the layout of today, by Alembic; each step is a file of ``versions``."""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import RevisionStep
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from medpro_audit.core.errors import UsageError

FOLDER = Path(__file__).parent
VERSION_TABLE = "medpro_audit_layout"
"""So that a team's database may hold the tables of others too."""


def layout_of(connection: Connection) -> str | None:
    """The name of the layout that a database has; None when it has none."""
    return MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE}).get_current_revision()


def newest_layout() -> str | None:
    """The name of the layout that this program writes."""
    return _steps().get_current_head()


def migrate(connection: Connection) -> None:
    """Bring the tables to the layout of today, within the transaction of the connection.

    Raises:
        UsageError: A newer medpro-audit has written them.
    """
    steps = _steps()
    present, wanted = layout_of(connection), steps.get_current_head()
    if present == wanted:
        return
    if present is not None and present not in {each.revision for each in steps.walk_revisions()}:
        raise UsageError(
            f'this history has the layout "{present}", which a newer medpro-audit has written; '
            "update medpro-audit (pip install --upgrade medpro-audit), or name another history"
        )

    def missing(revision: object, context: MigrationContext) -> list[RevisionStep]:  # noqa: ARG001 - Alembic's signature
        return steps._upgrade_revs(wanted or "head", present or "base")  # noqa: SLF001 - what alembic.command calls

    with EnvironmentContext(Config(), steps, fn=missing) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def _steps() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
