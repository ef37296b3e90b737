"""Texts put together in code: strings, templates, ``+``, ``join``, with holes where the values are dynamic."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir

MAX_TEXT = 10_000
"""Longer texts are cut."""
MAX_DEPTH = 60
"""Concatenations nested deeper than this are holes."""

_UNCHANGED = frozenset(("trim", "trimEnd", "trimStart", "toString"))

Lookup = Callable[[str], "ir.Expression | None"]
"""What a name was declared with, if that can't change."""


class Piece(NamedTuple):
    """A part of a text."""

    text: str | None
    """None for a hole."""
    at: int
    is_optional: bool = False
    """It is only there under a condition."""
    source: ir.Expression | None = None
    """Of a hole: what fills it."""


def pieces_of(node: ir.Expression, lookup: Lookup, depth: int = 0) -> list[Piece]:  # noqa: C901 - one case per kind of node
    """The parts of a text in order; a single hole for what is no text."""
    if depth > MAX_DEPTH:
        return [_hole(node)]
    match node:
        case ir.Literal(value=str() as text, at=at):
            return [Piece(text[:MAX_TEXT], at)]
        case ir.Literal(value=int() | float() as number, at=at) if not isinstance(number, bool):
            return [Piece(str(number), at)]
        case ir.Template(parts=parts, at=at):
            return [
                piece
                for part in parts
                for piece in ([Piece(part, at)] if isinstance(part, str) else pieces_of(part, lookup, depth + 1))
            ]
        case ir.Binary(operator="+", left=left, right=right):
            return [*pieces_of(left, lookup, depth + 1), *pieces_of(right, lookup, depth + 1)]
        case ir.Conditional(then=then, otherwise=otherwise):
            return _longer([pieces_of(branch, lookup, depth + 1) for branch in (then, otherwise)])
        case ir.Name(id=name):
            value = lookup(name)
            return _named(value, lookup, depth) if value is not None else [_hole(node)]
        case ir.Call(callee=ir.Member(name="join", object=ir.Array(items=items)), arguments=arguments):
            return _joined(items, arguments, lookup, depth)
        case ir.Call(callee=ir.Member(name=name, object=inner)) if name in _UNCHANGED:
            return pieces_of(inner, lookup, depth + 1)
        case ir.Await(value=inner):
            return pieces_of(inner, lookup, depth + 1)
    return [_hole(node)]


def start_of(node: ir.Expression, depth: int = 0) -> str:
    """How a text begins, as far as that stands there; empty for what is none."""
    if depth > MAX_DEPTH:
        return ""
    match node:
        case ir.Literal(value=str() as text):
            return text
        case ir.Template(parts=(str() as text, *_)):
            return text
        case ir.Binary(operator="+", left=inner) | ir.Call(callee=ir.Member(name="trim", object=inner)):
            return start_of(inner, depth + 1)
        case ir.Call(callee=ir.Member(name="join", object=ir.Array(items=(first, *_)))):
            return start_of(first, depth + 1) if first is not None else ""
    return ""


def _named(value: ir.Expression, lookup: Lookup, depth: int) -> list[Piece]:
    found = pieces_of(value, lookup, depth + 1)
    return found if any(piece.text is not None for piece in found) else [_hole(value)]


def _longer(branches: Sequence[list[Piece]]) -> list[Piece]:
    """Of two possible texts the one that says more; optional when the other is empty."""
    longest = max(branches, key=lambda pieces: sum(len(piece.text or "") for piece in pieces))
    return [piece._replace(is_optional=True) for piece in longest]


def _joined(
    items: Sequence[ir.Expression | None], arguments: Sequence[ir.Expression], lookup: Lookup, depth: int
) -> list[Piece]:
    separator = arguments[0] if arguments else None
    between = separator.value if isinstance(separator, ir.Literal) and isinstance(separator.value, str) else ","
    found: list[Piece] = []
    for item in items:
        if found:
            found.append(Piece(between, found[-1].at))
        found.extend(pieces_of(item, lookup, depth + 1) if item is not None else [])
    return found


def _hole(node: ir.Expression) -> Piece:
    return Piece(None, getattr(node, "at", 0), source=node)
