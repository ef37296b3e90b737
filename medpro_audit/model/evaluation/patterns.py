"""Binding and assignment targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.members import assign_member, items_of, key_of, member_of, rest_of
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    Environment,
    External,
    ImportedName,
    Native,
    Site,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

Store = Callable[["Interpreter", ir.Pattern, Value, Scope], None]


def declare(interpreter: Interpreter, target: ir.Pattern, value: Value, scope: Scope) -> None:
    """Store to a name of this very scope."""
    if isinstance(target, ir.Name):
        interpreter.journal.write(scope.names, target.id, value)
        if isinstance(value, Native):
            value.named(target.id)
    else:
        assign(interpreter, target, value, scope)


def assign(interpreter: Interpreter, target: ir.Pattern, value: Value, scope: Scope) -> None:
    """Store to a name wherever it is declared, or to a property."""
    match target:
        case ir.Name(id=name):
            found = scope.find(name) or scope.module.scope
            interpreter.journal.write(found.names, name, value)
        case ir.Member(object=inner, name=name):
            assign_member(interpreter, interpreter.evaluate(inner, scope), name, value, Site(scope.module, target.at))
        case ir.Index(object=inner, key=key_node):
            receiver = interpreter.evaluate(inner, scope)
            key = key_of(interpreter, key_node, scope)
            assign_member(interpreter, receiver, key, value, Site(scope.module, target.at))


def bind(interpreter: Interpreter, target: ir.Pattern | None, value: Value, scope: Scope, store: Store) -> None:
    """Take a value apart into the names of a pattern."""
    match target:
        case None:
            return
        case ir.Name() | ir.Member() | ir.Index():
            store(interpreter, target, value, scope)
        case ir.Default(target=inner, value=default):
            bind(interpreter, inner, _or_default(interpreter, value, default, scope), scope, store)
        case ir.Rest(target=inner):
            bind(interpreter, inner, value, scope, store)
        case ir.ObjectPattern():
            _bind_object(interpreter, target, value, scope, store)
        case ir.ArrayPattern():
            _bind_array(interpreter, target, value, scope, store)


def _or_default(interpreter: Interpreter, value: Value, default: ir.Expression, scope: Scope) -> Value:
    if value is UNDEFINED:
        return interpreter.evaluate(default, scope)
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Environment):
        return value.with_default(interpreter.evaluate(default, scope))
    if isinstance(value, Choice) and any(option is UNDEFINED for option, _ in value.options):
        rest = [(option, text) for option, text in value.options if option is not UNDEFINED]
        return join([*rest, (interpreter.evaluate(default, scope), "")])
    return value


def _bind_object(interpreter: Interpreter, target: ir.ObjectPattern, value: Value, scope: Scope, store: Store) -> None:
    taken: list[str] = []
    for entry in target.entries:
        key = key_of(interpreter, entry.key, scope)
        site = Site(scope.module, offset_of(entry.target))
        if key is None:
            bind(interpreter, entry.target, Unknown("a computed key", site.place), scope, store)
            continue
        taken.append(key)
        bind(interpreter, entry.target, _property(interpreter, value, key, site), scope, store)
    if target.rest is not None:
        bind(interpreter, target.rest, rest_of(interpreter, value, taken, Site(scope.module, target.at)), scope, store)


def _property(interpreter: Interpreter, value: Value, key: str, site: Site) -> Value:
    """A property; of a module that isn't loaded yet, it waits until the name is used."""
    if isinstance(value, ImportedName):
        return ImportedName(lambda: member_of(interpreter, value.force(), key, site))
    return member_of(interpreter, value, key, site)


def _bind_array(interpreter: Interpreter, target: ir.ArrayPattern, value: Value, scope: Scope, store: Store) -> None:
    site = Site(scope.module, target.at)
    items = items_of(interpreter, value, site)
    for index, pattern in enumerate(target.items):
        if isinstance(pattern, ir.Rest):
            rest = ArrayValue(items[index:]) if items is not None else ArrayValue((), is_open=True)
            bind(interpreter, pattern.target, rest, scope, store)
        elif items is None and isinstance(value, External | Native):  # ``const [rows] = await pool.query(…)``
            bind(interpreter, pattern, interpreter.member(value, str(index), site), scope, store)
        elif items is None:
            bind(interpreter, pattern, interpreter.element_of(value, site), scope, store)
        else:
            bind(interpreter, pattern, items[index].value if index < len(items) else UNDEFINED, scope, store)


def bound_names(targets: Sequence[ir.Pattern | None]) -> Iterator[str]:
    """Names that patterns bind, in order."""
    for target in targets:
        match target:
            case ir.Name(id=name):
                yield name
            case ir.Default(target=inner) | ir.Rest(target=inner):
                yield from bound_names([inner])
            case ir.ObjectPattern(entries=entries, rest=rest):
                yield from bound_names([*(entry.target for entry in entries), rest])
            case ir.ArrayPattern(items=items):
                yield from bound_names(items)
