"""A file of tests."""

from __future__ import annotations

from msgspec import Struct

from medpro_audit.core.place import Step


class TestFile(Struct, frozen=True):
    """A file of tests."""

    file: str
    backend: str
    framework: str | None
    """``jest``, ``vitest``, ``mocha``, ``node:test``, …, or what drives a browser; None when it isn't known."""
    cases: int
    skipped: int
    """Cases that never run, also because of the suite around them."""
    focused: int
    """Cases and suites marked ``only``: the others of the file don't run."""
    is_run: bool | None
    """A script or a CI step runs it; None when that can't be told."""
    reason: str | None = None
    """Why it is not run, or why that isn't known."""
    line: int = 1
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File."""
        return self.file


SUBJECT = TestFile
