"""A rule file as a tree whose every node knows its line; `rules.yaml_reader` makes it."""

from __future__ import annotations

from msgspec import Struct

_KINDS: dict[type, str] = {str: "a text", bool: "a boolean", int: "a number", float: "a number", type(None): "nothing"}


class Leaf(Struct, frozen=True):
    """A single value."""

    line: int
    value: str | int | float | bool | None
    text: str
    """As it is written, without quotes."""

    @property
    def kind(self) -> str:
        """What it is, in a reader's words."""
        return _KINDS[type(self.value)]


class Listing(Struct, frozen=True):
    """A list of nodes."""

    line: int
    items: tuple[Tree, ...]
    kind: str = "a list"


class Entry(Struct, frozen=True):
    """The line of a key, and its value."""

    line: int
    value: Tree


class Mapping(Struct, frozen=True):
    """Entries by key, in the order in which they are written."""

    line: int
    entries: dict[str, Entry]
    kind: str = "a mapping"


Tree = Leaf | Listing | Mapping
Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]


def plain(tree: Tree) -> Plain:
    """Return the tree as plain data, without lines."""
    if isinstance(tree, Leaf):
        return tree.value
    if isinstance(tree, Listing):
        return [plain(item) for item in tree.items]
    return {key: plain(entry.value) for key, entry in tree.entries.items()}
