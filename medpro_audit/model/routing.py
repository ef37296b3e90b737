"""The routing tree: what was registered on which router, and what an endpoint inherits through its mounts.

It knows no framework. A framework model makes `Router` values and registers on them; order of registration is order
in ``registrations``, since a router is filled as the program runs. What is registered later does not stand before
an endpoint; a path-scoped middleware is in effect below its prefix only; a mounted router inherits what stands
before its mount.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from itertools import zip_longest
from typing import TYPE_CHECKING, Literal, NamedTuple

from msgspec import Struct, structs

from medpro_audit.core.place import Place, Step
from medpro_audit.model.evaluation.clauses import conjunction, disjunction, holds_by_default, parts_of, remaining
from medpro_audit.model.evaluation.collections import either
from medpro_audit.model.evaluation.text import name_of, offset_of
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Cells,
    Choice,
    Constant,
    External,
    FunctionValue,
    Item,
    Native,
    Pattern,
    Site,
    Undefined,
    Unknown,
    Value,
    join,
    options_of,
)
from medpro_audit.model.paths import PathText, covers, is_wildcard, joined, paths_of
from medpro_audit.model.subjects import Scope

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.analysis import Analysis
    from medpro_audit.model.request.exchange import Exchange
    from medpro_audit.model.request.records import Writes

MAX_DEPTH = 24
"""Routers nested deeper than this are not followed."""
MAX_MOUNTS = 2_000
"""Mounts below one application: routers that mount the same one twice double them with every level."""
MAX_UNPACKED = 5_000
"""Middleware and lists of it that one registration is taken apart into."""


class Entry(NamedTuple):
    """One registration on a router."""

    kind: Literal["use", "route", "param"]
    methods: tuple[str, ...]
    """Upper case; ``ALL`` for every method."""
    path: Value | None
    """None when there is no path argument; the name of the parameter for ``param``."""
    items: tuple[Item, ...]
    site: Site
    condition: str
    calls: tuple[Caller, ...] = ()
    """Calls in progress when it was made, outermost first."""


class Caller(Struct, frozen=True):
    """A call that leads to a registration."""

    function: FunctionValue | None
    site: Site


class Router(Native):
    """An application or router; ``registrations`` in order.

    A framework's own class says what differs from one framework to another: what its functions are called with, how
    far a middleware reaches, which functions are none.
    """

    __slots__ = (
        "_conditions",
        "condition",
        "framework",
        "handed_to",
        "is_application",
        "is_merged",
        "is_passed",
        "is_served",
        "may_answer",
        "origin",
        "prefix",
        "properties",
        "registrations",
        "site",
    )

    def __init__(self, interpreter: Interpreter, framework: str, site: Site, *, is_application: bool) -> None:
        self.framework = framework
        self.site = site
        self.is_application = is_application
        self.condition = conjunction(interpreter.conditions)
        self._conditions = tuple(interpreter.conditions)
        self.registrations: list[Entry] = []
        self.properties: Cells[Value] = Cells()
        self.prefix: Value | None = None
        """What stands before each of its paths, wherever it is mounted."""
        self.is_merged = False
        """Where it is mounted, its middleware stays in effect for what is registered after it."""
        self.is_passed = False
        """The same, as far as a request that no route of it answers has passed its middleware."""
        self.may_answer = True
        """A function under ``use(path, fn)`` is called even where there is no route."""
        self.is_served = False
        """It listens, or a package was given it: it is meant to serve."""
        self.handed_to: Site | None = None
        """Where code that can't be followed was given it: that may register anything, guards among it."""
        self.origin: Router = self
        """The router that this is a snapshot of."""
        interpreter.made.append(self)
        interpreter.effect()

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """A property of the program's own."""
        interpreter.journal.write(self.properties, name, value)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """A package is given it, such as ``http.createServer(app)``."""
        self.is_served = True

    def escape(self, interpreter: Interpreter, site: Site) -> None:
        """Code of which nothing is known may register anything on it."""
        if not interpreter.is_trial:
            self.handed_to = self.handed_to or site

    def exchange(self, analysis: Analysis, properties: Writes) -> Exchange:
        """What its functions are called with."""
        raise NotImplementedError

    def is_error_handler(self, value: Value) -> bool:
        """Whether a function only runs when another has failed."""
        return False

    def may_pass_on(self, value: Value) -> bool:
        """Whether the last function of a route may pass a request on to what is registered after it."""
        return False

    def is_exact(self, path: Value | None) -> bool:
        """Whether a middleware is in effect for its own path only, not below it."""
        return False

    def below(self, prefix: str, path: str) -> str:
        """One of its paths from the application's root."""
        return joined(prefix, path)

    def snapshot(self) -> Router:
        """The router as it is now, for frameworks that put a copy of what is registered on one into another."""
        made = copy(self)
        made.registrations = list(self.registrations)
        made.is_merged = True
        return made

    def register(  # noqa: PLR0913 - the parts of a registration
        self,
        interpreter: Interpreter,
        kind: Literal["use", "route", "param"],
        methods: tuple[str, ...],
        path: Value | None,
        items: Sequence[Item],
        site: Site,
    ) -> None:
        """Add an entry at the end, under the conditions that hold now."""
        if interpreter.is_trial:
            return
        interpreter.effect()
        own = [condition for condition in interpreter.conditions if condition not in self._conditions]
        calls = tuple([Caller(frame.function, frame.site) for frame in interpreter.frames])
        self._add(Entry(kind, methods, path, tuple(items), site, conjunction(own), calls))
        for item in items:
            interpreter.handlers.update(function.key for function in _functions_in(item.value, 0))

    def _add(self, entry: Entry) -> None:
        """Append an entry; the same registration reached on several paths of one program is one registration."""
        for index, other in enumerate(self.registrations):
            if other.condition and entry.condition and _is_same(entry, other):
                self.registrations[index] = other._replace(condition=disjunction((other.condition, entry.condition)))
                return
        self.registrations.append(entry)


def _is_same(left: Entry, right: Entry) -> bool:
    return (
        left.site == right.site
        and (left.kind, left.methods, len(left.items)) == (right.kind, right.methods, len(right.items))
        and _path_key(left) == _path_key(right)
        and all(_key(one.value) == _key(other.value) for one, other in zip(left.items, right.items, strict=True))
    )


def _path_key(entry: Entry) -> object:
    paths = paths_of(entry.path)
    return tuple(paths) if isinstance(paths, list) else paths.reason


def _key(value: Value) -> object:
    match value:
        case FunctionValue():
            return value.key
        case External(package=package, name=name):
            return (package, name)
    return id(value)


def _functions_in(value: Value, depth: int) -> Iterator[FunctionValue]:
    """Functions that a handler is or wraps."""
    match value:
        case FunctionValue():
            yield value
        case ArrayValue(items=items) if depth < _WRAPPERS:
            for item in items:
                yield from _functions_in(item.value, depth + 1)
        case External() if depth < _WRAPPERS:
            for call in value.calls():
                for item in call.arguments:
                    yield from _functions_in(item.value, depth + 1)
        case Choice(options=options) if depth < _WRAPPERS:
            for option, _ in options:
                yield from _functions_in(option, depth + 1)


_WRAPPERS = 4
"""Wrappers around a handler that are looked through."""


class Layer(NamedTuple):
    """One middleware in effect."""

    item: Item
    value: Value
    site: Site
    scope: Scope
    mount: str
    """Path as written in ``use()``; several are separated by `` | ``."""
    mounts: tuple[str, ...]
    """The same from the application's root."""
    condition: str
    router: Router
    """On which it is registered."""
    is_exact: bool = False
    """It is in effect for its own path only."""
    patterns: tuple[Pattern | None, ...] = ()
    """Regular expressions at the ends of its mounts."""
    method: str = "ALL"
    is_beside: bool = False
    """It belongs to another route, or to a router beside, which requests pass on their way."""

    def at(self, path: str, method: str) -> Layer | None:
        """What it is for an endpoint: on the condition that its pattern matches, where that can't be told; None when it
        isn't in effect there.
        """
        if self.method not in {"ALL", method}:
            return None
        found = [
            covers(mount, path, is_exact=self.is_exact, pattern=pattern)
            for mount, pattern in zip_longest(self.mounts, self.patterns)
        ]
        if True not in found and None in found:
            return self._replace(condition=conjunction((self.condition, f"the path matches {self.mount}")))
        return self if True in found else None

    def may_cover_below(self, path: str) -> bool:
        """Whether it is in effect for something below a path."""
        return any(self.patterns) or any(
            covers(mount, path) is not False or covers(path, mount) for mount in self.mounts
        )

    def given(self, conditions: Collection[str]) -> Layer | None:
        """What it is for an endpoint that is there under these conditions; None when it never is beside it."""
        if not self.condition or not conditions:
            return self
        condition = remaining(self.condition, conditions)
        return None if condition is None else self._replace(condition=condition)

    @property
    def is_conditional(self) -> bool:
        """It may not be registered where the route is."""
        return bool(self.condition) and self.scope != "route"

    @property
    def is_active(self) -> bool:
        """It is in effect in the default configuration, as far as is known."""
        return holds_by_default(self.condition) is not False

    @property
    def name(self) -> str:
        """Source expression without its arguments."""
        return name_of(self.item.source)


class Guard(NamedTuple):
    """A function of ``param()`` and the path parameter it is for."""

    name: str
    layer: Layer


class Row(NamedTuple):
    """An endpoint as the routing tree has it."""

    kind: Literal["use", "route"]
    method: str
    path: str
    application: Router
    chain: tuple[Layer, ...]
    """Everything that a request passes before, outermost first."""
    items: tuple[Layer, ...]
    """The route's own middleware and, last, its handler."""
    guards: tuple[Guard, ...]
    """Functions of ``param()`` for parameters of its path: they run before it and are no middleware."""
    conditions: tuple[str, ...]
    trail: tuple[Step, ...]
    entry: Entry
    """Its registration."""
    mounts: tuple[Mount, ...]
    """From the application to the router it is registered on."""

    @property
    def site(self) -> Site:
        """Where it is registered."""
        return self.entry.site

    @property
    def active(self) -> tuple[Layer, ...]:
        """What a request passes before in the default configuration."""
        return tuple(layer for layer in self.chain if layer.is_active)

    @property
    def inherited(self) -> tuple[Layer, ...]:
        """Of these, those that are registered as middleware on the routers that it belongs to."""
        return tuple(layer for layer in self.active if not layer.is_beside)

    @property
    def inactive(self) -> tuple[Layer, ...]:
        """Inherited middleware that is in effect in another configuration only."""
        return tuple(layer for layer in self.chain if not (layer.is_active or layer.is_beside))


class Mount(NamedTuple):
    """A router that is mounted on another."""

    entry: Entry
    at: str
    """From the application's root."""
    router: Router
    conditions: tuple[str, ...]
    """Under which it is in effect, those of the mounts around it included."""


class Gap(NamedTuple):
    """A registration that leads nowhere, and why."""

    place: Place
    method: str
    reason: str


def unpacked(items: Sequence[Item]) -> Iterator[Item]:
    """Handlers of a registration, arrays taken apart; a list that holds itself ends at some point."""
    waiting = list(reversed(items))
    for _ in range(MAX_UNPACKED):
        if not waiting:
            return
        item = waiting.pop()
        lists = [(one.items, text) for one, text in options_of(item.value) if isinstance(one, ArrayValue)]
        if not lists:
            yield item
            continue
        if isinstance(item.value, ArrayValue) and item.value.is_open and not item.value.items:
            yield structs.replace(item, value=Unknown("a list of middleware that is not known"))
        inner = either(lists)[:MAX_UNPACKED]
        waiting.extend(structs.replace(one, condition=one.condition or item.condition) for one in reversed(inner))


class Walk:
    """One pass over the routing tree below an application."""

    def __init__(self, application: Router) -> None:
        self.application = application
        self.rows: list[Row] = []
        self.gaps: list[Gap] = []
        self._mounts = 0
        self.reached: set[Router] = {application}
        start = Step(application.site.place.file, application.site.place.line, _made(application))
        self._enter(_Context(application, "", (), _given(application.condition), (start,), ()))

    def _enter(self, context: _Context) -> list[Layer]:
        """Walk a router below the prefix that it has itself; return the middleware that is registered on it."""
        router = context.router
        if router.prefix is None:
            return self._router(context)
        paths = paths_of(router.prefix)
        if isinstance(paths, Unknown):
            self.gaps.append(Gap(router.site.place, "USE", paths.reason))
            return []
        found: list[Layer] = []
        for path in paths:
            prefix = router.below(context.prefix, path.text).rstrip("/")
            conditions = (*context.conditions, *_given(path.condition))
            found.extend(self._router(context._replace(prefix=prefix, conditions=conditions)))
        return found

    def _router(self, context: _Context) -> list[Layer]:
        layers = list(context.layers)
        for entry in context.router.registrations:
            if entry.kind == "param":
                continue
            paths = paths_of(entry.path)
            if isinstance(paths, Unknown):
                method = "/".join(entry.methods) if entry.kind == "route" else "USE"
                self.gaps.append(Gap(entry.site.place, method, paths.reason))
                layers.extend(_somewhere(entry, context))
            elif entry.kind == "route":
                for path in paths:
                    here = context._replace(conditions=(*context.conditions, *_given(entry.condition, path.condition)))
                    self._route(entry, context.router.below(context.prefix, path.text), layers, here)
                layers.extend(self._passing(entry, [path for path in paths if is_wildcard(path)], context))
            else:
                self._use(entry, paths, layers, context)
        return layers[len(context.layers) :]

    def _route(self, entry: Entry, path: str, layers: Sequence[Layer], context: _Context) -> None:
        items = tuple(
            Layer(item, item.value, _site_of(item, entry), "route", "/", (path,), item.condition, context.router)
            for item in unpacked(entry.items)
            if not context.router.is_error_handler(item.value)
        )
        for method in entry.methods:
            self._row("route", method, path, entry, _in_effect(layers, path, method), items, context)

    def _row(  # noqa: PLR0913 - the parts of a row
        self,
        kind: Literal["route", "use"],
        method: str,
        path: str,
        entry: Entry,
        chain: tuple[Layer, ...],
        items: tuple[Layer, ...],
        context: _Context,
    ) -> None:
        place = entry.site.place
        conditions = frozenset(part for condition in context.conditions for part in parts_of(condition))
        trail = (*context.trail, Step(place.file, place.line, f"{method} {path}"))
        guards = tuple(_guards(context.router, path))
        self.rows.append(
            Row(
                kind=kind,
                method=method,
                path=path,
                application=self.application,
                chain=_given_together(chain, conditions),
                items=_given_together(items, conditions),
                guards=guards,
                conditions=context.conditions,
                trail=trail,
                entry=entry,
                mounts=context.mounts,
            )
        )

    def _passing(self, entry: Entry, paths: Sequence[PathText], context: _Context) -> Iterator[Layer]:
        """Functions of a route for many paths that may pass on: they stand before what is registered after it."""
        router = context.router
        items = [item for item in unpacked(entry.items) if not router.is_error_handler(item.value)] if paths else []
        if not items or not router.may_pass_on(items[-1].value):
            return
        written, mounts, patterns = _mounted(context, paths)
        for item in items:
            joint, site = conjunction((entry.condition, item.condition)), _site_of(item, entry)
            layer = Layer(item, item.value, site, _scope(router), written, mounts, joint, router, patterns=patterns)
            yield from (layer._replace(method=method, is_beside=True) for method in entry.methods)

    def _use(self, entry: Entry, paths: Sequence[PathText], layers: list[Layer], context: _Context) -> None:
        is_exact = context.router.is_exact(entry.path)
        written, mounts, patterns = _mounted(context, paths)
        scope = _scope(context.router)
        for item in unpacked(entry.items):
            for option, condition in _options(item):
                if isinstance(option, Router):
                    for path, mount in zip(paths, mounts, strict=True):
                        given = _given(entry.condition, path.condition, condition)
                        here = context._replace(router=option, conditions=(*context.conditions, *given))
                        layers.extend(self._mount(entry, mount, layers, here))
                elif not context.router.is_error_handler(option):
                    joint = conjunction((entry.condition, condition))
                    router = context.router
                    layer = Layer(item, option, entry.site, scope, written, mounts, joint, router, is_exact, patterns)
                    self._may_answer(entry, layer, layers, context)
                    layers.append(layer)

    def _may_answer(self, entry: Entry, layer: Layer, layers: Sequence[Layer], context: _Context) -> None:
        """A function of the program below a path of its own may be an endpoint in fact: what it does will tell."""
        if not isinstance(layer.value, FunctionValue) or not context.router.may_answer:
            return
        here = context._replace(conditions=(*context.conditions, *_given(entry.condition)))
        for mount in layer.mounts if layer.mount != "/" else ():
            self._row("use", "ALL", mount, entry, _in_effect(layers, mount, "ALL"), (layer,), here)

    def _mount(self, entry: Entry, mount: str, layers: Sequence[Layer], context: _Context) -> Sequence[Layer]:
        """Walk a router where it is mounted; return its middleware that is in effect beside it too."""
        router, place = context.router, entry.site.place
        reason = self._unfollowed(router, context)
        if reason:
            self.gaps.append(Gap(place, "USE", reason))
            return ()
        self._mounts += 1
        conditions = (*context.conditions, *_given(router.condition))
        self.reached.add(router.origin)
        found = self._enter(
            context._replace(
                prefix="" if mount == "/" else mount.rstrip("/"),
                layers=tuple(layer for layer in layers if layer.may_cover_below(mount)),
                conditions=conditions,
                trail=(*context.trail, Step(place.file, place.line, f"mounted at {mount}")),
                mounts=(*context.mounts, Mount(entry, mount, router, conditions)),
            )
        )
        if router.is_merged or not router.is_passed:
            return found if router.is_merged else ()
        joint = [conjunction((*conditions, layer.condition)) for layer in found]
        return [layer._replace(condition=one, is_beside=True) for layer, one in zip(found, joint, strict=True)]

    def _unfollowed(self, router: Router, context: _Context) -> str:
        """Why a mount is not followed; empty when it is."""
        if router is self.application or any(mount.router is router for mount in context.mounts):
            return "a router is mounted in itself"
        if len(context.mounts) >= MAX_DEPTH:
            return "routers are nested too deeply"
        return "there are more mounts than are followed" if self._mounts >= MAX_MOUNTS else ""


class _Context(NamedTuple):
    """Where in the tree the walk is."""

    router: Router
    prefix: str
    layers: tuple[Layer, ...]
    conditions: tuple[str, ...]
    trail: tuple[Step, ...]
    mounts: tuple[Mount, ...]


def _scope(router: Router) -> Scope:
    return "application" if router.is_application else "router"


def _mounted(context: _Context, paths: Sequence[PathText]) -> tuple[str, tuple[str, ...], tuple[Pattern | None, ...]]:
    """Some paths as they are written, from the application's root, and their regular expressions."""
    mounts = tuple(context.router.below(context.prefix, path.text) for path in paths)
    return " | ".join(path.text for path in paths), mounts, tuple(path.pattern for path in paths)


def _somewhere(entry: Entry, context: _Context) -> Iterator[Layer]:
    """Middleware at a path that is not known: it may be in effect for whatever follows."""
    router, condition = context.router, conjunction((entry.condition, "its path leads there"))
    for item in unpacked(entry.items) if entry.kind == "use" else ():
        for option, _ in _options(item):
            if not isinstance(option, Router) and not router.is_error_handler(option):
                mounts = (context.prefix or "/",)
                yield Layer(item, option, entry.site, _scope(router), "?", mounts, condition, router, is_beside=True)


def _in_effect(layers: Iterable[Layer], path: str, method: str) -> tuple[Layer, ...]:
    """Layers as they are for an endpoint."""
    return tuple(layer for one in layers if (layer := one.at(path, method)) is not None)


def _given_together(layers: Iterable[Layer], conditions: Collection[str]) -> tuple[Layer, ...]:
    """Layers as they are for an endpoint that is there under these conditions."""
    return tuple(layer for one in layers if (layer := one.given(conditions)) is not None)


def _guards(router: Router, path: str) -> Iterator[Guard]:
    """What ``router.param(name, fn)`` runs for the parameters of a path."""
    for entry in router.registrations:
        if entry.kind == "param" and isinstance(entry.path, Constant) and f":{entry.path.value}" in path:
            for item in entry.items:
                layer = Layer(item, item.value, entry.site, "router", "/", (path,), entry.condition, router)
                yield Guard(str(entry.path.value), layer)


def _made(router: Router) -> str:
    return "the application is made" if router.is_application else "the router is made"


def _given(*conditions: str) -> tuple[str, ...]:
    return tuple(condition for condition in conditions if condition)


def _options(item: Item) -> Iterator[tuple[Value, str]]:
    """What an argument of ``use()`` may be: each router apart, and any of several functions as one middleware."""
    if not isinstance(item.value, Choice):
        yield item.value, item.condition
        return
    options = [option for option in item.value.options if not isinstance(option[0], Constant | Undefined)]
    yield from ((router, condition or item.condition) for router, condition in options if isinstance(router, Router))
    others = [(option, condition) for option, condition in options if not isinstance(option, Router)]
    if others:
        is_certain = len(options) == len(others) > 1
        yield join(others), item.condition if is_certain else others[0][1] or item.condition


def _site_of(item: Item, entry: Entry) -> Site:
    if item.source is not None and item.module is not None:
        return Site(item.module, offset_of(item.source))
    return entry.site
