"""What running applications of other frameworks than Express say of themselves.

The Node side is `dump.cjs`, which can be used by itself: ``node tests/oracle/frameworks/dump.cjs koa FIXTURE_DIR``. A
framework is a file ``<framework>.cjs`` beside it and a folder of fixtures; those are found by being there.
"""

import subprocess
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from oracle.fixtures import Stated, settings
from oracle.rows import Row
from oracle.running import Dump, OracleError, Run, completed, merged

HERE = Path(__file__).parent
FIXTURES = HERE.parent.parent / "fixtures"


class Case(Struct, frozen=True):
    """A fixture of a framework."""

    framework: str
    fixture: Path

    def __str__(self) -> str:
        return f"{self.framework}-{self.fixture.name}"


def cases() -> list[Case]:
    """All fixtures of all frameworks that have an oracle here, by name."""
    names = sorted(file.stem for file in HERE.glob("*.cjs") if (FIXTURES / file.stem).is_dir())
    return [Case(name, folder) for name in names for folder in sorted((FIXTURES / name).iterdir()) if folder.is_dir()]


@cache
def runs(case: Case) -> tuple[Run, ...]:
    """Boot a fixture and return one run for each of its environments."""
    command = ["node", str(HERE / "dump.cjs"), case.framework, str(case.fixture)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise OracleError(f"{case}: {done.stderr}")
    found = msgspec.json.decode(done.stdout, type=Dump).runs
    for run in found:
        if run.error:
            raise OracleError(f"{case}, {run.environment}: {run.error}")
    return found


def dump(case: Case) -> list[Row]:
    """Return what an application registers, environments merged: what only some of them have is conditional."""
    stated = settings(case.fixture).stated
    return [completed(row, stated.get(row.identity, Stated())) for row in merged(runs(case))]
