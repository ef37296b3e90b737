"""What a framework hands over beside the request: response, ``next`` and others, which only record."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    CallRecord,
    Choice,
    Constant,
    FunctionValue,
    Item,
    Native,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.boom import Boom
from medpro_audit.model.request.data import Data, Request
from medpro_audit.model.request.records import Writes

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.analysis import Analysis


_RESPONDING = {
    "json",
    "send",
    "end",
    "redirect",
    "render",
    "sendFile",
    "sendStatus",
    "download",
    "jsonp",
    "pipe",
    "write",
}


class State(FromRequest):
    """An object of the request in which middleware leaves things for what follows, such as ``ctx.state``."""

    __slots__ = ("_name", "_request")

    def __init__(self, request: Request, name: str) -> None:
        self._request = request
        self._name = name

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """What has been left there."""
        key = f"{self._name}.{name}"
        witness = self._request.analysis.witness
        kept = self._request.properties.get(key)
        if kept is not None:
            return witness.kept(key, kept)
        return witness.property(key, site) or Unknown(f"{key} is not followed", site.place)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """Leave something there."""
        if isinstance(value, Data):
            value.settle()
        interpreter.journal.write(self._request.properties, f"{self._name}.{name}", value)


class Response(FromRequest):
    """The response: records that and with what status it answers."""

    __slots__ = ("analysis",)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``res.locals``, or a method; what an asynchronous handler returns has those of promises."""
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        if name == "boom":
            return Boom(self)
        if name == "locals":
            request = self.analysis.request
            own = request.properties.get(name)
            return self.analysis.witness.kept(name, own) if own is not None else State(request, name)
        return super().member(interpreter, name, site)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``res.statusCode = 404``, ``res.locals = …``."""
        if name == "locals":
            interpreter.journal.write(self.analysis.request.properties, name, value)
        if name == "statusCode":
            interpreter.journal.write(self.analysis.status, "status", value)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Any method returns the response, so that chains go on."""
        analysis = self.analysis
        analysis.touch_response(interpreter)
        for item in arguments:
            if (
                isinstance(item.value, Constant)
                and isinstance(item.value.value, int)
                and name in {"status", "sendStatus"}
            ):
                analysis.statuses.append(item.value.value)
        analysis.responds |= name in _RESPONDING
        analysis.answered(name, arguments, site)
        analysis.watcher.responded(name, arguments, site)
        analysis.witness.responded(name, arguments, site)
        hand_over(interpreter, arguments, site)
        return self


_LEAVING = ("route", "router")
"""What ``next`` is called with to leave the rest of a route, or of a router."""


def _may_skip(value: Value) -> bool:
    """Whether ``next`` leaves the rest of a route or router by this value, or is given an error or nothing."""
    if isinstance(value, Choice):
        return any(option is UNDEFINED or isinstance(option, Constant) for option, _ in value.options)
    return isinstance(value, Constant) and value.value in _LEAVING


class Next(FromRequest):
    """``next``: called without an argument, it passes on what holds by then."""

    __slots__ = ("analysis",)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Pass on, or fail."""
        value = arguments[0].value if arguments else UNDEFINED
        goes_on = value is UNDEFINED or (isinstance(value, Constant) and value.value in {*_LEAVING, None})
        self.analysis.skips |= _may_skip(value)
        if goes_on:
            self.analysis.pass_on()
        else:
            self.analysis.failed(value, CallRecord(self, arguments, site))
        return UNDEFINED

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """Handed to other code, which may call it."""
        self.analysis.pass_on()


class Exchange(NamedTuple):
    """What a framework hands to one of its middleware or handlers."""

    request: Request
    arguments: tuple[Value, ...]
    handed: int
    """How many of these a function hands on that leaves the work to another."""


Opening = Callable[["Analysis", Writes], Exchange]
"""Makes what a framework hands to a function that is to be followed."""


class ParamFunction(Native):
    """A function of ``router.param(name, fn)``: called with request, response, next, value and name."""

    __slots__ = ("_function", "_name")

    def __init__(self, function: Value, name: str) -> None:
        self._function = function
        self._name = name

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it with the parameter's value."""
        value = Item(Data("params", (self._name,)))
        return interpreter.call(self._function, (*arguments[:3], value, Item(Constant(self._name))), site)


class ServingFunction(Native):
    """A function that a framework calls with what it has taken from the request, not with the request itself."""

    __slots__ = ("_arguments", "function")

    def __init__(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        self.function = function
        self._arguments = arguments

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it; what it returns is the answer."""
        result = interpreter.call(self.function, self._arguments, site)
        hand_over(interpreter, (Item(result),), site)
        return UNDEFINED


class CatchingMiddleware(Native):
    """A middleware of a package that may also see to what the functions after it on the same route reject."""

    __slots__ = ("catches",)

    def __init__(self, *, catches: bool) -> None:
        self.catches = catches
