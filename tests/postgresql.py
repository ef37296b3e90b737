"""A PostgreSQL server of the tests' own: in a folder of theirs, on a port of theirs, gone when they are over."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
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
def server(program: str, folder: Path) -> Iterator[Server]:
    """Start a server in an empty folder."""
    content, secret = folder / "content", folder / "secret"
    secret.write_text(PASSWORD)
    user = "postgres" if os.getuid() == 0 else None  # it refuses to be root
    if user is not None:
        _open(folder, user)
    initialise = [str(Path(program).with_name("initdb")), "--auth=scram-sha-256", "--username=owner", "--no-sync"]
    initialise += ["--encoding=UTF8", "--locale=C", f"--pwfile={secret}", f"--pgdata={content}"]
    subprocess.run(initialise, check=True, capture_output=True, user=user, cwd=folder)
    started = Server(free_port())
    options = ["-c", "listen_addresses=127.0.0.1", "-c", f"port={started.port}", "-c", "unix_socket_directories="]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-D", str(content), "-c", "fsync=off", *options], stdout=log, stderr=log, user=user, cwd=folder
        )
    try:
        _wait(started, process)
        yield started
    finally:
        process.terminate()
        process.wait(SECONDS)


def _open(folder: Path, user: str) -> None:
    """Another user may have the folder, and may come to it."""
    for each in (folder, *folder.iterdir()):
        shutil.chown(each, user)
    for each in folder.parents:
        if each.stat().st_uid == os.getuid() and each != Path("/"):
            each.chmod(each.stat().st_mode | 0o011)


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
