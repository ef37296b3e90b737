"""Which modules take part in serving requests, as the routing tree and the functions that were followed tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from medpro_audit.model.evaluation.values import ArrayValue, FunctionValue, Value
from medpro_audit.model.known import Base
from medpro_audit.model.routing import Entry, Router

MAX_NESTED = 4
"""Lists in lists of middleware."""


class Serving(Struct, frozen=True):
    """What the modules that serve do, by path."""

    endpoints: Mapping[str, int]
    """How many endpoints a module registers."""
    handled: Mapping[str, int]
    """How many of them it handles as well."""
    mounts: Mapping[str, int]
    """How many routers it mounts."""
    registration: Mapping[str, int]
    """Line of its first endpoint or mount."""
    handlers: Mapping[str, int]
    """How many endpoints that another module registers it handles."""
    middleware: Mapping[str, int]
    """Line of a function that runs before handlers, wraps them or handles their errors."""
    applications: Mapping[str, int]
    """Line on which it makes an application that no other mounts, and that is there for something."""


def serving_of(base: Base) -> Serving:
    """Read it off the routers and endpoints."""
    routers = [router for router in base.interpreter.made if isinstance(router, Router)]
    entries = [entry for router in routers for entry in router.registrations]
    mounting = [entry.site for entry in entries if any(isinstance(item.value, Router) for item in entry.items)]
    routes = [endpoint for endpoint in base.endpoints if endpoint.kind == "route"]
    handlers = [(endpoint.file, endpoint.handler.file) for endpoint in routes]
    around = [*(function for entry in entries for function in _before(entry)), *_wrapping(base)]
    mounted = {id(item.value) for entry in entries for item in entry.items}
    registering = [(endpoint.file, endpoint.line) for endpoint in routes]
    return Serving(
        endpoints=Counter(endpoint.file for endpoint in routes),
        handled=Counter(route for route, file in handlers if file == route),
        mounts=Counter(site.module.path for site in mounting),
        registration=_first_lines([*registering, *((site.module.path, site.place.line) for site in mounting)]),
        handlers=Counter(file for route, file in handlers if file is not None and file != route),
        middleware=_first_lines((function.module.path, function.place.line) for function in around),
        applications=_first_lines(
            (router.site.place.file, router.site.place.line)
            for router in routers
            if router.is_application and id(router) not in mounted and (router.registrations or router.is_served)
        ),
    )


def _first_lines(places: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The first line of each file."""
    found: dict[str, int] = {}
    for path, line in places:
        found[path] = min(line, found.get(path, line))
    return found


def _before(entry: Entry) -> Iterator[FunctionValue]:
    """The functions of a registration that are no handlers."""
    items = entry.items[:-1] if entry.kind == "route" else entry.items
    for item in items:
        yield from _functions(item.value, MAX_NESTED)


def _functions(value: Value, depth: int) -> Iterator[FunctionValue]:
    match value:
        case FunctionValue():
            yield value
        case ArrayValue(items=items) if depth:
            for item in items:
                yield from _functions(item.value, depth - 1)


def _wrapping(base: Base) -> Iterator[FunctionValue]:
    """Functions such as ``asyncHandler`` that handlers are wrapped into."""
    seen: set[tuple[str, ...]] = set()
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        handler = endpoint.handler
        key = (*handler.wrappers, f"{handler.file}:{handler.line}")
        if not handler.wrappers or key in seen:
            continue
        seen.add(key)
        found = base.endpoint_builder.passage(row).found
        for wrapper in found.wrappers if found is not None else ():
            if isinstance(wrapper.value, FunctionValue):
                yield wrapper.value
