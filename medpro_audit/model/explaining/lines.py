"""The source text of a place, in one line."""

from __future__ import annotations

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.program import Code

LONGEST = 160
"""Characters of a line of source that are worth showing."""

_LONGEST_EXPRESSION = 80
_LINES = 8
"""Lines of one statement that are put together."""
_LINES_BACK = 60
"""Lines before a link of a chain in which its beginning is looked for."""
_LONGEST_READ = 2_000
"""Bytes of one line that are read; longer lines are those of minified code."""
_OPENING, _CLOSING = "([", ")]"
_COMMENTS = ("//", "/*", "*")


class SourceLines:
    """Reads the lines of places; a statement over several lines is put together as far as its brackets are open."""

    def __init__(self, code: Code) -> None:
        self._code = code

    def text(self, place: Place) -> str:
        """The statement that begins in the line of a place; empty when there is none."""
        text = self._beginning(place) + self._line(place.file, place.line, place.column)
        for line in range(place.line + 1, place.line + _LINES):
            if len(text) > LONGEST or not _goes_on(text):
                break
            following = self._line(place.file, line)
            if not following.startswith(_COMMENTS):
                text += following if text.endswith(("(", "[")) or following.startswith((")", "]")) else f" {following}"
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"

    def expression(self, file: str, start: int, end: int) -> str:
        """An expression in one short line."""
        text = " ".join(self._code.snippet(file, start, min(end, start + _LONGEST_READ)).split())
        return text if len(text) <= _LONGEST_EXPRESSION else text[: _LONGEST_EXPRESSION - 1] + "…"

    def _beginning(self, place: Place) -> str:
        """What stands before a link of a chain that has a line of its own: ``router … `` for ``.get(…)``."""
        if not self._line(place.file, place.line, place.column).startswith("."):
            return ""
        depth = self._indent(place.file, place.line)
        for line in range(place.line - 1, max(place.line - _LINES_BACK, 0), -1):
            if self._indent(place.file, line) < depth:
                gap = "" if line == place.line - 1 else " … "
                return self._line(place.file, line) + gap
        return "… "

    def _indent(self, file: str, line: int) -> int:
        """Columns before the text of a line; many when it is empty or a comment."""
        text = self._raw(file, line)
        bare = text.lstrip()
        return len(text) - len(bare) if bare and not bare.startswith(_COMMENTS) else _LONGEST_READ

    def _line(self, file: str, line: int, column: int = 1) -> str:
        return self._raw(file, line, column).strip()

    def _raw(self, file: str, line: int, column: int = 1) -> str:
        facts = self._code.facts(file)
        if facts is None or line < 1:
            return ""
        starts = memoryview(facts.line_starts).cast("I")
        if line > len(starts) + 1:
            return ""
        start = starts[line - 2] if line > 1 else 0
        end = starts[line - 1] if line <= len(starts) else facts.size
        if end - start > _LONGEST_READ:
            start, end = start + column - 1, min(end, start + column - 1 + _LONGEST_READ)
        return self._code.snippet(file, start, end)


def _goes_on(text: str) -> bool:
    """Whether a statement goes on in the next line: a bracket is open, and it isn't that of a function's body."""
    opened = sum(map(text.count, _OPENING)) - sum(map(text.count, _CLOSING))
    return opened > 0 and not text.endswith(("{", "=>"))
