"""What a status document says: its claims, dates and efforts, each with its line."""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

OVERALL = "the whole project"
"""Subject of what is said of everything."""

ClaimKind = Literal["share", "done", "open", "words"]


class Claim(Struct, frozen=True):
    """A sentence that says how far something is."""

    line: int
    kind: ClaimKind
    """``share``: so many percent; ``done`` and ``open``: a check box, or a mark of completion; ``words``: a state that
    no number stands for."""
    subject: str
    """What it is about: the name before the colon, the task, or the heading above a line that says ``Status:``."""
    text: str
    """The line without its markup."""
    share: float | None = None
    """Percent claimed; of what is done, 100."""
    target: float | None = None
    """Percent aimed at."""
    sections: tuple[str, ...] = ()
    """Headings above it, outermost first."""
    is_improvement: bool = False
    """The percentage is one of a change, such as "50 % faster", which no source code shows."""

    @property
    def section(self) -> str:
        """The heading right above it, empty when there is none."""
        return self.sections[-1] if self.sections else ""


class Period(Struct, frozen=True):
    """When a section of the document was to be done."""

    line: int
    section: str
    start: date
    end: date


class Dated(Struct, frozen=True):
    """A single date with what it is said to be."""

    line: int
    kind: Literal["started", "updated", "due"]
    section: str
    day: date


class Effort(Struct, frozen=True):
    """How long a section is said to take, in working days."""

    line: int
    section: str
    least: float
    most: float


class Document(Struct, frozen=True):
    """A status document."""

    name: str
    claims: tuple[Claim, ...]
    periods: tuple[Period, ...] = ()
    dates: tuple[Dated, ...] = ()
    efforts: tuple[Effort, ...] = ()
