"""A match of a syntax rule."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class SyntaxMatch(Struct, frozen=True):
    """A place where the tree-sitter query of a syntax rule matches."""

    rule: str
    """The rule that asks; no other rule sees it."""
    file: str
    line: int
    column: int
    end_line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    snippet: str
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the matched source."""
        return f"{self.file} {self.snippet}"


SUBJECT = SyntaxMatch
