"""Modules that a test runner loads before the tests: what its settings name, with what only those load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.model.module_roles import is_test
from medpro_audit.model.modules.entry_points import entry_points
from medpro_audit.model.modules.jsonc import Json, as_object, as_text, as_texts
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.resolution import SourceModule
from medpro_audit.model.testing.settings import Settings, is_unread, section_of, settings_in

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_CONFIG = re.compile(r"(^|/)((jest|vite|vitest)([.-][\w.-]+)?\.config\.[cm]?[jt]s|jest\.config\.json)$")
_NAMING = ("globalSetup", "globalTeardown", "setupFiles", "setupFilesAfterEnv", "setupTestFrameworkScriptFile")
"""https://jestjs.io/docs/configuration#setupfiles-array, https://vitest.dev/config/setupfiles."""
_ROOT = "<rootDir>/"


def preparing_modules(known: Known) -> frozenset[str]:
    """Those that Jest and Vitest are told to load first, where no other code loads or starts them."""
    named = frozenset(_named(known))
    importers: dict[str, set[str]] = {}
    for source, target, kind in known.base.graph.edges if named else ():
        if kind == "import":
            importers.setdefault(target, set()).add(source)
    started = started_modules(known) if named else frozenset()
    found = {path for path in named - started if all(map(is_test, importers.get(path, set()) - named))}
    while more := {path for path, by in importers.items() if path not in found | started and by <= found}:
        found |= more
    return frozenset(found)


def started_modules(known: Known) -> frozenset[str]:
    """Files that make an application, or that a package starts."""
    packages = known.base.resolver.projects.packages.values()
    entries = {entry.path for package in packages for entry in entry_points(package, known.base.resolver)}
    return frozenset(entries | {endpoint.application.rpartition(":")[0] for endpoint in known.base.endpoints})


def _named(known: Known) -> Iterator[str]:
    for path, settings in _settings(known):
        folder = joined(folder_of(path), as_text(settings.get("rootDir")).removeprefix(_ROOT.rstrip("/")).lstrip("/"))
        for name in (name for section in _sections(settings) for key in _NAMING for name in _texts(section.get(key))):
            below = f"./{name.removeprefix(_ROOT)}"
            found = known.base.resolver.resolve(joined(folder, "package.json"), below, "require")
            if isinstance(found, SourceModule):
                yield found.path


def _settings(known: Known) -> Iterator[tuple[str, Settings]]:
    """The settings of Jest and Vitest, by the file that they stand in."""
    for path in sorted(known.base.inventory.paths):
        if path.rpartition("/")[2] == "package.json":
            found = section_of(known, path, "jest")
        else:
            found = settings_in(known, path) if _CONFIG.search(path) else None
        if found is not None:
            yield path, found


def _sections(settings: Settings) -> Iterator[Settings]:
    """The settings themselves, those of Vitest, and those of projects that are written there."""
    for section in (settings, as_object(settings.get("test"))):
        yield section
        projects = section.get("projects")
        for project in projects if isinstance(projects, list) else ():
            yield as_object(project)
            yield as_object(as_object(project).get("test"))


def _texts(value: Json) -> tuple[str, ...]:
    return tuple(text for text in as_texts(value) if not is_unread(text))
