"""The package swagger-jsdoc, ready to be asked."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import oracle

PROGRAM = Path(oracle.__file__).with_name("swagger_jsdoc.cjs")


class SwaggerJsdoc:
    """A Node process that stays; the form of questions stands in `swagger_jsdoc.cjs`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, **question: object) -> Any:
        """Ask one question."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


@contextmanager
def started() -> Iterator[SwaggerJsdoc]:
    """Start the process."""
    with subprocess.Popen(["node", PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield SwaggerJsdoc(process)
        finally:
            process.terminate()
