"""A test case."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class TestCase(Struct, frozen=True):
    """A test case, or a suite that is focused."""

    file: str
    line: int
    backend: str
    title: str
    """With those of the suites around it."""
    name: str
    """How it is called: ``it.only``, ``test``."""
    kind: Literal["case", "suite"]
    state: Literal["runs", "skipped", "todo", "conditional"]
    """skipped: by its own mark or that of a suite around it; todo: there is nothing to run yet; conditional: whether it
    runs depends on where."""
    is_focused: bool
    """It is marked ``only`` itself."""
    is_skipped_itself: bool
    """It is marked ``skip`` itself, or has no suite around it that is."""
    asserts: bool | None
    """False only when nothing in it, and nothing that it calls, can assert; None when that can't be told."""
    assertions: int = 0
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and title."""
        return f"{self.file} {self.title}"

    @property
    def label(self) -> str:
        """The title, or where it has none, its name."""
        return f'"{self.title}"' if self.title else self.name


SUBJECT = TestCase
