"""Where a status document contradicts itself, whatever the code says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations
from typing import Literal

from msgspec import Struct

from medpro_audit.claims.document import OVERALL, Claim, Document
from medpro_audit.claims.mapping import ClaimMapping, words_of

ContradictionKind = Literal["done-and-open", "different-shares", "dates", "overdue", "untested", "overall", "begun"]

_PRIORITY = re.compile(r"\b(critical|high|medium|low)\b", re.IGNORECASE)
_PHASE = re.compile(r"\bphase\s+(\d+)\b", re.IGNORECASE)
_MOST_APART = 10.0
"""Points by which an overall figure may differ from the mean of its parts."""
_FEWEST_PARTS = 3


class Contradiction(Struct, frozen=True):
    """Two or more lines that can't all be true."""

    kind: ContradictionKind
    lines: tuple[int, ...]
    text: str


def find_contradictions(document: Document, mapping: ClaimMapping, today: date | None = None) -> list[Contradiction]:
    """All contradictions, by line; overdue periods only when ``today`` is given."""
    found = [
        *_done_and_open(document.claims, mapping),
        *_different_shares(document.claims, mapping),
        *_finished_priorities(document.claims),
        *_begun(document.claims),
        *_dates(document),
        *_overdue(document, today),
        *_untested(document.claims, mapping),
        *_overall(document.claims, mapping),
    ]
    return sorted(found, key=lambda each: (each.lines, each.kind, each.text))


def _done_and_open(claims: Sequence[Claim], mapping: ClaimMapping) -> Iterator[Contradiction]:
    """One line says that a thing is done, another that it is still to do."""
    done = [claim for claim in claims if claim.share == 100 and not claim.is_improvement]  # noqa: PLR2004 - percent
    for claim in done:
        still = [other for other in claims if other.kind == "open" and _is_same(claim, other, mapping)]
        if still:
            tasks = "; ".join(f'"{other.subject}" (line {other.line})' for other in still)
            text = f'"{claim.subject}" is claimed as done, and is open: {tasks}'
            yield Contradiction("done-and-open", (claim.line, *(other.line for other in still)), text)


def _is_same(one: Claim, other: Claim, mapping: ClaimMapping) -> bool:
    yardstick = mapping.find(one)
    if yardstick is not None:
        return yardstick == mapping.find(other)
    return words_of(one.subject) == words_of(other.subject)


def _different_shares(claims: Sequence[Claim], mapping: ClaimMapping) -> Iterator[Contradiction]:
    """Two lines give different shares of the same thing."""
    shares = [claim for claim in claims if claim.kind == "share" and claim.subject != OVERALL]
    for one, other in combinations(shares, 2):
        if one.share != other.share and _is_same(one, other, mapping):
            text = f'"{one.subject}" is {one.share:g} % in line {one.line}, "{other.subject}" {other.share:g} %'
            yield Contradiction("different-shares", (one.line, other.line), text)


def _finished_priorities(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """The tasks of a priority are said to be done, and stand open under a heading of that priority."""
    for claim in claims:
        priority = _PRIORITY.search(claim.subject) if claim.kind == "done" else None
        if priority is None:
            continue
        still = [other for other in claims if _is_open(other) and _has_priority(other, priority[1].lower())]
        if still:
            first = next((other for other in still if other.share == 0), still[0])
            state = f"{first.share:g} %" if first.share is not None else "open"
            text = f'"{claim.subject}", yet {len(still)} of that priority are open, "{first.subject}" at {state}'
            yield Contradiction("done-and-open", (claim.line, first.line), text)


def _is_open(claim: Claim) -> bool:
    return claim.kind == "open" or (claim.kind == "share" and claim.share != 100)  # noqa: PLR2004 - percent


def _has_priority(claim: Claim, priority: str) -> bool:
    found = _innermost(claim, _PRIORITY)
    return found is not None and found.lower() == priority


def _begun(claims: Sequence[Claim]) -> Iterator[Contradiction]:
    """A phase has a share, though each of its tasks is said to stand at nothing."""
    for claim in claims:
        phase = _PHASE.search(claim.subject) if claim.kind == "share" and claim.share else None
        if phase is None:
            continue
        tasks = [other for other in claims if other.kind == "open" and _is_of_phase(other, phase[1])]
        if tasks and all(task.share == 0 for task in tasks):
            text = f'"{claim.subject}" is {claim.share:g} % done, though all of its {len(tasks)} tasks stand at 0 %'
            yield Contradiction("begun", (claim.line, *(task.line for task in tasks)), text)


def _is_of_phase(claim: Claim, number: str) -> bool:
    return _innermost(claim, _PHASE) == number


def _innermost(claim: Claim, pattern: re.Pattern[str]) -> str | None:
    """What the nearest heading says; one with a percentage is itself a claim, and no title of what is below it."""
    titles = (title for title in reversed(claim.sections) if "%" not in title)
    return next((found[1] for title in titles if (found := pattern.search(title))), None)


def _dates(document: Document) -> Iterator[Contradiction]:
    """Last updated before the beginning; a period that ends before it begins."""
    for started in document.dates:
        for updated in document.dates:
            if (started.kind, updated.kind) == ("started", "updated") and updated.day < started.day:
                before = _long(started.day, updated.day)
                text = f"last updated on {updated.day}, {before} before the start on {started.day}"
                yield Contradiction("dates", (started.line, updated.line), text)
    for period in document.periods:
        if period.end < period.start:
            text = f'"{period.section}" ends on {period.end}, before it begins on {period.start}'
            yield Contradiction("dates", (period.line,), text)


def _long(later: date, earlier: date) -> str:
    days = (later - earlier).days
    months = round(days / 30.4)
    return f"{months} months" if months > 1 else f"{days} day{'s' if days > 1 else ''}"


def _overdue(document: Document, today: date | None) -> Iterator[Contradiction]:
    """A period or due date has passed and tasks under its heading are open."""
    if today is None:
        return
    ends = [(period.line, period.section, period.end) for period in document.periods]
    ends += [(due.line, due.section, due.day) for due in document.dates if due.kind == "due"]
    for line, section, end in ends:
        open_tasks = sum(_is_open(claim) and claim.section == section for claim in document.claims)
        if end < today and open_tasks:
            tasks = f"{open_tasks} of its tasks {'is' if open_tasks == 1 else 'are'} open"
            text = f'"{section}" was to be done by {end}, {_long(today, end)} before {today}, and {tasks}'
            yield Contradiction("overdue", (line,), text)


def _untested(claims: Sequence[Claim], mapping: ClaimMapping) -> Iterator[Contradiction]:
    """Things are claimed as completed in a document that says itself that nothing is tested."""
    none = [claim for claim in claims if claim.share == 0 and _measures_tests(claim, mapping)]
    done = [claim for claim in claims if claim.share == 100]  # noqa: PLR2004 - percent
    if none and done:
        lines = (none[0].line, *(claim.line for claim in done))
        text = (
            f'"{none[0].subject}" is at 0 %, yet {len(done)} things are claimed as completed, with no test to show it'
        )
        yield Contradiction("untested", lines, text)


def _measures_tests(claim: Claim, mapping: ClaimMapping) -> bool:
    yardstick = mapping.find(claim)
    return claim.kind == "share" and yardstick is not None and yardstick.metric == "testing"


def _overall(claims: Sequence[Claim], mapping: ClaimMapping) -> Iterator[Contradiction]:
    """The overall share is far from the mean of the metrics that the document itself gives."""
    parts: dict[str, Claim] = {}
    for claim in claims:
        yardstick = mapping.find(claim)
        if (
            claim.kind == "share"
            and claim.target is not None
            and yardstick is not None
            and yardstick.metric is not None
        ):
            parts[yardstick.metric] = claim
    whole = [claim for claim in claims if claim.subject == OVERALL and claim.kind == "share"]
    if not whole or len(parts) < _FEWEST_PARTS:
        return
    mean = sum(claim.share or 0.0 for claim in parts.values()) / len(parts)
    share = whole[0].share or 0.0
    if abs(mean - share) > _MOST_APART:
        text = f"{share:g} % overall, while the mean of its own {len(parts)} metrics is {mean:.1f} %"
        yield Contradiction("overall", (whole[0].line, *(claim.line for claim in parts.values())), text)
