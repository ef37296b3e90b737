"""Weeks from Monday to Sunday, in UTC, and which of several states stands for each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from msgspec import Struct

Item = TypeVar("Item")

DAYS = 7


class Week(Struct, frozen=True):
    """Seven days."""

    monday: date

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.monday, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.begin + timedelta(days=DAYS)

    @property
    def name(self) -> str:
        """As ISO 8601 writes it: ``2026-W47``."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"


def week_of(day: date) -> Week:
    """The week of a day."""
    return Week(day - timedelta(days=day.weekday()))


def weeks_until(day: date, number: int) -> tuple[Week, ...]:
    """So many weeks, the last of them that of a day."""
    last = week_of(day)
    return tuple(Week(last.monday - timedelta(days=DAYS * back)) for back in range(number - 1, -1, -1))


def states_of(
    weeks: Sequence[Week], items: Iterable[Item], moment: Callable[[Item], datetime]
) -> tuple[Item | None, ...]:
    """For each week the last item before its end; None before there was one."""
    ordered: list[Item] = sorted(items, key=moment)
    found: list[Item | None] = []
    at = 0
    for week in weeks:
        while at < len(ordered) and moment(ordered[at]) < week.end:
            at += 1
        found.append(ordered[at - 1] if at else None)
    return tuple(found)
