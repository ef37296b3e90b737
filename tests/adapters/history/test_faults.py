"""Databases that can't be used: what is wrong, where, and what to do; and nothing that was kept is lost."""

from __future__ import annotations

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from adapters.conftest import forbid
from database import free_port
from medpro_audit.adapters.history import database
from medpro_audit.adapters.history.database import Database
from medpro_audit.adapters.history.lines import read_lines, write_lines
from medpro_audit.adapters.history.store import History
from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import Record
from recorded import finding, record

if TYPE_CHECKING:
    from postgresql import Server

__all__ = ["forbid"]  # pytest finds it here

SECRET = "very-secret"  # noqa: S105 - of nobody


@pytest.fixture
def file(tmp_path: Path, some: tuple[Record, ...]) -> Path:
    """A history with three scans."""
    made = tmp_path / "history.sqlite"
    History(str(made)).keep(some)
    return made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for others for long."""
    monkeypatch.setattr(database, "PATIENCE", 0.3)


def _complaint(work: Callable[[], object]) -> str:
    with pytest.raises(UsageError) as told:
        work()
    return str(told.value)


def _kept(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        (count,) = connection.execute("SELECT count(*) FROM scans").fetchone()
        assert isinstance(count, int)
        return count


def test_where_nothing_was_recorded_it_is_told_how_to_begin(location: str, tmp_path: Path) -> None:
    """And no file is made by looking."""
    said = _complaint(lambda: History.opened(location))
    assert "there is no history at" in said
    assert "medpro-audit scan --record begins one" in said
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def as_nobody(tmp_path: Path, forbid: Callable[[Path], None]) -> Callable[[], None]:
    """Go on as somebody whom nothing here belongs to, also when the tests run as root."""

    def become() -> None:
        closed = tmp_path / "closed"
        closed.touch()
        forbid(closed)

    return become


def test_a_file_that_may_only_be_read_is_read(file: Path, as_nobody: Callable[[], None]) -> None:
    """But not written."""
    file.chmod(0o444)
    as_nobody()
    assert len(History.opened(str(file)).scans()) == 3
    for change in (lambda: History(str(file)).keep([record(5)]), lambda: History(str(file)).remove([1])):
        said = _complaint(change)
        assert said == f"the history {file}: it may only be read; check its permissions and those of its folder"
    assert _kept(file) == 3


def test_a_folder_that_may_not_be_written_holds_no_history(file: Path, as_nobody: Callable[[], None]) -> None:
    """Neither one that is there, nor a new one, nor a folder for it."""
    file.chmod(0o666)
    as_nobody()
    advice = "it may only be read; check its permissions and those of its folder"
    assert _complaint(lambda: History(str(file)).keep([record(5)])) == f"the history {file}: {advice}"
    advice = "it can't be opened; check that it is a file, and that its folder exists and may be written"
    assert advice in _complaint(lambda: History(str(file.with_name("new.sqlite"))).keep([record(5)]))
    inside = file.parent / "new" / "history.sqlite"
    said = _complaint(lambda: History(str(inside)).keep([record(5)]))
    assert said.endswith("its folder can't be made: Permission denied; name another file with --history")
    assert _kept(file) == 3


def test_a_file_that_may_not_be_read_is_told(file: Path, forbid: Callable[[Path], None]) -> None:
    """It is not taken for none."""
    forbid(file)
    assert "it can't be opened" in _complaint(lambda: History.opened(str(file)))


@pytest.mark.parametrize("content", [b"no database at all, and longer than the header of one is" * 20, b"\0" * 5000])
def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path, content: bytes, some: tuple[Record, ...]) -> None:
    """Whatever it is."""
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    for use in (lambda: History.opened(str(file)), lambda: History(str(file)).keep(some)):
        assert _complaint(use) == f"the history {file}: it is no history of medpro-audit; name another file"
    assert file.read_bytes() == content


def test_a_database_of_another_program_is_left_alone(tmp_path: Path, some: tuple[Record, ...]) -> None:
    """Even where no name of a table is ours."""
    file = tmp_path / "cookies.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE cookies (name TEXT)")
    before = file.read_bytes()
    assert "there is no history at" in _complaint(lambda: History.opened(str(file)))
    said = _complaint(lambda: History(str(file)).keep(some))
    assert said == f"{file} is a database of another program; name another file"
    assert file.read_bytes() == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_off_is_told(file: Path, share: float) -> None:
    """It is no empty history, and no fault of ours."""
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * share)])

    def read() -> None:
        history = History.opened(str(file))
        for kept in history.scans():
            history.record(kept)

    assert "it is damaged; restore it from an export, or name another one" in _complaint(read)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE epochs SET rules = 'no JSON'",
        "UPDATE epochs SET rules = '[1]'",
        "UPDATE scans SET at = 'yesterday'",
        "UPDATE scans SET completeness = '{}'",
        "UPDATE scans SET endpoints = 'many'",
        "UPDATE metrics SET metric = 'beauty'",
        "UPDATE findings SET severity = x'00'",
        'UPDATE endpoints SET verdicts = \'{"body": "perhaps"}\'',
        "PRAGMA foreign_keys = OFF; DELETE FROM epochs",
    ],
)
def test_a_file_that_a_stranger_has_written_is_read_with_care(file: Path, change: str) -> None:
    """SQLite keeps anything in any column."""
    with sqlite3.connect(file) as connection:
        connection.executescript(change)

    def read() -> None:
        history = History.opened(str(file))
        for kept in history.scans():
            history.record(kept)

    assert "it is damaged; restore it from an export" in _complaint(read)


def test_a_folder_stands_for_no_history(tmp_path: Path, some: tuple[Record, ...]) -> None:
    """Nor does a file that another one is meant to be in, nor a name that no file can have."""
    assert "it can't be opened; check that it is a file" in _complaint(lambda: History(str(tmp_path)).keep(some))
    (tmp_path / "file").write_text("")
    inside = str(tmp_path / "file" / "history.sqlite")
    assert "it can't be opened; check that it is a file" in _complaint(lambda: History(inside).keep(some))
    long = str(tmp_path / ("x" * 300))
    assert "can't be read: File name too long; check the name" in _complaint(lambda: History.opened(long))
    assert "it can't be opened" in _complaint(lambda: History(long).keep(some))


@pytest.mark.usefixtures("impatient")
def test_another_that_writes_is_waited_for_in_vain(location: str, some: tuple[Record, ...]) -> None:
    """Then it is told; what was kept may be read meanwhile, and later all goes on."""
    History(location).keep(some[:1])
    with Database(location).writing():
        assert "another process has been writing to it" in _complaint(lambda: History(location).keep(some))
        assert len(History.opened(location).scans()) == 1
    assert History(location).keep(some) == (2, 1)


def test_a_full_disk_loses_nothing(file: Path) -> None:
    """What does not fit is not recorded; what was recorded is there, and the next that fits is recorded."""
    size = file.stat().st_size
    code = (
        "import sys; from medpro_audit.adapters.history.store import History; from recorded import finding, record\n"
        "from medpro_audit.core.errors import UsageError\n"
        "try: History(sys.argv[1]).keep([record(7, [finding(f'{n} ' * 50) for n in range(5000)])])\n"
        "except UsageError as fault: sys.exit(str(fault))"
    )
    limit = size + 50_000

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = subprocess.run(
        [sys.executable, "-c", code, str(file)],
        preexec_fn=limited,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"the history {file}: the disk " in done.stderr
    assert "full, and nothing was changed; make room and try again" in done.stderr
    assert _kept(file) == 3
    assert History(str(file)).keep([record(8, [finding("small")])]) == (1, 0)
    assert _kept(file) == 4


@pytest.mark.parametrize(
    ("location", "complaint"),
    [
        ("mysql://u:very-secret@h/d", 'a history is a file or postgresql://…; "mysql" is not supported'),
        ("sqlite:///very-secret", "a SQLite file is named as a path"),
        ("postgresql://u:very-secret@h:port/d", "this is no URL of a database; write it as postgresql://user:"),
        ("postgresql://u:very-secret@x@h/d", "with @ as %40"),
        ("postgresql://u:very@very-secret/d@h/d", "with @ as %40"),
        ("postgresql://", ""),
    ],
)
def test_what_is_no_location_is_refused(location: str, complaint: str) -> None:
    """With how to write it, and without its password."""
    if not complaint:
        assert Database(location).name == "postgresql://"
        return
    said = _complaint(lambda: Database(location))
    assert complaint in said
    assert SECRET not in said


def test_a_password_is_in_no_name() -> None:
    """Wherever the URL holds it."""
    for location in (
        f"postgresql://u:{SECRET}@h/d",
        f"postgresql://u@h/d?password={SECRET}",
        f"postgres://u:{SECRET}@h:5432/d?sslmode=require&sslpassword={SECRET}",
    ):
        name = Database(location).name
        assert SECRET not in name
        assert name.startswith("postgresql://u")


def test_a_server_that_nobody_answers_for_is_told(some: tuple[Record, ...]) -> None:
    """Without its password."""
    location = f"postgresql://u:{SECRET}@127.0.0.1:{free_port()}/d"
    for use in (lambda: History.opened(location), lambda: History(location).keep(some)):
        said = _complaint(use)
        assert "nobody answers there; check host and port, and that the server runs" in said
        assert "postgresql://u:***@127.0.0.1" in said
        assert SECRET not in said
    unknown = f"postgresql://u:{SECRET}@no-such-host.invalid/d"
    said = _complaint(lambda: History.opened(unknown))
    assert "the name of its host is not known" in said
    assert SECRET not in said


def test_a_server_that_never_answers_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Longer than the patience lasts."""
    import socket

    monkeypatch.setattr(database, "PATIENCE", 2.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        said = _complaint(lambda: History.opened(f"postgresql://u:{SECRET}@127.0.0.1:{port}/d"))
    assert "nobody answers there" in said


@pytest.mark.postgresql
def test_a_server_that_refuses_is_told(postgresql: Server, some: tuple[Record, ...]) -> None:
    """The wrong password, no such database, no right to make tables."""
    location = postgresql.new_database()
    name = location.rpartition("/")[2]
    wrong = postgresql.url(name, password=SECRET)
    said = _complaint(lambda: History(wrong).keep(some))
    assert "the server refuses the user or the password" in said
    assert SECRET not in said
    assert 'database "nowhere" does not exist' in _complaint(lambda: History(postgresql.url("nowhere")).keep(some))
    closed = postgresql.url("postgres")
    assert "GRANT CREATE ON SCHEMA public TO" in _complaint(lambda: History(closed).keep(some))
    none = f"postgresql://auditor@127.0.0.1:{postgresql.port}/{name}"
    assert "the server asks for a password" in _complaint(lambda: History(none).keep(some))


@pytest.mark.postgresql
def test_a_server_that_breaks_off_loses_nothing(postgresql: Server, some: tuple[Record, ...]) -> None:
    """What was not yet kept is not there; the next try is as if nothing had happened."""
    location = postgresql.new_database()
    name = location.rpartition("/")[2]
    History(location).keep(some[:1])

    def broken_off() -> object:
        for each in some[1:]:
            yield each
            postgresql.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'auditor'", database=name
            )

    assert "the server broke off, and nothing was changed; try again" in _complaint(
        lambda: History(location).keep(broken_off())  # type: ignore[arg-type]  # an iterator of records
    )
    assert len(History.opened(location).scans()) == 1
    assert History(location).keep(some) == (2, 1)


def test_without_its_driver_postgresql_is_refused() -> None:
    """With what to install."""
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from medpro_audit.adapters.history.database import Database\n"
        "try: Database('postgresql://u:p@h/d')\n"
        "except Exception as fault: print(type(fault).__name__, fault)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "UsageError PostgreSQL needs its driver: pip install 'medpro-audit[postgresql]'\n"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "this is no record of a scan"),
        ("[]", "this is no record of a scan"),
        ('{"version": 1}', "missing required field `scan`"),
        ('{"version": 2, "from": "the future"}', "a newer medpro-audit has written it; update medpro-audit"),
        ("\xff", "this is no record of a scan"),
    ],
)
def test_a_line_that_is_no_record_is_told_by_its_number(
    tmp_path: Path, some: tuple[Record, ...], line: str, complaint: str
) -> None:
    """And nothing of the file is imported."""
    file = tmp_path / "history.jsonl"
    write_lines(some[:2], file)
    file.write_bytes(file.read_bytes() + line.encode("latin-1") + b"\n")
    history = History(str(tmp_path / "history.sqlite"))
    said = _complaint(lambda: history.add(read_lines(file)))
    assert said.startswith(f"{file}:3: ")
    assert complaint in said
    assert history.scans() == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"at":"2026-06-01T09:30:00Z"', '"at":"2026-06-01T09:30:00"'),
        ('"at":"2026-06-01T09:30:00Z"', '"at":"0001-01-01T00:00:00+14:00"'),
        ('"severity":"error"', '"severity":"fatal"'),
        ('"id":"code-quality"', '"id":"beauty"'),
    ],
)
def test_a_record_that_was_changed_by_hand_is_proved(tmp_path: Path, old: str, new: str) -> None:
    """Each value as if a stranger had written it."""
    file = tmp_path / "history.jsonl"
    write_lines([record(0)], file)
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))
    assert "this is no record of a scan" in _complaint(lambda: list(read_lines(file)))


def test_numbers_that_no_database_keeps_are_refused(location: str, tmp_path: Path) -> None:
    """With the database's own words, and nothing is kept."""
    file = tmp_path / "history.jsonl"
    write_lines([record(0)], file)
    file.write_text(file.read_text().replace('"line":3', f'"line":{10**30}'))
    said = _complaint(lambda: History(location).add(read_lines(file)))
    assert "the history" in said
    assert History(location).scans() == ()


def test_an_export_replaces_a_file_only_when_all_is_written(tmp_path: Path, some: tuple[Record, ...]) -> None:
    """A fault on the way leaves the earlier one, and nothing beside it."""
    file = tmp_path / "history.jsonl"
    write_lines(some, file)
    before = file.read_bytes()

    def broken() -> object:
        yield some[0]
        raise UsageError("broken")

    assert _complaint(lambda: write_lines(broken(), file)) == "broken"  # type: ignore[arg-type]  # an iterator of records
    assert file.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["history.jsonl"]
    assert "can't be written: No such file or directory" in _complaint(lambda: write_lines(some, tmp_path / "no" / "x"))
