"""A PostgreSQL server of the tests' own: in a folder of its own, on a port of its own, gone when they are over."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import psycopg

from database import SECONDS, free_port

PASSWORD = "only:for/tests@home"  # noqa: S105 - of a server that lives for seconds
_ESCAPED = "only%3Afor%2Ftests%40home"
_numbers = count(1)


class Server(NamedTuple):
    """A running server."""

    port: int

    def url(self, database: str, password: str = _ESCAPED, user: str = "auditor") -> str:
        """The address of a database, as a user would give it."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_database(self) -> str:
        """Make an empty database; its address."""
        name = f"test{os.getpid()}_{next(_numbers)}"
        self.run(f"CREATE DATABASE {name} OWNER auditor", database="postgres")
        return self.url(name)

    def run(self, *statements: str, database: str) -> list[tuple[object, ...]]:
        """Run statements as its owner; the rows of the last."""
        rows: list[tuple[object, ...]] = []
        options = f"host=127.0.0.1 port={self.port} user=owner dbname={database}"
        with psycopg.connect(options, password=PASSWORD, autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows


@contextmanager
def server(program: str) -> Iterator[Server]:
    """Start a server; root, which it refuses to be, gives it another user, and a folder outside of the tests' own."""
    user = "postgres" if os.getuid() == 0 else None
    with TemporaryDirectory(prefix="medpro-audit-") as name:
        folder = Path(name)
        (folder / "secret").write_text(PASSWORD)
        if user is not None:
            shutil.chown(folder, user)
            shutil.chown(folder / "secret", user)
        with _running(program, folder, user) as started:
            yield started


@contextmanager
def _running(program: str, folder: Path, user: str | None) -> Iterator[Server]:
    content = str(folder / "content")
    initialise = [str(Path(program).with_name("initdb")), "--auth=scram-sha-256", "--username=owner", "--no-sync"]
    initialise += ["--encoding=UTF8", "--locale=C", f"--pwfile={folder / 'secret'}", f"--pgdata={content}"]
    subprocess.run(initialise, check=True, capture_output=True, user=user, cwd=folder)
    started = Server(free_port())
    settings = {"listen_addresses": "127.0.0.1", "port": started.port, "unix_socket_directories": "", "fsync": "off"}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-D", content, *options], stdout=log, stderr=log, user=user, cwd=folder)
    try:
        _wait(started, process)
        yield started
    finally:
        process.send_signal(signal.SIGINT)  # or it waits for those who are connected
        process.wait(SECONDS)


def _wait(started: Server, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while True:
        try:
            started.run(f"CREATE ROLE auditor LOGIN PASSWORD '{PASSWORD}'", database="postgres")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return
