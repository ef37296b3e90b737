"""One practice of code quality in one back end: whether its tool is set up, and whether anything enforces it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Practice = Literal[
    "linter",
    "formatter",
    "commit-hooks",
    "editor-settings",
    "lockfile",
    "node-version",
    "strict-types",
    "dependency-updates",
]


class ToolingSetup(Struct, frozen=True):
    """One practice of code quality in one back end: whether its tool is set up, and whether anything enforces it."""

    file: str
    line: int
    """Where it is set up, or where it would be: the package.json."""
    backend: str
    practice: Practice
    tool: str
    """``ESLint``, ``Prettier``, ``husky``; empty when there is none."""
    is_set_up: bool | None
    """It is configured, installed, and something runs it; ``problem`` says what lacks."""
    is_enforced: bool | None = False
    """Continuous integration runs it on every change and fails when it finds something."""
    problem: str = ""
    """What lacks of the set-up, in words; empty when nothing does."""
    gap: str = ""
    """What lacks of the enforcement, in words."""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Folder and practice."""
        return f"{self.backend} {self.practice}"


SUBJECT = ToolingSetup
