"""What each endpoint does with parameters, queries and bodies that nothing validates, and what comes of wrong ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from medpro_audit.core.place import Place
from medpro_audit.model.flows.arrival import Arrival
from medpro_audit.model.hand_checks import Checks, bare_uses, body_treatment, by_field
from medpro_audit.model.known import Known
from medpro_audit.model.request.records import Use
from medpro_audit.model.sql.dialects import ORMS, candidates, dialect_of
from medpro_audit.model.sql.schema import Dialect
from medpro_audit.model.sql.schemas import schemas
from medpro_audit.model.subjects import Endpoint, RequestPart
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.change import Change
from medpro_audit.model.subjects.facets.usage import Treatment, Usage
from medpro_audit.model.validation import Ledger

_IDENTIFIER = re.compile(r"(?:^|_)(?:id|uuid|pk)$|(?<=[a-z])(?:Id|ID|Uuid|UUID)$")
"""Names of parameters that identify a record by a number, a UUID or an ObjectId."""
_BUILDERS = ORMS | {"objection"}
_OBJECT_ID_PACKAGES = frozenset(("bson", "mongodb", "mongoose"))
_MONGO_LOOKUPS = frozenset(
    (  # noqa: SIM905 - a table of words
        "countDocuments deleteMany deleteOne exists find findOne findOneAndDelete findOneAndReplace findOneAndUpdate "
        "updateMany updateOne where"
    ).split()
)
_OBJECT_IDS = frozenset(("ObjectID", "ObjectId"))
_MADE_OF_TEXT: dict[str, str] = {
    "code": "it becomes part of code that is run",
    "command": "it becomes part of a command",
    "page": "it becomes part of a page",
    "path": "it becomes part of a path",
    "pattern": "it becomes a regular expression",
    "sql": "it becomes part of an SQL statement",
    "template": "it becomes part of a template",
    "url": "it becomes part of an address that is asked",
}
"""What comes of a text that somebody else chose, by the kind of flow."""
_LOOKING_UP = re.compile(r"^(?:count|execute|exists|fetch|find|first|get|one|query|select|where)")
"""Calls that look something up; what is stored after them was found there."""
_TEXTS = re.compile(r"CHAR|TEXT|STRING|CLOB|ENUM")
_TEXT_COLUMN = re.compile(
    r"""(?<![\w$])["']?(\w*?(?:id|Id|ID|uuid))["']?\s*:\s*(?:\{[^{}]{0,120}?\btype\s*:\s*)?"""
    r"""(?:DataTypes|Sequelize)\.(?:STRING|TEXT|CHAR)\b|\.(?:string|text|char)\(\s*["'](\w*?(?:id|Id|ID|uuid))["']"""
)
"""A column of identifiers that is made for texts by Sequelize or Knex, be it by a call that isn't known to make one."""
_GENERAL = frozenset(("id", "pk", "uuid"))
"""Names of identifiers that say nothing of what they identify."""
_SETTLING = re.compile(r"CastError|BSON(?:Type)?Error|kind\s*===?\s*['\"]ObjectId|22P02|invalid_text_representation")
"""By which a program tells that a text is no ObjectId, or none of what PostgreSQL expects."""
_DATABASES: dict[Dialect, str] = {"postgres": "PostgreSQL", "tsql": "SQL Server"}
_LOOP = re.compile(r"\b(?:for|while)\s*\(")
_BAD_REQUEST = range(400, 500)
_READING = frozenset(("GET", "HEAD"))


def facet(known: Known) -> Iterator[Usage]:
    """One for each endpoint."""
    stores = _Stores(known)
    changes = cast("Sequence[Change]", known.facet("change"))
    accesses = cast("Sequence[Access]", known.facet("access"))
    for endpoint, row, change, access in zip(known.base.endpoints, known.base.rows, changes, accesses, strict=True):
        passage = known.base.endpoint_builder.passage(row).ledger
        case = _Case(endpoint, passage, stores, endpoint.method in _READING and change.status != "yes")
        is_known = access.authentication == "yes"
        body = body_treatment(passage, stores.is_loop, may_change=change.status == "yes", is_known=is_known)
        yield Usage(_treatment(case, "params"), _treatment(case, "query"), body)


class _Stores:
    """What is known of the databases of each back end."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self._schemas = known.shared(schemas)
        self._spoken: dict[str, frozenset[Dialect]] = {}
        self._settling: frozenset[str] | None = None
        self._texts: dict[str, set[str]] | None = None

    def settles_failures(self, backend: str) -> bool:
        """Whether the code of a back end tells apart a text that the database can't take."""
        if self._settling is None:
            found = (home for home, source in self._sources("server") if _SETTLING.search(source))
            self._settling = frozenset(found)
        return backend in self._settling

    def _sources(self, *roles: str) -> Iterator[tuple[str, str]]:
        """The modules of some roles: the back end of each, and its source."""
        base = self._known.base
        for path, facts in base.facts.items():
            if base.roles.get(path) in roles:
                yield base.backend_of(path), base.interpreter.code.snippet(path, 0, facts.size)

    def is_loop(self, place: Place) -> bool:
        """Whether the head of a loop stands on a line."""
        base = self._known.base
        facts = base.facts.get(place.file)
        source = base.interpreter.code.snippet(place.file, 0, facts.size) if facts is not None else ""
        return any(_LOOP.search(line) for line in source.splitlines()[place.line - 1 : place.line])

    def dialect(self, package: str, backend: str) -> Dialect | None:
        """The SQL that a package speaks in a back end; None where that may be one of several, or none."""
        own = dialect_of(package)
        if own is not None or package not in _BUILDERS:
            return own
        if backend not in self._spoken:
            self._spoken[backend] = frozenset(candidates(self._known, backend))
        spoken = self._spoken[backend]
        return next(iter(spoken)) if len(spoken) == 1 else None

    def may_be_text(self, backend: str, name: str) -> bool:
        """Whether the column that a parameter of this name is held against may be one of texts.

        That is so where such a column is declared, or all columns by which records are identified are texts.
        """
        if not self._text_columns(backend).isdisjoint(_GENERAL if _folded(name) in _GENERAL else (_folded(name),)):
            return True
        schema = self._schemas.get(backend)
        columns = [column for table in schema.tables for column in table.columns.values()] if schema is not None else []
        kinds = [column.kind for column in columns if _IDENTIFIER.search(column.name)]
        return bool(kinds) and all(_TEXTS.search(kind) for kind in kinds)

    def _text_columns(self, backend: str) -> set[str]:
        """Columns of identifiers that are declared as texts."""
        if self._texts is None:
            self._texts = {}
            for home, source in self._sources("server", "script"):
                names = (match[1] or match[2] for match in _TEXT_COLUMN.finditer(source))
                self._texts.setdefault(home, set()).update(map(_folded, names))
        return self._texts.get(backend, set())


def _folded(name: str) -> str:
    """A name in whatever notation."""
    return name.replace("_", "").lower()


class _Case(NamedTuple):
    """One endpoint, with what it does with its requests."""

    endpoint: Endpoint
    ledger: Ledger
    stores: _Stores
    only_reads: bool
    """It asks for something, and is not seen to change anything."""

    @property
    def arrivals(self) -> Iterator[Arrival]:
        """Calls of all its functions in which request data may do harm."""
        return (arrival for link in self.ledger.links for arrival in link.summary.arrivals)

    def is_compared(self, use: Use) -> bool:
        """Whether it is only held against something, and does not say how often a loop runs."""
        return use.purpose == "comparison" and not self.stores.is_loop(use.place)

    def is_asked(self, use: Use) -> bool:
        """Whether it is only asked something, or has been before it goes further."""
        return use.is_test or self.is_compared(use) or self.is_tested(use)

    def is_tested(self, use: Use) -> bool:
        """Whether it is held against something on the way: it may have been turned away where it is wrong."""
        path = use.path[:-1] if use.path[-1:] == ("length",) else use.path
        key = ".".join((use.part, *path))
        return any(key in link.summary.tested for link in self.ledger.links)

    @property
    def refuses_failures(self) -> bool:
        """Whether its functions answer what fails with a status that blames the request, wherever they catch it."""
        statuses = {
            answer.status
            for link in self.ledger.links
            for answer in link.summary.answers
            if any(clause.at <= answer.site.at < clause.end for clause in answer.site.module.facts.catches)
        }
        return bool(statuses) and all(status in _BAD_REQUEST for status in statuses if status is not None)


def _treatment(case: _Case, part: RequestPart) -> Treatment:
    """What becomes of one part."""
    bare = bare_uses(case.ledger.basis(part))
    if not bare:
        return Treatment()
    if part == "query":
        return _of_query(case, bare)
    harm = next(filter(None, _harms(case, bare)), "")
    return Treatment("more" if harm else "lookup", harm)


def _of_query(case: _Case, bare: Sequence[Use]) -> Treatment:
    used = [use for uses in by_field(bare) if not all(map(case.is_asked, uses)) for use in uses]
    steps = Checks(case.stores.is_loop).steps(used or bare)
    return Treatment("checked", trail=steps) if steps else Treatment("more" if used else "lookup")


def _harms(case: _Case, uses: Sequence[Use]) -> Iterator[str]:
    """What comes of a wrong parameter, for each use of one; empty where nothing is known to."""
    open_ = {use.path for use in uses if not case.is_tested(use)}
    looked_up = {use.path for use in uses if _LOOKING_UP.match(use.called.name)}
    for arrival in case.arrivals:
        for carried in arrival.carried:
            if carried.part == "params" and carried.path in open_ and carried.form != "harmless":
                yield _MADE_OF_TEXT.get(arrival.kind, "") if carried.need == "text" else ""
                is_stored = arrival.kind == "document" and arrival.package and carried.path not in looked_up
                if is_stored and not case.refuses_failures:  # a foreign key may refuse it
                    yield "it is stored as it comes"
    for use in uses:
        if use.purpose == "call" and not use.is_test and use.path in open_:
            yield _of_call(case, use)


def _of_call(case: _Case, use: Use) -> str:
    """What comes of a wrong parameter that a database is given as a value."""
    package, name = use.called
    backend = case.endpoint.backend
    is_settled = case.refuses_failures or case.stores.settles_failures(backend)
    if package in _OBJECT_ID_PACKAGES:
        is_cast = name in _OBJECT_IDS or (package == "mongoose" and _is_by_id(name, use))
        return "a text that is no ObjectId ends in an error" if is_cast and not is_settled else ""
    dialect = case.stores.dialect(package, backend)
    if dialect in {None, "sqlite"}:
        return ""
    if use.form == "harmless":
        return "" if is_settled else "NaN goes to the database where it is no number"
    if package == "@prisma/client" or not _is_identifier(use) or case.stores.may_be_text(backend, use.path[0]):
        return ""
    if dialect == "mysql":
        return "" if case.only_reads else "MySQL takes the text 1abc for the number 1"
    return "" if is_settled else f"{_DATABASES[dialect]} answers a text that is no identifier with an error"


def _is_by_id(name: str, use: Use) -> bool:
    """Whether a call of Mongoose casts it to an ObjectId."""
    return name.startswith("findById") or (name in _MONGO_LOOKUPS and use.field == "_id")


def _is_identifier(use: Use) -> bool:
    return bool(use.path) and _IDENTIFIER.search(use.path[0]) is not None
