"""Binding and assignment targets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.extract.syntax import TRANSPARENT
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Lowering
    from medpro_audit.extract.syntax import Node


def pattern(lowering: Lowering, node: Node) -> ir.Pattern:
    """Lower a binding or assignment target."""
    kind = node.type
    if kind in {"object_pattern", "object"}:
        return _object_pattern(lowering, node)
    if kind in {"array_pattern", "array"}:
        return _array_pattern(lowering, node)
    if kind in {"assignment_pattern", "object_assignment_pattern", "assignment_expression"}:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if left is not None and right is not None:
            return ir.Default(pattern(lowering, left), lowering.named(right, left))
    if kind in {"rest_pattern", "spread_element"} and node.named_children:
        return ir.Rest(pattern(lowering, node.named_children[0]))
    if kind in TRANSPARENT and node.named_children:
        return pattern(lowering, node.named_children[0])
    if kind in {"member_expression", "subscript_expression"}:
        lowered = lowering.expression(node)
        if isinstance(lowered, ir.Member | ir.Index):
            return lowered
    is_name = "identifier" in kind or kind == "undefined"
    return ir.Name(lowering.text(node) if is_name else "", node.start_byte)


def _object_pattern(lowering: Lowering, node: Node) -> ir.Pattern:
    entries: list[ir.PatternEntry] = []
    rest: ir.Pattern | None = None
    for child in node.named_children:
        if child.type in {"rest_pattern", "spread_element"} and child.named_children:
            rest = pattern(lowering, child.named_children[0])
        elif child.type in {"pair_pattern", "pair"}:
            key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
            if key is not None and value is not None:
                entries.append(ir.PatternEntry(lowering.key(key), pattern(lowering, value)))
        elif child.type in {"shorthand_property_identifier_pattern", "shorthand_property_identifier"}:
            entries.append(ir.PatternEntry(lowering.text(child), pattern(lowering, child)))
        elif child.type in {"object_assignment_pattern", "assignment_expression"}:
            left = child.child_by_field_name("left")
            if left is not None:
                entries.append(ir.PatternEntry(lowering.text(left), pattern(lowering, child)))
    return ir.ObjectPattern(tuple(entries), rest, node.start_byte)


def _array_pattern(lowering: Lowering, node: Node) -> ir.Pattern:
    items = [pattern(lowering, child) if child is not None else None for child in elements(node)]
    return ir.ArrayPattern(tuple(items), node.start_byte)


def elements(node: Node) -> Iterator[Node | None]:
    """The elements of an array or of a pattern of one; None for a hole."""
    is_hole = True
    for child in node.children:
        if child.type == ",":
            if is_hole:
                yield None
            is_hole = True
        elif child.is_named and child.type != "comment":
            yield child
            is_hole = False
