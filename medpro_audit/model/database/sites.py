"""Connection sites: observations with what the repository around them says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from medpro_audit.facts import ir
from medpro_audit.model.database.collector import Observation
from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.families import DEFAULT_PORTS, STORES, Family, family_of
from medpro_audit.model.database.files.prisma import datasource_url, read_prisma
from medpro_audit.model.database.guards import Guards, are_alternatives, functions_of, guards_of
from medpro_audit.model.database.idleness import SiteRoles, is_migrating
from medpro_audit.model.database.setting import Setting
from medpro_audit.model.database.settings import Settings, read_address
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.database.uses import is_closed
from medpro_audit.model.drivers import purpose_of
from medpro_audit.model.drivers.prisma import PACKAGE as PRISMA
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import Site
from medpro_audit.model.module_roles import ModuleRole
from medpro_audit.model.modules.paths import relative_to
from medpro_audit.model.subjects import EnvironmentValue


class ConnectionSite(Struct, frozen=True):
    """One place that opens a connection, and the connection that it is an alternative of."""

    seen: Observation
    line: int
    backend: str
    family: Family | None
    settings: Settings
    role: ModuleRole
    connection: str
    """The same for alternatives, of which only one is opened: the branches of an ``if``."""

    is_closed: bool = False
    """The function that opens it closes it as well."""
    is_migrating: bool = False
    """All that is done with it is to bring the schema up to date."""

    @property
    def is_temporary(self) -> bool:
        """It is not there for long, and nobody waits for it."""
        return self.is_closed and self.seen.scope != "handler"

    @property
    def is_lasting(self) -> bool:
        """It is one of those by which the program itself, while it runs, gets at its records."""
        is_own = self.role == "server" and not (self.is_of_caller or self.is_temporary or self.is_migrating)
        return is_own and purpose_of(self.seen.driver.package) != "sessions"

    def is_same(self, other: ConnectionSite) -> bool:
        """Whether both open one connection: alternatives, or the default one of a driver, which there is once."""
        openings = (self.seen.opening, other.seen.opening)
        is_default = self.seen.driver is other.seen.driver and all(opening.is_global for opening in openings)
        return self.connection == other.connection or is_default

    @property
    def kind(self) -> str:
        """What is one database's worth of connections: the kind of database, or a driver that speaks to any."""
        return self.family or self.seen.driver.package

    @property
    def is_of_caller(self) -> bool:
        """A function opens it to whatever database its caller names, and nothing is known of that one."""
        return self.settings.are_of_users(is_serving=self.seen.scope == "handler")

    @property
    def ports(self) -> tuple[int, ...]:
        """Every port that it can use, the default one when none is given; none when that is known elsewhere."""
        settings = self.settings
        if self.is_of_caller or not settings.has_port or self.family not in DEFAULT_PORTS:
            return ()
        given = settings.fields.get("port")
        if given is not None:
            return given.ports
        return (self.default_port,) if self.default_port is not None else ()

    @property
    def default_port(self) -> int | None:
        """The driver's own port, when it is in effect because none is given."""
        settings = self.settings
        is_in_effect = settings.has_port and settings.given == "settings" and "port" not in settings.fields
        return DEFAULT_PORTS.get(self.family) if is_in_effect and self.family is not None else None


class SiteBuilder:
    """Completes observations."""

    def __init__(self, interpreter: Interpreter, known: Surroundings, opened: Collection[str]) -> None:
        """Complete observations; ``opened`` are files of which the programs opened a connection while they ran."""
        self._interpreter = interpreter
        self._known = known
        self._roles = SiteRoles(known, opened)

    def sites(self, observations: Iterable[Observation]) -> list[ConnectionSite]:
        """One site for each observation, in the order of their places."""
        by_path: defaultdict[str, list[Observation]] = defaultdict(list)
        for seen in sorted(observations, key=lambda seen: seen.key):
            by_path[seen.path].append(seen)
        return [site for group in by_path.values() for site in self._of_file(group)]

    def _of_file(self, group: Sequence[Observation]) -> Iterator[ConnectionSite]:
        guards = self._guards(group)
        connections: dict[str, Guards] = {}
        for seen in group:
            mine = guards.get(seen.at, ())
            name = next((name for name, others in connections.items() if are_alternatives(others, mine)), None)
            if name is None:
                name = f"{seen.path}:{seen.at}"
                connections[name] = mine
            yield self._site(seen, name)

    def _is_closed(self, seen: Observation) -> bool:
        """Whether the function around a site, the innermost one, closes what it opens."""
        code, path = self._interpreter.code, seen.path
        around = [node for node in functions_of(code.module(path)) if node.start <= seen.at < node.end]
        bodies = [code.body(path, node.start, node.end) for node in around]
        inner = [
            node.body
            for body in bodies
            for node in ir.walk(body)
            if isinstance(node, ir.Function) and node.body is not None and node.start <= seen.at < node.end
        ]
        return bool(bodies) and is_closed((inner or bodies)[-1], seen.at)

    def _site(self, seen: Observation, connection: str) -> ConnectionSite:
        backend = self._known.backend_of(seen.path)
        settings, family = seen.settings, seen.driver.family or seen.settings.family
        if seen.driver.package == PRISMA and settings.given == "nothing":
            settings, family = self._prisma(backend, seen.site)
        if settings.given == "nothing":
            settings = _from_environment(seen, settings)
        return ConnectionSite(
            seen=seen,
            line=seen.site.place.line,
            backend=backend,
            family=family or self._declared_family(backend),
            settings=settings,
            role=self._roles.role(seen.path),
            connection=connection,
            is_closed=self._is_closed(seen),
            is_migrating=is_migrating(self._interpreter.code, seen.path, seen.at),
        )

    def _guards(self, group: Sequence[Observation]) -> dict[int, Guards]:
        """The choices on the way to each site of one file."""
        code, path = self._interpreter.code, group[0].path
        statements = code.module(path)
        found = guards_of(statements)
        for function in functions_of(statements):
            if any(function.start <= seen.at < function.end for seen in group):
                found.update(guards_of(code.body(path, function.start, function.end)))
        return found

    def _prisma(self, backend: str, site: Site) -> tuple[Settings, Family | None]:
        """The settings of the only schema of a back end, or of the one nearest to its root."""
        folder = "" if backend == "." else backend
        settings = self._known.inventory.settings
        inside = [path for path in settings if path.endswith(".prisma") and relative_to(path, folder) is not None]
        for path in sorted(inside, key=lambda path: (path.count("/"), path)):
            schema = read_prisma(settings[path])
            if schema is not None:
                url = datasource_url(settings[path])
                return read_address(self._interpreter, url, site), schema.family
        return Settings({}), None

    def _declared_family(self, backend: str) -> Family | None:
        """The kind of database whose driver is the only one that a back end depends on."""
        package = self._known.resolver.projects.package_of("" if backend == "." else backend)
        names = package.dependencies if package is not None else ()
        families = {family for name in names if (family := family_of(name)) in STORES}
        return families.pop() if len(families) == 1 else None


def _from_environment(seen: Observation, settings: Settings) -> Settings:
    """What a driver reads from the environment when it is given nothing."""
    fields: dict[Field, Setting] = {
        name: Setting(EnvironmentValue(variable)) for name, variable in seen.driver.environment.items()
    }
    return Settings({**fields, **settings.fields}, settings.family, settings.has_port)


def main_families(sites: Sequence[ConnectionSite], canonical: Collection[str]) -> dict[str, Family]:
    """The kind of database that a configured port is meant for, by back end.

    It is that of the connection module, else that of most sites in server code.
    """
    found: dict[str, Family] = {}
    for backend in sorted({site.backend for site in sites}):
        own = [site for site in sites if site.backend == backend and site.family in STORES]
        preferred = [site for site in own if site.seen.path in canonical]
        serving = [site for site in own if site.role == "server"]
        families = [site.family for site in preferred or serving or own if site.family is not None]
        if families:
            found[backend] = max(sorted(set(families)), key=families.count)
    return found
