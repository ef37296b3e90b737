"""Endpoints that read health data and answer with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, cast

from medpro_audit.core.place import Step
from medpro_audit.model.request.records import Summary
from medpro_audit.model.secrecy.health import is_personal, readings
from medpro_audit.model.subjects.exposure import Exposure

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.routing import Row
    from medpro_audit.model.subjects.facets.access import Access

_FAILED = 400
_SENDING = frozenset(("json", "jsonp", "render", "send"))


def survey(known: Known) -> Iterable[Exposure]:
    """One for each endpoint, sorted."""
    found: list[Exposure] = []
    accesses = cast("list[Access]", known.facet("access"))
    for endpoint, row, access in zip(known.base.endpoints, known.base.rows, accesses, strict=True):
        if endpoint.method not in {"GET", "ALL"} or access.admits_strangers:
            continue  # elsewhere a record is looked up for other ends than to be sent
        seen = dict(_seen(known, row))
        if seen:
            found.append(
                Exposure(
                    method=endpoint.method,
                    path=endpoint.path,
                    what=tuple(sorted(seen)),
                    authentication=access.authentication,
                    authorization="unknown" if _may_restrict(known, row, access) else access.authorization,
                    file=endpoint.file,
                    line=endpoint.line,
                    backend=endpoint.backend,
                    reached=endpoint.reached,
                    trail=tuple(seen[name] for name in sorted(seen)),
                )
            )
    return sorted(found, key=lambda one: (one.file, one.line, one.method, one.path))


def _may_restrict(known: Known, row: Row, access: Access) -> bool:
    """Whether something beside the authentication turns callers away, for a reason that was not understood."""
    links = known.base.endpoint_builder.passage(row).ledger.links[:-1]
    turning = (link for link in links if link.summary.responds and link.summary.passes and not link.summary.grants)
    return access.authorization == "no" and any(link.name != access.by for link in turning)


def _seen(known: Known, row: Row) -> Iterator[tuple[str, Step]]:
    """Health data by name, with where it is read or sent."""
    links = known.base.endpoint_builder.passage(row).ledger.links
    if not links:
        return
    summary = links[-1].summary  # what middleware reads is not what is sent
    if not _answers(summary) or not _asks(summary):
        return
    for record in summary.calls:
        for reading in readings(record):
            place = reading.site.place
            yield reading.what, Step(place.file, place.line, f"{reading.what} is read")
    for answer in summary.answers:
        place = answer.site.place
        for key, value in answer.sent.fields if answer.status is None or answer.status < _FAILED else ():
            if value == "?" and is_personal(key, known.base.config.logging.sensitive):
                yield key, Step(place.file, place.line, f"{key} is sent")


def _asks(summary: Summary) -> bool:
    """Whether it may learn of anybody: what stands in the program, such as grades of allergies, is nobody's."""
    return bool(summary.calls or summary.escapes) or summary.reason is not None


def _answers(summary: Summary) -> bool:
    """Whether it sends more than a text or a failure."""
    return any(
        answer.method in _SENDING
        and (answer.status is None or answer.status < _FAILED)
        and answer.sent.kind not in {"text", "nothing"}
        for answer in summary.answers
    )
