"""What a bare specifier stands for by configuration: ``paths`` and ``baseUrl``, ``_moduleAliases``, ``NODE_PATH``."""

from collections.abc import Iterator
from itertools import chain, repeat

from msgspec import Struct

from medpro_audit.facts.inventory import LANGUAGES
from medpro_audit.model.modules.manifest import Manifest
from medpro_audit.model.modules.paths import joined
from medpro_audit.model.modules.patterns import PatternTable
from medpro_audit.model.modules.projects import Projects
from medpro_audit.model.modules.tsconfig import TsConfig


class Target(Struct, frozen=True):
    """A path that a specifier may stand for."""

    path: str
    has_suffix: bool = False
    """The settings give its suffix, so that it is first of all the file of exactly this name."""


class Alias(Struct, frozen=True):
    """What settings say of a specifier."""

    targets: tuple[Target, ...]
    said_in: str
    """The file that says so."""
    is_specific: bool
    """The specifier is named there, so that a missing file is a fault; not so for a folder that is looked into."""


class Aliases:
    """Answers for the folders of one repository."""

    def __init__(self, projects: Projects) -> None:
        """Take the settings that aliases stand in."""
        self._projects = projects
        self._tables: dict[str, PatternTable] = {}

    def of_typescript(self, folder: str, specifier: str) -> Iterator[Alias]:
        """By ``paths``, else by ``baseUrl``, of the folder's TypeScript project and those it refers to."""
        for config in self._projects.tsconfigs_of(folder):
            found = self._table(config).match(specifier)
            if found is not None:
                pattern, star = found
                targets = (_target(written, star) for written in config.paths[pattern])
                yield Alias(tuple(targets), config.path, is_specific=pattern != "*")
            elif config.base_url is not None:
                yield Alias((Target(joined(config.base_url, specifier)),), config.path, is_specific=False)

    def of_packages(self, folder: str, specifier: str) -> Iterator[Alias]:
        """By ``_moduleAliases`` of the packages around a folder; of two prefixes the longer one wins."""
        return chain.from_iterable(map(_by_prefix, self._projects.packages_above(folder), repeat(specifier)))

    def of_other_packages(self, specifier: str) -> Iterator[Alias]:
        """By ``_moduleAliases`` of any package: at run time module-alias can be told to use another's."""
        return chain.from_iterable(map(_by_prefix, self._projects.packages.values(), repeat(specifier)))

    def of_scripts(self, folder: str, specifier: str) -> Iterator[Alias]:
        """By ``NODE_PATH`` as the scripts of the packages around a folder set it."""
        for package in self._projects.packages_above(folder):
            for root in package.node_path:
                yield Alias((Target(joined(package.folder, f"{root}/{specifier}")),), package.path, is_specific=False)

    def _table(self, config: TsConfig) -> PatternTable:
        table = self._tables.get(config.path)
        if table is None:
            table = self._tables[config.path] = PatternTable(config.paths)
        return table


def _target(written: str, star: str) -> Target:
    """Put in what the star stands for; like the compiler, leave the star where that is nothing."""
    suffix = written[written.rfind(".") :]
    return Target(joined("", written.replace("*", star or "*")), has_suffix=suffix in LANGUAGES)


def _by_prefix(package: Manifest, specifier: str) -> Iterator[Alias]:
    for prefix, folder in package.aliases.items():
        rest = specifier.removeprefix(prefix)
        if specifier.startswith(prefix) and rest[:1] in {"", "/"}:
            target = Target(joined(package.folder, f"{folder}{rest}"))
            yield Alias((target,), package.path, is_specific=True)
            return
