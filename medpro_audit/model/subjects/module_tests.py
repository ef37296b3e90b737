"""Which tests there are of a module."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ModuleTests(Struct, frozen=True):
    """Which unit tests there are of a module of server code that holds logic."""

    file: str
    backend: str
    kind: str
    """What the module is: service, controller, data-access, middleware, helper (see the subject module)."""
    status: Literal["tested", "untested", "unknown"]
    """tested: a test that runs imports it, does not mock it, and calls one of its exports; unknown: see ``reason``."""
    files: tuple[str, ...] = ()
    """Test files that call it."""
    called: tuple[str, ...] = ()
    """Exports that they call."""
    reason: str | None = None
    """Why it is unknown, or why a test that imports it does not count."""
    line: int = 1
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File."""
        return self.file


SUBJECT = ModuleTests
