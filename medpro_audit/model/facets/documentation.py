"""How each endpoint is documented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from medpro_audit.core.place import Step
from medpro_audit.model.documentation.analysis import Analysis, analysis_of
from medpro_audit.model.documentation.expectation import exemption
from medpro_audit.model.documentation.matching import Match
from medpro_audit.model.documentation.templates import Template, template_of
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.documentation import Documentation

if TYPE_CHECKING:
    from medpro_audit.model.known import Known


def facet(known: Known) -> Sequence[Documentation]:
    """What documentation says of each endpoint, in their order."""
    analysis = analysis_of(known)
    found = _matches(analysis)
    documented = {
        (endpoint.file, endpoint.line, endpoint.method): endpoint.path
        for index, endpoint in reversed(list(enumerate(known.base.endpoints)))
        if index in found
    }
    return [
        _documented(analysis, *found[index])
        if index in found
        else _undocumented(known, analysis, index, documented.get((endpoint.file, endpoint.line, endpoint.method), ""))
        for index, endpoint in enumerate(known.base.endpoints)
    ]


def _matches(analysis: Analysis) -> dict[int, tuple[Match, str]]:
    """The first operation about each endpoint, and how it is written."""
    found: dict[int, tuple[Match, str]] = {}
    for matched in analysis.documents:
        for match in matched.matches:
            for index in match.endpoints:
                found.setdefault(index, (match, matched.document.source))
    return found


def _documented(analysis: Analysis, match: Match, source: str) -> Documentation:
    operation = match.operation
    details = analysis.details_of(operation)
    doubt = operation.document.doubt
    return Documentation(
        status="unknown" if doubt else "documented",
        reason=doubt,
        source=source,
        place=f"{operation.node.file}:{operation.node.line}",
        has_summary=details.has_summary,
        has_examples=details.has_examples,
        has_responses=bool(details.statuses) if details.statuses is not None else None,
        has_security=operation.document.has_security(operation),
        trail=(Step(operation.node.file, operation.node.line, f"{match.operation.method} {match.path} is documented"),),
    )


def _undocumented(known: Known, analysis: Analysis, index: int, elsewhere: str) -> Documentation:
    endpoint, row = known.base.endpoints[index], known.base.rows[index]
    template = template_of(endpoint.path)
    reason = exemption(known, endpoint, row, template, analysis.interfaces.get(endpoint.backend, []))
    if elsewhere and not reason:
        reason = f"the same route is documented as {elsewhere}"
    if reason:
        return Documentation(is_expected=False, status="undocumented", reason=reason)
    for each in analysis.generated:
        if each.covers(endpoint, row):
            step = Step(each.file, each.line, f"{each.generator} documents it")
            return Documentation(status="documented", source=each.generator, trail=(step,))
    doubts = (*_doubts(analysis, endpoint, template),)
    return Documentation(status="unknown", reason=doubts[0]) if doubts else Documentation(status="undocumented")


def _doubts(analysis: Analysis, endpoint: Endpoint, template: Template) -> Iterator[str]:
    """Why it may be documented where that can't be seen."""
    if not template.variants:
        yield "its path is a regular expression"
    for unseen in analysis.unseen:
        if unseen.backend == endpoint.backend:
            yield unseen.reason
    for matched in analysis.of_backend(endpoint.backend):
        yield from matched.document.gaps[:1]
