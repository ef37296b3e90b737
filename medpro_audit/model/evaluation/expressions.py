"""Expressions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.calls import CALLS, arguments_of
from medpro_audit.model.evaluation.collections import append
from medpro_audit.model.evaluation.decorators import decorated
from medpro_audit.model.evaluation.members import copy_into, entries_of, key_of, super_member
from medpro_audit.model.evaluation.operators import OPERATORS
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    FALSE,
    NULL,
    TRUE,
    UNDEFINED,
    ArrayValue,
    ClassValue,
    Constant,
    Deferred,
    Environment,
    FunctionValue,
    ImportedName,
    Native,
    ObjectValue,
    Pattern,
    Site,
    Unknown,
    Value,
    join,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


def _literal(_interpreter: Interpreter, node: ir.Literal, scope: Scope) -> Value:
    if node.value is None:
        return NULL
    if isinstance(node.value, bool):
        return TRUE if node.value else FALSE
    return Constant(node.value, (scope.module, node.at))


def _template(interpreter: Interpreter, node: ir.Template, scope: Scope) -> Value:
    parts: list[str | Value] = []
    for part in node.parts:
        if isinstance(part, str):
            parts.append(part)
        else:
            value = interpreter.evaluate(part, scope)
            interpreter.write(value, Site(scope.module, offset_of(part)))
            parts.append(value)
    return concatenated(parts)


def _regex(_interpreter: Interpreter, node: ir.Regex, _scope: Scope) -> Value:
    return Pattern(node.pattern, node.flags)


def _name(interpreter: Interpreter, node: ir.Name, scope: Scope) -> Value:
    found = scope.find(node.id)
    if found is None:
        return scope.self_named(node.id) or interpreter.global_value(node.id, Site(scope.module, node.at))
    value = found.names[node.id]
    if isinstance(value, ImportedName):
        value = value.force()
        found.names[node.id] = value
    if value.is_bound:
        value.touch()
    return value


def _this(_interpreter: Interpreter, node: ir.This, scope: Scope) -> Value:
    if scope.this is not None:
        return scope.this
    if scope.function_scope.parent is None:
        return scope.module.own_exports
    return Unknown("what this is depends on the caller", scope.module.facts.place(node.at))


def _member(interpreter: Interpreter, node: ir.Member, scope: Scope) -> Value:
    if isinstance(node.object, ir.Super):
        return super_member(interpreter, node.name, scope, Site(scope.module, node.at))
    owner = interpreter.evaluate(node.object, scope)
    found = interpreter.member(owner, node.name, Site(scope.module, node.at))
    if interpreter.request is not None:
        interpreter.request.looked_up(owner, None, found)
    return found


def _index(interpreter: Interpreter, node: ir.Index, scope: Scope) -> Value:
    receiver = interpreter.evaluate(node.object, scope)
    site = Site(scope.module, node.at)
    key = key_of(interpreter, node.key, scope)
    if key is not None:
        return interpreter.member(receiver, key, site)
    chosen = interpreter.evaluate(node.key, scope)
    told = interpreter.request.witness.looked_up(chosen, site) if interpreter.request is not None else None
    if told is not None and isinstance(receiver, ObjectValue):
        return told
    if isinstance(chosen, Native) and chosen.is_name and interpreter.request is not None:
        if not isinstance(receiver, Native):  # a table of the program's own, not what was sent
            interpreter.request.tested(chosen)
        return interpreter.element_of(receiver, site)
    names = [option.value for option, _ in options_of(chosen) if isinstance(option, Constant)]
    if isinstance(chosen, Environment):  # settings by deployment: config[process.env.NODE_ENV]
        names = [name for name, _ in entries_of(interpreter, receiver, site) or ()]
    values = [
        (interpreter.member(receiver, name, site), f"{interpreter.spell(node.key, scope)} === '{name}'")
        for name in names
        if isinstance(name, str)
    ]
    found = join(values) if values else interpreter.element_of(receiver, site)
    if interpreter.request is not None and not isinstance(receiver, Native):
        interpreter.request.looked_up(receiver, chosen, found)
    return found


def _array(interpreter: Interpreter, node: ir.Array, scope: Scope) -> Value:
    return ArrayValue(arguments_of(interpreter, node.items, scope))


def _object(interpreter: Interpreter, node: ir.Object, scope: Scope) -> Value:
    made = ObjectValue()
    for entry in node.properties:
        if entry.kind == "spread":
            copy_into(interpreter, made, interpreter.evaluate(entry.value, scope), Site(scope.module, node.at))
            continue
        key = key_of(interpreter, entry.key, scope)
        value = interpreter.evaluate(entry.value, scope)
        if key is None:
            made.is_open = True
            made.unknown.append(value)
        elif entry.kind == "get" and isinstance(value, FunctionValue):
            made.accessors[key] = value
        elif entry.kind == "value":
            made.properties[key] = value
            if isinstance(value, Native):
                value.named(key)
    return made


def _function(interpreter: Interpreter, node: ir.Function, scope: Scope) -> Value:
    return interpreter.closure(node, scope)


def _class(interpreter: Interpreter, node: ir.Class, scope: Scope) -> Value:
    base = interpreter.evaluate(node.base, scope) if node.base is not None else None
    inner = Scope(scope.module, scope, is_function=True)
    made = ClassValue(node, inner, scope.module, base)
    inner.home = made
    if node.name:
        inner.names[node.name] = made
    for member in sorted(node.members, key=_is_run):  # ECMAScript, 15.7.14: static fields and blocks come last
        _class_member(interpreter, made, member, inner)
    return made


def _is_run(member: ir.ClassMember) -> bool:
    """Whether a part of a class is run when the class is made, such as ``static instance = new Service()``."""
    return member.kind == "static-block" or (member.kind == "field" and member.is_static)


def _class_member(interpreter: Interpreter, cls: ClassValue, member: ir.ClassMember, scope: Scope) -> None:
    key = key_of(interpreter, member.key, scope)
    if key is None:
        return
    static = Scope(scope.module, scope, is_function=True)
    static.this = cls
    match member.kind, member.value:
        case "static-block", ir.Function(body=body) if body is not None:
            interpreter.run(body, static)
        case "field", value if member.is_static:
            cls.properties[key] = interpreter.evaluate(value, static) if value is not None else UNDEFINED
        case "field", _:
            cls.fields.append(member)
        case "method", ir.Function() as function if member.is_static:
            method = FunctionValue(function, scope, scope.module, this=cls, home=cls)
            cls.properties[key] = decorated(interpreter, cls, member, key, method) or method
        case "get", ir.Function() as function if member.is_static:
            getter = FunctionValue(function, scope, scope.module, this=cls, home=cls)
            cls.properties[key] = Deferred(lambda: interpreter.call_once(getter, Site(scope.module, function.start)))
        case "get", ir.Function() as function:
            cls.getters[key] = function
        case (("method" | "constructor"), ir.Function() as function):
            cls.methods[key] = function
            if member.decorators:
                found = decorated(interpreter, cls, member, key, FunctionValue(function, scope, scope.module, home=cls))
                cls.replaced |= {key: found} if found is not None else {}


def _sequence(interpreter: Interpreter, node: ir.Sequence, scope: Scope) -> Value:
    value: Value = UNDEFINED
    for item in node.items:
        value = interpreter.evaluate(item, scope)
    return value


def _await(interpreter: Interpreter, node: ir.Await, scope: Scope) -> Value:
    value = interpreter.evaluate(node.value, scope)
    if interpreter.request is not None:
        interpreter.request.witness.awaited(value, Site(scope.module, offset_of(node)))
    return value


def _yield(interpreter: Interpreter, node: ir.Yield, scope: Scope) -> Value:
    items = arguments_of(interpreter, (node.value,), scope)
    made = interpreter.frames[-1].yielded if interpreter.frames else None
    if made is not None:
        append(interpreter, made, items)
    return items[0].value if items else UNDEFINED


def _opaque(interpreter: Interpreter, node: ir.Opaque, scope: Scope) -> Value:
    for part in node.parts:
        interpreter.evaluate(part, scope)
    return Unknown("an expression that is not modelled", scope.module.facts.place(node.at))


def _lone_spread(interpreter: Interpreter, node: ir.Spread, scope: Scope) -> Value:
    return interpreter.evaluate(node.value, scope)


def _lone_super(_interpreter: Interpreter, node: ir.Super, scope: Scope) -> Value:
    return scope.this or Unknown("super outside of a class", scope.module.facts.place(node.at))


EVALUATORS: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Value]] = {
    **OPERATORS,
    **CALLS,
    ir.Literal: _literal,
    ir.Template: _template,
    ir.Regex: _regex,
    ir.Name: _name,
    ir.This: _this,
    ir.Super: _lone_super,
    ir.Member: _member,
    ir.Index: _index,
    ir.Array: _array,
    ir.Spread: _lone_spread,
    ir.Object: _object,
    ir.Function: _function,
    ir.Class: _class,
    ir.Sequence: _sequence,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Opaque: _opaque,
}
