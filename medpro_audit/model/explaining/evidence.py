"""The steps that lead to the verdict on one request part, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.request.records import Holding
from medpro_audit.model.subjects import Validation
from medpro_audit.model.verdicts import Basis, Seen, spoken


class Evidence(NamedTuple):
    """Something that was seen at a place and counts for or against a verdict."""

    place: Place
    text: str


def evidence_of(basis: Basis, verdict: Validation) -> list[Evidence]:
    """What a verdict is made of: reads that came too early, schemas and their calls, reads, what can't be followed."""
    reads = [(_Read.of(entry, basis, verdict), entry) for entry in basis.seen]
    early = [(read, entry) for read, entry in reads if read.is_early]
    other = [(read, entry) for read, entry in reads if not read.is_early]
    found = [*_grouped(early), *_checks(basis), *_grouped(other), *_gaps(basis, verdict)]
    return list(dict.fromkeys(found))


class _Read(NamedTuple):
    """Why a read counts as it does."""

    outcome: str
    is_early: bool = False

    @classmethod
    def of(cls, entry: Seen, basis: Basis, verdict: Validation) -> _Read:
        """Tell what is known of a read, in the order in which the verdict asks."""
        use = entry.use
        if entry.holding is not None:
            return cls(f"checked by {entry.holding.schema}")
        if basis.is_forgiven(use):
            return cls("only to ask whether it is there", is_early=True)
        if entry.doubt is not None:
            return cls(f"and {entry.doubt.schema} at {entry.doubt.place} may have checked it")
        later = basis.checked_later(use)
        if later is not None and not entry.was_tried:
            return cls(f"before {later.schema} checks it", is_early=True)
        return cls(_unchecked(entry, basis, verdict))


def _unchecked(entry: Seen, basis: Basis, verdict: Validation) -> str:
    tried = [*basis.holdings, *(attempt.holding for attempt in basis.attempts)]
    condition = next((text for held, text in basis.maybe if held.covers(entry.use.part, entry.use.path)), None)
    if condition is not None:
        return f"checked only if {condition}"
    if verdict.is_ignored:
        return "whatever came of the check"
    if entry.was_tried:
        return "also where the check has failed or was not made"
    if not tried:
        return "unchecked"
    accepts = ", which accepts anything" if tried[0].shape.accepts_anything else ""
    return f"not checked by {tried[0].schema}{accepts}"


def _grouped(reads: list[tuple[_Read, Seen]]) -> Iterator[Evidence]:
    """Reads in one line with one outcome are one step."""
    together: dict[tuple[str, int, str], list[Seen]] = {}
    for read, entry in reads:
        place = entry.use.place
        together.setdefault((place.file, place.line, read.outcome), []).append(entry)
    for (_, _, outcome), entries in together.items():
        names = sorted({spoken(entry.use) for entry in entries})
        verb = "are" if len(names) > 1 else "is"
        yield Evidence(entries[0].use.place, f"{', '.join(names)} {verb} read, {outcome}")


def _checks(basis: Basis) -> Iterator[Evidence]:
    """Where schemas are made and applied."""
    ignored = {attempt.holding for attempt in basis.attempts if attempt.is_ignored}
    tried = [attempt.holding for attempt in basis.attempts]
    for holding in dict.fromkeys((*basis.holdings, *tried)):
        yield from _check(holding, ", and the result is not acted upon" if holding in ignored else "")
    for holding, condition in basis.maybe:
        if holding.part == basis.part:
            yield from _check(holding, f", only if {condition}")


def _check(holding: Holding, remark: str) -> Iterator[Evidence]:
    if holding.made is not None and holding.made.place != holding.place:
        yield Evidence(holding.made.place, f"{holding.schema} is made ({holding.library})")
    yield Evidence(holding.place, f"{holding.schema} checks {spoken(holding)}{remark}")


def _gaps(basis: Basis, verdict: Validation) -> Iterator[Evidence]:
    if verdict.status == "unknown" and not basis.seen:
        for gap in basis.gaps:
            yield Evidence(gap.site.place, "what this function reads is not known")
