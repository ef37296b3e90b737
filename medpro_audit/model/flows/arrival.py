"""A call that request data reaches, as it is noted while code is followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.values import Form, FunctionValue, Site, Value
from medpro_audit.model.subjects import RequestPart
from medpro_audit.model.subjects.flow import FlowKind

if TYPE_CHECKING:
    from medpro_audit.model.request.data import Data
    from medpro_audit.model.request.records import Holding

RESPONSE = "<response>"
"""Stands for the package of the response's methods."""

Need = Literal["text", "object", "fields", "names", "nothing"]
"""What a client must be able to send for the call to go wrong: a text of its choice, an object in place of a value,
fields that nobody asked for, fields with names of its choice; nothing of that kind goes wrong where data is handed over
as a mere value."""


class Call(NamedTuple):
    """A call that leaves the program."""

    package: str
    """npm package or Node module, `RESPONSE`; empty when it isn't known what is called."""
    path: str
    """Members and calls on the way from the package: ``createPool().query``."""
    name: str
    """Its last name."""
    arguments: tuple[Value, ...]
    site: Site
    types: tuple[str, ...] = ()
    """Content types that the response was given by now."""

    def argument(self, index: int) -> Value | None:
        """One of the arguments; None when it isn't given."""
        return self.arguments[index] if index < len(self.arguments) else None


class Reach(NamedTuple):
    """One piece of request data in a call, or something of which it isn't known whether it is one."""

    kind: FlowKind
    need: Need
    data: Data | None
    reason: str = ""
    """What isn't known; empty for data."""
    is_start: bool = False
    """Of a path: nothing of the program's own stands before it."""


class Carried(NamedTuple):
    """A piece of request data that reaches a call."""

    part: RequestPart
    path: tuple[str, ...]
    form: Form
    need: Need
    checked: Holding | None
    """What it came out of."""
    place: Place | None
    """Where it was read."""
    is_start: bool = False
    """Of a path: nothing of the program's own stands before it."""

    @property
    def name(self) -> str:
        """As a reader knows it: ``req.body.ids[]``."""
        prefix = "a field name of " if self.need == "names" else ""
        return f"{prefix}req.{self.part}" + "".join("[]" if step == "*" else f".{step}" for step in self.path)

    @property
    def key(self) -> str:
        """What tells it from other data of the request."""
        return ".".join((self.part, *self.path))


class Arrival(NamedTuple):
    """A call with all that reaches it, and what is known there."""

    kind: FlowKind
    sink: str
    package: str
    site: Site
    """Of the call; where that is in a function which only hands on what it is given, of the call of that function."""
    end: Site
    """Of the call itself."""
    carried: tuple[Carried, ...]
    lost: str
    """Why it isn't known what else reaches it; empty when all is known."""
    holdings: tuple[Holding, ...]
    """What is checked on the present path of the function."""
    tested: frozenset[str]
    """Data that was held against something by now."""
    calls: tuple[tuple[FunctionValue | None, Site], ...]
    """Calls in progress, outermost first: which function was called, and where."""
    statement: str = ""
    """Of SQL, its known text."""
    model: Site | None = None
    """Of a call of Mongoose, where the model is made that is asked."""
    is_declared: bool = False
    """What comes of it is given to a new variable: ``const user = new User(…)``."""
