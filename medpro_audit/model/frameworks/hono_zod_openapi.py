"""@hono/zod-openapi: routes of Hono that are declared with their schemas, which check requests and are documentation.

Source: @hono/zod-openapi 1.6, `src/index.ts`. ``app.openapi(createRoute({…}), handler)`` registers the route's own
middleware, a validator for each part that it has a schema for, and the handler; ``{id}`` in its path is ``:id``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.frameworks.hono import HonoApplication, Validator
from medpro_audit.model.schemas import DOUBTFUL, Schema
from medpro_audit.model.validators.zod import Zod

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "@hono/zod-openapi"
_OWN = {"openapi", "openapiRoutes", "doc", "doc31", "getOpenAPIDocument", "getOpenAPI31Document", "openAPIRegistry"}
_DECLARED = re.compile(r"/\{(.+?)\}")
_TARGETS = {"query": "query", "params": "param", "headers": "header", "cookies": "cookie"}
_JSON = re.compile(r"^application/([a-z-.]+\+)?json")
_FORM = re.compile(r"^(?:multipart/form-data|application/x-www-form-urlencoded)")


class Described(NamedTuple):
    """A route that was declared with its schemas."""

    items: tuple[Item, ...]
    """What was registered for it: the identity of its registration."""
    route: Value
    site: Site


class OpenApiApplication(HonoApplication):
    """What ``new OpenAPIHono()`` makes."""

    __slots__ = ("described", "shows")

    def __init__(self, interpreter: Interpreter, site: Site) -> None:
        super().__init__(interpreter, site)
        self.described: list[Described] = []
        self.shows: list[Site] = []
        """Where its document is made for others to see."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method of its own, or what every application of Hono has."""
        if name in _OWN and name not in self.properties:
            return functions(**{name: lambda _i, given, at: self.invoke(interpreter, name, given, at)})[name]
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Register a declared route, or what shows the document."""
        if name == "openapi":
            self._declare(interpreter, argument(arguments), arguments[1:2], site)
        elif name == "openapiRoutes":
            for item in items_of(interpreter, argument(arguments), site) or ():
                given = _properties(item.value)
                handler = (Item(given["handler"]),) if "handler" in given else ()
                self._declare(interpreter, given.get("route", Unknown("a route of a list", site.place)), handler, site)
        elif name in {"doc", "doc31"}:
            self.shows.append(site)
            shown = (Item(External(PACKAGE, name)),)
            self.register(interpreter, "route", ("GET",), self._below(argument(arguments)), shown, site)
        elif name in _OWN:
            self.shows.append(site)
            return Unknown("a document that is made while the program runs", site.place)
        else:
            return super().invoke(interpreter, name, arguments, site)
        return self

    def _declare(self, interpreter: Interpreter, route: Value, handler: tuple[Item, ...], site: Site) -> None:
        given = _properties(route)
        method, path = given.get("method"), given.get("path")
        if not isinstance(method, Constant) or not isinstance(path, Constant):
            reason = Unknown("a route that is declared elsewhere, or while the program runs", site.place)
            self.register(interpreter, "route", ("ALL",), reason, handler, site)
            return
        own = given.get("middleware", UNDEFINED)
        several = (items_of(interpreter, own, site) or ()) if isinstance(own, ArrayValue) else (Item(own),)
        middleware = () if own is UNDEFINED else tuple(several)
        items = (*middleware, *(Item(each) for each in _validators(given, site)), *handler)
        if truth_of(given.get("hide", UNDEFINED)) is False:
            self.described.append(Described(items, route, site))
        written = _DECLARED.sub(r"/:\1", str(path.value))
        self.register(interpreter, "route", (str(method.value).upper(),), self._below(Constant(written)), items, site)


def _validators(route: dict[str, Value], site: Site) -> Iterator[Validator]:
    request = _properties(route.get("request", UNDEFINED))
    for part, target in _TARGETS.items():
        if part in request:
            yield _validator(target, request[part], site)
    for kind, media in _properties(_properties(request.get("body", UNDEFINED)).get("content", UNDEFINED)).items():
        schema = _properties(media).get("schema")
        target = "json" if _JSON.search(kind) else "form" if _FORM.search(kind) else ""
        if schema is not None and target:
            yield _validator(target, schema, site)


def _validator(target: str, schema: Value, site: Site) -> Validator:
    return Validator(PACKAGE, Constant(target), schema if isinstance(schema, Schema) else Schema("zod", DOUBTFUL, site))


def _properties(value: Value) -> dict[str, Value]:
    """The properties of an object as far as they are known."""
    return dict(value.properties) if isinstance(value, ObjectValue) else {}


def _application(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    return OpenApiApplication(interpreter, site)


def _same(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    return argument(arguments)


PACKAGES = {
    PACKAGE: lambda: Namespace(
        PACKAGE,
        {"z": Zod(), **functions(OpenAPIHono=_application, createRoute=_same, defineOpenAPIRoute=_same)},
    ),
}
