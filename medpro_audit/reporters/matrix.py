"""The endpoint matrix of a page: a row for each endpoint, a verdict in each column, and what the verdicts rest on.

What several endpoints rest on is written once and referred to by its number: thousands of rows stay light.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects import Endpoint, Scope
from medpro_audit.reporters.endpoint_words import in_order
from medpro_audit.reporters.judgements import Column, columns
from medpro_audit.reporters.marks import BROKEN, DOES_NOT_APPLY, HOLDS, IN_PART, UNKNOWN, Mark

_SCOPES: dict[Scope, str] = {
    "application": "Before every endpoint of the application",
    "router": "Before every endpoint of the router",
    "route": "Before this handler",
}


class Evidence(Struct, frozen=True):
    """One paragraph of a trail: places in the source, and what is there."""

    title: str
    mark: Mark | None = None
    """Of a verdict."""
    said: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Tally(Struct, frozen=True):
    """How a column stands: ``40 of 120, 3 unknown``."""

    title: str
    holds: int
    applicable: int
    unknown: int


class Row(Struct, frozen=True):
    """One endpoint."""

    endpoint: Endpoint
    marks: tuple[Mark, ...]
    """By column."""
    trail: tuple[Evidence | int, ...]
    """What it rests on, in order; numbers stand for what is shared."""
    callers: str
    """Who may call it, in words."""


class Group(Struct, frozen=True):
    """The endpoints that one file registers."""

    file: str
    rows: tuple[Row, ...]


class Matrix(Struct, frozen=True):
    """The whole of it."""

    columns: tuple[Tally, ...]
    groups: tuple[Group, ...]
    shared: tuple[Evidence, ...]


def matrix(endpoints: Sequence[Endpoint]) -> Matrix:
    """Put endpoints into rows, by the file that registers them."""
    asked = columns(endpoints)
    ordered = in_order(endpoints)
    told = [_told(endpoint, asked) for endpoint in ordered]
    times = Counter(evidence for _, trail in told for evidence in trail)
    numbers = {each: number for number, each in enumerate(each for each, count in times.items() if count > 1)}
    rows = [
        Row(endpoint, marks, tuple(numbers.get(each, each) for each in trail), ", ".join(endpoint.access.callers))
        for endpoint, (marks, trail) in zip(ordered, told, strict=True)
    ]
    return Matrix(
        columns=tuple(_tally(column.title, [row.marks[at] for row in rows]) for at, column in enumerate(asked)),
        groups=tuple(Group(file, tuple(held)) for file, held in groupby(rows, key=lambda row: row.endpoint.file)),
        shared=tuple(numbers),
    )


def tally_in_words(tally: Tally) -> str:
    """How a column stands, in as few words as can be."""
    if not tally.applicable:
        return "n/a"
    unknown = f", {tally.unknown:,} unknown" if tally.unknown else ""
    return f"{tally.holds:,} of {tally.applicable:,}{unknown}"


def _told(endpoint: Endpoint, asked: Sequence[Column]) -> tuple[tuple[Mark, ...], tuple[Evidence, ...]]:
    judged = [(column.title, column.judge(endpoint)) for column in asked]
    verdicts = (
        Evidence(title, each.mark, each.said, each.steps)
        for title, each in judged
        if each.said or each.mark != DOES_NOT_APPLY
    )
    return tuple(each.mark for _, each in judged), (*_way(endpoint), *verdicts)


def _way(endpoint: Endpoint) -> Iterator[Evidence]:
    """How a request reaches the handler."""
    yield Evidence("How it is reached", steps=endpoint.trail)
    for scope, title in _SCOPES.items():
        steps = tuple(
            Step(use.file, use.line, _middleware(use.name, use.roles, use.condition if use.conditional else None))
            for use in endpoint.middleware
            if use.scope == scope
        )
        if steps:
            yield Evidence(title, steps=steps)
    handler = endpoint.handler
    if handler.file is None:
        yield Evidence("Handler", UNKNOWN, (handler.reason or "not found",))
    else:
        yield Evidence("Handler", steps=(Step(handler.file, handler.line or 0, handler.name),))


def _middleware(name: str, roles: Sequence[str], condition: str | None) -> str:
    told = f"{name}: {', '.join(roles)}" if roles else name
    return f"{told}, only if {condition}" if condition else told


def _tally(title: str, marks: Sequence[Mark]) -> Tally:
    counted = Counter(marks)
    holds = counted[HOLDS] + counted[IN_PART]
    return Tally(title, holds, holds + counted[BROKEN] + counted[UNKNOWN], counted[UNKNOWN])
