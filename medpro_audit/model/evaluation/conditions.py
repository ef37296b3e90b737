"""Conditions: whether they hold, and what follows when they do or don't."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.branching import fork, maybe
from medpro_audit.model.evaluation.clauses import Clause, holds_by_default
from medpro_audit.model.evaluation.collections import Length, Printed, Within
from medpro_audit.model.evaluation.control import Branch, Completion
from medpro_audit.model.evaluation.journal import Changes, Parted
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.searching import question_of_place
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Choice,
    ClassValue,
    Constant,
    Environment,
    FunctionValue,
    Native,
    ObjectValue,
    Pattern,
    Proposition,
    Site,
    Text,
    Unknown,
    Value,
    is_caught,
    now,
)
from medpro_audit.model.evaluation.witness import NEITHER, Sides

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

Assumption = Callable[[], None]


class Condition(Struct, frozen=True):
    """A condition: its truth where that is known, and what to assume on each side."""

    truth: bool | None
    when_true: tuple[Assumption, ...]
    when_false: tuple[Assumption, ...]
    text: str
    is_of_item: bool = False
    """It is asked of one item of a list: whatever the answer, there may be others after it."""

    def negated(self) -> Condition:
        """The opposite condition."""
        return Condition(None if self.truth is None else not self.truth, self.when_false, self.when_true, self.text)


class Judgement(Proposition):
    """The value of a condition that isn't decided, to be decided later where it is looked at."""

    __slots__ = ("condition",)

    def __init__(self, condition: Condition) -> None:
        self.condition = condition

    @property
    def is_answer(self) -> bool:
        """It is either true or false."""
        return True

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """What follows from the condition follows from its value."""
        assume(self.condition.when_true if holds else self.condition.when_false)


class Decided(Choice):
    """One of two values, of which one is truthy and the other isn't: which of them it is, a condition decides."""

    __slots__ = ("condition",)

    def __init__(self, options: Sequence[tuple[Value, str]], condition: Condition) -> None:
        super().__init__(options)
        self.condition = condition
        """Holds where it is the truthy one."""


def decided(value: Value, condition: Condition, then: Value, otherwise: Value) -> Value:
    """What ``condition ? then : otherwise`` yields."""
    sides = truth_of(then), truth_of(otherwise)
    if not isinstance(value, Choice) or condition.truth is not None or sides not in {(True, False), (False, True)}:
        return value
    return Decided(value.options, condition if sides[0] else condition.negated())


def connected(interpreter: Interpreter, node: ir.Binary, scope: Scope, first: Condition, second: Value) -> Value | None:
    """What ``a && b`` or ``a || b`` yields where b is itself the answer to a question; None where it isn't, and the
    value is more than true or false.
    """
    if interpreter.request is None or not isinstance(second, Proposition) or not second.is_answer:
        return None
    other = condition_of_value(interpreter, second, node.right, scope)
    if node.operator == "&&":
        both = _both(interpreter, first, other)
    else:
        both = _both(interpreter, first.negated(), other.negated()).negated()
    return judged(structs.replace(both, text=interpreter.spell(node, scope)))


def judged(condition: Condition) -> Value:
    """The value of a condition."""
    if condition.truth is None:
        return Judgement(condition)
    return TRUE if condition.truth else FALSE


def truth_of(value: Value) -> bool | None:
    """Whether a value is truthy; None when that is not known."""
    match value:
        case Constant(value=constant):
            return bool(constant)
        case Proposition():
            return None
        case Choice():
            return _common_truth(value)
        case ObjectValue() | ArrayValue() | FunctionValue() | ClassValue() | Pattern():
            return True
        case Native():
            return value.truth
        case Text(parts=parts):
            return True if any(isinstance(part, str) and part for part in parts) else None
        case Environment(default=default) if default is not None:
            return True if truth_of(default) else None
    return False if value is UNDEFINED else None


def _common_truth(choice: Choice) -> bool | None:
    truths = {truth_of(option) for option, _ in choice.options}
    return truths.pop() if len(truths) == 1 else None


_REPORTS = frozenset(("details", "error", "errors", "inner", "issues", "message"))
"""Properties of an error that say what has failed."""
_EMPTINESS = {
    (">", 0): True,
    (">=", 1): True,
    ("!==", 0): True,
    ("!=", 0): True,
    ("===", 0): False,
    ("==", 0): False,
    ("<", 1): False,
}
"""Comparisons of a length that ask whether there is anything."""


def condition_of(interpreter: Interpreter, node: ir.Expression, scope: Scope) -> Condition:
    """Evaluate a condition."""
    match node:
        case ir.Unary(operator="!", operand=operand):
            opposite = condition_of(interpreter, operand, scope).negated()
            return structs.replace(opposite, text=interpreter.spell(node, scope))
        case ir.Binary(operator="&&" | "||" as operator, left=left, right=right):
            first = condition_of(interpreter, left, scope)
            if operator == "&&":
                both = _in_order(interpreter, first, right, scope)
            else:
                both = _in_order(interpreter, first.negated(), right, scope, is_negated=True).negated()
            return structs.replace(both, text=interpreter.spell(node, scope))
        case ir.Binary(
            operator=operator, left=ir.Member(name="length" | "size") as length, right=ir.Literal(value=0 | 1 as bound)
        ):
            value = interpreter.evaluate(length, scope)
            asks_for_some = _EMPTINESS.get((operator, int(bound)))
            if isinstance(value, Proposition | Parted) and asks_for_some is not None:
                found = condition_of_value(interpreter, value, node, scope)
                return found if asks_for_some else found.negated()
    if (asked := question_of_place(node)) is not None:
        found = condition_of(interpreter, asked[0], scope)
        return structs.replace(found if asked[1] else found.negated(), text=interpreter.spell(node, scope))
    match node:
        case ir.Binary(operator="===" | "==" | "!==" | "!=" as operator, left=left, right=right):
            return _comparison(interpreter, node, scope, (left, right), is_equal=operator.startswith("="))
    value = interpreter.evaluate(node, scope)
    if is_promise(interpreter, node, scope):
        return Condition(True, (), (), interpreter.spell(node, scope))  # noqa: FBT003 - nobody waits for the promise
    interpreter.test(value, _site(scope, node))
    if isinstance(node, ir.Index) and interpreter.request is not None and is_silent(node.key):
        interpreter.request.tested(interpreter.evaluate(node.key, scope))  # it is looked up in a table
    return condition_of_value(interpreter, value, node, scope)


def is_promise(interpreter: Interpreter, node: ir.Expression, scope: Scope) -> bool:
    """Whether an expression that was just computed is a promise for which nobody waits."""
    match node:
        case ir.Call(at=at):
            return interpreter.promised == (scope.module, at)
        case ir.Name(id=name):
            found = scope.find(name)
            return found is not None and name in found.promises
    return False


def _in_order(
    interpreter: Interpreter, first: Condition, node: ir.Expression, scope: Scope, *, is_negated: bool = False
) -> Condition:
    """A condition and a second one, or its opposite, that is only asked where the first holds."""
    if first.truth is False:
        return first
    found: list[tuple[Condition, Changes]] = []

    def ask() -> Completion:
        assume(first.when_true)
        mark, born = interpreter.journal.mark, now()
        second = condition_of(interpreter, node, scope)
        second = second.negated() if is_negated else second
        found.append((second, interpreter.journal.changes_since(mark, born)))
        return Completion.NORMAL

    if first.truth:
        ask()
    elif is_silent(node):  # what was assumed to ask it holds for the question only
        before, start = interpreter.journal.mark, now()
        ask()
        interpreter.journal.undo(before, start)
    else:
        maybe(interpreter, first.text, ask)
    if not found:
        return Condition(False, (), first.when_false, first.text)  # noqa: FBT003 - the second one throws
    second, changes = found[0]
    again = (lambda: interpreter.journal.apply([(changes, "")]),) if changes and not first.truth else ()
    return _both(interpreter, structs.replace(first, when_true=(*first.when_true, *again)), second)


def is_silent(node: ir.Expression) -> bool:
    """Whether evaluating an expression does nothing: it only reads and compares."""
    match node:
        case ir.Literal() | ir.Name() | ir.This() | ir.Function() | ir.Regex():
            return True
        case ir.Member(object=inner) | ir.Unary(operator="!" | "typeof" | "-" | "+", operand=inner):
            return is_silent(inner)
        case ir.Index(object=left, key=right) | ir.Binary(left=left, right=right):
            return is_silent(left) and is_silent(right)
    return False


def _site(scope: Scope, node: ir.Expression) -> Site:
    """Where an expression stands."""
    return Site(scope.module, offset_of(node))


def condition_of_value(interpreter: Interpreter, value: Value, node: ir.Expression, scope: Scope) -> Condition:
    """The condition that the value is truthy that an expression has yielded."""
    found = _condition_of_value(interpreter, value, node, scope)
    if found.truth is not None or interpreter.request is None:
        return found
    yes, no = interpreter.request.where_true(value, _site(scope, node))
    return structs.replace(found, when_true=(*yes, *found.when_true), when_false=(*no, *found.when_false))


def _condition_of_value(interpreter: Interpreter, value: Value, node: ir.Expression, scope: Scope) -> Condition:
    if isinstance(value, Within):
        return Condition(None, (), (), value.condition, is_of_item=True)
    if isinstance(value, Decided):
        return structs.replace(value.condition, text=interpreter.spell(node, scope))
    if isinstance(value, Proposition):
        when_true, when_false = _configured(interpreter, value, node, scope)
        return Condition(
            holds_by_default(value.condition.text) if interpreter.is_trial and isinstance(value, Judgement) else None,
            (lambda: value.assume(interpreter, holds=True), *when_true),
            (lambda: value.assume(interpreter, holds=False), *when_false),
            interpreter.spell(node, scope),
        )
    truth = truth_of(value)
    if truth is not None and interpreter.request is not None and may_change(node, scope):
        truth = None
    when_true, when_false = _supposed(interpreter, value, node, scope) if truth is None else NEITHER
    if isinstance(value, Parted):
        known_true, known_false = _told(interpreter, value, _truth_of_report)
        when_true, when_false = (*known_true, *when_true), (*known_false, *when_false)
    return Condition(truth, when_true, when_false, interpreter.spell(node, scope))


def _told(interpreter: Interpreter, value: Parted, holds: Callable[[Value, Changes], bool | None]) -> Sides:
    """The facts that hold where something holds of a value, and where it does not."""
    learn = interpreter.journal.learn
    yes, no = value.where(holds)
    return (partial(learn, yes),) if yes else (), (partial(learn, no),) if no else ()


def _told_by_equality(interpreter: Interpreter, sides: tuple[Value, Value], *, is_strict: bool) -> Sides:
    """The facts that hold where two values are equal, and where they are not."""
    value, other = sides if isinstance(sides[0], Parted) else sides[::-1]
    if not isinstance(value, Parted):
        return NEITHER
    return _told(interpreter, value, lambda option, _: _equality(option, other, is_strict=is_strict))


def _truth_of_report(value: Value, facts: Changes) -> bool | None:
    """Whether a value is truthy that may report why something has failed, on a path with these facts."""
    if isinstance(value, Proposition):
        return value.truth_among([fact for _, fact in facts.values()])
    if isinstance(value, Unknown) and is_caught(value):
        return True if value.owner is None or value.name in _REPORTS or not value.name else None
    return truth_of(value)


def _configured(interpreter: Interpreter, value: Proposition, node: ir.Expression, scope: Scope) -> Sides:
    """What follows for who may pass where a question was asked while the program was loaded: of its configuration."""
    is_asked = interpreter.request is not None and not interpreter.is_trial
    if not is_asked or not isinstance(value, Judgement) or not isinstance(value.condition.text, Clause):
        return NEITHER
    assert interpreter.request is not None
    return interpreter.request.witness.supposed(
        value, _site(scope, node), lambda: holds_by_default(value.condition.text)
    )


def _supposed(interpreter: Interpreter, value: Value, node: ir.Expression, scope: Scope) -> Sides:
    """What follows for who may pass."""
    if interpreter.request is None or interpreter.is_trial:
        return NEITHER
    return interpreter.request.witness.supposed(
        value, _site(scope, node), lambda: interpreter.holds_by_default(node, scope)
    )


def may_change(node: ir.Expression, scope: Scope) -> bool:
    """A module's own variable: by the time of a request it may hold something else than after loading."""
    match node:
        case ir.Name(id=name):
            found = scope.find(name)
            return found is not None and found.parent is None and name in found.module.variables
        case ir.Member(object=inner):
            return may_change(inner, scope) or isinstance(inner, ir.This)
    return False


def _both(interpreter: Interpreter, first: Condition, second: Condition) -> Condition:
    truth: bool | None = None
    if first.truth is False or second.truth is False:
        truth = False
    elif first.truth and second.truth:
        truth = True
    when_true = (*first.when_true, *second.when_true)
    return Condition(truth, when_true, _one_fails(interpreter, first, second), first.text)


def _one_fails(interpreter: Interpreter, first: Condition, second: Condition) -> tuple[Assumption, ...]:
    """What follows where a conjunction fails: what follows whichever part it is, unless one of them surely holds."""
    if first.truth:
        return second.when_false
    if second.truth:
        return first.when_false
    if not first.when_false or not second.when_false:
        return ()

    def fails(assumptions: Sequence[Assumption]) -> Branch:
        def run() -> Completion:
            assume(assumptions)
            return Completion.NORMAL

        return Branch("", run)

    sides = [fails(first.when_false), fails((*first.when_true, *second.when_false))]
    return (lambda: _forked(interpreter, sides),)


def _forked(interpreter: Interpreter, sides: Sequence[Branch]) -> None:
    fork(interpreter, sides)


def _comparison(
    interpreter: Interpreter,
    node: ir.Binary,
    scope: Scope,
    sides: tuple[ir.Expression, ir.Expression],
    *,
    is_equal: bool,
) -> Condition:
    left, right = (interpreter.evaluate(side, scope) for side in sides)
    for proposition, other in ((left, right), (right, left)):
        truth = truth_of(other) if other is UNDEFINED or _is_null_or_boolean(other) else None
        if isinstance(proposition, Printed) and isinstance(other, Constant) and other.value in {"{}", "[]"}:
            found = condition_of_value(interpreter, Length(proposition.of), node, scope)
            return found.negated() if is_equal else found
        if isinstance(proposition, Proposition | Decided) and truth is not None:
            found = condition_of_value(interpreter, proposition, node, scope)
            return found if truth == is_equal else found.negated()
    if interpreter.request is not None:
        interpreter.request.compared(left, right, Site(scope.module, node.at))
    is_presence = any(value is UNDEFINED or _is_null_or_boolean(value) for value in (left, right))
    for side, value in zip(sides, (left, right), strict=True):
        (interpreter.test if is_presence else interpreter.compare)(value, _site(scope, side))
    is_strict = node.operator in {"===", "!=="}
    equal = _equality(left, right, is_strict=is_strict)
    if equal is not None and interpreter.request is not None and any(may_change(side, scope) for side in sides):
        equal = None
    when_equal, when_not = NEITHER
    if equal is None and interpreter.request is not None and not interpreter.is_trial:
        when_equal, when_not = interpreter.request.witness.compared(
            left, right, _site(scope, node), lambda: _agrees(interpreter.holds_by_default(node, scope), is_equal)
        )
        told_equal, told_not = _told_by_equality(interpreter, (left, right), is_strict=is_strict)
        when_equal = (*told_equal, *when_equal, *interpreter.request.where_equal(left, right, _site(scope, node)))
        when_not = (*told_not, *when_not)
    if not is_equal:
        when_equal, when_not = when_not, when_equal
    return Condition(None if equal is None else equal == is_equal, when_equal, when_not, interpreter.spell(node, scope))


def _agrees(holds: bool | None, is_equal: bool) -> bool | None:
    """Whether the sides are equal, of a comparison that holds or doesn't."""
    return None if holds is None else holds is is_equal


def _is_null_or_boolean(value: Value) -> bool:
    return isinstance(value, Constant) and (value.value is None or isinstance(value.value, bool))


def _equality(left: Value, right: Value, *, is_strict: bool) -> bool | None:
    if isinstance(left, Constant) and isinstance(right, Constant):
        if _kind(left) is _kind(right):
            return left.value == right.value
        return False if is_strict or left.value is None or right.value is None else None
    if left is UNDEFINED and right is UNDEFINED:
        return True
    for value, other in ((left, right), (right, left)):
        if value is UNDEFINED and isinstance(other, Constant):
            return other.value is None and not is_strict
    definite = (ObjectValue, ArrayValue, FunctionValue, ClassValue)
    empty = [
        value for value in (left, right) if value is UNDEFINED or (isinstance(value, Constant) and value.value is None)
    ]
    if empty and any(isinstance(value, definite) for value in (left, right)):
        return False
    return True if left is right and isinstance(left, definite) else None


def _kind(constant: Constant) -> type:
    """What ``===`` tells apart; Python takes ``True`` for 1."""
    return int if isinstance(constant.value, float) else type(constant.value)


def assume(assumptions: Sequence[Assumption]) -> None:
    """Make assumptions hold on the present path."""
    for assumption in assumptions:
        assumption()
