"""Functions, parameters, classes, decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal as OneOf

from medpro_audit.extract.constructs.patterns import pattern
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Expressions, Lowering, Statements
    from medpro_audit.extract.syntax import Node


def function(lowering: Lowering, node: Node) -> ir.Function:
    """Lower a function of whatever form; its body only where all of the tree is wanted."""
    name = node.child_by_field_name("name")
    parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
    words = {child.type for child in node.children if not child.is_named}
    return ir.Function(
        lowering.word(name) if name is not None and name.type != "computed_property_name" else "",
        _parameters(lowering, parameters),
        None if lowering.is_lazy else lowering.function_body(node),
        node.start_byte,
        node.end_byte,
        "async" in words,
        "*" in words,
        node.type == "arrow_function",
    )


def _parameters(lowering: Lowering, node: Node | None) -> tuple[ir.Parameter, ...]:
    if node is None:
        return ()
    if node.type != "formal_parameters":
        return (ir.Parameter(pattern(lowering, node), "", is_property=False, decorators=()),)
    children = [child for child in node.named_children if child.type != "comment"]
    first = children[0].child_by_field_name("pattern") if children else None
    if first is not None and first.type == "this":  # TypeScript's word on ``this``: nothing is passed for it
        children.pop(0)
    return tuple(_parameter(lowering, each) for each in children)


def _parameter(lowering: Lowering, node: Node) -> ir.Parameter:
    if node.type not in {"required_parameter", "optional_parameter"}:
        return ir.Parameter(pattern(lowering, node), "", is_property=False, decorators=())
    name, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
    target = pattern(lowering, name) if name is not None else ir.Name("", node.start_byte)
    if value is not None:
        target = ir.Default(target, lowering.expression(value))
    modifiers = {child.type for child in node.children}
    return ir.Parameter(
        target,
        _annotation(lowering, node),
        is_property=bool(modifiers & {"accessibility_modifier", "readonly", "override_modifier"}),
        decorators=_decorators(lowering, node),
    )


def _annotation(lowering: Lowering, node: Node) -> str:
    annotation = node.child_by_field_name("type")
    names = annotation.named_children if annotation is not None else []
    return lowering.text(names[0]) if names and names[0].type == "type_identifier" else ""


def _decorators(lowering: Lowering, node: Node) -> tuple[ir.Expression, ...]:
    return tuple(
        lowering.first(child) or ir.Opaque((), child.start_byte)
        for child in node.named_children
        if child.type == "decorator"
    )


def _class(lowering: Lowering, node: Node) -> ir.Class:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
    decorators = _decorators(lowering, node)
    if node.parent is not None and node.parent.type == "export_statement":
        decorators = (*_decorators(lowering, node.parent), *decorators)
    return ir.Class(
        lowering.text(name) if name is not None else "",
        _base(lowering, heritage) if heritage is not None else None,
        _members(lowering, body) if body is not None else (),
        decorators,
        node.start_byte,
        node.end_byte,
    )


def _base(lowering: Lowering, heritage: Node) -> ir.Expression | None:
    for child in heritage.named_children:
        if child.type == "extends_clause":
            value = child.child_by_field_name("value")
            return lowering.expression(value) if value is not None else None
        if child.type != "implements_clause":
            return lowering.expression(child)
    return None


def _members(lowering: Lowering, body: Node) -> tuple[ir.ClassMember, ...]:
    members = []
    pending: list[ir.Expression] = []
    for child in body.named_children:
        if child.type == "decorator":
            pending.append(lowering.first(child) or ir.Opaque((), child.start_byte))
            continue
        member = _class_member(lowering, child, (*pending, *_decorators(lowering, child)))
        if member is not None:
            members.append(member)
        if child.type != "comment":
            pending = []
    return tuple(members)


def _class_member(lowering: Lowering, node: Node, decorators: tuple[ir.Expression, ...]) -> ir.ClassMember | None:
    words = {child.type for child in node.children}
    if node.type == "method_definition":
        key = lowering.key(node.child_by_field_name("name"))
        kind: OneOf["constructor", "method", "get", "set"] = "method"
        if key == "constructor":
            kind = "constructor"
        elif "get" in words:
            kind = "get"
        elif "set" in words:
            kind = "set"
        return ir.ClassMember(kind, key, function(lowering, node), "static" in words, decorators)
    if node.type in {"field_definition", "public_field_definition"}:
        name = node.child_by_field_name("property") or node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        if name is None or "declare" in words:
            return None
        lowered = lowering.named(value, name) if value is not None else None
        return ir.ClassMember("field", lowering.key(name), lowered, "static" in words, decorators)
    if node.type == "class_static_block":
        statements = lowering.body(node.child_by_field_name("body"))
        block = ir.Function(
            "", (), statements, node.start_byte, node.end_byte, is_async=False, is_generator=False, is_arrow=True
        )
        return ir.ClassMember("static-block", "", block, is_static=True, decorators=())
    return None


def _declare_function(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    out.append(ir.DeclareFunction(function(lowering, node)))


def _declare_class(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    out.append(ir.DeclareClass(_class(lowering, node)))


STATEMENTS: Statements = {
    "abstract_class_declaration": _declare_class,
    "class_declaration": _declare_class,
    "function_declaration": _declare_function,
    "generator_function_declaration": _declare_function,
}

EXPRESSIONS: Expressions = {
    "arrow_function": function,
    "class": _class,
    "function": function,
    "function_expression": function,
    "generator_function": function,
}
