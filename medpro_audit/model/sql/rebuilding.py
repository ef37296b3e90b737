"""A statement's text out of the pieces that code puts together: what is dynamic becomes a name that parses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from medpro_audit.model.sql.phrases import MAX_TEXT, Piece

HOLE = "zz_dynamic"
"""Name that stands for something dynamic."""

_STATEMENT = re.compile(r"[\s(]*(select|insert|update|delete|with|replace)\b", re.IGNORECASE)
_DEFINITION = re.compile(r"\s*(create|alter)\b", re.IGNORECASE)
_OPERAND_BEFORE = re.compile(
    r"(?:[=<>(,+\-*/%|.`\[]"
    r"|\b(?:select|distinct|from|join|into|update|set|where|and|or|not|by|like|ilike|in|limit|offset|between|on|values"
    r"|having|table|as|then|else|when|case|is|interval|using|regexp|rlike|exists|any|all|top))\Z",
    re.IGNORECASE,
)
_ATTACHED_BEFORE = re.compile(r"[._$]\Z")
"""``visits_${year}`` is one name; ``FROM visits${filter}`` is a name and a clause."""
_ATTACHED_AFTER = re.compile(r"[\w.`]")
_IDENTIFIER_PARAMETER = re.compile(r"\?\?|(?<![:\w]):\w+:(?!:)")
_NAMED_PARAMETER = re.compile(
    r"\$(?:<\s*([\w.]+)\s*([^<>]*)>|\(\s*([\w.]+)\s*([^()]*)\)|\[\s*([\w.]+)\s*([^\[\]]*)\]|/\s*([\w.]+)\s*([^/]*)/)"
)
"""``$<name>``, ``$(name)``, ``$[name]`` and ``$/name/``, with a filter: https://vitaly-t.github.io/pg-promise/formatting."""
_OF_TEXT = re.compile(r"^\s*(?:~|\^|#|:(?:alias|name|raw|value)\b)")
"""Filters that make a name or a part of the statement of it, and no value."""
_NUMBERED_PARAMETER = re.compile(r"\$\d+\b")


class Rebuilt(NamedTuple):
    """The text of a statement."""

    text: str
    has_unknown_clause: bool
    """Something dynamic may add clauses: a filter, an order, a limit."""
    has_optional: bool
    """A part of the text is only there under a condition."""


def is_statement(start: str) -> bool:
    """Whether a text begins as a statement that reads or writes rows."""
    return _STATEMENT.match(start) is not None


def is_definition(start: str) -> bool:
    """Whether a text begins as a statement that defines tables or indexes."""
    return _DEFINITION.match(start) is not None


def rebuild(pieces: Sequence[Piece], *, with_optional: bool = True) -> Rebuilt:
    """Put the pieces together."""
    text, unknown = "", False
    for index, piece in enumerate(pieces):
        if len(text) > MAX_TEXT or (piece.is_optional and not with_optional):
            continue
        if piece.text is not None:
            text += piece.text
        elif _is_operand(text, pieces[index + 1].text if index + 1 < len(pieces) else ""):
            text += f"{HOLE}{index}"
        else:
            text, unknown = f"{text} ", True
    return Rebuilt(_parameters(text), unknown, any(piece.is_optional for piece in pieces))


def _is_operand(before: str, after: str | None) -> bool:
    """Whether something dynamic stands for one value or name, and not for whole clauses."""
    return (
        any(before.count(quote) % 2 for quote in "'`")
        or _ATTACHED_BEFORE.search(before) is not None
        or _OPERAND_BEFORE.search(before[-40:].rstrip()) is not None
        or _ATTACHED_AFTER.match(after or " ") is not None
    )


def _parameters(text: str) -> str:
    """Placeholders for identifiers are no placeholders for values."""
    text = _NAMED_PARAMETER.sub(_plainly, text)
    return _IDENTIFIER_PARAMETER.sub(HOLE, text).strip().rstrip(";")


def _plainly(found: re.Match[str]) -> str:
    name, suffix = (part for part in found.groups() if part is not None)
    return HOLE if _OF_TEXT.match(suffix) else f":{name.replace('.', '_')}"


def numbered_as_plain(text: str) -> str:
    """``$1`` as ``?``, for dialects in which only the driver knows it."""
    return _NUMBERED_PARAMETER.sub("?", text)
