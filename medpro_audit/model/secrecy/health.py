"""What by its name is health data: tables, collections, fields of answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.model.database.collector import member_path
from medpro_audit.model.evaluation.values import CallRecord, Constant, External, Site
from medpro_audit.model.flows.contents import spellings, written

_TERMS = frozenset(
    (  # noqa: SIM905 - a table of words
        "allergy bloodtype diagnosis encounter healthrecord immunization labresult labtest medicalcondition "
        "medicalhistory medicalreport medicalrecord medication patient patienthealthdata prescription symptom "
        "testresult treatment vaccination vital"
    ).split()
)
_CREDENTIALS = frozenset(
    "accesstoken apikey authorization cookie cvv otp otpcode passwd password refreshtoken secret token".split()  # noqa: SIM905 - a table of words
)
"""Of what must not be logged, the names that are secrets rather than somebody's health."""
_TABLE = re.compile(r"\b(from|join)\s+[`\"\[]?(?:\w+[`\"\]]?\.[`\"\[]?)?(\w+)", re.IGNORECASE)
_GROUPED = re.compile(r"\bgroup\s+by\b", re.IGNORECASE)
_COUNTING = re.compile(r"\b(?:avg|count|sum)\s*\(", re.IGNORECASE)
_READING = re.compile(r"^[\s(]*(?:select|with)\b(?!\s+(?:count|exists|max|min|sum|avg)\s*\()", re.IGNORECASE)
_FINDING = frozenset(
    (  # noqa: SIM905 - a table of words
        "aggregate find findAll findAndCountAll findById findByPk findFirst findMany findOne findUnique paginate"
    ).split()
)
_QUERYING = frozenset(("all", "any", "execute", "get", "many", "one", "oneOrNone", "query", "raw"))
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


class Reading(NamedTuple):
    """A call that reads health data."""

    what: str
    site: Site


def is_health(name: str) -> bool:
    """Whether a table, collection or field of this name holds health data."""
    words = [word.lower() for word in _WORD.findall(name)]
    singular = [*words[:-1], _singular(words[-1])] if words else []
    return "".join(singular) in _TERMS


def is_personal(name: str, sensitive: tuple[str, ...]) -> bool:
    """Whether a field of an answer is one of these, secrets left out, or health data."""
    plain = "".join(_WORD.findall(name)).lower()
    personal = {"".join(_WORD.findall(one)).lower() for one in sensitive} - _CREDENTIALS
    return plain in personal or is_health(name)


def readings(record: CallRecord) -> Iterator[Reading]:
    """What a call reads of health data."""
    callee = record.callee
    if not isinstance(callee, External):
        return
    name = callee.name.rpartition(".")[2]
    if name in _QUERYING and record.arguments:
        for pieces in spellings(record.arguments[0].value):
            text = written(pieces)
            if _READING.match(text):
                yield from (Reading(table, record.site) for table in _tables(text) if is_health(table))
    elif name in _FINDING:
        yield from (Reading(model, record.site) for model in _models(callee) if is_health(model))


def _tables(statement: str) -> Iterator[str]:
    """Tables whose rows a statement reads; of one that counts, not what it joins for that, nor what it groups."""
    is_counting, is_grouped = _COUNTING.search(statement), _GROUPED.search(statement)
    for word, table in _TABLE.findall(statement):
        if not is_counting or (word.lower() == "from" and not is_grouped):
            yield table


def _models(callee: External) -> Iterator[str]:
    """Names of the model that a call is made on."""
    _, path = member_path(callee)
    yield from (step for step in path.split(".")[:-1] if step.isidentifier())
    for call in callee.calls():
        first = call.arguments[0].value if call.arguments else None
        made = call.callee.name.rpartition(".")[2] if isinstance(call.callee, External) else ""
        if made in {"collection", "define", "model"} and isinstance(first, Constant):
            yield str(first.value)


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith("ses"):  # diagnoses
        return f"{word[:-3]}sis"
    return word.removesuffix("s") if not word.endswith("sis") else word
