"""What a condition asks of columns, taken from the parser's tree: equality, range, join, wildcard, function."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from sqlglot import exp

from medpro_audit.model.sql.rebuilding import HOLE
from medpro_audit.model.sql.schema import Dialect

PredicateKind = Literal["equal", "range", "join", "wildcard", "wrapped", "other", "dynamic"]
"""wildcard: LIKE with a pattern that begins with ``%``; wrapped: a function of the column is compared; dynamic: a
condition that only the program knows when it runs."""


class ColumnName(NamedTuple):
    """A column as a statement names it."""

    table: str
    """Name or alias, lower case; empty when it isn't given."""
    name: str
    """Lower case."""


class Predicate(NamedTuple):
    """One of the conditions that must all hold."""

    kind: PredicateKind
    column: ColumnName
    is_constant: bool = False
    """It compares with a value that stands in the statement."""
    other: ColumnName | None = None
    """Of a join: the column on the other side."""
    text: str = ""
    """Of a wildcard or a function: what stands there."""
    is_list: bool = False
    """It compares with a list that is only known when it runs."""


MAX_SHOWN = 80
"""Characters of a condition that a message shows."""
POSITION = "zz_value"
"""Name of a placeholder that has only a position, which follows."""
_POSITIONS = re.compile(rf":{POSITION}\d+")
_HOLES = re.compile(rf"{HOLE}\d*")
NOWHERE = ColumnName("", "")
_RANGES = (exp.GT, exp.GTE, exp.LT, exp.LTE)
_FLIPPABLE = (exp.EQ, exp.NullSafeEQ, *_RANGES)


def predicates_of(condition: exp.Expr | None, patterns: Patterns) -> Iterator[Predicate]:
    """The conditions that must all hold for the whole to hold."""
    if condition is None:
        return
    for term in _terms(condition):
        yield _predicate(term, patterns)


class Patterns(NamedTuple):
    """What is known of the values that are handed to a statement."""

    dialect: Dialect
    wildcards: frozenset[str] = frozenset()
    """Parameters whose value begins with ``%``: by their name, or their position from 0."""

    def is_wildcard(self, node: exp.Expr) -> bool:
        """Whether a pattern begins with a wildcard."""
        match node:
            case exp.Literal(this=str() as text):
                return text[:1] == "%" and bool(text.strip("%_"))
            case exp.Placeholder(this=str() as name):
                return name.removeprefix(POSITION) in self.wildcards
            case exp.Parameter(this=exp.Literal(this=number)) if str(number).isdigit():
                return str(int(str(number)) - 1) in self.wildcards
            case exp.Concat(expressions=[first, *_]):
                return isinstance(first, exp.Literal) and str(first.this)[:1] == "%"
            case exp.DPipe():
                first = next(node.flatten())
                return isinstance(first, exp.Literal) and str(first.this)[:1] == "%"
        return False

    def shown(self, node: exp.Expr) -> str:
        """A part of a statement as its author would write it."""
        return _POSITIONS.sub("?", _HOLES.sub("…", node.sql(self.dialect)))[:MAX_SHOWN]


def _terms(condition: exp.Expr) -> Iterator[exp.Expr]:
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, exp.Paren):
            stack.append(node.this)
        elif isinstance(node, exp.And):
            stack.extend((node.expression, node.this))
        else:
            yield node


def _predicate(term: exp.Expr, patterns: Patterns) -> Predicate:  # noqa: C901 - one case per kind of condition
    match term:
        case exp.Column() if term.name.startswith(HOLE):
            return Predicate("dynamic", NOWHERE)
        case exp.EQ() | exp.NullSafeEQ() | exp.GT() | exp.GTE() | exp.LT() | exp.LTE():
            return _comparison(term, patterns)
        case exp.In(this=exp.Column() as column):
            is_list = any(HOLE in node.sql() for node in term.expressions) or _is_one_value(term.expressions)
            is_constant = _all_constant(term.expressions)
            return Predicate("equal", name_of(column), is_constant=is_constant, is_list=is_list)
        case exp.In():
            return _wrapped(term.this, patterns)
        case exp.Is(this=exp.Column() as column):
            return Predicate("equal", name_of(column), is_constant=True)
        case exp.Between(this=exp.Column() as column):
            return Predicate("range", name_of(column))
        case exp.Between():
            return _wrapped(term.this, patterns)
        case exp.Like() | exp.ILike():
            return _like(term, patterns)
        case exp.Or():
            return _alternatives(term, patterns)
        case exp.Boolean() | exp.Literal():
            return Predicate("other", NOWHERE, is_constant=True)
    return Predicate("other", NOWHERE)


def _comparison(term: exp.Expr, patterns: Patterns) -> Predicate:
    left, right = _bare(term.this), _bare(term.expression)
    is_equal = isinstance(term, exp.EQ | exp.NullSafeEQ)
    if _is_column(left) and _is_column(right):
        return Predicate("join" if is_equal else "other", name_of(left), other=name_of(right))
    if _is_column(right):
        left, right = right, left
    if _is_column(left):
        if any(_is_column(node) for node in right.find_all(exp.Column)) and not isinstance(right, exp.Subquery):
            return Predicate("other", name_of(left))
        return Predicate("equal" if is_equal else "range", name_of(left), is_constant=_is_constant(right))
    if _is_constant(left) and _is_constant(right):
        return Predicate("other", NOWHERE, is_constant=True)
    for side, other in ((left, right), (right, left)):
        if not any(_is_column(node) for node in other.find_all(exp.Column)):
            return _wrapped(side, patterns)
    return Predicate("other", NOWHERE)


def _wrapped(node: exp.Expr, patterns: Patterns) -> Predicate:
    """A function of one column, compared with something that doesn't depend on the row."""
    columns = [column for column in node.find_all(exp.Column) if _is_column(column)]
    if len(columns) == 1 and not isinstance(node, exp.Column) and not node.find(exp.AggFunc, exp.Subquery):
        return Predicate("wrapped", name_of(columns[0]), text=patterns.shown(node))
    return Predicate("other", NOWHERE)


def _like(term: exp.Expr, patterns: Patterns) -> Predicate:
    columns = [column for column in term.this.find_all(exp.Column) if _is_column(column)]
    column = name_of(columns[0]) if columns else NOWHERE
    if patterns.is_wildcard(_bare(term.expression)):
        return Predicate("wildcard", column, text=patterns.shown(term))
    if not isinstance(term.this, exp.Column):
        return _wrapped(term.this, patterns)
    return Predicate("range" if isinstance(term, exp.Like) else "other", column)


def _alternatives(term: exp.Expr, patterns: Patterns) -> Predicate:
    """Alternatives are no help for an index, but a wildcard in one of them shows."""
    inner = [_predicate(each, patterns) for side in term.flatten() for each in _terms(side)]
    return next((each for each in inner if each.kind == "wildcard"), Predicate("other", NOWHERE))


def _is_one_value(nodes: Sequence[exp.Expr]) -> bool:
    """``IN (?)``, for which drivers put in a whole list."""
    return len(nodes) == 1 and isinstance(nodes[0], exp.Placeholder)


def name_of(column: exp.Expr) -> ColumnName:
    """A column's name."""
    return ColumnName(str(column.args.get("table") or "").strip('`"').lower(), column.name.lower())


def _is_column(node: exp.Expr | None) -> bool:
    return isinstance(node, exp.Column) and not node.name.startswith(HOLE) and not isinstance(node.this, exp.Star)


def _bare(node: exp.Expr) -> exp.Expr:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


def _is_constant(node: exp.Expr) -> bool:
    return isinstance(node, exp.Literal | exp.Boolean | exp.Null) and HOLE not in str(node.this)


def _all_constant(nodes: Sequence[exp.Expr]) -> bool:
    return bool(nodes) and all(_is_constant(node) for node in nodes)
