"""TypeScript and Node, ready to be asked where imports lead."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent

Ask = Callable[[dict[str, object]], list[str | None]]


@pytest.fixture(scope="session")
def ask() -> Iterator[Ask]:
    """Ask a Node process that stays; the form of questions stands in ``resolve.cjs``."""
    command = ["node", str(HERE / "resolve.cjs"), str(HERE.parent / "oracle")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:

        def answer(question: dict[str, object]) -> list[str | None]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(json.dumps(question) + "\n")
            found: list[str | None] = json.loads(process.stdout.readline())
            return found

        yield answer
        process.terminate()
