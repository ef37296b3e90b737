"""A place that answers requests."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Answer(Struct, frozen=True):
    """A call such as ``res.status(404).json({ … })`` in a handler, a middleware or an error handler."""

    file: str
    line: int
    backend: str
    method: str
    """``json``, ``send``, ``end``, ``redirect`` and so on."""
    status: int | None
    """What it answers with, by default 200; None when that isn't known, or differs."""
    kind: Literal["object", "list", "text", "nothing", "value", "unknown"]
    """Form of what it sends."""
    keys: tuple[str, ...]
    """Top-level keys of an object that it sends."""
    in_failure: bool
    """It stands where something has failed: in a ``catch``, behind ``if (err)``, in an error handler."""
    says_failure: bool
    """What it sends says that something has failed: ``success: false``, an ``error``, a message in a ``catch``."""
    exposes: Literal["nothing", "message", "error", "stack", "unknown"]
    """What of the error it sends to the client: its message, all of it, its stack."""
    serves: str
    """Method and path of an endpoint that it answers; empty for one that answers many."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the line's own source."""
        return f"{self.file} {self.snippet}"


SUBJECT = Answer
