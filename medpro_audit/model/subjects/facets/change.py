"""Whether an endpoint changes anything."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class Change(Struct, frozen=True):
    """Whether an endpoint is seen to change anything but its visitor's own session."""

    status: Literal["yes", "no", "unknown"] = "unknown"
    """yes: its own functions lead to a call that writes; no: they do nothing but answer."""
    kind: str | None = None
    """What is changed: database, file, mail, memory, message, payment, process, queue, service or storage."""
    does: str = ""
    """What it does, in words: ``writes to the database``."""
    reason: str | None = None
    """Why it is unknown."""
    trail: tuple[Step, ...] = ()
    """From its handler to the call."""
