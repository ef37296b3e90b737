"""How a back end is tested."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class TestSetup(Struct, frozen=True):
    """How a back end is tested: by which framework, where, with which database."""

    file: str
    """Its package.json."""
    line: int
    """Of the script that runs the tests, else the first."""
    backend: str
    framework: str | None
    """The one that runs most of its test files, else the one that it declares; None when there is none."""
    frameworks: tuple[str, ...]
    """All that are used or declared."""
    script: str | None
    """The npm script that runs the tests."""
    config: str | None
    """Configuration file of the framework."""
    files: int
    """Test files."""
    cases: int
    """Test cases, skipped ones included."""
    skipped: int
    endpoints: int
    tested_endpoints: int
    is_run: bool | None
    """A script or a CI step runs a test of it; None when a script does something that is not understood."""
    in_ci: bool | None
    """Continuous integration runs its tests, and fails when they do; None when that can't be told."""
    ci_place: str | None
    """``file:line`` of the step that does."""
    collects_coverage: bool | None
    """A script or a CI step runs the tests with coverage; None when that can't be told."""
    coverage_in_ci: bool | None
    """A CI step does."""
    threshold: float | None
    """Least share of lines, or of statements, in percent, below which the tests fail."""
    report: str | None
    """The coverage report that was read."""
    covered: float | None
    """Share of the lines of its server code in percent, by the report."""
    uses_database: bool
    """Its server code opens a connection to a database."""
    database: Literal["container", "memory", "real", "mocked", "none", "unknown"]
    """What stands for the database in the tests. container: testcontainers, or a service of CI; memory: a server in
    memory; real: a connection of the tests' own; mocked: its module or driver is replaced; none: no test reaches it."""
    end_to_end: tuple[str, ...]
    """Tools that run whole flows: playwright, cypress, newman, …"""
    load: tuple[str, ...]
    """Tools that test under load: k6, artillery, autocannon, …"""
    units: int = 0
    """Test files that don't drive a browser."""
    reason: str | None = None
    """Why something is unknown."""
    trail: tuple[Step, ...] = ()

    @property
    def is_set_up(self) -> bool | None:
        """There is a framework, something that runs it, and a test; None when that can't be told.

        What runs whole flows from elsewhere may start this back end.
        """
        if not self.files:
            return None if self.end_to_end else False
        return self.is_run

    @property
    def missing(self) -> str:
        """What is missing of a framework that is set up, in words; empty when nothing is."""
        if self.framework is None:
            return "no test framework is installed"
        if not self.files:
            return f"{self.framework} is there, but no test"
        return "" if self.is_run is not False else f"{self.framework} is there, but no script runs it"

    @property
    def identity(self) -> str:
        """Folder of the back end."""
        return self.backend


SUBJECT = TestSetup
