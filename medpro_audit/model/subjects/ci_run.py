"""A program that continuous integration runs."""

from __future__ import annotations

import re

from msgspec import Struct

from medpro_audit.core.place import Step

OPAQUE = frozenset(
    ("gulp", "grunt", "just", "lage", "lerna", "make", "moon", "nps", "nx", "rush", "sh", "task", "turbo", "wireit")
)
"""Programs that run others by files of their own."""
_CONTAINERS = frozenset(("docker", "docker-compose", "podman"))
_ELSEWHERE = re.compile(
    r"uses:(?:extends|import|include|library|orbs|plugins|template|unread|.*/\.github/workflows/.*)"
)
_MANAGERS = frozenset(("npm", "yarn", "pnpm", "bun"))


class CiRun(Struct, frozen=True):
    """A program that a workflow of continuous integration starts, whatever scripts are on the way."""

    file: str
    line: int
    """Of the step."""
    backend: str
    """Folder of the package in which it runs."""
    program: str
    """``eslint``, ``jest``, ``npm`` with what is no script; ``uses:OWNER/NAME`` for an action or a workflow that
    stands elsewhere."""
    arguments: tuple[str, ...]
    folder: str
    """In which it runs, ``.`` for the scanned directory itself."""
    scripts: tuple[str, ...]
    """npm scripts, targets of make and shell scripts on the way, outermost first."""
    is_binding: bool
    """Its failure fails the run: no ``continue-on-error``, no ``|| true``."""
    is_automatic: bool
    """It runs when code is pushed or a pull request opened, not only by hand, by the clock or for a release."""
    trail: tuple[Step, ...] = ()

    @property
    def is_opaque(self) -> bool:
        """It runs other programs in a way that is not followed, so that what is not found may still be run."""
        is_lost = self.program in _MANAGERS and self.arguments[:1] == ("run",)
        is_lost |= self.program in _CONTAINERS and not {"exec", "run"}.isdisjoint(self.arguments[:3])
        return is_lost or self.program in OPAQUE or _ELSEWHERE.fullmatch(self.program) is not None

    @property
    def command(self) -> str:
        """The program with its arguments."""
        return " ".join((self.program, *self.arguments))

    @property
    def identity(self) -> str:
        """File, folder and command."""
        return f"{self.file} {self.folder} {self.command}"


SUBJECT = CiRun
