"""The central error handling of each back end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast

from medpro_audit.model.errors.versions import express_major
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.error_setup import ErrorSetup
from medpro_audit.model.subjects.facets.errors import Errors
from medpro_audit.model.subjects.process_handler import ProcessHandler

Verdict = Literal["yes", "no", "unknown"]


def survey(known: Known) -> Iterable[ErrorSetup]:
    """One for each back end that serves an endpoint, sorted."""
    listeners = cast("tuple[ProcessHandler, ...]", known.found("process-handler"))
    errors = cast("tuple[Errors, ...]", known.facet("errors"))
    for backend in known.base.backends:
        rows = [
            (row, each)
            for row, endpoint, each in zip(known.base.rows, known.base.endpoints, errors, strict=True)
            if endpoint.backend == backend.root and endpoint.reached
        ]
        if not rows:
            continue
        verdicts = {each.central for row, each in rows if row.application.framework == "express"}
        place = rows[0][0].application.site.place
        events = {each.event for each in listeners if each.backend == backend.root and each.role == "server"}
        yield ErrorSetup(
            file=place.file,
            line=place.line,
            backend=backend.root,
            is_express=bool(verdicts),
            express_major=express_major(known.base, backend.root) if verdicts else None,
            central=_best(verdicts),
            rejections="yes" if "unhandledRejection" in events else "no",
            exceptions="yes" if "uncaughtException" in events else "no",
        )


def _best(verdicts: set[Verdict]) -> Verdict:
    return next((verdict for verdict in ("yes", "unknown") if verdict in verdicts), "no")
