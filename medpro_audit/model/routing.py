"""The routing tree: what was registered on which router, and what an endpoint inherits through its mounts.

It knows no framework. A framework model makes `Router` values and registers on them; order of registration is order
in ``registrations``, since a router is filled as the program runs. What is registered later does not stand before
an endpoint; a path-scoped middleware is in effect below its prefix only; a mounted router inherits what stands
before its mount.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from medpro_audit.core.place import Place, Step
from medpro_audit.model.evaluation.clauses import conjunction, disjunction, holds_by_default
from medpro_audit.model.evaluation.text import name_of, offset_of
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Cells,
    Choice,
    Constant,
    Environment,
    External,
    FunctionValue,
    Item,
    Native,
    Pattern,
    Site,
    Text,
    Undefined,
    Unknown,
    Value,
    join,
)
from medpro_audit.model.subjects import Scope

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

MAX_DEPTH = 24
"""Routers nested deeper than this are not followed; one mounted in itself never ends."""
MAX_PATHS = 200
"""Paths of one registration."""

ERROR_PARAMETERS = 4
"""Express takes a function with four parameters for an error handler."""


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


class Router(Native):
    """An application or router; ``registrations`` in order."""

    __slots__ = ("_conditions", "condition", "framework", "is_application", "properties", "registrations", "site")

    def __init__(self, framework: str, site: Site, *, is_application: bool, conditions: Sequence[str] = ()) -> None:
        self.framework = framework
        self.site = site
        self.is_application = is_application
        self.condition = conjunction(conditions)
        self._conditions = tuple(conditions)
        self.registrations: list[Entry] = []
        self.properties: Cells[Value] = Cells()

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
        self._add(Entry(kind, methods, path, tuple(items), site, conjunction(own)))
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

    def covers(self, path: str) -> bool:
        """Whether it is in effect for everything below a path."""
        return any(covers(mount, path) for mount in self.mounts)

    def may_cover_below(self, path: str) -> bool:
        """Whether it is in effect for something below a path."""
        return self.covers(path) or any(covers(path, mount) for mount in self.mounts)

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
    site: Site
    application: Router
    chain: tuple[Layer, ...]
    """Inherited middleware, outermost first."""
    items: tuple[Layer, ...]
    """The route's own middleware and, last, its handler."""
    guards: tuple[Guard, ...]
    """Functions of ``param()`` for parameters of its path: they run before it and are no middleware."""
    conditions: tuple[str, ...]
    trail: tuple[Step, ...]


class Gap(NamedTuple):
    """A registration that leads nowhere, and why."""

    place: Place
    method: str
    reason: str


class PathText(NamedTuple):
    """One path that a value stands for, under a condition."""

    text: str
    condition: str = ""


def paths_of(value: Value | None) -> list[PathText] | Unknown:
    """The paths that a path argument stands for."""
    match value:
        case None:
            return [PathText("/")]
        case Constant(value=str() as text):
            return [PathText(text)]
        case Pattern(source=source, flags=flags):
            return [PathText(f"/{source}/{flags}")]
        case Environment(default=default, name=name):
            return paths_of(default) if default is not None else Unknown(f"the path is the environment variable {name}")
        case ArrayValue(items=items, is_open=is_open):
            if is_open and not items:
                return Unknown("the list of paths is not known")
            return _all_paths([(item.value, item.condition) for item in items])
        case Choice(options=options):
            return _all_paths([(option, condition) for option, condition in options if paths_of(option)])
        case Text(parts=parts):
            return _composed(parts)
        case Unknown():
            return value
    return Unknown("the path is a value that is no text")


def _all_paths(values: Sequence[tuple[Value, str]]) -> list[PathText] | Unknown:
    found: list[PathText] = []
    for value, condition in values[:MAX_PATHS]:
        paths = paths_of(value)
        if isinstance(paths, Unknown):
            return paths
        found.extend(PathText(path.text, path.condition or condition) for path in paths)
    return found


def _composed(parts: Sequence[str | Value]) -> list[PathText] | Unknown:
    texts = [PathText("")]
    for part in parts:
        pieces = [PathText(part)] if isinstance(part, str) else paths_of(_as_path_part(part))
        if isinstance(pieces, Unknown):
            return pieces
        texts = [PathText(a.text + b.text, a.condition or b.condition) for a in texts for b in pieces][:MAX_PATHS]
    return texts


def _as_path_part(part: Value) -> Value:
    if isinstance(part, Constant) and not isinstance(part.value, str):
        return Constant(str(part.value))
    return part


def joined(prefix: str, path: str) -> str:
    """A path below a mount, as a reader would write it."""
    if path in {"", "/"}:
        return prefix or "/"
    if path.startswith("/") and prefix.endswith("/"):
        return prefix.rstrip("/") + path
    return f"{prefix}/{path}" if not path.startswith(("/", "*", "(", "{")) else prefix + path


def covers(prefix: str, path: str) -> bool:
    """Whether everything below ``path`` is below ``prefix`` too: what a path-scoped middleware guards."""
    want = [segment for segment in prefix.lower().split("/") if segment]
    have = [segment for segment in path.lower().split("/") if segment]
    if want and (want[-1] == "(.*)" or want[-1].startswith(("*", "{*"))):
        want.pop()  # a wildcard: whatever follows
    if len(have) < len(want):
        return False
    return all(wanted == given or wanted.startswith(":") for wanted, given in zip(want, have, strict=False))


def unpacked(items: Sequence[Item], condition: str = "") -> Iterator[Item]:
    """Handlers of a registration, arrays taken apart."""
    for item in items:
        joint = item.condition or condition
        if isinstance(item.value, ArrayValue):
            yield from unpacked(item.value.items, joint)
            if item.value.is_open and not item.value.items:
                yield item._replace(value=Unknown("a list of middleware that is not known"), condition=joint)
        else:
            yield item._replace(condition=joint)


def is_error_handler(value: Value) -> bool:
    """Whether a function takes an error as its first of four parameters."""
    return isinstance(value, FunctionValue) and len(value.node.parameters) - len(value.bound) == ERROR_PARAMETERS


class Walk:
    """One pass over the routing tree below an application."""

    def __init__(self, application: Router) -> None:
        self.application = application
        self.rows: list[Row] = []
        self.gaps: list[Gap] = []
        self.reached: set[Router] = {application}
        start = Step(application.site.place.file, application.site.place.line, _made(application))
        self._router(_Context(application, "", (), _given(application.condition), (start,)))

    def _router(self, context: _Context) -> None:
        layers = list(context.layers)
        for entry in context.router.registrations:
            if entry.kind == "param":
                continue
            paths = paths_of(entry.path)
            if isinstance(paths, Unknown):
                method = "/".join(entry.methods) if entry.kind == "route" else "USE"
                self.gaps.append(Gap(entry.site.place, method, paths.reason))
            elif entry.kind == "route":
                for path in paths:
                    here = context._replace(conditions=(*context.conditions, *_given(entry.condition, path.condition)))
                    self._route(entry, joined(context.prefix, path.text), layers, here)
            else:
                self._use(entry, paths, layers, context)

    def _route(self, entry: Entry, path: str, layers: Sequence[Layer], context: _Context) -> None:
        chain = tuple(layer for layer in layers if layer.covers(path))
        items = tuple(
            Layer(item, item.value, _site_of(item, entry), "route", "/", (path,), item.condition)
            for item in unpacked(entry.items)
            if not is_error_handler(item.value)
        )
        for method in entry.methods:
            self._row("route", method, path, entry, chain, items, context)

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
        trail = (*context.trail, Step(place.file, place.line, f"{method} {path}"))
        guards = tuple(_guards(context.router, path))
        self.rows.append(
            Row(kind, method, path, entry.site, self.application, chain, items, guards, context.conditions, trail)
        )

    def _use(self, entry: Entry, paths: Sequence[PathText], layers: list[Layer], context: _Context) -> None:
        mounts = tuple(joined(context.prefix, path.text) for path in paths)
        written = " | ".join(path.text for path in paths)
        scope: Scope = "application" if context.router.is_application else "router"
        for item in unpacked(entry.items):
            for option, condition in _options(item):
                if isinstance(option, Router):
                    for path, mount in zip(paths, mounts, strict=True):
                        given = _given(entry.condition, path.condition, condition)
                        here = context._replace(router=option, conditions=(*context.conditions, *given))
                        self._mount(entry, mount, layers, here)
                elif not is_error_handler(option):
                    joint = conjunction((entry.condition, condition))
                    layer = Layer(item, option, entry.site, scope, written, mounts, joint)
                    self._may_answer(entry, layer, layers, context)
                    layers.append(layer)

    def _may_answer(self, entry: Entry, layer: Layer, layers: Sequence[Layer], context: _Context) -> None:
        """A function of the program below a path of its own may be an endpoint in fact: what it does will tell."""
        if not isinstance(layer.value, FunctionValue):
            return
        here = context._replace(conditions=(*context.conditions, *_given(entry.condition)))
        for mount in layer.mounts if layer.mount != "/" else ():
            chain = tuple(other for other in layers if other.covers(mount))
            self._row("use", "ALL", mount, entry, chain, (layer,), here)

    def _mount(self, entry: Entry, mount: str, layers: Sequence[Layer], context: _Context) -> None:
        if len(context.trail) > MAX_DEPTH:
            self.gaps.append(Gap(entry.site.place, "USE", "routers are nested too deeply, or one is mounted in itself"))
            return
        router, place = context.router, entry.site.place
        self.reached.add(router)
        self._router(
            context._replace(
                prefix="" if mount == "/" else mount.rstrip("/"),
                layers=tuple(layer for layer in layers if layer.may_cover_below(mount)),
                conditions=(*context.conditions, *_given(router.condition)),
                trail=(*context.trail, Step(place.file, place.line, f"mounted at {mount}")),
            )
        )


class _Context(NamedTuple):
    """Where in the tree the walk is."""

    router: Router
    prefix: str
    layers: tuple[Layer, ...]
    conditions: tuple[str, ...]
    trail: tuple[Step, ...]


def _guards(router: Router, path: str) -> Iterator[Guard]:
    """What ``router.param(name, fn)`` runs for the parameters of a path."""
    for entry in router.registrations:
        if entry.kind == "param" and isinstance(entry.path, Constant) and f":{entry.path.value}" in path:
            for item in entry.items:
                layer = Layer(item, item.value, entry.site, "router", "/", (path,), entry.condition)
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
