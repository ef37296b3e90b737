"""Servers that stand in for others while somebody develops: mocks of services, a server to try a proxy with."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from medpro_audit.model.modules.entry_points import EntryPoint
from medpro_audit.model.subjects import ImportGraph

_NAME = re.compile(
    r"(?:^|/)(?:mocks?|fakes?|stubs?)/"
    r"|(?:^|/)(?:mock|fake|stub|dummy)[-_][\w-]+/"
    r"|(?:^|/)[\w-]+[-_](?:mocks?|fake|stubs?)/"
    r"|(?:^|/)(?:tests?|mock|fake|stub|dummy)(?:[-_.]?(?:api|app|backend|express|server|service))?\.[cm]?[jt]s$"
    r"|(?:^|/)(?:api|app|backend|express|server|service)[-_](?:tests?|mock|stub)\.[cm]?[jt]s$",
    re.IGNORECASE,
)


def may_stand_in(entry: EntryPoint) -> bool:
    """Whether a file that is started is called like a stand-in, and not started to serve."""
    return not (entry.is_serving or entry.named_by.endswith("main")) and _NAME.search(entry.path) is not None


def stand_ins(modules: Collection[str], graph: ImportGraph, entries: Iterable[EntryPoint]) -> frozenset[str]:
    """Of some modules those that stand in for others; none where that would be all of them.

    What another module loads is a part of that, and what is started to serve, or is the package's main file, is no
    stand-in, however it is called: ``routes/test.js`` may be about tests of blood.
    """
    used = {target for source, target, kind in graph.edges if kind == "import" and source != target}
    serving = {entry.path for entry in entries if not may_stand_in(entry)}
    found = frozenset(path for path in modules if path not in used | serving and _NAME.search(path))
    is_all = all(_NAME.search(path) for path in modules)
    return frozenset() if is_all else found
