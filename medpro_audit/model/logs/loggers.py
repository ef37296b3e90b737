"""What a log call can be made on: the console, a logger of a package, one that the project wrote itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import External, FunctionValue, Item, ObjectValue
from medpro_audit.model.logs.outlets import Outlet
from medpro_audit.model.logs.packages import logging_package


class Receiver(NamedTuple):
    """What a log call is made on."""

    kind: Literal["console", "logger", "unknown"]
    package: str | None = None
    """The npm package behind it."""
    makers: tuple[str, ...] = ()
    """Modules of the project that make it, the outermost wrapper first."""
    via: str | None = None
    """The module of the project that it is imported from."""
    instance: str = ""
    """What tells one logger from another of the same package."""
    takes_fields: bool = False
    is_of_request: bool = False
    """It belongs to a request, and knows its id."""
    is_identified: bool = False
    """It was given the id of a request where it was made: ``logger.child({ requestId })``."""
    has_mixin: bool = False
    """It was made with a function that adds fields to every line."""


def of_package(value: External) -> Receiver | None:
    """The logger that something of a package is; None when it is none."""
    if value.package == "console":
        return Receiver("console", None)
    known = logging_package(value.package, value.name)
    if known is None:
        return None
    calls = list(value.calls())
    first = calls[-1].site if calls else None
    return Receiver(
        "logger",
        value.package,
        (first.module.path,) if first is not None else (),
        instance=f"{first.module.path}:{first.at}" if first is not None else value.package,
        takes_fields=known.takes_fields,
        has_mixin=any(_has_mixin(argument) for call in calls for argument in call.arguments),
    )


def _has_mixin(item: Item) -> bool:
    if isinstance(item.value, ObjectValue):
        return "mixin" in item.value.properties
    return isinstance(item.source, ir.Object) and any(entry.key == "mixin" for entry in item.source.properties)


def wrapper(method: FunctionValue, outlets: Iterable[Outlet]) -> Receiver:
    """A logger of the project, with the package that it hands over to, if any."""
    path = method.module.path
    for outlet in outlets:
        inner = of_package(outlet.value)
        if inner is not None and inner.kind == "logger":
            makers = tuple(dict.fromkeys((path, *inner.makers)))
            is_passed_on = inner.takes_fields and _takes_more_than_a_message(method.node)
            return inner._replace(makers=makers, instance=path, takes_fields=is_passed_on)
    return Receiver("logger", None, (path,), instance=path)


def _takes_more_than_a_message(function: ir.Function) -> bool:
    return len(function.parameters) > 1 or any(
        isinstance(parameter.target, ir.Rest) for parameter in function.parameters
    )
