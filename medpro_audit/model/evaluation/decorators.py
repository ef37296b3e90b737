"""Decorators of methods that the program itself holds: what they put in the place of a method is what is called.

Both forms: ``(target, key, descriptor)`` of TypeScript, where ``descriptor.value`` is the method, and that of the
language, ``(method, context)``, which returns it (TypeScript's handbook, "Decorators"; TC39, "Decorators"). Those of
packages are left alone: whoever knows the package knows what they do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import (
    ClassValue,
    Constant,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.evaluation.scope import Scope

_DESCRIBED = 3
"""Parameters of a decorator that is given a descriptor."""


def decorated(
    interpreter: Interpreter, cls: ClassValue, member: ir.ClassMember, key: str, method: FunctionValue
) -> Value | None:
    """What stands in the place of a method; None where nothing of the program's own does."""
    found: Value = method
    for node in reversed(member.decorators):  # the one next to the method comes first
        decorator = _own(interpreter, node, cls.scope)
        if decorator is not None:
            found = _applied(interpreter, decorator, cls, key, found, is_static=member.is_static)
    if found is method:
        return None
    if isinstance(found, FunctionValue):
        interpreter.around.add(found.key)
    return found


def _own(interpreter: Interpreter, node: ir.Expression, scope: Scope) -> FunctionValue | None:
    callee = node.callee if isinstance(node, ir.Call) else node
    made_by = interpreter.evaluate(callee, scope)
    if not isinstance(made_by, FunctionValue):
        return None
    found = interpreter.evaluate(node, scope) if isinstance(node, ir.Call) else made_by
    return found if isinstance(found, FunctionValue) else None


def _applied(  # noqa: PLR0913 - a decorator with all that it is told
    interpreter: Interpreter, decorator: FunctionValue, cls: ClassValue, key: str, method: Value, *, is_static: bool
) -> Value:
    site = Site(decorator.module, decorator.node.start)
    if len(decorator.node.parameters) < _DESCRIBED:
        context = ObjectValue()
        context.properties.update(kind=Constant("method"), name=Constant(key))
        returned = interpreter.call(decorator, (Item(method), Item(context)), site)
        return returned if isinstance(returned, FunctionValue) else method
    descriptor = ObjectValue()
    descriptor.properties["value"] = method
    target = cls if is_static else ObjectValue(cls)
    returned = interpreter.call(decorator, (Item(target), Item(Constant(key)), Item(descriptor)), site)
    described = returned if isinstance(returned, ObjectValue) else descriptor
    return described.properties.get("value", method)
