"""The cache on disk: what it keeps, and that its faults cost time only."""

import os
import sqlite3
from pathlib import Path

import pytest

from medpro_audit.adapters import cache as module
from medpro_audit.adapters.cache import FILE_NAME, Cache

KEYS = [bytes([number]) * 32 for number in range(5)]


class Told(list[str]):
    """What the user was told."""

    def __call__(self, message: str) -> None:
        """Tell it."""
        self.append(message)


def open_cache(folder: Path) -> tuple[Cache, Told]:
    """A cache, and what its user is told."""
    told = Told()
    return Cache(folder, told), told


def test_keeps_values_for_the_next_scan(tmp_path: Path) -> None:
    """What one scan puts in, another gets; the folder is made."""
    with open_cache(tmp_path / "a" / "b")[0] as cache:
        cache.put({KEYS[0]: b"zero", KEYS[1]: b""})
    with open_cache(tmp_path / "a" / "b")[0] as cache:
        assert cache.get(KEYS) == {KEYS[0]: b"zero", KEYS[1]: b""}


def test_many_keys_in_one_go(tmp_path: Path) -> None:
    """More keys than one query of SQLite takes."""
    values = {number.to_bytes(32, "big"): str(number).encode() for number in range(1234)}
    with open_cache(tmp_path)[0] as cache:
        cache.put(values)
        assert cache.get([*values, KEYS[4]]) == values


def test_two_scans_at_once(tmp_path: Path) -> None:
    """Both read and write the same file."""
    (first, told), (second, told_too) = open_cache(tmp_path), open_cache(tmp_path)
    first.put({KEYS[0]: b"first"})
    second.put({KEYS[1]: b"second"})
    assert first.get(KEYS) == second.get(KEYS) == {KEYS[0]: b"first", KEYS[1]: b"second"}
    assert [*told, *told_too] == []


@pytest.mark.parametrize("content", [b"", b"no database at all, but rather long" * 99], ids=["empty", "foreign"])
def test_a_foreign_file_is_replaced(tmp_path: Path, content: bytes) -> None:
    """At the latest by the scan after the one that finds it; the user is told once at most."""
    (tmp_path / FILE_NAME).write_bytes(content)
    cache, told = open_cache(tmp_path)
    cache.put({KEYS[0]: b"zero"})
    cache.close()
    assert len(told) == bool(content)
    with open_cache(tmp_path)[0] as cache:
        cache.put({KEYS[0]: b"zero"})
        assert cache.get(KEYS) == {KEYS[0]: b"zero"}


def test_damage_is_never_handed_out(tmp_path: Path) -> None:
    """A byte that has changed on disk is noticed, wherever it is."""
    with open_cache(tmp_path)[0] as cache:
        cache.put({key: os.urandom(3000) for key in KEYS})
    file = tmp_path / FILE_NAME
    whole = file.read_bytes()
    with open_cache(tmp_path)[0] as cache:
        kept = cache.get(KEYS)
    for at in range(0, len(whole), 701):
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        with open_cache(tmp_path)[0] as cache:
            found = cache.get(KEYS)
        assert found.items() <= kept.items()


def test_a_layout_of_another_version_is_begun_anew(tmp_path: Path) -> None:
    """Nothing is read from it."""
    with sqlite3.connect(tmp_path / FILE_NAME) as connection:
        connection.execute("CREATE TABLE entries (name TEXT)")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    cache, told = open_cache(tmp_path)
    cache.put({KEYS[0]: b"zero"})
    assert (cache.get(KEYS), told) == ({KEYS[0]: b"zero"}, [])


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    """The user is told once, however much is asked."""
    (tmp_path / "file").write_text("")
    cache, told = open_cache(tmp_path / "file")
    cache.put({KEYS[0]: b"zero"})
    assert cache.get(KEYS) == {}
    assert len(told) == 1
    assert "goes on without it" in told[0]


def test_a_writer_that_does_not_end_is_not_waited_for_forever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The scan goes on without the cache, which stays as it is."""
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    with open_cache(tmp_path)[0] as cache:
        cache.put({KEYS[0]: b"zero"})
    other = sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache, told = open_cache(tmp_path)
    cache.put({KEYS[1]: b"one"})
    assert len(told) == 1
    other.close()
    with open_cache(tmp_path)[0] as cache:
        assert cache.get(KEYS) == {KEYS[0]: b"zero"}


def test_what_was_used_longest_ago_is_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file stays below its limit, and what a scan has just used stays in it."""
    monkeypatch.setattr(module, "MAX_BYTES", 400_000)
    day = 0
    monkeypatch.setattr(module, "_today", lambda: day)
    with open_cache(tmp_path)[0] as cache:
        cache.put({KEYS[0]: os.urandom(100_000)})
        for day in range(1, 12):
            assert KEYS[0] in cache.get(KEYS)
            cache.put({day.to_bytes(32, "big"): os.urandom(100_000)})
        assert (11).to_bytes(32, "big") in cache.get([(11).to_bytes(32, "big")])
    assert (tmp_path / FILE_NAME).stat().st_size < 500_000
