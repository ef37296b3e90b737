"""The subjects that rules ask about, and the only view of the model that rules, metrics and reporters have.

A rule names a subject by its kind (`SUBJECTS`) and its attributes by the field names below; the field types are the
schema against which a rule is proved when it is loaded, and the docstrings under the fields are its documentation.
Each subject has ``file`` and ``line`` (where a finding is shown), ``identity`` (what makes it the same subject after
code has moved; goes into the fingerprint), ``backend`` (folder of its back end) and ``trail``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place, Step

RequestPart = Literal["body", "params", "query", "headers"]
PARTS: tuple[RequestPart, ...] = ("body", "params", "query", "headers")

Role = Literal[
    "authentication",
    "authorization",
    "body-parser",
    "cache",
    "compression",
    "cookies",
    "cors",
    "csrf",
    "documentation",
    "error-handler",
    "logging",
    "metrics",
    "rate-limit",
    "sanitising",
    "security-headers",
    "session",
    "static",
    "upload",
    "validation",
]

Scope = Literal["application", "router", "route"]


class Validation(Struct, frozen=True):
    """What is known of the validation of one request part of one endpoint."""

    status: Literal["validated", "missing", "not-read", "unknown"]
    """validated: a schema holds before the first use; missing: read and not validated; unknown: see ``reason``."""
    by: str | None = None
    """Library that validates: ``zod``, ``joi``, …"""
    schema: str | None = None
    """Source expression of the schema, such as ``createUserSchema``."""
    place: str | None = None
    """``file:line`` of the call that validates; where the status is unknown, of what makes it so."""
    reason: str | None = None
    """Why it is unknown, or why a validation that exists does not count."""
    fields: tuple[str, ...] = ()
    """Top-level fields that are read."""
    uncovered: tuple[str, ...] = ()
    """Fields that are read and that the schema does not cover."""
    is_permissive: bool = False
    """The schema accepts anything at its top: ``z.any()``, ``.passthrough()``."""
    is_late: bool = False
    """Something used the part before the validation."""
    is_ignored: bool = False
    """A result was computed (``safeParse``) and the outcome is not acted upon."""
    trail: tuple[Step, ...] = ()


class MiddlewareUse(Struct, frozen=True):
    """One middleware in effect on an endpoint."""

    name: str
    """Source expression without its arguments; ``<inline>`` for a function written in place."""
    file: str
    line: int
    """Of the ``use()`` call, or of the argument for route scope."""
    scope: Scope
    mount: str
    """Path below which it is in effect, ``/`` for everything under its router."""
    roles: tuple[Role, ...] = ()
    package: str | None = None
    """npm package that it comes from; None for the project's own."""
    conditional: bool = False
    condition: str | None = None


class Handler(Struct, frozen=True):
    """The function that does the work."""

    name: str
    file: str | None
    """None when the function could not be found; ``reason`` says why."""
    line: int | None
    wrappers: tuple[str, ...] = ()
    """Names of the functions that only call it, outermost first."""
    reason: str | None = None


class EndpointValidation(Struct, frozen=True):
    """The four request parts of an endpoint."""

    body: Validation
    params: Validation
    query: Validation
    headers: Validation


class Endpoint(Struct, frozen=True):
    """A method and a full path that an application answers."""

    method: str
    """Upper case; ``ALL`` for ``all()`` and for ``use()``."""
    path: str
    """From the application's root, in Express notation."""
    file: str
    line: int
    """Where method and path are registered."""
    kind: Literal["route", "use"]
    mounted: bool
    """False for a route whose router no application reaches."""
    conditional: bool
    condition: str | None
    """Text of the conditions under which it is registered."""
    framework: str
    application: str
    """``file:line`` where the application is made."""
    backend: str
    middleware: tuple[MiddlewareUse, ...]
    """In effect, outermost first."""
    handler: Handler
    """What answers it."""
    reads: tuple[RequestPart, ...]
    """Request parts that the handler or the project's own middleware uses."""
    validation: EndpointValidation
    trail: tuple[Step, ...]
    """From the application to the registration."""
    inactive_middleware: tuple[MiddlewareUse, ...] = ()
    """Registered in another configuration than the default (NODE_ENV production, other variables unset)."""

    @property
    def identity(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles of all middleware in effect, sorted."""
        return tuple(sorted({role for middleware in self.middleware for role in middleware.roles}))


class Input(Struct, frozen=True):
    """One request part that an endpoint reads."""

    part: RequestPart
    method: str
    path: str
    file: str
    line: int
    backend: str
    validation: Validation
    trail: tuple[Step, ...]
    convention: str | None = None
    """The validation library that is the convention in its back end."""

    @property
    def identity(self) -> str:
        """Method, path and part."""
        return f"{self.method} {self.path} {self.part}"

    @property
    def is_foreign(self) -> bool:
        """It is validated by a library that is not the convention."""
        return self.convention is not None and self.validation.by not in (None, self.convention)


class EnvironmentValue(Struct, frozen=True):
    """A value taken from an environment variable."""

    env: str
    default: str | int | None = None


SettingValue = str | int | EnvironmentValue | None
"""A literal, an environment variable, or None when unknown or not given."""


class Connection(Struct, frozen=True):
    """One place that opens a database connection or makes a pool."""

    file: str
    line: int
    driver: str
    """npm package: ``mysql2``, ``pg``, ``sequelize``, …"""
    kind: Literal["pool", "single", "client", "orm"]
    host: SettingValue
    port: SettingValue
    user: SettingValue
    database: SettingValue
    hardcoded: tuple[str, ...]
    """Which of host, user, password, database stand in the code as literals."""
    canonical: bool
    """It stands in the canonical module of its back end."""
    canonical_module: str | None
    """None when several modules connect and none of them is one for that."""
    scope: Literal["module", "function", "handler"]
    """Where it is opened: once at load, in a helper function, or while a request is served."""
    backend: str
    sites: int
    """Connection sites in the same back end that speak to the same kind of database, this one included."""
    differs: tuple[str, ...] = ()
    """Which of host, port, user, database differ from the canonical site (or, without one, from the other sites)."""
    port_expected: int | None = None
    """The configured port; None when none is configured."""
    port_conflict: bool = False
    """The port (or its default) is not the configured one. Without one: not that of the connection module, or, in that
    module, not that of a settings file; where that module says nothing, not that of any other place."""
    is_shared: bool = True
    """Other modules can import what this site makes."""
    trail: tuple[Step, ...] = ()
    reason: str | None = None
    """Why values are unknown."""
    role: Literal["server", "script", "test", "browser"] = "server"
    """What the module is."""
    ports: tuple[int, ...] = ()
    """Every port that it can use as far as the code says."""
    default_port: int | None = None
    """The driver's own default, in effect because no port is given."""

    @property
    def port_in_use(self) -> str:
        """The port in words: what is given, or else the driver's default."""
        match self.port:
            case EnvironmentValue(env=name, default=default):
                return f"process.env.{name}" + (f" ({default} where that is not set)" if default is not None else "")
            case None if self.default_port is not None:
                return f"{self.default_port}, the default of {self.driver},"
            case None:
                return " or ".join(map(str, self.ports)) or "unknown"
        return str(self.port)

    @property
    def connection_module(self) -> str:
        """Where it should be opened, in words."""
        return self.canonical_module or "a connection module, of which there is none yet"

    @property
    def has_literal_password(self) -> bool | None:
        """The password stands in the code; None when that is unknown."""
        return "password" in self.hardcoded or (None if self.reason else False)

    @property
    def literal_settings(self) -> tuple[str, ...] | None:
        """Which of host, user and database stand in the code; None when that is unknown."""
        settings = tuple(name for name in self.hardcoded if name != "password")
        return settings or (None if self.reason else ())

    @property
    def port_agrees(self) -> bool | None:
        """The port is the configured one, or else that of the other sites and settings; None when it is unknown."""
        if self.port_conflict:
            return False
        return None if self.port is None and self.reason else True

    @property
    def identity(self) -> str:
        """Driver, kind and file."""
        return f"{self.driver} {self.kind} {self.file}"


class SettingsFile(Struct, frozen=True):
    """Database settings outside the code: ``.env*``, ``docker-compose*.yml``, knexfile, Prisma schema."""

    file: str
    line: int
    source: Literal["env", "compose", "prisma", "orm"]
    driver: str | None
    host: str | None
    port: int | None
    database: str | None
    port_expected: int | None
    port_conflict: bool
    backend: str
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """Source and file."""
        return f"{self.source} {self.file}"


class LogCall(Struct, frozen=True):
    """A call that writes a log line."""

    file: str
    line: int
    backend: str
    logger: Literal["console", "canonical", "other", "unknown"]
    """console; the back end's canonical logger; another logging library or instance; unknown."""
    logger_name: str
    """Source expression of the receiver."""
    package: str | None
    level: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is: rules look at server code only, unless they say otherwise."""
    concatenates: bool
    """Its message is put together by ``+`` or a template with values, though the logger takes, or may take, fields."""
    in_catch: bool
    logs_error: bool
    """False only when it stands in a catch clause, at warning or error level, and neither it nor anything beside it
    tells the caught error or hands it on."""
    sensitive: tuple[str, ...]
    """Names of secrets or personal data among what is logged."""
    has_correlation: bool | None
    """False only for request code that logs without the request-scoped logger or correlation id the back end has; None
    when its logger is unknown, or may add the id in a way that can't be seen."""
    in_request: bool
    """It runs while a request is served."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()
    expects_correlation: bool = False
    """Its back end has a request-scoped logger or a correlation id that the call could carry."""
    takes_fields: bool | None = False
    """Its logger takes an object of fields beside the message; None when its logger is unknown."""

    @property
    def identity(self) -> str:
        """File and the call's own source."""
        return f"{self.file} {self.snippet}"


class CatchClause(Struct, frozen=True):
    """A ``catch`` clause or ``.catch()`` callback."""

    file: str
    line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    swallows: bool
    """It does nothing at all: its body is empty, or holds only comments or a bare ``return``."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the clause's own source."""
        return f"{self.file} {self.snippet}"


class Backend(Struct, frozen=True):
    """One back end of the repository: a package that serves HTTP."""

    root: str
    """Folder relative to the scanned directory, ``.`` for itself."""
    name: str
    file: str
    line: int
    frameworks: tuple[str, ...]
    dependencies: tuple[str, ...]
    validation_library: str | None
    """The validation library that is the convention here: the one configured, else Zod where present."""
    connection_sites: int
    """Connection sites in server code that speak to the same kind of relational or document database: of the kind that
    has most of them."""
    pools_shared: bool
    """At least one pool is imported by another module, or there is no pool."""
    pools: int
    logger: str | None
    """The canonical logger's module or package."""
    trail: tuple[Step, ...] = ()
    """Every connection site of the kind of database that has most of them, for the duplicate rule."""

    @property
    def backend(self) -> str:
        """Folder of the back end."""
        return self.root

    @property
    def identity(self) -> str:
        """Folder."""
        return self.root


class SyntaxMatch(Struct, frozen=True):
    """A place where the tree-sitter query of a syntax rule matches."""

    rule: str
    """The rule that asks; no other rule sees it."""
    file: str
    line: int
    column: int
    end_line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    snippet: str
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and the matched source."""
        return f"{self.file} {self.snippet}"


Subject = Endpoint | Input | Connection | SettingsFile | LogCall | CatchClause | Backend | SyntaxMatch

SUBJECTS: dict[str, type[Subject]] = {
    "endpoint": Endpoint,
    "input": Input,
    "connection": Connection,
    "settings-file": SettingsFile,
    "log-call": LogCall,
    "catch": CatchClause,
    "backend": Backend,
    "syntax": SyntaxMatch,
}
"""Kinds of subject by the word that rules use."""


class UnresolvedRoute(Struct, frozen=True):
    """A registration whose path, router or method could not be determined."""

    place: Place
    method: str
    reason: str


class UnresolvedImport(Struct, frozen=True, order=True):
    """An import specifier that leads to no file and no package."""

    file: str
    line: int
    specifier: str
    reason: str


class ImportGraph(Struct, frozen=True):
    """Import edges between files, sorted; kind is import, type, mock, resolve or asset."""

    edges: tuple[tuple[str, str, str], ...]
    unresolved: tuple[UnresolvedImport, ...]
    notices: tuple[Notice, ...] = ()
    """Packages that are imported and declared nowhere, once each."""


class Repository(Struct, frozen=True):
    """Everything that rules, metrics and reports ask about."""

    graph: ImportGraph
    backends: tuple[Backend, ...]
    endpoints: tuple[Endpoint, ...]
    inputs: tuple[Input, ...]
    connections: tuple[Connection, ...]
    settings_files: tuple[SettingsFile, ...]
    log_calls: tuple[LogCall, ...]
    catches: tuple[CatchClause, ...]
    unresolved_routes: tuple[UnresolvedRoute, ...]
    routers: int
    """Routers that the code makes, applications included."""
    routers_mounted: int
    """Of these, the ones that an application reaches."""
    unmounted_routers: tuple[Place, ...]
    """Where the others are made."""
    files_parsed: int
    """Files read without a syntax error."""
    imports: int
    notices: tuple[Notice, ...]

    @property
    def subjects(self) -> dict[str, Sequence[Subject]]:
        """What rules ask about, by the word they use for it."""
        return {
            "endpoint": self.endpoints,
            "input": self.inputs,
            "connection": self.connections,
            "settings-file": self.settings_files,
            "log-call": self.log_calls,
            "catch": self.catches,
            "backend": self.backends,
            "syntax": (),
        }
