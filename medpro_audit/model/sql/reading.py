"""SQL statements in the code as rules see them: rebuilt, parsed, held against the schema and the endpoints."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.performance.reach import Reach
from medpro_audit.model.sql.dialects import remoteness
from medpro_audit.model.sql.finishing import Finishing
from medpro_audit.model.sql.indexes import Question, Verdict
from medpro_audit.model.sql.parser import MAX_PARSED
from medpro_audit.model.sql.predicates import Patterns
from medpro_audit.model.sql.rebuilding import HOLE, Rebuilt, rebuild
from medpro_audit.model.sql.schema import Schema
from medpro_audit.model.sql.spots import FileSpots, Run, Spot, is_told
from medpro_audit.model.sql.statements import Statement, read_statement
from medpro_audit.model.subjects.query import IndexNeed, Kind, Query, Repetition, Rows, repeated

if TYPE_CHECKING:
    from medpro_audit.model.known import Known

_RUNNING = re.compile(
    r"(query|execute|exec|raw|sql|run|all|get|each|prepare|one|none|many|any|rows?|cell|col|unsafe|format|command"
    r"|^result|^multi)$",
    re.IGNORECASE,
)
"""Endings of the names of methods that run a statement."""
_SHOUTED = re.compile(
    r"[\s(]*(?:SELECT\b.*\bFROM\b|INSERT\s.*\bINTO\b|UPDATE\b.*\bSET\b|DELETE\s+FROM\b|WITH\b.*\bSELECT\b|REPLACE\s+INTO)",
    re.DOTALL,
)
_FIRST = frozenset(("first", "get", "one", "oneOrNone", "getRow", "getCell", "fetchOne", "queryOne"))
"""Methods that hand over the first row only."""
_KIND = re.compile(r"[\s(]*(select|insert|update|delete|with|replace)", re.IGNORECASE)
_FROM = re.compile(r"\b(from|into|update)\b", re.IGNORECASE)
_VALUE = re.compile(rf"\?|{HOLE}|:\w|\$\d|@\w")
_SET = re.compile(r"\bset\b(.*?)(\bwhere\b|\bfrom\b|$)", re.IGNORECASE | re.DOTALL)
_KINDS: dict[str, Kind] = {
    "delete": "delete",
    "insert": "insert",
    "replace": "insert",
    "select": "select",
    "update": "update",
    "with": "select",
}


class Reading(NamedTuple):
    """A statement as far as it was understood."""

    full: Statement | None
    """With all that may be in it."""
    least: Statement | None
    """With what is in it for sure."""
    rebuilt: Rebuilt


def _is_fragment(text: str) -> bool:
    """Whether a text stands in parentheses as a whole: a part of some other statement, such as one of its columns."""
    inner = text.strip()
    depth = 0
    for at, character in enumerate(inner):
        depth += (character == "(") - (character == ")")
        if not depth:
            return at > 0 and at == len(inner) - 1
    return False


class StatementReader:
    """Reads the statements of one file."""

    def __init__(self, known: Known, path: str, spots: FileSpots, schema: Schema) -> None:
        self._known = known
        self._path = path
        self._facts = known.base.facts[path]
        self._spots = spots
        self._schema = schema
        self._reach = known.shared(Reach)
        self._finishing = known.shared(Finishing)

    def queries(self) -> Iterator[Query]:
        """All statements, by place."""
        for spot in self._spots.statements():
            runs = [run for run in spot.runs if not is_told(run)]
            if spot.runs and not runs:
                continue
            text = rebuild(spot.pieces)
            if len(text.text) <= MAX_PARSED and self._is_sql(text, runs) and not _is_fragment(text.text):
                query = self._query(spot, runs, self._read(spot, runs, text))
                if query is not None:
                    yield query

    def _is_sql(self, text: Rebuilt, runs: Sequence[Run]) -> bool:
        """Whether a text is meant as SQL: something runs it, or its words are written as such."""
        return any(_RUNNING.search(run.method) for run in runs) or _SHOUTED.match(text.text) is not None

    def _read(self, spot: Spot, runs: Sequence[Run], rebuilt: Rebuilt) -> Reading:
        patterns = Patterns(self._schema.dialect, self._wildcards(runs))
        full = read_statement(rebuilt.text, patterns)
        if not rebuilt.has_optional:
            return Reading(full, full, rebuilt)
        least = read_statement(rebuild(spot.pieces, with_optional=False).text, patterns)
        return Reading(full or least, least, rebuilt)

    def _query(self, spot: Spot, runs: Sequence[Run], reading: Reading) -> Query | None:
        functions = sorted({start for run in runs for start in run.functions} or set(spot.functions))
        numbers = self._reach.endpoints(self._path, functions)
        place = self._facts.place(spot.at)
        query = Query(
            file=self._path,
            line=place.line,
            backend=self._known.base.backend_of(self._path),
            role=self._known.base.roles.get(self._path, "server"),
            via="sql",
            kind=_kind(reading.rebuilt.text),
            statement=" ".join(reading.rebuilt.text.split()),
            run_by=next((run.method for run in runs), ""),
            dialect=self._schema.dialect,
            is_remote=self._known.shared(remoteness).get(self._known.base.backend_of(self._path), True),
            endpoints=self._reach.names(numbers),
            answers=self._reach.names(self._reach.answering(self._path, functions)),
            takes_values=_VALUE.search(reading.rebuilt.text) is not None,
            repetition=self._repetition(spot, runs, functions),
            snippet=" ".join(reading.rebuilt.text.split())[:160],
        )
        if not _FROM.search(reading.rebuilt.text):  # such as the SELECT 1 of a health check
            return None
        if reading.full is None:
            is_run = any(_RUNNING.search(run.method) for run in runs)
            return structs.replace(query, index=IndexNeed(reason="it could not be parsed")) if is_run else None
        return self._understood(query, reading, reading.full)

    def _understood(self, query: Query, reading: Reading, full: Statement) -> Query:
        question = Question(full, self._schema)
        least = Question(reading.least, self._schema) if reading.least is not None else None
        verdict = self._verdict(reading, least or question)
        return structs.replace(
            query,
            kind=full.kind,
            has_own_values=full.kind == "update" and _sets_values(reading.rebuilt.text),
            tables=full.tables,
            selects_all=full.selects_all,
            read_whole=full.leading,
            has_limit=self._has_limit(query, reading),
            rows="one" if query.run_by in _FIRST and full.kind == "select" else _rows(reading, question),
            wildcards=tuple(each.text for each in full.predicates if each.kind == "wildcard"),
            functions=tuple(_functions(full, least or question)),
            where_columns=_columns(full, "equal", "range", "wildcard", "wrapped"),
            join_columns=_columns(full, "join"),
            order_columns=tuple(dict.fromkeys(term.column for term in full.order if term.column)),
            repetition=Repetition(in_loop=False) if _is_batch(full) else query.repetition,
            index=IndexNeed(
                verdict.is_missing,
                tuple(each.statement for each in verdict.advice),
                any(each.is_by_key for each in verdict.advice),
                reason=verdict.reason,
                trail=tuple(_defined(verdict)),
            ),
        )

    def _has_limit(self, query: Query, reading: Reading) -> bool | None:
        found = _has_limit(reading)
        is_finished = found is False and query.kind == "select" and not _RUNNING.fullmatch(query.run_by)
        return None if is_finished and query.run_by and self._finishing.may_limit(self._path, query.run_by) else found

    def _verdict(self, reading: Reading, question: Question) -> Verdict:
        verdict = question.verdict()
        if reading.rebuilt.has_unknown_clause and verdict.is_missing is not False:
            return Verdict(None, reason="a clause is put together when it runs")
        if reading.rebuilt.has_optional and verdict.is_missing is not None:
            return Verdict(None, reason="its conditions depend on the request")
        return verdict

    # Where it runs

    def _repetition(self, spot: Spot, runs: Sequence[Run], functions: Sequence[int]) -> Repetition:
        loops = (run.loop if run.loop >= 0 else self._loop_inside(run) for run in runs)
        own = next((loop for loop in loops if loop >= 0), -1)
        if own >= 0:
            each = self._reach.round(self._path, own)
            return repeated(self._facts.place(own), "for each element of this, it runs once more", each)
        return self._reach.repetition(self._path, functions, runs[0].node.at if runs else spot.at) or Repetition(
            False if runs else None
        )

    def _loop_inside(self, run: Run) -> int:
        """The loop in which a function is called that is written inside another one."""
        inner = [start for start in run.functions[1:] if not self._reach.endpoints(self._path, (start,))]
        return self._spots.loop_around(inner)

    # Values

    def _wildcards(self, runs: Sequence[Run]) -> frozenset[str]:
        """Which parameters begin with ``%``."""
        found: set[str] = set()
        for run in runs:
            match run.values:
                case ir.Array(items=items):
                    found.update(str(at) for at, item in enumerate(items) if item and self._begins(item, run))
                case ir.Object(properties=properties):
                    for each in properties:
                        if isinstance(each.key, str) and self._begins(each.value, run):
                            found.add(each.key)
        return frozenset(found)

    def _begins(self, node: ir.Expression, run: Run) -> bool:
        first = next(iter(self._spots.text(node, run.functions)), None)
        return first is not None and (first.text or "").startswith("%")


def _is_batch(statement: Statement) -> bool:
    """Whether it asks for a whole list at once, so that a loop around it goes from batch to batch."""
    return any(each.is_list for each in statement.predicates)


def _sets_values(text: str) -> bool:
    """Whether an UPDATE sets a column to a value that it is given."""
    found = _SET.search(text)
    return found is not None and _VALUE.search(found[1]) is not None


def _kind(text: str) -> Kind:
    found = _KIND.match(text)
    return _KINDS.get(found[1].lower(), "unknown") if found is not None else "unknown"


def _has_limit(reading: Reading) -> bool | None:
    for statement in (reading.least, reading.full):
        if statement is reading.least and statement is not None and statement.has_limit:
            return True
        if statement is reading.full and statement is not None and statement.has_limit:
            return None
    return None if reading.rebuilt.has_unknown_clause else False


def _rows(reading: Reading, question: Question) -> Rows:
    statement = reading.least or reading.full
    if statement is None or statement.kind == "insert":
        return "unknown"
    if statement.is_aggregate:
        return "one"
    by_value = [each for each in statement.predicates if each.kind in {"equal", "range", "wrapped", "wildcard"}]
    given = [each for each in by_value if not each.is_constant]
    if len(statement.sources) == 1 and question.finds_one() and reading.full is statement:
        return "one"
    if given:
        return "some"
    is_open = reading.rebuilt.has_unknown_clause or any(each.kind == "dynamic" for each in statement.predicates)
    if is_open or not statement.is_simple or any(not source.name for source in statement.sources):
        return "unknown"
    if statement.is_grouped or any(each.kind == "other" and not each.is_constant for each in statement.predicates):
        return "unknown"
    return "all"


def _functions(statement: Statement, question: Question) -> Iterator[str]:
    """Functions around columns that keep an index from being used, or the only condition from ever having one."""
    for each in statement.predicates:
        is_path = "->" in each.text or "json_extract" in each.text.lower()  # only an index on the expression serves it
        if each.kind != "wrapped" or is_path or question.has_expression_index(each.column):
            continue
        if not question.is_narrowed(each.column):
            yield each.text


def _columns(statement: Statement, *kinds: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for each in statement.predicates:
        if each.kind in kinds:
            columns = [column for column in (each.column, each.other) if column is not None and column.name]
            names.update(dict.fromkeys(column.name for column in columns))
    return tuple(names)


def _defined(verdict: Verdict) -> Iterator[Step]:
    for each in verdict.advice:
        place = each.table.place
        yield Step(place.file, place.line, f"the table {each.table.name} is defined here, without such an index")
