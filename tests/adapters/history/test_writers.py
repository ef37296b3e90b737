"""Several that write at once, and those that are killed on the way."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from medpro_audit.adapters.history.database import Database
from medpro_audit.adapters.history.store import History
from recorded import finding, record

TESTS = Path(__file__).parents[2]
KILLS = 20
_BEGIN = """
import sys
from medpro_audit.adapters.history.store import History
from recorded import finding, record
location, first, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
"""
_WRITE = """
for week in range(first, first + number):
    History(location).keep([record(week)])
"""
_WRITE_LARGE = """
for week in range(first, first + number):
    print(week, flush=True)
    History(location).keep([record(week, [finding(f"{week % 3} {each}") for each in range(400)])])
"""


def _writer(location: str, first: int, number: int, code: str = _WRITE) -> subprocess.Popen[str]:
    """A process that records so many weeks, when it is told to."""
    command = [sys.executable, "-c", _BEGIN + code, location, str(first), str(number)]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=TESTS, text=True, stdin=pipe, stdout=pipe, stderr=pipe)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def _start(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _run_at_once(*writers: subprocess.Popen[str]) -> None:
    for writer in writers:
        _start(writer)
    for writer in writers:
        _, complaint = writer.communicate(timeout=120)
        assert (writer.returncode, complaint) == (0, "")


def test_two_begin_a_history_and_record_different_scans(location: str) -> None:
    """At once: nothing is lost, and the tables are made once."""
    _run_at_once(_writer(location, 0, 8), _writer(location, 100, 8))
    history = History.opened(location)
    weeks = [*range(8), *range(100, 108)]
    assert [history.record(kept) for kept in history.scans()] == [record(week) for week in weeks]


def test_two_record_the_same_scans(location: str) -> None:
    """At once: each is there once, and whole."""
    _run_at_once(_writer(location, 0, 8), _writer(location, 0, 8))
    history = History.opened(location)
    assert [history.record(kept) for kept in history.scans()] == [record(week) for week in range(8)]


def test_a_folder_is_begun_by_two(tmp_path: Path) -> None:
    """At once: whoever comes second finds it there."""
    for attempt in range(3):
        location = tmp_path / str(attempt) / ".medpro-audit" / "history.sqlite"
        _run_at_once(_writer(str(location), 0, 1), _writer(str(location), 1, 1))
        assert len(History.opened(str(location)).scans()) == 2
        assert (location.parent / ".gitignore").read_text() == "*\n"


def test_what_is_read_is_one_state(location: str) -> None:
    """Whatever is removed and recorded meanwhile."""
    history = History(location)
    history.keep(record(week) for week in range(8))
    writer = _writer(location, 0, 10)
    _start(writer)
    while writer.poll() is None:
        assert [kept.scan.revision.commit for kept in history.scans()][:8] == [
            record(week).scan.revision.commit for week in range(8)
        ]
    _, complaint = writer.communicate()
    assert (writer.returncode, complaint) == (0, "")


def test_killed_writers_leave_what_was_recorded(location: str) -> None:
    """Twenty times at a random instant: each record is whole or not there, and the next is right."""
    rng = random.Random(7)  # noqa: S311 - no secret
    weeks = 0
    for _ in range(KILLS):
        writer = _writer(location, weeks, 1000, _WRITE_LARGE)
        _start(writer)
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(rng.uniform(0, 0.25))
        writer.send_signal(signal.SIGKILL)
        rest, _ = writer.communicate()
        begun = weeks + len(rest.split()) + 1
        with Database(location).writing():  # a server goes on for a moment with what it was asked for last
            pass
        History(location).prepare()
        kept = History(location).scans()
        assert len(kept) in {begun - 1, begun}
        weeks = len(kept)
    assert History(location).keep([record(5000)]) == (1, 0)
    history = History.opened(location)
    for each, week in zip(history.scans(), [*range(weeks), 5000], strict=True):
        found = [finding(f"{week % 3} {number}") for number in range(400)] if week < 5000 else None
        assert history.record(each) == record(week, found)
    if not location.startswith("postgresql"):
        with sqlite3.connect(location) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
