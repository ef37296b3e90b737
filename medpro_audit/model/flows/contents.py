"""Values taken apart: what of the request is in them, and in which form."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.evaluation.arithmetic import NUMBERS
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Environment,
    External,
    ObjectValue,
    Text,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.request.data import Data

Piece = str | Value
"""Of a text: what is known of it, or the value that stands there."""

_DEPTH = 6
_KEEPING = {
    ("buffer", "Buffer.from"),
    ("Buffer", "from"),
    ("Buffer", ""),
    ("URL", ""),
    ("decodeURI", ""),
    ("lodash", "trim"),
    ("lodash", "toString"),
    ("path", "relative"),
    ("querystring", "unescape"),
    ("unescape", ""),
    ("url", "parse"),
    ("url", "URL"),
    ("util", "format"),
}
"""Functions of packages whose result is, or holds, what they are given: package and name."""
_ESCAPING = re.compile(r"escape|quote|sanit|encode|purif|clean|xss|filter", re.IGNORECASE)


def kept_in(value: External) -> Iterator[Value]:
    """What a package was given of which its result still holds all."""
    for call in value.calls():
        callee = call.callee
        if isinstance(callee, External) and (callee.package, callee.name) in _KEEPING:
            yield from (item.value for item in call.arguments)


def data_in(value: Value, depth: int = _DEPTH) -> Iterator[Data]:
    """All request data in a value, in order."""
    if isinstance(value, Data):
        yield value
    elif depth:
        for inner in _parts_of(value):
            yield from data_in(inner, depth - 1)


def _parts_of(value: Value) -> Iterator[Value]:
    """What a value is made of, as far as data may come through it."""
    match value:
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Value))
        case Choice(options=options):
            yield from (option for option, _ in options)
        case ArrayValue(items=items):
            yield from (item.value for item in items)
        case ObjectValue(properties=properties, unknown=unknown):
            yield from (*properties.values(), *unknown)
        case External():
            yield from kept_in(value)


def spellings(value: Value | None) -> Iterator[tuple[Piece, ...]]:
    """The texts that a value may be, each as its pieces; none for what is no text."""
    for option, _ in options_of(value) if value is not None else ():
        match option:
            case Text(parts=parts):
                yield tuple(piece for part in parts for piece in _piece(part))
            case Constant(value=str() as text):
                yield (text,)
            case External():
                kept = [spelling for inner in kept_in(option) for spelling in spellings(inner)]
                yield from kept or [(option,)]
            case Data() | Environment() | Unknown():
                yield (option,)


def _piece(part: Piece) -> Iterator[Piece]:
    """What stands at one place of a text: of several possibilities the one that holds request data."""
    if isinstance(part, str):
        yield part
        return
    options = [option for option, _ in options_of(part)]
    chosen = next((option for option in options if any(data_in(option))), options[0])
    if isinstance(chosen, Text):
        for inner in chosen.parts:
            yield from _piece(inner)
    elif isinstance(chosen, ArrayValue):
        yield from (item.value for item in chosen.items)
    elif isinstance(chosen, External):
        yield from list(kept_in(chosen)) or [chosen]
    else:
        yield chosen


def written(pieces: tuple[Piece, ...]) -> str:
    """The known text, with a mark where something else stands."""
    return "".join(piece if isinstance(piece, str) else "\N{REPLACEMENT CHARACTER}" for piece in pieces)


def doubt_of(piece: Piece) -> str:
    """Why it isn't known whether a piece holds request data; empty when it is known, or nothing says that it does."""
    match piece:
        case Unknown(reason=reason):
            return reason if reason not in NUMBERS else ""
        case External():
            return _doubt_of_result(piece)
    return ""


def _doubt_of_result(value: External) -> str:
    call = value.call
    if call is None or not any(True for item in call.arguments for _ in data_in(item.value, 1)):
        return ""
    name = value.name.rpartition(".")[2] or value.package
    return "" if _ESCAPING.search(name) else f"what {name}() makes of request data is not known"


def field(value: Value | None, name: str) -> Value | None:
    """A property of an object; None when it has none of that name."""
    return value.properties.get(name) if isinstance(value, ObjectValue) else None
