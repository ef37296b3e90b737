"""Whether a module stands in its place, and where it belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from medpro_audit.core.place import Step
from medpro_audit.model.modules.paths import folder_of, joined, relative_to
from medpro_audit.model.structure.kinds import Verdict
from medpro_audit.model.structure.layout import Layout, at_home, is_in_feature, may_stand
from medpro_audit.model.structure.vocabulary import (
    CONTAINERS,
    ROLES_OF_KINDS,
    roles_of_file,
    roles_of_folder,
    roles_of_path,
    words_of,
)
from medpro_audit.model.subjects.module import ModuleKind

_HELPING = frozenset(("func", "funcs", "function", "functions", "helper", "helpers", "service", "services"))
_HELPING |= frozenset(("util", "utilities", "utils"))
_GENERIC = _HELPING | frozenset(("index", "lib", "main"))
_SERVING = frozenset(("controller", "entry", "mixed", "routes"))
"""Kinds that no folder of helpers holds."""
_SMALL = frozenset(("constants", "helper"))
_FREE = frozenset(("config", "connection", "constants", "error", "index", "logger", "schema", "types"))
"""Kinds of which a back end has few, so that they may stand at its root."""


class Placement(NamedTuple):
    """Where a module stands and where it belongs."""

    in_place: bool | None
    destination: str | None = None
    in_helper_folder: bool = False
    reason: str | None = None
    trail: tuple[Step, ...] = ()


class Places:
    """Judges the modules of one back end."""

    def __init__(self, layout: Layout, verdicts: Mapping[str, Verdict], canonical: str | None) -> None:
        self._layout = layout
        self._verdicts = verdicts
        self._canonical = canonical
        """The configured connection module, where it exists."""
        self._helper_folders = frozenset(self._found_helper_folders())
        self._sizes = Counter(folder_of(path) for path in verdicts)
        self._taken = set(verdicts)

    def placements(self) -> Iterator[tuple[str, Placement]]:
        """Of each module, by path."""
        for path, verdict in sorted(self._verdicts.items()):
            yield path, self._placed(path, verdict)

    @property
    def helper_folders(self) -> frozenset[str]:
        """Folders at the root that hold only helpers and services, outside of the layout."""
        return self._helper_folders

    def _placed(self, path: str, verdict: Verdict) -> Placement:
        in_helper_folder = any(relative_to(path, folder) is not None for folder in self._helper_folders)
        if verdict.kind == "unknown":
            return Placement(None, in_helper_folder=in_helper_folder, reason=verdict.reason)
        kinds = verdict.does or (verdict.kind,)
        answers = [self._answer(path, kind, in_helper_folder=in_helper_folder) for kind in kinds]
        told = next((text for is_good, text in answers if is_good), answers[0][1])
        is_good: bool | None = any(is_good for is_good, _ in answers)
        if not is_good and (not verdict.is_sure or any(each is None for each, _ in answers)):
            is_good = None
        steps = (verdict.step(path), Step(path, 0, told))
        if is_good is not False:
            return Placement(is_good, None, in_helper_folder, None if is_good else told, steps)
        destination = None if verdict.kind == "mixed" else self._destination(path, verdict.kind)
        return Placement(
            in_place=False,
            destination=destination,
            in_helper_folder=in_helper_folder,
            trail=(*steps, Step(path, 0, self._layout.reason)),
        )

    def _answer(self, path: str, kind: ModuleKind, *, in_helper_folder: bool) -> tuple[bool | None, str]:
        """Whether a module of this kind may stand there, and why."""
        layout = self._layout
        if layout.source == "default" and not layout.is_serving:
            return None, "belongs to a package that serves no requests, and no layout is configured for it"
        if kind == "entry" or path == self._canonical:
            return True, "stands where the application may begin" if kind == "entry" else "is the connection module"
        if any(relative_to(path, home) is not None for home in layout.homes.get(kind, ())):
            return True, "stands in a folder for modules of its kind"
        if in_helper_folder:
            return False, "stands in a folder of helpers at the root, outside of the layout"
        if layout.is_strict and relative_to(path, layout.root) is None:
            return self._outside(path, kind)
        if is_in_feature(path, layout.features, layout.backend):
            return True, "stands in the folder of a feature"
        match may_stand(path, kind, layout.backend):
            case True:
                return True, "stands in a folder that has room for its kind"
            case False if layout.source == "inferred" and kind not in layout.settled:
                return True, "stands where this back end has modules of its kind"
            case False:
                return False, f"stands in {folder_of(path)}/, which is for something else"
        return self._unnamed(path, kind)

    def _outside(self, path: str, kind: ModuleKind) -> tuple[bool | None, str]:
        """Of a module outside of the root that code should be in."""
        layout = self._layout
        if layout.source == "inferred":
            if kind in {"config", "connection", "index", "types"}:
                return True, "stands beside the source root, as settings may"
            if kind not in layout.settled and at_home(path, kind, layout.backend) is not None:
                return True, "stands in the only folder for modules of its kind"
            if may_stand(path, "config", layout.backend) and "config" in roles_of_path(path):
                return True, "stands in the folder for settings beside the source root"
            if kind in _SMALL and folder_of(path) == layout.backend:
                return None, f"stands beside {layout.root}/, and may be a tool"
        return False, f"stands outside of {layout.root}/"

    def _unnamed(self, path: str, kind: ModuleKind) -> tuple[bool | None, str]:
        """Of a module around which no folder says what it is for."""
        layout = self._layout
        if folder_of(path) not in {layout.root, layout.backend}:
            return True, "stands in a folder of its own subject"
        if kind in _FREE or set(roles_of_file(path)) & set(ROLES_OF_KINDS.get(kind, ())):
            return True, "stands at the root, as a single module of its kind may"
        if layout.source == "inferred" and (kind in _SMALL or kind == "service" or kind not in layout.settled):
            return None, "stands at the root, where a single module may"
        return False, "stands at the root, beside the folder for modules of its kind"

    # Helper folders

    def _found_helper_folders(self) -> Iterator[str]:
        layout = self._layout
        held: defaultdict[str, set[ModuleKind]] = defaultdict(set)
        for path, verdict in self._verdicts.items():
            first, slash, _ = (relative_to(path, layout.backend) or "").partition("/")
            if slash:
                held[first].add(verdict.kind)
        for name, kinds in sorted(held.items()):
            folder = joined(layout.backend, name)
            if name in CONTAINERS or relative_to(layout.root, folder) is not None or not kinds.isdisjoint(_SERVING):
                continue
            if folder not in {home for homes in layout.homes.values() for home in homes} and self._is_helping(name):
                yield folder

    def _is_helping(self, name: str) -> bool:
        """Whether a folder's name says that it helps: with one subject; or with anything, beside a source root."""
        words = words_of(name)
        if _HELPING.isdisjoint(words):
            return False
        return len(words) > 1 or (self._layout.is_strict and words[0] not in {"service", "services"})

    # Destinations

    def _destination(self, path: str, kind: ModuleKind) -> str | None:
        """A free path in the folder for modules of its kind; a folder that is only in the wrong place moves whole."""
        layout = self._layout
        own = at_home(path, kind, layout.backend)
        if own is not None and layout.source != "configured":
            return self._free(joined(layout.root, f"{own.rpartition('/')[2]}/{relative_to(path, own)}"))
        home = layout.home_of(kind)
        if home is None:
            return None
        subject, name = self._subject(path), path.rpartition("/")[2]
        stem, dot, suffix = name.partition(".")
        if subject and (_GENERIC.issuperset(words_of(stem)) or stem == subject):
            return self._free(joined(home, f"{subject}{dot}{suffix}"))
        if subject and self._sizes[folder_of(path)] > 1:
            return self._free(joined(home, f"{subject}/{name}"))
        plain = joined(home, name)
        return self._free(plain if plain not in self._taken or not subject else joined(home, f"{subject}/{name}"))

    def _free(self, path: str) -> str:
        """Reserve a path; one that is taken gets a number."""
        free, number = path, 2
        while free in self._taken:
            stem, dot, suffix = path.rpartition("/")[2].partition(".")
            free, number = joined(folder_of(path), f"{stem}{number}{dot}{suffix}"), number + 1
        self._taken.add(free)
        return free

    def _subject(self, path: str) -> str:
        """What a folder of helpers is about: ``billing`` of ``billingHelper``; empty for one that doesn't say."""
        first, slash, _ = (relative_to(path, self._layout.backend) or "").partition("/")
        if (
            not slash
            or first in CONTAINERS
            or relative_to(path, self._layout.root) is not None
            or roles_of_folder(first)
        ):
            return ""
        words = [word for word in words_of(first) if word not in _HELPING]
        return "".join([*words[:1], *(word.capitalize() for word in words[1:])])
