"""A place that catches errors."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class CatchClause(Struct, frozen=True):
    """A ``catch`` clause or ``.catch()`` callback."""

    file: str
    line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    swallows: bool
    """It does nothing at all, its body is empty or holds only comments or a bare ``return``, though something is waited
    for in what it guards, and not only looked up: a failure there is of work that was under way."""
    is_explained: bool = False
    """It does nothing, and a comment in it says why."""
    ignores: bool = False
    """It does nothing at all, and nothing is waited for in what it guards, or only what is looked up."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the clause's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = CatchClause
