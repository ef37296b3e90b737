"""A MariaDB server of the tests' own: in a folder of theirs, on a port of theirs, gone when they are over."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import pymysql
from pymysql.cursors import DictCursor

SECONDS = 60
"""It must answer within."""
PASSWORD = "only:for/tests"  # noqa: S105 - of a server that lives for seconds


class Server(NamedTuple):
    """A running server."""

    port: int
    socket: str

    def url(self, database: str) -> str:
        """The address of a database, as a user would give it."""
        return f"mysql://auditor:only%3Afor%2Ftests@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str | None = None) -> None:
        """Run statements as its owner."""
        with self._owner(database) as connection, connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    def _owner(self, database: str | None) -> "pymysql.connections.Connection[DictCursor]":
        return pymysql.connect(
            unix_socket=self.socket, user="root", database=database, autocommit=True, cursorclass=DictCursor
        )


@contextmanager
def server(program: str, folder: Path) -> Iterator[Server]:
    """Start a server in an empty folder."""
    content, user = folder / "content", "--user=root"
    install = shutil.which("mariadb-install-db") or str(Path(program).with_name("mariadb-install-db"))
    how = ["--no-defaults", f"--datadir={content}", user]
    subprocess.run(
        [install, *how, "--auth-root-authentication-method=normal", "--skip-test-db"], check=True, capture_output=True
    )
    started = Server(free_port(), str(folder / "s"))
    options = [
        f"--socket={started.socket}",
        f"--port={started.port}",
        "--bind-address=127.0.0.1",
        f"--pid-file={folder / 'pid'}",
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *how, *options], stdout=log, stderr=log)
    try:
        _wait(started, process)
        started.run(
            f"CREATE USER auditor@'127.0.0.1' IDENTIFIED BY '{PASSWORD}'",
            "GRANT SELECT, INSERT ON *.* TO auditor@'127.0.0.1'",
        )
        yield started
    finally:
        process.terminate()
        process.wait(SECONDS)


def _wait(started: Server, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + SECONDS
    while True:
        if Path(started.socket).exists():
            started.run("SELECT 1")
            return
        if process.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the MariaDB server of the tests did not start")
        time.sleep(0.1)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
