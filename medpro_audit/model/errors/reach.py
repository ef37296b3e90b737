"""Which function of the program an expression in a body means, as far as its names are bound outside of it."""

from __future__ import annotations

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.values import ClassValue, Deferred, FunctionValue, ObjectValue, Site, Unknown, Value

_MAX_MEMBERS = 5
"""Members of members that are followed."""


def callee_of(interpreter: Interpreter, function: FunctionValue, call: ir.Call) -> Value:
    """What a call in the body of a function calls."""
    return value_of(interpreter, function, call.callee)


def value_of(interpreter: Interpreter, function: FunctionValue, node: ir.Expression, depth: int = 0) -> Value:
    """The value of a name or of a member of one; unknown where the function itself makes it."""
    match node:
        case ir.Name(id=name):
            scope = function.scope.find(name) if name not in _parameters(function) else None
            return _settled(scope.names[name]) if scope is not None else Unknown(f"{name} is not known here")
        case ir.This():
            this = function.this or function.scope.this
            return this if this is not None else Unknown("this is not known here")
        case ir.New(callee=made):
            found = value_of(interpreter, function, made, depth)
            return _instance(found) if isinstance(found, ClassValue) else Unknown("it is made of something else")
        case ir.Member(object=inner, name=name) if depth < _MAX_MEMBERS:
            owner = value_of(interpreter, function, inner, depth + 1)
            if isinstance(owner, Unknown):
                return owner
            return _settled(interpreter.member(owner, name, Site(function.module, node.at)))
    return Unknown("it is computed")


def _instance(cls: ClassValue) -> Value:
    """An object of a class, of which only the methods are known: nothing is run for it."""
    made = ObjectValue(cls)
    made.is_open = True
    return made


def _settled(value: Value) -> Value:
    return value.force() if isinstance(value, Deferred) else value


def _parameters(function: FunctionValue) -> set[str]:
    return set(bound_names([parameter.target for parameter in function.node.parameters]))
