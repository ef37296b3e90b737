"""Imports and exports, and what TypeScript has beside them: namespaces and enums."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from medpro_audit.extract.constructs.patterns import pattern
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Lowering, Statements
    from medpro_audit.extract.syntax import Node

_TYPES_OF = re.compile(rb"export\s+type\s*\*")


def _import(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    source = node.child_by_field_name("source")
    bindings: list[tuple[str, str]] = []
    has_names = False
    for child in node.named_children:
        if child.type == "import_clause":
            has_names = True
            _import_clause(lowering, child, bindings)
        elif child.type == "import_require_clause":  # import x = require('y')
            _import_require(lowering, child, out)
            return
    is_erased = has_names and not bindings  # all of them types
    if source is not None and not is_erased and not is_type_only(node, lowering.source):
        out.append(ir.Import(lowering.string(source), tuple(bindings), node.start_byte))


def _import_clause(lowering: Lowering, clause: Node, bindings: list[tuple[str, str]]) -> None:
    for child in clause.named_children:
        if child.type == "identifier":
            bindings.append(("default", lowering.text(child)))
        elif child.type == "namespace_import":
            bindings.append(("*", lowering.text(child.named_children[-1])))
        elif child.type == "named_imports":
            for item in child.named_children:
                name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                if name is not None and not is_type_only(item, lowering.source):
                    bindings.append((lowering.word(name), lowering.text(alias or name)))


def _import_require(lowering: Lowering, clause: Node, out: list[ir.Statement]) -> None:
    name, source = clause.named_children[0], clause.child_by_field_name("source")
    if source is not None:
        literal = ir.Literal(lowering.string(source), source.start_byte)
        call = ir.Call(ir.Name("require", name.start_byte), (literal,), source.start_byte, clause.end_byte)
        out.append(ir.Declare("const", pattern(lowering, name), call, name.start_byte))


def _export(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    source, declaration = node.child_by_field_name("source"), node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    is_default = any(child.type == "default" for child in node.children)
    if declaration is not None and not is_default:
        out.append(ir.ExportDeclaration(lowering.block((declaration,))))
    elif declaration is not None or value is not None:
        _export_value(lowering, node, declaration or value, is_default=is_default, out=out)
    elif any(child.type == "=" for child in node.children):  # export = x
        _export_value(lowering, node, node.named_children[-1], is_default=False, out=out)
    elif not is_type_only(node, lowering.source):
        specifier = lowering.string(source) if source is not None else ""
        out.append(ir.Export(tuple(_export_names(lowering, node)), specifier, node.start_byte))


def _export_value(
    lowering: Lowering, node: Node, value: Node | None, *, is_default: bool, out: list[ir.Statement]
) -> None:
    if value is None:
        return
    if not is_default:
        target = ir.Member(ir.Name("module", node.start_byte), "exports", node.start_byte)
        out.append(ir.Evaluate(ir.Assign(target, "=", lowering.expression(value), node.start_byte)))
        return
    statements = lowering.block((value,)) if lowering.is_statement(value) else ()
    match statements:
        case (ir.DeclareFunction(function=ir.Function(name=name)),) if name:
            out.extend((*statements, ir.Export(((name, "default"),), "", node.start_byte)))
        case (ir.DeclareFunction(function=function),):
            out.append(ir.ExportDefault(function, node.start_byte))
        case (ir.DeclareClass(value=ir.Class(name=name)),) if name:
            out.extend((*statements, ir.Export(((name, "default"),), "", node.start_byte)))
        case (ir.DeclareClass(value=unnamed),):
            out.append(ir.ExportDefault(unnamed, node.start_byte))
        case _:
            out.append(ir.ExportDefault(lowering.expression(value), node.start_byte))


def _export_names(lowering: Lowering, node: Node) -> Iterable[tuple[str, str]]:
    for child in node.children:
        if child.type == "*":
            yield "*", "*"
        elif child.type == "namespace_export":
            yield "*", lowering.word(child.named_children[-1])
        elif child.type == "export_clause":
            for item in child.named_children:
                name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                if name is not None and not is_type_only(item, lowering.source):
                    yield lowering.word(name), lowering.word(alias or name)


def namespace(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    """A TypeScript namespace: its statements stand in the scope around it, which is enough to follow values."""
    body = node.child_by_field_name("body")
    if body is not None:
        out.extend(lowering.block(body.named_children))


def _enum(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if name is None or body is None:
        return
    entries = []
    for index, item in enumerate(child for child in body.named_children if child.type != "comment"):
        key = item.child_by_field_name("name") or item
        given = item.child_by_field_name("value")
        lowered = lowering.expression(given) if given is not None else ir.Literal(index, item.start_byte)
        entries.append(ir.Property("value", lowering.word(key), lowered))
    out.append(
        ir.Declare("const", pattern(lowering, name), ir.Object(tuple(entries), node.start_byte), node.start_byte)
    )


def is_type_only(node: Node, source: bytes) -> bool:
    """Whether an import, an export or a name in one is erased when TypeScript is compiled."""
    if any(child.type in {"type", "typeof"} for child in node.children):
        return True
    return _TYPES_OF.match(source, node.start_byte) is not None  # which the grammar can't read


STATEMENTS: Statements = {
    "enum_declaration": _enum,
    "export_statement": _export,
    "import_statement": _import,
    "internal_module": namespace,
    "module": namespace,
}
