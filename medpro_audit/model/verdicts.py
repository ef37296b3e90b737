"""What the verdict on one part of an endpoint's request is made of, and the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from medpro_audit.core.place import Place, Step
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.values import Site
from medpro_audit.model.request.records import Attempt, Holding, Narrowed, Use
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import RequestPart, Validation


class Gap(NamedTuple):
    """A function of the chain that could not be followed."""

    reason: str
    site: Site


class Seen(NamedTuple):
    """A use of request data and what is known to check it at that point."""

    use: Use
    holding: Holding | None
    doubt: Holding | None
    was_tried: bool = False
    """Its validation was tried before."""


class Basis(NamedTuple):
    """What a verdict on one part is made of."""

    part: RequestPart
    seen: Sequence[Seen]
    holdings: Sequence[Holding]
    attempts: Sequence[Attempt]
    maybe: Sequence[tuple[Holding, str]]
    """What is checked under a condition only, of all parts."""
    gaps: Sequence[Gap]
    is_taken_whole: bool = False
    """All its fields, whatever they are, are stored or answered, or given to something unknown."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Top-level fields that are read."""
        return _fields([entry.use for entry in self.seen])

    @property
    def trail(self) -> tuple[Step, ...]:
        """Where it is validated, then where it is used."""
        steps = [_step(holding.place, f"{self.part} is checked by {holding.schema}") for holding in self.holdings]
        for entry in self.seen[:_TRAIL]:
            checked = "" if entry.holding is not None else ", unchecked"
            steps.append(_step(entry.use.place, f"{spoken(entry.use)} is read{checked}"))
        return tuple(dict.fromkeys(steps))

    def is_forgiven(self, use: Use) -> bool:
        """Asking whether something is there needs no validation before it, when there is one after it.

        Of a part as a whole that is asked, too, where only fields of it are validated.
        """
        asked = [one for one in self._tried if one.part == use.part and use.is_test]
        return any(not use.path or one.covers(use.part, use.path) is not False for one in asked)

    def may_stay(self, use: Use) -> bool:
        """What is validated later may have been brought into another form or compared before, which does no harm."""
        return not use.leaves and self.checked_later(use) is not None

    def checked_later(self, use: Use) -> Holding | None:
        """What would have checked it, had it not been used before."""
        return next((holding for holding in self._tried if holding.covers(use.part, use.path)), None)

    def doubted_later(self, entry: Seen) -> Holding | None:
        """What may check it after it was used: a schema whose fields aren't known."""
        use = entry.use
        tried = [] if entry.was_tried else [holding for holding in self._tried if not holding.shape.is_certain]
        return next((holding for holding in tried if holding.covers(use.part, use.path) is None), None)

    @property
    def _tried(self) -> Sequence[Holding]:
        """Schemas whose outcome somebody looks at."""
        return (*self.holdings, *(attempt.holding for attempt in self.attempts if not attempt.is_ignored))

    def unread(self) -> Validation:
        """Nothing is known to be read, but for what a schema has taken and passed on."""
        tried = [attempt.holding for attempt in self.attempts if not attempt.is_ignored]
        holdings = [*self.holdings, *(holding for holding in tried if holding.shape is not DOUBTFUL)]
        if any(not holding.shape.is_vacuous for holding in holdings):
            return self._replace(holdings=holdings).validated()
        doubt = next((one.holding for one in self.attempts if one.holding.shape is DOUBTFUL), None)
        if doubt is not None:
            return self.doubtful(doubt)
        if not self.gaps:
            return Validation("not-read")
        gap, place = self.gaps[0], self.gaps[0].site.place
        return Validation("unknown", place=str(place), reason=gap.reason, trail=(_step(place, gap.reason),))

    def validated(self) -> Validation:
        """Everything that is read is checked."""
        first = self.holdings[0]
        return Validation(
            "validated",
            by=first.library or None,
            schema=first.schema,
            place=str(first.place),
            fields=self.fields,
            is_permissive=self._is_permissive(self.holdings),
            trail=self.trail,
        )

    def doubtful(self, holding: Holding) -> Validation:
        """Something may check it."""
        reason = f"{holding.schema} at {holding.place} may check it"
        place = str(holding.place)
        return Validation("unknown", place=place, reason=reason, fields=self.fields, trail=self.trail)

    def early(self) -> Validation:
        """It is used before it is validated, and what it is used for is not known."""
        first = next(iter((*self.holdings, *(attempt.holding for attempt in self.attempts))))
        return Validation(
            "unknown",
            by=first.library,
            schema=first.schema,
            place=str(first.place),
            reason=f"something is made of it before {first.schema} checks it",
            fields=self.fields,
            trail=self.trail,
        )

    def missing(self, bare: Sequence[Seen]) -> Validation:
        """Something is read that nothing is known to check."""
        for holding, condition in self.maybe:
            if all(holding.covers(entry.use.part, entry.use.path) for entry in bare):
                return Validation(
                    "unknown",
                    by=holding.library,
                    schema=holding.schema,
                    place=str(holding.place),
                    reason=f"{holding.schema} checks it only if {condition}",
                    fields=self.fields,
                    trail=self.trail,
                )
        tried = [*self.holdings, *(attempt.holding for attempt in self.attempts)]
        first = tried[0] if tried else None
        is_ignored = not self.holdings and any(attempt.is_ignored for attempt in self.attempts)
        # What is tried, by a function that may refuse it in a way that isn't followed, is not known to be unchecked.
        bare = [entry for entry in bare if is_ignored or not entry.was_tried or entry.use.was_tried] or bare
        uncovered = _paths([entry.use for entry in bare]) if tried else ()
        was_tried = bool(bare) and all(entry.was_tried for entry in bare) and not is_ignored
        is_elsewhere = not any(entry.use.was_tried for entry in bare)
        is_late = bool(tried) and not is_ignored and not was_tried and self._is_late(bare)
        return Validation(
            "unknown" if was_tried and is_elsewhere else "missing",
            by=first.library if first else None,
            schema=first.schema if first else None,
            place=str(first.place) if first else None,
            reason=self._reason(first, uncovered, is_late=is_late, is_ignored=is_ignored, was_tried=was_tried),
            fields=self.fields,
            uncovered=() if is_late or is_ignored or was_tried else uncovered,
            is_permissive=self._is_permissive(tried),
            is_late=is_late,
            is_ignored=is_ignored,
            trail=self.trail,
        )

    def _is_permissive(self, holdings: Sequence[Holding]) -> bool:
        """What a schema lets through unchecked matters where something is made of it.

        That is so of a schema that checks nothing, and where the whole part is stored or answered; of what is picked by
        name each is judged by itself, and what is sent on to another service is that service's to judge. Parameters are
        those of the path, and requests have headers of many others.
        """
        top = [holding.shape for holding in holdings if not holding.path]
        if self.seen and any(shape.is_vacuous for shape in top):
            return True
        return self.is_taken_whole and self.part in {"body", "query"} and any(shape.is_permissive for shape in top)

    def _is_late(self, bare: Sequence[Seen]) -> bool:
        """All that is unchecked was used before a validation that would have checked it."""
        return all(self.checked_later(entry.use) is not None for entry in bare)

    def _reason(
        self, first: Holding | None, uncovered: Sequence[str], *, is_late: bool, is_ignored: bool, was_tried: bool
    ) -> str | None:
        if first is None:
            return None
        if is_ignored:
            return f"the result of {first.schema} is not acted upon"
        if is_late:
            return f"{first.schema} checks it after it was used"
        if was_tried:
            return f"what {first.schema} refuses, or does not see, gets here too, as far as can be seen"
        if first.shape.is_vacuous and not first.path:
            return f"{first.schema} accepts anything"
        return f"{first.schema} does not check {', '.join(uncovered) or 'all of it'}"


_TRAIL = 12


def _fields(uses: Sequence[Use]) -> tuple[str, ...]:
    return tuple(sorted({use.path[0] for use in uses if use.path and use.path[0] != "*"}))


_SENDING = frozenset(
    (  # noqa: SIM905 - a table of words
        "create fetch generateText invoke patch post publish put request send sendToQueue stream streamText"
    ).split()
)
"""Calls of packages that send something to another service."""


def takes_whole(use: Use) -> bool:
    """Whether a whole part is answered, or handed on to what is neither a database nor another service."""
    package, name = use.called
    is_sent_on = bool(package) and (package in drivers() or package in _SENDING or name in _SENDING)
    is_handed = use.purpose == "call" and not is_sent_on
    return not use.path and not use.is_test and (is_handed or use.purpose == "answer")


def _paths(uses: Sequence[Use]) -> tuple[str, ...]:
    return tuple(sorted({".".join(step for step in use.path if step != "*") for use in uses if use.path}))


def spoken(use: Use | Holding | Narrowed) -> str:
    """A request path as code has it: ``req.body.email``."""
    return ".".join(("req", use.part, *use.path)).rstrip(".*")


def _step(place: Place, text: str) -> Step:
    return Step(place.file, place.line, text)
