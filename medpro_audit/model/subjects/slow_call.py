"""A call for which a request waits: files, other programs, hashes."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class SlowCall(Struct, frozen=True):
    """A call, in a function that serves requests, of something slow that Node offers in a blocking and another form."""

    file: str
    line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    name: str
    """Of the function: ``readFileSync``, ``readFile``."""
    work: Literal["file", "lookup", "process", "hash", "compression"]
    """What it does: reads or writes the content of files, looks at the file system, runs another program, computes what
    is slow on purpose, compresses."""
    blocks: bool
    """It is the blocking form: the whole process waits."""
    endpoints: tuple[str, ...] = ()
    """Method and path of the endpoints that lead to it, sorted."""
    instead: str = ""
    """What does the same without blocking."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def served(self) -> str:
        """One of the endpoints that lead to it, and how many others do."""
        others = len(self.endpoints) - 1
        return f"{self.endpoints[0]}{f' and {others} more' if others > 0 else ''}" if self.endpoints else "a request"

    @property
    def identity(self) -> str:
        """File and source."""
        return f"{self.file} {self.snippet or self.name}"


SUBJECT = SlowCall
