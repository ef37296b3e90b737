"""Expressions as a reader would write them: names of middleware, texts of conditions, places."""

from medpro_audit.facts import ir

_LIMIT = 80
_PLAIN = frozenset((ir.Literal, ir.Name, ir.Call, ir.Binary, ir.Unary, ir.Object, ir.Conditional))
"""Kinds of nodes that stand where they say."""


def offset_of(node: ir.Expression | ir.Pattern) -> int:
    """Byte offset of an expression."""
    if type(node) in _PLAIN:  # most of those that are asked
        return node.at  # type: ignore[union-attr] # they all have it
    match node:
        case ir.Function() | ir.Class():
            return node.start
        case ir.Sequence():
            return offset_of(node.items[0]) if node.items else 0
        case ir.Await() | ir.Default() | ir.Rest() | ir.Yield():
            inner = node.target if isinstance(node, ir.Default | ir.Rest) else node.value
            return offset_of(inner) if inner is not None else 0
        case ir.Member():
            return start_of(node)
        case _:
            return node.at


def start_of(node: ir.Expression | ir.Pattern) -> int:
    """Byte offset of the first character of an expression; a chain starts at its root."""
    current = node
    while True:
        match current:
            case ir.Member(object=inner) | ir.Index(object=inner) | ir.Call(callee=inner) | ir.Tagged(tag=inner):
                current = inner
            case ir.Binary(left=inner):
                current = inner
            case ir.Member():
                return current.at
            case _:
                return offset_of(current)


def name_of(node: ir.Expression | None) -> str:  # noqa: C901 - one case per kind of node
    """Source expression without its arguments: ``express.json`` for ``express.json({ limit })``, else ``<inline>``."""
    match node:
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Super():
            return "super"
        case ir.Member(object=inner, name=name):
            return f"{_root_name(inner)}.{name}"
        case ir.Index(object=inner):
            return _root_name(inner)
        case ir.Call(callee=callee) | ir.New(callee=callee) | ir.Tagged(tag=callee):
            return _root_name(callee)
        case ir.Await(value=inner) | ir.Spread(value=inner):
            return name_of(inner)
        case ir.Conditional(then=then, otherwise=otherwise):
            return name_of(then if not isinstance(then, ir.Literal | ir.Function) else otherwise)
        case ir.Binary(left=left, operator="||" | "??"):
            return name_of(left)
        case ir.Assign(value=value):
            return name_of(value)
        case _:
            return "<inline>"


def _root_name(node: ir.Expression) -> str:
    """What a chain goes on from: calls in the middle of it keep empty parentheses."""
    if isinstance(node, ir.Await):
        return _root_name(node.value)
    name = name_of(node)
    return f"{name}()" if isinstance(node, ir.Call) else name


def text_of(node: ir.Expression | ir.Pattern | None) -> str:
    """An expression in one short line."""
    text = _text(node)
    return text if len(text) <= _LIMIT else text[: _LIMIT - 1] + "…"


def _text(node: ir.Expression | ir.Pattern | None) -> str:  # noqa: C901, PLR0912 - one case per kind of node
    match node:
        case None:
            return ""
        case ir.Literal(value=str() as value):
            return f"'{value}'"
        case ir.Literal(value=value):
            return {"None": "null", "True": "true", "False": "false"}.get(str(value), str(value))
        case ir.Name(id=name):
            return name
        case ir.This():
            return "this"
        case ir.Super():
            return "super"
        case ir.Member(object=inner, name=name):
            return f"{_text(inner)}.{name}"
        case ir.Index(object=inner, key=key):
            return f"{_text(inner)}[{_text(key)}]"
        case ir.Call(callee=callee, arguments=arguments):
            return f"{_text(callee)}({', '.join(map(text_of, arguments))})"
        case ir.New(callee=callee, arguments=arguments):
            return f"new {_text(callee)}({', '.join(map(text_of, arguments))})"
        case ir.Binary(operator=operator, left=left, right=right):
            return f"{_text(left)} {operator} {_text(right)}"
        case ir.Unary(operator=operator, operand=operand):
            gap = " " if operator.isalpha() else ""
            written = f"({_text(operand)})" if isinstance(operand, ir.Binary) else _text(operand)
            return f"{operator}{gap}{written}"
        case ir.Conditional(test=test, then=then, otherwise=otherwise):
            return f"{_text(test)} ? {_text(then)} : {_text(otherwise)}"
        case ir.Await(value=value):
            return f"await {_text(value)}"
        case ir.Assign(target=target, operator=operator, value=value):
            return f"{_text(target)} {operator} {_text(value)}"
        case ir.Template(parts=parts):
            return "`" + "".join(part if isinstance(part, str) else f"${{{_text(part)}}}" for part in parts) + "`"
        case ir.Regex(pattern=pattern, flags=flags):
            return f"/{pattern}/{flags}"
        case ir.Spread(value=value):
            return f"...{_text(value)}"
        case ir.Function(name=name):
            return f"{name or 'function'}(…)"
        case ir.Array():
            return "[…]"
        case ir.Object():
            return "{…}"
        case _:
            return "…"
