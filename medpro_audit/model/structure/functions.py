"""Functions in the text of a file, by their layout: a header that ends in a brace, and a line that closes it.

A parser would find them too, but the trees of most files are gone by the time anybody asks, and all that is wanted is
whether one text stands in two files. Code that is not indented, or is minified, has no functions here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

LEAST_LINES = 8
"""Shorter functions are alike by chance."""
LEAST_TEXT = 240
"""So are those with less text, in characters."""
MOST_LINES = 2_000
LONGEST_LINE = 500
"""A file with longer lines is no source that people wrote."""

_HEADER = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    r"(?:export\s+)?(?:default\s+)?(?:async\s+)?function\b\s*\*?\s*(?P<function>[\w$]*)"
    r"|(?:export\s+)?(?:const|let|var)\s+(?P<variable>[\w$]+)[^=]*=\s*.*(?:=>|function\b)"
    r"|[\w$.]*?(?P<member>[\w$]+)\s*=\s*.*(?:=>|function\b)"
    r"|(?P<key>[\w$]+)\s*:\s*.*(?:=>|function\b)"
    r"|(?:(?:public|private|protected|static|async|override|get|set)\s+)*(?P<method>[\w$#]+)\s*(?:<[^>]*>)?\((?!.*=>)"
    r")"
)
_NO_METHODS = frozenset(("if", "for", "while", "switch", "catch", "with", "return", "await", "else", "super"))
_CONTINUED = re.compile(r"[ \t]*[})\]]*\)\s*(?::[^{]*)?(?:=>\s*)?\{$")
_COMMENTS = ("//", "*", "/*")


class Body(NamedTuple):
    """A function by its text."""

    name: str
    line: int
    end_line: int
    lines: int
    digest: bytes
    """The same for the same text, whatever its name and indentation; comments and blank lines don't count."""


def bodies(text: str) -> Iterator[Body]:
    """The functions of a file that are large enough to be compared, in order; those within others too."""
    lines = text.split("\n")
    if any(len(line) > LONGEST_LINE for line in lines):
        return
    for index, line in enumerate(lines):
        if line.endswith(("{", "{\r")):
            found = _body(lines, index)
            if found is not None:
                yield found


def _body(lines: Sequence[str], index: int) -> Body | None:
    header = _header(lines, index)
    if header is None:
        return None
    start, match = header
    name = next((value for key, value in match.groupdict().items() if key != "indent" and value), "")
    if match["method"] is not None and (name in _NO_METHODS):
        return None
    closing = match["indent"] + "}"
    end = index + 1
    while end < len(lines) and end - index <= MOST_LINES and not lines[end].startswith(closing):
        if lines[end].strip() and not lines[end].startswith(match["indent"]):
            return None
        end += 1
    if end >= len(lines) or not LEAST_LINES < end - index <= MOST_LINES:
        return None
    kept = [line for text in lines[index + 1 : end] if (line := text.strip()) and not line.startswith(_COMMENTS)]
    if len(kept) < LEAST_LINES or sum(map(len, kept)) < LEAST_TEXT:
        return None
    digest = blake2b("\n".join(kept).encode(errors="surrogatepass"), digest_size=16).digest()
    return Body(name, start + 1, end + 1, len(kept), digest)


def _header(lines: Sequence[str], index: int) -> tuple[int, re.Match[str]] | None:
    """The first line of a function whose header ends on a line; parameters may be written one a line."""
    line = lines[index].rstrip()
    if not _CONTINUED.fullmatch(line):
        match = _HEADER.match(line)
        return (index, match) if match is not None else None
    indent = line[: len(line) - len(line.lstrip())]
    for start in range(index - 1, max(index - 20, -1), -1):
        before = lines[start]
        if before.strip() and before.startswith(indent) and not before[len(indent) :].startswith((" ", "\t", ")", "}")):
            match = _HEADER.match(before.rstrip() + " =>") if "(" in before else None
            return (start, match) if match is not None else None
    return None
