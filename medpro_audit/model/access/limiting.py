"""Whether a database call is limited to what is the caller's, or only names the caller beside.

Limited is a query all of whose results belong to the caller: it names the caller in a condition that holds together
with the others. An alternative (``$or``), an exclusion, or a field that is written (``createdBy``) limits nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from medpro_audit.model.access.provenance import is_caller, last_name
from medpro_audit.model.access.standing import Extent
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    CallRecord,
    Choice,
    Constant,
    External,
    ObjectValue,
    Text,
    Value,
)

_WRITES = re.compile(
    r"^(?:create(?!query)|insert|save|build|bulk_?(?:create|insert|save|write)|add|push|set|values|new|record|log)",
    re.IGNORECASE,
)
_CHANGES = re.compile(
    r"^(?:find.*and)?_?(?:update|replace|modify|patch|merge|upsert|increment|decrement)", re.IGNORECASE
)
_STATEMENT = re.compile(r"^\$?(?:query|execute|raw)|raw(?:unsafe)?$", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"^or(?![a-z])|^or_?where", re.IGNORECASE)
_NEGATED = re.compile(r"not|^(?:nin|ne)$", re.IGNORECASE)
_ALTERNATIVES = frozenset(("$or", "OR", "or"))
_EXCLUDING = frozenset(("$ne", "$nin", "$nor", "$not", "NOT", "ne", "nin", "not", "notIn"))
_MEMBERSHIP = frozenset(("$in", "in"))
_WRITTEN = frozenset(
    (  # noqa: SIM905 - a table of words
        "$addFields $addToSet $each $inc $project $push $set $setOnInsert attributes connect create data defaults "
        "order orderBy projection select set update values"
    ).split()
)
"""Properties of what is written or asked for, not of what it is asked by."""
_DIFFERENT = frozenset(("!=", "!==", "<>", "not in", "is not"))
_TEXTS = ("text", "sql")
"""Properties that hold a statement."""
_SQL = re.compile(r"^[\s(]*(select|with|update|delete|insert|replace|merge|call|exec)\b", re.IGNORECASE)
_READING = re.compile(r"^[\s(]*(?:select|with)\b", re.IGNORECASE)
_WRITING = frozenset(("insert", "merge", "replace", "update"))
_MARK = "\x00"
_DEPTH = 8


def is_written(calls: Sequence[CallRecord]) -> bool:
    """Whether a query puts something new into the database."""
    statements = [_spelled(item.value).lstrip(" (") for call in calls for item in call.arguments[:1]]
    return any(map(_is_writing, calls)) or any(statement[:6].lower() == "insert" for statement in statements)


def changes(calls: Sequence[CallRecord]) -> bool:
    """Whether a query is a statement that writes."""
    return any(
        _SQL.match(_spelled(item.value)) and not _READING.match(_spelled(item.value))
        for call in calls
        for item in call.arguments[:1]
    )


def _is_writing(call: CallRecord) -> bool:
    """Whether something is made by a method of this name, or by ``new`` of a class that a call has made."""
    is_of_fields = any(isinstance(item.value, ObjectValue) for item in call.arguments)
    is_made = isinstance(call.callee, External) and call.callee.call is not None and is_of_fields
    return is_made or _WRITES.match(last_name(call.callee)) is not None


def extent_of(calls: Sequence[CallRecord]) -> Extent:
    """How far the calls that make up one query limit it; one of them may be an alternative to the others."""
    extents = [_of_call(call) for call in calls]
    is_alternative = any(_ALTERNATIVE.match(last_name(call.callee)) for call in calls)
    if "limited" in extents:
        return "doubtful" if is_alternative else "limited"
    for extent in ("doubtful", "stamped"):
        if extent in extents:
            return extent
    return "open"


def _of_call(call: CallRecord) -> Extent:
    values = [item.value for item in call.arguments]
    if not any(map(is_caller, values)):
        return "open"
    name = last_name(call.callee)
    given = values[0]
    if isinstance(given, ObjectValue) and any(name in given.properties for name in _TEXTS):
        values = [given.properties[name] for name in (*_TEXTS, "values") if name in given.properties]
    statement = _spelled(values[0])
    if _SQL.match(statement):
        return _of_statement(statement, values[1:])
    if _is_writing(call):
        return "stamped"
    if _STATEMENT.search(name) and not is_caller(values[0]):
        return "doubtful"  # whatever the statement says, which isn't seen here
    if _ALTERNATIVE.match(name):
        return "doubtful"
    differs = any(isinstance(value, Constant) and str(value.value).lower() in _DIFFERENT for value in values)
    if _NEGATED.search(name) or differs:
        return "open"
    found = [limits(value) for value in _conditions(name, values)]
    if any(found):
        return "limited"
    return "doubtful" if None in found else "stamped" if _CHANGES.match(name) else "open"


def _conditions(name: str, values: Sequence[Value]) -> Sequence[Value]:
    """The arguments by which what is asked for is found; the others say what becomes of it."""
    if not _CHANGES.match(name):
        return values
    wheres = [value for value in values if isinstance(value, ObjectValue) and "where" in value.properties]
    if wheres:
        return [value.properties["where"] for value in wheres]
    return values[:1] if len(values) > 1 else ()


def limits(value: Value, depth: int = _DEPTH) -> bool | None:
    """Whether a condition only holds of what is the caller's; None when that depends."""
    if depth == 0 or not is_caller(value):
        return False
    match value:
        case ObjectValue(properties=properties, unknown=unknown):
            parts = [_of_property(name, inner, depth) for name, inner in properties.items()]
            return _together([*parts, *(limits(inner, depth - 1) for inner in unknown)])
        case ArrayValue(items=items):
            return _together([limits(item.value, depth - 1) for item in items])
        case Choice(options=options):
            return _each([limits(option, depth - 1) for option, _ in options])
    return True


def _of_property(name: str, value: Value, depth: int) -> bool | None:
    if name in _EXCLUDING or name in _WRITTEN or not is_caller(value):
        return False
    if isinstance(value, ArrayValue) and name in _ALTERNATIVES | _MEMBERSHIP:
        return _each([limits(item.value, depth - 1) for item in value.items])
    return limits(value, depth - 1)


def _together(parts: Sequence[bool | None]) -> bool | None:
    """Of conditions that hold together one is enough."""
    return True if any(parts) else None if None in parts else False


def _each(parts: Sequence[bool | None]) -> bool | None:
    """Of alternatives all have to be limited."""
    return True if parts and all(parts) else None


def _of_statement(statement: str, values: Sequence[Value]) -> Extent:
    """Of SQL: whether the caller stands in a condition that all rows have to meet."""
    found = _SQL.match(statement)
    is_written = found is not None and found[1].lower() in _WRITING
    where = re.search(r"\bwhere\b", statement, re.IGNORECASE)
    places = _places(statement, values)
    if places is None:
        return "doubtful"
    within = [place for place in places if where is not None and place >= where.end()]
    if not within:
        return "stamped" if is_written else "doubtful"
    if all(re.search(r"(?:!=|<>|\bnot\s+in\s*\(?)\s*$", statement[:place], re.IGNORECASE) for place in within):
        return "open"
    is_alternative = re.search(r"\b(?:or|union)\b", statement, re.IGNORECASE) is not None
    return "doubtful" if is_alternative or statement.lstrip(" (")[:6].lower() == "insert" else "limited"


def _places(statement: str, values: Sequence[Value]) -> list[int] | None:
    """Where the caller stands in a statement: in the text itself, or at a placeholder."""
    places = [found.start() for found in re.finditer(_MARK, statement)]
    given = values[0] if values else None
    match given:
        case ArrayValue(items=items, is_open=False):
            indices = [index for index, item in enumerate(items) if is_caller(item.value)]
            marks = [found.start() for found in re.finditer(r"\?", statement)]
            for index in indices:
                numbered = [found.start() for found in re.finditer(rf"\${index + 1}(?!\d)", statement)]
                places += numbered or marks[index : index + 1]
            return places or None
        case ObjectValue(properties=properties) if not given.is_open:
            inner = properties.get("replacements") or properties.get("bind")
            if isinstance(inner, ObjectValue | ArrayValue):
                return _places(statement, [inner])
            for name, value in properties.items():
                if is_caller(value):
                    places += [one.start() for one in re.finditer(rf"[:@$]{re.escape(name)}\b", statement)]
            return places or None
    return places or None


def _spelled(value: Value) -> str:
    """A text, with a mark wherever the caller stands in it."""
    match value:
        case Constant(value=str() as text):
            return text
        case Text(parts=parts):
            return "".join(part if isinstance(part, str) else _MARK if is_caller(part) else "?" for part in parts)
    return ""
