"""Opens the database of a history: SQLite by the name of a file, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE = 30.0
"""Seconds to wait for another that writes."""
OWN_FOLDER = ".medpro-audit"
"""Where a project keeps what is not part of its source."""
_LOCK = 0x6D656470
"""Number of the lock by which writers to PostgreSQL wait for each other; any that nobody else takes."""
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_ADVICE = (
    ("readonly database", "it may only be read; check its permissions and those of its folder"),
    ("unable to open", "it can't be opened; check that its folder exists and may be written"),
    ("disk is full", "the disk is full; nothing was recorded: make room and record again"),
    ("disk I/O error", "the disk failed; nothing was recorded"),
    ("database is locked", f"another process has been writing to it for {PATIENCE:.0f} s; try again"),
    ("not a database", "it is no history of medpro-audit; name another file"),
    ("malformed", "it is damaged; restore it from an export, or name another file"),
    ("password authentication", "the server refuses the user or the password"),
)


class Database:
    """A database with what differs between SQLite and PostgreSQL."""

    def __init__(self, location: str) -> None:
        """Prepare to open a file or a server; nothing is opened yet.

        Raises:
            UsageError: It is neither, or the driver is missing.
        """
        scheme, separator, _ = location.partition("://")
        if separator and scheme not in _SCHEMES:
            raise UsageError(
                f'a history is a file or postgresql://…; "{scheme}" is not supported (a SQLite file is named as a path)'
            )
        self.file = None if separator else Path(location)
        """None for a server."""
        self.engine = _server(location) if separator else _file(Path(location))
        self.name = str(self.file or self.engine.url.render_as_string(hide_password=True))
        """For people: without its password."""

    def make_folder(self) -> None:
        """Make the folder that the file stands in; ours is kept out of git.

        Raises:
            UsageError: It can't be made.
        """
        if self.file is None or self.file.parent.exists():
            return
        try:
            self.file.parent.mkdir(parents=True)
            if self.file.parent.name == OWN_FOLDER:
                (self.file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as fault:
            raise UsageError(f"the history {self.name}: its folder can't be made: {fault.strerror}") from fault

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries.

        Raises:
            UsageError: The database can't be read.
        """
        with self._explained(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer is in; all of it is kept, or nothing.

        Raises:
            UsageError: The database can't be written.
        """
        from sqlalchemy import text  # noqa: PLC0415 - heavy

        with self._explained(), self.engine.connect() as connection:
            if self.file is None:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - heavy

        try:
            yield
        except DBAPIError as fault:
            raise UsageError(f"the history {self.name}: {_explanation(fault)}") from fault


def _explanation(fault: DBAPIError) -> str:
    said = str(getattr(fault, "orig", None) or fault).strip()
    first = said.splitlines()[0] if said else type(fault).__name__
    return next((advice for words, advice in _ADVICE if words in said), first)


def _file(path: Path) -> Engine:
    from sqlalchemy import URL, create_engine, event  # noqa: PLC0415 - heavy
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    url = URL.create("sqlite", database=str(path))
    # Transactions begin where we say, so that the tables of a new layout come with them or not at all.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA foreign_keys = ON")

    return engine


def _server(location: str) -> Engine:
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415 - heavy
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    try:
        url = make_url(location).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        advice = "write it as postgresql://user:password@host:5432/name"
        raise UsageError(f"this is no URL of a database; {advice}") from None
    try:
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": int(PATIENCE)})
    except ModuleNotFoundError:
        raise UsageError("PostgreSQL needs its driver: pip install 'medpro-audit[postgresql]'") from None
