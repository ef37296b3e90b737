"""Request data that reaches something dangerous."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

FlowKind = Literal[
    "sql",
    "command",
    "path",
    "code",
    "pattern",
    "redirect",
    "url",
    "filter",
    "document",
    "page",
    "template",
    "object",
    "xml",
    "prototype",
]
"""What the data becomes: an SQL statement, a shell command, the path of a file, program code, a regular expression, the
target of a redirect, the address of an outgoing request, a MongoDB filter, a record that is stored, an HTML page, a
template, an object that is restored from its serialised form, an XML document, what is written
into all objects by a merge that follows ``__proto__``."""


Callers = Literal["anyone", "known", "privileged"]


Gain = Literal["code", "secret", "many", "record", "list", "nothing"]
"""What comes of an operator in a MongoDB filter, from the worst: it is run; it stands for a secret that need not be
known then; all records are changed at once; a record is found or changed by who does not know its key; others are
listed or counted; nothing, for what was sent is stored afterwards, where an object is refused."""


class Flow(Struct, frozen=True):
    """Request data that reaches a call which can be made to do harm, over all endpoints that lead there."""

    kind: FlowKind
    """What the data becomes."""
    status: Literal["tainted", "safe", "unknown"]
    """tainted: a client chooses what the call does; safe: the data is handed over as a mere value, or a schema leaves
    no choice; unknown: see ``reason``. The worst of all endpoints that lead there."""
    sink: str
    """The call: ``query()``, ``res.redirect()``."""
    package: str | None
    """npm package or Node module that is called; None when that isn't known."""
    sources: tuple[str, ...]
    """What of the request gets there: ``req.body.name``."""
    file: str
    line: int
    """Of the call."""
    column: int
    backend: str
    method: str
    path: str
    """Of the first endpoint that leads there."""
    endpoints: int
    """How many endpoints lead there."""
    reached: bool
    """An application reaches one of them."""
    snippet: str = ""
    reason: str | None = None
    """Why it is unknown, or what makes it safe."""
    callers: Callers = "anyone"
    """Who may send such a request, at the endpoint that is told; privileged: known by a role or a permission."""
    gain: Gain | None = None
    """Of a filter: what comes of it that the client can choose an operator."""
    hindrance: str | None = None
    """Of a page: what keeps other sites from making a browser run it, wherever it leads."""
    is_start: bool = False
    """Of a path: the client chooses all of it, since nothing stands before what it sends."""
    trail: tuple[Step, ...] = ()
    """From where the data is read to the call."""

    @property
    def identity(self) -> str:
        """Kind, file and the call's source."""
        return f"{self.kind} {self.file} {self.sink} {' '.join(self.sources)}"


SUBJECT = Flow
