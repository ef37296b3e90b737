"""Paths of Express and of OpenAPI in one form in which they can be compared."""

from __future__ import annotations

import re
from itertools import product
from typing import NamedTuple

SLOT = "{}"
"""Stands for a parameter, whatever it is called."""

Segments = tuple[str, ...]

_PATTERN = r"(?:\((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*\))*\))?"
_PARAMETER = re.compile(rf":\w+{_PATTERN}")
_OPTIONAL = re.compile(rf"/:\w+{_PATTERN}\?|\{{[^{{}}]*\}}")
_REPEATED = re.compile(rf":\w+{_PATTERN}[*+]")
_WILDCARD = re.compile(r"\*|\(\.\*\)")
_EXPRESSION = re.compile(r"[\\^$|]|\(\?")
MAX_OPTIONAL = 4
"""Optional parts of a path that are tried with and without."""
MAX_SLOTS = 2
"""Parameters of one segment, since more of them take forever to match."""


class Template(NamedTuple):
    """What an endpoint's path stands for."""

    variants: tuple[Segments, ...]
    """Without and with its optional parts; empty when it can't be told."""
    prefix: Segments | None = None
    """Of a path with a wildcard: what stands before it."""


def template_of(path: str) -> Template:
    """What a path in Express notation stands for."""
    bare = _PARAMETER.sub(":p", path)
    if _REPEATED.search(path) or _WILDCARD.search(bare):
        before = re.split(r"\*|\(\.\*\)|\{\*|:\w+[*+]", bare, maxsplit=1)[0]
        return Template((), segments_of(before.rsplit("/", 1)[0]) if "/" in before else ())
    if _EXPRESSION.search(bare):
        return Template(())
    optional = list(_OPTIONAL.finditer(path))[:MAX_OPTIONAL]
    variants: dict[Segments, None] = {}
    for kept in product((False, True), repeat=len(optional)):
        text, last = "", 0
        for match, is_kept in zip(optional, kept, strict=True):
            text += path[last : match.start()]
            text += match[0].strip("{}").removesuffix("?") if is_kept else ""
            last = match.end()
        variants[segments_of(_PARAMETER.sub(SLOT, text + path[last:]))] = None
    return Template(tuple(variants))


def segments_of(path: str) -> Segments:
    """Segments of a path in OpenAPI notation, or of one whose parameters are slots already."""
    bare = re.sub(r"\{[^{}/]*\}", SLOT, path.partition("?")[0].partition("#")[0])
    return tuple(segment.lower() for segment in re.sub(r":\w+", SLOT, bare).split("/") if segment)


def fits(segments: Segments, variant: Segments) -> bool:
    """Whether a request for the first would be answered by an endpoint with the second."""
    return len(segments) == len(variant) and all(
        theirs in (ours, SLOT) or (SLOT in theirs and _fits_segment(ours, theirs))
        for ours, theirs in zip(segments, variant, strict=True)
    )


def _fits_segment(ours: str, theirs: str) -> bool:
    if theirs.count(SLOT) > MAX_SLOTS:
        return False
    pattern = ".+?".join(map(re.escape, theirs.split(SLOT)))
    return re.fullmatch(pattern, ours) is not None
