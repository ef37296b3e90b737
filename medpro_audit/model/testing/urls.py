"""What a test asks for: URLs of which some parts may not be known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Deferred,
    Environment,
    ObjectValue,
    Text,
    Undefined,
    Value,
)

UNKNOWN = "\0"
"""Stands in a URL for a part that is not known."""
MAX_URLS = 8
"""Further values that one URL may have are not looked at."""

_ORIGIN = re.compile(r"^(?:[a-z][a-z+.-]*:)?//(?P<host>[^/?#]*)", re.IGNORECASE)
_OWN_HOST = re.compile(
    r"(?:[^@]*@)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1?\]|[^/]*\0[^/]*|[a-z][a-z\d-]*)(?::[\d\0]*)?\Z",
    re.IGNORECASE,
)
"""A host that a test starts itself: this machine, a container's name, or one that is not known."""


def urls_of(value: Value, depth: int = 0) -> list[str]:
    """The URLs that a value may be; empty where nothing at all is known of it."""
    return list(dict.fromkeys(_texts(value, depth)))[:MAX_URLS]


def _texts(value: Value, depth: int) -> Iterator[str]:
    match value:
        case Constant(value=str() as text):
            yield text
        case Constant(value=int() | float() as number):
            yield str(number)
        case Environment(default=Value() as default):
            yield from _texts(default, depth)
        case Text(parts=parts) if depth < 2:  # noqa: PLR2004 - texts of texts are put together as one
            yield from _joined(parts, depth)
        case Choice(options=options) if depth < 2:  # noqa: PLR2004 - as above
            for option, _ in options:
                yield from _texts(option, depth + 1)
        case Deferred():
            yield from _texts(value.force(), depth + 1)
        case ObjectValue(properties=properties) if "pathname" in properties:
            yield from _texts(properties["pathname"], depth + 1)


def _joined(parts: tuple[str | Value, ...], depth: int) -> list[str]:
    texts = [""]
    for part in parts:
        pieces = [part] if isinstance(part, str) else list(_texts(part, depth + 1)) or [UNKNOWN]
        texts = [text + piece for text in texts for piece in pieces][:MAX_URLS]
    return texts


def path_of(url: str, base: str = "") -> str | None:
    """The path that a URL asks the program for; None for one of another host.

    One that begins with what is not known keeps that mark: it may stand for a host, or for a prefix as well.
    """
    whole = url if _ORIGIN.match(url) or not base else f"{base.rstrip('/')}/{url.lstrip('/')}"
    origin = _ORIGIN.match(whole)
    if origin is not None:
        if not _OWN_HOST.fullmatch(origin["host"]):
            return None
        whole = whole[origin.end() :]
    path = re.split(r"[?#]", whole, maxsplit=1)[0]
    return path if path.startswith(("/", UNKNOWN)) else f"/{path}"


def property_of(value: Value, *names: str) -> Value | None:
    """A property of an object of options, by the first of these names that it has."""
    if isinstance(value, ObjectValue):
        return next((value.properties[name] for name in names if name in value.properties), None)
    return None


def text_in(value: Value | None) -> str:
    """A constant text, empty for anything else."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else ""


def rows_of(value: Value) -> list[tuple[Value, ...]] | None:
    """The rows of a table of cases, as ``each`` hands them to its function; None when they are not known."""
    if not isinstance(value, ArrayValue) or value.is_open:
        return None
    return [
        tuple(inner.value for inner in item.value.items) if isinstance(item.value, ArrayValue) else (item.value,)
        for item in value.items
    ]


def is_given(value: Value | None) -> bool:
    """Whether there is a value at all."""
    return value is not None and not isinstance(value, Undefined)
