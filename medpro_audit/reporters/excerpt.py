"""A few lines of source around a place."""

from __future__ import annotations

from msgspec import Struct


class Excerpt(Struct, frozen=True):
    """Lines of a file, without secrets."""

    file: str
    line: int
    """The one in question."""
    first: int
    """Number of the first line."""
    lines: tuple[str, ...]

    @property
    def numbered(self) -> tuple[tuple[int, str], ...]:
        """Each line with its number; indentation that all share is left out."""
        filled = [line for line in self.lines if line.strip()]
        shared = min((len(line) - len(line.lstrip()) for line in filled), default=0)
        return tuple((number, line[shared:]) for number, line in enumerate(self.lines, self.first))
