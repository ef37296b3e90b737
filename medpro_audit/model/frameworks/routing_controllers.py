"""routing-controllers: classes whose decorators register their methods on an Express application.

Source: its README, "Prefix all controllers routes", "Inject routing parameters", "Using middlewares". ``@Body()`` and
the like hand a request part to a parameter of the method; what class-validator makes of it is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import normpath
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.builtins import ROOT, Namespace, argument, functions
from medpro_audit.model.evaluation.calls import arguments_of
from medpro_audit.model.evaluation.imports import require
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ClassValue,
    Constant,
    Environment,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Pattern,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.frameworks.express import VERBS, ExpressRouter
from medpro_audit.model.modules.patterns import matches_glob
from medpro_audit.model.request.data import Data
from medpro_audit.model.request.exchange import ServingFunction
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "routing-controllers"

_CONTROLLERS = {"Controller", "JsonController"}
_WHOLE_PARTS: dict[str, RequestPart] = {
    "Body": "body",
    "Params": "params",
    "QueryParams": "query",
    "HeaderParams": "headers",
}
_FIELDS: dict[str, RequestPart] = {
    "BodyParam": "body",
    "Param": "params",
    "QueryParam": "query",
    "HeaderParam": "headers",
}
_METHODS = {name.capitalize(): name for name in VERBS} | {"All": "all"}


class _Decorator:
    """A decorator of the package: its name, the evaluated arguments and where it stands."""

    def __init__(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        self.name = name
        self.arguments = arguments
        self.site = site


def _decorators(interpreter: Interpreter, nodes: tuple[ir.Expression, ...], cls: ClassValue) -> Iterator[_Decorator]:
    for node in nodes:
        if isinstance(node, ir.Call):
            callee = interpreter.evaluate(node.callee, cls.scope)
            if isinstance(callee, External) and callee.package == PACKAGE:
                arguments = arguments_of(interpreter, node.arguments, cls.scope)
                yield _Decorator(callee.name, arguments, Site(cls.module, node.at))


def _register(interpreter: Interpreter, application: ExpressRouter, options: Value, site: Site) -> None:
    given = options.properties if isinstance(options, ObjectValue) else {}
    prefix = given.get("routePrefix", Constant(""))
    items = items_of(interpreter, given.get("controllers", UNDEFINED), site)
    for item in [Item(Unknown(_UNKNOWN_LIST))] if items is None else items:
        found = _classes(interpreter, item.value, site)
        for cls in found:
            _controller(interpreter, application, cls, prefix)
        if not found:
            application.register(interpreter, "use", (), Unknown(_reason(item.value), site.place), (item,), site)


def _classes(interpreter: Interpreter, value: Value, site: Site) -> list[ClassValue]:
    """The classes that an entry of ``controllers`` stands for: itself, or those that the files of a pattern export."""
    match value:
        case ClassValue():
            return [value]
        case Constant(value=str() as pattern) if pattern.startswith(ROOT):
            wanted = normpath(pattern).removeprefix(ROOT).lstrip("/")
            sources = (wanted, re.sub(r"\.js$", ".ts", wanted))  # what is loaded is compiled
            files = sorted(interpreter.linker.files())
            paths = [path for path in files if any(matches_glob(path, source) for source in sources)]
            modules = [require(interpreter, site.module, f"{ROOT}/{path}", site) for path in paths]
            exported = (item.value for module in modules for item in items_of(interpreter, module, site) or ())
            return [cls for cls in exported if isinstance(cls, ClassValue)]
    return []


_UNKNOWN_LIST = "the list of controllers is computed while the program runs"


def _reason(value: Value) -> str:
    match value:
        case Unknown(reason=reason):
            return reason if reason == _UNKNOWN_LIST else f"not all controllers are known: {reason}"
        case Environment(name=name):
            return f"the controllers are named by the environment variable {name}"
        case Constant(value=str() as pattern):
            return f"no controller is found at {pattern.removeprefix(ROOT).lstrip('/')}"
    return "the controllers are named by a pattern that is computed while the program runs"


def _controller(interpreter: Interpreter, application: ExpressRouter, cls: ClassValue, prefix: Value) -> None:
    for decorator in _decorators(interpreter, cls.node.decorators, cls):
        if decorator.name in _CONTROLLERS:
            base = argument(decorator.arguments)
            start = concatenated((prefix, base)) if base is not UNDEFINED else prefix
            instance = ObjectValue(cls)
            for member in cls.node.members:
                if isinstance(member.value, ir.Function) and isinstance(member.key, str):
                    _method(interpreter, application, cls, instance, member, start)


def _method(  # noqa: PLR0913 - a method with what surrounds it
    interpreter: Interpreter,
    application: ExpressRouter,
    cls: ClassValue,
    instance: ObjectValue,
    member: ir.ClassMember,
    start: Value,
) -> None:
    found = list(_decorators(interpreter, member.decorators, cls))
    before = [item for one in found if one.name == "UseBefore" for item in one.arguments]
    for decorator in found:
        verb = _METHODS.get(decorator.name)
        if verb is None or not isinstance(member.value, ir.Function):
            continue
        path = argument(decorator.arguments)
        whole = path if isinstance(path, Pattern) else concatenated((start, path)) if path is not UNDEFINED else start
        function = FunctionValue(member.value, cls.scope, cls.module, this=instance, home=cls)
        given = tuple(Item(_parameter(interpreter, parameter, cls)) for parameter in member.value.parameters)
        source = ir.Name(f"{cls.node.name}.{member.key}", member.value.start)
        handler = Item(ServingFunction(function, given), source, cls.module)
        application.add_route(interpreter, verb, whole, (*before, handler), decorator.site)


def _parameter(interpreter: Interpreter, parameter: ir.Parameter, cls: ClassValue) -> Value:
    """What a decorated parameter is given."""
    for decorator in _decorators(interpreter, parameter.decorators, cls):
        name = argument(decorator.arguments)
        if decorator.name in _WHOLE_PARTS:
            return Data(_WHOLE_PARTS[decorator.name], ())
        if decorator.name in _FIELDS and isinstance(name, Constant):
            return Data(_FIELDS[decorator.name], (str(name.value),))
    return Unknown("a parameter that the framework injects")


def _create(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    application = ExpressRouter.made(interpreter, site, is_application=True)
    _register(interpreter, application, argument(arguments), site)
    return application


def _use(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    application = argument(arguments)
    if isinstance(application, ExpressRouter):
        _register(interpreter, application, argument(arguments, 1), site)
    return application


PACKAGES = {PACKAGE: lambda: Namespace(PACKAGE, functions(createExpressServer=_create, useExpressServer=_use))}
