"""The ``exports`` and ``imports`` of a package.json: which targets a subpath has (Node's "Resolution Algorithm")."""

from collections.abc import Iterator
from itertools import islice

from medpro_audit.model.modules.jsonc import Json
from medpro_audit.model.modules.patterns import PatternTable

MAX_DEPTH = 32
"""Deeper nested conditions are not looked at."""
MAX_TARGETS = 32
"""Nor are further targets of one entry."""


class TargetTable:
    """The entries of ``exports`` or of ``imports``."""

    def __init__(self, entries: dict[str, Json]) -> None:
        self._entries = entries
        # Keys that end in a slash are an older way to write a pattern.
        self._folders = {f"{key}*": key for key in entries if key.endswith("/")}
        self._keys = PatternTable([*entries, *self._folders])

    def targets(self, key: str, conditions: frozenset[str]) -> tuple[str, ...] | None:
        """What a subpath (``.``, ``./x``) or an import (``#x``) leads to; None when it is not offered, or refused.

        Targets under a condition that is met come first. The others follow, because a build that isn't in the
        repository may be found through the source that another condition names.
        """
        found = self._keys.match(key)
        if found is None:
            return None
        pattern, star = found
        folder = self._folders.get(pattern)
        target = self._entries[pattern if folder is None else folder]
        met = tuple(_leaves(target, conditions))
        if met[:1] == (None,):
            return None
        known = dict.fromkeys(leaf for leaf in (*met, *_leaves(target, None)) if leaf is not None)
        leaves = islice(known, MAX_TARGETS)
        return tuple(leaf.replace("*", star) if folder is None else leaf + star for leaf in leaves)


def export_table(exports: Json) -> TargetTable:
    """Entries by subpath; a single target stands for the package itself."""
    if isinstance(exports, dict) and all(key.startswith(".") for key in exports):
        return TargetTable(exports)
    return TargetTable({".": exports})


def _leaves(target: Json, conditions: frozenset[str] | None, depth: int = 0) -> Iterator[str | None]:
    """Strings and nulls in order, below conditions that are met (all of them when ``conditions`` is None)."""
    if depth > MAX_DEPTH:
        return
    if target is None or isinstance(target, str):
        yield target
    elif isinstance(target, list):
        for item in target:
            yield from _leaves(item, conditions, depth + 1)
    elif isinstance(target, dict):
        for condition, item in target.items():
            if conditions is None or condition in conditions:
                yield from _leaves(item, conditions, depth + 1)
