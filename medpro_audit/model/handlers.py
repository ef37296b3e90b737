"""Which function does the work of an endpoint, behind the wrappers that only call it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import External, FunctionValue, Item, Unknown, Value
from medpro_audit.model.request.exchange import ServingFunction
from medpro_audit.model.request.records import Summary
from medpro_audit.model.subjects import Handler

Summarise = Callable[[Value], Summary]

_MAX_WRAPPERS = 8


class Wrapper(NamedTuple):
    """A function that only calls the one that does the work."""

    name: str
    value: Value


class Found(NamedTuple):
    """The function that does the work, and how to report it."""

    value: Value
    handler: Handler
    wrappers: tuple[Wrapper, ...]
    """Outermost first."""


def find_handler(item: Item, value: Value, summarise: Summarise) -> Found:
    """Look behind wrappers, of packages and of the program, for the function that does the work."""
    wrappers: list[Wrapper] = []
    source = item.source
    while isinstance(value, External) and len(wrappers) < _MAX_WRAPPERS:
        inner = _wrapped(value)
        if inner is None:
            return _found(value, name_of(source), wrappers, reason=f"it comes from the package {value.package}")
        wrappers.append(Wrapper(name_of(source), value))
        value, source = inner.value, inner.source
    if isinstance(value, ServingFunction):
        return _found(value.function, name_of(source), wrappers)
    if isinstance(value, FunctionValue):
        return _behind(value, source, wrappers, summarise)
    reason = value.reason if isinstance(value, Unknown) else "it is a function of a library"
    return _found(value, name_of(source), wrappers, reason=reason)


def _found(value: Value, name: str, wrappers: Sequence[Wrapper], reason: str | None = None) -> Found:
    place = value.place if isinstance(value, FunctionValue) and reason is None else None
    file, line = (place.file, place.line) if place is not None else (None, None)
    handler = Handler(name, file, line, tuple(wrapper.name for wrapper in wrappers), reason)
    return Found(value, handler, tuple(wrappers))


def _wrapped(value: External) -> Item | None:
    """The function that a package's wrapper was given, such as in ``asyncHandler(fn)``."""
    for call in value.calls():
        given = [item for item in call.arguments if isinstance(item.value, FunctionValue | External)]
        functions = [item for item in given if isinstance(item.value, FunctionValue)]
        if functions:
            return functions[-1]
    return None


def _behind(
    function: FunctionValue, source: ir.Expression | None, wrappers: list[Wrapper], summarise: Summarise
) -> Found:
    summary = summarise(function)
    name = name_of(source)
    while len(wrappers) < _MAX_WRAPPERS:
        inner = _delegate(function, summary)
        if inner is None:
            break
        source = _argument_for(source, inner)
        if source is None and not inner.node.name:  # it goes by the name of what it was wrapped into
            wrappers.append(Wrapper(_maker_of(function) or name, function))
        else:
            wrappers.append(Wrapper(name, function))
            name = name_of(source) if source is not None else inner.node.name
        function = inner
    return _found(function, name, wrappers)


def _maker_of(function: FunctionValue) -> str:
    """The name of the function that a closure stands in and that has returned it; empty when there is none."""
    maker = function.made_by.callee if function.made_by is not None else None
    if not isinstance(maker, FunctionValue) or maker.module is not function.module:
        return ""
    is_inside = maker.node.start < function.node.start and function.node.end <= maker.node.end
    return maker.node.name if is_inside else ""


def _delegate(function: FunctionValue, summary: Summary) -> FunctionValue | None:
    """The one function that this one calls on: that it was made with, or that it hands request and response to."""
    given = {called.key: called for caller, called in summary.given if caller is function is not called}
    if len(given) == 1:
        return next(iter(given.values()))
    inner = {called.key: called for caller, called in summary.delegations if caller is function is not called}
    if len(inner) != 1 or function.key in summary.readers | summary.answerers:
        return None
    return next(iter(inner.values()))


def _argument_for(source: ir.Expression | None, inner: FunctionValue) -> ir.Expression | None:
    """The argument of a wrapper's call that stands for the inner function."""
    match source:
        case ir.Call(arguments=arguments):
            for argument in reversed(arguments):
                if isinstance(argument, ir.Function) and argument.start == inner.node.start:
                    return argument
            for argument in reversed(arguments):
                if isinstance(argument, ir.Name | ir.Member | ir.Call):
                    return argument
    return None
