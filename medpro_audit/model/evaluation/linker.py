"""From import specifiers to modules, assets and libraries."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.evaluation.builtins import ROOT
from medpro_audit.model.evaluation.values import (
    NULL,
    ArrayValue,
    Constant,
    External,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.modules.resolution import AssetFile, ExternalPackage, NodeBuiltin, SourceModule, Unresolved

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.evaluation.program import Module
    from medpro_audit.model.modules.resolver import Resolver

Library = Callable[[str, str], Value]


class ProgramLinker:
    """Resolves the specifiers of a repository's modules."""

    def __init__(
        self, inventory: Inventory, resolver: Resolver, library: Library, read: Callable[[str], bytes | None]
    ) -> None:
        self._resolver = resolver
        self._library = library
        self._read = read
        self._libraries: dict[tuple[str, str], Value] = {}
        self._folders = _folders(inventory.paths)
        self._paths = inventory.paths
        self._files: list[str] | None = None

    def link(self, interpreter: Interpreter, module: Module, specifier: str, site: Site) -> Value | Module:
        """The module a specifier leads to, or the value that stands for what is no module of the program."""
        if specifier.startswith(ROOT):
            specifier = _relative(module.path, specifier.removeprefix(ROOT).lstrip("/"))
        match self._resolver.resolve(module.path, specifier, "import" if module.is_ecmascript else "require"):
            case SourceModule(path=path):
                found = interpreter.module(path)
                return found if found is not None else Unknown(f"{path} can't be read", site.place)
            case AssetFile(path=path):
                return self._asset(path, site)
            case ExternalPackage(name=name, subpath=subpath):
                return self._package(name, subpath)
            case NodeBuiltin(name=name):
                return self._package(name, "")
            case Unresolved(reason=reason):
                return Unknown(f"'{specifier}' can't be resolved: {reason}", site.place)
        return External(specifier)

    def _package(self, name: str, subpath: str) -> Value:
        key = (name, subpath)
        if key not in self._libraries:
            self._libraries[key] = self._library(name, subpath)
        return self._libraries[key]

    def _asset(self, path: str, site: Site) -> Value:
        content = self._read(path) if path.endswith(".json") else None
        if content is not None:
            try:
                return json_value(msgspec.json.decode(content))
            except msgspec.DecodeError:
                pass
        return Unknown(f"{path} is no code", site.place)

    def files(self) -> list[str]:
        """Paths of all files of the repository, sorted."""
        if self._files is None:
            self._files = sorted(self._paths)
        return self._files

    def directory(self, folder: str) -> list[tuple[str, bool]] | None:
        """Names in a folder, each with whether it is a file; None when there is no such folder."""
        entries = self._folders.get(folder)
        return None if entries is None else sorted(entries.items())


def _folders(paths: frozenset[str]) -> dict[str, dict[str, bool]]:
    folders: dict[str, dict[str, bool]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        is_file = True
        while name not in (entries := folders.setdefault(folder, {})):
            entries[name] = is_file
            if not folder:
                break
            is_file = False
            folder, _, name = folder.rpartition("/")
    return folders


def _relative(importer: str, target: str) -> str:
    return "../" * importer.count("/") + target if "/" in importer else f"./{target}"


def json_value(content: object) -> Value:
    """The abstract value of a JSON document."""
    match content:
        case dict():
            made = ObjectValue()
            for key, value in content.items():
                made.properties[str(key)] = json_value(value)
            return made
        case list():
            return ArrayValue([Item(json_value(value)) for value in content])
        case str() | bool() | int() | float():
            return Constant(content)
    return NULL
