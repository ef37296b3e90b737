"""Decides whether a folder holds build output or other people's code, by what is in it before what it is called."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from posixpath import basename

from msgspec import Struct

from medpro_audit.adapters.territory import folders_above
from medpro_audit.adapters.traces import Trace
from medpro_audit.adapters.tree import ListedFile
from medpro_audit.model.modules.manifest import Manifest

_OUTPUT_NAMES = frozenset({"dist", "build", "out", "output", "compiled", "coverage", "storybook-static", "lib"})
_VENDOR_NAMES = frozenset({"vendor", "vendors"})
_LIBRARY_NAMES = frozenset({"lib", "libs", "plugins", "external", "externals"})
_BROWSER_LIBRARY_NAMES = frozenset({"lib", "libs"})
_BROWSER_NAMES = frozenset({"public", "static", "assets", "www", "wwwroot"})
_COVERAGE_SIGNS = ("lcov.info", "lcov-report/index.html", "coverage-final.json", "clover.xml")
_SAMPLE = 40

_SPECIFIER = re.compile(rb"(?:\brequire\(\s*|\bfrom\s*|\bimport\s*\(?\s*)['\"]([^'\"\s]{1,200})['\"]")

Read = Callable[[ListedFile], tuple[Trace, bytes]]
"""The trace of a file and its first bytes."""


class ProjectFolders(Struct, frozen=True):
    """What manifests and settings say about folders."""

    roots: tuple[str, ...]
    """Folders that were asked for; nothing is concluded from their own names or from those above."""
    outputs: frozenset[str]
    """Folders that a tsconfig names as its output."""
    packages: dict[str, Manifest]
    """Manifest by folder."""


class FolderJudge:
    """Answers for the folders of one tree; paths are relative to the territory's top."""

    def __init__(
        self,
        sources: Sequence[ListedFile],
        paths: Container[str],
        projects: ProjectFolders,
        read: Read,
    ) -> None:
        """Judge by ``sources``, sorted by path, by the ``paths`` of all files, and by what ``read`` tells of a file."""
        self._sources = sources
        self._order = [file.path for file in sources]
        self._paths = paths
        self._projects = projects
        self._read = read
        self._stems: dict[str, Counter[str]] = {}

    def reason_against(self, folder: str) -> str | None:
        """Why the folder is left out; None when people seem to have written what is in it."""
        name = basename(folder).lower()
        if folder in self._projects.outputs and self._is_output_of_project(folder):
            return "build output: the outDir of a tsconfig"
        if name == "coverage" and any(f"{folder}/{sign}" in self._paths for sign in _COVERAGE_SIGNS):
            return "coverage report"
        if name in _OUTPUT_NAMES and self._is_built(folder, name):
            return "build output: most of its files were written by a tool, and sources stand elsewhere"
        if name in _VENDOR_NAMES or (name in _BROWSER_LIBRARY_NAMES and self._is_for_browsers(folder)):
            return None if self._is_own_code(folder) else "third-party code"
        if name in _LIBRARY_NAMES and self._is_mostly_foreign(folder):
            return "third-party code: most of its files are published libraries"
        return None

    def _below(self, folder: str) -> Sequence[ListedFile]:
        start = bisect_left(self._order, folder + "/")
        return self._sources[start : bisect_left(self._order, folder + "0")]  # the character after the slash

    def _sampled(self, folder: str) -> Sequence[ListedFile]:
        """Files below the folder; of many, some that are spread evenly."""
        files = self._below(folder)
        return files[:: len(files) // _SAMPLE + 1]

    def _package_folder(self, folder: str) -> str:
        return next((above for above in reversed(folders_above(folder)) if above in self._projects.packages), "")

    def _is_output_of_project(self, folder: str) -> bool:
        has_sources = any(_is_typescript(file.path) for file in self._below(folder))
        return not has_sources and self._has_sources_elsewhere(folder)

    def _is_built(self, folder: str, name: str) -> bool:
        sample = self._sampled(folder)
        built = [file for file in sample if is_declaration(file.path) or self._read(file)[0].is_machine_written]
        if len(built) * 2 <= len(sample):
            return False
        if name != "lib":
            return self._has_sources_elsewhere(folder)
        # Libraries that were copied in are compiled too, but not from files of the same names elsewhere.
        whole, inside = self._package_stems(folder), _stems(self._below(folder))
        return sum(whole[_stem(file)] > inside[_stem(file)] for file in built) * 2 > len(built)

    def _has_sources_elsewhere(self, folder: str) -> bool:
        return self._package_stems(folder).total() > _stems(self._below(folder)).total()

    def _package_stems(self, folder: str) -> Counter[str]:
        """Names of the source files of the package that the folder belongs to."""
        package = self._package_folder(folder)
        if package not in self._stems:
            self._stems[package] = _stems(self._below(package) if package else self._sources)
        return self._stems[package]

    def _is_for_browsers(self, folder: str) -> bool:
        outside = {above for root in self._projects.roots for above in (root, *folders_above(root))}
        return any(basename(above).lower() in _BROWSER_NAMES for above in folders_above(folder) if above not in outside)

    def _is_own_code(self, folder: str) -> bool:
        """Whether a file in it imports from outside it or from a declared dependency, as copied libraries don't."""
        declared = self._projects.packages.get(self._package_folder(folder))
        for file in self._sampled(folder):
            seen, head = self._read(file)
            if seen.origin != "unknown" or self._package_folder(file.path).startswith(folder + "/"):
                continue
            levels = file.path.count("/") - folder.count("/") - 1
            specifiers = [found.decode(errors="replace") for found in _SPECIFIER.findall(head)]
            if any(specifier.count("../") > levels for specifier in specifiers):
                return True
            if declared and any(declared.range_of(specifier) is not None for specifier in specifiers):
                return True
        return False

    def _is_mostly_foreign(self, folder: str) -> bool:
        sample = self._sampled(folder)
        foreign = [file for file in sample if self._read(file)[0].origin in {"minified", "bundle", "library"}]
        return len(foreign) * 2 > len(sample)


def is_declaration(path: str) -> bool:
    """Whether a TypeScript file only declares types: ``.d.ts``, ``.d.mts``, ``.d.css.ts``."""
    stem, _, suffix = basename(path).rpartition(".")
    return suffix in {"ts", "mts", "cts"} and (stem.endswith(".d") or ".d." in stem)


def _is_typescript(path: str) -> bool:
    return path.endswith((".ts", ".tsx", ".mts", ".cts")) and not is_declaration(path)


def _stems(files: Iterable[ListedFile]) -> Counter[str]:
    """How many files have a name; settings written as code and declarations don't count."""
    return Counter(_stem(file) for file in files if ".config." not in file.path and not is_declaration(file.path))


def _stem(file: ListedFile) -> str:
    return basename(file.path).partition(".")[0]
