"""The trend of metrics as pictures."""

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, fromstring

import pytest

from medpro_audit.core.finding import Measure
from medpro_audit.history.forecast import Forecast
from medpro_audit.history.news import Point, Trend
from medpro_audit.history.weeks import weeks_until
from medpro_audit.reporters.trend_svg import chart, sheet, size_of
from medpro_audit.result import AuditResult, Metric
from reporters.conftest import HOSTILE
from reporters.weeks import TODAY, usual_week

SVG = "{http://www.w3.org/2000/svg}"


def trend(
    shares: Sequence[float | None], *, epochs: dict[int, str] | None = None, unknown: int = 0, title: str = "Security"
) -> Trend:
    """A metric of the target 90 in as many weeks."""

    def metric(share: float | None) -> Metric:
        measures = (Measure("r", "security", 50, 100, unknown),) if share is not None else ()
        reason = "why" if share is None else None
        return Metric("security", title, 90, share, 50, 100, unknown, reason, measures)

    weeks = weeks_until(TODAY, len(shares))
    points = [
        Point(week, metric(share), None, is_carried=False, epoch_change=(epochs or {}).get(index))
        for index, (week, share) in enumerate(zip(weeks, shares, strict=True))
    ]
    return Trend(metric(shares[-1]), tuple(points), Forecast("unknown", reason="r"))


def read(text: str) -> Element:
    """A picture as XML; it is ours."""
    return fromstring(text)  # noqa: S314 - made by the code under test


def drawn(made: Trend) -> Element:
    """A chart, read as XML."""
    return read(str(chart(made)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


def words(element: Element) -> list[str]:
    """All that is written in a picture."""
    return [each.text or "" for each in element.iter(f"{SVG}text")]


def test_the_last_value_stands_at_the_end_of_the_line() -> None:
    """With the target beside it, the weeks below, and one scale for all."""
    found = drawn(trend([float(week) for week in range(26)]))
    assert words(found) == ["0", "50", "100", "2026-06-01", "2026-11-23", "target 90", "25 %"]
    (line,) = found.iter(f"{SVG}polyline")
    ends = [tuple(map(float, corner.split(","))) for corner in line.attrib["points"].split()]
    assert [ends[0], ends[-1]] == [(26.0, 132.0), (292.0, 103.5)]


def test_the_target_is_dashed() -> None:
    """At its height on the scale."""
    (target,) = [each for each in drawn(trend([50.0] * 3)).iter(f"{SVG}line") if "stroke-dasharray" in each.attrib]
    assert float(target.attrib["y1"]) == pytest.approx(132 - 114 * 0.9, abs=0.1)


@pytest.mark.parametrize("share", [0.0, 80.0, 88.0, 89.9, 90.0, 92.0, 99.5, 100.0])
def test_labels_do_not_touch(share: float) -> None:
    """The value and the target are moved apart, and stay in the picture."""
    found = drawn(trend([share] * 3))
    by_text = {each.text: float(each.attrib["y"]) for each in found.iter(f"{SVG}text")}
    heights = [height for text, height in by_text.items() if text and ("target" in text or "%" in text)]
    assert len(heights) == 2
    assert abs(heights[0] - heights[1]) >= 11
    assert all(8 <= height <= 152 for height in heights)


def test_an_epoch_parts_the_line() -> None:
    """A hairline with a label; what was measured with something else is not joined."""
    found = drawn(trend([50.0] * 20, epochs={10: "2 rules changed; the configuration changed"}))
    assert len([*found.iter(f"{SVG}polyline")]) == 2
    assert "2 rules changed" in words(found)
    assert "2 rules changed; the configuration changed" in [each.text for each in found.iter(f"{SVG}title")]


def test_labels_of_epochs_do_not_touch() -> None:
    """The latest stands; each hairline says in its title what it is."""
    found = drawn(trend([50.0] * 26, epochs={3: "medpro-audit 1.0 became 1.1", 5: "3 rules added", 25: "x" * 90}))
    assert len([text for text in words(found) if "added" in text or "became" in text or "xxx" in text]) == 1
    assert len([*found.iter(f"{SVG}title")]) == 4


def test_a_gap_is_a_gap() -> None:
    """A week in which it was not measured, and one alone is a dot."""
    found = drawn(trend([10.0, 20.0, None, 40.0, None, 60.0]))
    assert len([*found.iter(f"{SVG}polyline")]) == 1
    assert len([*found.iter(f"{SVG}circle")]) == 3


def test_what_is_unknown_is_hatched() -> None:
    """From the line up to what it would be if all of it held; without anything unknown there is no band."""
    found = drawn(trend([50.0] * 4, unknown=20))
    (band,) = found.iter(f"{SVG}polygon")
    heights = {float(corner.split(",")[1]) for corner in band.attrib["points"].split()}
    assert heights == {75, 52.2}
    assert band.attrib["fill"] == "url(#hatch-security)"
    assert not [*drawn(trend([50.0] * 4)).iter(f"{SVG}polygon")]


def test_what_is_not_measured_is_not_zero() -> None:
    """It says so, and draws no line."""
    found = drawn(trend([None] * 5))
    assert "not measured" in words(found)
    assert not [*found.iter(f"{SVG}polyline"), *found.iter(f"{SVG}circle")]


def test_who_does_not_see_it_is_told() -> None:
    """Title and description say what the picture shows."""
    found = drawn(trend([40.0, 50.0], unknown=4, epochs={1: "a rule changed"}))
    title, text = found.attrib["aria-labelledby"].split()
    told = {each.attrib["id"]: each.text for each in found.iter() if "id" in each.attrib}
    assert found.attrib["role"] == "img"
    assert told[title] == "Security"
    expected = "50 % · 50 of 100, 4 unknown · target 90 %. From 40 % in 2026-W47 to 50 % in 2026-W48. "
    assert told[text] == f"{expected}2026-W48: a rule changed."


def test_hostile_words_are_text() -> None:
    """In title, label and description; no style or script attribute that a content security policy would refuse."""
    made = trend([40.0, 50.0], epochs={1: HOSTILE}, title=HOSTILE)
    for text in (str(chart(made)), sheet([made], HOSTILE)):
        assert "<script" not in text
        assert "\u202e" not in text
    assert not re.search(r'\s(?:style|on\w+)="', str(chart(made)))
    read(sheet([made], HOSTILE))


def test_a_sheet_holds_all_metrics(sample: AuditResult) -> None:
    """Beside each other, each with its fraction; a file of its own, the same for the same."""
    trends = usual_week(sample).trends
    text = sheet(trends, "clinic · 2026-W48")
    found = read(text)
    assert (int(found.attrib["width"]), int(found.attrib["height"])) == size_of(trends, "clinic · 2026-W48")
    assert {metric.title for metric in sample.metrics} <= {*words(found)}
    assert text == sheet(trends, "clinic · 2026-W48")
    assert "prefers-color-scheme:dark" in text
