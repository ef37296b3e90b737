"""Seeks, in what a handler leads to, the first call that surely changes something, and the way to it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from medpro_audit.core.place import Place, Step
from medpro_audit.facts import ir
from medpro_audit.model.changes.vocabulary import DELETING, WRITES, Kind, asks_elsewhere, change_of
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import External, FunctionValue, Unknown, options_of
from medpro_audit.model.logs.levels import LEVELS
from medpro_audit.model.performance.remembering import kept_by
from medpro_audit.model.performance.routines import Called, Identity, Routine, Routines, functions_in, identity_of

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.subjects.query import Query

MAX_ROUTINES = 2_000
"""Functions of one endpoint that are looked into."""
_SHOWN = 80
"""Characters of a call that a trail shows."""
_STORE = re.compile(
    r"(?:\b(?:tx|trx|transaction)(?:\.\w+)?|model|repo|repository|collection|prisma|knex|entitymanager|(?:^|\.)em|dao|table|db|database|(?-i:[a-z]Cols?))$",
    re.IGNORECASE,
)
"""What is a database by its name, in code of which nothing else is known."""
_ON_STORE = frozenset(("add", "create", "delete", "destroy", "insert", "remove", "save", "update", *WRITES))
_NO_DOCUMENT = re.compile(r"session|canvas|ctx|context|\bres\b|\breq\b|storage", re.IGNORECASE)
"""What has a ``save`` without being a record."""
_LOGS = re.compile(
    r"\b[lL]og(?:s|ger|ging)?\b|[a-z]Logs?\b|(?<![a-zA-Z])Log(?=[A-Z])|_logs?\b|[aA]udit|Errors?(?=\.)|errors?_"
)
"""What only tells what has happened."""
_LOGGER = re.compile(r"(?:^|[._])log(?:s|ger|ging)?$|(?-i:[a-z]Log(?:ger)?)$", re.IGNORECASE)
"""What is a logger by its name, when it is asked to ``info`` or ``error``."""
_RUNS = frozenset(("any", "each", "many", "manyOrNone", "map", "none", "one", "oneOrNone", "query", "result"))
"""Methods by which drivers run what stands in a file of SQL: https://vitaly-t.github.io/pg-promise/QueryFile.html."""
_WRITING_FILE = re.compile(
    r"(?:^|/)(?:add|create|delete|drop|insert|remove|replace|truncate|update|upsert)(?![a-z])[^/]*\.sql$", re.IGNORECASE
)
_TEMPORARY = re.compile(r"te?mp(?!l)|file\.path|files?\b.*\.path", re.IGNORECASE)

_TEMPORARIES = frozenset(("temp", "temp-dir", "temp-write", "tempfile", "tempy", "tmp", "tmp-promise"))


class Found(NamedTuple):
    """A call that changes something."""

    kind: Kind
    place: Place
    text: str


class Seeker:
    """Looks into functions, each once."""

    def __init__(self, known: Known, routines: Routines) -> None:
        self._routines = routines
        self._known: dict[Identity, Found | None] = {}
        self._code = known.base.interpreter.code
        self._queries: dict[str, list[Query]] = {}
        for query in cast("Sequence[Query]", known.found("query")):
            if query.via == "sql" and query.kind in {"insert", "update", "delete"}:
                self._queries.setdefault(query.file, []).append(query)

    def seek(self, functions: Iterable[FunctionValue]) -> tuple[Found, tuple[Step, ...]] | None:
        """The change nearest to these functions, and the calls that lead to it."""
        for routine, steps in self._reached(functions):
            found = self._in_routine(routine)
            if found is not None:
                return found, (*steps, Step(found.place.file, found.place.line, f"here it does: {found.text}"))
        return None

    def asked(self, functions: Iterable[FunctionValue]) -> Place | None:
        """Where another service is asked."""
        for routine, _ in self._reached(functions):
            for call in routine.calls:
                if any(isinstance(one, External) and asks_elsewhere(one) for one, _ in options_of(call.value)):
                    return _place(routine, call)
        return None

    def calls(self, functions: Iterable[FunctionValue]) -> frozenset[tuple[str, int]]:
        """File and offset of all calls of packages that were looked at, or that only tell what has happened."""
        return frozenset(
            (routine.path, call.at)
            for routine, _ in self._reached(functions, past_loggers=True)
            for call in routine.calls
            if any(isinstance(one, External) for one, _ in options_of(call.value))
        )

    def _reached(
        self, functions: Iterable[FunctionValue], *, past_loggers: bool = False
    ) -> Iterator[tuple[Routine, tuple[Step, ...]]]:
        """Functions and all that they call, nearest first, each with the calls that lead to it."""
        waiting: list[tuple[FunctionValue, tuple[Step, ...]]] = [(function, ()) for function in functions]
        seen: set[Identity] = set()
        for function, steps in waiting:
            identity = identity_of(function)
            if identity in seen or len(seen) >= MAX_ROUTINES:
                continue
            seen.add(identity)
            routine = self._routines.of(function)
            yield routine, steps
            for call in routine.calls:
                for callee in functions_in(call.value) if past_loggers or not _is_telling(call) else ():
                    place = _place(routine, call)
                    step = Step(place.file, place.line, f"{callee.node.name or call.name or 'a function'}() is called")
                    waiting.append((callee, (*steps, step)))

    def _in_routine(self, routine: Routine) -> Found | None:
        identity = identity_of(routine.function)
        if identity not in self._known:
            self._known[identity] = next(self._all_in(routine), None)
        return self._known[identity]

    def _all_in(self, routine: Routine) -> Iterator[Found]:
        for query in self._asked_in(routine.function):
            if not _LOGS.search(query.text.partition("(")[0]):
                yield Found("database", Place(query.file, query.line), query.text)
        is_tidying = any(_is_temporary(call) for call in routine.calls)
        is_caching = kept_by([routine], with_headers=False) is not None or routine.remembers
        for call in routine.calls:
            kind = self._kind(call)
            if kind is None or (is_caching and _is_cached(call)):
                continue
            text = self._text(routine, call)
            is_tidied = call.name in DELETING and (is_tidying or _TEMPORARY.search(text))
            if not is_tidied and not _LOGS.search(text.partition("(")[0]):
                yield Found(kind, _place(routine, call), text)
        for at in routine.keeps:
            place = routine.function.module.facts.place(at)
            yield Found("memory", place, "a collection that every request sees")

    def _asked_in(self, function: FunctionValue) -> Iterator[Query]:
        facts = function.module.facts
        first, last = facts.place(function.node.start).line, facts.place(function.node.end).line
        return (query for query in self._queries.get(facts.path, ()) if first <= query.line <= last)

    def _kind(self, call: Called) -> Kind | None:
        if _runs_writing_file(call):
            return "database"
        for value, _ in options_of(call.value):
            if isinstance(value, External):
                return change_of(value)
            if isinstance(value, Unknown):
                return _by_name(call)
        return None

    def _text(self, routine: Routine, call: Called) -> str:
        node = call.node
        owner = name_of(node.callee) if isinstance(node, ir.Call | ir.New) else call.name
        end = getattr(node, "end", call.at)
        code = self._code.snippet(routine.path, call.at, end)
        text = " ".join((code if code.startswith("new ") else f"{owner}{code[len(call.name) :]}").split())
        return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _by_name(call: Called) -> Kind | None:
    """What a call does of which only the name is known: a method that only databases have, or of what is called one."""
    node = call.node
    if not isinstance(node, ir.Call) or not isinstance(node.callee, ir.Member):
        return None
    owner = name_of(node.callee.object)
    if call.name in WRITES:
        return "database"
    if call.name == "sendMail":
        return "mail"
    if call.name == "mv" and "file" in owner.lower():
        return "file"
    if call.name == "save" and isinstance(node.callee.object, ir.Name | ir.New) and not _NO_DOCUMENT.search(owner):
        return "database"
    return "database" if call.name in _ON_STORE and _STORE.search(owner) else None


def _is_telling(call: Called) -> bool:
    """Whether a logger is told something: wherever it keeps that, the endpoint is not there to change it."""
    callee = call.node.callee if isinstance(call.node, ir.Call) else None
    return (
        isinstance(callee, ir.Member) and callee.name in LEVELS and _LOGGER.search(name_of(callee.object)) is not None
    )


def _runs_writing_file(call: Called) -> bool:
    """Whether a file of SQL is run that writes, by its name: ``db.none(sql('visit/update_visit.sql'), visit)``."""
    arguments = call.node.arguments if isinstance(call.node, ir.Call) and call.name in _RUNS else ()
    return any(
        isinstance(node, ir.Literal) and isinstance(node.value, str) and _WRITING_FILE.search(node.value)
        for node in ir.walk(arguments[:1])
    )


def _is_cached(call: Called) -> bool:
    """Whether a call may only keep what was looked up."""
    return any(isinstance(one, External) and is_cache(one.package) for one, _ in options_of(call.value))


def _is_temporary(call: Called) -> bool:
    """Whether a call makes a file that is taken away again."""
    return any(
        isinstance(one, External) and (one.package in _TEMPORARIES or one.name.endswith("tmpdir"))
        for one, _ in options_of(call.value)
    )


def _place(routine: Routine, call: Called) -> Place:
    return routine.function.module.facts.place(call.at)
