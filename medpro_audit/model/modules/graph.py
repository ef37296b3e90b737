"""The import graph of a repository."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Protocol

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.facts.file import ImportFact
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.modules.resolution import AssetFile, ExternalPackage, SourceModule, Unresolved
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.subjects import ImportGraph, UnresolvedImport


class Importing(Protocol):
    """What the graph needs of a file's facts."""

    @property
    def imports(self) -> tuple[ImportFact, ...]:
        """Places that name another module."""

    def line_of(self, at: int) -> int:
        """1-based line of a byte offset."""


MAX_UNDECLARED = 20
"""Notices of packages that one package.json does not declare; the rest is only counted."""

_KINDS = {"type": "type", "mock": "mock", "resolve": "resolve"}
_ERASED = {"type", "mock"}
"""Kinds that need no installed package."""


def build_graph(files: Mapping[str, Importing], resolver: Resolver) -> ImportGraph:
    """Resolve every import of every file.

    A pair of files has one edge of each kind, but none of kind ``type`` beside one of kind ``import``: what is erased
    at run time adds nothing to a real import.
    """
    edges: set[tuple[str, str, str]] = set()
    unresolved: set[UnresolvedImport] = set()
    undeclared: dict[str, list[Place]] = {}
    for path, file in files.items():
        for fact in file.imports:
            answer = resolver.resolve(path, fact.specifier, fact.kind)
            match answer:
                case SourceModule(target):
                    edges.add((path, target, _KINDS.get(fact.kind, "import")))
                case AssetFile(target):
                    edges.add((path, target, "asset"))
                case Unresolved(reason):
                    unresolved.add(UnresolvedImport(path, file.line_of(fact.start), fact.specifier, reason))
                case ExternalPackage(name, is_declared=False) if fact.kind not in _ERASED:
                    undeclared.setdefault(name, []).append(Place(path, file.line_of(fact.start)))
    return ImportGraph(
        edges=tuple(sorted(edge for edge in edges if edge[2] != "type" or (*edge[:2], "import") not in edges)),
        unresolved=tuple(sorted(unresolved)),
        notices=tuple(_undeclared(undeclared, resolver)),
    )


def _undeclared(places: dict[str, list[Place]], resolver: Resolver) -> Iterator[Notice]:
    """One notice for each package, and not too many of them for one package.json."""
    said: Counter[str] = Counter()
    for name, found in sorted(places.items()):
        first = min(found)
        package = resolver.projects.package_of(folder_of(first.file))
        listed = package.path if package else "a package.json"
        others = f" (and in {len(found) - 1} more places)" if len(found) > 1 else ""
        said[listed] += 1
        if said[listed] <= MAX_UNDECLARED:
            yield Notice("unresolved-import", f"imports {name}, which is not declared in {listed}{others}", first)
    for listed, count in sorted(said.items()):
        if count > MAX_UNDECLARED:
            message = f"{count - MAX_UNDECLARED} more packages are imported and not declared here"
            yield Notice("unresolved-import", message, Place(listed, 0))
