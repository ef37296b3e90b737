"""When a metric will reach its target, if it goes on as it went.

The pace is the median of the paces between any two weeks (Theil 1950, Sen 1968): a single leap or slip moves it
little. Its uncertainty is the interval that Kendall's test gives for it with 90 % (Gilbert 1987, section 16.4), which
asks for no distribution of what is left over. Weeks in which nothing was committed count: nothing was won in them.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import combinations
from math import ceil, floor, sqrt
from statistics import NormalDist, median
from typing import Literal

from msgspec import Struct

from medpro_audit.history.weeks import DAYS

LEAST_WEEKS = 5
"""Fewer say nothing."""
MOST_WEEKS = 260
"""What lies further ahead is not foretold: five years."""
CONFIDENCE = 0.9

Course = Literal["reached", "rising", "level", "falling", "unknown"]


class Forecast(Struct, frozen=True):
    """What is to be expected of a metric."""

    course: Course
    """unknown: see `reason`; level: it may rise as well as fall."""
    pace: float = 0.0
    """Points a week."""
    slowest: float = 0.0
    fastest: float = 0.0
    """The interval of the pace."""
    expected: date | None = None
    """The week's Monday in which the target is reached; None when it isn't, or not within five years."""
    earliest: date | None = None
    latest: date | None = None
    """The interval of `expected`; None for the latest when it may never be reached."""
    reason: str | None = None


def forecast(shares: Sequence[float | None], target: int, monday: date) -> Forecast:
    """What is to be expected after these weeks.

    Args:
        shares: Of each week in percent, the last is that of the present one; None where it was not measured.
        target: In percent.
        monday: Of the present week.
    """
    known = [(week, share) for week, share in enumerate(shares) if share is not None]
    if not known or shares[-1] is None:
        return Forecast("unknown", reason="it is not measured")
    share = known[-1][1]
    if share >= target:
        return Forecast("reached")
    if len(known) < LEAST_WEEKS:
        return Forecast("unknown", reason=f"{len(known)} of the {LEAST_WEEKS} weeks that a forecast takes are recorded")
    pace, slowest, fastest = _pace(known)
    missing = target - share
    return Forecast(
        "rising" if slowest > 0 else "falling" if fastest < 0 else "level",
        pace,
        slowest,
        fastest,
        expected=_reached(missing, pace, monday),
        earliest=_reached(missing, fastest, monday),
        latest=_reached(missing, slowest, monday),
    )


def _pace(known: Sequence[tuple[int, float]]) -> tuple[float, float, float]:
    """Points a week, and the interval that they lie in."""
    paces = sorted((later - share) / (after - week) for (week, share), (after, later) in combinations(known, 2))
    number = len(known)
    # Without the correction for ties, which would narrow the interval the more, the longer nothing moves.
    spread = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * sqrt(number * (number - 1) * (2 * number + 5) / 18)
    lower = (len(paces) - spread) / 2
    return median(paces), _ranked(paces, lower), _ranked(paces, len(paces) + 1 - lower)


def _ranked(ordered: Sequence[float], rank: float) -> float:
    """The value of a rank, counted from 1; between two it is interpolated."""
    index = min(max(rank - 1, 0.0), len(ordered) - 1.0)
    before, after = ordered[floor(index)], ordered[ceil(index)]
    return before + (after - before) * (index - floor(index))


def _reached(missing: float, pace: float, monday: date) -> date | None:
    if pace <= 0:
        return None
    weeks = ceil(round(missing / pace, 6))  # or what is 4 weeks but for the last bit would be 5
    return monday + timedelta(days=DAYS * weeks) if weeks <= MOST_WEEKS else None
