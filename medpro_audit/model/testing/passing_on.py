"""Where the exports of a module come from that only passes on what others export: barrels such as ``index.js``."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.known import Known
from medpro_audit.model.structure.shapes import shape_of
from medpro_audit.model.testing.modules import kinds

Called = tuple[str, ...] | None
MAX_DEPTH = 4


def origins_of(known: Known, path: str, called: Called, depth: int = 0) -> Iterator[tuple[str, Called]]:
    """The modules that a test calls by importing one, each with the exports that it calls.

    What is called through a barrel belongs to the module whose name, or whose export, the first part of it is; where
    that can't be told, nothing is said of any.
    """
    if depth >= MAX_DEPTH or not called or not is_index(known, path):
        yield path, called
        return
    targets = [target for source, target, kind in known.base.graph.edges if source == path and kind == "import"]
    for name in called:
        first = _plain(name.partition(".")[0])
        named = [target for target in targets if _plain(target.rpartition("/")[2].partition(".")[0]) == first]
        named = named or [target for target in targets if _plain(_stem(target)) == first]
        for target in named[:1]:
            yield from origins_of(known, target, (name,), depth + 1)


def is_index(known: Known, path: str) -> bool:
    """Whether a module of server code only passes on what others export."""
    return path in known.shared(kinds) and shape_of(known.base.interpreter.code.module(path)).is_index


def _stem(path: str) -> str:
    """``user.service.js`` is exported as ``userService``."""
    return "".join(path.rpartition("/")[2].split(".")[:-1])


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
