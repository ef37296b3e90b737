"""What an empty catch clause guards: the names of the calls whose failure nobody hears of."""

from medpro_audit.extract.syntax import Node

_UNWRAPPED = frozenset(("expression_statement", "await_expression", "parenthesized_expression", "unary_expression"))


def guarded_calls(clause: Node, source: bytes) -> tuple[str, ...]:
    """Names of the functions that a ``try`` block calls, or that ``.catch()`` follows; empty for what is no call."""
    parent = clause.parent
    if parent is None:
        return ()
    if clause.type == "catch_clause":
        body = parent.child_by_field_name("body")
        statements = [node for node in body.named_children if node.type != "comment"] if body is not None else []
    else:
        statements = _before_catch(parent)
    return tuple(_called(statement, source) for statement in statements)


def _before_catch(arguments: Node) -> list[Node]:
    """The promise of ``promise.catch(callback)``, given the arguments of that call."""
    call = arguments.parent
    member = call.child_by_field_name("function") if call is not None else None
    promise = member.child_by_field_name("object") if member is not None else None
    return [promise] if promise is not None else []


def _called(node: Node, source: bytes) -> str:
    """Name of the function that an expression or statement calls; empty when it isn't a call."""
    while node.type in _UNWRAPPED and node.named_children:
        node = node.named_children[0]
    callee = node.child_by_field_name("function") if node.type == "call_expression" else None
    if callee is None:
        return ""
    name = callee.child_by_field_name("property") if callee.type == "member_expression" else callee
    return source[name.start_byte : name.end_byte].decode("utf-8", "replace") if name is not None else ""
