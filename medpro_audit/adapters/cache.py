"""What scans remember from one to the next: values by key, in one SQLite file.

The file is shared by all checkouts, branches and scans of a user, also at the same time; whoever loses it loses time
only. A value carries a checksum, a file that is damaged is thrown away, and one that can't be used is done without:
each time the user is told once, and the result is that of a scan without a cache.
"""

from __future__ import annotations

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

MAX_BYTES = 256_000_000
"""Size of the file above which what was used longest ago is dropped."""
FILE_NAME = "scans.sqlite"

_LAYOUT = 1
"""Number of the table layout: a file with another one is begun anew."""
_PATIENCE = 5.0
"""Seconds to wait for another scan that writes."""
_AT_ONCE = 500
"""Keys of one query."""
_DAY = 86_400

_TABLE = "CREATE TABLE entries (key BLOB PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)"

Tell = Callable[[str], None]
"""Says something to the user, in a line."""


class Cache:
    """Values by key. After `close`, and wherever the file can't be used, it has nothing and keeps nothing."""

    def __init__(self, folder: Path, tell: Tell) -> None:
        self._file = folder / FILE_NAME
        self._tell = tell
        self._connection: sqlite3.Connection | None = None
        with _Guard(self):
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = _open(self._file)

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """The values of those keys that have one."""
        found: dict[bytes, bytes] = {}
        with _Guard(self):
            today = _today()
            stale: list[bytes] = []
            for key, value, used in self._rows(keys):
                found[key] = _checked(value)
                if used != today:
                    stale.append(key)
            self._touch(stale, today)
        return found

    def _rows(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes, int]]:
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            if self._connection is not None:
                yield from self._connection.execute(
                    f"SELECT key, value, used FROM entries WHERE key IN ({marks})",  # noqa: S608 - only marks
                    some,
                )

    def _touch(self, keys: Iterable[bytes], today: int) -> None:
        """Note that values are still of use: once a day, so that a scan that changes nothing writes nothing."""
        rows = [(today, key) for key in keys]
        if self._connection is not None and rows:
            with self._connection:
                self._connection.executemany("UPDATE entries SET used = ? WHERE key = ?", rows)

    def put(self, values: Mapping[bytes, bytes]) -> None:
        """Keep values, all of them or none."""
        with _Guard(self):
            if self._connection is None or not values:
                return
            today = _today()
            with self._connection:
                self._connection.executemany(
                    "INSERT OR REPLACE INTO entries (key, value, used) VALUES (?, ?, ?)",
                    [(key, _sealed(value), today) for key, value in values.items()],
                )
            self._shrink()

    def _shrink(self) -> None:
        """Drop what was used longest ago, down to three quarters of the limit."""
        connection = self._connection
        assert connection is not None
        excess = _size(connection) - MAX_BYTES
        if excess <= 0:
            return
        excess += MAX_BYTES // 4
        dropped: list[tuple[bytes]] = []
        for key, length in connection.execute("SELECT key, length(value) FROM entries ORDER BY used, key"):
            if excess <= 0:
                break
            dropped.append((key,))
            excess -= length
        with connection:
            connection.executemany("DELETE FROM entries WHERE key = ?", dropped)
        connection.execute("PRAGMA incremental_vacuum")

    def close(self) -> None:
        """Let go of the file."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def fail(self, fault: Exception) -> None:
        """Go on without the cache; a damaged file is thrown away, so that the next scan begins a new one."""
        with suppress(sqlite3.Error):
            self.close()
        if isinstance(fault, DamagedError) or _is_damage(fault):
            with suppress(OSError):
                self._file.unlink()
            self._tell("the cache was damaged and has been thrown away; this scan goes on without it")
        else:
            self._tell(f"the cache can't be used ({fault}); this scan goes on without it")


class DamagedError(Exception):
    """A value is not what was kept."""


class _Guard:
    """Turns faults of the cache into its end, never into that of the scan."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    def __enter__(self) -> None: ...

    def __exit__(
        self, _kind: type[BaseException] | None, fault: BaseException | None, _trace: TracebackType | None
    ) -> bool:
        if not isinstance(fault, sqlite3.Error | DamagedError | OSError):
            return False
        self._cache.fail(fault)
        return True


def _open(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=_PATIENCE)
    try:
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        if layout != _LAYOUT:
            _lay_out(connection)
    except BaseException:
        connection.close()
        raise
    connection.execute("PRAGMA synchronous = OFF")  # a crash of the machine costs the cache, and its checksums tell
    return connection


def _lay_out(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:  # nobody else was faster
            connection.execute("DROP TABLE IF EXISTS entries")
            connection.execute(_TABLE)
            connection.execute(f"PRAGMA user_version = {_LAYOUT}")


def _size(connection: sqlite3.Connection) -> int:
    pages, free, size = (
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    )
    return int((pages - free) * size)


def _is_damage(fault: Exception) -> bool:
    """Whether SQLite says that the file is none of its own, or broken; a lock or a full disk are operational."""
    return isinstance(fault, sqlite3.DatabaseError) and not isinstance(fault, sqlite3.OperationalError)


def _sealed(value: bytes) -> bytes:
    return zlib.crc32(value).to_bytes(4, "big") + value


def _checked(sealed: bytes) -> bytes:
    value = sealed[4:]
    if zlib.crc32(value).to_bytes(4, "big") != sealed[:4]:
        raise DamagedError
    return value


def _today() -> int:
    return int(time.time()) // _DAY
