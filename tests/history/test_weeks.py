"""Weeks, and which of several states stands for each."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.history.weeks import Week, states_of, week_of, weeks_until

AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other tests run beside these."""
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))


def test_weeks_are_named_as_iso_8601_does() -> None:
    """At the year's end the week belongs to the year of its Thursday."""
    assert week_of(date(2026, 12, 31)).name == "2026-W53"
    assert week_of(date(2027, 1, 3)).name == "2026-W53"
    assert week_of(date(2027, 1, 4)).name == "2027-W01"
    assert week_of(date(2024, 12, 30)).name == "2025-W01"


def test_a_week_ends_where_the_next_one_begins() -> None:
    """On Monday at midnight, in UTC."""
    week = week_of(date(2026, 11, 22))
    assert week.begin == datetime(2026, 11, 16, tzinfo=UTC)
    assert week.end == datetime(2026, 11, 23, tzinfo=UTC)


@AT_LEISURE
@given(DAYS, st.integers(1, 60))
def test_weeks_follow_each_other_without_a_gap(day: date, number: int) -> None:
    """The last is that of the day."""
    weeks = weeks_until(day, number)
    assert len(weeks) == number
    assert weeks[-1].begin.date() <= day < weeks[-1].end.date()
    assert all(before.end == after.begin for before, after in pairwise(weeks))
    assert len({week.name for week in weeks}) == number


def test_the_last_state_before_its_end_stands_for_a_week() -> None:
    """A week without one goes on with that before it; before the first there is none."""
    weeks = weeks_until(date(2026, 6, 28), 4)
    second, third = weeks[1].begin, weeks[2].end - timedelta(seconds=1)
    moments = [third, weeks[3].end, second, second + timedelta(hours=1)]
    assert states_of(weeks, moments, lambda each: each) == (None, second + timedelta(hours=1), third, third)


def test_of_states_of_one_moment_the_last_given_stands() -> None:
    """Commits of one second are told apart by their order."""
    weeks = (Week(date(2026, 6, 1)),)
    at = datetime(2026, 6, 2, tzinfo=UTC)
    assert states_of(weeks, [(at, "first"), (at, "second")], lambda each: each[0]) == ((at, "second"),)


def test_what_was_before_all_weeks_stands_for_the_first() -> None:
    """Nothing has changed since."""
    weeks = weeks_until(date(2026, 6, 28), 2)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    assert states_of(weeks, [long_ago], lambda each: each) == (long_ago, long_ago)
    assert states_of(weeks, list[datetime](), lambda each: each) == (None, None)
