"""Documents as trees of which every node knows where it stands, whether they come from text or from code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from medpro_audit.model.schemas import Shape

HOLE: Final = "\ufffc"
"""Stands in a text for a part that is only known while the program runs."""


class Unseen:
    """A value that can't be seen from the source."""

    __slots__ = ()


UNSEEN: Final = Unseen()

Scalar: TypeAlias = "str | int | float | bool | None"
Content: TypeAlias = "Scalar | dict[str, Node] | list[Node] | Shape | Unseen"


class Fault(NamedTuple):
    """Why a text is no document."""

    message: str
    line: int


class Node:
    """A value of a document; ``line`` is that of its key, where it has one."""

    __slots__ = ("file", "is_open", "line", "size", "value")

    def __init__(self, value: Content, file: str, line: int, *, is_open: bool = False, size: int = 1) -> None:
        self.value = value
        self.file = file
        self.line = line
        self.is_open = is_open
        """It may have more in it than is known."""
        self.size = size
        """Nodes in it, those behind an alias counted wherever it stands."""

    def find(self, *keys: str) -> Node | None:
        """What stands below these keys."""
        node: Node | None = self
        for key in keys:
            node = node.entries.get(key) if node is not None else None
        return node

    def text(self, key: str) -> str:
        """The text below a key; empty when there is none."""
        node = self.entries.get(key)
        return node.value if node is not None and isinstance(node.value, str) else ""

    @property
    def entries(self) -> Mapping[str, Node]:
        """Of a mapping, its entries; of anything else, nothing."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def items(self) -> Sequence[Node]:
        """Of a list, its items; of anything else, nothing."""
        return self.value if isinstance(self.value, list) else ()

    @property
    def is_seen(self) -> bool:
        """Whether all of it at this level is known."""
        return self.value is not UNSEEN and not self.is_open

    def walk(self, limit: int) -> Iterator[Node]:
        """All nodes in it, itself first, each once, and no more than so many."""
        waiting, seen = [self], {id(self.value)}
        for _ in range(limit):
            if not waiting:
                return
            node = waiting.pop()
            yield node
            for inner in reversed((*node.entries.values(), *node.items)):
                if not isinstance(inner.value, dict | list):
                    waiting.append(inner)
                elif id(inner.value) not in seen:
                    seen.add(id(inner.value))
                    waiting.append(inner)


def mapping(entries: dict[str, Node], file: str, line: int) -> Node:
    """A mapping of nodes."""
    return Node(entries, file, line, size=1 + sum(inner.size for inner in entries.values()))


def merged(first: Node | None, second: Node) -> Node:
    """Both in one, what the second says last, lists item by item; nothing is overwritten by null."""
    if first is None or (second.value is None and first.value is not None):
        return second if first is None else first
    if isinstance(first.value, dict) and isinstance(second.value, dict):
        entries = dict(first.value)
        for key, inner in second.value.items():
            entries[key] = merged(entries.get(key), inner)
        return mapping(entries, first.file, first.line)
    if isinstance(first.value, list) and isinstance(second.value, list):
        paired = [merged(one, other) for one, other in zip(first.value, second.value, strict=False)]
        longer = max(first.value, second.value, key=len)
        items = [*paired, *longer[len(paired) :]]
        return Node(items, first.file, first.line, size=1 + sum(item.size for item in items))
    return second


def plain(node: Node) -> object:
    """The document as ordinary values, for libraries; what can't be seen is null."""
    made: dict[int, object] = {}

    def convert(current: Node) -> object:
        key = id(current.value)
        match current.value:
            case dict() as entries:
                if key not in made:
                    made[key] = {name: convert(inner) for name, inner in entries.items()}
                return made[key]
            case list() as items:
                if key not in made:
                    made[key] = [convert(inner) for inner in items]
                return made[key]
            case Shape() | Unseen():
                return None
        return current.value

    return convert(node)
