"""A statement as a server can explain it: with values in place of what is dynamic; loads the parser."""

from __future__ import annotations

from sqlglot import exp

from medpro_audit.model.sql.parser import parsed
from medpro_audit.model.sql.rebuilding import HOLE, numbered_as_plain
from medpro_audit.model.subjects.query import Query

SAMPLE = "2024-01-01"
"""Compares with a column of any type without keeping its index from being used."""


def explainable(query: Query) -> str | None:
    """A SELECT that can be handed to EXPLAIN; None for anything else, and for what may do more than read."""
    if query.kind != "select" or query.via != "sql" or query.dialect != "mysql":
        return None
    tree = parsed(numbered_as_plain(query.statement), "mysql")
    if not isinstance(tree, exp.Select | exp.SetOperation) or tree.find(exp.Into, exp.Anonymous, exp.Lock):
        return None
    if any(HOLE in table.name for table in tree.find_all(exp.Table)):
        return None
    return tree.transform(_filled).sql("mysql")


def _filled(node: exp.Expr) -> exp.Expr:
    is_dynamic = isinstance(node, exp.Column) and node.name.startswith(HOLE)
    if not isinstance(node, exp.Placeholder | exp.Parameter | exp.SessionParameter) and not is_dynamic:
        return _without_holes(node)
    if isinstance(node.parent, exp.Limit | exp.Offset | exp.Fetch):
        return exp.Literal.number(10)
    return exp.Literal.string(SAMPLE)


def _without_holes(node: exp.Expr) -> exp.Expr:
    """A text with something dynamic in it as a text."""
    if isinstance(node, exp.Literal) and node.is_string and HOLE in str(node.this):
        return exp.Literal.string(str(node.this).split(HOLE, maxsplit=1)[0] + SAMPLE)
    return node
