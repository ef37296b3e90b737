"""What a team has accepted for now: the lines of its baseline, with the day on which each is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, Mark
from medpro_audit.reporters.summary import count
from medpro_audit.result import AuditResult
from medpro_audit.result.baseline import Entry

_SOON = 14
"""Days before its end from which on a line is pointed out."""

State = Literal["expired", "expiring", "stale", "accepted"]
_MARKS: dict[State, Mark] = {
    "expired": Mark(BROKEN.glyph, "over, counts again", "broken"),
    "expiring": Mark("▲", "over soon", "warning"),
    "stale": Mark(DOES_NOT_APPLY.glyph, "mended, delete the line", "none"),
    "accepted": Mark(HOLDS.glyph, "accepted", "holds"),
}
"""In the order in which they are told."""


class Accepted(Struct, frozen=True):
    """A line of the baseline."""

    entry: Entry
    state: State
    days: int | None
    """Until it is over; None when it never is."""

    @property
    def mark(self) -> Mark:
        """How it stands."""
        return _MARKS[self.state]

    @property
    def until(self) -> str:
        """When it is over, in words."""
        if self.entry.expires is None or self.days is None:
            return "without end"
        if self.days <= 0:
            return f"{self.entry.expires.isoformat()}, {count(-self.days, 'day')} ago" if self.days else "today"
        return f"{self.entry.expires.isoformat()}, in {count(self.days, 'day')}"


def accepted(result: AuditResult, entries: Sequence[Entry], today: date) -> tuple[Accepted, ...]:
    """The lines of a baseline: what is over, what soon will be, what is mended, then the others."""
    report = result.baseline
    stale = {entry.fingerprint for entry in report.stale} if report is not None else set()
    lines = []
    for entry in entries:
        days = (entry.expires - today).days if entry.expires is not None else None
        lines.append(Accepted(entry, _state(days, is_stale=entry.fingerprint in stale), days))
    order = list(_MARKS)
    return tuple(
        sorted(
            lines,
            key=lambda line: (
                order.index(line.state),
                line.entry.expires or date.max,
                line.entry.file,
                line.entry.rule,
                line.entry.fingerprint,
            ),
        )
    )


def _state(days: int | None, *, is_stale: bool) -> State:
    if is_stale:
        return "stale"
    if days is None:
        return "accepted"
    return "expired" if days <= 0 else "expiring" if days <= _SOON else "accepted"
