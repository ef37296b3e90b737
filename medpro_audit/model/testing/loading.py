"""What files of the tests load of each other, and what one of them runs that is started as a program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import packages_of
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.testing.selection import Selection

_SEEKING = frozenset(
    (
        *("fs", "fs/promises", "fs-extra", "node:fs", "node:fs/promises", "glob", "globby", "fast-glob", "tinyglobby"),
        *("klaw", "readdirp", "recursive-readdir", "require-all", "require-dir", "include-all", "requireindex"),
        *("child_process", "node:child_process", "execa", "cross-spawn", "shelljs", "zx", "node:test"),
        *("@jest/core", "ava", "jasmine", "jest", "jest-cli", "mocha", "tap", "vitest"),
    )
)
"""Packages by which a program finds files, or starts a runner of tests."""


def loaded(known: Known, paths: Iterable[str]) -> frozenset[str]:
    """Files of the tests with all that they load of the tests."""
    loads = known.shared(_loads)
    waiting = list(paths)
    found = set(waiting)
    while waiting:
        for target in loads.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return frozenset(found)


def _loads(known: Known) -> Mapping[str, Sequence[str]]:
    loads: dict[str, list[str]] = {}
    for source, target, kind in known.base.graph.edges:
        if kind == "import" and known.base.roles.get(source) == known.base.roles.get(target) == "test":
            loads.setdefault(source, []).append(target)
    return loads


def started_by(known: Known, path: str) -> Selection | None:
    """The files of the tests that run when one is started as a program; None where it is none of them."""
    if known.base.roles.get(path) != "test":
        return None
    if seeks(known, path):
        return Selection(folder_of(path), (), is_known=False)
    return Selection("", tuple(re.compile(rf"{re.escape(one)}\Z") for one in sorted(loaded(known, (path,)))))


def seeks(known: Known, path: str) -> bool:
    """Whether a file without tests of its own may find others, and load or run them."""
    facts = known.base.facts.get(path)
    if facts is None or not _SEEKING.intersection(packages_of(facts)):
        return False
    return facts.tests is None or not any(block.kind == "case" for block in facts.tests.blocks)
