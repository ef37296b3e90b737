"""Dates and working times as people write them in English status documents."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DASH = r"\s*(?:-|–|—|to|until)\s*"  # noqa: RUF001 - the dashes that people type
_ISO = r"(\d{4})-(\d{1,2})-(\d{1,2})"
_RANGES = (
    # August 5-18, 2025
    re.compile(rf"{_MONTH.format('m')}\s+(?P<d>\d{{1,2}}){_DASH}(?P<e>\d{{1,2}}),?\s+(?P<y>\d{{4}})", re.IGNORECASE),
    # August 19 - September 1, 2025, and with a year at the first one too
    re.compile(
        rf"{_MONTH.format('m')}\s+(?P<d>\d{{1,2}})(?:,?\s+(?P<z>\d{{4}}))?{_DASH}"
        rf"{_MONTH.format('n')}\s+(?P<e>\d{{1,2}}),?\s+(?P<y>\d{{4}})",
        re.IGNORECASE,
    ),
)
_ISO_RANGE = re.compile(rf"{_ISO}{_DASH}{_ISO}")
_MONTH_FIRST = re.compile(rf"{_MONTH.format('m')}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+{_MONTH.format('m')}\s+(?P<y>\d{{4}})", re.IGNORECASE)
_ISO_DAY = re.compile(rf"(?<!\d){_ISO}(?!\d)")
_EFFORT = re.compile(rf"(\d+(?:\.\d+)?)(?:{_DASH}(\d+(?:\.\d+)?))?\+?\s*(hour|day|week|month)s?\b", re.IGNORECASE)
_DAYS = {"hour": 1 / 8, "day": 1.0, "week": 5.0, "month": 20.0}


def range_in(text: str) -> tuple[date, date] | None:
    """The first range of days in a text."""
    iso = _ISO_RANGE.search(text)
    if iso is not None:
        numbers = [int(number) for number in iso.groups()]
        return _pair(_day(*numbers[:3]), _day(*numbers[3:]))
    for pattern in _RANGES:
        found = pattern.search(text)
        if found is not None:
            parts = found.groupdict()
            first = _day(int(parts.get("z") or parts["y"]), _month(parts["m"]), int(parts["d"]))
            return _pair(first, _day(int(parts["y"]), _month(parts.get("n") or parts["m"]), int(parts["e"])))
    return None


def day_in(text: str) -> date | None:
    """The first day in a text."""
    iso = _ISO_DAY.search(text)
    if iso is not None:
        return _day(*(int(number) for number in iso.groups()))
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        found = pattern.search(text)
        if found is not None:
            return _day(int(found["y"]), _month(found["m"]), int(found["d"]))
    return None


def effort_in(text: str) -> tuple[float, float] | None:
    """Least and most working days in a text such as ``3-5 days``; a week has five, a month 20, a day eight hours."""
    found = _EFFORT.search(text)
    if found is None:
        return None
    least, most, unit = found.groups()
    days = _DAYS[unit.lower()]
    return float(least) * days, float(most or least) * days


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name.lower()[:3]))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # the 31st of June
        return None


def _pair(first: date | None, last: date | None) -> tuple[date, date] | None:
    return (first, last) if first is not None and last is not None else None
