"""Where the boxes and arrows of a layered picture stand: layers from top to bottom, and few crossings in between.

The same picture always has the same places.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log2

from msgspec import Struct

BOX_WIDTH = 150
BOX_HEIGHT = 44
BOXES_IN_A_ROW = 5
_GAP = 14
_BETWEEN_ROWS = 26
_BETWEEN_LAYERS = 30
_TITLE = 26
_MARGIN = 8
_SWEEPS = 4
_BEND = 34


class Spot(Struct, frozen=True):
    """The upper left corner of a box."""

    x: int
    y: int


class Line(Struct, frozen=True):
    """A curve from box to box."""

    path: str
    """In the language of SVG."""
    width: float


class Band(Struct, frozen=True):
    """One layer."""

    title: str
    y: int
    """Where its title stands."""


class Layout(Struct, frozen=True):
    """A picture without its words."""

    width: int
    height: int
    bands: tuple[Band, ...]
    spots: tuple[Spot, ...]
    """By box."""
    lines: tuple[Line, ...]
    """By arrow."""


Arrow = tuple[int, int, int]
"""Number of the box where it begins, of the one where it ends, and how many imports it stands for."""


def laid_out(layers: Sequence[int], titles: Sequence[str], arrows: Sequence[Arrow]) -> Layout:
    """Find the places.

    Args:
        layers: The layer of each box, 0 at the top.
        titles: Of the layers; those without boxes are left out.
        arrows: What leads where.
    """
    held = _ordered(layers, arrows)
    y = _MARGIN
    bands: list[Band] = []
    spots: dict[int, Spot] = {}
    for layer, boxes in sorted(held.items()):
        bands.append(Band(titles[layer], y + _TITLE - 12))
        y += _TITLE
        for start in range(0, len(boxes), BOXES_IN_A_ROW):
            for column, box in enumerate(boxes[start : start + BOXES_IN_A_ROW]):
                spots[box] = Spot(_MARGIN + column * (BOX_WIDTH + _GAP), y)
            y += BOX_HEIGHT + _BETWEEN_ROWS
        y += _BETWEEN_LAYERS - _BETWEEN_ROWS
    columns = min(BOXES_IN_A_ROW, max(map(len, held.values()), default=1))
    placed = tuple(spots[box] for box in range(len(layers)))
    return Layout(
        width=2 * _MARGIN + columns * (BOX_WIDTH + _GAP) - _GAP,
        height=y - _BETWEEN_LAYERS + _MARGIN + 4,
        bands=tuple(bands),
        spots=placed,
        lines=tuple(Line(_curve(placed[start], placed[end]), _width(imports)) for start, end, imports in arrows),
    )


def _ordered(layers: Sequence[int], arrows: Sequence[Arrow]) -> Mapping[int, list[int]]:
    """The boxes of each layer from left to right: near to what they are connected with."""
    held: defaultdict[int, list[int]] = defaultdict(list)
    for box, layer in enumerate(layers):
        held[layer].append(box)
    near: defaultdict[int, list[int]] = defaultdict(list)
    for start, end, _ in arrows:
        near[start].append(end)
        near[end].append(start)
    for _ in range(_SWEEPS):
        at = {box: (place % BOXES_IN_A_ROW) for boxes in held.values() for place, box in enumerate(boxes)}
        for layer, boxes in held.items():
            others = {box: [at[each] for each in near[box] if layers[each] != layer] for box in boxes}
            middle = {box: sum(found) / len(found) if found else at[box] for box, found in others.items()}
            boxes.sort(key=lambda box, middle=middle: (middle[box], box))  # type: ignore[misc]  # bound at once
            if len(boxes) > BOXES_IN_A_ROW:
                held[layer] = _in_rows(boxes)
    return held


def _in_rows(boxes: Sequence[int]) -> list[int]:
    """What is sorted from left to right, dealt into rows that are each sorted from left to right."""
    rows = -(-len(boxes) // BOXES_IN_A_ROW)
    columns = [boxes[start : start + rows] for start in range(0, len(boxes), rows)]
    return [column[row] for row in range(rows) for column in columns if row < len(column)]


def _curve(start: Spot, end: Spot) -> str:
    """Down from the lower edge to the upper one; up from the upper to the lower; below both within a row."""
    from_x, to_x = start.x + BOX_WIDTH // 2, end.x + BOX_WIDTH // 2
    if start.y == end.y:
        y = start.y + BOX_HEIGHT
        return f"M{from_x} {y}C{from_x} {y + _BEND} {to_x} {y + _BEND} {to_x} {y}"
    from_y, to_y = (start.y + BOX_HEIGHT, end.y) if start.y < end.y else (start.y, end.y + BOX_HEIGHT)
    middle = (from_y + to_y) // 2
    return f"M{from_x} {from_y}C{from_x} {middle} {to_x} {middle} {to_x} {to_y}"


def _width(imports: int) -> float:
    return round(min(1 + log2(imports) * 0.5, 4), 1)
