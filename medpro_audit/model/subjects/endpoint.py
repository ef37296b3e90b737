"""An endpoint, what runs before its handler, and how the parts of its requests are validated."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.caching import Caching
from medpro_audit.model.subjects.facets.change import Change
from medpro_audit.model.subjects.facets.contract import Contract
from medpro_audit.model.subjects.facets.documentation import Documentation
from medpro_audit.model.subjects.facets.envelope import Envelope
from medpro_audit.model.subjects.facets.errors import Errors
from medpro_audit.model.subjects.facets.pattern import Pattern
from medpro_audit.model.subjects.facets.rate_limit import RateLimit
from medpro_audit.model.subjects.facets.shadow import Shadow
from medpro_audit.model.subjects.facets.testing import EndpointTesting
from medpro_audit.model.subjects.facets.tracking import Tracking
from medpro_audit.model.subjects.facets.usage import Usage

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
    """The schema checks nothing, or lets what it does not name through to where the whole part is used."""
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
    documentation: Documentation = Documentation()
    """How it is documented."""
    envelope: Envelope = Envelope()
    """The form of its answers."""
    errors: Errors = Errors()
    """What becomes of its failures."""
    pattern: Pattern = Pattern()
    """How far it follows the pattern of its back end."""
    testing: EndpointTesting = EndpointTesting()
    """Which tests ask it."""

    access: Access = Access()
    """Who may call it."""
    shadow: Shadow = Shadow()
    """The route that answers in its place."""
    change: Change = Change()
    """Whether it changes anything."""
    rate_limit: RateLimit = RateLimit()
    """How many requests a client may make to it."""
    caching: Caching = Caching()
    """Whether its answers are kept."""
    tracking: Tracking = Tracking()
    """What is recorded of its requests."""
    contract: Contract = Contract()
    """What its clients can rely on."""
    usage: Usage = Usage()
    """What becomes of parameters and queries that nothing validates."""

    @property
    def identity(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def reached(self) -> bool:
        """Whether requests get to it: an application reaches its router, and no other route takes them all."""
        return self.mounted and self.shadow.by is None

    @property
    def hindrance(self) -> str:
        """Why no request gets to it."""
        shadow = self.shadow
        if shadow.by is None:
            return "not mounted: no application reaches it"
        return f"shadowed: {shadow.by} at {shadow.place} takes its requests"

    @property
    def roles(self) -> tuple[Role, ...]:
        """Roles of all middleware in effect, sorted."""
        return tuple(sorted({role for middleware in self.middleware for role in middleware.roles}))


SUBJECT = Endpoint
