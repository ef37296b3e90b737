"""The operators by which a rule tests an attribute. The loader, the JSON Schema and the documentation read this table.

A test is never guessed. Where the attribute is missing, is the word ``unknown`` (and the test does not itself speak of
``unknown``), is read from the environment, or is of another type than the operator compares, the answer is unknown.
Only ``exists`` has an answer for what is missing; ask it first where a missing value is an answer.
"""

import operator
from collections.abc import Callable
from functools import cache
from typing import Literal

from msgspec import Struct

from medpro_audit.rules.attributes import UNKNOWN, Attribute, Shape
from medpro_audit.rules.patterns import Pattern
from medpro_audit.rules.truth import Truth, conjoin, disjoin

Tested = Literal["value", "text", "number", "list", "structures", "optional"]
"""What can be tested: a single value, free text, a number, a list of values, a list of structures, what may miss."""

OperandKind = Literal["value", "values", "text", "number", "boolean", "pattern", "condition"]
"""What stands after an operator; a value must be one that the attribute, or an item of its list, can have."""

Condition = Callable[[object], Truth]
"""A compiled condition, to be asked of a subject."""

Operand = str | int | float | bool | frozenset[str | int | float | bool] | Pattern | Condition
"""An operand that has been proved."""


class Operator(Struct, frozen=True):
    """One way of testing an attribute."""

    name: str
    tests: tuple[Tested, ...]
    operand: OperandKind
    doc: str
    """What holds of the attribute, to be read after its name."""
    decide: Callable[..., Truth]
    """Of a value that can be tested and an operand."""

    def fits(self, shape: Shape) -> bool:
        """Tell whether attributes of this shape can be tested by it."""
        return any(_FITS[tested](shape) for tested in self.tests)

    def bind(self, attribute: Attribute, operand: Operand) -> Condition:
        """Compile the test of one attribute."""
        read, decide = attribute.read, self.decide
        testable = tuple(kind for tested in self.tests for kind in _TESTABLE[tested])
        hides = UNKNOWN in attribute.shape.choices and "optional" not in self.tests and not _speaks_of_unknown(operand)

        def test(subject: object) -> Truth:
            value = read(subject)
            if not isinstance(value, testable) or (hides and value == UNKNOWN):
                return None
            return decide(value, operand)

        return test


def _speaks_of_unknown(operand: Operand) -> bool:
    return operand == UNKNOWN or (isinstance(operand, frozenset) and UNKNOWN in operand)


_FITS: dict[Tested, Callable[[Shape], bool]] = {
    "value": lambda shape: shape.has_scalar,
    "text": lambda shape: shape.has_text,
    "number": lambda shape: shape.has_number,
    "list": lambda shape: shape.item is not None and shape.item.has_scalar,
    "structures": lambda shape: shape.item is not None and shape.item.struct is not None,
    "optional": lambda shape: shape.optional,
}

_TESTABLE: dict[Tested, tuple[type, ...]] = {
    "value": (str, int, float),
    "text": (str,),
    "number": (int, float),
    "list": (tuple,),
    "structures": (tuple,),
    "optional": (object,),
}

_TABLE = (
    Operator("equals", ("value",), "value", "is this value", operator.eq),
    Operator("in", ("value",), "values", "is one of these values", lambda value, operands: value in operands),
    Operator("contains", ("list", "text"), "value", "has this item, or this part of its text", operator.contains),
    Operator("contains-any", ("list",), "values", "has at least one of these items", lambda v, o: not o.isdisjoint(v)),
    Operator("contains-all", ("list",), "values", "has all of these items", lambda v, o: o.issubset(v)),
    Operator("empty", ("list", "structures", "text"), "boolean", "is empty, or not", lambda v, o: (not v) is o),
    Operator("exists", ("optional",), "boolean", "is there, or missing", lambda v, o: (v is not None) is o),
    Operator("gt", ("number",), "number", "is greater", operator.gt),
    Operator("gte", ("number",), "number", "is greater or equal", operator.ge),
    Operator("lt", ("number",), "number", "is less", operator.lt),
    Operator("lte", ("number",), "number", "is less or equal", operator.le),
    Operator("starts-with", ("text",), "text", "begins with this text", str.startswith),
    Operator("ends-with", ("text",), "text", "ends with this text", str.endswith),
    Operator(
        "matches",
        ("text",),
        "pattern",
        "holds a match of this regular expression in its first 256 characters",
        lambda value, pattern: pattern.is_in(value),
    ),
    Operator(
        "some",
        ("structures",),
        "condition",
        "has an item of which this condition holds",
        lambda items, condition: disjoin(condition(item) for item in items),
    ),
    Operator(
        "every",
        ("structures",),
        "condition",
        "has only items of which this condition holds",
        lambda items, condition: conjoin(condition(item) for item in items),
    ),
)

OPERATORS: dict[str, Operator] = {each.name: each for each in _TABLE}
"""Operators by name, in the order in which they are documented."""


@cache
def operators_for(shape: Shape) -> tuple[Operator, ...]:
    """Return the operators that can test attributes of this shape."""
    return tuple(each for each in _TABLE if each.fits(shape))
