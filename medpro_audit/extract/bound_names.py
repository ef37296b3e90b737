"""The names to which a file of tests binds what it imports."""

from collections.abc import Callable

from medpro_audit.extract.syntax import Node

TextOf = Callable[[Node | None], str]


def outermost(call: Node, text: TextOf) -> tuple[Node, str]:
    """The expression around a call that only waits for it or takes a member, and that member."""
    value, members = call, ""
    while value.parent is not None:
        parent = value.parent
        if parent.type == "member_expression" and parent.child_by_field_name("object") == value:
            members = f"{members}.{text(parent.child_by_field_name('property'))}".lstrip(".")
        elif parent.type not in {
            "await_expression",
            "parenthesized_expression",
            "as_expression",
            "non_null_expression",
        }:
            break
        value = parent
    return value, members


def bound_by_pattern(pattern: Node | None, members: str, text: TextOf) -> dict[str, str] | None:
    """Imported name by local name of a pattern; None where it is not understood."""
    if pattern is None:
        return None
    if pattern.type == "identifier":
        return {text(pattern): members or "*"}
    if pattern.type != "object_pattern" or members:
        return None
    found: dict[str, str] = {}
    for entry in pattern.named_children:
        if entry.type == "shorthand_property_identifier_pattern":
            found[text(entry)] = text(entry)
        elif entry.type == "pair_pattern":
            value = entry.child_by_field_name("value")
            found[text(value)] = text(entry.child_by_field_name("key"))
        elif entry.type != "comment":
            return None
    return found


def bound_by_import(statement: Node, text: TextOf) -> dict[str, str]:
    """Imported name by local name of an ``import`` declaration."""
    found: dict[str, str] = {}
    for clause in statement.named_children:
        for node in clause.named_children if clause.type == "import_clause" else ():
            if node.type == "identifier":
                found[text(node)] = "default"
            elif node.type == "namespace_import":
                found[text(node.named_children[0])] = "*"
            elif node.type == "named_imports":
                for each in node.named_children:
                    name, alias = each.child_by_field_name("name"), each.child_by_field_name("alias")
                    found[text(alias or name)] = text(name)
    return found
