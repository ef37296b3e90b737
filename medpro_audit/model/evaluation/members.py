"""Properties of values, and collections taken apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation import collections, strings
from medpro_audit.model.evaluation.handing_over import hand_over, put_away
from medpro_audit.model.evaluation.journal import Parted, joined
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    ClassValue,
    Constant,
    Deferred,
    Environment,
    External,
    FunctionValue,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Pattern,
    Site,
    Text,
    Unknown,
    Value,
    caught_at,
    join,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PROMISE_METHODS = {"then", "catch", "finally"}
_MAX_PROTOTYPES = 50
"""Length of a chain of prototypes."""


def key_of(interpreter: Interpreter, key: str | ir.Expression, scope: Scope) -> str | None:
    """The name that a property key or index stands for; None when it isn't known."""
    if isinstance(key, str):
        return key
    value = interpreter.evaluate(key, scope)
    interpreter.use(value, Site(scope.module, getattr(key, "at", 0)))
    match value:
        case Constant(value=str() as name):
            return name
        case Constant(value=bool() | None):
            return None
        case Constant(value=int() as number):
            return str(number)
    return None


def member_of(interpreter: Interpreter, value: Value, name: str, site: Site) -> Value:  # noqa: C901, PLR0912 - one case per kind of value
    """Read a property of a value."""
    match value:
        case ObjectValue():
            found = object_member(interpreter, value, name, site)
            return promise_member(value, name) if found is UNDEFINED and name in PROMISE_METHODS else found
        case Native():
            found = value.member(interpreter, name, site)
            return promise_member(value, name) if found is UNDEFINED and name in PROMISE_METHODS else found
        case External() if name != "catch":
            return value.member(name)
        case Unknown():
            return (
                promise_member(value, name)
                if name in PROMISE_METHODS
                else Unknown(value.reason, value.place or site.place, name, value)
            )
        case FunctionValue() if name not in PROMISE_METHODS:
            return _function_member(interpreter, value, name, site)
        case ClassValue() if name not in PROMISE_METHODS:
            return _static_member(value, name, site)
        case ArrayValue() if name not in PROMISE_METHODS:
            return collections.array_member(interpreter, value, name, site)
        case Parted(options=options, states=states):
            there = [(each, state) for each, state in zip(options, states, strict=True) if each[0] is not UNDEFINED]
            members = [(member_of(interpreter, option, name, site), text) for (option, text), _ in there]
            return joined(members, [state for _, state in there])
        case Choice(options=options):
            return join([(member_of(interpreter, option, name, site), text) for option, text in options])
        case Deferred():
            return _postponed_member(interpreter, value, name, site)
        case Constant() | Text() | Environment() if name not in PROMISE_METHODS:
            return strings.string_member(value, name, site)
        case Pattern() if name in {"exec", "test"}:
            return _matching(value, name)
    if name in PROMISE_METHODS:
        return promise_member(value, name)
    return Unknown(f"property {name} of undefined", site.place, name)


def _matching(pattern: Pattern, name: str) -> Value:
    """``/admin/.test(text)``."""

    def match(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        text = arguments[0].value if arguments else UNDEFINED
        told = interpreter.request.witness.matched(pattern, text, site) if interpreter.request is not None else None
        if told is not None:
            return told
        reason = "what a regular expression matches is not known"
        if name == "test" and isinstance(text, Native) and interpreter.request is not None:
            interpreter.compare(text, site)
            return interpreter.asked(text, Unknown(reason, site.place), pattern)
        return interpreter.call(Unknown(reason, site.place, name), arguments, site)

    return NativeFunction(match)


def promise_member(value: Value, name: str) -> Value:
    """``.then`` of a value that stands for its own promise."""

    def settle(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        if name == "catch" and interpreter.request is not None:
            interpreter.request.witness.caught(value)
        if name == "catch" and arguments and isinstance(arguments[0].value, Native):
            arguments[0].value.call(interpreter, (Item(caught_at(site.place)),), site)
            return value
        if name != "then" or not arguments:
            hand_over(interpreter, arguments, site)
            return value

        def follow() -> Value:
            settled = value.force() if isinstance(value, Deferred) else value
            if isinstance(settled, Unknown):
                hand_over(interpreter, arguments, site)
                return Unknown(settled.reason, site.place)
            return interpreter.call(arguments[0].value, (Item(settled),), site)

        if interpreter.request is None:
            return follow()
        result = interpreter.request.witness.resolved(value, follow)
        if len(arguments) > 1:  # ``.then(f, g)``: g takes care of a failure, and what follows runs all the same
            interpreter.request.witness.caught(result)
        return result

    return NativeFunction(settle)


def _postponed_member(interpreter: Interpreter, value: Deferred, name: str, site: Site) -> Value:
    """A property of what a call returns that was put off."""
    if interpreter.request is None:
        return member_of(interpreter, value.force(), name, site)
    if name in PROMISE_METHODS:
        return _postponed_promise(value, name)
    return Deferred(lambda: member_of(interpreter, value.force(), name, site))


def _postponed_promise(value: Deferred, name: str) -> Value:
    """``.then`` of a call that was put off: what is known where its promise was kept is known by the call itself."""

    def settle(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        request = interpreter.request
        if request is None or any(request.is_tainted(item.value) for item in arguments):
            value.force()  # whoever waits for it depends on it, if only on its failure
            return interpreter.call(promise_member(value, name), arguments, site)
        return Deferred(lambda: interpreter.call(member_of(interpreter, value.force(), name, site), arguments, site))

    return NativeFunction(settle)


def object_member(interpreter: Interpreter, owner: ObjectValue, name: str, site: Site) -> Value:
    """A property of an object, of its class, or of what it was made from."""
    found = owner.properties.get(name)
    if found is not None:
        return found
    accessor = owner.accessors.get(name)
    if accessor is not None:
        return interpreter.call(accessor, (), site, owner)
    inherited = _inherited(interpreter, owner, owner.prototype, name, site)
    if inherited is not None:
        return inherited
    for source in reversed(owner.unknown):
        if isinstance(source, Native | External):
            return member_of(interpreter, source, name, site)
    if owner.is_open:
        return Unknown(f"property {name} may have been set where it can't be seen", site.place)
    return collections.object_method(owner, name) or UNDEFINED


def _inherited(
    interpreter: Interpreter, owner: ObjectValue, prototype: Value | None, name: str, site: Site
) -> Value | None:
    for _ in range(_MAX_PROTOTYPES):  # a chain may lead back to itself
        match prototype:
            case ClassValue():
                method = _method(prototype, name, owner)
                if method is not None:
                    return method
                getter = prototype.getters.get(name)
                if getter is not None:
                    function = FunctionValue(getter, prototype.scope, prototype.module, this=owner, home=prototype)
                    return interpreter.call(function, (), site, owner)
                patched = prototype.properties.get("prototype")
                if isinstance(patched, ObjectValue) and name in patched.properties:
                    return with_this(patched.properties[name], owner)
                prototype = prototype.base
            case FunctionValue():
                prototype = prototype.properties.get("prototype")
            case ObjectValue():
                if name in prototype.properties:
                    return with_this(prototype.properties[name], owner)
                prototype = prototype.prototype
            case External():
                return prototype.member(name)
            case _:
                return None
    return None


def _method(cls: ClassValue, name: str, owner: ObjectValue) -> Value | None:
    """A method of a class, or what its decorators have put in its place."""
    if name in cls.replaced:
        return with_this(cls.replaced[name], owner)
    method = cls.methods.get(name)
    if method is None or name == "constructor":
        return None
    return FunctionValue(method, cls.scope, cls.module, this=owner, home=cls)


def with_this(value: Value, owner: Value) -> Value:
    """A function as a method of what it is a property of."""
    if isinstance(value, FunctionValue) and value.this is None and not value.node.is_arrow:
        return FunctionValue(value.node, value.scope, value.module, this=owner, home=value.home, bound=value.bound)
    return value


def super_member(interpreter: Interpreter, name: str, scope: Scope, site: Site) -> Value:
    """``super.name`` inside a method."""
    owner, base = scope.this, scope.home.base if scope.home is not None else None
    if isinstance(owner, ObjectValue) and base is not None:
        found = _inherited(interpreter, owner, base, name, site)
        if found is not None:
            return found
    if isinstance(base, ClassValue):
        return _static_member(base, name, site)
    return Unknown(f"super.{name} is not part of the program", site.place)


def _static_member(cls: ClassValue, name: str, site: Site) -> Value:
    current: Value | None = cls
    while isinstance(current, ClassValue):
        found = current.properties.get(name)
        if found is not None:
            return found.force() if isinstance(found, Deferred) else found
        current = current.base
    if name == "prototype":
        cls.properties["prototype"] = prototype = ObjectValue()
        prototype.prototype = cls
        return prototype
    if name == "name":
        return Constant(cls.node.name)
    if isinstance(current, External):
        return current.member(name)
    return Unknown(f"{cls.node.name or 'the class'} has no static member {name}", site.place)


def _function_member(interpreter: Interpreter, function: FunctionValue, name: str, site: Site) -> Value:
    found = function.properties.get(name)
    if found is not None:
        return found
    match name:
        case "bind":
            return NativeFunction(lambda _i, arguments, _s: _bound(function, arguments))
        case "call":
            return NativeFunction(
                lambda i, arguments, s: i.call(
                    _detached(function), arguments[1:], s, arguments[0].value if arguments else None
                )
            )
        case "apply":
            return NativeFunction(lambda i, arguments, s: _apply(i, function, arguments, s))
        case "prototype":
            function.properties["prototype"] = prototype = ObjectValue()
            return prototype
        case "name":
            return Constant(function.node.name)
        case "length":
            return Constant(len(function.node.parameters))
    return UNDEFINED


def _detached(function: FunctionValue) -> FunctionValue:
    if function.this is None:
        return function
    return FunctionValue(function.node, function.scope, function.module, home=function.home, bound=function.bound)


def _bound(function: FunctionValue, arguments: tuple[Item, ...]) -> Value:
    this = arguments[0].value if arguments else None
    if isinstance(this, Unknown):
        this = function.this
    bound = FunctionValue(
        function.node,
        function.scope,
        function.module,
        this=this,
        home=function.home,
        bound=(*function.bound, *arguments[1:]),
    )
    bound.made_by = function.made_by
    return bound


def _apply(interpreter: Interpreter, function: FunctionValue, arguments: tuple[Item, ...], site: Site) -> Value:
    items = items_of(interpreter, arguments[1].value, site) if len(arguments) > 1 else ()
    this = arguments[0].value if arguments else None
    return interpreter.call(_detached(function), tuple(items or ()), site, this)


def assign_member(interpreter: Interpreter, owner: Value, name: str | None, value: Value, site: Site) -> None:
    """Write a property; with an unknown name it is kept as one of the values that may be anywhere."""
    if isinstance(owner, ObjectValue) and interpreter.request is not None:
        interpreter.request.noted(owner)
    match owner:
        case ObjectValue() if name is None:
            owner.is_open = True
            owner.unknown.append(value)
        case ObjectValue(properties=properties) | FunctionValue(properties=properties):
            interpreter.journal.write(properties, name or "", value)
        case ClassValue(properties=properties):
            interpreter.journal.write(properties, name or "", value)
        case ArrayValue():
            collections.assign_item(interpreter, owner, name, value)
        case Native():
            owner.assign(interpreter, name or "", value, site)
        case Choice(options=options):
            for option, _ in options:
                assign_member(interpreter, option, name, value, site)
        case External() if owner.keeps(interpreter, name or "", value):
            return
        case _:
            put_away(interpreter, value, site)


def items_of(interpreter: Interpreter, value: Value, site: Site) -> Sequence[Item] | None:
    """The elements that a loop over a value sees; None when they are not known."""
    match value:
        case ArrayValue(is_open=False, items=items):
            return tuple(items)
        case ArrayValue(items=items):
            return (*items, Item(Unknown("an element that is added where it can't be seen", site.place)))
        case Constant(value=str() as text):
            return [Item(Constant(character)) for character in text]
        case Native():
            entries = value.entries(interpreter, site)
            return None if entries is None else [item for _, item in entries]
        case Deferred() if interpreter.request is None:
            return items_of(interpreter, value.force(), site)
    return () if value is UNDEFINED else None


def entries_of(interpreter: Interpreter, value: Value, site: Site) -> Sequence[tuple[str, Item]] | None:
    """Own properties of a value, in order; None when they are not known."""
    match value:
        case ObjectValue(is_open=False):
            names = [*value.properties, *value.accessors]
            return [(name, Item(object_member(interpreter, value, name, site))) for name in names]
        case FunctionValue(properties=properties) | ClassValue(properties=properties):
            return [(name, Item(inner)) for name, inner in properties.items()]
        case ArrayValue(items=items):
            return [(str(index), item) for index, item in enumerate(items)]
        case Native():
            entries = value.entries(interpreter, site)
            return None if entries is None else list(entries)
        case Deferred():
            return entries_of(interpreter, value.force(), site)
    return None


def keys_of(interpreter: Interpreter, value: Value, site: Site) -> Sequence[Item] | None:
    """What ``for … in`` sees."""
    entries = entries_of(interpreter, value, site)
    return None if entries is None else [Item(Constant(name), condition=item.condition) for name, item in entries]


def copy_into(interpreter: Interpreter, target: ObjectValue, source: Value, site: Site) -> None:
    """``{ ...source }`` and ``Object.assign``."""
    entries = entries_of(interpreter, source, site) if not isinstance(source, Constant) else ()
    if entries is not None:
        for name, item in entries:
            interpreter.journal.write(target.properties, name, item.value)
    elif source is not UNDEFINED:
        target.is_open = True
        target.unknown.append(source)


def rest_of(interpreter: Interpreter, value: Value, taken: Sequence[str], site: Site) -> Value:
    """``{ a, ...rest }``."""
    rest = ObjectValue()
    entries = entries_of(interpreter, value, site)
    if entries is None:
        if isinstance(value, Native):
            return value
        if isinstance(value, Choice):
            return join([(rest_of(interpreter, option, taken, site), text) for option, text in value.options])
        rest.is_open = True
        rest.unknown.append(value)
        return rest
    for name, item in entries:
        if name not in taken:
            rest.properties[name] = item.value
    return rest
