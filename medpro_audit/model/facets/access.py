"""Who may call each endpoint."""

from collections.abc import Iterator

import msgspec

from medpro_audit.model.access.claims import signed_claims
from medpro_audit.model.access.judging import judge
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.access import Access


def facet(known: Known) -> Iterator[Access]:
    """One for each endpoint."""
    judged = list(_judged(known))
    applications = [id(row.application) for row in known.base.rows]
    differing = {one for one, access in zip(applications, judged, strict=True) if access.authorization == "yes"}
    for application, access in zip(applications, judged, strict=True):
        yield msgspec.structs.replace(access, callers_differ=application in differing)


def _judged(known: Known) -> Iterator[Access]:
    base = known.base
    signed = known.shared(signed_claims)
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        yield judge(row, base.endpoint_builder, base.interpreter, signed.get(endpoint.backend))
