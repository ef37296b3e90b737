"""JSON documents as all formats write them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec import Struct

from medpro_audit.reporters.escaping import json_text

_AT_ONCE = 100
"""Items of a list that are written in one piece."""


def encode(value: object) -> str:
    """A value as indented JSON, keys in the order of their declaration, ending in a line break."""
    return json_text(_formatted(value)) + "\n"


def pieces(document: Struct) -> Iterator[str]:
    """The same text in pieces of whole lines: a large one need not be held whole, several times over."""
    yield "{\n"
    *others, last = document.__struct_fields__
    for name in others:
        yield from _field(name, getattr(document, name), ",\n")
    yield from _field(last, getattr(document, last), "\n")
    yield "}\n"


def _field(name: str, value: object, end: str) -> Iterator[str]:
    if not isinstance(value, tuple) or len(value) <= _AT_ONCE:
        yield json_text(f'  "{name}": {_indented(_formatted(value))}{end}')
        return
    yield f'  "{name}": [\n'
    for start in range(0, len(value), _AT_ONCE):
        items = _formatted(value[start : start + _AT_ONCE]).removeprefix("[\n").removesuffix("\n]")
        yield json_text(f"  {_indented(items)}{',' if start + _AT_ONCE < len(value) else ''}\n")
    yield f"  ]{end}"


def _indented(text: str) -> str:
    """Shifted to where it stands in a field; no text within it holds a line break."""
    return text.replace("\n", "\n  ")


def _formatted(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
