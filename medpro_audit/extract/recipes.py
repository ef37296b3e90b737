"""Whether a test is written down in a function that others call, and not where it is defined by loading the file."""

import re

from medpro_audit.extract.lower import FUNCTIONS
from medpro_audit.extract.syntax import Node

_WRAPPERS = frozenset(("parenthesized_expression", "arguments", "await_expression"))


def is_recipe(call: Node, source: bytes) -> bool:
    """Whether a call stands in a function that is only kept, such as ``useCase.only = (name) => test.only(name)``.

    What a function does that is an argument (of ``describe``, of ``forEach``) or is called in place, loading the file
    does as well; so it does with a function of the file that the file calls by its name.
    """
    node = call.parent
    while node is not None:
        if node.type in FUNCTIONS and not _is_run(node, source):
            return True
        node = node.parent
    return False


def _is_run(function: Node, source: bytes) -> bool:
    holder = function.parent
    if holder is None or holder.type in _WRAPPERS or holder.type == "call_expression":
        return True
    name = holder.child_by_field_name("name") if holder.type == "variable_declarator" else None
    name = name if name is not None else function.child_by_field_name("name")
    if name is None or holder.type in {"pair", "assignment_expression", "class_body", "object"}:
        return False
    called = re.compile(rb"(?<![\w$.])" + re.escape(source[name.start_byte : name.end_byte]) + rb"\s*\(")
    return any(found.start() != name.start_byte for found in called.finditer(source))
