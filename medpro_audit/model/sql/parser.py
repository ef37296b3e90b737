"""The one place that knows the SQL parser: it is heavy, so it is loaded when the first statement is met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.sql.schema import Dialect

if TYPE_CHECKING:
    from sqlglot.expressions import Expr

MAX_NESTING = 40
"""Parentheses nested deeper than this are not parsed."""
MAX_PARSED = 10_000
"""Characters of one statement that is parsed."""


def parsed(text: str, dialect: Dialect) -> Expr | None:
    """The tree of a statement; None when it can't be understood."""
    if len(text) > MAX_PARSED or _nesting(text) > MAX_NESTING:
        return None
    import logging  # noqa: PLC0415 - only with the parser

    from sqlglot import parse  # noqa: PLC0415 - heavy
    from sqlglot.errors import SqlglotError  # noqa: PLC0415 - heavy
    from sqlglot.expressions import Command  # noqa: PLC0415 - heavy

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)  # it warns of what it leaves unparsed: that is an answer
    try:
        found = [tree for tree in parse(text, read=dialect) if tree is not None]
    except (SqlglotError, RecursionError):
        return None
    if len(found) != 1 or isinstance(found[0], Command):
        return None
    return found[0]


def _nesting(text: str) -> int:
    depth = deepest = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        deepest = max(deepest, depth)
    return deepest
