"""The routing tree: what was registered on which router, and what an endpoint inherits through its mounts.

It knows no framework. A framework model makes `Router` values and registers on them; order of registration is order in
``registrations``, since a router is filled as the program runs. What is registered later does not stand before an endpoint;
a path-scoped middleware is in effect below its prefix only; a mounted router inherits what stands before its mount.
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

    kind: Literal["use", "route"]
    methods: tuple[str, ...]
    """Upper case; ``ALL`` for every method."""
    path: Value | None
    """None when there is no path argument."""
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
        kind: Literal["use", "route"],
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
    condition: str

    @property
    def is_active(self) -> bool:
        """It is in effect in the default configuration, as far as is known."""
        return holds_by_default(self.condition) is not False

    @property
    def name(self) -> str:
        """Source expression without its arguments."""
        return name_of(self.item.source)


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


def paths_of(value: Value | None) -> list[PathText] | Unknown:  # noqa: C901 - one case per kind of value
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
    if prefix in {"", "/", "*", "/*", "/(.*)"} or prefix.startswith("/{*"):
        return True
    want = [segment for segment in prefix.lower().split("/") if segment]
    have = [segment for segment in path.lower().split("/") if segment]
    if want and want[-1] in {"*", "(.*)"}:
        want.pop()
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
        self._router(application, "", (), _given(application.condition), (start,))

    def _router(
        self,
        router: Router,
        prefix: str,
        chain: tuple[Layer, ...],
        conditions: tuple[str, ...],
        trail: tuple[Step, ...],
    ) -> None:
        layers = list(chain)
        for entry in router.registrations:
            paths = paths_of(entry.path)
            if isinstance(paths, Unknown):
                self._gap(entry, paths)
                continue
            for path in paths:
                here = (*conditions, *_given(entry.condition, path.condition))
                if entry.kind == "route":
                    self._route(router, entry, joined(prefix, path.text), layers, here, trail)
                else:
                    self._use(router, entry, path.text, prefix, layers, here, trail)

    def _gap(self, entry: Entry, unknown: Unknown) -> None:
        method = "/".join(entry.methods) if entry.kind == "route" else "USE"
        self.gaps.append(Gap(entry.site.place, method, unknown.reason))

    def _route(  # noqa: PLR0913 - the context of a registration
        self,
        router: Router,
        entry: Entry,
        path: str,
        layers: Sequence[Layer],
        conditions: tuple[str, ...],
        trail: tuple[Step, ...],
    ) -> None:
        chain = tuple(layer for layer in layers if covers(layer.mount, path))
        items = tuple(
            Layer(item, item.value, _site_of(item, entry), "route", path, item.condition)
            for item in unpacked(entry.items)
            if not is_error_handler(item.value)
        )
        place = entry.site.place
        for method in entry.methods:
            step = Step(place.file, place.line, f"{method} {path}")
            self.rows.append(
                Row("route", method, path, entry.site, self.application, chain, items, conditions, (*trail, step))
            )

    def _use(  # noqa: PLR0913 - the context of a registration
        self,
        router: Router,
        entry: Entry,
        path: str,
        prefix: str,
        layers: list[Layer],
        conditions: tuple[str, ...],
        trail: tuple[Step, ...],
    ) -> None:
        mount = joined(prefix, path)
        scope: Scope = "application" if router.is_application and router is self.application else "router"
        for item in unpacked(entry.items):
            for option, condition in _options(item):
                if isinstance(option, Router):
                    self._mount(option, entry, mount, layers, (*conditions, *_given(condition)), trail)
                elif not is_error_handler(option):
                    joint = conjunction((entry.condition, condition))
                    layers.append(Layer(item, option, entry.site, scope, mount, joint))

    def _mount(  # noqa: PLR0913 - the context of a registration
        self,
        router: Router,
        entry: Entry,
        mount: str,
        layers: Sequence[Layer],
        conditions: tuple[str, ...],
        trail: tuple[Step, ...],
    ) -> None:
        if len(trail) > MAX_DEPTH:
            self.gaps.append(Gap(entry.site.place, "USE", "routers are nested too deeply, or one is mounted in itself"))
            return
        self.reached.add(router)
        place = entry.site.place
        chain = tuple(layer for layer in layers if covers(layer.mount, mount) or covers(mount, layer.mount))
        step = Step(place.file, place.line, f"mounted at {mount}")
        prefix = "" if mount == "/" else mount.rstrip("/")
        self._router(router, prefix, chain, (*conditions, *_given(router.condition)), (*trail, step))


def _made(router: Router) -> str:
    return "the application is made" if router.is_application else "the router is made"


def _given(*conditions: str) -> tuple[str, ...]:
    return tuple(condition for condition in conditions if condition)


def _options(item: Item) -> Iterator[tuple[Value, str]]:
    if isinstance(item.value, Choice):
        for option, condition in item.value.options:
            if isinstance(option, Constant | Undefined):
                continue
            yield option, condition or item.condition
    else:
        yield item.value, item.condition


def _site_of(item: Item, entry: Entry) -> Site:
    if item.source is not None and item.module is not None:
        return Site(item.module, offset_of(item.source))
    return entry.site
