"""A connection that is taken from a pool, or a transaction that is begun."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class ConnectionUse(Struct, frozen=True):
    """A connection that is taken from a pool, or a transaction that is begun, in one function."""

    file: str
    line: int
    backend: str
    kind: Literal["checkout", "transaction"]
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    name: str
    """Variable that holds the connection or transaction; empty when there is none."""
    is_ended: bool | None
    """On every path the connection is released, the transaction rolled back where it isn't committed; None where it is
    handed on, or that can't be seen from the function alone."""
    problem: str = ""
    """What lacks, in words."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Kind, file and the call's own source."""
        return f"{self.kind} {self.file} {self.snippet}"


SUBJECT = ConnectionUse
