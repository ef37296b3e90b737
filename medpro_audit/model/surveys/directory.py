"""Finds the folders of server code, what they hold, and where what they hold belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeVar

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.modules.paths import folder_of, relative_to
from medpro_audit.model.subjects.directory import Directory
from medpro_audit.model.subjects.module import Module

Word = TypeVar("Word", bound=str)

MOST_USERS = 20
"""Steps of a trail."""


def survey(known: Known) -> Iterator[Directory]:
    """Every folder that holds a module, by path."""
    held: defaultdict[tuple[str, str], list[Module]] = defaultdict(list)
    for module in known.found("module"):
        if isinstance(module, Module):
            held[module.folder, module.backend].append(module)
    for (path, backend), modules in sorted(held.items()):
        yield _directory(path, backend, modules)


def _directory(path: str, backend: str, modules: Sequence[Module]) -> Directory:
    users = sorted({user for module in modules for user in module.used_by if relative_to(user, path) is None})
    targets = Counter(folder_of(module.destination) for module in modules if module.destination is not None)
    at_root = relative_to(path, "" if backend == "." else backend) or ""
    is_helper_folder = bool(at_root) and "/" not in at_root and all(module.in_helper_folder for module in modules)
    return Directory(
        file=modules[0].file,
        path=path,
        backend=backend,
        is_at_root=bool(at_root) and "/" not in at_root,
        modules=len(modules),
        in_place=sum(module.in_place is True for module in modules),
        unknown=sum(module.in_place is None for module in modules),
        kinds=_by_frequency(Counter(module.kind for module in modules)),
        is_helper_folder=is_helper_folder,
        destinations=_by_frequency(targets),
        used_by=tuple(users),
        trail=tuple(Step(user, 0, f"imports from {path}/") for user in users[:MOST_USERS]) if is_helper_folder else (),
    )


def _by_frequency(counted: Counter[Word]) -> tuple[Word, ...]:
    return tuple(sorted(counted, key=lambda word: (-counted[word], word)))
