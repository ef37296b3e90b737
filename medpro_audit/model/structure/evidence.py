"""What is known of one module before anybody says what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from medpro_audit.extract.interests.structure import FETCH
from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.known import Known
from medpro_audit.model.logs.packages import LOGGING_PACKAGES
from medpro_audit.model.modules.entry_points import EntryPoint, entry_points
from medpro_audit.model.modules.resolution import ExternalPackage, NodeBuiltin, SourceModule
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.structure.packages import (
    CONTROLLERS,
    MODELS,
    SETTINGS,
    STORES_OF_SESSIONS,
    VALIDATORS,
    reaches_out,
)
from medpro_audit.model.structure.serving import Serving, serving_of
from medpro_audit.model.structure.shapes import Maker, Shape, shape_of
from medpro_audit.model.subjects import Subject

_DEFINING = frozenset(
    (  # noqa: SIM905 - a table of words
        "BaseEntity Column Entity Model ObjectType Prop Schema Table ViewEntity define discriminator extend "
        "getModelForClass init model mysqlTable pgTable sqliteTable"
    ).split()
)
"""Names by which ORMs define a model; those of methods that also do something else are told by their package."""
_CONTROLLER_MARKS = frozenset(("Controller", "JsonController", "Route", "controller"))
_RUN_TIME = frozenset(("import", "require", "dynamic", "re-export"))


class Evidence(NamedTuple):
    """What tells what one module is."""

    path: str
    shape: Shape
    is_understood: bool
    packages: frozenset[str]
    """Packages that it imports at run time, Node's own among them."""
    modules: tuple[str, ...]
    """Modules of the project that it imports at run time."""
    connects: int | None
    """Line on which it opens a connection."""
    asks: int | None
    """Line on which it asks a database."""
    models: int | None
    """Line on which it defines a model."""
    schemas: int | None
    """Line on which it exports a schema."""
    is_controller: bool
    """It holds a class that a framework takes endpoints from by its decorators."""
    guards: int | None
    """Line on which it exports the middleware of a package, set up."""
    fetches: bool
    """It calls the ``fetch`` of Node."""
    is_logger: bool
    """It exports a logger, or is the canonical one."""
    reads_settings: bool
    """It loads settings by a package for that."""
    entry: str | None
    """Where package.json says that it is started."""

    @property
    def reaches_out(self) -> bool:
        """It uses something outside of the process by itself."""
        return (
            self.fetches or self.asks is not None or self.connects is not None or any(map(reaches_out, self.packages))
        )


class Surroundings(NamedTuple):
    """Evidence on all modules of server code."""

    modules: Mapping[str, Evidence]
    serving: Serving
    entries: Mapping[str, EntryPoint]


def evidence_of(known: Known) -> Surroundings:
    """Collect it."""
    base = known.base
    packages = sorted(base.resolver.projects.packages.values(), key=lambda package: package.path)
    entries = {entry.path: entry for package in reversed(packages) for entry in entry_points(package, base.resolver)}
    collector = _Collector(known, entries)
    server = [facts for path, facts in sorted(base.facts.items()) if base.roles.get(path) == "server"]
    return Surroundings({facts.path: collector.evidence(facts) for facts in server}, serving_of(base), entries)


class _Collector:
    def __init__(self, known: Known, entries: Mapping[str, EntryPoint]) -> None:
        self._base = known.base
        self._entries = entries
        self._loggers = {backend.logger for backend in known.base.backends}
        self._connects = _first_lines(known.base.connections)
        self._asks = _first_lines(known.found("database-call"))

    def evidence(self, facts: FileFacts) -> Evidence:
        path = facts.path
        shape = shape_of(self._base.interpreter.code.module(path))
        packages, modules = self._imports(facts)
        entry = self._entries.get(path)
        models = self._line(facts, shape, self._defines_model) or (1 if shape.exports["model"] else None)
        is_table_of_sessions = not packages.isdisjoint(STORES_OF_SESSIONS) and not shape.exports["model"]
        return Evidence(
            path=path,
            shape=shape,
            is_understood=facts.is_understood,
            packages=packages,
            modules=modules,
            connects=self._connects.get(path),
            asks=self._asks.get(path),
            models=None if is_table_of_sessions else models,
            schemas=self._line(facts, shape, self._defines_schema),
            is_controller=any(
                maker.name in _CONTROLLER_MARKS and self._package(path, maker) in CONTROLLERS for maker in shape.makers
            ),
            guards=self._line(facts, shape, self._makes_middleware),
            fetches=any(isinstance(fact.call.callee, ir.Name) for fact in facts.calls.get(FETCH, ())),
            is_logger=path in self._loggers or any(self._makes_logger(path, maker) for maker in shape.makers),
            reads_settings=not packages.isdisjoint(SETTINGS),
            entry=entry.named_by if entry is not None else None,
        )

    def _imports(self, facts: FileFacts) -> tuple[frozenset[str], tuple[str, ...]]:
        packages: set[str] = set()
        modules: set[str] = set()
        for fact in facts.imports:
            if fact.kind in _RUN_TIME:
                match self._base.resolver.resolve(facts.path, fact.specifier, fact.kind):
                    case ExternalPackage(name=name) | NodeBuiltin(name=name):
                        packages.add(name)
                    case SourceModule(path=target):
                        modules.add(target)
        return frozenset(packages), tuple(sorted(modules))

    def _package(self, path: str, maker: Maker) -> str | None:
        answer = self._base.resolver.resolve(path, maker.specifier, "import")
        return answer.name if isinstance(answer, ExternalPackage) else None

    def _defines_model(self, path: str, maker: Maker) -> bool:
        if maker.name not in _DEFINING:
            return False
        package = self._package(path, maker)
        if package is not None:
            return package in MODELS
        answer = self._base.resolver.resolve(path, maker.specifier, "import")
        is_connection = isinstance(answer, SourceModule) and answer.path in self._connects
        return is_connection and maker.name in {"define", "model"}

    def _defines_schema(self, path: str, maker: Maker) -> bool:
        return maker.is_exported and self._package(path, maker) in VALIDATORS

    def _makes_middleware(self, path: str, maker: Maker) -> bool:
        package = self._package(path, maker) if maker.is_exported else None
        return package is not None and package not in VALIDATORS and bool(roles_of_package(package, maker.name))

    def _makes_logger(self, path: str, maker: Maker) -> bool:
        return maker.is_exported and self._package(path, maker) in LOGGING_PACKAGES.keys() - {"debug"}

    @staticmethod
    def _line(facts: FileFacts, shape: Shape, holds: Callable[[str, Maker], bool]) -> int | None:
        return next((facts.line_of(maker.at) for maker in shape.makers if holds(facts.path, maker)), None)


def _first_lines(sites: Iterable[Subject]) -> dict[str, int]:
    found: dict[str, int] = {}
    for site in sites:
        found[site.file] = min(site.line, found.get(site.file, site.line))
    return found
