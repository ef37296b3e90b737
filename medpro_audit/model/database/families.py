"""Kinds of database, their default ports, and the words by which drivers, URLs and settings name them."""

from typing import Literal

Family = Literal["mysql", "postgres", "mongo", "redis", "mssql", "oracle", "sqlite"]
"""What speaks one protocol: MariaDB is MySQL here, CockroachDB is PostgreSQL."""

DEFAULT_PORTS: dict[Family, int] = {
    "mysql": 3306,
    "postgres": 5432,
    "mongo": 27017,
    "redis": 6379,
    "mssql": 1433,
    "oracle": 1521,
}
STORES: frozenset[Family] = frozenset({"mysql", "postgres", "mongo", "mssql", "oracle"})
"""Servers that hold an application's data, as opposed to a cache or a file."""

_WORDS: dict[str, Family] = {
    "aurora-mysql": "mysql",
    "aurora-postgres": "postgres",
    "better-sqlite3": "sqlite",
    "cockroach": "postgres",
    "cockroachdb": "postgres",
    "libsql": "sqlite",
    "mariadb": "mysql",
    "mongo": "mongo",
    "mongodb": "mongo",
    "mongodb+srv": "mongo",
    "mssql": "mssql",
    "mysql": "mysql",
    "mysql2": "mysql",
    "mysqls": "mysql",
    "mysqlx": "mysql",
    "oracle": "oracle",
    "oracledb": "oracle",
    "percona": "mysql",
    "pg": "postgres",
    "pgnative": "postgres",
    "postgis": "postgres",
    "postgres": "postgres",
    "postgresql": "postgres",
    "redis": "redis",
    "rediss": "redis",
    "redshift": "postgres",
    "sqlite": "sqlite",
    "sqlite3": "sqlite",
    "sqlserver": "mssql",
    "timescaledb": "postgres",
    "valkey": "redis",
}
"""Dialects, URL schemes, package names and names of container images."""


def family_of(word: str) -> Family | None:
    """The kind of database that a dialect, URL scheme, package or image is named after; None for any other word."""
    return _WORDS.get(word.lower())
