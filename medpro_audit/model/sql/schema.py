"""Tables and indexes, as far as migrations and SQL files say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from medpro_audit.core.place import Place

Dialect = Literal["mysql", "postgres", "sqlite", "tsql"]


class Index(NamedTuple):
    """An index of a table."""

    columns: tuple[str, ...]
    """In order, lower case; empty text for an expression."""
    is_unique: bool = False
    expressions: tuple[str, ...] = ()
    """Names of functions that are indexed."""


class Column(NamedTuple):
    """A column of a table."""

    name: str
    """As it is written where it is defined."""
    kind: str = ""
    """Type, upper case without its length; empty when it isn't known."""


class Table:
    """A table: filled by what defines and what changes it."""

    def __init__(self, name: str, place: Place, *, is_certain: bool = True) -> None:
        self.name = name
        self.place = place
        self.columns: dict[str, Column] = {}
        """By name, lower case."""
        self.indexes: list[Index] = []
        self.references: list[tuple[str, ...]] = []
        """Columns of foreign keys."""
        self.is_certain = is_certain
        """All that defines it was understood."""
        self.is_defined = False
        """Something creates it or describes it; otherwise it is only changed here."""
        self.is_created = False
        """A migration or a statement creates it; otherwise a model describes it."""
        self.is_changed = False
        """A migration changes it."""

    @property
    def is_whole(self) -> bool:
        """All that makes it is here and was understood.

        Where migrations change it and none creates it, that stands elsewhere, and its first indexes with it: a model
        need not name those.
        """
        return self.is_certain and (self.is_created or not self.is_changed)

    def add(self, columns: Sequence[str], *, is_unique: bool = False, expressions: Iterable[str] = ()) -> None:
        """Add an index."""
        self.indexes.append(Index(tuple(name.lower() for name in columns), is_unique, tuple(expressions)))

    def leads(self, dialect: Dialect) -> list[Index]:
        """All indexes; in InnoDB a foreign key brings its own."""
        own = [Index(columns) for columns in self.references] if dialect == "mysql" else []
        return [*self.indexes, *own]

    def is_unique(self, columns: Iterable[str]) -> bool:
        """Whether at most one row has given values in these columns."""
        known = set(columns)
        return any(index.is_unique and index.columns and known.issuperset(index.columns) for index in self.indexes)


class Schema:
    """The tables of one back end."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self._tables: dict[str, Table] = {}

    def __bool__(self) -> bool:
        return any(table.is_defined for table in self._tables.values())

    def table(self, name: str) -> Table | None:
        """A table that something creates; None when nothing is known of it."""
        found = self._tables.get(bare(name))
        return found if found is not None and found.is_defined else None

    def change(self, name: str, place: Place) -> Table:
        """A table that something changes."""
        table = self._known(name, place)
        table.is_changed = True
        return table

    def create(self, name: str, place: Place, *, is_certain: bool = True) -> Table:
        """A table that something creates; what was said of it before stays."""
        table = self.describe(name, place, is_certain=is_certain)
        table.is_created = True
        return table

    def describe(self, name: str, place: Place, *, is_certain: bool = True) -> Table:
        """A table that a model describes, wherever it is created."""
        table = self._known(name, place)
        if not table.is_defined:
            table.place, table.is_defined = place, True
        table.is_certain &= is_certain
        return table

    def _known(self, name: str, place: Place) -> Table:
        return self._tables.setdefault(bare(name), Table(name, place))

    @property
    def tables(self) -> list[Table]:
        """All tables that are created, sorted."""
        return [table for _, table in sorted(self._tables.items()) if table.is_defined]


def bare(name: str) -> str:
    """A table's name without its schema and quotes, lower case."""
    return name.rpartition(".")[2].strip('`"[] ').lower()
