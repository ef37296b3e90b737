"""Koa with @koa/router: applications, routers, koa-mount and koa-compose.

Sources: koajs.com, "Application", "Context"; @koa/router 15, ``RouterImplementation`` and ``Layer``. A router that
another uses is copied there and then, layer by layer, so that its middleware stands before what the other registers
later. Middleware of a router only runs where one of its routes matches: ``router.use(path, fn)`` is no endpoint.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.values import (
    TRUE,
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
    External,
    Item,
    NativeFunction,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.frameworks.express import VERBS, is_path
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Exchange, Next, Response, State
from medpro_audit.model.request.records import Writes
from medpro_audit.model.routing import Router
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_METHODS = {"all": "ALL", "del": "DELETE", **{verb: verb.upper() for verb in VERBS}}
_REGISTERING = {*_METHODS, "use", "routes", "middleware", "prefix", "param", "register"}
_READERS: dict[str, RequestPart] = {"get": "headers"}
_ON_BOTH: dict[str, RequestPart] = {"params": "params", "headers": "headers", "header": "headers", "query": "query"}
_ON_REQUEST: dict[str, RequestPart] = {**_ON_BOTH, "body": "body", "rawBody": "body"}


class KoaRequest(Request):
    """``ctx.request``."""

    __slots__ = ()
    parts = _ON_REQUEST
    readers = _READERS


class Context(KoaRequest):
    """``ctx``: much of the request, and the response."""

    __slots__ = ("_others", "_response")
    parts = _ON_BOTH

    def __init__(self, analysis: Analysis, properties: Writes) -> None:
        super().__init__(analysis, properties)
        request = KoaRequest(analysis, ())
        request.properties = self.properties
        self._response = Response(analysis)
        self._others = {"request": request, "req": request, "response": self._response, "res": self._response}

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A part of the request, the request or response itself, or what middleware has set."""
        if name in self._others:
            return self._others[name]
        if name == "state" and name not in self.properties:
            return State(self, name)
        if name in {"throw", "assert", "redirect", "render"}:
            return NativeFunction(lambda i, arguments, where: self.invoke(i, name, arguments, where))
        return super().member(interpreter, name, site) if name != "body" else Unknown("the answer so far", site.place)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``ctx.body = …`` answers."""
        if name in {"body", "status"}:
            self._response.invoke(interpreter, "send" if name == "body" else name, (Item(value),), site)
        else:
            super().assign(interpreter, name, value, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """``ctx.throw()`` ends the request; other methods answer, or read a header."""
        if name in self.readers:
            return super().invoke(interpreter, name, arguments, site)
        condition = argument(arguments)
        if name == "assert" and isinstance(condition, Proposition):
            condition.assume(interpreter, holds=True)
        self._response.invoke(interpreter, "status" if name == "throw" else name, arguments, site)
        if name == "throw":
            raise Thrown
        return UNDEFINED


class KoaRouter(Router):
    """What ``new Koa()`` or ``new Router()`` makes."""

    __slots__ = ("_is_exclusive",)

    def __init__(self, interpreter: Interpreter, site: Site, options: Value = UNDEFINED, *, is_router: bool) -> None:
        super().__init__(interpreter, "koa", site, is_application=not is_router)
        given = options.properties if isinstance(options, ObjectValue) and is_router else {}
        self.prefix = given.get("prefix")
        self._is_exclusive = given.get("exclusive") is TRUE
        self.may_answer = False
        self.is_merged = not is_router

    def exchange(self, analysis: Analysis, properties: Writes) -> Exchange:
        """The context and ``next``."""
        context = Context(analysis, properties)
        return Exchange(context, (context, Next(analysis)), handed=1)

    def is_exact(self, path: Value | None) -> bool:
        """``router.use('/', fn)`` is for the root of the router only."""
        return isinstance(path, Constant) and path.value == "/"

    def below(self, prefix: str, path: str) -> str:
        """Prefixes are put before paths as they are."""
        return prefix + path if path not in {"", "/"} else prefix or "/"

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, or a property that the program has put there itself."""
        own = self.properties.get(name)
        if own is not None or name in _REGISTERING:
            return own or super().member(interpreter, name, site)
        return External("koa" if self.is_application else "@koa/router", name)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Register something."""
        first, second = argument(arguments), argument(arguments, 1)
        if name == "use" and self.is_application:
            self.register(interpreter, "use", (), None, arguments[:1], site)
        elif name == "use":
            self._use(interpreter, arguments, site)
        elif name == "prefix":
            self.prefix = first
        elif name == "param":
            function = NativeFunction(lambda i, a, s: i.call(second, (a[2], *a[:2]), s))  # (value, ctx, next)
            self.register(interpreter, "param", (), first, (Item(function),), site)
        elif name == "register":
            names = [
                item.value.value
                for item in items_of(interpreter, second, site) or ()
                if isinstance(item.value, Constant)
            ]
            self.register(interpreter, "route", tuple(str(one).upper() for one in names), first, arguments[2:3], site)
        elif name in _METHODS:
            given = arguments[1:] if is_path(second) else arguments  # a route may have a name
            self.register(interpreter, "route", (_METHODS[name],), argument(given), given[1:], site)
        return self

    def _use(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> None:
        first = argument(arguments)
        paths = [item.value for item in first.items] if isinstance(first, ArrayValue) and is_path(first) else [first]
        for path in paths:
            given = [structs.replace(item, value=_copied(item.value, path)) for item in arguments[is_path(first) :]]
            kept = [item for item in given if isinstance(item.value, Router) or not self._is_exclusive]
            self.register(interpreter, "use", (), path if is_path(first) else None, kept, site)


def _copied(value: Value, path: Value) -> Value:
    """What becomes of a router that another uses below a path; ``/`` is put before paths that have no slash."""
    if isinstance(value, Choice):
        return Choice([(_copied(option, path), condition) for option, condition in value.options])
    if not isinstance(value, Router):
        return value
    made = value.snapshot()
    if isinstance(path, Constant) and path.value == "/" and made.prefix is None:
        made.registrations = [entry._replace(path=_rooted(entry.path)) for entry in made.registrations]
    return made


def _rooted(path: Value | None) -> Value | None:
    is_bare = isinstance(path, Constant) and not str(path.value).startswith("/")
    return concatenated(("/", path)) if path is not None and is_bare else path


def _application(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    return KoaRouter(interpreter, site, is_router=False)


def _router(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    return KoaRouter(interpreter, site, argument(arguments), is_router=True)


def _mount(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``mount(path, application)``: a middleware that hands on what is below the path."""
    made = KoaRouter(interpreter, site, is_router=True)
    made.may_answer = made.is_merged = True
    has_path = is_path(argument(arguments))
    made.register(interpreter, "use", (), argument(arguments) if has_path else None, arguments[has_path:], site)
    return made


def _routers() -> Value:
    return Namespace("@koa/router", functions(Router=_router), _router)


PACKAGES = {
    "koa": lambda: Namespace("koa", {}, _application),
    "@koa/router": _routers,
    "koa-router": _routers,
    "koa-mount": lambda: Namespace("koa-mount", {}, _mount),
    "koa-compose": lambda: Namespace("koa-compose", {}, lambda _i, arguments, _s: argument(arguments)),
}
