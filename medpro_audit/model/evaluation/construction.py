"""Instances: what ``new`` makes of classes, functions and what a container of dependencies is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation import members
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    Choice,
    ClassValue,
    Deferred,
    External,
    FunctionValue,
    Item,
    Native,
    ObjectValue,
    Site,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_CONTAINERS: Mapping[str, tuple[str, ...]] = {
    "tsyringe": ("container.resolve",),
    "typedi": ("Container.get", "default.get"),
}
"""What makes an instance of the class that it is given, by package."""


def construct(interpreter: Interpreter, callee: Value, arguments: tuple[Item, ...], site: Site) -> Value:
    """Call a value with ``new``."""
    interpreter.step()
    match callee:
        case ClassValue():
            instance = ObjectValue(callee)
            initialise(interpreter, callee, instance, arguments, site)
            return instance
        case FunctionValue():
            instance = ObjectValue(callee)
            result = interpreter.call_function(callee, arguments, site, instance)
            return result if isinstance(result, ObjectValue | FunctionValue | Native) else instance
        case Native():
            return callee.construct(interpreter, arguments, site)
        case Deferred():
            return construct(interpreter, callee.force(), arguments, site)
        case Choice(options=options):
            return join([(construct(interpreter, option, arguments, site), text) for option, text in options])
    return interpreter.call(callee, arguments, site)


def initialise(
    interpreter: Interpreter, cls: ClassValue, instance: ObjectValue, arguments: tuple[Item, ...], site: Site
) -> None:
    """Run the constructor of a class on an instance; without one, its base's."""
    interpreter.constructed.add((cls.module.path, cls.node.start))
    constructor = cls.methods.get("constructor")
    if constructor is None:
        initialise_base(interpreter, cls, instance, arguments, site)
        return
    if cls.base is None:
        _initialise_fields(interpreter, cls, instance)
    function = FunctionValue(constructor, cls.scope, cls.module, this=instance, home=cls)
    interpreter.call_function(function, arguments, site, instance)


def initialise_base(
    interpreter: Interpreter, cls: ClassValue, instance: ObjectValue, arguments: tuple[Item, ...], site: Site
) -> None:
    """``super(…)``: the base's constructor, then the class's own fields."""
    match cls.base:
        case None:
            pass
        case ClassValue() as base:
            initialise(interpreter, base, instance, arguments, site)
        case FunctionValue() as base:
            interpreter.call_function(base, arguments, site, instance)
        case base:
            instance.is_open = True
            interpreter.call(base, arguments, site)
    _initialise_fields(interpreter, cls, instance)


def _initialise_fields(interpreter: Interpreter, cls: ClassValue, instance: ObjectValue) -> None:
    scope = Scope(cls.module, cls.scope, is_function=True)
    scope.this = instance
    scope.home = cls
    for field in cls.fields:
        key = members.key_of(interpreter, field.key, scope)
        if key is not None:
            value = interpreter.evaluate(field.value, scope) if field.value is not None else UNDEFINED
            interpreter.journal.write(instance.properties, key, value)


def made_by_container(
    interpreter: Interpreter, callee: External, arguments: tuple[Item, ...], site: Site
) -> Value | None:
    """``Container.get(PatientService)``: an instance of the class, whose constructor is given who knows what."""
    wanted = arguments[0].value if arguments else UNDEFINED
    if not isinstance(wanted, ClassValue) or callee.name not in _CONTAINERS.get(callee.package, ()):
        return None
    constructor = wanted.methods.get("constructor")
    unknown = Unknown("a container of dependencies gives this", site.place)
    given = [Item(unknown) for _ in constructor.parameters] if constructor is not None else []
    return construct(interpreter, wanted, tuple(given), site)
