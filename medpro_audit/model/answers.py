"""What a function answers with: the method, the status by then, and the form of what is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Literal, NamedTuple

from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Item,
    Native,
    ObjectValue,
    Site,
    Text,
    Undefined,
    Value,
)

ELEMENTS = "[]"
_DEPTH = 5
"""Objects and lists within one another of which the form is taken down."""
SENDING = frozenset(("json", "jsonp", "send", "end", "sendStatus", "redirect", "render", "sendFile", "download"))
"""Methods of a response that answer the request."""
_DEFAULT_STATUS = 200
_STATUS_PACKAGES = frozenset(("http-status", "http-status-codes"))
"""Packages whose constants bear the names of RFC 9110, as Python's do: ``NOT_FOUND``, ``StatusCodes.NOT_FOUND``."""

SentKind = Literal["object", "list", "text", "nothing", "value", "unknown"]
"""``value``: what a package or the request has given, which nobody has put into an envelope here."""


class Sent(NamedTuple):
    """The form of what is sent, as far as it is known; taken down at once, since objects change."""

    kind: SentKind
    fields: tuple[tuple[str, str | float | bool | None], ...] = ()
    """Top-level properties of an object, each with its value where that is a constant, else ``?``."""
    is_open: bool = False
    """It may have further properties."""
    inner: tuple[tuple[str, Sent], ...] = ()
    """Objects and lists among its properties, by name; the elements of a list under ``[]``, where all are alike."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of the top-level properties."""
        return tuple(name for name, _ in self.fields)


class Answer(NamedTuple):
    """One call that answers a request."""

    method: str
    status: int | None
    """None when it isn't known; what the framework sends by default where nobody has set it."""
    sent: Sent
    function: FunctionValue | None
    """In which the call stands."""
    site: Site
    calls: tuple[tuple[FunctionValue | None, Site], ...]
    """The calls that led there, outermost first: in which function, and where."""


def status_of(value: Value | None) -> int | None:
    """The status that was set, the default where none was, None where that isn't known."""
    match value:
        case None:
            return _DEFAULT_STATUS
        case Constant(value=int() as status):
            return status
        case External(package=package, name=name) if package in _STATUS_PACKAGES:
            found = HTTPStatus.__members__.get(name.rpartition(".")[2])
            return found.value if found is not None else None
    return None


def sent_of(arguments: tuple[Item, ...]) -> Sent:
    """The form of the first argument."""
    return _form(arguments[0].value, _DEPTH) if arguments else Sent("nothing")


def _form(value: Value, depth: int) -> Sent:
    match value:
        case ObjectValue(properties=properties, prototype=ClassValue()) if not properties:
            return Sent("unknown")  # its constructor is only run when somebody asks for it
        case ObjectValue():
            fields = tuple((name, _constant(inner)) for name, inner in value.properties.items())
            inner = tuple(_inner(value.properties.items(), depth)) if depth else ()
            return Sent("object", fields, value.is_open or bool(value.unknown), inner)
        case ArrayValue(items=items):
            forms = {_form(item.value, depth - 1) for item in items} if depth else set()
            return Sent("list", inner=((ELEMENTS, forms.pop()),) if len(forms) == 1 else ())
        case Text() | Constant(value=str()):
            return Sent("text")
        case Undefined() | Constant(value=None):
            return Sent("nothing")
        case External() | Native() | Constant():
            return Sent("value")
        case Choice(options=options):
            forms = {_form(option, depth) for option, _ in options if not isinstance(option, Undefined)}
            alike = {form._replace(inner=()) for form in forms}
            return (forms if len(forms) == 1 else alike).pop() if len(alike) == 1 else Sent("unknown")
    return Sent("unknown")


def _inner(properties: Iterable[tuple[str, Value]], depth: int) -> Iterator[tuple[str, Sent]]:
    for name, value in properties:
        form = _form(value, depth - 1)
        if form.kind in {"object", "list"}:
            yield name, form


def _constant(value: Value) -> str | float | bool | None:
    return value.value if isinstance(value, Constant) else "?"
