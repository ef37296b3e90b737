"""Asks a MySQL or MariaDB server for the plans of statements: EXPLAIN only, in a session that can't write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from medpro_audit.core.errors import UsageError
from medpro_audit.model.sql.plans import Plan, TableAccess, judge
from medpro_audit.model.subjects.query import Query

if TYPE_CHECKING:
    from pymysql.connections import Connection
    from pymysql.cursors import DictCursor

CONNECT_SECONDS = 5
ANSWER_SECONDS = 10
DEFAULT_PORT = 3306
MAX_STATEMENTS = 2_000
"""Statements that one run asks for."""
_BY_KEY = "const table"
"""What a server says where it looked for a row by its key already, and found none."""
_CAREFUL = (
    "SET SESSION TRANSACTION READ ONLY",
    "SET SESSION max_statement_time = 5",  # MariaDB, in seconds
    "SET SESSION max_execution_time = 5000",  # MySQL, in milliseconds
)


def explain(url: str, queries: Sequence[Query]) -> Mapping[Query, Plan]:
    """The plans of the SELECT statements that a server can explain, by statement.

    Raises:
        UsageError: The address is none, the driver isn't installed, or the server doesn't answer.
    """
    from medpro_audit.model.sql.explaining import explainable  # noqa: PLC0415 - loads the SQL parser

    asked = [(query, statement) for query in queries if (statement := explainable(query)) is not None]
    with closing(_connect(url)) as connection:
        return {query: _plan(connection, query, statement) for query, statement in asked[:MAX_STATEMENTS]}


def _connect(url: str) -> Connection[DictCursor]:
    try:
        import pymysql  # noqa: PLC0415 - an extra
        from pymysql.cursors import DictCursor as Rows  # noqa: PLC0415
    except ImportError:
        raise UsageError("--database-url needs PyMySQL: pip install 'medpro-audit[mysql]'") from None
    address = urlsplit(url)
    if address.scheme not in {"mysql", "mariadb"} or not address.hostname:
        raise UsageError("--database-url must be like mysql://user:password@host:3306/database")
    try:
        connection = pymysql.connect(
            host=address.hostname,
            port=address.port or DEFAULT_PORT,
            user=unquote(address.username or ""),
            password=unquote(address.password or ""),
            database=unquote(address.path.strip("/")) or None,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            write_timeout=ANSWER_SECONDS,
            autocommit=True,
            cursorclass=Rows,
        )
    except (pymysql.MySQLError, ValueError) as error:
        where = f"{address.hostname}:{_port(url)}"
        raise UsageError(f"--database-url: no connection to {where}: {_said(error)}") from None
    for statement in _CAREFUL:
        with suppress(pymysql.MySQLError), connection.cursor() as cursor:  # each server knows only one of the limits
            cursor.execute(statement)
    return connection


def _port(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2].rpartition(":")[2] or str(DEFAULT_PORT)


def _plan(connection: Connection[DictCursor], query: Query, statement: str) -> Plan:
    import pymysql  # noqa: PLC0415 - an extra

    try:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement}")
            rows = cursor.fetchall()
    except pymysql.MySQLError as error:
        return Plan("undecided", reason=_said(error))
    found = [_access(row) for row in rows if row.get("table")]
    if not found and not any(_BY_KEY in str(row.get("Extra")) for row in rows):
        return Plan("undecided", reason="; ".join(str(row.get("Extra") or "no plan") for row in rows))
    return judge(query, found)


def _access(row: Mapping[str, object]) -> TableAccess:
    return TableAccess(
        table=str(row["table"]),
        kind=str(row.get("type") or ""),
        possible_keys=_text(row.get("possible_keys")),
        key=_text(row.get("key")),
        rows=int(str(row["rows"])) if row.get("rows") is not None else None,
    )


def _text(value: object) -> str | None:
    return str(value) if value else None


def _said(error: Exception) -> str:
    """The server's own words."""
    return str(error.args[1] if len(error.args) > 1 else error)
