"""Boots many small programs in one Node process for each version of Express: what random programs need."""

import os
import select
import subprocess
from collections.abc import Mapping
from functools import cache
from tempfile import gettempdir

import msgspec
from msgspec import Struct

from oracle.fixtures import ExpressVersion, Probe
from oracle.running import HERE, Dump, OracleError, Run

_PATIENCE = 30
"""Seconds after which a program is taken to hang."""


class Program(Struct, frozen=True):
    """A program in memory, and how it is run."""

    files: Mapping[str, str]
    entry: str
    environments: tuple[dict[str, str], ...] = ({},)
    probes: tuple[Probe, ...] = ()

    @property
    def listing(self) -> str:
        """All of it, to be read by people."""
        texts = [f"// {path}\n{text.rstrip()}" for path, text in sorted(self.files.items())]
        return "\n\n".join([*texts, f"// environments: {self.environments}"])


class Server:
    """A Node process that boots the programs it is given."""

    def __init__(self, express: ExpressVersion) -> None:
        self._express = express
        self._process = self._start()

    def runs(self, program: Program) -> tuple[Run, ...]:
        """Boot a program in each of its environments."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(msgspec.json.encode(program) + b"\n")
        stdin.flush()
        found = msgspec.json.decode(self._answer(program), type=Dump).runs
        for run in found:
            if run.error:
                raise OracleError(f"Express {self._express}, {run.environment}: {run.error}\n\n{program.listing}")
        return found

    def _start(self) -> subprocess.Popen[bytes]:
        command = ["node", "--preserve-symlinks", str(HERE / "serve.cjs"), "--express", str(self._express)]
        environment = {"PATH": os.environ["PATH"], "TMPDIR": gettempdir()}
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )

    def _answer(self, program: Program) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        ready, _, _ = select.select([stdout], [], [], _PATIENCE)
        line = stdout.readline() if ready else b""
        if not line.endswith(b"\n"):
            self._process.kill()
            state = "hung" if not ready else f"ended with {self._process.wait()}"
            self._process = self._start()
            raise OracleError(f"Express {self._express}: the program {state}\n\n{program.listing}")
        return line

    def close(self) -> None:
        """End the process."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait()


@cache
def server(express: ExpressVersion) -> Server:
    """The process for a version of Express, kept for all programs of a test run."""
    import atexit

    made = Server(express)
    atexit.register(made.close)
    return made
