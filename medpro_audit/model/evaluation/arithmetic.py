"""Operators on values: what they yield of what is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.collections import Length
from medpro_audit.model.evaluation.strings import concatenated
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
    Text,
    TypeOf,
    Unknown,
    Value,
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
        return concatenated((left, right))
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


def type_of(value: Value) -> Value:
    """What ``typeof`` says of a value."""
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
