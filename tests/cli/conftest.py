"""The command line, started in this process or as a program of its own."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from medpro_audit.cli import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "clinic-api"


class Done(NamedTuple):
    """What a run has left."""

    code: int
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is taken over from other tests, and nothing left to the user."""
    monkeypatch.setenv("MEDPRO_AUDIT_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run the command line in this process."""

    def run(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["medpro-audit", *map(str, arguments)])
        with pytest.raises(SystemExit) as exit_:
            main()
        captured = capsys.readouterr()
        assert isinstance(exit_.value.code, int)
        return Done(exit_.value.code, captured.out, captured.err)

    return run


@pytest.fixture
def program() -> Cli:
    """Run the command line as a program; ``env`` is added to the environment."""

    def run(*arguments: str | Path, env: Mapping[str, str] | None = None, options: tuple[str, ...] = ()) -> Done:
        command = [sys.executable, *options, "-m", "medpro_audit", *map(str, arguments)]
        environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})}
        done = subprocess.run(command, capture_output=True, env=environment, check=False)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def example() -> Path:
    """The example back end."""
    return EXAMPLE


@pytest.fixture
def project(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], Path]:
    """Write a small project; without files, a healthy one."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        root = tmp_path / "project"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            target = root / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return write
