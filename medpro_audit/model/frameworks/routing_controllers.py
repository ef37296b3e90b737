"""routing-controllers: classes whose decorators register their methods on an Express application.

Source: its README, "Prefix all controllers routes", "Inject routing parameters", "Using middlewares". ``@Body()`` and
the like hand a request part to a parameter of the method; what class-validator makes of it is not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.expressions import arguments_of, text
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ClassValue,
    Constant,
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
from medpro_audit.model.request import Data, ServingFunction
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
    for item in items_of(interpreter, given.get("controllers", UNDEFINED), site) or ():
        if isinstance(item.value, ClassValue):
            _controller(interpreter, application, item.value, prefix)
        else:
            unknown = Unknown("controllers are named by a pattern", site.place)
            application.register(interpreter, "use", (), unknown, (item,), site)


def _controller(interpreter: Interpreter, application: ExpressRouter, cls: ClassValue, prefix: Value) -> None:
    for decorator in _decorators(interpreter, cls.node.decorators, cls):
        if decorator.name in _CONTROLLERS:
            base = argument(decorator.arguments)
            start = text((prefix, base)) if base is not UNDEFINED else prefix
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
        whole = path if isinstance(path, Pattern) else text((start, path)) if path is not UNDEFINED else start
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
