"""How far each endpoint follows the pattern of its back end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import cast

from medpro_audit.core.config import PatternElement
from medpro_audit.core.place import Step
from medpro_audit.model.consistency.elements import Elements, State, Subject
from medpro_audit.model.consistency.patterns import NOTHING, Expected, Shown, States, expected
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.envelope import Envelope
from medpro_audit.model.subjects.facets.errors import Errors
from medpro_audit.model.subjects.facets.pattern import Pattern


def facet(known: Known) -> Iterator[Pattern]:
    """One for each endpoint."""
    subjects = list(_subjects(known))
    elements = Elements(known)
    states = [elements.states(subject) if subject.is_asked else {} for subject in subjects]
    shown: defaultdict[str, list[Shown]] = defaultdict(list)
    for subject, each in zip(subjects, states, strict=True):
        if each:
            shown[subject.endpoint.backend].append(Shown(subject.endpoint.file, each))
    patterns = {backend: expected(endpoints, known.base.config.consistency) for backend, endpoints in shown.items()}
    for subject, each in zip(subjects, states, strict=True):
        yield _judged(subject, each, patterns.get(subject.endpoint.backend, NOTHING))


def _subjects(known: Known) -> Iterator[Subject]:
    base = known.base
    errors = cast("tuple[Errors, ...]", known.facet("errors"))
    envelopes = cast("tuple[Envelope, ...]", known.facet("envelope"))
    for endpoint, row, each, envelope in zip(base.endpoints, base.rows, errors, envelopes, strict=True):
        yield Subject(endpoint, row, base.endpoint_builder.passage(row), each, envelope)


def _judged(subject: Subject, states: States, pattern: Expected) -> Pattern:
    def those(*wanted: State) -> tuple[PatternElement, ...]:
        return tuple(element for element in pattern.elements if states.get(element) in wanted)

    missing, unknown = those("missing"), those("unknown")
    asked = those("present", "missing", "unknown")
    if not asked:
        return Pattern(pattern.source, pattern.like, pattern.elements)
    handler = subject.endpoint.handler
    trail = (Step(handler.file, handler.line, "the handler"),) if handler.file and handler.line else ()
    return Pattern(
        source=pattern.source,
        like=pattern.like,
        pattern=pattern.elements,
        elements=asked,
        present=those("present"),
        missing=missing,
        unknown=unknown,
        conforms=False if missing else None if unknown else True,
        reason=handler.reason,
        trail=trail,
    )
