"""Operators as a program applies them: assignments, comparisons, and those that run one side only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.arithmetic import COUNTER, binary_value, type_of
from medpro_audit.model.evaluation.branching import fork_values
from medpro_audit.model.evaluation.clauses import negated
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
from medpro_audit.model.evaluation.patterns import assign, bind
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.searching import question_of_place
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    FALSE,
    UNDEFINED,
    Choice,
    Constant,
    Environment,
    Native,
    Proposition,
    Site,
    Unknown,
    Value,
    join,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


_ORDERING = frozenset(("<", ">", "<=", ">="))


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


def _binary(interpreter: Interpreter, node: ir.Binary, scope: Scope) -> Value:
    if node.operator in {"&&", "||", "??"}:
        if node.operator == "&&":
            return both(interpreter, node, scope)[0]
        left = interpreter.evaluate(node.left, scope)
        return _either(interpreter, node, left, scope)
    if node.operator in {"===", "!==", "==", "!="} or question_of_place(node) is not None:
        return judged(condition_of(interpreter, node, scope))
    left, right = interpreter.evaluate(node.left, scope), interpreter.evaluate(node.right, scope)
    take = interpreter.compare if node.operator in _ORDERING else interpreter.use
    take(left, Site(scope.module, offset_of(node.left)))
    # Of what is asked for a property, nothing more is wanted.
    take = interpreter.test if node.operator == "in" else take
    take(right, Site(scope.module, offset_of(node.right)))
    if node.operator == "in" and interpreter.request is not None:
        interpreter.request.tested(left)
    made = interpreter.request.witness.made_of((left, right)) if interpreter.request is not None else None
    return made or binary_value(interpreter, node.operator, left, right)


def both(interpreter: Interpreter, node: ir.Binary, scope: Scope) -> tuple[Value, str]:
    """``a && b``: b only happens when a holds. What it yields then, and the condition, empty where that is decided."""
    condition = condition_of(interpreter, node.left, scope)
    if condition.truth is True:
        return interpreter.evaluate(node.right, scope), ""
    if condition.truth is False:
        return (interpreter.evaluate(node.left, scope) if is_silent(node.left) else FALSE), ""

    sides: list[Value] = []

    def right() -> Value:
        assume(condition.when_true)
        sides.append(interpreter.evaluate(node.right, scope))
        return sides[0]

    value = fork_values(interpreter, [(condition.text, right), ("", lambda: FALSE)])
    options = [(option, text_) for option, text_ in options_of(value) if option is not FALSE]
    if not options or all(isinstance(option, Constant) for option, _ in options):
        return value, ""
    yielded = join(options)
    if interpreter.request is not None:
        interpreter.request.looked_up(sides[0], None, yielded)
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
            return type_of(value)
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


OPERATORS: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], Value]] = {
    ir.Assign: _assign,
    ir.Binary: _binary,
    ir.Unary: _unary,
    ir.Conditional: _conditional,
}
