"""What an idle catch clause guards: what is called there, whose failure nobody hears of."""

from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.extract.syntax import Node

_UNWRAPPED = frozenset(("expression_statement", "await_expression", "parenthesized_expression", "unary_expression"))
_DECLARATIONS = frozenset(("lexical_declaration", "variable_declaration"))
_CALLS = {"call_expression": "function", "new_expression": "constructor"}
_STORED = frozenset(("identifier", "member_expression", "subscript_expression"))
"""Where a promise is kept: a variable, a property, an element."""
_MAX_NODES = 2_000
"""Nodes of a guarded block that are looked at."""


class Guarded(NamedTuple):
    """What stands under the protection of a catch clause."""

    statements: tuple[str, ...]
    """The function that each statement calls; empty for one that does something else."""
    calls: tuple[str, ...]
    """Everything that is called, by its last two names, and ``await`` where something is waited for; sorted."""
    is_kept: bool = False
    """It is a promise in a variable, which is only waited for, or whose ``.catch()`` nobody looks at."""


def guarded(clause: Node, source: bytes) -> Guarded:
    """Look at the ``try`` block of a clause, or at the promise that ``.catch()`` follows."""
    parent = clause.parent
    if parent is None:
        return Guarded((), ())
    if clause.type == "catch_clause":
        body = parent.child_by_field_name("body")
        statements = [node for node in body.named_children if node.type != "comment"] if body is not None else []
        is_kept = bool(statements) and all(map(_only_waits, statements))
    else:
        statements = _before_catch(parent)
        is_kept = _is_discarded(parent) and all(_is_variable(node, source) for node in statements)
    calls = {name for node in statements for name in _called_inside(node, source)}
    speaking = [node for node in statements if not (node.type in _DECLARATIONS and not _has_call(node))]
    return Guarded(tuple(_called(node, source) for node in speaking), tuple(sorted(calls)), is_kept)


def _only_waits(statement: Node) -> bool:
    """Whether a statement does nothing but wait for a promise that was made before: ``await running;``."""
    awaited = statement.named_children[0] if statement.type == "expression_statement" else None
    if awaited is None or awaited.type != "await_expression":
        return False
    return awaited.named_children[0].type in {"identifier", "member_expression"}


def _before_catch(arguments: Node) -> list[Node]:
    """The promise of ``promise.catch(callback)``, given the arguments of that call."""
    call = arguments.parent
    member = call.child_by_field_name("function") if call is not None else None
    promise = member.child_by_field_name("object") if member is not None else None
    return [promise] if promise is not None else []


def _is_discarded(arguments: Node) -> bool:
    call = arguments.parent
    statement = call.parent if call is not None else None
    return statement is not None and statement.type == "expression_statement"


def _is_variable(node: Node, source: bytes) -> bool:
    """Whether a promise is kept, ``promise.finally(…)`` included: others can wait for it as well."""
    if _called(node, source) == "finally":
        callee = node.child_by_field_name("function")
        inner = callee.child_by_field_name("object") if callee is not None else None
        return inner is not None and _is_variable(inner, source)
    return node.type in _STORED


def _called(node: Node, source: bytes) -> str:
    """Name of the function that an expression or statement calls; empty when it isn't a call."""
    while node.type in _UNWRAPPED and node.named_children:
        node = node.named_children[0]
    return _name(node, source).rpartition(".")[2] if node.type == "call_expression" else ""


def _called_inside(node: Node, source: bytes) -> Iterator[str]:
    for inner in _inside(node):
        if inner.type in _CALLS:
            yield _name(inner, source)
        elif inner.type == "await_expression":
            yield "await"


def _has_call(node: Node) -> bool:
    return any(inner.type in _CALLS for inner in _inside(node))


def _inside(node: Node) -> Iterator[Node]:
    """A node and all that it holds, as far as that goes."""
    waiting, left = [node], _MAX_NODES
    while waiting and left:
        current = waiting.pop()
        waiting.extend(current.named_children)
        left -= 1
        yield current


def _name(call: Node, source: bytes) -> str:
    """The last two names of what is called: ``JSON.parse``, ``close``, ``import``."""
    callee = call.child_by_field_name(_CALLS[call.type])
    if callee is None or callee.type != "member_expression":
        return _text(callee, source) if callee is not None and callee.type in {"identifier", "import"} else ""
    owner, name = callee.child_by_field_name("object"), callee.child_by_field_name("property")
    before = f"{_text(owner, source)}." if owner is not None and owner.type == "identifier" else ""
    return f"{before}{_text(name, source)}" if name is not None else ""


def _text(node: Node, source: bytes) -> str:
    return source[node.start_byte : node.end_byte].decode("utf-8", "replace")
