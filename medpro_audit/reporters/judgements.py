"""What the endpoint matrix says of one endpoint in each of its columns: the verdict, and what it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects import Endpoint, RequestPart, Validation
from medpro_audit.reporters.endpoint_words import caveat, shown_parts
from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, IN_PART, UNKNOWN, Mark
from medpro_audit.reporters.summary import count

_MOST_STEPS = 4


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
    parts = tuple(Column(name.capitalize(), _of_part(name)) for name in shown_parts(endpoints))
    return (*parts, *_COLUMNS)


def _of_part(name: RequestPart) -> Callable[[Endpoint], Judgement]:
    return lambda endpoint: _validation(getattr(endpoint.validation, name))


_VALIDATION: Mapping[str, Mark] = {
    "validated": HOLDS,
    "missing": BROKEN,
    "unknown": UNKNOWN,
    "not-read": DOES_NOT_APPLY,
}


def _validation(verdict: Validation) -> Judgement:
    if verdict.status == "not-read":
        return Judgement(DOES_NOT_APPLY)
    left_open = caveat(verdict)
    schema = f"{verdict.by or 'schema'} {verdict.schema}" if verdict.schema else ""
    reads = f"reads {_listed(verdict.fields)}" if verdict.fields else "" if verdict.reason or schema else "it is read"
    said = (f"{schema} at {verdict.place}" if schema and verdict.place else schema, verdict.reason, left_open, reads)
    return _judged(IN_PART if left_open else _VALIDATION[verdict.status], said, verdict.trail)


def _authentication(endpoint: Endpoint) -> Judgement:
    access = endpoint.access
    if access.is_entrance:
        return Judgement(DOES_NOT_APPLY, ("it is how callers become known",))
    by = f"by {access.by}" if access.by else ""
    schemes = f"by means of {_listed(access.schemes)}" if access.schemes else ""
    default = "nothing before the handler asks who calls" if access.authentication == "no" else ""
    said = (by, schemes, access.reason or default, *(f"switched off at {place}" for place in access.switches))
    return _judged(_KNOWN[access.authentication], said, access.trail)


def _authorization(endpoint: Endpoint) -> Judgement:
    access = endpoint.access
    if access.is_entrance:
        return Judgement(DOES_NOT_APPLY, ("it is how callers become known",))
    by = f"by {access.authorization_by}" if access.authorization_by else ""
    kinds = f"checks {_listed(access.authorization_kinds)}" if access.authorization_kinds else ""
    roles = f"lets in {_listed(access.roles)}" if access.roles else ""
    default = "neither a role nor whose it is is checked" if access.authorization == "no" else ""
    return _judged(_KNOWN[access.authorization], (by, kinds, roles, access.authorization_reason or default))


def _rate_limit(endpoint: Endpoint) -> Judgement:
    limit = endpoint.rate_limit
    by = f"{limit.by} at {limit.place}" if limit.by and limit.place else limit.by or ""
    amount = f"{limit.requests:,} requests" if limit.requests is not None else ""
    window = f" in {limit.window:,} seconds" if amount and limit.window is not None else ""
    default = "no limiter stands before it" if limit.status == "no" else ""
    return _judged(_KNOWN[limit.status], (by, amount + window, limit.reason or default))


def _documented(endpoint: Endpoint) -> Judgement:
    said = endpoint.documentation
    if not said.is_expected:
        return _judged(DOES_NOT_APPLY, (said.reason or "nobody would look it up",))
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
    return _judged(
        _DOCUMENTED[said.status], (found, f"without {_listed(lacks)}" if lacks else "", said.reason or default)
    )


def _tested(endpoint: Endpoint) -> Judgement:
    tests = endpoint.testing
    cases = f"{tests.cases} test cases" if tests.cases > 1 else "one test case" if tests.cases else ""
    kinds = f" ({_listed(tests.kinds)})" if cases and tests.kinds else ""
    lines = f"tests run {tests.covered:g} % of the handler's lines" if tests.covered is not None else ""
    default = "no test asks it" if tests.status == "untested" else ""
    return _judged(_TESTED[tests.status], (cases + kinds, lines, tests.reason or default), tests.trail)


def _logged(endpoint: Endpoint) -> Judgement:
    tracking = endpoint.tracking
    return _judged(_KNOWN[tracking.logged], (_LOGGED[tracking.logged],), tracking.trail)


def _cached(endpoint: Endpoint) -> Judgement:
    kept = endpoint.caching
    if kept.status == "not-needed":
        return Judgement(DOES_NOT_APPLY)
    asked = f"{kept.queries} places ask a database" if kept.queries > 1 else "one place asks a database"
    same = "the same rows for everybody" if kept.is_same_for_all else ""
    default = "nothing is kept" if kept.status == "uncached" else ""
    return _judged(_CACHED[kept.status], (kept.by, kept.reason or default, asked, same), kept.trail)


def _judged(mark: Mark, said: Sequence[str | None], steps: Sequence[Step] = ()) -> Judgement:
    """A judgement without what is empty, and with the first steps only."""
    told = tuple(text for text in said if text)
    if len(steps) > _MOST_STEPS:
        told = (*told, f"{count(len(steps), 'place')}, the first {_MOST_STEPS}:")
    return Judgement(mark, told, tuple(steps[:_MOST_STEPS]))


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)


_LOGGED: Mapping[str, str] = {
    "yes": "each request leaves a line",
    "no": "nothing writes a line for each request",
    "unknown": "whether requests leave a line can't be seen",
}
_KNOWN: Mapping[str, Mark] = {"yes": HOLDS, "no": BROKEN, "unknown": UNKNOWN}
_DOCUMENTED: Mapping[str, Mark] = {"documented": HOLDS, "undocumented": BROKEN, "unknown": UNKNOWN}
_TESTED: Mapping[str, Mark] = {"tested": HOLDS, "untested": BROKEN, "unknown": UNKNOWN}
_CACHED: Mapping[str, Mark] = {"cached": HOLDS, "uncached": BROKEN, "unknown": UNKNOWN}
_COLUMNS = (
    Column("Authentication", _authentication),
    Column("Authorization", _authorization),
    Column("Rate limit", _rate_limit),
    Column("Documented", _documented),
    Column("Tested", _tested),
    Column("Logged", _logged),
    Column("Cached", _cached),
)
