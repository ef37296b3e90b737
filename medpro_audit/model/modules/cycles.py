"""Files that import each other in a circle."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from medpro_audit.model.subjects import ImportGraph

_BUDGET = 2_000_000
"""Edges looked at in one component; a circle found by then is a short one, perhaps not the shortest."""


class Cycle(Struct, frozen=True, order=True):
    """A set of files each of which imports, over others of the set, each other one."""

    files: tuple[str, ...]
    """Sorted."""
    shortest: tuple[str, ...]
    """A shortest circle among them, from its first file by name; the last imports the first."""


def cycles(graph: ImportGraph) -> tuple[Cycle, ...]:
    """All circles of imports that exist at run time, the largest first."""
    found = components((source, target) for source, target, kind in graph.edges if kind == "import")
    return tuple(Cycle(tuple(sorted(links)), _shortest_circle(links)) for links in found)


def components(edges: Iterable[tuple[str, str]]) -> list[dict[str, list[str]]]:
    """The strongly connected parts with more than one node, largest first; the targets by node, all sorted."""
    links: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in edges:
        links[source].add(target)
    parts = sorted(_strong_parts(links), key=lambda part: (-len(part), min(part)))
    return [{node: sorted((links[node] & part) - {node}) for node in sorted(part)} for part in parts if len(part) > 1]


def _strong_parts(links: Mapping[str, Iterable[str]]) -> Iterator[set[str]]:
    """Kosaraju's algorithm, since importing a library for it takes ten times as long as it does."""
    backwards: defaultdict[str, list[str]] = defaultdict(list)
    for source, targets in links.items():
        for target in targets:
            backwards[target].append(source)
    seen: set[str] = set()
    left = [node for start in links for node in _left_behind(start, links, seen)]
    seen.clear()
    return (part for start in reversed(left) if (part := set(_left_behind(start, backwards, seen))))


def _left_behind(start: str, links: Mapping[str, Iterable[str]], seen: set[str]) -> Iterator[str]:
    """What a node leads to and was not seen before, each after all that it leads to itself."""
    stack = [] if start in seen else [(start, iter(links.get(start, ())))]
    seen.add(start)
    while stack:
        node, targets = stack[-1]
        target = next((each for each in targets if each not in seen), None)
        if target is None:
            stack.pop()
            yield node
        else:
            seen.add(target)
            stack.append((target, iter(links.get(target, ()))))


def _shortest_circle(links: dict[str, list[str]]) -> tuple[str, ...]:
    best: tuple[str, ...] = ()
    budget = _BUDGET
    for start in links:
        circle, looked_at = _circle_through(start, links, len(best))
        best = circle or best
        budget -= looked_at
        if len(best) == 2 or (best and budget < 0):  # noqa: PLR2004 -- nothing is shorter
            break
    first = best.index(min(best))
    return best[first:] + best[:first]


def _circle_through(start: str, links: dict[str, list[str]], below: int) -> tuple[tuple[str, ...], int]:
    """A shortest way from a file back to itself, if it has fewer files than ``below`` (0: any), and the effort."""
    came_from = {start: ""}
    depth = {start: 1}
    waiting = deque([start])
    looked_at = 0
    while waiting:
        node = waiting.popleft()
        if below and depth[node] >= below:
            break
        for target in links[node]:
            looked_at += 1
            if target == start:
                return _way(node, came_from), looked_at
            if target not in came_from:
                came_from[target] = node
                depth[target] = depth[node] + 1
                waiting.append(target)
    return (), looked_at


def _way(end: str, came_from: dict[str, str]) -> tuple[str, ...]:
    way = []
    while end:
        way.append(end)
        end = came_from[end]
    return tuple(reversed(way))
