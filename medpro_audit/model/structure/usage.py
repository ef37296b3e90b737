"""Who uses a module: by importing it, by starting it, by loading the folder it is in."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property

from medpro_audit.model.known import Base
from medpro_audit.model.modules.paths import folder_of, relative_to
from medpro_audit.model.structure.evidence import Surroundings
from medpro_audit.model.structure.mentions import Texts, texts_of
from medpro_audit.model.structure.vocabulary import words_of
from medpro_audit.model.subjects.module import ModuleKind

_TESTING = frozenset(("fixture", "fixtures", "mock", "mocks", "stub", "stubs", "test", "testing", "tests"))
"""Words of folders that hold what only tests load."""


class Usage:
    """Answers for each module of server code."""

    def __init__(self, base: Base, found: Surroundings) -> None:
        self._base = base
        self._found = found
        self._importers: defaultdict[str, set[str]] = defaultdict(set)
        self._named: set[str] = set()
        """Files that something refers to without running them: by a type, a mock, require.resolve."""
        for source, target, kind in base.graph.edges:
            if source == target:
                continue
            if kind == "import":
                self._importers[target].add(source)
            elif base.roles.get(source) != "test":
                self._named.add(target)

    def users(self, path: str) -> tuple[str, ...]:
        """Modules that import one at run time, sorted, tests left out."""
        return tuple(sorted(user for user in self._importers.get(path, ()) if self._base.roles.get(user) != "test"))

    def is_used(self, path: str, kind: ModuleKind) -> tuple[bool | None, str | None]:
        """Whether anything uses a module; with the reason where that can't be told."""
        if self._is_surely_used(path):
            return True, None
        reason = self._doubt(path, kind)
        return (False if reason is None else None), reason

    def _is_surely_used(self, path: str) -> bool:
        serving = self._found.serving
        if path in self._found.entries or path in self._named:
            return True
        return bool(self.users(path)) or path in serving.applications or path in serving.handlers

    def _doubt(self, path: str, kind: ModuleKind) -> str | None:
        """Why something may use a module that nothing imports; None when there is no doubt."""
        if self._importers.get(path):
            return "only tests import it"
        if kind == "types":
            return "types may be in effect without an import"
        if kind in {"config", "constants"} and folder_of(path) == folder_of(self._package_file(path)):
            return "it stands beside package.json, where tools look for their settings"
        if not _TESTING.isdisjoint(word for folder in path.split("/")[:-1] for word in words_of(folder)):
            return "it stands among tests"
        if path in self._misspelt:
            return "it is imported under a name that differs in upper and lower case"
        loader = next((loader for loader in self._texts.loaders if self._may_load(loader, path)), None)
        if loader is not None:
            return f"{loader} loads modules whose names are computed"
        mention = self._texts.mentions.get(path)
        return f"{mention} names it or its folder" if mention is not None else None

    def _package_file(self, path: str) -> str:
        package = self._base.resolver.projects.package_of(folder_of(path))
        return package.path if package is not None else "package.json"

    @cached_property
    def _misspelt(self) -> frozenset[str]:
        """Modules that an import would lead to on a system that takes upper and lower case for the same."""
        reasons = [each.reason for each in self._base.graph.unresolved]
        found = (reason.partition("; ")[2].partition(" differs in upper")[0] for reason in reasons)
        return frozenset(path for path in found if path)

    def _may_load(self, loader: str, path: str) -> bool:
        """Whether what a module loads by computed names may be this one: of its own folder, or of a folder it names."""
        backend = self._base.backend_of(path)
        if self._base.backend_of(loader) != backend or loader == path:
            return False
        if relative_to(path, folder_of(loader)) is not None and folder_of(loader) not in {"", backend}:
            return True
        text = self._texts.loaders[loader]
        return any(re.search(rf"['\"`/]{re.escape(name)}\b", text) for name in folder_of(path).split("/") if name)

    @cached_property
    def _texts(self) -> Texts:
        """What the texts of the repository say of modules that nothing imports."""
        alone = [
            path for path in self._found.modules if not self._importers.get(path) and not self._is_surely_used(path)
        ]
        return texts_of(self._base, alone)
