"""From a path in build output, which is not in the repository, back to the source that it is built from."""

import re
from collections.abc import Iterator

from medpro_audit.model.modules.paths import joined, relative_to
from medpro_audit.model.modules.projects import Projects

_COMPILED = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
_VARIANT = re.compile(r"\.(?:umd|iife|min|esm|es|cjs|mjs|module|modern|browser|node|development|production)$")
_BUILD_FOLDER = re.compile(
    r"(?:\.?build|dist|out|output|lib|libs|esm?|cjs|umd|types|typings|commonjs|module|modern|compiled|release)"
    r"(?:[-_.]\w+)?"
)
_SOURCE_FOLDERS = ("src", "", "source", "lib")


def built_from(path: str, projects: Projects) -> Iterator[str]:
    """Paths without suffix whose build the TypeScript projects of the repository write to ``path``."""
    for stem in _stems(path):
        for folder in projects.folders_above(stem):
            for output in projects.outputs.get(folder, ()):
                rest = relative_to(stem, folder) or ""
                yield from (joined(root, rest) for root in output.roots)


def conventional_sources(path: str, package_folder: str) -> Iterator[str]:
    """Paths without suffix that a package's build tool is likely to have written to ``path``."""
    for stem in _stems(path):
        parts = (relative_to(stem, package_folder) or "").split("/")
        while len(parts) > 1 and _BUILD_FOLDER.fullmatch(parts[0]):
            parts = parts[1:]
            for source in _SOURCE_FOLDERS:
                yield joined(package_folder, "/".join((source, *parts)).lstrip("/"))


def build_folder(path: str, package_folder: str) -> str | None:
    """The folder of a package that a path stands in, if it is named like one for build output."""
    first, slash, _ = (relative_to(path, package_folder) or "").partition("/")
    return joined(package_folder, first) if slash and _BUILD_FOLDER.fullmatch(first) else None


def conventional_entries(package_folder: str) -> Iterator[str]:
    """Paths without suffix where the source of a whole package usually begins."""
    yield from (joined(package_folder, name) for name in ("src/index", "index", "src/main", "lib/index"))


def _stems(path: str) -> Iterator[str]:
    stem = _COMPILED.sub("", path)
    yield stem
    plain = _VARIANT.sub("", stem)
    if plain != stem:
        yield plain
