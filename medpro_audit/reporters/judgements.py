"""What the endpoint matrix says of one endpoint in each of its columns: the verdict, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects import PARTS, Endpoint, Validation
from medpro_audit.reporters.endpoint_words import caveat, shown_parts
from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, IN_PART, UNKNOWN, Mark
from medpro_audit.reporters.summary import count
from medpro_audit.result.verdicts import QUESTIONS, Answer, Question

_MOST_STEPS = 4
_MARKS: Mapping[Answer, Mark] = {"yes": HOLDS, "no": BROKEN, "unknown": UNKNOWN, "n/a": DOES_NOT_APPLY}

Grounds = tuple[tuple[str, ...], tuple[Step, ...]]
"""What a verdict rests on: in words, and where."""
_NONE: Grounds = ((), ())


class Judgement(Struct, frozen=True):
    """A verdict with what it rests on; with nothing, for what an endpoint has no need of."""

    mark: Mark
    said: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Column(Struct, frozen=True):
    """A question that is asked of every endpoint."""

    title: str
    judge: Callable[[Endpoint], Judgement]


def columns(endpoints: Sequence[Endpoint]) -> tuple[Column, ...]:
    """What is asked: of each part of the request that any endpoint reads, and then of what surrounds the handler."""
    parts = shown_parts(endpoints)
    asked = (question for question in QUESTIONS if question.id not in PARTS or question.id in parts)
    return tuple(Column(question.title, partial(_judge, question)) for question in asked)


def _judge(question: Question, endpoint: Endpoint) -> Judgement:
    mark = _MARKS[question.answer(endpoint)]
    if question.id in PARTS:
        verdict: Validation = getattr(endpoint.validation, question.id)
        return Judgement(IN_PART if caveat(verdict) else mark, *_validation(verdict))
    return Judgement(mark, *_GROUNDS[question.id](endpoint))


def _validation(verdict: Validation) -> Grounds:
    if verdict.status == "not-read":
        return _NONE
    schema = f"{verdict.by or 'schema'} {verdict.schema}" if verdict.schema else ""
    reads = f"reads {_listed(verdict.fields)}" if verdict.fields else "" if verdict.reason or schema else "it is read"
    said = (f"{schema} at {verdict.place}" if schema and verdict.place else schema, verdict.reason, caveat(verdict))
    return _told((*said, reads), verdict.trail)


def _authentication(endpoint: Endpoint) -> Grounds:
    access = endpoint.access
    if access.is_entrance:
        return _told(("it is how callers become known",))
    by = f"by {access.by}" if access.by else ""
    schemes = f"by means of {_listed(access.schemes)}" if access.schemes else ""
    default = "nothing before the handler asks who calls" if access.authentication == "no" else ""
    said = (by, schemes, access.reason or default, *(f"switched off at {place}" for place in access.switches))
    return _told(said, access.trail)


def _authorization(endpoint: Endpoint) -> Grounds:
    access = endpoint.access
    if access.is_entrance:
        return _told(("it is how callers become known",))
    by = f"by {access.authorization_by}" if access.authorization_by else ""
    kinds = f"checks {_listed(access.authorization_kinds)}" if access.authorization_kinds else ""
    roles = f"lets in {_listed(access.roles)}" if access.roles else ""
    default = "neither a role nor whose it is is checked" if access.authorization == "no" else ""
    return _told((by, kinds, roles, access.authorization_reason or default))


def _rate_limit(endpoint: Endpoint) -> Grounds:
    limit = endpoint.rate_limit
    by = f"{limit.by} at {limit.place}" if limit.by and limit.place else limit.by or ""
    amount = f"{limit.requests:,} requests" if limit.requests is not None else ""
    window = f" in {limit.window:,} seconds" if amount and limit.window is not None else ""
    default = "no limiter stands before it" if limit.status == "no" else ""
    return _told((by, amount + window, limit.reason or default))


def _documented(endpoint: Endpoint) -> Grounds:
    said = endpoint.documentation
    if not said.is_expected:
        return _told((said.reason or "nobody would look it up",))
    found = f"{said.source or 'an operation'} at {said.place}" if said.place else said.source or ""
    lacks = [
        name
        for name, has in (
            ("summary", said.has_summary),
            ("examples", said.has_examples),
            ("answers", said.has_responses),
        )
        if has is False and said.status == "documented"
    ]
    default = "no operation of the documentation describes it" if said.status == "undocumented" else ""
    return _told((found, f"without {_listed(lacks)}" if lacks else "", said.reason or default))


def _tested(endpoint: Endpoint) -> Grounds:
    tests = endpoint.testing
    cases = f"{tests.cases} test cases" if tests.cases > 1 else "one test case" if tests.cases else ""
    kinds = f" ({_listed(tests.kinds)})" if cases and tests.kinds else ""
    lines = f"tests run {tests.covered:g} % of the handler's lines" if tests.covered is not None else ""
    default = "no test asks it" if tests.status == "untested" else ""
    return _told((cases + kinds, lines, tests.reason or default), tests.trail)


def _logged(endpoint: Endpoint) -> Grounds:
    tracking = endpoint.tracking
    return _told((_LOGGED[tracking.logged],), tracking.trail)


def _cached(endpoint: Endpoint) -> Grounds:
    kept = endpoint.caching
    if kept.status == "not-needed":
        return _NONE
    asked = f"{kept.queries} places ask a database" if kept.queries > 1 else "one place asks a database"
    same = "the same rows for everybody" if kept.is_same_for_all else ""
    default = "nothing is kept" if kept.status == "uncached" else ""
    return _told((kept.by, kept.reason or default, asked, same), kept.trail)


def _told(said: Sequence[str | None], steps: Sequence[Step] = ()) -> Grounds:
    """Grounds without what is empty, and with the first steps only."""
    told = tuple(text for text in said if text)
    if len(steps) > _MOST_STEPS:
        told = (*told, f"{count(len(steps), 'place')}, the first {_MOST_STEPS}:")
    return told, tuple(steps[:_MOST_STEPS])


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


_LOGGED: Mapping[str, str] = {
    "yes": "each request leaves a line",
    "no": "nothing writes a line for each request",
    "unknown": "whether requests leave a line can't be seen",
}
_GROUNDS: Mapping[str, Callable[[Endpoint], Grounds]] = {
    "authentication": _authentication,
    "authorization": _authorization,
    "rate-limit": _rate_limit,
    "documented": _documented,
    "tested": _tested,
    "logged": _logged,
    "cached": _cached,
}
"""By the id of the question."""
