"""Express 4 and 5: applications, routers, routes, and what extends them (express-ws, express-promise-router).

Sources: Express 4.x and 5.x API references, "Application", "Router"; ``lib/application.js`` for what ``app.get`` means
with one argument and for which methods return the application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
    Environment,
    External,
    FunctionValue,
    Item,
    Native,
    NativeFunction,
    Pattern,
    Site,
    Text,
    Unknown,
    Value,
)
from medpro_audit.model.paths import MAX_NESTED_PATHS
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Exchange, Next, Response
from medpro_audit.model.request.records import Writes
from medpro_audit.model.routing import Router

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

VERBS = frozenset(
    (  # noqa: SIM905 - a table of words
        "get post put patch delete head options trace connect copy link lock merge mkactivity mkcol move "
        "notify propfind proppatch purge rebind report search source subscribe unbind unlink unlock "
        "unsubscribe m-search acl bind checkout "
    ).split()
)
"""Methods of Node's HTTP parser that Express turns into router methods."""

_REGISTERING = VERBS | {"all", "use", "route", "param", "del", "ws"}
_CHAINING = {"set", "enable", "disable", "engine", "on", "once"}
_OTHER_MEMBERS = frozenset(
    (  # noqa: SIM905 - a table of words
        "listen locals settings mountpath path render handle emit engines cache enabled disabled stack params "
        "caseSensitive mergeParams strict request response address close addListener removeListener "
    ).split()
)
"""What else an application or router has; a property of another name is one that the program must have set."""
_HANDED = 2
"""Request and response: what every handler takes."""
_ERROR_PARAMETERS = 4
"""A function with four parameters is an error handler."""


class ExpressRouter(Router):
    """What ``express()`` or ``express.Router()`` makes."""

    __slots__ = ()

    @classmethod
    def made(cls, interpreter: Interpreter, site: Site, *, is_application: bool) -> ExpressRouter:
        """A new application or router, under the conditions that hold now."""
        router = cls(interpreter, "express", site, is_application=is_application)
        router.is_passed = True
        return router

    def exchange(self, analysis: Analysis, properties: Writes) -> Exchange:
        """Request, response and ``next``."""
        request = Request(analysis, properties)
        return Exchange(request, (request, Response(analysis), Next(analysis)), handed=_HANDED)

    def is_error_handler(self, value: Value) -> bool:
        """Whether a function takes an error as its first of four parameters."""
        return isinstance(value, FunctionValue) and len(value.node.parameters) - len(value.bound) == _ERROR_PARAMETERS

    def may_pass_on(self, value: Value) -> bool:
        """Whether a function takes ``next``."""
        return not isinstance(value, FunctionValue) or len(value.node.parameters) - len(value.bound) > _HANDED

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, or a property that the program has put there itself."""
        own = self.properties.get(name)
        if own is not None:
            return own
        if name in _REGISTERING or name in _CHAINING:
            return super().member(interpreter, name, site)
        self.is_served |= name == "listen"
        if name in {"router", "_router"} and self.is_application:
            return self
        return External("express", name) if name in _OTHER_MEMBERS else UNDEFINED

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """``router(req, res, next)`` handles a request; nothing is registered."""
        return UNDEFINED

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Register something."""
        if name == "use":
            self._use(interpreter, arguments, site)
        elif name == "route":
            return Route(self, argument(arguments))
        elif name == "param":
            self.register(interpreter, "param", (), argument(arguments), arguments[1:], site)
        elif name in VERBS or name in {"all", "del", "ws"}:
            if name == "get" and len(arguments) == 1 and self.is_application:
                return Unknown("a setting of the application", site.place)  # app.get('setting')
            self.add_route(interpreter, name, argument(arguments), arguments[1:], site)
        return self

    def element(self, interpreter: Interpreter, site: Site) -> Value:
        """A method whose name is computed; called with a path and a handler, it registers a route."""
        return NativeFunction(self._add_some_route)

    def _add_some_route(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        if len(arguments) > 1:
            reason = Unknown("its method is computed while the program runs", site.place)
            self.register(interpreter, "route", ("ALL",), reason, arguments[1:], site)
        return self

    def add_route(self, interpreter: Interpreter, name: str, path: Value, items: tuple[Item, ...], site: Site) -> None:
        """Register a route."""
        method = {"all": "ALL", "del": "DELETE", "ws": "WS"}.get(name, name.upper())
        self.register(interpreter, "route", (method,), path, items, site)

    def _use(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> None:
        has_path = bool(arguments) and is_path(arguments[0].value)
        path = arguments[0].value if has_path else None
        self.register(interpreter, "use", (), path, arguments[1:] if has_path else arguments, site)


def is_path(value: Value, depth: int = 0) -> bool:
    """Whether the first argument of ``use`` is a path: only when it surely is a text, a pattern, or a list of those."""
    match value:
        case Constant(value=str()) | Text() | Environment() | Pattern():
            return True
        case ArrayValue(items=items, is_open=is_open):
            return (
                bool(items or not is_open)
                and depth < MAX_NESTED_PATHS
                and all(is_path(item.value, depth + 1) for item in items)
            )
        case Choice(options=options):
            return all(is_path(option, depth) or truth_of(option) is False for option, _ in options)
    return False


class Route(Native):
    """What ``router.route(path)`` makes: ``.get(…).post(…)`` register on that path."""

    __slots__ = ("_always", "_path", "_router")

    def __init__(self, router: ExpressRouter, path: Value) -> None:
        self._router = router
        self._path = path
        self._always: tuple[Item, ...] = ()
        """What ``all()`` has put before the methods that follow."""

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Register a method on the path."""
        if name in VERBS or name == "all":
            self._router.add_route(interpreter, name, self._path, (*self._always, *arguments), site)
        if name == "all":
            self._always = (*self._always, *arguments)
        return self


def _application(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    return ExpressRouter.made(interpreter, site, is_application=True)


def _router(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    return ExpressRouter.made(interpreter, site, is_application=False)


def _express() -> Value:
    return Namespace("express", functions(Router=_router, application=_application), _application)


def _websockets(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    """``expressWs(app)`` gives the application back as ``.app``; routers learn ``.ws``."""
    made = Namespace("express-ws", {"app": argument(arguments)})
    made.members["applyTo"] = NativeFunction(lambda _i, _a, _s: UNDEFINED)
    return made


def _mcp_application(interpreter: Interpreter, _arguments: tuple[Item, ...], site: Site) -> Value:
    """``createMcpExpressApp()`` of the MCP SDK: an application that already parses JSON and checks the host header."""
    application = ExpressRouter.made(interpreter, site, is_application=True)
    for package, name in (("express", "json"), ("@modelcontextprotocol/sdk", "hostHeaderValidation")):
        application.register(interpreter, "use", (), None, (Item(External(package, name)),), site)
    return application


PACKAGES = {
    "express": _express,
    "@modelcontextprotocol/sdk/server/express.js": lambda: Namespace(
        "@modelcontextprotocol/sdk", functions(createMcpExpressApp=_mcp_application)
    ),
    "express-promise-router": lambda: Namespace("express-promise-router", functions(Router=_router), _router),
    "express-ws": lambda: Namespace("express-ws", {}, _websockets),
}
