"""Endpoints: rows of the routing tree with what each function of their chain does."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, cast

from msgspec import structs

from medpro_audit.model.access.account import Account
from medpro_audit.model.access.witness import AccessWitness
from medpro_audit.model.evaluation.clauses import conjunction
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import (
    Choice,
    Deferred,
    External,
    FunctionKey,
    FunctionValue,
    Native,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.flows.watching import Watcher
from medpro_audit.model.handlers import Found, find_handler
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.exchange import ParamFunction
from medpro_audit.model.request.records import Holding, Summary
from medpro_audit.model.routing import Guard, Layer, Row
from medpro_audit.model.schemas import DOUBTFUL, Schema
from medpro_audit.model.subjects import Endpoint, Handler, MiddlewareUse, Role
from medpro_audit.model.subjects.facets.shadow import Shadow
from medpro_audit.model.validation import Ledger, Link

Writes = tuple[tuple[str, Value], ...]

_LEAST_SHARED = 10
"""Endpoints that a function must stand before to be as good as middleware of the application."""


class RoleOrigin(NamedTuple):
    """What gives a middleware a role."""

    roles: tuple[Role, ...]
    kind: Literal["configuration", "package", "validation", "behaviour", "call"]
    name: str
    """Of the configured key, of the package, or of the schema; of behaviour, the place that shows it."""
    site: Site | None = None
    """Of the call."""


class Passage(NamedTuple):
    """A request on its way through the functions of an endpoint."""

    ledger: Ledger
    found: Found | None
    """The function that does the work; None when there is no function at all."""


class EndpointBuilder:
    """Turns rows into endpoints; follows each function once for all endpoints that share it."""

    def __init__(
        self, interpreter: Interpreter, configured: Mapping[str, tuple[str, ...]], backend_of: Callable[[str], str]
    ) -> None:
        self._interpreter = interpreter
        self._configured = configured
        self._backend_of = backend_of
        self._summaries: dict[object, tuple[Value, Summary]] = {}
        self._passages: dict[int, tuple[Row, Passage]] = {}
        self._roles: dict[tuple[int, str], tuple[Value, tuple[Role, ...]]] = {}
        self._shared: frozenset[FunctionKey] = frozenset()

    def know(self, rows: Iterable[Row]) -> None:
        """Note which functions stand before most endpoints, or many that read and that change.

        They are as good as middleware of the application.
        """
        routes = [row for row in rows if row.kind == "route"]
        counted: defaultdict[FunctionKey, Counter[bool]] = defaultdict(Counter)
        for row in routes:
            before = [item.value for item in row.items[:-1]]
            for key in {value.key for value in before if isinstance(value, FunctionValue)}:
                counted[key][row.method == "GET"] += 1
        self._shared = frozenset(
            key
            for key, number in counted.items()
            if number.total() >= _LEAST_SHARED and (len(number) > 1 or 2 * number.total() >= len(routes))
        )

    def passage(self, row: Row) -> Passage:
        """What the functions of a row do with a request, one after the other; found out once."""
        kept = self._passages.get(id(row))
        if kept is None:
            kept = self._passages[id(row)] = (
                row,
                self._passed(row),
            )  # the row is kept so that its identity stays taken
        return kept[1]

    def _passed(self, row: Row) -> Passage:
        ledger = Ledger(row.path, row.site.place, row.method)
        before: Writes = ()
        handler = row.items[-1] if row.items else None
        for guard in row.guards:
            ledger.add(_link(guard.layer, _refusing(guard, self._param_summary(guard)), counts=True))
        for layer, summary, writes in self._followed(row):
            before = writes
            is_handler = layer is handler
            counts = is_handler or (layer.scope == "route" and not self._is_shared(layer, summary))
            ledger.add(_link(layer, summary, counts=counts, is_handler=is_handler))
            if layer is handler and summary.is_foreign:
                ledger.miss(layer.name, "it is the code of a package", layer.site)
        return Passage(ledger, self._found(row, before))

    def _is_shared(self, layer: Layer, summary: Summary) -> bool:
        """Whether a function of the route stands before most endpoints, and does not validate."""
        value = layer.value
        return isinstance(value, FunctionValue) and value.key in self._shared and not summary.attempts

    def chain(self, row: Row) -> Iterator[tuple[Layer, Summary]]:
        """The functions of a row in order, with what each does after those before it; the handler is the last."""
        return ((layer, summary) for layer, summary, _ in self._followed(row))

    def _followed(self, row: Row) -> Iterator[tuple[Layer, Summary, Writes]]:
        """The same, each with what was set on the request when it came to it."""
        writes: dict[str, Value] = {}
        for layer in (*row.active, *row.items):
            before = tuple(writes.items())
            summary = self.summary(layer.value, layer, before)
            yield layer, summary, before
            if not layer.is_conditional:
                writes.update(summary.writes)
            for name, _ in summary.writes if layer.is_conditional else ():
                writes.pop(name, None)  # it may be there or not

    def endpoint(self, row: Row, *, is_mounted: bool = True, shadow: Shadow | None = None) -> Endpoint:
        """The endpoint of a row; nothing reaches one that another route shadows."""
        ledger, found = self.passage(row)
        place = row.site.place
        condition = conjunction(row.conditions)
        return Endpoint(
            method=row.method,
            path=row.path,
            file=place.file,
            line=place.line,
            kind=row.kind,
            mounted=is_mounted,
            shadow=shadow or Shadow(),
            conditional=bool(condition),
            condition=str(condition) or None,
            framework=row.application.framework,
            application=str(row.application.site.place),
            backend=self._backend_of(place.file),
            middleware=tuple(self.middleware(layer) for layer in (*row.inherited, *row.items[:-1])),
            inactive_middleware=tuple(self.middleware(layer) for layer in row.inactive),
            handler=found.handler if found is not None else Handler("", None, None, reason="it has no handler"),
            reads=ledger.reads,
            validation=ledger.verdicts(),
            trail=row.trail,
        )

    def answers(self, row: Row) -> bool:
        """Whether a row is an endpoint: of ``use(path, fn)``, only where the function answers and never passes on."""
        if row.kind == "route":
            return True
        summary = self.summary(row.items[-1].value, row.items[-1])
        return summary.responds and not summary.passes

    def _param_summary(self, guard: Guard) -> Summary:
        """What a function of ``param()`` does."""
        return self.summary(ParamFunction(guard.layer.value, guard.name), guard.layer)

    def _found(self, row: Row, before: Writes) -> Found | None:
        """The function that does the work; ``before`` is what the middleware has set on the request by then."""
        if not row.items:
            return None
        last = row.items[-1]
        return find_handler(last.item, last.value, lambda value: self.summary(value, last, before))

    def middleware(self, layer: Layer) -> MiddlewareUse:
        """A middleware as rules and reports see it."""
        place = layer.site.place
        package, _ = package_of(layer.value)
        return MiddlewareUse(
            name=layer.name,
            file=place.file,
            line=place.line,
            scope=layer.scope,
            mount=layer.mount,
            roles=self.roles(layer),
            package=package,
            conditional=bool(layer.condition),
            condition=str(layer.condition) or None,
        )

    def roles(self, layer: Layer) -> tuple[Role, ...]:
        """Roles of a middleware, sorted."""
        key = (id(layer.value), layer.name)
        kept = self._roles.get(key)
        if kept is None:
            roles = tuple(sorted({role for origin in self.role_origins(layer) for role in origin.roles}))
            kept = self._roles[key] = (layer.value, roles)  # the value is kept so that its identity stays taken
        return kept[1]

    def role_origins(self, layer: Layer) -> Iterator[RoleOrigin]:
        """What gives a middleware its roles: the configuration, else its package, else what it does."""
        package, member = package_of(layer.value)
        for key in self._configured_keys(layer, package):
            if key in self._configured:
                yield RoleOrigin(cast("tuple[Role, ...]", self._configured[key]), "configuration", key)
                return
        if package is not None:
            yield RoleOrigin(roles_of_package(package, member) or (), "package", package)
            return
        summary = self.summary(layer.value, layer)
        for holding in summary.grants:
            yield RoleOrigin(("validation",), "validation", holding.schema)
        yield from _guarding(summary.account)
        for call in summary.calls:
            package, member = package_of(call.callee)
            if package is not None:
                # To ask a package makes no guard: it is one if it turns callers away.
                left_out = _GUARDING if _refuses(summary) else (*_GUARDING, "csrf")
                roles = [role for role in roles_of_package(package, member) or () if role not in left_out]
                yield RoleOrigin(tuple(roles), "call", package, call.site)

    def configured_roles(self, layer: Layer) -> tuple[str, ...] | None:
        """Roles that the configuration gives a middleware; None when it doesn't name it."""
        package, _ = package_of(layer.value)
        keys = self._configured_keys(layer, package)
        return next((self._configured[key] for key in keys if key in self._configured), None)

    @staticmethod
    def _configured_keys(layer: Layer, package: str | None) -> Sequence[str]:
        keys = [package] if package is not None else []
        if isinstance(layer.value, FunctionValue):
            keys.append(f"{layer.value.module.path}:{layer.value.node.name or layer.name}")
        return keys

    def summary(self, value: Value, layer: Layer, writes: Writes = ()) -> Summary:
        """What a middleware or handler, or a function behind it, does: computed once per closure and properties."""
        identity: object = (
            (value.key, id(value.scope), id(value.this), *(id(item.value) for item in value.bound))
            if isinstance(value, FunctionValue)
            else id(value)
        )
        key = (identity, tuple((name, id(inner)) for name, inner in writes))
        kept = self._summaries.get(key)
        if kept is None:
            kept = (value, self._follow(value, layer, writes))
            self._summaries[key] = kept  # the value is kept so that its identity stays taken
        return kept[1]

    def _follow(self, value: Value, layer: Layer, writes: Writes) -> Summary:
        analysis = Analysis(self._interpreter, layer.router.exchange, writes, watcher=Watcher, witness=AccessWitness)
        site = layer.site
        match value:
            case FunctionValue():
                summary = analysis.follow(value, Site(value.module, value.node.start))
                return self._where_it_passes(summary, value, layer, writes, analysis) if analysis.resumed else summary
            case External():
                return self._follow_external(value, layer, writes, analysis)
            case Native() | Unknown() | Deferred() | Choice():
                return analysis.follow(value, site)
        return analysis.follow(Unknown("it is no function", site.place), site)

    def _where_it_passes(
        self, summary: Summary, value: FunctionValue, layer: Layer, writes: Writes, analysis: Analysis
    ) -> Summary:
        """What a function does that calls ``next()`` after ``next(error)``: it passes on only where it did not fail.

        All that a router calls in turn shares one place in its stack (``next`` of Express 4's router/index.js, of the
        package router in Express 5): an error runs through to its end, and a later call finds nothing more.
        """
        again = Analysis(
            self._interpreter,
            layer.router.exchange,
            writes,
            watcher=Watcher,
            witness=AccessWitness,
            ends_in=frozenset(analysis.resumed),
        ).follow(value, Site(value.module, value.node.start))
        account = summary.account
        if isinstance(account, Account) and isinstance(again.account, Account):
            account = structs.replace(account, passes=again.account.passes, sets=again.account.sets)
        return summary._replace(grants=again.grants, writes=again.writes, passes=again.passes, account=account)

    def _follow_external(self, value: External, layer: Layer, writes: Writes, analysis: Analysis) -> Summary:
        """A package's middleware: what it was given is followed, its own code can't be."""
        arguments = [item.value for call in value.calls() for item in call.arguments]
        for argument in arguments:
            if isinstance(argument, FunctionValue) and may_serve(argument, analysis.exchange.handed):
                return self.summary(argument, layer, writes)
        if roles_of_package(value.package, value.name) is None:
            return analysis.opaque(
                value.name or value.package, [item for item in arguments if isinstance(item, Schema)]
            )
        return analysis.opaque(value.package, ())


def may_serve(function: FunctionValue, handed: int) -> bool:
    """Whether a function could serve a request: it takes at least what its framework hands to a handler."""
    return len(function.node.parameters) - len(function.bound) >= handed


def package_of(value: Value) -> tuple[str | None, str]:
    """The npm package a middleware comes from, and the member of it that was used."""
    if isinstance(value, External):
        return value.package, value.name
    if isinstance(value, Native):
        return getattr(value, "package", None), ""
    return None, ""


_FORBIDDEN = 403
_GUARDING: tuple[Role, ...] = ("authentication", "authorization")


def _refuses(summary: Summary) -> bool:
    """Whether a middleware turns some requests away: by an answer, or by an error with a status that says so."""
    return summary.responds or (isinstance(summary.account, Account) and _FORBIDDEN in summary.account.refused_with)


def _guarding(account: object) -> Iterator[RoleOrigin]:
    """What a middleware of the program's own does about its caller."""
    if not isinstance(account, Account):
        return
    standing, permission = account.authentication.by, account.authorization.by
    # Whoever asks for a role asks for a caller, too; what makes the caller known is another's work.
    if standing is not None and (permission is None or not standing.needs):
        yield RoleOrigin(("authentication",), "behaviour", min(map(str, standing.places), default=""))
    if permission is not None:
        yield RoleOrigin(("authorization",), "behaviour", min(map(str, permission.places), default=""))


def _refusing(guard: Guard, summary: Summary) -> Summary:
    """What a function of ``param()`` does: one that may refuse its parameter may well check it."""
    if not (summary.failures or summary.responds):
        return summary
    doubt = Holding("params", (guard.name,), DOUBTFUL, "", f"param('{guard.name}')", guard.layer.site.place)
    others = tuple(use for use in summary.uses if (use.part, use.path) != ("params", (guard.name,)))
    return summary._replace(uses=others, grants=(doubt, *summary.grants))


def _link(layer: Layer, summary: Summary, *, counts: bool, is_handler: bool = False) -> Link:
    return Link(layer.name, summary, counts, is_handler, layer.condition, layer.site)
