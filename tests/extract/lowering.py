"""Lowers pieces of source and writes the intermediate representation down in a compact form without places."""

from medpro_audit.extract.lower import Lowering
from medpro_audit.extract.syntax import parse
from medpro_audit.facts import ir
from medpro_audit.facts.inventory import Language

PLACES = frozenset(("at", "start", "end"))


def lowered(source: str, language: Language = "typescript", *, lazy: bool = False) -> tuple[ir.Statement, ...]:
    """Lower a whole file."""
    content = source.encode()
    tree, _ = parse(content, language)
    return Lowering(content, lazy=lazy).block(tree.root_node.named_children)


def written(node: object) -> str:
    """A node in a compact form: its kind and its parts, without places and what is empty."""
    match node:
        case ir.Name(id=name):
            return name or "_"
        case ir.Literal(value=value):
            return repr(value)
        case ir.Node():
            parts = [
                f"{name}={written(value)}" if isinstance(value, bool) else written(value)
                for name in node.__struct_fields__
                if name not in PLACES and (value := getattr(node, name)) not in ((), "", False)
            ]
            return f"{type(node).__name__}({', '.join(parts)})"
        case tuple():
            return f"[{', '.join(map(written, node))}]"
        case None:
            return "-"
    return str(node)


def statements(source: str, language: Language = "typescript") -> str:
    """All statements of a source, written down."""
    return "; ".join(map(written, lowered(source, language)))


def expression(source: str, language: Language = "typescript") -> str:
    """The expression that a source consists of, written down."""
    [statement] = lowered(f"x = {source}", language)
    assert isinstance(statement, ir.Evaluate)
    assert isinstance(statement.value, ir.Assign)
    return written(statement.value.value)
