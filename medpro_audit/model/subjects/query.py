"""A statement or a call that asks a database something."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from medpro_audit.core.place import Place, Step

SHOWN = 120
"""Characters of a statement that a message shows."""


Kind = Literal["select", "insert", "update", "delete", "unknown"]
Rows = Literal["one", "some", "all", "unknown"]


class IndexNeed(Struct, frozen=True):
    """Whether the tables that a statement reads lack an index."""

    missing: bool | None = None
    """They lack one for what it compares, joins or sorts by; None when that isn't known."""
    statements: tuple[str, ...] = ()
    """What would create the indexes that are lacking."""
    is_by_key: bool = False
    """One of them begins with a column that refers to a row, such as a foreign key."""
    reason: str | None = None
    """Why it isn't known."""
    trail: tuple[Step, ...] = ()

    @property
    def statement(self) -> str:
        """What would create the indexes that are lacking, on one line."""
        return "; ".join(self.statements)

    @property
    def missing_by_key(self) -> bool | None:
        """They lack one for a column that refers to a row, so that few share its value."""
        return self.missing and self.is_by_key

    @property
    def missing_by_value(self) -> bool | None:
        """They lack one for other columns, such as a state or a date: it depends on how many rows share a value."""
        return self.missing and not self.is_by_key


class Repetition(Struct, frozen=True):
    """Whether a statement runs once for each element of something."""

    in_loop: bool | None = None
    """None when what runs it can't be seen."""
    loop: str | None = None
    """``file:line`` of the loop."""
    asks_outside: bool = False
    """Each round of the loop also waits for another service, or sends something."""
    is_transaction: bool = False
    """Each round of the loop is a transaction of its own, which stands when another one fails."""
    trail: tuple[Step, ...] = ()


class Round(NamedTuple):
    """What else each round of a loop does."""

    asks_outside: bool = False
    is_transaction: bool = False


def repeated(loop: Place, text: str, each: Round) -> Repetition:
    """Something that runs in a loop."""
    trail = (Step(loop.file, loop.line, text),)
    return Repetition(True, str(loop), each.asks_outside, each.is_transaction, trail)  # noqa: FBT003 - it does


class Query(Struct, frozen=True):
    """A place in the code that asks a database something: an SQL statement, or a call of an ORM."""

    file: str
    line: int
    backend: str
    role: Literal["server", "script", "test", "browser"]
    """What the module is."""
    via: Literal["sql", "orm"]
    """A statement in SQL, or a method of an ORM or query builder."""
    kind: Kind
    statement: str = ""
    """The SQL, put together again; ``zz_dynamic`` stands for what is dynamic. Of an ORM, the call."""
    run_by: str = ""
    """The method that it is handed to; empty when that can't be seen."""
    dialect: Literal["mysql", "postgres", "sqlite", "tsql"] | None = None
    """None for an ORM."""
    is_remote: bool | None = True
    """It takes a round trip to a server: SQLite runs within the program (https://sqlite.org/np1queryprob.html).
    None where settings decide whether it is SQLite that is asked."""
    tables: tuple[str, ...] = ()
    """Tables that it names, sorted."""
    read_whole: tuple[str, ...] = ()
    """Of a SELECT, the tables whose rows it goes through, sorted: none that is only joined LEFT, or in a subquery."""
    selects_all: bool | None = None
    """It asks for all columns, ``SELECT *``; None when it could not be understood."""
    has_limit: bool | None = None
    """It has a LIMIT; None when a part that is dynamic may hold one."""
    rows: Rows = "unknown"
    """How many it reads: one by a unique key; some, by values that it is given; all of a table."""
    wildcards: tuple[str, ...] | None = None
    """Conditions with a pattern that begins with ``%``."""
    functions: tuple[str, ...] | None = None
    """Functions around columns in a condition, where no index can be used for that reason."""
    where_columns: tuple[str, ...] = ()
    join_columns: tuple[str, ...] = ()
    order_columns: tuple[str, ...] = ()
    repetition: Repetition = Repetition()
    """Whether it runs in a loop."""
    endpoints: tuple[str, ...] = ()
    """Method and path of the endpoints that lead to it, sorted."""
    answers: tuple[str, ...] = ()
    """Those of them that answer a GET and whose handler, not only a middleware before it, leads to it."""
    takes_values: bool = True
    """It depends on values that it is given."""
    has_own_values: bool = False
    """It is an UPDATE that gives what it changes other values each time: one for all rows would need a CASE."""
    may_grow: bool = True
    """The program may add rows to what it reads; False where no statement of the server inserts into any of its tables,
    such as those of roles and departments, which are filled once."""
    index: IndexNeed = IndexNeed()
    """Whether its tables lack an index."""
    snippet: str = ""
    trail: tuple[Step, ...] = ()

    @property
    def identity(self) -> str:
        """File and statement."""
        return f"{self.file} {self.statement}"

    @property
    def text(self) -> str:
        """The statement on one line, cut where it is long, ``…`` for what is dynamic."""
        text = " ".join(_shown(self.statement).split())
        return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"

    @property
    def is_served(self) -> bool:
        """An endpoint leads to it, so that somebody waits for it."""
        return bool(self.endpoints)

    @property
    def answers_get(self) -> bool:
        """The handler of a GET endpoint leads to it."""
        return bool(self.answers)

    @property
    def is_compared(self) -> bool:
        """It compares or joins by columns, so that an index can matter."""
        return bool(self.where_columns or self.join_columns or (self.order_columns and self.has_limit))

    @property
    def is_bounded(self) -> bool | None:
        """It has a limit, or reads only rows that it is given values for; None when that isn't known, or no matter."""
        if self.has_limit or self.rows in {"one", "some"}:
            return True
        return None if not self.may_grow or self.has_limit is None or self.rows == "unknown" else False

    @property
    def read_tables(self) -> tuple[str, ...]:
        """The tables whose rows it goes through, else all that it names."""
        return self.read_whole or self.tables

    @property
    def wildcard(self) -> str:
        """The first condition whose pattern begins with ``%``."""
        return (self.wildcards or ("",))[0]

    @property
    def function(self) -> str:
        """The first function around a column."""
        return (self.functions or ("",))[0]


def _shown(statement: str) -> str:
    before, *parts = statement.split("zz_dynamic")
    return before + "".join(f"…{part.lstrip('0123456789')}" for part in parts)


SUBJECT = Query
