"""Which index serves a statement, and which one it lacks.

An index serves a condition when its first column is compared (the left-prefix rule: https://dev.mysql.com/doc/refman/8.4/en/multiple-column-indexes.html).
Where a table, a column or a clause isn't known, the answer is unknown; nothing is called missing without a schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medpro_audit.model.sql.predicates import ColumnName, Predicate
from medpro_audit.model.sql.schema import Dialect, Schema, Table, bare
from medpro_audit.model.sql.statements import Source, Statement

_FEW_VALUES = frozenset(("BOOLEAN", "BOOL", "TINYINT(1)", "BIT", "ENUM", "SET"))
"""Types of columns of which an index finds half the table."""
_UNINDEXABLE = frozenset(("TEXT", "BLOB", "LONGTEXT", "MEDIUMTEXT", "TINYTEXT", "LONGBLOB", "JSON", "JSONB"))
"""Types that need a prefix length or another kind of index."""
MAX_COLUMNS = 3
"""Columns of an index that is advised."""
MAX_NAME = 63
"""Characters of an index's name: what MySQL and PostgreSQL both take."""
_PLAIN = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_UNPLAIN = re.compile(r"\W", re.ASCII)
_UNQUOTABLE = re.compile(r"[`\"\\\x00-\x1f]")
# fmt: off
_RESERVED = frozenset((
    "all", "and", "as", "between", "by", "case", "check", "column", "condition", "create", "default", "delete",
    "desc", "distinct", "drop", "else", "end", "exists", "explain", "for", "from", "group", "groups", "having",
    "if", "in", "index", "insert", "interval", "into", "is", "join", "key", "keys", "like", "limit", "lock",
    "match", "not", "null", "of", "on", "option", "or", "order", "range", "rank", "read", "references", "role",
    "row", "rows", "select", "set", "table", "then", "to", "trigger", "unique", "update", "usage", "user",
    "using", "values", "when", "where", "window", "with",
))
# fmt: on
"""Words that are no names in MySQL or PostgreSQL, as far as tables and columns are named so."""


_KEY = re.compile(r"(?:^|_)(?:id|uuid|guid)$|[a-z](?:Id|ID|U[Uu][Ii][Dd]|G[Uu][Ii][Dd])$")
"""How columns are named that refer to a row."""


class Advice(NamedTuple):
    """An index that a statement lacks."""

    table: Table
    columns: tuple[str, ...]
    dialect: Dialect

    @property
    def is_by_key(self) -> bool:
        """Whether its first column refers to a row: it is a foreign key, or named like one."""
        first = self.columns[:1]
        return any(each[:1] == first for each in self.table.references) or any(map(_KEY.search, first))

    @property
    def statement(self) -> str:
        """What creates it; empty when a name can't even be quoted."""
        name = _UNPLAIN.sub("", "_".join(("idx", bare(self.table.name), *self.columns)))[:MAX_NAME]
        if any(_UNQUOTABLE.search(word) for word in (self.table.name, *self.columns)):
            return ""
        columns = ", ".join(map(self._quoted, self.columns))
        return f"CREATE INDEX {name} ON {self._quoted(self.table.name)} ({columns})"

    def _quoted(self, word: str) -> str:
        """A name as it is written in a statement; PostgreSQL folds what is not quoted to small letters."""
        is_folded = self.dialect == "postgres" and word != word.lower()
        if _PLAIN.fullmatch(word) and word.lower() not in _RESERVED and not is_folded:
            return word
        return f"`{word}`" if self.dialect == "mysql" else f'"{word}"'


class Verdict(NamedTuple):
    """Whether a statement lacks an index."""

    is_missing: bool | None
    """None when that isn't known."""
    advice: tuple[Advice, ...] = ()
    reason: str | None = None
    """Why it isn't known."""


class Located(NamedTuple):
    """A condition with the table that it is about."""

    predicate: Predicate
    source: Source
    other: Source | None = None
    """Of a join: the table on the other side."""


class Question:
    """A statement held against a schema."""

    def __init__(self, statement: Statement, schema: Schema) -> None:
        self._statement = statement
        self._schema = schema
        self._tables = {source: schema.table(source.name) for source in statement.sources}
        self._located = [found for each in statement.predicates if (found := self._locate(each)) is not None]

    def verdict(self) -> Verdict:
        """Whether it lacks an index."""
        reason = self._doubt()
        if reason is not None:
            return Verdict(None, reason=reason)
        advice = tuple(self._advice())
        if any(each.statement == "" for each in advice):
            return Verdict(None, reason="a table or column has a name that can't be quoted")
        return Verdict(bool(advice), advice)

    def finds_one(self) -> bool | None:
        """Whether it reads at most one row of the table it is about; None when its keys aren't known."""
        first = self._statement.sources[0] if self._statement.sources else None
        table = self._tables.get(first) if first is not None else None
        if first is None or table is None:
            return None
        return table.is_unique(self._compared(first))

    def is_indexed(self, column: ColumnName) -> bool | None:
        """Whether an index begins with a column; None when that isn't known."""
        source = self._source_of(column)
        table = self._tables.get(source) if source is not None else None
        if table is None or not table.is_whole:
            return None
        return any(index.columns[:1] == (column.name,) for index in table.leads(self._schema.dialect))

    def has_expression_index(self, column: ColumnName) -> bool | None:
        """Whether an index holds a function of a column."""
        source = self._source_of(column)
        table = self._tables.get(source) if source is not None else None
        if table is None:
            return None
        return any(column.name in index.expressions for index in table.indexes)

    def is_narrowed(self, column: ColumnName) -> bool:
        """Whether another condition, served by an index, leaves few rows of the table of a column."""
        source = self._source_of(column)
        if source is None:
            return False
        others = self._of(source, "equal", "range")
        return any(self._tells(source, each) and self.is_indexed(each.column) for each in others)

    # Where conditions belong

    def _source_of(self, column: ColumnName) -> Source | None:
        sources = self._statement.sources
        if column.table:
            return next((source for source in sources if column.table in {source.alias, source.name.lower()}), None)
        if len(sources) == 1:
            return sources[0]
        holding = [source for source in sources if (table := self._tables[source]) and column.name in table.columns]
        return holding[0] if len(holding) == 1 else None

    def _locate(self, predicate: Predicate) -> Located | None:
        source = self._source_of(predicate.column)
        if source is None:
            return None
        other = self._source_of(predicate.other) if predicate.other is not None else None
        return Located(predicate, source, other)

    def _of(self, source: Source, *kinds: str) -> Iterator[Predicate]:
        for found in self._located:
            if found.source == source and found.predicate.kind in kinds:
                yield found.predicate

    def _compared(self, source: Source) -> dict[str, Predicate]:
        return {predicate.column.name: predicate for predicate in self._of(source, "equal")}

    def _joined(self, source: Source) -> list[str]:
        found = [each.predicate.column.name for each in self._located if each.source == source and each.other]
        joins = [each.predicate.other for each in self._located if each.other == source]
        return found + [column.name for column in joins if column is not None]

    # What can't be told

    def _doubt(self) -> str | None:
        if not self._schema:
            return "no schema was found: neither SQL files nor migrations"
        if not self._statement.is_simple:
            return "it is more than one SELECT over tables"
        return self._doubt_of_tables() or self._doubt_of_columns()

    def _doubt_of_tables(self) -> str | None:
        statement = self._statement
        for source in statement.sources:
            table = self._tables[source]
            if not source.name:
                return "a table in it is dynamic or computed"
            if table is None:
                return f"nothing creates the table {source.name}"
            if not table.is_certain:
                return f"a definition of the table {source.name} could not be understood"
            if not table.is_whole:
                return f"migrations change the table {source.name}, and none creates it"
        return None

    def _doubt_of_columns(self) -> str | None:
        statement = self._statement
        for predicate in statement.predicates:
            for column in (predicate.column, predicate.other):
                if column is not None and column.name and not self._is_known(column):
                    return f"the column {column.name} is not among those of its table"
        if any(predicate.kind == "dynamic" for predicate in statement.predicates):
            return "a condition is put together when it runs"
        return None

    def _is_known(self, column: ColumnName) -> bool:
        source = self._source_of(column)
        table = self._tables.get(source) if source is not None else None
        return table is not None and column.name in table.columns

    # What is lacking

    def _advice(self) -> Iterator[Advice]:
        sources = self._statement.sources
        if not any(self._is_served(source) for source in sources):
            yield from self._first([(source, self._wanted(source)) for source in sources])
        for source in sources:
            if not self._is_served(source) and self._lacks_join(source):
                yield from self._first([(source, (self._joined(source)[0],))])

    def _first(self, wanted: Sequence[tuple[Source, tuple[str, ...]]]) -> Iterator[Advice]:
        for source, columns in wanted:
            table = self._tables[source]
            if columns and table is not None:
                yield Advice(table, tuple(table.columns[name].name for name in columns), self._schema.dialect)
                return

    def _wanted(self, source: Source) -> tuple[str, ...]:
        """The columns of an index by which a statement could begin with this table."""
        telling = [name for name, each in self._compared(source).items() if self._tells(source, each)]
        ranges = [each.column.name for each in self._of(source, "range") if self._can_lead(source, each.column.name)]
        if telling:
            return tuple(dict.fromkeys((*telling, *(self._order_columns(source) or ranges[:1]))))[:MAX_COLUMNS]
        if ranges and not self._compared(source):
            return tuple(ranges[:1])
        return self._order_wanted(source)

    def _is_served(self, source: Source) -> bool:
        """Whether an index finds the rows of a table by what they are compared with."""
        table = self._tables[source]
        if table is None:
            return False
        usable = {*self._compared(source), *(each.column.name for each in self._of(source, "range"))}
        return any(index.columns and index.columns[0] in usable for index in table.leads(self._schema.dialect))

    def _tells(self, source: Source, predicate: Predicate) -> bool:
        """Whether an equality leaves few rows: what compares with a literal asks for a category."""
        return not predicate.is_constant and self._can_lead(source, predicate.column.name)

    def _can_lead(self, source: Source, name: str) -> bool:
        table = self._tables[source]
        kind = table.columns[name].kind if table is not None and name in table.columns else ""
        return kind not in _FEW_VALUES | _UNINDEXABLE

    def _lacks_join(self, source: Source) -> bool:
        """Whether a table is joined by a column without an index, so that it is read anew for each row of another.

        Where the other side has a key, the join can begin here; not where the other side is what rows are found by.
        """
        for each in self._located:
            if each.other is None or source not in {each.source, each.other}:
                continue
            far = each.other if each.source == source else each.source
            has_key = self._has_key_for_join(source, each)
            may_begin_here = self._has_key_for_join(far, each) and not self._is_served(far)
            return self._can_lead(source, self._joined(source)[0]) and not has_key and not may_begin_here
        return False

    def _has_key_for_join(self, source: Source, joined: Located) -> bool:
        column = joined.predicate.column if joined.source == source else joined.predicate.other
        table = self._tables[source]
        if table is None or column is None:
            return True
        return any(index.columns[:1] == (column.name,) for index in table.leads(self._schema.dialect))

    def _order_columns(self, source: Source) -> tuple[str, ...]:
        """Columns by which only this table's rows are sorted, all in one direction."""
        order = self._statement.order
        if not order or self._statement.is_grouped or len({term.is_descending for term in order}) > 1:
            return ()
        columns = [ColumnName(term.table, term.column) for term in order]
        if any(not column.name or self._source_of(column) != source for column in columns):
            return ()
        names = tuple(column.name for column in columns)
        table = self._tables[source]
        is_known = table is not None and all(name in table.columns and self._can_lead(source, name) for name in names)
        return names if is_known else ()

    def _order_wanted(self, source: Source) -> tuple[str, ...]:
        """What a sorted page of a whole table needs."""
        statement = self._statement
        is_page = statement.kind == "select" and statement.has_limit and len(statement.sources) == 1
        if not is_page or any(not predicate.is_constant for predicate in statement.predicates):
            return ()
        wanted = self._order_columns(source)[:MAX_COLUMNS]
        table = self._tables[source]
        for index in table.leads(self._schema.dialect) if table is not None else ():
            if index.columns[:1] == wanted[:1]:
                return ()
        return wanted
