"""Resolves an import as Node and TypeScript do, and as workspaces, aliases and builds make it come out."""

import re
from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.facts.file import ImportKind
from medpro_audit.facts.inventory import LANGUAGES, Inventory
from medpro_audit.model.modules.aliases import Alias, Aliases
from medpro_audit.model.modules.builtins import builtin_name
from medpro_audit.model.modules.lookup import JAVASCRIPT, TYPESCRIPT, FileTable, SuffixOrder
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.package_files import PackageFiles
from medpro_audit.model.modules.paths import folder_of, joined, relative_to
from medpro_audit.model.modules.projects import Projects
from medpro_audit.model.modules.resolution import (
    AssetFile,
    ExternalPackage,
    NodeBuiltin,
    RemoteModule,
    Resolution,
    SourceModule,
    Unresolved,
)
from medpro_audit.model.modules.specifier import (
    MAX_LENGTH,
    is_folder,
    is_relative,
    is_url,
    package_and_subpath,
    without_query,
)

_REQUIRED: frozenset[ImportKind] = frozenset(("require", "resolve", "mock"))
_IMPORT_CONDITIONS = frozenset(("import", "node", "module-sync", "default"))
_REQUIRE_CONDITIONS = frozenset(("require", "node", "module-sync", "default"))
_NPM_ALIAS = re.compile(r"npm:((?:@[^/@]+/)?[^/@]+)")


class _Request(Struct, frozen=True):
    """One import, as far as its answer depends on it."""

    folder: str
    """Of the importing file."""
    specifier: str
    order: SuffixOrder
    conditions: frozenset[str]


class Resolver:
    """Says where imports lead. Answers are kept, so that asking again is cheap.

    A path that TypeScript or Node would find in build output leads to the source that it is built from, since build
    output is not in a repository. Upper and lower case differ, as on Linux.
    """

    def __init__(self, inventory: Inventory) -> None:
        """Read the settings files of the inventory; what is wrong with them is in ``projects.notices``."""
        self.projects = Projects(inventory)
        self._sources = frozenset(source.path for source in inventory.sources)
        self._files = FileTable(inventory)
        self._packages = PackageFiles(self.projects, self._files, self._sources)
        self._aliases = Aliases(self.projects)
        self._answers: dict[tuple[str, str, bool, bool], Resolution] = {}

    def resolve(self, from_path: str, specifier: str, kind: ImportKind) -> Resolution:
        """Where an import of ``specifier`` in the file ``from_path`` leads."""
        folder = folder_of(from_path)
        is_typescript = LANGUAGES.get(from_path[from_path.rfind(".") :]) in {"typescript", "tsx"}
        key = (folder, specifier, is_typescript, kind in _REQUIRED)
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = self._resolved(
                _Request(
                    folder,
                    specifier,
                    TYPESCRIPT if is_typescript else JAVASCRIPT,
                    _REQUIRE_CONDITIONS if kind in _REQUIRED else _IMPORT_CONDITIONS,
                )
            )
        return answer

    def program(self, package: Manifest, path: str, folder: str | None = None) -> str | None:
        """The source file that ``node path`` starts, seen from a folder, by default that of the package."""
        start = package.folder if folder is None else folder
        found = self._packages.load(joined(start, path), JAVASCRIPT)
        if found not in self._sources:
            found = self._packages.origin(joined(start, path), package) or found
        return found if found in self._sources else None

    def entry(self, package: Manifest) -> str | None:
        """The source file that a package's ``main``, or else its index, stands for."""
        found = self._packages.folder(package.folder, JAVASCRIPT)
        return found if found in self._sources else None

    def _resolved(self, request: _Request) -> Resolution:
        answer = self._as_written(request)
        plain = without_query(request.specifier)
        if not isinstance(answer, Unresolved) or plain == request.specifier:
            return answer
        without = self._as_written(replace(request, specifier=plain))
        return answer if isinstance(without, Unresolved) else without

    def _as_written(self, request: _Request) -> Resolution:
        specifier = request.specifier
        if not specifier or len(specifier) > MAX_LENGTH or "\0" in specifier:
            return Unresolved("not a module's name")
        if is_relative(specifier):
            return self._relative(request)
        builtin = builtin_name(specifier)
        return NodeBuiltin(builtin) if builtin is not None else self._bare(request)

    def _relative(self, request: _Request) -> Resolution:
        path = joined(request.folder, request.specifier)
        find = self._packages.folder if is_folder(request.specifier) else self._packages.load
        found = find(path, request.order) or self._in_root_dirs(request, path) or self._packages.compiled_from(path)
        if found is not None:
            return _answer(found)
        _, is_installed, package = f"/{path}".rpartition("/node_modules/")
        if is_installed:
            return self._package(replace(request, specifier=package))
        return Unresolved(self._missing(path, request.order))

    def _in_root_dirs(self, request: _Request, path: str) -> str | None:
        """Folders that ``rootDirs`` lists are one folder to the compiler."""
        for config in self.projects.tsconfigs_of(request.folder)[:1]:
            rests = [rest for root in config.root_dirs if (rest := relative_to(path, root)) is not None]
            for rest in rests[:1]:
                tried = (self._packages.load(joined(root, rest), request.order) for root in config.root_dirs)
                return next((found for found in tried if found is not None), None)
        return None

    def _bare(self, request: _Request) -> Resolution:
        """A specifier that is no path: for TypeScript its aliases go first, for Node its packages."""
        where = (request.folder, request.specifier)
        first, last = (*self._aliases.of_packages(*where),), (*self._aliases.of_scripts(*where),)
        if request.order is TYPESCRIPT:
            first = (*self._aliases.of_typescript(*where), *first)
        else:
            last = (*self._aliases.of_typescript(*where), *last)
        found = self._aliased(first, request)
        if found is not None:
            return found
        package = self._package(request)
        if _is_certain(package):
            return package
        found = self._aliased(last, request)
        return found or self._only_alias(request) or self._broken_alias((*first, *last), request) or package

    def _aliased(self, aliases: Iterable[Alias], request: _Request) -> Resolution | None:
        for alias in aliases:
            for target in alias.targets:
                path = target.path
                found = self._files.exact(path) if target.has_suffix else None
                found = found or self._packages.load(path, request.order)
                if found is None and alias.is_specific:
                    found = self._packages.origin(path, self.projects.package_of(folder_of(path)))
                if found is not None:
                    return _answer(found)
        return None

    def _only_alias(self, request: _Request) -> Resolution | None:
        """What is no package's name can only be an alias; where one package has a file for it, it is that."""
        if package_and_subpath(request.specifier) is not None:
            return None
        aliases = self._aliases.of_other_packages(request.specifier)
        answers = {answer for alias in aliases if (answer := self._aliased((alias,), request)) is not None}
        return answers.pop() if len(answers) == 1 else None

    def _broken_alias(self, aliases: Iterable[Alias], request: _Request) -> Unresolved | None:
        broken = next((alias for alias in aliases if alias.is_specific and alias.targets), None)
        if broken is None:
            return None
        return Unresolved(f"{self._missing(broken.targets[0].path, request.order)}, where {broken.said_in} leads")

    def _package(self, request: _Request) -> Resolution:
        specifier = request.specifier
        if specifier.startswith("#"):
            return self._own_import(request)
        if is_url(specifier) or specifier.startswith("/"):
            return _by_scheme(specifier)
        parts = package_and_subpath(specifier)
        if parts is None:
            return Unresolved("neither a package's name nor an alias that is set up")
        package, subpath = parts[0], without_query(parts[1])
        own = self.projects.package_of(request.folder)
        if own is None or own.name != package or own.exports is None:
            own = self.projects.linked(package, request.folder)
        if own is None:
            return self._external(request.folder, package, subpath)
        found = self._packages.exported(own, subpath, request.conditions, request.order)
        return found if isinstance(found, Unresolved) else _answer(found)

    def _external(self, folder: str, package: str, subpath: str) -> ExternalPackage:
        manifests = list(self.projects.packages_above(folder))
        versions = (manifest.range_of(package) for manifest in manifests)
        version = next((version for version in versions if version is not None), None)
        renamed = _NPM_ALIAS.match(version or "")
        package = renamed[1] if renamed else package
        return ExternalPackage(package, subpath, is_declared=version is not None or not manifests)

    def _own_import(self, request: _Request) -> Resolution:
        """An import that the package maps itself, under ``imports`` in its package.json."""
        package = self.projects.package_of(request.folder)
        targets = self._packages.imported(package, request.specifier, request.conditions) if package else None
        if package is None or targets is None:
            return Unresolved("no package.json around the file lists it under imports")
        for target in targets:
            if not is_relative(target) and not target.startswith("#"):
                return self._as_written(replace(request, specifier=target))
            found = self._packages.located(package, target, request.order)
            if found is not None:
                return _answer(found)
        return Unresolved(f"no file behind it where {package.path} leads")

    def _missing(self, path: str, order: SuffixOrder) -> str:
        other = self._files.other_case(path, order)
        if other is None and self._files.real(path).startswith(".."):
            return f"{path} is outside of the scanned directory and of the packages linked to it"
        hint = f"; {other} differs in upper and lower case" if other else ""
        return f"no file at {path or '.'}{hint}"


def _answer(path: str) -> Resolution:
    return SourceModule(path) if path[path.rfind(".") :] in LANGUAGES else AssetFile(path)


def _is_certain(resolution: Resolution) -> bool:
    if isinstance(resolution, ExternalPackage):
        return resolution.is_declared
    return not isinstance(resolution, Unresolved)


def _by_scheme(specifier: str) -> Resolution:
    if specifier.startswith("node:"):
        return Unresolved("Node has no such module")
    if specifier.startswith(("file:", "/")):
        return Unresolved("an absolute path, which is another on each machine")
    return RemoteModule(specifier)
