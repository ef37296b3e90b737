"""Which route of an application answers a path, as Express and its kin match them.

Sources: path-to-regexp, README of 0.1 (Express 4) and of 8 (Express 5): a parameter is one segment, upper and lower
case are the same, a slash at the end does not matter. Where several routes match, the most specific one is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Literal, NamedTuple

from medpro_audit.model.testing.urls import UNKNOWN

Fit = Literal["surely", "perhaps"]

MAX_VARIANTS = 8
_OPTIONAL_PART = re.compile(r"\(((?:[^()\\]*/)[^()\\]*)\)\?")
_MIXED = re.compile(r":\w+")
_GROUP = re.compile(r"\((?:[^()\\]|\\.)*\)")
_SEGMENT = re.compile(r"/((?:[^/()]|\((?:[^()\\]|\\.)*\))*)")
_REST = re.compile(r"(?:\*\w*|\(\.[*+]\)|\{\*\w+\}|:\w+(?:\*|\+|\(\.?[*+]\)|\(\[\\s\\S\][*+]\)))\Z")
_NAMED = re.compile(r"\{[A-Z][A-Z0-9_]*\}")
"""What an environment variable holds, be it nothing or several segments."""
_OPTIONAL = re.compile(r":\w+(?:\([^)]*\))?\?\Z|\{.*\}\Z")

_END, _STATIC, _CHECKED, _FREE, _WILD = 4, 3, 2, 1, 0
"""How specific a segment is, and the end of a path."""


class Segment(NamedTuple):
    """One segment of a route's path."""

    rank: int
    text: str
    """Small letters, of a static one."""
    pattern: re.Pattern[str] | None = None
    """Of one that has fixed parts around its parameters."""
    is_optional: bool = False


class Match(NamedTuple):
    """How a path fits a route."""

    fit: Fit
    rank: tuple[int, ...]
    """Greater is more specific."""


@lru_cache(maxsize=20_000)
def segments_of(route: str) -> tuple[Segment, ...] | None:
    """The segments of a path in Express notation; None for a regular expression, which nothing is said of."""
    if route.startswith(("/^", "/\\")) or route.count("(") != route.count(")"):
        return None
    path = route.replace("{/", "/{") if "{/" in route else route
    return tuple(_segment(found) for found in _SEGMENT.findall(path if path.startswith("/") else f"/{path}") if found)


def _segment(text: str) -> Segment:
    if _NAMED.fullmatch(text):
        return Segment(_WILD, "", is_optional=True)
    if _REST.match(text):
        return Segment(_WILD, "", is_optional=text.startswith("{"))
    is_optional = _OPTIONAL.match(text) is not None
    bare = text.strip("{}?")
    if bare.startswith(":") and _MIXED.fullmatch(_GROUP.sub("", bare)):
        return Segment(_CHECKED if "(" in bare else _FREE, "", is_optional=is_optional)
    if ":" in bare or "*" in bare or "(" in bare:
        return Segment(_CHECKED, "", _mixed(bare), is_optional)
    return Segment(_STATIC, bare.lower(), is_optional=is_optional)


def _mixed(text: str) -> re.Pattern[str]:
    """Fixed text around parameters: ``:from-:to``, ``:file.json``. Groups and stars stand for anything."""
    parts = re.split(r":\w+(?:\((?:[^()\\]|\\.)*\))?|\((?:[^()\\]|\\.)*\)|\*\w*", text)
    return re.compile("[^/]*?".join(map(re.escape, parts)), re.IGNORECASE)


def match(path: str, route: str) -> Match | None:
    """How a path, with marks for what is not known, fits a route; None when it can't."""
    given = [segment for segment in path.split("/") if segment]
    fits = (_fit(given, wanted) for one in variants_of(route) if (wanted := segments_of(one)) is not None)
    return max((fit for fit in fits if fit is not None), key=lambda fit: fit.rank, default=None)


@lru_cache(maxsize=20_000)
def variants_of(route: str) -> tuple[str, ...]:
    """A path with and without each of its optional parts that hold a slash: ``/all(/since)?``, ``(@:scope/)?:name``."""
    found = [route]
    while len(found) < MAX_VARIANTS and any(map(_OPTIONAL_PART.search, found)):
        found = [text for one in found for text in (_OPTIONAL_PART.sub(r"\1", one, 1), _OPTIONAL_PART.sub("", one, 1))]
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=20_000)
def heads_of(route: str) -> frozenset[tuple[str, ...]]:
    """The fixed segments that a path begins with, in small letters, of each of its variants that can be matched."""
    found = (segments_of(one) for one in variants_of(route))
    return frozenset(
        tuple(each.text for each in takewhile(lambda segment: segment.rank == _STATIC and not segment.is_optional, one))
        for one in found
        if one is not None
    )


def _fit(given: Sequence[str], wanted: Sequence[Segment]) -> Match | None:
    fit: Fit = "surely"
    ranks: list[int] = []
    for at, segment in enumerate(wanted):
        if segment.rank == _WILD:
            rest = wanted[at + 1 :]
            if len(given) == at and not segment.is_optional:
                return None
            if not rest:
                return Match(fit, (*ranks, _WILD))
            tail = _fit(given[len(given) - len(rest) :], rest) if len(given) >= at + len(rest) else None
            return Match("perhaps" if "perhaps" in (fit, tail.fit) else "surely", (*ranks, _WILD)) if tail else None
        if at >= len(given):
            if segment.is_optional:
                continue
            return None
        one = _fits(given[at], segment)
        if one is None:
            return None
        fit = "perhaps" if one == "perhaps" else fit
        ranks.append(segment.rank)
    return Match(fit, (*ranks, _END)) if len(given) <= len(wanted) else None


def _fits(given: str, segment: Segment) -> Fit | None:
    if segment.rank == _STATIC:
        if UNKNOWN not in given:
            return "surely" if given.lower() == segment.text else None
        return "perhaps" if _may_be(given.lower(), segment.text) else None
    if segment.pattern is None or segment.pattern.fullmatch(given):
        return "surely"
    return "perhaps" if UNKNOWN in given else None


def _may_be(given: str, text: str) -> bool:
    """Whether a segment of which parts are not known may be this text."""
    first, *others = given.split(UNKNOWN)
    last = others[-1]
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    at = len(first)
    for part in others[:-1]:
        at = text.find(part, at)
        if at == -1:
            return False
        at += len(part)
    return at <= len(text) - len(last)


def may_end_with(route: str, tail: str) -> bool:
    """Whether the end of a route answers a path that begins with what is not known."""
    wanted = segments_of(route)
    given = [segment for segment in tail.split("/") if segment]
    if wanted is None or not given or len(given) > len(wanted):
        return False
    return _fit(given, wanted[len(wanted) - len(given) :]) is not None
