"""Opens the database of a history: SQLite by the name of a file, PostgreSQL by URL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medpro_audit.core.errors import UsageError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.pool import ConnectionPoolEntry

PATIENCE = 30.0
"""Seconds to wait for another that writes."""
OWN_FOLDER = ".medpro-audit"
"""Where a project keeps what is not part of its source."""
_LOCK = 0x6D656470
"""Number of the lock by which writers to PostgreSQL wait for each other; any that nobody else takes."""
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_BUSY = "another process has been writing to it all the time; try again"
_DAMAGED = "it is damaged; restore it from an export, or name another one"
_UNREACHABLE = "nobody answers there; check host and port, and that the server runs"
_ADVICE = (
    ("readonly database", "it may only be read; check its permissions and those of its folder"),
    ("unable to open", "it can't be opened; check that it is a file, and that its folder exists and may be written"),
    ("disk is full", "the disk is full, and nothing was changed; make room and try again"),
    ("disk I/O error", "the disk fails or is full, and nothing was changed; make room and try again"),
    ("database is locked", _BUSY),
    ("lock timeout", _BUSY),
    ("not a database", "it is no history of medpro-audit; name another file"),
    ("malformed", _DAMAGED),
    ("password authentication", "the server refuses the user or the password"),
    ("no password supplied", "the server asks for a password; write it in the URL or in ~/.pgpass"),
    ("onnection refused", _UNREACHABLE),
    ("timeout expired", _UNREACHABLE),
    ("resolve host", "the name of its host is not known; check it"),
    ("translate host name", "the name of its host is not known; check it"),
    ("permission denied for schema", "its user may not make tables: GRANT CREATE ON SCHEMA public TO the user"),
    ("server closed the connection", "the server broke off, and nothing was changed; try again"),
    ("terminating connection", "the server broke off, and nothing was changed; try again"),
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
        self.name = str(self.file or _shown(self.engine.url))
        """For people: without its password."""

    @property
    def is_there(self) -> bool:
        """Whether there is such a file; of a server only those who connect know.

        Raises:
            UsageError: Its folder can't be looked into.
        """
        try:
            return self.file is None or self.file.exists()
        except OSError as fault:
            raise UsageError(f"the history {self.name} can't be read: {fault.strerror}; check the name") from fault

    def make_folder(self) -> None:
        """Make the folder that the file stands in; ours is kept out of git.

        Raises:
            UsageError: It can't be made.
        """
        try:
            if self.file is None or self.file.parent.exists():
                return
            self.file.parent.mkdir(parents=True, exist_ok=True)
            if self.file.parent.name == OWN_FOLDER:
                (self.file.parent / ".gitignore").write_text("*\n", encoding="utf-8")
        except OSError as fault:
            advice = f"{fault.strerror}; name another file with --history"
            raise UsageError(f"the history {self.name}: its folder can't be made: {advice}") from fault

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection for queries that all see the same state, whatever others write meanwhile.

        Raises:
            UsageError: The database can't be read, or holds what no history does.
        """
        with self._explained(), self.engine.connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
            else:
                connection.exec_driver_sql("BEGIN")
            try:
                yield connection
            except (ValueError, KeyError) as fault:
                raise UsageError(f"the history {self.name}: {_DAMAGED} ({fault})") from fault

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that no other writer is in; all of it is kept, or nothing.

        Raises:
            UsageError: The database can't be written.
        """
        from sqlalchemy import text  # noqa: PLC0415 - heavy

        with self._explained(), self.engine.connect() as connection:
            if self.file is None:
                connection.execute(text(f"SET LOCAL lock_timeout = {int(1000 * PATIENCE)}"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    def shrink(self) -> None:
        """Give the disk back the room of what was removed; a server does so by itself.

        Raises:
            UsageError: Others use it, or there is no room for a copy.
        """
        if self.file is not None:
            with self._explained(), self.engine.connect() as connection:
                connection.exec_driver_sql("VACUUM")

    @contextmanager
    def _explained(self) -> Iterator[None]:
        from sqlalchemy.exc import DBAPIError  # noqa: PLC0415 - heavy

        try:
            yield
        except (DBAPIError, sqlite3.Error, OverflowError) as fault:
            raise UsageError(f"the history {self.name}: {_explanation(fault)}") from fault


def _explanation(fault: DBAPIError | sqlite3.Error | OverflowError) -> str:
    said = str(getattr(fault, "orig", None) or fault).strip()
    first = said.splitlines()[0] if said else type(fault).__name__
    return next((advice for words, advice in _ADVICE if words in said), first)


def _shown(url: URL) -> str:
    """A URL without what may be secret: libpq takes a password among the parameters too."""
    return url.set(drivername="postgresql", query={}).render_as_string(hide_password=True)


def _file(path: Path) -> Engine:
    from sqlalchemy import URL, create_engine, event  # noqa: PLC0415 - heavy
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    url = URL.create("sqlite", database=str(path.absolute()))
    # Transactions begin where we say, so that the tables of a new layout come with them or not at all.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": PATIENCE, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may have come with a stranger's repository

    return engine


def _server(location: str) -> Engine:
    from sqlalchemy import create_engine, make_url  # noqa: PLC0415 - heavy
    from sqlalchemy.exc import ArgumentError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    try:
        url = make_url(location).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        url = None
    if url is None or "@" in f"{url.host}{url.database}":  # then that is a part of the password
        advice = "write it as postgresql://user:password@host:5432/name, with @ as %40, : as %3A, / as %2F"
        raise UsageError(f"this is no URL of a database; {advice}") from None
    try:
        return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": int(PATIENCE)})
    except ImportError:
        raise UsageError("PostgreSQL needs its driver: pip install 'medpro-audit[postgresql]'") from None
