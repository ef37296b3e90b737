"""The files that packages of the repository consist of: their entry, what they export, the source of their build."""

from collections.abc import Iterable, Iterator
from itertools import chain

from medpro_audit.model.modules.exports import TargetTable, export_table
from medpro_audit.model.modules.lookup import TYPESCRIPT, FileTable, SuffixOrder
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.origins import build_folder, built_from, conventional_entries, conventional_sources
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.projects import Projects
from medpro_audit.model.modules.resolution import Unresolved


class PackageFiles:
    """Finds files by path, by package and subpath, and by what a package calls them."""

    def __init__(self, projects: Projects, files: FileTable, sources: frozenset[str]) -> None:
        """Take the settings, all files, and the paths of those that are analysed."""
        self._projects = projects
        self._files = files
        self._sources = sources
        self._tables: dict[tuple[str, str], TargetTable] = {}

    def load(self, path: str, order: SuffixOrder) -> str | None:
        """The file or the folder of modules at a path, as ``require`` finds it."""
        return self._files.file(path, order) or self.folder(path, order)

    def folder(self, path: str, order: SuffixOrder) -> str | None:
        """The entry of a folder: what its package.json says, else its index."""
        package = self._projects.packages.get(self._files.real(path))
        main = self._main(package, order) if package is not None else None
        return main or self._files.index(path, order)

    def exported(
        self, package: Manifest, subpath: str, conditions: frozenset[str], order: SuffixOrder
    ) -> str | Unresolved:
        """The file that another module gets for a package and a subpath of it, empty for the package itself."""
        if package.exports is not None:
            key = f"./{subpath}" if subpath else "."
            targets = self._table(package, "exports").targets(key, conditions)
            if targets is None:
                return Unresolved(f"{package.path} exports no {key}")
            conventional = (joined(package.folder, f"src/{subpath}"),) if subpath else ()
            found = self._first_located(package, targets, order) or self._first_module(conventional)
        elif subpath:
            path = joined(package.folder, subpath)
            found = self.load(path, order) or self.origin(path, package)
        else:
            found = self.folder(package.folder, order)
        if found is None and not subpath:
            found = self._first_module(conventional_entries(package.folder))
        return found or Unresolved(f"no source found for {subpath or 'the entry'} of the package in {package.path}")

    def imported(self, package: Manifest, specifier: str, conditions: frozenset[str]) -> tuple[str, ...] | None:
        """Targets of a package's own import such as ``#x``: paths that begin with a dot, or other packages."""
        return self._table(package, "imports").targets(specifier, conditions)

    def located(self, package: Manifest, target: str, order: SuffixOrder) -> str | None:
        """The file behind a path in a package.json: itself where it is analysed, else the source it is built from."""
        path = joined(package.folder, target)
        written = self._files.file(path, order) or self._files.index(path, order)
        return written if written in self._sources else self.origin(path, package) or written

    def origin(self, path: str, package: Manifest | None) -> str | None:
        """The source that a path in build output is made from, by TypeScript's settings or by convention."""
        guesses = conventional_sources(path, package.folder) if package is not None else ()
        return self._first_module(chain(built_from(path, self._projects), guesses))

    def compiled_from(self, path: str) -> str | None:
        """The source behind a path that code names: conventions count only where the whole build folder is absent."""
        package = self._projects.package_of(folder_of(path))
        build = build_folder(path, package.folder) if package is not None else None
        if build is not None and not self._files.has_folder(build):
            return self.origin(path, package)
        return self._first_module(built_from(path, self._projects))

    def _main(self, package: Manifest, order: SuffixOrder) -> str | None:
        fields = (package.main, package.source, package.module, package.types)
        return self._first_located(package, (field for field in fields if field), order)

    def _first_located(self, package: Manifest, targets: Iterable[str], order: SuffixOrder) -> str | None:
        return next(_found(self.located(package, target, order) for target in targets), None)

    def _first_module(self, stems: Iterable[str]) -> str | None:
        found = _found(self._files.file(stem, TYPESCRIPT) or self._files.index(stem, TYPESCRIPT) for stem in stems)
        return next((path for path in found if path in self._sources), None)

    def _table(self, package: Manifest, field: str) -> TargetTable:
        table = self._tables.get((package.path, field))
        if table is None:
            table = export_table(package.exports) if field == "exports" else TargetTable(package.imports)
            self._tables[package.path, field] = table
        return table


def _found(paths: Iterable[str | None]) -> Iterator[str]:
    return (path for path in paths if path is not None)
