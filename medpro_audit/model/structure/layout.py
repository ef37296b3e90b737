"""The layout of a back end: where its code begins and which folder is at home for which kind of module.

Configured, or else inferred from where most modules stand, or else the one that the clean-up of a back end aims at:
``src/`` with routes, controllers, services, models, middleware, config, utils and validators.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from medpro_audit.core.config import StructureConfig
from medpro_audit.model.modules.paths import folder_of, joined, relative_to
from medpro_audit.model.structure.vocabulary import (
    CONTAINERS,
    FEATURES,
    HOMES,
    REFUSED,
    ROLES_OF_KINDS,
    WEAK,
    roles_of_folder,
)
from medpro_audit.model.subjects.module import ModuleKind

SOURCE_ROOTS = frozenset(("src", "source"))
"""Names of folders that server code is to be in once they are there."""
_MOST = 0.8
"""Part of the modules that must be in a folder for it to be where the code begins."""
_MIGRATED = 0.25
"""The same for a source root: code is being moved there."""
_COHERENT = 0.5
"""Part of the modules that must stand in folders of their kind for that to be a layout."""
_APART = frozenset(("routes", "controller", "service", "data-access", "schema", "middleware"))
_FEATURE_KINDS = 2
_SERVING = frozenset(("entry", "routes", "controller", "mixed"))
_DEEPEST_HOME = 2
"""Folders below the root: ``src/api/routes``."""

Kinds = Mapping[str, ModuleKind]
"""Kind of the modules of one back end by path."""


class Layout(NamedTuple):
    """Where the modules of one back end belong."""

    source: Literal["configured", "inferred", "default"]
    backend: str
    """Folder of the back end."""
    root: str
    """Folder that its code is in."""
    is_strict: bool
    """Code outside of the root is out of place."""
    homes: Mapping[ModuleKind, tuple[str, ...]]
    """Folders by kind, the first for what is moved."""
    features: frozenset[str]
    """Folders that hold all kinds of modules of one feature."""

    settled: frozenset[ModuleKind]
    """Kinds of which some module stands in a folder for them."""
    is_serving: bool
    """Some module takes part in serving requests."""

    def home_of(self, kind: ModuleKind) -> str | None:
        """The folder for modules of a kind that have to be moved; None for a kind that has none."""
        homes = self.homes.get(kind)
        return homes[0] if homes else None

    @property
    def reason(self) -> str:
        """Why it is this one, in words."""
        if self.source == "configured":
            return "the layout is configured"
        if self.source == "inferred":
            return "the layout is the one that most modules follow"
        return (
            "no layout is configured, and most modules follow none: taken for the target is src/ with a folder a kind"
        )


def layout_of(backend: str, kinds: Kinds, config: StructureConfig) -> Layout:
    """The layout of a back end."""
    folder = "" if backend == "." else backend
    features = _features(folder, kinds)
    configured: dict[ModuleKind, tuple[str, ...]] = {
        kind: tuple(joined(folder, home) for home in homes) for kind, homes in config.layout.items()
    }
    begin, is_strict = _begin(folder, kinds)
    is_coherent = _coherence(folder, begin, kinds, features) >= _COHERENT
    source: Literal["configured", "inferred", "default"] = (
        "configured" if configured or config.root is not None else "inferred" if is_coherent else "default"
    )
    if config.root is not None or not is_coherent:
        begin, is_strict = joined(folder, config.root or "src"), True
    root = begin
    habits = _habits(root if is_strict else folder, kinds)
    homes: dict[ModuleKind, tuple[str, ...]] = {}
    for kind, name in HOMES.items():
        homes[kind] = configured.get(kind) or habits.get(kind) or (joined(root, name),)
    settled = frozenset(kind for path, kind in kinds.items() if at_home(path, kind, root))
    return Layout(
        source, folder, root, is_strict, homes, features, settled, is_serving=not _SERVING.isdisjoint(kinds.values())
    )


def at_home(path: str, kind: ModuleKind, below: str) -> str | None:
    """The folder around a file that is named for its kind; None when there is none below a folder."""
    rest = relative_to(path, below)
    if rest is None:
        return None
    *folders, _ = rest.split("/")
    for depth in range(len(folders), 0, -1):
        if set(roles_of_folder(folders[depth - 1])) & set(ROLES_OF_KINDS.get(kind, ())):
            return joined(below, "/".join(folders[:depth]))
    return None


def may_stand(path: str, kind: ModuleKind, below: str) -> bool | None:
    """Whether the folders around a file leave room for its kind; None when none of them says what it is for."""
    names = (relative_to(path, below) or "").split("/")[:-1]
    if at_home(path, kind, below) is not None:
        return True
    named = [roles for name in reversed(names) if name not in WEAK and (roles := roles_of_folder(name))]
    return not all(kind in REFUSED[role] for role in named[0]) if named else None


def _features(folder: str, kinds: Kinds) -> frozenset[str]:
    """Folders that hold modules of several kinds, one of them for requests, and say of none that they are for it."""
    found: defaultdict[str, set[ModuleKind]] = defaultdict(set)
    for path, kind in kinds.items():
        names = (relative_to(path, folder) or "").split("/")[:-1]
        for depth in range(len(names), 0, -1):
            if names[depth - 1] in CONTAINERS or roles_of_folder(names[depth - 1]):
                break
            found[joined(folder, "/".join(names[:depth]))].add(kind)
    return frozenset(
        path for path, held in found.items() if len(held & _APART) >= _FEATURE_KINDS and held & {"routes", "controller"}
    )


def is_in_feature(path: str, layout_features: frozenset[str], folder: str) -> bool:
    """Whether a module stands in the folder of a feature."""
    names = (relative_to(path, folder) or "").split("/")[:-1]
    around = [joined(folder, "/".join(names[: depth + 1])) for depth in range(len(names))]
    if not layout_features.isdisjoint(around):
        return True
    return any(name in FEATURES for name in names[:-1])


def _coherence(folder: str, begin: str, kinds: Kinds, features: frozenset[str]) -> float:
    """Part of the modules that stand in a folder of their kind or feature, or below where the code begins in some."""
    judged = [(path, kind) for path, kind in kinds.items() if kind in ROLES_OF_KINDS]
    held = sum(
        may_stand(path, kind, folder)
        or is_in_feature(path, features, folder)
        or (begin != folder and folder_of(path).startswith(f"{begin}/"))
        for path, kind in judged
    )
    return held / len(judged) if judged else 1.0


def _begin(folder: str, kinds: Kinds) -> tuple[str, bool]:
    """The folder that the code of a back end is in, and whether code elsewhere is out of place."""
    paths = list(kinds)
    for name in sorted(SOURCE_ROOTS):
        if _part_below(joined(folder, name), paths) >= _MIGRATED:
            return joined(folder, name), True
    root = folder
    while True:
        inner = [joined(root, name) for name in sorted(CONTAINERS) if _part_below(joined(root, name), paths) >= _MOST]
        if not inner:
            return root, False
        root = inner[0]


def _part_below(folder: str, paths: Sequence[str]) -> float:
    return sum(relative_to(path, folder) is not None for path in paths) / len(paths) if paths else 0.0


def _habits(root: str, kinds: Kinds) -> dict[ModuleKind, tuple[str, ...]]:
    """The folders near the root that modules of a kind stand in, nearest and most used first."""
    counted: defaultdict[ModuleKind, Counter[str]] = defaultdict(Counter)
    for path, kind in sorted(kinds.items()):
        home = at_home(path, kind, root)
        if home is not None and home.count("/") - root.count("/") <= _DEEPEST_HOME:
            counted[kind][home] += 1
    return {
        kind: tuple(sorted(homes, key=lambda home: (home.count("/"), -homes[home], home)))
        for kind, homes in counted.items()
    }
