"""Who may call each endpoint."""

from collections.abc import Iterator

from medpro_audit.model.access.claims import signed_claims
from medpro_audit.model.access.judging import judge
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.access import Access


def facet(known: Known) -> Iterator[Access]:
    """One for each endpoint."""
    base = known.base
    signed = known.shared(signed_claims)
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        yield judge(row, base.endpoint_builder, base.interpreter, signed.get(endpoint.backend))
