"""When a metric will reach its target."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from medpro_audit.history.forecast import LEAST_WEEKS, MOST_WEEKS, Forecast, forecast

MONDAY = date(2026, 11, 23)
AT_LEISURE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Other tests run beside these."""
SHARES = st.lists(st.integers(0, 999).map(lambda tenths: tenths / 10), min_size=LEAST_WEEKS, max_size=30)


def _forecast(shares: Sequence[float | None], target: int = 100) -> Forecast:
    return forecast(shares, target, MONDAY)


def test_what_is_reached_needs_no_forecast() -> None:
    """Exactly on target too, however few weeks there are."""
    assert _forecast([90.0], 90) == Forecast("reached")
    assert _forecast([95.0, 20.0, 90.1], 90) == Forecast("reached")


def test_few_weeks_say_nothing() -> None:
    """How many are missing is told; weeks that were not measured don't count."""
    found = _forecast([None, 10.0, None, 20.0, 30.0, 40.0])
    assert (found.course, found.expected) == ("unknown", None)
    assert found.reason == "4 of the 5 weeks that a forecast takes are recorded"


@pytest.mark.parametrize("shares", [[], [None], [10.0, 20.0, 30.0, 40.0, 50.0, None]])
def test_what_is_not_measured_now_has_no_forecast(shares: Sequence[float | None]) -> None:
    """Whatever it was before."""
    assert _forecast(shares) == Forecast("unknown", reason="it is not measured")


def test_a_steady_rise_reaches_the_target_when_the_line_does() -> None:
    """Two points a week, ten missing: in five weeks; a part of a week is a whole one."""
    found = _forecast([80.0, 82.0, 84.0, 86.0, 88.0, 90.0])
    assert (found.course, found.pace, found.slowest, found.fastest) == ("rising", 2.0, 2.0, 2.0)
    assert found.expected == found.earliest == found.latest == MONDAY + timedelta(weeks=5)
    assert _forecast([80.0, 82.0, 84.0, 86.0, 88.0, 90.0], 91).expected == MONDAY + timedelta(weeks=1)


def test_the_last_bit_of_a_number_costs_no_week() -> None:
    """One point at 0.2 a week is five weeks, though the differences are not quite 0.2."""
    found = _forecast([98.0, 98.2, 98.4, 98.6, 98.8, 99.0])
    assert found.expected == MONDAY + timedelta(weeks=5)


def test_pace_and_interval_are_those_of_theil_sen_and_gilbert() -> None:
    """By hand: ten paces of five weeks; with Z = 1.645 the spread is 6.714, so the ranks are 1.643 and 9.357.

    The paces in order are 0, 1, 3/2, 5/3, 2, 9/4, 7/3, 3, 7/2, 4.
    """
    found = _forecast([10.0, 12.0, 12.0, 15.0, 19.0], 100)
    assert found.pace == pytest.approx(2.125)
    assert found.slowest == pytest.approx(0.643, abs=0.001)
    assert found.fastest == pytest.approx(3.5 + 0.357 / 2, abs=0.001)


def test_weeks_without_a_measurement_take_their_time() -> None:
    """The pace is by week, not by record."""
    assert _forecast([10.0, None, 14.0, None, 18.0, None, 22.0, None, 26.0]).pace == 2.0


def test_a_single_slip_moves_the_pace_little() -> None:
    """A mean of the weekly changes would follow it."""
    steady = [50.0 + week for week in range(20)]
    slipped = [*steady[:10], 20.0, *steady[11:]]
    assert _forecast(slipped).pace == pytest.approx(_forecast(steady).pace, abs=0.05)
    assert _forecast(slipped).course == "rising"


def test_what_neither_rises_nor_falls_is_level() -> None:
    """It may never get there, so there is no latest week."""
    found = _forecast([50.0, 53.0, 49.0, 52.0, 50.0, 51.0, 50.0, 52.0])
    assert found.course == "level"
    assert found.slowest <= 0 <= found.fastest
    assert found.latest is None
    assert _forecast([50.0] * 8) == Forecast("level")


def test_what_falls_never_arrives() -> None:
    """And is called so."""
    found = _forecast([60.0, 58.0, 57.0, 55.0, 54.0, 52.0])
    assert (found.course, found.expected, found.earliest, found.latest) == ("falling", None, None, None)


def test_nothing_is_foretold_beyond_five_years() -> None:
    """260 weeks are told, 261 are not."""
    rising = [0.0, 0.1, 0.2, 0.3, 0.4, 0.5]
    assert _forecast([share + 99.5 - MOST_WEEKS / 10 for share in rising]).expected == MONDAY + timedelta(weeks=260)
    assert _forecast([share + 99.4 - MOST_WEEKS / 10 for share in rising]).expected is None


@AT_LEISURE
@given(SHARES)
def test_the_pace_lies_in_its_interval(shares: list[float]) -> None:
    """And so do the weeks."""
    found = _forecast(shares)
    assert found.slowest <= found.pace <= found.fastest
    weeks = [week for week in (found.earliest, found.expected, found.latest) if week is not None]
    assert weeks == sorted(weeks)
    assert all(MONDAY < week <= MONDAY + timedelta(weeks=MOST_WEEKS) for week in weeks)
    assert found.latest is None or found.expected is not None
    assert found.expected is None or found.earliest is not None


@AT_LEISURE
@given(SHARES)
def test_what_falls_is_the_mirror_of_what_rises(shares: list[float]) -> None:
    """The interval leans to neither side."""
    found, mirrored = _forecast(shares), _forecast([99.9 - share for share in shares])
    assert mirrored.slowest == pytest.approx(-found.fastest)
    assert mirrored.fastest == pytest.approx(-found.slowest)
    assert mirrored.pace == pytest.approx(-found.pace)
