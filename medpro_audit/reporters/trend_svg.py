"""The trend of metrics through the weeks, drawn as SVG: one scale, the target dashed, labels where they belong.

The colours are the variables of our pages, in attributes, so that a page's content security policy admits them; where
none are set, those of the light page stand in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from medpro_audit.reporters import summary
from medpro_audit.reporters.escaping import shortened, visible

if TYPE_CHECKING:
    from markupsafe import Markup

    from medpro_audit.history.news import Point, Trend

WIDTH, HEIGHT = 360, 152
_LEFT, _RIGHT, _TOP, _BOTTOM = 26, 292, 18, 132
"""Edges of the plot; right of it stand the labels of the line's end and the target, above it those of epochs."""
_LABEL_GAP = 13
_LETTER = 5.2
"""Width of a letter of a label."""
_LONGEST_LABEL = 32
_LONGEST_TITLE = 44
_CELL_WIDTH, _CELL_HEIGHT, _MARGIN, _GUTTER, _HEAD, _COLUMNS = 360, 192, 24, 24, 32, 2
_FONT = "system-ui, -apple-system, &quot;Segoe UI&quot;, Roboto, &quot;Helvetica Neue&quot;, Arial, sans-serif"

_COLOURS = {
    "ground": ("#ffffff", "#12151a"),
    "ink": ("#1c1f23", "#e7e9ec"),
    "soft": ("#5a6068", "#a3aab3"),
    "line": ("#d9dce1", "#333a44"),
    "accent": ("#2457a6", "#8ab4ff"),
    "unknown-fill": ("#b7a23a", "#e6c84f"),
}
"""Of the light and the dark page, by the name of the variable."""


def _colour(name: str) -> str:
    return f"var(--{name}, {_COLOURS[name][0]})"


_INK, _SOFT, _LINE, _ACCENT, _HATCH = map(_colour, ("ink", "soft", "line", "accent", "unknown-fill"))


class _Spot(Struct, frozen=True):
    """A week in which a metric was measured, in the plot's own coordinates."""

    x: float
    y: float
    top: float
    """Of the band of what is unknown."""


def chart(trend: Trend) -> Markup:
    """The weeks of one metric, to be put into a page beside its title; the numbers are in its description."""
    from markupsafe import Markup  # noqa: PLC0415 - rarely needed

    name = f"trend-{trend.metric.id}"
    drawn = (
        f'<svg class="trend" viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" role="img"'
        f' aria-labelledby="{name}-title {name}-text">{_accessible(trend, name)}{_plot(trend)}</svg>'
    )
    return Markup(drawn)  # noqa: S704 - every text in it was escaped


def sheet(trends: Sequence[Trend], title: str = "") -> str:
    """All metrics beside each other, as a file of its own that follows the reader's choice of light or dark."""
    width, height = size_of(trends, title)
    head = _HEAD if title else 0
    light, dark = (";".join(f"--{name}:{each[index]}" for name, each in _COLOURS.items()) for index in (0, 1))
    cells = "".join(_cell(trend, index, _MARGIN + head) for index, trend in enumerate(trends))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        f' font-family="{_FONT}">'
        f"<style>svg{{{light}}}@media(prefers-color-scheme:dark){{svg{{{dark}}}}}</style>"
        f'<rect width="{width}" height="{height}" fill="{_colour("ground")}"/>'
        f"{_text(_MARGIN, _MARGIN + 16, _short(title, 90), size=18, weight=600) if title else ''}{cells}</svg>\n"
    )


def size_of(trends: Sequence[Trend], title: str = "") -> tuple[int, int]:
    """Width and height of a sheet."""
    rows = -(-len(trends) // _COLUMNS)
    width = 2 * _MARGIN + _COLUMNS * _CELL_WIDTH + (_COLUMNS - 1) * _GUTTER
    return width, 2 * _MARGIN + (_HEAD if title else 0) + rows * (_CELL_HEIGHT + _GUTTER) - _GUTTER


def _cell(trend: Trend, index: int, top: int) -> str:
    x = _MARGIN + index % _COLUMNS * (_CELL_WIDTH + _GUTTER)
    y = top + index // _COLUMNS * (_CELL_HEIGHT + _GUTTER)
    name = f"trend-{trend.metric.id}"
    return (
        f'<g transform="translate({x} {y})">'
        f"{_text(0, 14, _short(trend.metric.title, _LONGEST_TITLE), size=14, weight=600)}"
        f"{_text(0, 32, _short(_numbers(trend), 60), size=12, colour=_SOFT)}"
        f'<g transform="translate(0 40)" role="img" aria-labelledby="{name}-title {name}-text">'
        f"{_accessible(trend, name)}{_plot(trend)}</g></g>"
    )


def _numbers(trend: Trend) -> str:
    metric = trend.metric
    if metric.share is None:
        return f"not measured · target {metric.target} %"
    return f"{summary.percent(metric.share)} · {summary.fraction(metric)} · target {metric.target} %"


def _accessible(trend: Trend, name: str) -> str:
    title = escape(visible(trend.metric.title))
    return f'<title id="{name}-title">{title}</title><desc id="{name}-text">{escape(_told(trend))}</desc>'


def _told(trend: Trend) -> str:
    """What the picture shows, in words."""
    known = [point for point in trend.points if point.metric is not None and point.metric.share is not None]
    said = [_numbers(trend) + "."]
    if known:
        first, last = known[0], known[-1]
        shares = [summary.percent(point.metric.share or 0.0) for point in (first, last) if point.metric is not None]
        said.append(f"From {shares[0]} in {first.week.name} to {shares[1]} in {last.week.name}.")
    said += [f"{point.week.name}: {visible(point.epoch_change)}." for point in trend.points if point.epoch_change]
    return " ".join(said)


def _plot(trend: Trend) -> str:
    spots = [_spot(trend, index) for index in range(len(trend.points))]
    runs = list(_runs(trend.points, spots))
    drawn = [*_scale(trend.points), *_epochs(trend.points), _target(trend.metric.target)]
    if any(spot.top < spot.y for run in runs for spot in run):
        drawn += [_pattern(trend.metric.id), *(_band(run, trend.metric.id) for run in runs)]
    drawn += [_line(run) for run in runs]
    drawn += _end_labels(trend, spots[-1] if spots else None)
    return f'<g font-size="10" font-family="inherit">{"".join(drawn)}</g>'


def _x(index: int, number: int) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * (index / (number - 1) if number > 1 else 1), 1)


def _y(share: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * min(max(share, 0.0), 100.0) / 100, 1)


def _spot(trend: Trend, index: int) -> _Spot | None:
    metric = trend.points[index].metric
    if metric is None or metric.share is None:
        return None
    return _Spot(_x(index, len(trend.points)), _y(metric.share), _y(metric.share + summary.unknown_share(metric)))


def _runs(points: Sequence[Point], spots: Sequence[_Spot | None]) -> Iterator[list[_Spot]]:
    """Weeks that a line may join: without a gap, and all measured with the same."""
    run: list[_Spot] = []
    for point, spot in zip(points, spots, strict=True):
        if run and (spot is None or point.epoch_change):
            yield run
            run = []
        if spot is not None:
            run.append(spot)
    if run:
        yield run


def _scale(points: Sequence[Point]) -> Iterator[str]:
    for share in (0, 50, 100):
        y = _y(share)
        yield f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="{_LINE}"/>'
        yield _text(_LEFT - 5, y + 3.5, f"{share}", anchor="end", colour=_SOFT)
    if points:
        yield _text(_LEFT, _BOTTOM + 15, points[0].week.monday.isoformat(), colour=_SOFT)
    if len(points) > 1:
        yield _text(_RIGHT, _BOTTOM + 15, points[-1].week.monday.isoformat(), anchor="end", colour=_SOFT)


def _target(target: int) -> str:
    y = _y(target)
    return (
        f'<line x1="{_LEFT}" x2="{_RIGHT}" y1="{y}" y2="{y}" stroke="{_INK}" stroke-width="1.2"'
        ' stroke-dasharray="4 3"/>'
    )


def _epochs(points: Sequence[Point]) -> list[str]:
    """A hairline each; of labels that would touch each other the latest stands."""
    drawn = []
    free = float(_RIGHT)
    for index in reversed(range(len(points))):
        change = points[index].epoch_change
        if not change:
            continue
        x = _x(index, len(points)) - (_x(1, len(points)) - _LEFT) / 2
        line = f'<line x1="{x:g}" x2="{x:g}" y1="{_TOP - 6}" y2="{_BOTTOM}" stroke="{_SOFT}" stroke-width="0.75"/>'
        label = _short(change.split(";")[0], _LONGEST_LABEL)
        width = len(label) * _LETTER
        begin = min(x, _RIGHT - width)
        shown = begin + width <= free
        free = begin - _LABEL_GAP if shown else free
        text = _text(begin, _TOP - 9, label, colour=_SOFT) if shown else ""
        drawn.append(f"<g><title>{escape(visible(change))}</title>{line}{text}</g>")
    return drawn


def _pattern(name: str) -> str:
    return (
        f'<defs><pattern id="hatch-{name}" width="5" height="5" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><line y2="5" stroke="{_HATCH}" stroke-width="2.5"/></pattern></defs>'
    )


def _band(run: Sequence[_Spot], name: str) -> str:
    """What is unknown, from the line up to what it would be if all of that held."""
    if len(run) == 1:
        only = run[0]
        height = f"{only.y - only.top:g}"
        return f'<rect x="{only.x - 2:g}" y="{only.top:g}" width="4" height="{height}" fill="url(#hatch-{name})"/>'
    corners = [(spot.x, spot.y) for spot in run] + [(spot.x, spot.top) for spot in reversed(run)]
    return f'<polygon points="{_listed(corners)}" fill="url(#hatch-{name})"/>'


def _line(run: Sequence[_Spot]) -> str:
    if len(run) == 1:
        return f'<circle cx="{run[0].x:g}" cy="{run[0].y:g}" r="2" fill="{_ACCENT}"/>'
    points = _listed([(spot.x, spot.y) for spot in run])
    return f'<polyline points="{points}" fill="none" stroke="{_ACCENT}" stroke-width="2" stroke-linejoin="round"/>'


def _listed(corners: Sequence[tuple[float, float]]) -> str:
    """Corners, without those in the middle of a level stretch."""
    kept = [corners[0]]
    for here, after in pairwise(corners[1:]):
        if not kept[-1][1] == here[1] == after[1]:
            kept.append(here)
    return " ".join(f"{x:g},{y:g}" for x, y in [*kept, *corners[1:][-1:]])


def _end_labels(trend: Trend, last: _Spot | None) -> Iterator[str]:
    """The value at the line's end, and the target beside it, moved apart where they would touch."""
    x, target = _RIGHT + 7, _y(trend.metric.target)
    share = trend.metric.share
    if last is None or share is None:
        yield _text(x, target + 3.5, f"target {trend.metric.target}", colour=_SOFT)
        yield _text((_LEFT + _RIGHT) / 2, _BOTTOM - 8, "not measured", anchor="middle", colour=_SOFT)
        return
    yield f'<circle cx="{last.x:g}" cy="{last.y:g}" r="3.5" fill="{_ACCENT}"/>'
    if abs(last.y - target) < _LABEL_GAP:
        is_below = share >= trend.metric.target and target + _LABEL_GAP < _BOTTOM and last.y <= target
        target = last.y + (_LABEL_GAP if is_below else -_LABEL_GAP)
    yield _text(x, target + 3.5, f"target {trend.metric.target}", colour=_SOFT)
    yield _text(x, last.y + 4.2, summary.percent(share), size=12, weight=600)


def _text(  # noqa: PLR0913 - one parameter an attribute
    x: float, y: float, text: str, *, anchor: str = "", size: int = 0, weight: int = 0, colour: str = _INK
) -> str:
    more = "".join(
        f' {name}="{value}"'
        for name, value in (("text-anchor", anchor), ("font-size", size), ("font-weight", weight))
        if value
    )
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}"{more}>{escape(text)}</text>'


def _short(text: str, most: int) -> str:
    return shortened(visible(text), most)
