"""What becomes of the failures of each endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from medpro_audit.model.drivers import drivers
from medpro_audit.model.endpoints import Passage
from medpro_audit.model.errors.central import Covers
from medpro_audit.model.errors.forwarding import Forwarder
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.facets.errors import Errors

_CREATING_NAME = re.compile(r"^(create|add|register|insert|store)(?![a-z])")
_CREATING_CALL = re.compile(r"^(create|insert|insertOne|insertMany|bulkCreate|save)$")
_FAILED = 400


def facet(known: Known) -> Iterator[Errors]:
    """One for each endpoint."""
    forwarder, covers = Forwarder(known.base), Covers()
    for row, endpoint in zip(known.base.rows, known.base.endpoints, strict=True):
        passage = known.base.endpoint_builder.passage(row)
        errors = forwarder.errors(row, endpoint, passage.found)
        if endpoint.framework == "express" and endpoint.reached:
            cover = covers.of(row)
            errors = structs.replace(
                errors, central=cover.verdict, handler=cover.by.place if cover.by is not None else None
            )
        yield structs.replace(errors, **_successes(passage, endpoint.handler.name))


def _successes(passage: Passage, name: str) -> dict[str, object]:
    """What the handler answers with when nothing fails, and whether it creates something."""
    summary = passage.ledger.links[-1].summary if passage.ledger.links else None
    if summary is None:
        return {}
    known = {answer.status for answer in summary.answers}
    creates = _CREATING_NAME.match(name.rpartition(".")[2]) is not None and any(
        isinstance(call.callee, External)
        and call.callee.package in drivers()
        and _CREATING_CALL.match(call.callee.name.rpartition(".")[2])
        for call in summary.calls
    )
    return {
        "creates": creates,
        "success_statuses": tuple(sorted(status for status in known if status is not None and status < _FAILED)),
        "is_status_known": bool(known) and None not in known,
    }
