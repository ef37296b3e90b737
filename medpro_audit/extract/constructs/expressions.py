"""Access, calls, assignments and operators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.extract.constructs.literals import template
from medpro_audit.extract.constructs.patterns import pattern
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Expressions, Lowering
    from medpro_audit.extract.syntax import Node

_CHAINED = {"call_expression", "member_expression", "subscript_expression"}


def _member(lowering: Lowering, node: Node) -> ir.Expression:
    name = node.child_by_field_name("property")
    if name is None:
        return ir.Opaque((), node.start_byte)
    inner, is_awaited = _chain(lowering, node, "object")
    return _awaited(ir.Member(inner, lowering.text(name), name.start_byte), is_awaited)


def _index(lowering: Lowering, node: Node) -> ir.Expression:
    inner, is_awaited = _chain(lowering, node, "object")
    return _awaited(ir.Index(inner, lowering.field(node, "index"), node.start_byte), is_awaited)


def _call(lowering: Lowering, node: Node) -> ir.Expression:
    callee, is_awaited = _chain(lowering, node, "function")
    if isinstance(callee, ir.Name) and callee.id == "await":
        return ir.Await(_awaited_argument(lowering, node))
    return _awaited(_called(lowering, node, callee), is_awaited)


def _chain(lowering: Lowering, node: Node, field: str) -> tuple[ir.Expression, bool]:
    """What a call or an access stands behind, and whether all of it is awaited.

    The JavaScript grammar (0.23 to 0.25) reads ``await (f)().x`` as a call of a function named ``await``.
    """
    child = node.child_by_field_name(field)
    lowered = lowering.expression(child) if child is not None else ir.Opaque((), node.start_byte)
    if isinstance(lowered, ir.Await) and child is not None and child.type in _CHAINED:
        return lowered.value, True
    return lowered, False


def _awaited_argument(lowering: Lowering, node: Node) -> ir.Expression:
    arguments = node.child_by_field_name("arguments")
    inner = lowering.first(arguments) if arguments is not None else None
    return inner or ir.Opaque((), node.start_byte)


def _called(lowering: Lowering, node: Node, callee: ir.Expression) -> ir.Expression:
    arguments = node.child_by_field_name("arguments")
    if arguments is None:
        return ir.Call(callee, (), node.start_byte, node.end_byte)
    at = node.start_byte
    if isinstance(callee, ir.Member):
        at = callee.at
    elif isinstance(callee, ir.Index):
        at = arguments.start_byte  # where a stack trace of V8 has it
    if arguments.type == "template_string":
        return ir.Tagged(callee, template(lowering, arguments), at)
    return ir.Call(callee, _arguments(lowering, arguments), at, node.end_byte)


def _new(lowering: Lowering, node: Node) -> ir.Expression:
    arguments = node.child_by_field_name("arguments")
    lowered = _arguments(lowering, arguments) if arguments is not None else ()
    return ir.New(lowering.field(node, "constructor"), lowered, node.start_byte, node.end_byte)


def _arguments(lowering: Lowering, node: Node) -> tuple[ir.Expression, ...]:
    return tuple(lowering.expression(child) for child in node.named_children if child.type != "comment")


def _assign(lowering: Lowering, node: Node) -> ir.Expression:
    left, right, operator = (node.child_by_field_name(name) for name in ("left", "right", "operator"))
    if left is None or right is None:
        return ir.Opaque((), node.start_byte)
    named = left.child_by_field_name("property") if left.type == "member_expression" else left
    value = lowering.named(right, named) if named is not None else lowering.expression(right)
    return ir.Assign(pattern(lowering, left), lowering.text(operator) if operator else "=", value, node.start_byte)


def _binary(lowering: Lowering, node: Node) -> ir.Expression:
    operator = node.child_by_field_name("operator")
    word = operator.type if operator is not None else "?"
    return ir.Binary(word, lowering.field(node, "left"), lowering.field(node, "right"), node.start_byte)


def _unary(lowering: Lowering, node: Node) -> ir.Expression:
    operator = node.child_by_field_name("operator")
    if node.type == "update_expression" and node.children[0] == operator:  # ++x is x += 1; x++ has the old value
        operand = node.child_by_field_name("argument")
        if operand is not None:
            one = ir.Literal(1, node.start_byte)
            return ir.Assign(pattern(lowering, operand), operator.type[0] + "=", one, node.start_byte)
    return ir.Unary(operator.type if operator is not None else "?", lowering.field(node, "argument"), node.start_byte)


def _conditional(lowering: Lowering, node: Node) -> ir.Expression:
    test, then, otherwise = (lowering.field(node, name) for name in ("condition", "consequence", "alternative"))
    return ir.Conditional(test, then, otherwise, node.start_byte)


def _sequence(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Sequence(tuple(lowering.expression(child) for child in node.named_children if child.type != "comment"))


def _await(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Await(lowering.first(node) or ir.Opaque((), node.start_byte))


def _yield(lowering: Lowering, node: Node) -> ir.Expression:
    value = lowering.first(node)
    is_delegating = value is not None and any(child.type == "*" for child in node.children)
    return ir.Yield(ir.Spread(value, node.start_byte) if value is not None and is_delegating else value)


def _awaited(expression: ir.Expression, is_awaited: bool) -> ir.Expression:
    return ir.Await(expression) if is_awaited else expression


EXPRESSIONS: Expressions = {
    "assignment_expression": _assign,
    "augmented_assignment_expression": _assign,
    "await_expression": _await,
    "binary_expression": _binary,
    "call_expression": _call,
    "member_expression": _member,
    "new_expression": _new,
    "sequence_expression": _sequence,
    "subscript_expression": _index,
    "ternary_expression": _conditional,
    "unary_expression": _unary,
    "update_expression": _unary,
    "yield_expression": _yield,
}
