"""Values that stand in the code of a definition: texts, lists of names, the fields of an object."""

from __future__ import annotations

from collections.abc import Sequence

from medpro_audit.facts import ir


def fields_of(node: ir.Expression | None) -> dict[str, ir.Expression]:
    """The fields of an object that are written out."""
    if not isinstance(node, ir.Object):
        return {}
    return {each.key: each.value for each in node.properties if isinstance(each.key, str) and each.kind == "value"}


def is_true(node: ir.Expression | None) -> bool:
    """Whether it is the word ``true``."""
    return isinstance(node, ir.Literal) and node.value is True


def text_of(node: ir.Expression | None) -> str | None:
    """A text; None for anything else."""
    return node.value if isinstance(node, ir.Literal) and isinstance(node.value, str) else None


def texts_of(node: ir.Expression | None) -> Sequence[str]:
    """A text or a list of texts; of objects in it their ``name``."""
    if isinstance(node, ir.Array):
        texts = [text_of(fields_of(item).get("name", item)) if item is not None else None for item in node.items]
        return [text for text in texts if text is not None]
    text = text_of(node)
    return [text] if text is not None else []
