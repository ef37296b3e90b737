"""Runs the command line as a user does."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Outcome(NamedTuple):
    """What a run left behind."""

    code: int
    out: str
    err: str


def run(*arguments: str, folder: Path = ROOT) -> Outcome:
    """Run ``medpro-audit`` in a folder; nothing is remembered from one run to the next."""
    command = [sys.executable, "-m", "medpro_audit", *arguments]
    with TemporaryDirectory() as cache:
        environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1", "MEDPRO_AUDIT_CACHE_DIR": cache}
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, env=environment
        )
    return Outcome(done.returncode, done.stdout, done.stderr)
