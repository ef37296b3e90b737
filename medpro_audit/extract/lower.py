"""Lowering: syntax trees to the intermediate representation.

Only what is asked for is lowered: with ``lazy`` the bodies of functions stay out, to be asked for later by their start.
"""

import re
import sys
from collections.abc import Callable, Iterable
from typing import Literal as OneOf

from medpro_audit.extract.syntax import Node
from medpro_audit.facts import ir

_DEPTH_LIMIT = 200
"""Nesting beyond this is `Opaque`: no person wrote it, and it must not exhaust the stack."""

_MAX_INTEGER = 2**53
"""Larger integers are floating-point numbers in JavaScript."""
_MAX_BITS = 1000
"""Integers of more bits than a float can hold."""

_TRANSPARENT = {
    "as_expression",
    "satisfies_expression",
    "non_null_expression",
    "type_assertion",
    "instantiation_expression",
    "parenthesized_expression",
}

FUNCTIONS = {
    "arrow_function",
    "function_expression",
    "function",
    "generator_function",
    "function_declaration",
    "generator_function_declaration",
    "method_definition",
}

_CHAINED = {"call_expression", "member_expression", "subscript_expression"}
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.DOTALL)
_TYPES_OF = re.compile(rb"export\s+type\s*\*")
_SURROGATES = range(0xD800, 0xE000)
"""Halves of UTF-16 pairs: no characters of their own."""
_SIMPLE_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


def _unescape(text: str) -> str:
    def replace(match: re.Match[str]) -> str:
        digits = match[1] or match[2] or match[3]
        if digits is None:
            return _SIMPLE_ESCAPES.get(match[4], match[4])
        code = int(digits, 16)
        return chr(code) if code <= sys.maxunicode and code not in _SURROGATES else "\ufffd"

    return _ESCAPE.sub(replace, text)


class Lowering:
    """Lowers nodes of one tree; holds its source."""

    def __init__(self, source: bytes, *, lazy: bool) -> None:
        self._source = source
        self._lazy = lazy
        self._depth = 0

    # Statements

    def block(self, nodes: Iterable[Node]) -> tuple[ir.Statement, ...]:
        """Lower statements in order; what lies inside an error is lowered for what it holds."""
        out: list[ir.Statement] = []
        for node in nodes:
            self._statement(node, out)
        return tuple(out)

    def _statement(self, node: Node, out: list[ir.Statement]) -> None:
        lower = _STATEMENTS.get(node.type)
        if lower is not None:
            if self._depth < _DEPTH_LIMIT:
                self._depth += 1
                lower(self, node, out)
                self._depth -= 1
        elif node.type in _EXPRESSIONS or node.type in _TRANSPARENT:
            # An expression where a statement should be: the parser recovered from an error here.
            out.append(ir.Evaluate(self.expression(node)))

    def body(self, node: Node | None) -> tuple[ir.Statement, ...]:
        """Lower a statement or block that is the body of another."""
        if node is None:
            return ()
        if node.type == "statement_block":
            return self.block(node.named_children)
        return self.block((node,))

    def _error(self, node: Node, out: list[ir.Statement]) -> None:
        for child in node.named_children:
            self._statement(child, out)

    def _nested(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Block(self.block(node.named_children)))

    def _evaluate(self, node: Node, out: list[ir.Statement]) -> None:
        for child in node.named_children:
            if child.type in {"internal_module", "module"}:
                self._namespace(child, out)
            elif child.type != "comment":
                out.append(ir.Evaluate(self.expression(child)))

    def _declare(self, node: Node, out: list[ir.Statement]) -> None:
        keyword = self._text(node.children[0])
        for child in node.named_children:
            if child.type == "variable_declarator":
                name, value = child.child_by_field_name("name"), child.child_by_field_name("value")
                if name is not None:
                    lowered = None if value is None else self._named(value, name)
                    out.append(ir.Declare(keyword, self.pattern(name), lowered, child.start_byte))

    def _named(self, value: Node, name: Node) -> ir.Expression:
        """Lower a value that takes its name from what it is assigned to, as the language does."""
        lowered = self.expression(value)
        if isinstance(lowered, ir.Function) and not lowered.name and name.type.endswith("identifier"):
            return _with_name(lowered, self._text(name))
        return lowered

    def _declare_function(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.DeclareFunction(self._function(node)))

    def _declare_class(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.DeclareClass(self._class(node)))

    def _return(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Return(self._first(node), node.start_byte))

    def _throw(self, node: Node, out: list[ir.Statement]) -> None:
        out.append(ir.Throw(self._first(node) or ir.Opaque((), node.start_byte), node.start_byte))

    def _if(self, node: Node, out: list[ir.Statement]) -> None:
        otherwise = node.child_by_field_name("alternative")
        out.append(
            ir.If(
                self._field(node, "condition"),
                self.body(node.child_by_field_name("consequence")),
                self.block(otherwise.named_children) if otherwise is not None else (),
                node.start_byte,
            )
        )
        if otherwise is not None and len(otherwise.named_children) == 1:
            out[-1] = self._flat_else(out[-1])

    @staticmethod
    def _flat_else(statement: ir.Statement) -> ir.Statement:
        """``else { … }`` without the block around its body."""
        if (
            isinstance(statement, ir.If)
            and len(statement.otherwise) == 1
            and isinstance(statement.otherwise[0], ir.Block)
        ):
            return ir.If(statement.test, statement.then, statement.otherwise[0].body, statement.at)
        return statement

    def _for(self, node: Node, out: list[ir.Statement]) -> None:
        first = node.child_by_field_name("initializer")
        test, update = node.child_by_field_name("condition"), node.child_by_field_name("increment")
        out.append(
            ir.Loop(
                "for",
                None,
                None,
                self.block((first,)) if first is not None else (),
                self._unwrapped(test),
                self._unwrapped(update),
                self.body(node.child_by_field_name("body")),
                node.start_byte,
            )
        )

    def _for_in(self, node: Node, out: list[ir.Statement]) -> None:
        operator = node.child_by_field_name("operator")
        kind: OneOf["of", "in"] = "in" if operator is not None and operator.type == "in" else "of"
        left = node.child_by_field_name("left")
        target = self.pattern(left) if left is not None else None
        body = self.body(node.child_by_field_name("body"))
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
        out.append(ir.Loop(kind, target, self._field(node, "right"), (), None, None, body, node.start_byte))

    def _while(self, node: Node, out: list[ir.Statement]) -> None:
        kind: OneOf["do", "while"] = "do" if node.type == "do_statement" else "while"
        body = self.body(node.child_by_field_name("body"))
        out.append(ir.Loop(kind, None, None, (), self._field(node, "condition"), None, body, node.start_byte))

    def _switch(self, node: Node, out: list[ir.Statement]) -> None:
        cases = []
        body = node.child_by_field_name("body")
        for case in body.named_children if body is not None else ():
            if case.type in {"switch_case", "switch_default"}:
                test = case.child_by_field_name("value")
                statements = [child for child in case.named_children if child != test]
                cases.append(ir.Case(None if test is None else self.expression(test), self.block(statements)))
        out.append(ir.Switch(self._field(node, "value"), tuple(cases), node.start_byte))

    def _try(self, node: Node, out: list[ir.Statement]) -> None:
        handler, finalizer = node.child_by_field_name("handler"), node.child_by_field_name("finalizer")
        parameter = handler.child_by_field_name("parameter") if handler is not None else None
        out.append(
            ir.Try(
                self.body(node.child_by_field_name("body")),
                self.pattern(parameter) if parameter is not None else None,
                self.body(handler.child_by_field_name("body")) if handler is not None else None,
                self.body(finalizer.child_by_field_name("body")) if finalizer is not None else (),
                node.start_byte,
            )
        )

    def _jump(self, node: Node, out: list[ir.Statement]) -> None:
        label = node.child_by_field_name("label")
        keyword: OneOf["break", "continue"] = "break" if node.type == "break_statement" else "continue"
        out.append(ir.Jump(keyword, self._text(label) if label is not None else ""))

    def _labelled(self, node: Node, out: list[ir.Statement]) -> None:
        label = node.child_by_field_name("label")
        inner = self.body(node.child_by_field_name("body"))
        name = self._text(label) if label is not None else ""
        out.append(ir.Labelled(name, inner[0] if len(inner) == 1 else ir.Block(inner)))

    def _import(self, node: Node, out: list[ir.Statement]) -> None:
        source = node.child_by_field_name("source")
        bindings: list[tuple[str, str]] = []
        has_names = False
        for child in node.named_children:
            if child.type == "import_clause":
                has_names = True
                self._import_clause(child, bindings)
            elif child.type == "import_require_clause":  # import x = require('y')
                self._import_require(child, out)
                return
        is_erased = has_names and not bindings  # all of them types
        if source is not None and not is_erased and not is_type_only(node, self._source):
            out.append(ir.Import(self._string(source), tuple(bindings), node.start_byte))

    def _import_clause(self, clause: Node, bindings: list[tuple[str, str]]) -> None:
        for child in clause.named_children:
            if child.type == "identifier":
                bindings.append(("default", self._text(child)))
            elif child.type == "namespace_import":
                bindings.append(("*", self._text(child.named_children[-1])))
            elif child.type == "named_imports":
                for item in child.named_children:
                    name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                    if name is not None and not is_type_only(item, self._source):
                        bindings.append((self._word(name), self._text(alias or name)))

    def _import_require(self, clause: Node, out: list[ir.Statement]) -> None:
        name, source = clause.named_children[0], clause.child_by_field_name("source")
        if source is not None:
            literal = ir.Literal(self._string(source), source.start_byte)
            call = ir.Call(ir.Name("require", name.start_byte), (literal,), source.start_byte, clause.end_byte)
            out.append(ir.Declare("const", self.pattern(name), call, name.start_byte))

    def _export(self, node: Node, out: list[ir.Statement]) -> None:
        source, declaration = node.child_by_field_name("source"), node.child_by_field_name("declaration")
        value = node.child_by_field_name("value")
        is_default = any(child.type == "default" for child in node.children)
        if declaration is not None and not is_default:
            out.append(ir.ExportDeclaration(self.block((declaration,))))
        elif declaration is not None or value is not None:
            self._export_value(node, declaration or value, is_default=is_default, out=out)
        elif any(child.type == "=" for child in node.children):  # export = x
            self._export_value(node, node.named_children[-1], is_default=False, out=out)
        elif not is_type_only(node, self._source):
            specifier = self._string(source) if source is not None else ""
            out.append(ir.Export(tuple(self._export_names(node)), specifier, node.start_byte))

    def _export_value(self, node: Node, value: Node | None, *, is_default: bool, out: list[ir.Statement]) -> None:
        if value is None:
            return
        if not is_default:
            target = ir.Member(ir.Name("module", node.start_byte), "exports", node.start_byte)
            out.append(ir.Evaluate(ir.Assign(target, "=", self.expression(value), node.start_byte)))
            return
        statements = self.block((value,)) if value.type in _STATEMENTS else ()
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
                out.append(ir.ExportDefault(self.expression(value), node.start_byte))

    def _export_names(self, node: Node) -> Iterable[tuple[str, str]]:
        for child in node.children:
            if child.type == "*":
                yield "*", "*"
            elif child.type == "namespace_export":
                yield "*", self._word(child.named_children[-1])
            elif child.type == "export_clause":
                for item in child.named_children:
                    name, alias = item.child_by_field_name("name"), item.child_by_field_name("alias")
                    if name is not None and not is_type_only(item, self._source):
                        yield self._word(name), self._word(alias or name)

    def _namespace(self, node: Node, out: list[ir.Statement]) -> None:
        """A TypeScript namespace: its statements stand in the scope around it, which is enough to follow values."""
        body = node.child_by_field_name("body")
        if body is not None:
            out.extend(self.block(body.named_children))

    def _enum(self, node: Node, out: list[ir.Statement]) -> None:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        if name is None or body is None:
            return
        entries = []
        for index, item in enumerate(child for child in body.named_children if child.type != "comment"):
            key = item.child_by_field_name("name") or item
            value = item.child_by_field_name("value")
            lowered = self.expression(value) if value is not None else ir.Literal(index, item.start_byte)
            entries.append(ir.Property("value", self._word(key), lowered))
        out.append(ir.Declare("const", self.pattern(name), ir.Object(tuple(entries), node.start_byte), node.start_byte))

    # Expressions

    def expression(self, node: Node) -> ir.Expression:
        """Lower an expression."""
        kind = node.type
        while kind in _TRANSPARENT:
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

    def _jsx_braces(self, node: Node) -> ir.Expression:
        return self._first(node) or ir.Opaque((), node.start_byte)

    def _name(self, node: Node) -> ir.Expression:
        return ir.Name(self._text(node), node.start_byte)

    def _this(self, node: Node) -> ir.Expression:
        return ir.This(node.start_byte)

    def _super(self, node: Node) -> ir.Expression:
        return ir.Super(node.start_byte)

    def _text_literal(self, node: Node) -> ir.Expression:
        return ir.Literal(self._string(node), node.start_byte)

    def _number(self, node: Node) -> ir.Expression:
        text = self._text(node).replace("_", "").lower().rstrip("n")
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

    def _true(self, node: Node) -> ir.Expression:
        return ir.Literal(value=True, at=node.start_byte)

    def _false(self, node: Node) -> ir.Expression:
        return ir.Literal(value=False, at=node.start_byte)

    def _null(self, node: Node) -> ir.Expression:
        return ir.Literal(None, node.start_byte)

    def _template(self, node: Node) -> ir.Template:
        parts: list[str | ir.Expression] = []
        for child in node.named_children:
            if child.type == "template_substitution":
                parts.append(self._first(child) or ir.Opaque((), child.start_byte))
            else:
                text = self._text(child)
                parts.append(_unescape(text) if child.type == "escape_sequence" else text)
        return ir.Template(tuple(parts), node.start_byte)

    def _regex(self, node: Node) -> ir.Expression:
        pattern, flags = node.child_by_field_name("pattern"), node.child_by_field_name("flags")
        text = self._text(pattern) if pattern is not None else ""
        return ir.Regex(text, self._text(flags) if flags is not None else "", node.start_byte)

    def _member(self, node: Node) -> ir.Expression:
        name = node.child_by_field_name("property")
        if name is None:
            return ir.Opaque((), node.start_byte)
        inner, is_awaited = self._chain(node, "object")
        return _awaited(ir.Member(inner, self._text(name), name.start_byte), is_awaited)

    def _index(self, node: Node) -> ir.Expression:
        inner, is_awaited = self._chain(node, "object")
        return _awaited(ir.Index(inner, self._field(node, "index"), node.start_byte), is_awaited)

    def _call(self, node: Node) -> ir.Expression:
        callee, is_awaited = self._chain(node, "function")
        if isinstance(callee, ir.Name) and callee.id == "await":
            return ir.Await(self._awaited(node))
        return _awaited(self._called(node, callee), is_awaited)

    def _chain(self, node: Node, field: str) -> tuple[ir.Expression, bool]:
        """What a call or an access stands behind, and whether all of it is awaited.

        The JavaScript grammar (0.23 to 0.25) reads ``await (f)().x`` as a call of a function named ``await``.
        """
        child = node.child_by_field_name(field)
        lowered = self.expression(child) if child is not None else ir.Opaque((), node.start_byte)
        if isinstance(lowered, ir.Await) and child is not None and child.type in _CHAINED:
            return lowered.value, True
        return lowered, False

    def _awaited(self, node: Node) -> ir.Expression:
        arguments = node.child_by_field_name("arguments")
        inner = self._first(arguments) if arguments is not None else None
        return inner or ir.Opaque((), node.start_byte)

    def _called(self, node: Node, callee: ir.Expression) -> ir.Expression:
        arguments = node.child_by_field_name("arguments")
        if arguments is None:
            return ir.Call(callee, (), node.start_byte, node.end_byte)
        at = node.start_byte
        if isinstance(callee, ir.Member):
            at = callee.at
        elif isinstance(callee, ir.Index):
            at = arguments.start_byte  # where a stack trace of V8 has it
        if arguments.type == "template_string":
            return ir.Tagged(callee, self._template(arguments), at)
        return ir.Call(callee, self._arguments(arguments), at, node.end_byte)

    def _new(self, node: Node) -> ir.Expression:
        arguments = node.child_by_field_name("arguments")
        lowered = self._arguments(arguments) if arguments is not None else ()
        return ir.New(self._field(node, "constructor"), lowered, node.start_byte, node.end_byte)

    def _arguments(self, node: Node) -> tuple[ir.Expression, ...]:
        return tuple(self.expression(child) for child in node.named_children if child.type != "comment")

    def _array(self, node: Node) -> ir.Expression:
        items: list[ir.Expression | None] = []
        is_hole = True
        for child in node.children:
            if child.type == ",":
                if is_hole:
                    items.append(None)
                is_hole = True
            elif child.is_named and child.type != "comment":
                items.append(self.expression(child))
                is_hole = False
        return ir.Array(tuple(items), node.start_byte)

    def _spread(self, node: Node) -> ir.Expression:
        return ir.Spread(self._first(node) or ir.Opaque((), node.start_byte), node.start_byte)

    def _object(self, node: Node) -> ir.Expression:
        return ir.Object(tuple(filter(None, map(self._property, node.named_children))), node.start_byte)

    def _property(self, node: Node) -> ir.Property | None:
        kind = node.type
        if kind == "pair":
            key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
            return ir.Property("value", self._key(key), self._named(value, key)) if key and value else None
        if kind == "shorthand_property_identifier":
            return ir.Property("value", self._text(node), self._name(node))
        if kind == "method_definition":
            accessor: OneOf["get", "set", "value"] = "value"
            for child in node.children:
                if child.type == "get":
                    accessor = "get"
                elif child.type == "set":
                    accessor = "set"
            return ir.Property(accessor, self._key(node.child_by_field_name("name")), self._function(node))
        if kind == "spread_element":
            return ir.Property("spread", "", self._first(node) or ir.Opaque((), node.start_byte))
        return None

    def _key(self, node: Node | None) -> str | ir.Expression:
        if node is None:
            return ""
        if node.type == "computed_property_name":
            inner = self._first(node)
            return inner.value if isinstance(inner, ir.Literal) and isinstance(inner.value, str) else inner or ""
        return self._word(node)

    def _function(self, node: Node) -> ir.Function:
        name = node.child_by_field_name("name")
        parameters = node.child_by_field_name("parameters") or node.child_by_field_name("parameter")
        words = {child.type for child in node.children if not child.is_named}
        return ir.Function(
            self._word(name) if name is not None and name.type != "computed_property_name" else "",
            self._parameters(parameters),
            None if self._lazy else self.function_body(node),
            node.start_byte,
            node.end_byte,
            "async" in words,
            "*" in words,
            node.type == "arrow_function",
        )

    def function_body(self, node: Node) -> tuple[ir.Statement, ...]:
        """Lower the body of a function; an arrow's expression becomes a ``return``."""
        body = node.child_by_field_name("body")
        if body is None:
            return ()
        if body.type == "statement_block":
            return self.block(body.named_children)
        return (ir.Return(self.expression(body), body.start_byte),)

    def _parameters(self, node: Node | None) -> tuple[ir.Parameter, ...]:
        if node is None:
            return ()
        if node.type != "formal_parameters":
            return (ir.Parameter(self.pattern(node), "", is_property=False, decorators=()),)
        children = [child for child in node.named_children if child.type != "comment"]
        first = children[0].child_by_field_name("pattern") if children else None
        if first is not None and first.type == "this":  # TypeScript's word on ``this``: nothing is passed for it
            children.pop(0)
        return tuple(map(self._parameter, children))

    def _parameter(self, node: Node) -> ir.Parameter:
        if node.type not in {"required_parameter", "optional_parameter"}:
            return ir.Parameter(self.pattern(node), "", is_property=False, decorators=())
        name, value = node.child_by_field_name("pattern"), node.child_by_field_name("value")
        target = self.pattern(name) if name is not None else ir.Name("", node.start_byte)
        if value is not None:
            target = ir.Default(target, self.expression(value))
        modifiers = {child.type for child in node.children}
        return ir.Parameter(
            target,
            self._annotation(node),
            is_property=bool(modifiers & {"accessibility_modifier", "readonly", "override_modifier"}),
            decorators=self._decorators(node),
        )

    def _annotation(self, node: Node) -> str:
        annotation = node.child_by_field_name("type")
        names = annotation.named_children if annotation is not None else []
        return self._text(names[0]) if names and names[0].type == "type_identifier" else ""

    def _decorators(self, node: Node) -> tuple[ir.Expression, ...]:
        return tuple(
            self._first(child) or ir.Opaque((), child.start_byte)
            for child in node.named_children
            if child.type == "decorator"
        )

    def _class(self, node: Node) -> ir.Class:
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        heritage = next((child for child in node.named_children if child.type == "class_heritage"), None)
        decorators = self._decorators(node)
        if node.parent is not None and node.parent.type == "export_statement":
            decorators = (*self._decorators(node.parent), *decorators)
        return ir.Class(
            self._text(name) if name is not None else "",
            self._base(heritage) if heritage is not None else None,
            self._members(body) if body is not None else (),
            decorators,
            node.start_byte,
            node.end_byte,
        )

    def _base(self, heritage: Node) -> ir.Expression | None:
        for child in heritage.named_children:
            if child.type == "extends_clause":
                value = child.child_by_field_name("value")
                return self.expression(value) if value is not None else None
            if child.type != "implements_clause":
                return self.expression(child)
        return None

    def _members(self, body: Node) -> tuple[ir.ClassMember, ...]:
        members = []
        pending: list[ir.Expression] = []
        for child in body.named_children:
            if child.type == "decorator":
                pending.append(self._first(child) or ir.Opaque((), child.start_byte))
                continue
            member = self._class_member(child, (*pending, *self._decorators(child)))
            if member is not None:
                members.append(member)
            if child.type != "comment":
                pending = []
        return tuple(members)

    def _class_member(self, node: Node, decorators: tuple[ir.Expression, ...]) -> ir.ClassMember | None:
        words = {child.type for child in node.children}
        if node.type == "method_definition":
            key = self._key(node.child_by_field_name("name"))
            kind: OneOf["constructor", "method", "get", "set"] = "method"
            if key == "constructor":
                kind = "constructor"
            elif "get" in words:
                kind = "get"
            elif "set" in words:
                kind = "set"
            return ir.ClassMember(kind, key, self._function(node), "static" in words, decorators)
        if node.type in {"field_definition", "public_field_definition"}:
            name = node.child_by_field_name("property") or node.child_by_field_name("name")
            value = node.child_by_field_name("value")
            if name is None or "declare" in words:
                return None
            lowered = self._named(value, name) if value is not None else None
            return ir.ClassMember("field", self._key(name), lowered, "static" in words, decorators)
        if node.type == "class_static_block":
            statements = self.body(node.child_by_field_name("body"))
            block = ir.Function(
                "", (), statements, node.start_byte, node.end_byte, is_async=False, is_generator=False, is_arrow=True
            )
            return ir.ClassMember("static-block", "", block, is_static=True, decorators=())
        return None

    def _assign(self, node: Node) -> ir.Expression:
        left, right, operator = (node.child_by_field_name(name) for name in ("left", "right", "operator"))
        if left is None or right is None:
            return ir.Opaque((), node.start_byte)
        named = left.child_by_field_name("property") if left.type == "member_expression" else left
        value = self._named(right, named) if named is not None else self.expression(right)
        return ir.Assign(self.pattern(left), self._text(operator) if operator else "=", value, node.start_byte)

    def _binary(self, node: Node) -> ir.Expression:
        operator = node.child_by_field_name("operator")
        word = operator.type if operator is not None else "?"
        return ir.Binary(word, self._field(node, "left"), self._field(node, "right"), node.start_byte)

    def _unary(self, node: Node) -> ir.Expression:
        operator = node.child_by_field_name("operator")
        if node.type == "update_expression" and node.children[0] == operator:  # ++x is x += 1; x++ has the old value
            operand = node.child_by_field_name("argument")
            if operand is not None:
                one = ir.Literal(1, node.start_byte)
                return ir.Assign(self.pattern(operand), operator.type[0] + "=", one, node.start_byte)
        return ir.Unary(operator.type if operator is not None else "?", self._field(node, "argument"), node.start_byte)

    def _conditional(self, node: Node) -> ir.Expression:
        test, then, otherwise = (self._field(node, name) for name in ("condition", "consequence", "alternative"))
        return ir.Conditional(test, then, otherwise, node.start_byte)

    def _sequence(self, node: Node) -> ir.Expression:
        return ir.Sequence(tuple(self.expression(child) for child in node.named_children if child.type != "comment"))

    def _await(self, node: Node) -> ir.Expression:
        return ir.Await(self._first(node) or ir.Opaque((), node.start_byte))

    def _yield(self, node: Node) -> ir.Expression:
        value = self._first(node)
        is_delegating = value is not None and any(child.type == "*" for child in node.children)
        return ir.Yield(ir.Spread(value, node.start_byte) if value is not None and is_delegating else value)

    # Patterns

    def pattern(self, node: Node) -> ir.Pattern:
        """Lower a binding or assignment target."""
        kind = node.type
        if kind in {"object_pattern", "object"}:
            return self._object_pattern(node)
        if kind in {"array_pattern", "array"}:
            return self._array_pattern(node)
        if kind in {"assignment_pattern", "object_assignment_pattern", "assignment_expression"}:
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            if left is not None and right is not None:
                return ir.Default(self.pattern(left), self._named(right, left))
        if kind in {"rest_pattern", "spread_element"} and node.named_children:
            return ir.Rest(self.pattern(node.named_children[0]))
        if kind in _TRANSPARENT and node.named_children:
            return self.pattern(node.named_children[0])
        if kind in {"member_expression", "subscript_expression"}:
            lowered = self.expression(node)
            if isinstance(lowered, ir.Member | ir.Index):
                return lowered
        is_name = "identifier" in kind or kind == "undefined"
        return ir.Name(self._text(node) if is_name else "", node.start_byte)

    def _object_pattern(self, node: Node) -> ir.Pattern:
        entries: list[ir.PatternEntry] = []
        rest: ir.Pattern | None = None
        for child in node.named_children:
            if child.type in {"rest_pattern", "spread_element"} and child.named_children:
                rest = self.pattern(child.named_children[0])
            elif child.type in {"pair_pattern", "pair"}:
                key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
                if key is not None and value is not None:
                    entries.append(ir.PatternEntry(self._key(key), self.pattern(value)))
            elif child.type in {"shorthand_property_identifier_pattern", "shorthand_property_identifier"}:
                entries.append(ir.PatternEntry(self._text(child), self.pattern(child)))
            elif child.type in {"object_assignment_pattern", "assignment_expression"}:
                left = child.child_by_field_name("left")
                if left is not None:
                    entries.append(ir.PatternEntry(self._text(left), self.pattern(child)))
        return ir.ObjectPattern(tuple(entries), rest, node.start_byte)

    def _array_pattern(self, node: Node) -> ir.Pattern:
        items: list[ir.Pattern | None] = []
        is_hole = True
        for child in node.children:
            if child.type == ",":
                if is_hole:
                    items.append(None)
                is_hole = True
            elif child.is_named and child.type != "comment":
                items.append(self.pattern(child))
                is_hole = False
        return ir.ArrayPattern(tuple(items), node.start_byte)

    # Parts

    def _text(self, node: Node) -> str:
        # The same few names make up most of a program: one text for each saves a tenth of the memory.
        return sys.intern(self._source[node.start_byte : node.end_byte].decode("utf-8", "replace"))

    def _word(self, node: Node) -> str:
        """A key or name that may be quoted."""
        return self._string(node) if node.type == "string" else self._text(node)

    def _string(self, node: Node) -> str:
        text = self._source[node.start_byte + 1 : node.end_byte - 1].decode("utf-8", "replace")
        return _unescape(text) if "\\" in text else text

    def _field(self, node: Node, name: str) -> ir.Expression:
        child = node.child_by_field_name(name)
        return self.expression(child) if child is not None else ir.Opaque((), node.start_byte)

    def _first(self, node: Node) -> ir.Expression | None:
        for child in node.named_children:
            if child.type != "comment":
                return self.expression(child)
        return None

    def _unwrapped(self, node: Node | None) -> ir.Expression | None:
        """The expression of a ``for`` head, which some grammar versions wrap in a statement."""
        if node is None or node.type == "empty_statement":
            return None
        return self._first(node) if node.type == "expression_statement" else self.expression(node)


def _awaited(expression: ir.Expression, is_awaited: bool) -> ir.Expression:
    return ir.Await(expression) if is_awaited else expression


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


def is_type_only(node: Node, source: bytes) -> bool:
    """Whether an import, an export or a name in one is erased when TypeScript is compiled."""
    if any(child.type in {"type", "typeof"} for child in node.children):
        return True
    return _TYPES_OF.match(source, node.start_byte) is not None  # which the grammar can't read


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

_STATEMENTS: dict[str, Callable[[Lowering, Node, list[ir.Statement]], None]] = {
    "ERROR": Lowering._error,
    "abstract_class_declaration": Lowering._declare_class,
    "ambient_declaration": lambda *_: None,
    "break_statement": Lowering._jump,
    "class_declaration": Lowering._declare_class,
    "continue_statement": Lowering._jump,
    "do_statement": Lowering._while,
    "enum_declaration": Lowering._enum,
    "export_statement": Lowering._export,
    "expression_statement": Lowering._evaluate,
    "for_in_statement": Lowering._for_in,
    "for_statement": Lowering._for,
    "function_declaration": Lowering._declare_function,
    "generator_function_declaration": Lowering._declare_function,
    "if_statement": Lowering._if,
    "import_statement": Lowering._import,
    "internal_module": Lowering._namespace,
    "labeled_statement": Lowering._labelled,
    "lexical_declaration": Lowering._declare,
    "module": Lowering._namespace,
    "return_statement": Lowering._return,
    "statement_block": Lowering._nested,
    "switch_statement": Lowering._switch,
    "throw_statement": Lowering._throw,
    "try_statement": Lowering._try,
    "using_declaration": Lowering._declare,
    "variable_declaration": Lowering._declare,
    "while_statement": Lowering._while,
}

_EXPRESSIONS: dict[str, Callable[[Lowering, Node], ir.Expression]] = {
    "array": Lowering._array,
    "arrow_function": Lowering._function,
    "assignment_expression": Lowering._assign,
    "augmented_assignment_expression": Lowering._assign,
    "await_expression": Lowering._await,
    "binary_expression": Lowering._binary,
    "call_expression": Lowering._call,
    "class": Lowering._class,
    "false": Lowering._false,
    "function": Lowering._function,
    "function_expression": Lowering._function,
    "generator_function": Lowering._function,
    "identifier": Lowering._name,
    "import": Lowering._name,
    "jsx_expression": Lowering._jsx_braces,
    "member_expression": Lowering._member,
    "meta_property": Lowering._name,
    "new_expression": Lowering._new,
    "null": Lowering._null,
    "number": Lowering._number,
    "object": Lowering._object,
    "private_property_identifier": Lowering._name,
    "property_identifier": Lowering._name,
    "regex": Lowering._regex,
    "sequence_expression": Lowering._sequence,
    "shorthand_property_identifier": Lowering._name,
    "spread_element": Lowering._spread,
    "string": Lowering._text_literal,
    "subscript_expression": Lowering._index,
    "super": Lowering._super,
    "template_string": Lowering._template,
    "ternary_expression": Lowering._conditional,
    "this": Lowering._this,
    "true": Lowering._true,
    "unary_expression": Lowering._unary,
    "undefined": Lowering._name,
    "update_expression": Lowering._unary,
    "yield_expression": Lowering._yield,
}
