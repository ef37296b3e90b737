"""What a middleware of the program takes out of a part of the request before it puts what is left in its place."""

from __future__ import annotations

import re
from typing import get_args

from medpro_audit.model.evaluation.values import Constant, Pattern, Value
from medpro_audit.model.subjects import RequestPart
from medpro_audit.model.subjects.flow import FlowKind

_EVERY: frozenset[FlowKind] = frozenset(get_args(FlowKind))
_MARKS: dict[FlowKind, frozenset[str]] = {
    "command": frozenset(";|&`$<>'\"\n"),
    "filter": frozenset("$"),
    "page": frozenset("<"),
    "path": frozenset("./\\"),
    "sql": frozenset("'\"`;-"),
    "template": frozenset("{<%$#"),
}
"""Characters without one of which what is sent does no harm, by kind of flow."""
_TOKEN = re.compile(r"\\.|\[\^|.", re.DOTALL)
_CLASSES = frozenset(("\\w", "\\d", "\\s", "\\b", "\\B"))
_SIGNS = frozenset("[](){}|*+?^$")
_ANYTHING = frozenset((".", "[^", "\\W", "\\D", "\\S"))


_ONE = re.compile(r"(?:[^\\\[(|.]|\\[^wWdDsSbB])+")
"""A pattern of single characters: it has nothing in it that stands for many."""
_OF_SCHEME = re.compile(r"(?:https?|ftps?|wss?|data|file|\[a-z[^\]]*\]|s?[\^$?:/\\()|+*.])+", re.IGNORECASE)
"""What asks for nothing but ``https://`` or another scheme, as a text or as a pattern."""


def takes_one(pattern: Value) -> bool:
    """Whether only the first place is rewritten that this matches, and no more than what is named: another one like it
    stays, so that a client may send what it likes.
    """
    if isinstance(pattern, Pattern):
        return "g" not in pattern.flags and _ONE.fullmatch(pattern.source) is not None
    return isinstance(pattern, Constant)


def asks_for_scheme(against: Value | None) -> bool:
    """Whether a text is only asked for how it begins as an address."""
    match against:
        case Constant(value=str() as text) | Pattern(source=text):
            return re.search(r"http|ftp|ws|:", text) is not None and _OF_SCHEME.fullmatch(text) is not None
    return False


def cleaned_by(pattern: Value) -> frozenset[FlowKind]:
    """The kinds of flows to which it may matter that what this matches is taken out; all, where it isn't known."""
    if isinstance(pattern, Constant):
        return _kinds(frozenset(str(pattern.value)))
    if not isinstance(pattern, Pattern):
        return _EVERY
    tokens: list[str] = _TOKEN.findall(pattern.source)
    if _begins_with_text(tokens):
        return _kinds(frozenset(tokens[0][-1]))
    return _EVERY if _ANYTHING & _outside_of_classes(tokens) else _kinds(frozenset(one[-1] for one in tokens))


def _begins_with_text(tokens: list[str]) -> bool:
    """Whether nothing matches that does not have the first character in it: ``<[^>]*>``."""
    is_text = bool(tokens) and tokens[0] not in _SIGNS | _CLASSES | _ANYTHING
    return is_text and "|" not in tokens and tokens[1:2] not in (["*"], ["?"], ["{"])


def _outside_of_classes(tokens: list[str]) -> frozenset[str]:
    """What stands in a pattern for characters that it doesn't name; a dot in brackets is a dot."""
    found: set[str] = set()
    is_inside = False
    for one in tokens:
        if one != "." or not is_inside:
            found.add(one)
        is_inside = one in {"[", "[^"} or (is_inside and one != "]")
    return frozenset(found)


def _kinds(characters: frozenset[str]) -> frozenset[FlowKind]:
    return frozenset(kind for kind, marks in _MARKS.items() if marks & characters)


def mark_of(kind: FlowKind, part: RequestPart) -> str:
    """What is noted of a part that was cleaned, beside what was held against something."""
    return f"cleaned {kind} {part}"
