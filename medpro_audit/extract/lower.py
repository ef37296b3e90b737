"""Lowering: syntax trees to the intermediate representation.

Only what is asked for is lowered: with ``lazy`` the bodies of functions stay out, to be asked for later by their start.
How a construct is lowered stands in `constructs`, by the kind of its node.
"""

import sys
from collections.abc import Callable, Iterable

from medpro_audit.extract.constructs import expressions, functions, literals, modules, statements
from medpro_audit.extract.constructs.escapes import unescape
from medpro_audit.extract.syntax import TRANSPARENT, Node
from medpro_audit.facts import ir

_DEPTH_LIMIT = 200
"""Nesting beyond this is `Opaque`: no person wrote it, and it must not exhaust the stack."""


FUNCTIONS = {
    "arrow_function",
    "function_expression",
    "function",
    "generator_function",
    "function_declaration",
    "generator_function_declaration",
    "method_definition",
}


class Lowering:
    """Lowers nodes of one tree; holds its source."""

    def __init__(self, source: bytes, *, lazy: bool) -> None:
        self.source = source
        self.is_lazy = lazy
        self._depth = 0

    def block(self, nodes: Iterable[Node]) -> tuple[ir.Statement, ...]:
        """Lower statements in order; what lies inside an error is lowered for what it holds."""
        out: list[ir.Statement] = []
        for node in nodes:
            self.statement(node, out)
        return tuple(out)

    def statement(self, node: Node, out: list[ir.Statement]) -> None:
        """Lower one statement to the end of ``out``; what is none adds nothing."""
        lower = _STATEMENTS.get(node.type)
        if lower is not None:
            if self._depth < _DEPTH_LIMIT:
                self._depth += 1
                lower(self, node, out)
                self._depth -= 1
        elif node.type in _EXPRESSIONS or node.type in TRANSPARENT:
            # An expression where a statement should be: the parser recovered from an error here.
            out.append(ir.Evaluate(self.expression(node)))

    def is_statement(self, node: Node) -> bool:
        """Whether a node is lowered as a statement."""
        return node.type in _STATEMENTS

    def body(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Lower a statement or block that is the body of another."""
        if node is None:
            return ()
        if node.type == "statement_block":
            return self.block(node.named_children)
        return self.block((node,))

    def expression(self, node: Node) -> ir.Expression:
        """Lower an expression."""
        kind = node.type
        while kind in TRANSPARENT:
            inner = next((child for child in node.named_children if child.type not in _NOT_VALUES), None)
            if kind == "type_assertion":
                inner = node.named_children[-1] if node.named_children else None
            if inner is None:
                return ir.Opaque((), node.start_byte)
            node = inner
            kind = node.type
        lower = _EXPRESSIONS.get(kind)
        if lower is None or self._depth >= _DEPTH_LIMIT:
            return self._opaque(node)
        self._depth += 1
        try:
            return lower(self, node)
        finally:
            self._depth -= 1

    def _opaque(self, node: Node) -> ir.Expression:
        """Keep what may hold calls of a construct that isn't modelled (JSX braces)."""
        if self._depth >= _DEPTH_LIMIT or not node.type.startswith("jsx"):
            return ir.Opaque((), node.start_byte)
        self._depth += 1
        parts = tuple(
            self.expression(child)
            for child in node.named_children
            if child.type.startswith(("jsx_e", "jsx_o", "jsx_s", "jsx_a"))
        )
        self._depth -= 1
        return ir.Opaque(parts, node.start_byte)

    def function_body(self, node: Node) -> tuple[ir.Statement, ...]:
        """Lower the body of a function; an arrow's expression becomes a ``return``."""
        body = node.child_by_field_name("body")
        if body is None:
            return ()
        if body.type == "statement_block":
            return self.block(body.named_children)
        return (ir.Return(self.expression(body), body.start_byte),)

    def text(self, node: Node) -> str:
        """The source of a node."""
        # The same few names make up most of a program: one text for each saves a tenth of the memory.
        return sys.intern(self.source[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    def word(self, node: Node) -> str:
        """A key or name that may be quoted."""
        return self.string(node) if node.type == "string" else self.text(node)

    def string(self, node: Node) -> str:
        """The value of a string literal."""
        text = self.source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
        return unescape(text) if "\\" in text else text

    def key(self, node: Node | None) -> str | ir.Expression:
        """The key of a property: a text where it is known, else the expression that makes it."""
        if node is None:
            return ""
        if node.type == "computed_property_name":
            inner = self.first(node)
            return inner.value if isinstance(inner, ir.Literal) and isinstance(inner.value, str) else inner or ""
        return self.word(node)

    def named(self, value: Node, name: Node) -> ir.Expression:
        """Lower a value that takes its name from what it is assigned to, as the language does."""
        lowered = self.expression(value)
        if isinstance(lowered, ir.Function) and not lowered.name and name.type.endswith("identifier"):
            return _with_name(lowered, self.text(name))
        return lowered

    def field(self, node: Node, name: str) -> ir.Expression:
        """Lower the expression in a field of a node; opaque where there is none."""
        child = node.child_by_field_name(name)
        return self.expression(child) if child is not None else ir.Opaque((), node.start_byte)

    def first(self, node: Node) -> ir.Expression | None:
        """Lower the first child that is no comment."""
        for child in node.named_children:
            if child.type != "comment":
                return self.expression(child)
        return None


def _with_name(function: ir.Function, name: str) -> ir.Function:
    return ir.Function(
        name,
        function.parameters,
        function.body,
        function.start,
        function.end,
        function.is_async,
        function.is_generator,
        function.is_arrow,
    )


def function_at(root: Node, start: int, end: int) -> Node | None:
    """The function node that covers exactly this byte range."""
    node: Node | None = root.descendant_for_byte_range(start, max(start, end - 1))
    while node is not None:
        if node.start_byte == start and node.end_byte == end and node.type in FUNCTIONS:
            return node
        if node.start_byte < start:
            return None
        node = node.parent
    return None


_NOT_VALUES = {"comment", "type_arguments"}

Statements = dict[str, Callable[[Lowering, Node, list[ir.Statement]], None]]
"""Functions by the kind of node that they lower."""
Expressions = dict[str, Callable[[Lowering, Node], ir.Expression]]
"""Functions by the kind of node that they lower."""

_STATEMENTS: Statements = {**statements.STATEMENTS, **modules.STATEMENTS, **functions.STATEMENTS}
_EXPRESSIONS: Expressions = {**literals.EXPRESSIONS, **expressions.EXPRESSIONS, **functions.EXPRESSIONS}
