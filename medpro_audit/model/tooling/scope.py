"""What stands around one back end: its own folder and those above it, with their package.json files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import cast

from medpro_audit.core.notice import Notice
from medpro_audit.model.ci.following import Follower, Run
from medpro_audit.model.ci.root import Root
from medpro_audit.model.ci.steps import unread_file
from medpro_audit.model.known import Known
from medpro_audit.model.modules.jsonc import Json, read_object
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import folder_of, joined, relative_to
from medpro_audit.model.subjects import Backend
from medpro_audit.model.subjects.ci_run import CiRun


class Scope:
    """Answers what is configured, installed and run for one back end."""

    def __init__(self, known: Known, backend: Backend) -> None:
        base = known.base
        self.backend = backend.root
        self.folder = "" if backend.root == "." else backend.root
        self.file = backend.file
        self.paths = base.inventory.paths.union(base.inventory.around)
        self.settings = base.inventory.settings
        self.read_asset = base.read_asset
        self.ci_runs = cast("tuple[CiRun, ...]", known.found("ci-run"))
        self.unread_ci = unread_file(known.notices)
        """A CI file that could not be read."""
        self.is_typescript = _is_typescript(
            facts.language
            for path, facts in base.facts.items()
            if base.roles[path] == "server" and base.backend_of(path) == backend.root
        )
        """At least half of its server code is TypeScript."""
        self._root = Root(base.inventory.location)
        self.folders = tuple(map(self._root.shown, _folders_to(self._root.path(self.folder))))
        """Its own and all above it, up to the repository's root."""
        self.packages: tuple[Manifest, ...] = tuple(base.resolver.projects.packages_above(self.folder))
        """The back end's own, then those around it."""
        packages = self._root.packages(base.resolver.projects.packages)
        self._follower = Follower(packages, lambda path: base.read_asset(self._root.shown(path)))
        self._projects = base.resolver.projects

    @property
    def has_package(self) -> bool:
        """It has a package.json of its own."""
        return any(package.folder == self.folder for package in self.packages)

    def named(self, pattern: re.Pattern[str]) -> Iterator[str]:
        """Files whose name fits in the folder of the back end and those above, nearest first."""
        for folder in self.folders:
            yield from (path for path in self._names.get(folder, ()) if pattern.fullmatch(path.rpartition("/")[2]))

    def fields(self, package: Manifest) -> dict[str, Json]:
        """All that a package.json says."""
        found = read_object(package.path, self.settings.get(package.path, b"{}"))
        return {} if isinstance(found, Notice) else found

    def field(self, name: str) -> tuple[Manifest, Json] | None:
        """The nearest package.json that has a field, and its value."""
        for package in self.packages:
            value = self.fields(package).get(name)
            if value is not None:
                return package, value
        return None

    def installs(self, *names: str) -> str | None:
        """The first of some packages that the back end, a package above it, or one that it is linked to depends on."""
        linked = (self._projects.linked(name, self.folder) for package in self.packages for name in _declared(package))
        packages = [*self.packages, *(package for package in linked if package is not None)]
        declared = {name for package in packages for name in _declared(package)}
        return next((name for name in names if name in declared), None)

    def declares(self, name: str) -> bool:
        """Whether the back end's own package or one above it depends on a package."""
        return any(name in _declared(package) for package in self.packages)

    @cached_property
    def script_runs(self) -> tuple[tuple[str, Run], ...]:
        """What the scripts of its package and of those above start, with the name of the script."""
        return tuple(
            (f"{package.path}: {name}", run)
            for package in self.packages
            for name in package.scripts
            for run in self._follower.script(name, self._root.path(package.folder))
        )

    def is_workspace(self, folder: str) -> bool:
        """Whether packages below a folder are installed together there."""
        package = self._projects.packages.get(folder)
        names = ("pnpm-workspace.yaml", "pnpm-workspace.yml", "lerna.json", "nx.json", "rush.json")
        return bool(package is not None and package.workspaces) or any(
            joined(folder, name) in self.paths for name in names
        )

    def runs(self, text: str, folder: str) -> tuple[Run, ...]:
        """What a text starts in a folder."""
        return self._follower.runs(text, self._root.path(folder))

    def is_covered(self, run: CiRun) -> bool:
        """Whether a program that is run somewhere, perhaps with paths, looks at the folder of the back end."""
        start, folder = self._root.path("" if run.folder == "." else run.folder), self._root.path(self.folder)
        if relative_to(folder, start) is None and relative_to(start, folder) is None:
            return False
        named = [word for word in run.arguments if _is_path(word)]
        return not named or any(_meets(joined(start, word), folder) for word in named)

    @cached_property
    def _names(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for path in sorted(self.paths):
            if folder_of(path) in self.folders:
                found.setdefault(folder_of(path), []).append(path)
        return found


def _is_typescript(languages: Iterable[str]) -> bool:
    typed = [language != "javascript" for language in languages]
    return any(typed) and sum(typed) * 2 >= len(typed)


def _is_path(word: str) -> bool:
    return "/" in word.strip("./") and not word.startswith(("-", "*", "$", "{", "@", "!")) and "=" not in word


def _meets(path: str, folder: str) -> bool:
    fixed = re.split(r"[*{$]", path, maxsplit=1)[0].rstrip("/")
    return relative_to(fixed, folder) is not None or relative_to(folder, fixed) is not None


def _declared(package: Manifest) -> tuple[str, ...]:
    return (*package.dependencies, *package.dev_dependencies)


def _folders_to(folder: str) -> Iterator[str]:
    while folder:
        yield folder
        folder = folder_of(folder)
    yield ""
