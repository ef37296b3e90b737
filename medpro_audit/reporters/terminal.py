"""Lays out plain text for a terminal: cleaning, columns, colour, wrapping, tables.

A writer of our own: importing rich takes as long as the rest of a warm start together, it decides by itself what the
terminal can do, and its markup would read what the scanned repository says.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from medpro_audit.reporters.escaping import shortened, visible
from medpro_audit.reporters.marks import Mark
from medpro_audit.reporters.options import RenderOptions

Style = Literal["holds", "broken", "unknown", "warning", "none", "accent", "strong"]

NARROWEST = 40
_LEAST_ROOM = 12
_CODES: dict[Style, str] = {
    "holds": "32",
    "broken": "31",
    "unknown": "33",
    "warning": "33",
    "none": "2",
    "accent": "36",
    "strong": "1",
}
_BEFORE_SLASH = re.compile(r"/[^/]*|[^/]+")
_ASCII = str.maketrans(
    {
        "●": "+",
        "○": "x",
        "◐": "?",
        "–": "-",  # noqa: RUF001 - the dash that stands for "does not apply"
        "✖": "x",
        "▲": "!",
        "·": "-",
        "█": "#",
        "▒": "?",
        "░": ".",
        "┊": "|",
        "│": "|",
        "─": "-",
        "…": "...",
        "→": "->",
        "×": "x",  # noqa: RUF001 - the sign for "times"
        "≠": "!",
    }
)


class Cell(Struct, frozen=True):
    """Text of one table cell with its style."""

    text: str
    style: Style | None = None


class Terminal(Struct, frozen=True):
    """What the terminal can show; every text that reaches it goes through `clean`."""

    width: int
    colour: bool
    unicode: bool

    @classmethod
    def of(cls, options: RenderOptions) -> "Terminal":
        """The terminal that the options describe."""
        return cls(max(options.width, NARROWEST), options.colour, options.unicode)

    def clean(self, text: str) -> str:
        """One harmless line of text that the terminal can show."""
        safe = visible(text)
        return safe if self.unicode else safe.translate(_ASCII).encode("ascii", "backslashreplace").decode()

    def paint(self, text: str, style: Style | None = None) -> str:
        """Clean text in a style."""
        safe = self.clean(text)
        return f"\x1b[{_CODES[style]}m{safe}\x1b[0m" if self.colour and style and safe.strip() else safe

    def mark(self, mark: Mark) -> str:
        """The glyph of a verdict."""
        return self.paint(mark.glyph, mark.tone)

    def short(self, text: str, width: int) -> str:
        """Clean text of at most ``width`` columns, cut in its middle."""
        return shortened(self.clean(text), width, "…" if self.unicode else "...")

    def cut(self, text: str, width: int) -> str:
        """Clean text of at most ``width`` columns, cut at its end."""
        safe = self.clean(text)
        if columns(safe) <= width:
            return safe
        mark = "…" if self.unicode else "..."
        return safe[: _fitting(safe, width - len(mark))].rstrip() + mark

    def paragraph(self, text: str, *, first: str = "", rest: str = "", style: Style | None = None) -> list[str]:
        """Text wrapped to the terminal's width; ``first`` and ``rest`` stand before its lines, already painted."""
        room = self.width - _bare(first)
        if room < _LEAST_ROOM:
            return [first, *self.paragraph(text, first=rest, rest=rest, style=style)]
        lines = wrapped(self.clean(text), self.width - columns(rest), room)
        return [(rest if index else first) + self.paint(line, style) for index, line in enumerate(lines)]

    def row(self, cells: Sequence[Cell], widths: Sequence[int], *, gap: str = "  ", indent: str = "") -> list[str]:
        """One table row; a cell that is too long goes on in the next line."""
        stacks = [wrapped(self.clean(cell.text), width) for cell, width in zip(cells, widths, strict=True)]
        lines = []
        for level in range(max(len(stack) for stack in stacks)):
            parts = [
                self._padded(stack[level] if level < len(stack) else "", width, cell.style)
                for stack, cell, width in zip(stacks, cells, widths, strict=True)
            ]
            lines.append((indent + gap.join(parts)).rstrip())
        return lines

    def _padded(self, text: str, width: int, style: Style | None) -> str:
        return self.paint(text, style) + " " * (width - columns(text))


def columns(text: str) -> int:
    """Columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


def wrapped(text: str, width: int, first: int | None = None) -> list[str]:
    """Text in lines of at most ``width`` columns, the first of ``first``; a longer word breaks before its slashes."""
    lines, line, room = [], "", width if first is None else first
    for piece in _pieces(text, width):
        if line and columns(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line, room = "", width
        rest = piece if line else piece.lstrip()
        while columns(rest.rstrip()) > room:
            fits = _fitting(rest, room)
            lines.append(rest[:fits])
            rest, room = rest[fits:], width
        line += rest
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def fitted(wanted: Sequence[int], least: Sequence[int], room: int) -> list[int]:
    """Column widths within ``room``: the widest column gives way first, none below its least width."""
    widths = list(wanted)
    while sum(widths) > room:
        spare = [width - low for width, low in zip(widths, least, strict=True)]
        if max(spare) <= 0:
            break
        widest = max(range(len(widths)), key=lambda index: (spare[index] > 0, widths[index]))
        widths[widest] -= 1
    return widths


def joined(lines: Iterable[str]) -> str:
    """Lines as text, without blanks at their ends and with a final line break."""
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _columns(character: str) -> int:
    if unicodedata.combining(character) or character in "\u200c\u200d\ufe0f":
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _bare(painted: str) -> int:
    """Columns of text that may hold colour codes."""
    plain, *coded = painted.split("\x1b[")
    return columns(plain) + sum(columns(part.partition("m")[2]) for part in coded)


def _pieces(text: str, width: int) -> list[str]:
    """Parts between which a line may break, each with the blank that follows it."""
    pieces: list[str] = []
    for word in text.split(" "):
        pieces += [word] if columns(word) <= width else _BEFORE_SLASH.findall(word)
        pieces[-1] += " "
    return pieces


def _fitting(text: str, room: int) -> int:
    """How many characters of a text fit, at least one."""
    taken = 0
    for index, character in enumerate(text):
        taken += _columns(character)
        if taken > room:
            return max(index, 1)
    return len(text)
