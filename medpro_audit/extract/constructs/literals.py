"""Names, literals, templates, arrays and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal as OneOf

from medpro_audit.extract.constructs.escapes import unescape
from medpro_audit.extract.constructs.functions import function
from medpro_audit.extract.constructs.patterns import elements
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Expressions, Lowering
    from medpro_audit.extract.syntax import Node

_MAX_INTEGER = 2**53
"""Larger integers are floating-point numbers in JavaScript."""
_MAX_BITS = 1000
"""Integers of more bits than a float can hold."""


def _name(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Name(lowering.text(node), node.start_byte)


def _this(_: Lowering, node: Node) -> ir.Expression:
    return ir.This(node.start_byte)


def _super(_: Lowering, node: Node) -> ir.Expression:
    return ir.Super(node.start_byte)


def _text_literal(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Literal(lowering.string(node), node.start_byte)


def _number(lowering: Lowering, node: Node) -> ir.Expression:
    text = lowering.text(node).replace("_", "").lower().rstrip("n")
    try:
        value: int | float = int(text, 0) if not text.startswith("0") or text[1:2] in "xbo" else int(text, 8)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            return ir.Opaque((), node.start_byte)
    if isinstance(value, int) and abs(value) > _MAX_INTEGER:
        value = float(value) if value.bit_length() < _MAX_BITS else float("inf")
    return ir.Literal(value, node.start_byte)


def _true(_: Lowering, node: Node) -> ir.Expression:
    return ir.Literal(value=True, at=node.start_byte)


def _false(_: Lowering, node: Node) -> ir.Expression:
    return ir.Literal(value=False, at=node.start_byte)


def _null(_: Lowering, node: Node) -> ir.Expression:
    return ir.Literal(None, node.start_byte)


def template(lowering: Lowering, node: Node) -> ir.Template:
    """Lower a template: texts and expressions in turn."""
    parts: list[str | ir.Expression] = []
    for child in node.named_children:
        if child.type == "template_substitution":
            parts.append(lowering.first(child) or ir.Opaque((), child.start_byte))
        else:
            text = lowering.text(child)
            parts.append(unescape(text) if child.type == "escape_sequence" else text)
    return ir.Template(tuple(parts), node.start_byte)


def _regex(lowering: Lowering, node: Node) -> ir.Expression:
    pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
    text = lowering.text(pattern) if pattern is not None else ""
    return ir.Regex(text, lowering.text(flags) if flags is not None else "", node.start_byte)


def _array(lowering: Lowering, node: Node) -> ir.Expression:
    items = [lowering.expression(child) if child is not None else None for child in elements(node)]
    return ir.Array(tuple(items), node.start_byte)


def _spread(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Spread(lowering.first(node) or ir.Opaque((), node.start_byte), node.start_byte)


def _object(lowering: Lowering, node: Node) -> ir.Expression:
    return ir.Object(tuple(filter(None, (_property(lowering, each) for each in node.named_children))), node.start_byte)


def _property(lowering: Lowering, node: Node) -> ir.Property | None:
    kind = node.type
    if kind == "pair":
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        return ir.Property("value", lowering.key(key), lowering.named(value, key)) if key and value else None
    if kind == "shorthand_property_identifier":
        return ir.Property("value", lowering.text(node), _name(lowering, node))
    if kind == "method_definition":
        accessor: OneOf["get", "set", "value"] = "value"
        for child in node.children:
            if child.type == "get":
                accessor = "get"
            elif child.type == "set":
                accessor = "set"
        return ir.Property(accessor, lowering.key(node.child_by_field_name("name")), function(lowering, node))
    if kind == "spread_element":
        return ir.Property("spread", "", lowering.first(node) or ir.Opaque((), node.start_byte))
    return None


def _jsx_braces(lowering: Lowering, node: Node) -> ir.Expression:
    return lowering.first(node) or ir.Opaque((), node.start_byte)


EXPRESSIONS: Expressions = {
    "array": _array,
    "false": _false,
    "identifier": _name,
    "import": _name,
    "jsx_expression": _jsx_braces,
    "meta_property": _name,
    "null": _null,
    "number": _number,
    "object": _object,
    "private_property_identifier": _name,
    "property_identifier": _name,
    "regex": _regex,
    "shorthand_property_identifier": _name,
    "spread_element": _spread,
    "string": _text_literal,
    "super": _super,
    "template_string": template,
    "this": _this,
    "true": _true,
    "undefined": _name,
}
