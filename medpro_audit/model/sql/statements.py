"""What a parsed statement reads or writes, in words of our own; loads the parser."""

from __future__ import annotations

import re
from itertools import count
from typing import Literal, NamedTuple

from sqlglot import exp

from medpro_audit.model.sql.parser import parsed
from medpro_audit.model.sql.predicates import POSITION, Patterns, Predicate, name_of, predicates_of
from medpro_audit.model.sql.rebuilding import HOLE, numbered_as_plain

_PLACEHOLDER = re.compile(r"'(?:[^'\\]|\\.|'')*'|\"(?:[^\"\\]|\\.)*\"|`[^`]*`|\?(?![|&?])")
"""A placeholder, or a quoted text, in which a question mark is none."""

StatementKind = Literal["select", "insert", "update", "delete"]


class Source(NamedTuple):
    """A table that a statement reads."""

    name: str
    """Empty for a subquery and for a table that is dynamic."""
    alias: str
    """By which columns name it, lower case."""


class Order(NamedTuple):
    """One term of an ORDER BY."""

    table: str
    column: str
    """Empty for an expression."""
    is_descending: bool


class Statement(NamedTuple):
    """What a statement does."""

    kind: StatementKind
    sources: tuple[Source, ...]
    """The table that it is about first, then those that it joins."""
    tables: tuple[str, ...]
    """Every table that is named anywhere in it, sorted."""
    leading: tuple[str, ...]
    """Those among its sources whose rows it goes through: of one that is joined LEFT only what belongs to these."""
    selects_all: bool
    """It asks for all columns of a table."""
    predicates: tuple[Predicate, ...]
    """Of WHERE and ON, all of which must hold."""
    order: tuple[Order, ...]
    has_limit: bool
    is_aggregate: bool
    """It yields one row, computed from all."""
    is_simple: bool
    """It is one SELECT, UPDATE or DELETE over tables: no union, no common table expression."""
    is_grouped: bool
    text: str
    """As it was parsed."""


def read_statement(text: str, patterns: Patterns) -> Statement | None:
    """Parse a statement; None when it can't be understood."""
    if patterns.dialect != "postgres":
        text = numbered_as_plain(text)
    tree = parsed(_with_positions(text), patterns.dialect)
    match tree:
        case exp.Select() | exp.SetOperation() | exp.Subquery():
            return _select(tree, text, patterns)
        case exp.Insert():
            return _other(tree, "insert", text, patterns)
        case exp.Update():
            return _other(tree, "update", text, patterns)
        case exp.Delete():
            return _other(tree, "delete", text, patterns)
    return None


def _with_positions(text: str) -> str:
    """Number the placeholders in the order of the text, which their order in the tree is not."""
    numbers = count()
    return _PLACEHOLDER.sub(lambda found: f":{POSITION}{next(numbers)}" if found[0] == "?" else found[0], text)


def _select(tree: exp.Expr, text: str, patterns: Patterns) -> Statement | None:
    first = tree
    while not isinstance(first, exp.Select):
        inner = first.this
        if not isinstance(inner, exp.Expr):
            return None
        first = inner
    selects = list(tree.find_all(exp.Select)) if tree is not first else [first]
    return Statement(
        kind="select",
        sources=_sources(first),
        tables=_tables(tree),
        leading=_leading(first),
        selects_all=any(_is_star(each) for select in selects for each in select.expressions),
        predicates=tuple(_predicates(first, patterns)),
        order=tuple(_order(first)),
        has_limit=any(each.args.get("limit") or each.args.get("fetch") for each in (tree, first)) or _is_top(first),
        is_aggregate=_is_aggregate(first),
        is_simple=tree is first and bool(first.args.get("from_")) and not first.args.get("with_"),
        is_grouped=bool(first.args.get("group") or first.args.get("distinct")),
        text=text,
    )


def _other(tree: exp.Expr, kind: StatementKind, text: str, patterns: Patterns) -> Statement:
    return Statement(
        kind=kind,
        sources=_sources(tree) if kind != "insert" else (),
        tables=_tables(tree),
        leading=(),
        selects_all=False,
        predicates=tuple(_predicates(tree, patterns)) if kind != "insert" else (),
        order=tuple(_order(tree)),
        has_limit=bool(tree.args.get("limit")),
        is_aggregate=False,
        is_simple=not tree.args.get("with_") and not tree.args.get("from_") and not tree.args.get("tables"),
        is_grouped=False,
        text=text,
    )


def _sources(tree: exp.Expr) -> tuple[Source, ...]:
    start = tree.args.get("from_")
    if isinstance(tree, exp.Select):
        if start is None:
            return ()
        first = start.this
    else:
        first = tree.this
    joins = [join.this for join in tree.args.get("joins") or ()]
    if isinstance(first, exp.Table):
        joins += [join.this for join in first.args.get("joins") or ()]
    return tuple(_source(each) for each in (first, *joins))


def _leading(tree: exp.Select) -> tuple[str, ...]:
    start = tree.args.get("from_")
    own = [start.this] if start is not None else []
    joins = [*(tree.args.get("joins") or ()), *(own[0].args.get("joins") or () if own else ())]
    own += [join.this for join in joins if str(join.args.get("side") or "").upper() != "LEFT"]
    return tuple(sorted({source.name for source in map(_source, own) if source.name}))


def _source(node: exp.Expr) -> Source:
    if not isinstance(node, exp.Table):
        return Source("", node.alias_or_name.lower())
    name = node.name
    return Source("" if HOLE in name else name, node.alias_or_name.lower())


def _tables(tree: exp.Expr) -> tuple[str, ...]:
    own = {str(each.alias).lower() for each in tree.find_all(exp.CTE)}
    names = {table.name for table in tree.find_all(exp.Table)}
    return tuple(sorted(name for name in names if name and HOLE not in name and name.lower() not in own))


def _predicates(tree: exp.Expr, patterns: Patterns) -> list[Predicate]:
    where = tree.args.get("where")
    found = list(predicates_of(where.this if where is not None else None, patterns))
    for join in tree.args.get("joins") or ():
        found.extend(predicates_of(join.args.get("on"), patterns))
    return found


def _order(tree: exp.Expr) -> list[Order]:
    order = tree.args.get("order")
    return [_term(each) for each in (order.expressions if order is not None else ())]


def _term(ordered: exp.Expr) -> Order:
    inner, is_descending = ordered.this, bool(ordered.args.get("desc"))
    if isinstance(inner, exp.Column) and not inner.name.startswith(HOLE):
        name = name_of(inner)
        return Order(name.table, name.name, is_descending)
    return Order("", "", is_descending)


def _is_star(node: exp.Expr) -> bool:
    return isinstance(node, exp.Star) or (isinstance(node, exp.Column) and isinstance(node.this, exp.Star))


def _is_aggregate(select: exp.Select) -> bool:
    if not select.args.get("from_"):
        return True
    if select.args.get("group") or not select.expressions:
        return False
    return all(each.find(exp.AggFunc) is not None and not each.find(exp.Window) for each in select.expressions)


def _is_top(select: exp.Select) -> bool:
    return bool(select.args.get("top"))
