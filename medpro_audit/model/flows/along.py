"""The summaries of all functions that requests pass, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.model.request.records import Summary
from medpro_audit.model.subjects import Endpoint

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


def summaries(known: Known) -> Iterator[tuple[Endpoint, Summary]]:
    """Each with the first endpoint that leads to it."""
    seen: set[int] = set()
    for endpoint, row in zip(known.base.endpoints, known.base.rows, strict=True):
        for link in known.base.endpoint_builder.passage(row).ledger.links:
            if id(link.summary) not in seen:
                seen.add(id(link.summary))
                yield endpoint, link.summary
