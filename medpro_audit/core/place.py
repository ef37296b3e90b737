"""Places in the scanned source."""

from msgspec import Struct


class Place(Struct, frozen=True, order=True):
    """A position in a source file: ``file`` relative to the scanned directory, with POSIX separators."""

    file: str
    line: int
    """1-based; 0 for the file as a whole."""
    column: int = 1
    """1-based, in UTF-8 bytes from the start of the line."""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class Step(Struct, frozen=True, order=True):
    """One step of a trail: where, and what happens there in a reader's words."""

    file: str
    line: int
    text: str
