"""The files of a package that are started, by what its package.json says."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from msgspec import Struct

from medpro_audit.model.modules.commands import programs
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import folder_of, joined
from medpro_audit.model.modules.resolver import Resolver

MAX_SCRIPTS = 200
"""Further scripts of a package.json are not read."""

_SERVING = (
    re.compile(r"start"),
    re.compile(r"start[:.-](?!dev|windows).*|serve|server|backend|api|prod(uction)?"),
    re.compile(r"(start|serve|server|backend|api)[:.-].*|dev(elop(ment)?)?"),
    re.compile(r"dev[:.-].*|watch([:.-].*)?"),
)
"""Names of scripts that start a server, surest first."""
_NOT_SERVING = re.compile(r"stop|test|build|lint")
_OTHER = len(_SERVING)
_SETTINGS = re.compile(r"(?:^|[/.])config\.[cm]?[jt]s$")


class EntryPoint(Struct, frozen=True):
    """A source file that is started."""

    path: str
    named_by: str
    """Where package.json says so, such as ``scripts.start``, ``main`` or ``bin.NAME``; with the path of the
    package.json before it when that is one further out."""

    @property
    def is_serving(self) -> bool:
        """It is started by a script whose name says that it serves."""
        _, is_script, name = self.named_by.rpartition("scripts.")
        return bool(is_script) and _rank(name) < _OTHER


def entry_points(package: Manifest, resolver: Resolver) -> tuple[EntryPoint, ...]:
    """Files that a package's scripts, ``main`` and ``bin`` start, likeliest server first.

    A script that starts build output counts for the source of it. Each file is listed once, where it is named first.
    """
    found: dict[str, EntryPoint] = {}
    for path, named_by in chain(_named(package, resolver), _named_around(package, resolver)):
        if path is not None and not _SETTINGS.search(path):
            found.setdefault(path, EntryPoint(path, named_by))
    return tuple(found.values())


def _named(package: Manifest, resolver: Resolver) -> Iterator[tuple[str | None, str]]:
    names = sorted(islice(package.scripts, MAX_SCRIPTS), key=_rank)
    for name in names:
        if _rank(name) < _OTHER:
            yield from _by_script(package, name, resolver)
    yield resolver.entry(package), "main"
    for name, path in package.bin.items():
        yield resolver.program(package, path), f"bin.{name}" if name else "bin"
    for name in names:
        if _rank(name) == _OTHER:
            yield from _by_script(package, name, resolver)


def _named_around(package: Manifest, resolver: Resolver) -> Iterator[tuple[str | None, str]]:
    """Files of the package that scripts of the packages around it start."""
    for outer in resolver.projects.packages_above(folder_of(package.folder)):
        for name in sorted(islice(outer.scripts, MAX_SCRIPTS), key=_rank):
            for path, named_by in _by_script(outer, name, resolver):
                if path is not None and resolver.projects.package_of(folder_of(path)) is package:
                    yield path, f"{outer.path}: {named_by}"


def _rank(script: str) -> int:
    if _NOT_SERVING.search(script):
        return _OTHER
    return next((rank for rank, pattern in enumerate(_SERVING) if pattern.fullmatch(script)), _OTHER)


def _by_script(package: Manifest, name: str, resolver: Resolver) -> Iterator[tuple[str | None, str]]:
    for program in programs(name, package.scripts):
        folder = joined(package.folder, program.folder)
        found = resolver.program(package, program.path, folder) if program.path else resolver.entry(package)
        yield found, f"scripts.{name}"
