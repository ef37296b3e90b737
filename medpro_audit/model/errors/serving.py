"""The functions that serve requests, each once: middleware, handlers, error handlers."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from medpro_audit.model.errors.central import Registered, registered_on
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import FunctionValue, Item, Native, Site, Unknown, Value
from medpro_audit.model.known import Base
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer, Router
from medpro_audit.model.subjects import Endpoint


class Serving(Struct, frozen=True):
    """One way in which a function serves requests."""

    summary: Summary
    endpoint: Endpoint | None
    """The one it is the handler of; None for what serves many."""
    is_error_handler: bool = False


class ErrorFunction(Native):
    """An error handler: called with an error before request, response and ``next``."""

    __slots__ = ("_function",)

    def __init__(self, function: Value) -> None:
        self._function = function

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it with an error."""
        error = Item(Unknown("the error that is handled", site.place))
        return interpreter.call(self._function, (error, *arguments[:3]), site)


def servings(base: Base) -> Iterator[Serving]:
    """All of them, in the order of the endpoints; error handlers last."""
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        links = base.endpoint_builder.passage(row).ledger.links
        for index, link in enumerate(links):
            yield Serving(link.summary, endpoint if index == len(links) - 1 else None)
    for registered in error_handlers(base):
        summary = summary_of(base, registered)
        if summary is not None:
            yield Serving(summary, None, is_error_handler=True)


def error_handlers(base: Base) -> Iterator[Registered]:
    """What is registered for errors on the applications and routers of the endpoints, in order."""
    for router in express_routers(base):
        yield from registered_on(router)


def express_routers(base: Base) -> list[Router]:
    """Applications and routers of Express that lead to an endpoint, each once, in the order of the endpoints."""
    found: dict[int, Router] = {}
    for row in base.rows:
        if row.application.framework == "express":
            for router in (row.application, *(mount.router for mount in row.mounts)):
                found.setdefault(id(router), router)
    return list(found.values())


def summary_of(base: Base, registered: Registered) -> Summary | None:
    """What an error handler of the program does; None for that of a package."""
    if not isinstance(registered.value, FunctionValue):
        return None
    entry = registered.entry
    item = Item(registered.value)
    layer = Layer(item, registered.value, entry.site, "router", "/", ("/",), entry.condition, registered.router)
    return base.endpoint_builder.summary(ErrorFunction(registered.value), layer)
