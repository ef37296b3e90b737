"""The folders of server code today, beside those that the target layout proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from posixpath import dirname

from msgspec import Struct

from medpro_audit.model.subjects.module import Module


class FolderCount(Struct, frozen=True):
    """One line of a tree of folders."""

    path: str
    """Empty for the scanned folder."""
    depth: int
    modules: int
    """Directly in it."""
    changed: int
    """Of them, those that leave it, or that come to it."""
    is_rolled_up: bool = False
    """Its numbers are those of all that is below it as well: there are too many folders to show."""

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


class Move(Struct, frozen=True):
    """Modules that go from one folder to another."""

    source: str
    target: str
    """Empty for modules that have to be taken apart first."""
    modules: tuple[str, ...]


class Relocation(Struct, frozen=True):
    """Both trees, and what leads from one to the other."""

    modules: int
    moved: int
    mixed: int
    """Modules that have to be taken apart before any of it can move."""
    layout: str
    """What the target is, in words."""
    today: tuple[FolderCount, ...]
    proposed: tuple[FolderCount, ...]
    moves: tuple[Move, ...]


MAX_FOLDERS = 60
"""Lines of a tree; of more, the deepest folders are counted with the one that they stand in."""
_LAYOUTS = {
    "configured": "the configured layout",
    "inferred": "the layout that most modules follow",
    "default": "src/ with a folder for each kind of module (most modules follow no layout)",
}


def relocation(modules: Sequence[Module]) -> Relocation:
    """Compare the folders of today with those that modules belong into."""
    moving = [module for module in modules if module.in_place is False]
    targets = {module.file: dirname(module.destination) for module in moving if module.destination}
    today = Counter(module.folder for module in modules)
    left = Counter(module.folder for module in moving)
    proposed = Counter(targets.get(module.file, module.folder) for module in modules)
    came = Counter(targets.values())
    return Relocation(
        modules=len(modules),
        moved=len(moving),
        mixed=len(moving) - len(targets),
        layout=" and ".join(sorted({_LAYOUTS[module.layout] for module in modules})),
        today=tuple(_tree(today, left)),
        proposed=tuple(_tree(proposed, came)),
        moves=tuple(_moves(moving, targets)),
    )


def _tree(counted: Counter[str], changed: Counter[str]) -> Iterator[FolderCount]:
    """Folders with all that are around them, each below the one that it stands in."""
    depth = _deepest(counted)
    held, moved = Counter[str](), Counter[str]()
    for path, number in counted.items():
        held[_cut(path, depth)] += number
        moved[_cut(path, depth)] += changed[path]
    rolled_up = {_cut(path, depth) for path in counted if path.count("/") >= depth}
    for path in sorted(_shown(counted, depth), key=lambda path: path.split("/")):
        yield FolderCount(path, path.count("/") + bool(path), held[path], moved[path], path in rolled_up)


def _deepest(paths: Collection[str]) -> int:
    """How deep a tree can go before it has too many lines."""
    deepest = min(MAX_FOLDERS, 1 + max((path.count("/") for path in paths), default=0))
    fitting = (depth for depth in range(deepest, 1, -1) if len(_shown(paths, depth)) <= MAX_FOLDERS)
    return next(fitting, 1)


def _shown(paths: Collection[str], depth: int) -> set[str]:
    return {around for path in paths for around in _with_folders_around(_cut(path, depth))}


def _cut(path: str, depth: int) -> str:
    return "/".join(path.split("/")[:depth])


def _with_folders_around(path: str) -> Iterator[str]:
    names = path.split("/")
    yield from ("/".join(names[: depth + 1]) for depth in range(len(names)))


def _moves(moving: Sequence[Module], targets: dict[str, str]) -> Iterator[Move]:
    found: dict[tuple[str, str], list[str]] = {}
    for module in moving:
        found.setdefault((module.folder, targets.get(module.file, "")), []).append(module.file)
    for (source, target), files in sorted(found.items()):
        yield Move(source, target, tuple(sorted(files)))
