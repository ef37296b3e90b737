"""Reads OpenAPI out of comments as swagger-jsdoc does.

Source: swagger-jsdoc 6, `src/utils.js` and `src/specification.js`, and doctrine 3, which it unwraps comments with. The
oracle in the tests holds this against the package itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

_PREFIX = re.compile(r"[ \f\t\v\u00a0\ufeff]*(?:\*[ \f\t\v\u00a0\ufeff]?)?")
_TAG = re.compile(r"\s*@([0-9A-Za-z]*)(.*)", re.DOTALL)
_TITLES = frozenset({"swagger", "openapi"})


class Annotation(NamedTuple):
    """The text of one ``@swagger`` or ``@openapi`` tag."""

    text: str
    line: int
    """Lines from the beginning of the comment to that of the text."""


def annotations_of(comment: str) -> Iterator[Annotation]:
    """The texts that a comment with its marks holds; only ``/**`` begins one that is read."""
    if not comment.startswith("/**"):
        return
    lines = [_PREFIX.sub("", line, count=1) for line in re.split(r"\r\n|[\n\r]", comment[3:].removesuffix("*/"))]
    for first, last in _tags(lines):
        match = _TAG.match(lines[first])
        if match is not None and match[1] in _TITLES:
            yield _trimmed([match[2], *lines[first + 1 : last]], first)


def _tags(lines: list[str]) -> Iterator[tuple[int, int]]:
    """First line of each tag, and the line that it no longer has."""
    starts = [index for index, line in enumerate(lines) if line.lstrip().startswith("@")]
    yield from pairwise((*starts, len(lines)))


def _trimmed(lines: list[str], line: int) -> Annotation:
    while lines and not lines[0].strip():
        lines, line = lines[1:], line + 1
    text = "\n".join(lines).strip()
    return Annotation(text[2:] if re.match(r"-\s", text) else text, line)
