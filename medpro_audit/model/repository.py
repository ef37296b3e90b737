"""The model of a repository, built from its inventory and the code of its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Raw, msgpack

from medpro_audit.core.config import Config
from medpro_audit.core.notice import Notice
from medpro_audit.core.stages import stage
from medpro_audit.facts.file import FileFacts
from medpro_audit.facts.inventory import Inventory
from medpro_audit.model.backends import build_backends, inputs_of
from medpro_audit.model.database.collector import ConnectionCollector
from medpro_audit.model.database.databases import build_databases
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.evaluation.builtins import GLOBALS
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.linker import ProgramLinker
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.known import Base, Known
from medpro_audit.model.libraries import is_framework, library_value
from medpro_audit.model.logs.calls import Sources, build_log_calls
from medpro_audit.model.logs.catches import build_catches
from medpro_audit.model.module_roles import ModuleRole, is_test, module_roles, packages_of
from medpro_audit.model.modules.entry_points import EntryPoint, entry_points
from medpro_audit.model.modules.graph import build_graph
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.modules.resolution import ExternalPackage
from medpro_audit.model.modules.resolver import Resolver
from medpro_audit.model.package_kinds import TEST_PACKAGES
from medpro_audit.model.precedence import Precedence
from medpro_audit.model.registrars import Registrars
from medpro_audit.model.routing import Router, Row, Walk
from medpro_audit.model.stand_ins import may_stand_in, stand_ins
from medpro_audit.model.subjects import (
    Endpoint,
    ImportGraph,
    Repository,
    UnresolvedRoute,
)
from medpro_audit.model.walks import walks_of
from medpro_audit.model.wiring import STEPS, Wiring


class RepositoryBuilder:
    """Builds the model step by step; each step is a part of the result."""

    @stage("imports")
    def __init__(
        self, inventory: Inventory, code: Code, read_asset: Callable[[str], bytes | None], config: Config
    ) -> None:
        self._inventory = inventory
        self._own = dict.fromkeys(source.path for source in inventory.sources if not source.linked)
        self._config = config
        self._read_asset = read_asset
        self.resolver = Resolver(inventory)
        linker = ProgramLinker(inventory, self.resolver, library_value, read_asset)
        self.interpreter = Interpreter(code, linker, GLOBALS, budget=STEPS)
        self.endpoint_builder = EndpointBuilder(self.interpreter, config.middleware, self.backend_of)
        self.rows: list[Row] = []
        """Of each endpoint, in their order."""
        self._connections = ConnectionCollector(self.interpreter)
        self.interpreter.observers.append(self._connections.observe)
        self.interpreter.observers.append(Registrars(self.interpreter).observe)

    @cached_property
    def facts(self) -> Mapping[str, FileFacts]:
        """The facts of every file that can be read, by path, in their order."""
        return {path: facts for path in self._own if (facts := self.interpreter.code.facts(path)) is not None}

    def backend_of(self, path: str) -> str:
        """Folder of the package that a file belongs to; ``.`` for the scanned directory itself."""
        package = self.resolver.projects.package_of(folder_of(path))
        return (package.folder if package is not None else "") or "."

    @stage("imports")
    def graph(self) -> ImportGraph:
        """The import graph of all files."""
        return build_graph(self.facts, self.resolver)

    def build(self) -> Repository:
        """The whole model."""
        wiring = Wiring(self.interpreter)
        wiring.start(self._programs())  # before all files are looked into, so that syntax trees are still there
        graph, users = self.graph(), self._framework_modules()
        apart = stand_ins(users, graph, self._entries())
        users = [path for path in users if path not in apart]
        routers = wiring.run(_outermost(graph, users, self._is_of_tests), users)
        walks = walks_of(routers)
        endpoints = tuple(self._endpoints(walks, routers))
        gaps = sorted({gap for walk in walks for gap in walk.gaps})
        unresolved = tuple(UnresolvedRoute(gap.place, gap.method, gap.reason) for gap in gaps)
        reached = {id(router) for walk in walks for router in walk.reached}
        notices = {*self.resolver.projects.notices, *graph.notices, *wiring.notices}
        notices.update(notice for facts in self.facts.values() for notice in facts.notices)
        notices.update(self._silent(walks))
        roles: dict[str, ModuleRole] = {**self._roles(graph, endpoints), **dict.fromkeys(apart, "script")}
        known = Surroundings(
            self._inventory, self.facts, self.resolver, graph, roles, self._config.database, self.backend_of
        )
        databases = build_databases(self.interpreter, self._connections, known)
        notices.update(databases.notices)
        sources = Sources(
            files=self.facts,
            code=self.interpreter.code,
            resolver=self.resolver,
            graph=graph,
            interpreter=self.interpreter,
            roles=roles,
            backend_of=self.backend_of,
            endpoints=endpoints,
        )
        logs = build_log_calls(sources, self._config.logging)
        backends = tuple(build_backends(self.resolver, endpoints, databases.connections, self._config, logs.loggers))
        catches = build_catches(sources)
        survey = Known(
            Base(
                inventory=self._inventory,
                config=self._config,
                facts=self.facts,
                read_asset=self._read_asset,
                resolver=self.resolver,
                graph=graph,
                roles=roles,
                interpreter=self.interpreter,
                endpoint_builder=self.endpoint_builder,
                rows=self.rows,
                endpoints=endpoints,
                unresolved_routes=unresolved,
                backends=backends,
                connections=databases.connections,
                settings_files=databases.settings_files,
                log_calls=logs.calls,
                catches=catches,
                backend_of=self.backend_of,
            )
        )
        surveyed = {kind: Raw(msgpack.encode(found)) for kind, found in survey.all_found().items()}
        endpoints = self._once(survey.endpoints)
        notices |= survey.notices
        survey.forget()
        return Repository(
            graph=graph,
            backends=backends,
            endpoints=endpoints,
            inputs=tuple(inputs_of(endpoints, backends)),
            connections=databases.connections,
            settings_files=databases.settings_files,
            log_calls=logs.calls,
            catches=catches,
            unresolved_routes=unresolved,
            routers=len(routers),
            routers_mounted=len(reached),
            unmounted_routers=tuple(sorted(router.site.place for router in routers if id(router) not in reached)),
            files_parsed=sum(facts.is_understood for facts in self.facts.values()),
            imports=sum(len(facts.imports) for facts in self.facts.values()),
            notices=tuple(sorted(notices, key=lambda notice: notice.order)),
            surveyed=surveyed,
        )

    def _once(self, endpoints: Sequence[Endpoint]) -> tuple[Endpoint, ...]:
        """Each endpoint once, and its row: two programs may start the same application."""
        rows: dict[Endpoint, Row] = {}
        for endpoint, row in zip(endpoints, self.rows, strict=True):
            rows.setdefault(endpoint, row)
        self.rows = list(rows.values())
        return tuple(rows)

    def _silent(self, walks: Sequence[Walk]) -> Iterator[Notice]:
        """A notice for each application that may have endpoints which are not seen: it has none, or code that can't be
        followed was given it.
        """
        for site in {router.handed_to for walk in walks for router in walk.reached} - {None}:
            message = "code that can't be followed is given an application or router here, and may register routes"
            yield Notice("unresolved-route", message, site.place if site is not None else None)
        speaking = {id(row.application) for row in self.rows}
        for walk in walks:
            application = walk.application
            is_used = application.is_served or bool(application.registrations)
            if is_used and id(application) not in speaking and not walk.gaps:
                yield Notice("no-endpoint", "no endpoint is found on this application", application.site.place)

    @stage("imports")
    def _roles(self, graph: ImportGraph, endpoints: Sequence[Endpoint]) -> Mapping[str, ModuleRole]:
        """What each file is for."""
        applications = {endpoint.application.rpartition(":")[0] for endpoint in endpoints}
        return module_roles(self.facts, graph, self.resolver, applications=applications, entries=self._entries())

    def _entries(self) -> list[EntryPoint]:
        """Files that the packages of the repository start, package by package."""
        packages = sorted(self.resolver.projects.packages.values(), key=lambda package: package.path)
        return [entry for package in packages for entry in entry_points(package, self.resolver)]

    def _programs(self) -> list[str]:
        """The same as paths that are no tests and no servers for those."""
        entries = dict.fromkeys(entry.path for entry in self._entries() if not may_stand_in(entry))
        return [path for path in entries if path in self._own and not self._is_of_tests(path)]

    @stage("imports")
    def _framework_modules(self) -> list[str]:
        """Files that use a web framework at run time."""
        return [path for path in self.facts if not self._is_of_tests(path) and any(self._is_framework(path))]

    def _is_of_tests(self, path: str) -> bool:
        """Whether a file belongs to the tests: by its name, or as it imports what only they use."""
        return is_test(path) or (path in self.facts and not packages_of(self.facts[path]).isdisjoint(TEST_PACKAGES))

    def _is_framework(self, path: str) -> Iterable[bool]:
        for fact in self.facts[path].imports:
            if fact.kind in {"import", "require", "dynamic"}:
                answer = self.resolver.resolve(path, fact.specifier, fact.kind)
                yield isinstance(answer, ExternalPackage) and is_framework(answer.name)

    @stage("endpoints")
    def _endpoints(self, walks: Sequence[Walk], routers: Sequence[Router]) -> list[Endpoint]:
        self.endpoint_builder.know(row for walk in walks for row in walk.rows)
        found = [endpoint for walk in walks for endpoint in self._answered(walk, is_mounted=True)]
        reached = {id(router) for walk in walks for router in walk.reached}
        for router in routers:
            if id(router) not in reached:
                walk = Walk(router)
                reached.update(map(id, walk.reached))
                found.extend(self._answered(walk, is_mounted=False))
        return found

    def _answered(self, walk: Walk, *, is_mounted: bool) -> Iterator[Endpoint]:
        precedence = Precedence(self.endpoint_builder)
        for row in walk.rows:
            if self.endpoint_builder.answers(row):
                self.rows.append(row)
                with stage("endpoints", f"{row.method} {row.path}"):
                    shadow = precedence.shadow(row) if is_mounted else None
                    endpoint = self.endpoint_builder.endpoint(row, is_mounted=is_mounted, shadow=shadow)
                yield endpoint


def _outermost(graph: ImportGraph, modules: Sequence[str], is_of_tests: Callable[[str], bool]) -> list[str]:
    """Modules that lead to one of these by imports and that no other module imports, tests left out."""
    importers: dict[str, list[str]] = {}
    for source, target, kind in graph.edges:
        if kind == "import" and source != target and not is_of_tests(source):
            importers.setdefault(target, []).append(source)
    seen = set(modules)
    waiting = list(modules)
    while waiting:
        for importer in importers.get(waiting.pop(), ()):
            if importer not in seen:
                seen.add(importer)
                waiting.append(importer)
    return sorted(path for path in seen if path not in importers)
