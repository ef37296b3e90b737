"""The form of the answers of each endpoint, beside that of its back end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import structs

from medpro_audit.core.place import Step
from medpro_audit.model.consistency.envelopes import fits, form_of, usual_form
from medpro_audit.model.consistency.purposes import is_of_operation
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.envelope import Envelope


def facet(known: Known) -> Iterator[Envelope]:
    """One for each endpoint."""
    seen: list[Envelope] = []
    for row in known.base.rows:
        links = known.base.endpoint_builder.passage(row).ledger.links
        form, answer = form_of(links[-1].summary.answers) if links else (None, None)
        place = answer.site.place if answer is not None else None
        trail = (Step(place.file, place.line, "it answers"),) if place is not None else ()
        sends = answer is not None
        reason = None if form is not None else _reason(sends=sends)
        seen.append(Envelope(form, sends_json=sends, reason=reason, trail=trail))
    by_backend: defaultdict[str, list[str]] = defaultdict(list)
    for endpoint, envelope in zip(known.base.endpoints, seen, strict=True):
        if envelope.form is not None and not is_of_operation(endpoint.path):
            by_backend[endpoint.backend].append(envelope.form)
    usual = {backend: usual_form(forms) for backend, forms in by_backend.items()}
    for endpoint, envelope in zip(known.base.endpoints, seen, strict=True):
        yield _beside(envelope, None if is_of_operation(endpoint.path) else usual.get(endpoint.backend))


def _reason(*, sends: bool) -> str:
    return "what it sends can't be seen, or has several forms" if sends else "it sends no JSON that can be seen"


def _beside(envelope: Envelope, usual: str | None) -> Envelope:
    conforms = fits(envelope.form, usual) if envelope.form is not None and usual is not None else None
    return structs.replace(envelope, convention=usual, conforms=conforms)
