"""Expressions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.branching import fork_values, rescue
from medpro_audit.model.evaluation.clauses import negated
from medpro_audit.model.evaluation.collections import Length, append, either
from medpro_audit.model.evaluation.conditions import (
    assume,
    condition_of,
    condition_of_value,
    connected,
    decided,
    is_silent,
    judged,
    truth_of,
)
from medpro_audit.model.evaluation.construction import construct, initialise_base
from medpro_audit.model.evaluation.contracts import RequestMode
from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.members import PROMISE_METHODS, copy_into, entries_of, items_of, key_of, super_member
from medpro_audit.model.evaluation.patterns import assign, bind
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.strings import printed
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    FALSE,
    NULL,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Choice,
    ClassValue,
    Constant,
    Deferred,
    Environment,
    FunctionValue,
    ImportedName,
    Item,
    Native,
    ObjectValue,
    Pattern,
    Proposition,
    Site,
    Text,
    TypeOf,
    Unknown,
    Value,
    caught_at,
    join,
    now,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

COMPUTED_NUMBER = "a computed number"
COUNTER = "a counter"
NUMBERS = frozenset((COMPUTED_NUMBER, COUNTER, "the length of a list"))
"""Reasons for which a value is not known that surely is a number."""
_ARITHMETIC = frozenset(("-", "*", "/", "%", "**", "<<", ">>", ">>>", "&", "|", "^"))
_MAX_INTEGER = 2**53
"""Larger integers are floating-point numbers in JavaScript."""
_MAX_PARTS = 100
"""Texts of more parts are not followed, as are longer ones."""
_MAX_TEXT = 4096
"""Longer strings are not followed: a scanned program must not make us build them."""


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
    return text(parts)


def text(parts: Sequence[str | Value]) -> Value:
    """A string put together from parts; constant when all of them are."""
    flat: list[str | Value] = []
    for part in parts:
        inner = part.parts if isinstance(part, Text) else (printed(part) if isinstance(part, Constant) else part,)
        for piece in inner:
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            else:
                flat.append(piece)
    if len(flat) > _MAX_PARTS or sum(len(piece) for piece in flat if isinstance(piece, str)) > _MAX_TEXT:
        return Unknown("the text is too long to be followed")
    if not flat:
        return Constant("")
    return Constant(flat[0], parts) if len(flat) == 1 and isinstance(flat[0], str) else Text(flat)


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
    return interpreter.member(interpreter.evaluate(node.object, scope), node.name, Site(scope.module, node.at))


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
    return join(values) if values else interpreter.element_of(receiver, site)


def _call(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    callee = node.callee
    if isinstance(callee, ir.Super):
        return _super_call(interpreter, node, scope)
    if isinstance(callee, ir.Member):
        if isinstance(callee.object, ir.Super):
            function = super_member(interpreter, callee.name, scope, site)
            return interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site, scope.this)
        if callee.name in PROMISE_METHODS and interpreter.request is not None:
            return _call_of_promise(interpreter, interpreter.request, callee, node, scope)
        receiver = interpreter.evaluate(callee.object, scope)
        return _call_member(interpreter, receiver, callee.name, node, scope)
    if isinstance(callee, ir.Index):
        receiver = interpreter.evaluate(callee.object, scope)
        key = key_of(interpreter, callee.key, scope)
        if key is not None:
            return _call_member(interpreter, receiver, key, node, scope)
    function = interpreter.evaluate(callee, scope)
    return interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site)


def _call_member(interpreter: Interpreter, receiver: Value, name: str, node: ir.Call, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    function = interpreter.member(receiver, name, site)
    return interpreter.call(function, arguments_of(interpreter, node.arguments, scope), site, receiver)


def _call_of_promise(
    interpreter: Interpreter, request: RequestMode, callee: ir.Member, node: ir.Call, scope: Scope
) -> Value:
    """``x.catch(f)``, ``x.then(f, g)``, ``x.finally(f)``: where a validation in ``x`` fails, they run all the same."""
    mark, born, attempts = interpreter.journal.mark, now(), request.attempts
    receiver = interpreter.evaluate(callee.object, scope)
    if request.attempts == attempts:
        settled = _call_member(interpreter, receiver, callee.name, node, scope)
        instead = _instead(interpreter, node, scope) if callee.name == "catch" else None
        return settled if instead is None else join([(settled, ""), (instead, "")])
    site = Site(scope.module, node.at)
    arguments = arguments_of(interpreter, node.arguments, scope)
    value = receiver
    if callee.name == "catch":
        request.witness.caught(receiver)
    else:
        value = interpreter.call(interpreter.member(receiver, callee.name, site), arguments, site, receiver)
    place = 1 if callee.name == "then" else 0
    handler = arguments[place].value if len(arguments) > place else UNDEFINED
    if handler is UNDEFINED:
        return value

    def failed() -> Value:
        if callee.name == "finally":
            interpreter.call(handler, (), site)
            raise Thrown
        return interpreter.call(handler, (Item(caught_at(site.place)),), site)

    return rescue(interpreter, mark, born, value, failed)


def _instead(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value | None:
    """What ``.catch(() => ({ id: 0 }))`` yields for what has failed, where that is truthy: it passes for a success."""
    handler = node.arguments[0] if node.arguments else None
    if not isinstance(handler, ir.Function):
        return None
    known = handler.body
    body = known if known is not None else interpreter.code.body(scope.module.path, handler.start, handler.end)
    match body[-1] if body else None:
        case ir.Return(value=ir.Object() | ir.Array()):
            return ObjectValue()
        case ir.Return(value=ir.Literal(value=constant)) if constant:
            return Constant(constant)
    return None


def _super_call(interpreter: Interpreter, node: ir.Call, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    arguments = arguments_of(interpreter, node.arguments, scope)
    if scope.home is not None and isinstance(scope.this, ObjectValue):
        initialise_base(interpreter, scope.home, scope.this, arguments, site)
    return UNDEFINED


def _new(interpreter: Interpreter, node: ir.New, scope: Scope) -> Value:
    callee = interpreter.evaluate(node.callee, scope)
    return construct(interpreter, callee, arguments_of(interpreter, node.arguments, scope), Site(scope.module, node.at))


def arguments_of(interpreter: Interpreter, nodes: Sequence[ir.Expression | None], scope: Scope) -> tuple[Item, ...]:
    """Evaluate arguments or array items, spreads taken apart; each keeps the expression it was written as."""
    items: list[Item] = []
    for node in nodes:
        if node is None:
            items.append(Item(UNDEFINED))
        elif isinstance(node, ir.Spread):
            items.extend(_spread(interpreter, node, scope))
        elif type(node) is ir.Binary and node.operator == "&&":
            value, condition = _and(interpreter, node, scope)
            items.append(Item(value, node, scope.module, condition))
        else:
            items.append(Item(interpreter.evaluate(node, scope), node, scope.module))
    return tuple(items)


def _spread(interpreter: Interpreter, node: ir.Spread, scope: Scope) -> Sequence[Item]:
    value = interpreter.evaluate(node.value, scope)
    site = Site(scope.module, node.at)
    lists: list[tuple[Sequence[Item], str]] = []
    for option, condition in options_of(value):
        items = items_of(interpreter, option, site)
        if items is None:
            interpreter.use(option, site)
            return [Item(interpreter.element_of(value, site), node.value, scope.module)]
        lists.append((items, condition))
    return either(lists)


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
    for member in node.members:
        _class_member(interpreter, made, member, inner)
    return made


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
            cls.properties[key] = FunctionValue(function, scope, scope.module, this=cls, home=cls)
        case "get", ir.Function() as function if member.is_static:
            getter = FunctionValue(function, scope, scope.module, this=cls, home=cls)
            cls.properties[key] = Deferred(lambda: interpreter.call_once(getter, Site(scope.module, function.start)))
        case "get", ir.Function() as function:
            cls.getters[key] = function
        case (("method" | "constructor"), ir.Function() as function):
            cls.methods[key] = function


def _assign(interpreter: Interpreter, node: ir.Assign, scope: Scope) -> Value:
    operator = node.operator
    if operator == "=":
        value = interpreter.evaluate(node.value, scope)
        bind(interpreter, node.target, value, scope, assign)
        return value
    old = _target_value(interpreter, node.target, scope)
    if operator in {"||=", "??=", "&&="}:
        value = _choose(interpreter, operator[:2], old, node.value, scope, interpreter.spell(node.target, scope))
    else:
        value = binary_value(interpreter, operator[:-1], old, interpreter.evaluate(node.value, scope))
    bind(interpreter, node.target, value, scope, assign)
    return value


def _target_value(interpreter: Interpreter, target: ir.Pattern, scope: Scope) -> Value:
    if isinstance(target, ir.Name | ir.Member | ir.Index):
        return interpreter.evaluate(target, scope)
    return Unknown("a pattern has no value before it is assigned", scope.module.facts.place(offset_of(target)))


_ORDERING = frozenset(("<", ">", "<=", ">="))


def _binary(interpreter: Interpreter, node: ir.Binary, scope: Scope) -> Value:
    if node.operator in {"&&", "||", "??"}:
        if node.operator == "&&":
            return _and(interpreter, node, scope)[0]
        left = interpreter.evaluate(node.left, scope)
        return _either(interpreter, node, left, scope)
    if node.operator in {"===", "!==", "==", "!="}:
        return judged(condition_of(interpreter, node, scope))
    left, right = interpreter.evaluate(node.left, scope), interpreter.evaluate(node.right, scope)
    take = interpreter.compare if node.operator in _ORDERING else interpreter.use
    for side, value in ((node.left, left), (node.right, right)):
        take(value, Site(scope.module, offset_of(side)))
    if node.operator == "in" and interpreter.request is not None:
        interpreter.request.tested(left)
    made = interpreter.request.witness.made_of((left, right)) if interpreter.request is not None else None
    return made or binary_value(interpreter, node.operator, left, right)


def binary_value(_interpreter: Interpreter, operator: str, left: Value, right: Value) -> Value:
    """The value of an arithmetic operation or concatenation."""
    if isinstance(left, Constant) and isinstance(right, Constant):
        known = _constant(operator, left.value, right.value)
        if known is not None:
            return known
    if operator == "instanceof":
        return _instance(left, right)
    if operator == "<" and isinstance(right, Length) and isinstance(left, Constant) and isinstance(left.value, int):
        return right.exceeds(left.value)
    if operator == "+" and any(_is_text(value) or _may_be_text(value) for value in (left, right)):
        return text((left, right))
    is_number = operator in _ARITHMETIC or (operator == "+" and _is_number(left) and _is_number(right))
    return Unknown(COMPUTED_NUMBER if is_number else "a computed value")


def _instance(value: Value, cls: Value) -> Value:
    """``value instanceof cls``, where the classes of both are known."""
    if isinstance(value, Native):
        verdict = value.is_instance(cls)
        return Unknown("a class that is not followed") if verdict is None else TRUE if verdict else FALSE
    prototype = value.prototype if isinstance(value, ObjectValue) else None
    while isinstance(prototype, ClassValue):
        if prototype is cls:
            return TRUE
        prototype = prototype.base
    if isinstance(value, ObjectValue) and prototype is None and not value.is_open:
        return FALSE
    return TRUE if prototype is cls and prototype is not None else Unknown("a class that is not followed")


def _is_number(value: Value) -> bool:
    """Whether a value that may not be known surely is a number."""
    if isinstance(value, Constant):
        return isinstance(value.value, int | float)
    return isinstance(value, Length) or (isinstance(value, Unknown) and value.reason in NUMBERS)


def _may_be_text(value: Value) -> bool:
    """Whether it makes a text of what it is added to, unless nobody sends a text."""
    return isinstance(value, Native) and value.is_textual


def _is_text(value: Value) -> bool:
    if isinstance(value, Choice):
        return all(_is_text(option) for option, _ in value.options)
    return isinstance(value, Text | Environment) or (isinstance(value, Constant) and isinstance(value.value, str))


def _constant(operator: str, left: object, right: object) -> Value | None:
    numbers = isinstance(left, int | float) and isinstance(right, int | float)
    if operator == "+" and not numbers:
        return None
    if isinstance(left, int | float) and isinstance(right, int | float):
        match operator:
            case "+":
                return _number(left + right)
            case "-":
                return _number(left - right)
            case "*":
                return _number(left * right)
            case "<":
                return TRUE if left < right else FALSE
            case ">":
                return TRUE if left > right else FALSE
            case "<=":
                return TRUE if left <= right else FALSE
            case ">=":
                return TRUE if left >= right else FALSE
    return None


def _number(value: float) -> Value | None:
    """A number as JavaScript has it; None for one that is none."""
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        value = float(value)
    return None if math.isnan(value) else Constant(value)


def _and(interpreter: Interpreter, node: ir.Binary, scope: Scope) -> tuple[Value, str]:
    """``a && b``: b only happens when a holds. What it yields then, and the condition, empty where that is decided."""
    condition = condition_of(interpreter, node.left, scope)
    if condition.truth is True:
        return interpreter.evaluate(node.right, scope), ""
    if condition.truth is False:
        return (interpreter.evaluate(node.left, scope) if is_silent(node.left) else FALSE), ""

    def right() -> Value:
        assume(condition.when_true)
        return interpreter.evaluate(node.right, scope)

    value = fork_values(interpreter, [(condition.text, right), ("", lambda: FALSE)])
    options = [(option, text_) for option, text_ in options_of(value) if option is not FALSE]
    if not options or all(isinstance(option, Constant) for option, _ in options):
        return value, ""
    yielded = join(options)
    return connected(interpreter, node, scope, condition, yielded) or yielded, condition.text


def _either(interpreter: Interpreter, node: ir.Binary, left: Value, scope: Scope) -> Value:
    """``a || b`` and ``a ?? b``; of two questions, whether one of them is answered by yes."""
    value = _choose(interpreter, node.operator, left, node.right, scope, interpreter.spell(node.left, scope))
    if node.operator == "??" or not isinstance(value, Choice) or value.options[0][0] is not left:
        return value
    other = join(value.options[1:])
    first = condition_of_value(interpreter, left, node.left, scope)
    return connected(interpreter, node, scope, first, other) or value


def _choose(  # noqa: PLR0913 - an operation and its context
    interpreter: Interpreter, operator: str, left: Value, node: ir.Expression, scope: Scope, condition: str
) -> Value:
    """``a || b`` and ``a ?? b``."""
    if isinstance(left, Environment) and operator != "&&":
        right = interpreter.evaluate(node, scope)
        return left.with_default(right)
    truth = truth_of(left) if operator != "??" else _is_given(left)
    if truth is (operator != "&&"):
        return left
    if truth is not None:
        return interpreter.evaluate(node, scope)

    def otherwise() -> Value:
        if isinstance(left, Proposition):
            left.assume(interpreter, holds=operator == "&&")
        return interpreter.evaluate(node, scope)

    def kept_left() -> Value:
        if isinstance(left, Proposition):
            left.assume(interpreter, holds=operator != "&&")
        return UNDEFINED

    right = fork_values(interpreter, [(negated(condition), otherwise), ("", kept_left)])
    kept = [(option, text_) for option, text_ in options_of(right) if option is not UNDEFINED]
    return join([(left, condition), *kept])


def _is_given(value: Value) -> bool | None:
    """Whether a value is neither null nor undefined."""
    if value is UNDEFINED or (isinstance(value, Constant) and value.value is None):
        return False
    return None if truth_of(value) is None and not isinstance(value, Constant) else True


def _unary(interpreter: Interpreter, node: ir.Unary, scope: Scope) -> Value:
    if node.operator == "!":
        return judged(condition_of(interpreter, node, scope))
    value = UNDEFINED if node.operator == "delete" else interpreter.evaluate(node.operand, scope)
    site = Site(scope.module, node.at)
    if node.operator in {"++", "--", "delete"}:
        return _changed(interpreter, node, value, scope)
    _look_at(interpreter, node.operator, value, site)
    match node.operator, value:
        case "void", _:
            return UNDEFINED
        case "-", Constant(value=int() | float() as number):
            return Constant(-number)
        case "+", Constant(value=int() | float()):
            return value
        case "+", Native():
            return value.converted("harmless")
        case "+", Environment():
            return value
        case "typeof", _:
            return _type_of(value)
    return Unknown("a computed value", site.place)


def _look_at(interpreter: Interpreter, operator: str, value: Value, site: Site) -> None:
    """What an operation on one operand does with its value."""
    if operator == "typeof":
        interpreter.test(value, site)
        if interpreter.request is not None:
            interpreter.request.tested(value, of_type=True)
    elif operator != "void":
        interpreter.use(value, site)


def _changed(interpreter: Interpreter, node: ir.Unary, value: Value, scope: Scope) -> Value:
    """Count a variable or property, or take a property away; the value is the one before."""
    changed: Value = UNDEFINED
    match value:
        case _ if node.operator == "delete":
            pass
        case Constant(value=int() | float() as number):
            changed = Constant(number + (1 if node.operator == "++" else -1))
        case _:
            changed = Unknown(COUNTER)
    if isinstance(node.operand, ir.Name | ir.Member | ir.Index):
        assign(interpreter, node.operand, changed, scope)
    return value


def _type_of(value: Value) -> Value:
    match value:
        case Constant(value=str()):
            return Constant("string")
        case Constant(value=bool()):
            return Constant("boolean")
        case Constant(value=int() | float()):
            return Constant("number")
        case FunctionValue() | ClassValue():
            return Constant("function")
        case ObjectValue() | ArrayValue() | Constant(value=None):
            return Constant("object")
    return Constant("undefined") if value is UNDEFINED else TypeOf(value)


def _conditional(interpreter: Interpreter, node: ir.Conditional, scope: Scope) -> Value:
    condition = condition_of(interpreter, node.test, scope)
    if condition.truth is not None:
        return interpreter.evaluate(node.then if condition.truth else node.otherwise, scope)

    sides: list[Value] = []

    def then() -> Value:
        assume(condition.when_true)
        sides.append(_limited(interpreter, interpreter.evaluate(node.then, scope)))
        return sides[-1]

    def otherwise() -> Value:
        assume(condition.when_false)
        sides.append(_limited(interpreter, interpreter.evaluate(node.otherwise, scope)))
        return sides[-1]

    value = fork_values(interpreter, [(condition.text, then), (negated(condition.text), otherwise)])
    return decided(value, condition, *sides) if len(sides) == 2 else value  # noqa: PLR2004 - none has thrown


def _limited(interpreter: Interpreter, value: Value) -> Value:
    return interpreter.request.limited(value) if interpreter.request is not None else value


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


def _tagged(interpreter: Interpreter, node: ir.Tagged, scope: Scope) -> Value:
    site = Site(scope.module, node.at)
    tag = interpreter.evaluate(node.tag, scope)
    strings = ArrayValue([Item(Constant(part)) for part in node.template.parts if isinstance(part, str)])
    values = arguments_of(interpreter, [part for part in node.template.parts if not isinstance(part, str)], scope)
    return interpreter.call(tag, (Item(strings), *values), site)


def _opaque(interpreter: Interpreter, node: ir.Opaque, scope: Scope) -> Value:
    for part in node.parts:
        interpreter.evaluate(part, scope)
    return Unknown("an expression that is not modelled", scope.module.facts.place(node.at))


def _lone_spread(interpreter: Interpreter, node: ir.Spread, scope: Scope) -> Value:
    return interpreter.evaluate(node.value, scope)


def _lone_super(_interpreter: Interpreter, node: ir.Super, scope: Scope) -> Value:
    return scope.this or Unknown("super outside of a class", scope.module.facts.place(node.at))


EVALUATORS: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Value]] = {
    ir.Literal: _literal,
    ir.Template: _template,
    ir.Regex: _regex,
    ir.Name: _name,
    ir.This: _this,
    ir.Super: _lone_super,
    ir.Member: _member,
    ir.Index: _index,
    ir.Call: _call,
    ir.New: _new,
    ir.Tagged: _tagged,
    ir.Array: _array,
    ir.Spread: _lone_spread,
    ir.Object: _object,
    ir.Function: _function,
    ir.Class: _class,
    ir.Assign: _assign,
    ir.Binary: _binary,
    ir.Unary: _unary,
    ir.Conditional: _conditional,
    ir.Sequence: _sequence,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Opaque: _opaque,
}
