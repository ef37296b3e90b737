"""Circles of imports, and the import of each that is the cheapest to give up."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from medpro_audit.model.modules.cycles import components

MAX_TRIED = 60
"""Imports of one set that are tried; of a larger one only those of a short circle."""

Links = Mapping[str, Sequence[str]]
Edge = tuple[str, str]


class Circle(NamedTuple):
    """One set of modules that import each other."""

    edge: Edge
    """The import to give up."""
    way: tuple[str, ...]
    """A shortest circle over that import, from its source."""
    size: int
    """Modules in the set."""


def circles(edges: Iterable[Edge], is_upward: Mapping[Edge, bool]) -> Iterator[Circle]:
    """One for each set: without its import, least of the set stays in circles; upward ones are the first to go."""
    found = on_circles(edges)
    for links in components(found) if found else ():
        edge = min(_candidates(links), key=lambda each: (_left(links, each), not is_upward.get(each, False), each))
        yield Circle(edge, _way(links, edge), len(links))


def on_circles(edges: Iterable[Edge]) -> set[Edge]:
    """The edges that may be on a circle: those that lead from nowhere or to nowhere are taken away, until none does."""
    left = set(edges)
    while True:
        sources, targets = {source for source, _ in left}, {target for _, target in left}
        kept = {(source, target) for source, target in left if source in targets and target in sources}
        if len(kept) == len(left):
            return left
        left = kept


def _candidates(links: Links) -> list[Edge]:
    """The imports to choose from: all of a small set, those of a short circle of a large one."""
    every = [(source, target) for source, targets in links.items() for target in targets]
    if len(every) <= MAX_TRIED:
        return every
    ways = (_way(links, edge) for edge in every[:MAX_TRIED])
    shortest = min(ways, key=len)
    return list(zip(shortest, (*shortest[1:], shortest[0]), strict=True))


def _left(links: Links, without: Edge) -> int:
    """How many modules still import each other without one import."""
    edges = [(source, target) for source, targets in links.items() for target in targets]
    return sum(len(part) for part in components(edge for edge in edges if edge != without))


def _way(links: Links, edge: Edge) -> tuple[str, ...]:
    """A shortest circle over an import, from its source."""
    source, start = edge
    came_from = {start: ""}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node == source:
            break
        for target in links[node]:
            if target not in came_from:
                came_from[target] = node
                waiting.append(target)
    way = []
    node = source
    while node:
        way.append(node)
        node = came_from[node]
    return (way[0], *reversed(way[1:]))
