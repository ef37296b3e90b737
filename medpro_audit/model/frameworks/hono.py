"""Hono: applications, what they route to others, and validators that are middleware.

Sources: hono.dev, "Routing", "Middleware", "Validation"; hono 4, ``hono-base.ts``; @hono/zod-validator. An application
is a list of routes, middleware among them, and all that match run in order. ``app.route(path, other)`` copies the list
of the other as it is then; ``app.basePath(path)`` is a view of the same list. A middleware is for its path, and for
what is below it only where the path ends in ``*``.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from medpro_audit.model.checks import insist
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    Item,
    Method,
    Native,
    Site,
    Text,
    Unknown,
    Value,
)
from medpro_audit.model.frameworks.express import is_path
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Exchange, Next, Response, State
from medpro_audit.model.request.records import Writes
from medpro_audit.model.routing import Router
from medpro_audit.model.schemas import DOUBTFUL, Schema
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_METHODS = {"get", "post", "put", "delete", "options", "patch", "query", "all"}
_NOT_FOLLOWED = {"mount": "an application of another framework is not followed"}
_REGISTERING = {*_METHODS, *_NOT_FOLLOWED, "use", "on", "route", "basePath", "onError", "notFound"}
_ANSWERING = {"json", "text", "html", "body", "redirect", "notFound", "newResponse", "render"}
_BODY = {"json", "text", "parseBody", "formData", "arrayBuffer", "blob", "bytes"}
_READERS: dict[str, RequestPart] = {"param": "params", "query": "query", "queries": "query", "header": "headers"}
_NO_PROPERTIES: dict[str, RequestPart] = {}
_TARGETS: dict[object, RequestPart] = {
    "json": "body",
    "form": "body",
    "query": "query",
    "param": "params",
    "header": "headers",
}


class HonoRequest(Request):
    """``c.req``."""

    __slots__ = ()
    parts = _NO_PROPERTIES
    readers = _READERS

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method that reads a part, or what is not followed."""
        return Method(self, name) if name in _BODY or name == "valid" else super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Read the body, a field of another part, or what a validator has made of a part."""
        if name in _BODY:
            return self.analysis.read("body", (), site, None)
        target = argument(arguments)
        if name == "valid" and isinstance(target, Constant):
            return State(self, name).member(interpreter, str(target.value), site)
        return super().invoke(interpreter, name, arguments, site)


class Context(FromRequest):
    """``c``: the request, the response, and what middleware has set."""

    __slots__ = ("_request", "_response", "ends")

    def __init__(self, request: HonoRequest) -> None:
        self._request = request
        self._response = Response(request.analysis)
        self.ends = False
        """Whoever answers ends the request, since what is returned is looked at: in the function of a validator."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, the request, or what middleware has set."""
        if name in {"req", "var"}:
            return self._request if name == "req" else State(self._request, name)
        is_method = name in _ANSWERING or name in {"get", "set", "status", "header"}
        return Method(self, name) if is_method else Unknown(f"c.{name} is not followed", site.place)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Answer, or keep and give what middleware sets."""
        key = argument(arguments)
        if name in {"get", "set"}:
            state = State(self._request, "var")
            if not isinstance(key, Constant):
                return Unknown("a property whose name is computed", site.place)
            if name == "get":
                return state.member(interpreter, str(key.value), site)
            state.assign(interpreter, str(key.value), argument(arguments, 1), site)
            return UNDEFINED
        answer = self._response.invoke(interpreter, "send" if name in _ANSWERING else name, arguments, site)
        self._response.invoke(interpreter, "status", arguments[1:2], site)
        if self.ends and name in _ANSWERING:
            raise Thrown
        return answer

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The request leaves the program."""
        self._request.use(interpreter, site)


class Validator(Native):
    """``zValidator(target, schema)`` or ``validator(target, fn)``: checks a part and keeps what comes of it."""

    __slots__ = ("_check", "_target", "package")

    def __init__(self, package: str, target: Value, check: Value) -> None:
        self.package = package
        self._target = target.value if isinstance(target, Constant) else None
        self._check = check

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Check, then pass on."""
        context, following = argument(arguments), argument(arguments, 1)
        analysis, part = interpreter.request, _TARGETS.get(self._target)
        if not isinstance(analysis, Analysis) or not isinstance(context, Context) or not isinstance(following, Next):
            return Unknown("a validator that is called by hand", site.place)
        value = analysis.read(part, (), site, None) if part is not None else UNDEFINED
        if isinstance(self._check, Schema):
            result = insist(analysis, self._check, value, self._check.site)
        else:
            context.ends = True
            result = interpreter.call(self._check, (Item(value), *arguments[:1]), site)
            context.ends = False
        State(analysis.request, "valid").assign(interpreter, str(self._target), result, site)
        return following.call(interpreter, (), site)


class HonoApplication(Router):
    """What ``new Hono()`` or ``app.basePath()`` makes."""

    __slots__ = ("base", "path")

    def __init__(self, interpreter: Interpreter, site: Site) -> None:
        super().__init__(interpreter, "hono", site, is_application=True)
        self.base: Value | None = None
        self.path: Value = Constant("/")
        """The last path that was given: methods without one are for the same."""

    def exchange(self, analysis: Analysis, properties: Writes) -> Exchange:
        """The context and ``next``."""
        request = HonoRequest(analysis, properties)
        return Exchange(request, (Context(request), Next(analysis)), handed=1)

    def is_exact(self, path: Value | None) -> bool:
        """Whether a path does not end in ``*``."""
        last = path.parts[-1] if isinstance(path, Text) else path.value if isinstance(path, Constant) else ""
        return path is not None and not (isinstance(last, str) and last.endswith("*"))

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, or a property that the program has put there itself."""
        own = self.properties.get(name)
        if own is not None or name not in _REGISTERING:
            return own or External("hono", name)
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Register something."""
        first = argument(arguments)
        if name == "basePath":
            view = copy(self)
            view.base, view.path = self._below(first), Constant("/")
            return view
        if name == "route":
            value = argument(arguments, 1)
            if isinstance(value, HonoApplication):
                value.is_application = value.origin.is_application = False
                value = value.snapshot()
            self.register(interpreter, "use", (), self._below(first), (Item(value),), site)
        elif name in _NOT_FOLLOWED:
            self.register(interpreter, "route", ("ALL",), Unknown(_NOT_FOLLOWED[name], site.place), (), site)
        elif name == "on":
            self._on(interpreter, arguments, site)
        elif name in _METHODS or name == "use":
            self.path = first if is_path(first) else Constant("*") if name == "use" else self.path
            self._put(interpreter, name.upper(), self.path, arguments[is_path(first) :], site)
        return self

    def _on(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> None:
        """``app.on(methods, paths, …)``."""
        for path in _each(interpreter, argument(arguments, 1), site):
            self.path = path
            for method in _each(interpreter, argument(arguments), site):
                name = str(method.value).upper() if isinstance(method, Constant) else "ALL"
                self._put(interpreter, name, path, arguments[2:], site)

    def _put(self, interpreter: Interpreter, method: str, path: Value, items: tuple[Item, ...], site: Site) -> None:
        whole = self._below(path)
        if method != "USE":
            self.register(interpreter, "route", (method,), whole, items, site)
        else:
            is_all = isinstance(whole, Constant) and whole.value == "/*"
            self.register(interpreter, "use", (), None if is_all else whole, items, site)

    def _below(self, path: Value) -> Value:
        """A path below the base, with one slash between them."""
        if isinstance(path, Constant):
            path = Constant("/" + str(path.value).lstrip("/"))
            if path.value == "/" and self.base is not None:
                return self.base
        return concatenated((self.base, path)) if self.base is not None else path


def _each(interpreter: Interpreter, value: Value, site: Site) -> list[Value]:
    return (
        [item.value for item in items_of(interpreter, value, site) or ()] if isinstance(value, ArrayValue) else [value]
    )


def _application(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    return HonoApplication(interpreter, site)


def _list(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    return ArrayValue(arguments)


def _same(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    return argument(arguments)


def _validator(package: str, name: str) -> Value:
    def make(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        check = argument(arguments, 1)
        is_schema = package == "hono/validator" or isinstance(check, Schema)
        schema = check if is_schema else Schema("zod", DOUBTFUL, site)
        return Validator(package, argument(arguments), schema)

    return Namespace(package, functions(**{name: make}))


def _hono() -> Value:
    return Namespace("hono", functions(Hono=_application))


def _factory() -> Value:
    makers = functions(createMiddleware=_same, createHandlers=_list, createApp=_application)
    return Namespace("hono", {**makers, **functions(createFactory=lambda _i, _a, _s: _factory())})


PACKAGES = {
    "hono": _hono,
    "hono/tiny": _hono,
    "hono/quick": _hono,
    "hono/factory": _factory,
    "hono/combine": lambda: Namespace("hono", functions(every=_list)),
    "hono/validator": lambda: _validator("hono/validator", "validator"),
    "@hono/zod-validator": lambda: _validator("@hono/zod-validator", "zValidator"),
    "@hono/standard-validator": lambda: _validator("@hono/standard-validator", "sValidator"),
    "@hono/node-server": lambda: Namespace("@hono/node-server", {}),
}
