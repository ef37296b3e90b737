"""Statements: declarations of variables, branches, loops, jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING
from typing import Literal as OneOf

from medpro_audit.extract.constructs.modules import namespace
from medpro_audit.extract.constructs.patterns import pattern
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.extract.lower import Lowering, Statements
    from medpro_audit.extract.syntax import Node


def _error(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    for child in node.named_children:
        lowering.statement(child, out)


def _nested(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    out.append(ir.Block(lowering.block(node.named_children)))


def _evaluate(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    for child in node.named_children:
        if child.type in {"internal_module", "module"}:
            namespace(lowering, child, out)
        elif child.type != "comment":
            out.append(ir.Evaluate(lowering.expression(child)))


def _declare(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    keyword = lowering.text(node.children[0])
    for child in node.named_children:
        if child.type == "variable_declarator":
            name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
            if name is not None:
                lowered = None if value is None else lowering.named(value, name)
                out.append(ir.Declare(keyword, pattern(lowering, name), lowered, child.start_byte))


def _return(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    out.append(ir.Return(lowering.first(node), node.start_byte))


def _throw(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    out.append(ir.Throw(lowering.first(node) or ir.Opaque((), node.start_byte), node.start_byte))


def _if(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    otherwise = node.child_by_field_name("alternative")
    out.append(
        ir.If(
            lowering.field(node, "condition"),
            lowering.body(node.child_by_field_name("consequence")),
            lowering.block(otherwise.named_children) if otherwise is not None else (),
            node.start_byte,
        )
    )
    if otherwise is not None and len(otherwise.named_children) == 1:
        out[-1] = _flat_else(out[-1])


def _flat_else(statement: ir.Statement) -> ir.Statement:
    """``else { … }`` without the block around its body."""
    if isinstance(statement, ir.If) and len(statement.otherwise) == 1 and isinstance(statement.otherwise[0], ir.Block):
        return ir.If(statement.test, statement.then, statement.otherwise[0].body, statement.at)
    return statement


def _for(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    first = node.child_by_field_name("initializer")
    test, update = node.child_by_field_name("condition"), node.child_by_field_name("increment")
    out.append(
        ir.Loop(
            "for",
            None,
            None,
            lowering.block((first,)) if first is not None else (),
            _unwrapped(lowering, test),
            _unwrapped(lowering, update),
            lowering.body(node.child_by_field_name("body")),
            node.start_byte,
        )
    )


def _for_in(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    operator = node.child_by_field_name("operator")
    kind: OneOf["of", "in"] = "in" if operator is not None and operator.type == "in" else "of"
    left = node.child_by_field_name("left")
    target = pattern(lowering, left) if left is not None else None
    body = lowering.body(node.child_by_field_name("body"))
    declaration = node.child_by_field_name("kind")
    keyword = declaration.type if declaration is not None else ""
    if target is not None and keyword in {"", "var"}:  # what is assigned outlives the loop
        element = ir.Name("<element>", node.start_byte)
        first: ir.Statement = (
            ir.Declare(keyword, target, element, node.start_byte)
            if keyword
            else ir.Evaluate(ir.Assign(target, "=", element, node.start_byte))
        )
        target, body = element, (first, *body)
    out.append(ir.Loop(kind, target, lowering.field(node, "right"), (), None, None, body, node.start_byte))


def _while(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    kind: OneOf["do", "while"] = "do" if node.type == "do_statement" else "while"
    body = lowering.body(node.child_by_field_name("body"))
    out.append(ir.Loop(kind, None, None, (), lowering.field(node, "condition"), None, body, node.start_byte))


def _switch(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    cases = []
    body = node.child_by_field_name("body")
    for case in body.named_children if body is not None else ():
        if case.type in {"switch_case", "switch_default"}:
            test = case.child_by_field_name("value")
            statements = [child for child in case.named_children if child != test]
            cases.append(ir.Case(None if test is None else lowering.expression(test), lowering.block(statements)))
    out.append(ir.Switch(lowering.field(node, "value"), tuple(cases), node.start_byte))


def _try(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
    parameter = handler.child_by_field_name("parameter") if handler is not None else None
    out.append(
        ir.Try(
            lowering.body(node.child_by_field_name("body")),
            pattern(lowering, parameter) if parameter is not None else None,
            lowering.body(handler.child_by_field_name("body")) if handler is not None else None,
            lowering.body(finalizer.child_by_field_name("body")) if finalizer is not None else (),
            node.start_byte,
        )
    )


def _jump(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    label = node.child_by_field_name("label")
    keyword: OneOf["break", "continue"] = "break" if node.type == "break_statement" else "continue"
    out.append(ir.Jump(keyword, lowering.text(label) if label is not None else ""))


def _labelled(lowering: Lowering, node: Node, out: list[ir.Statement]) -> None:
    label = node.child_by_field_name("label")
    inner = lowering.body(node.child_by_field_name("body"))
    name = lowering.text(label) if label is not None else ""
    out.append(ir.Labelled(name, inner[0] if len(inner) == 1 else ir.Block(inner)))


def _unwrapped(lowering: Lowering, node: Node | None) -> ir.Expression | None:
    """The expression of a ``for`` head, which some grammar versions wrap in a statement."""
    if node is None or node.type == "empty_statement":
        return None
    return lowering.first(node) if node.type == "expression_statement" else lowering.expression(node)


STATEMENTS: Statements = {
    "ERROR": _error,
    "ambient_declaration": lambda *_: None,
    "break_statement": _jump,
    "continue_statement": _jump,
    "do_statement": _while,
    "expression_statement": _evaluate,
    "for_in_statement": _for_in,
    "for_statement": _for,
    "if_statement": _if,
    "labeled_statement": _labelled,
    "lexical_declaration": _declare,
    "return_statement": _return,
    "statement_block": _nested,
    "switch_statement": _switch,
    "throw_statement": _throw,
    "try_statement": _try,
    "using_declaration": _declare,
    "variable_declaration": _declare,
    "while_statement": _while,
}
