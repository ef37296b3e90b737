"""What is different between two results: findings new and fixed, endpoints, scorecard, and the gate's answer.

Nothing is matched by line: a finding is the same as `result.pairing` says, an endpoint when back end, method and path
are. Of several equal ones the first is matched with the first, so that their number is always right.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from typing import TypeVar

from medpro_audit.compatibility import broken_promises
from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.model.subjects import (
    PARTS,
    Endpoint,
)
from medpro_audit.result import AuditResult, Metric
from medpro_audit.result.difference import (
    GUARDS,
    Difference,
    EndpointChange,
    Gaps,
    MetricChange,
    Property,
    PropertyChange,
)
from medpro_audit.result.pairing import Paired, Renamed, no_renames, pair, pair_findings

Item = TypeVar("Item")


def compare(before: AuditResult, after: AuditResult, renamed: Renamed = no_renames) -> Difference:
    """What is different in ``after``, both of the same project; what has only moved is not."""
    findings = pair_findings(before.findings, after.findings, renamed)
    endpoints = _matched_endpoints(before.endpoints, after.endpoints)
    changed = (_endpoint_change(old, new) for old, new in endpoints.pairs)
    new, newly_sought = _parted(findings.new, before)
    fixed, no_longer_sought = _parted(findings.gone, after)
    breaks, undecided = broken_promises(before, after, endpoints)
    return Difference(
        new=new,
        fixed=fixed,
        unchanged=tuple(new for _, new in findings.pairs),
        newly_sought=newly_sought,
        no_longer_sought=no_longer_sought,
        endpoints_added=tuple(endpoints.new),
        endpoints_removed=tuple(endpoints.gone),
        endpoints_changed=tuple(change for change in changed if change is not None),
        metrics=tuple(_metric_changes(before.metrics, after.metrics)),
        verdict_before=before.verdict,
        verdict=after.verdict,
        notices=_gaps(before.notices, after.notices, _notice_key),
        unresolved_imports=_gaps(
            before.unresolved_imports, after.unresolved_imports, lambda each: (each.file, each.specifier)
        ),
        unresolved_routes=_gaps(
            before.unresolved_routes, after.unresolved_routes, lambda each: (each.place.file, each.method, each.reason)
        ),
        doubt=_doubt(before, after, endpoints),
        breaks=breaks,
        undecided=undecided,
    )


def _parted(findings: Sequence[Finding], other: AuditResult) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings that the other result would have too if they had been there, and those that nobody sought there."""
    sought = {rule.id for rule in other.rules}
    return (
        tuple(finding for finding in findings if finding.rule in sought),
        tuple(finding for finding in findings if finding.rule not in sought),
    )


def _matched_endpoints(before: Sequence[Endpoint], after: Sequence[Endpoint]) -> Paired[Endpoint, Endpoint]:
    """Match endpoints of one file first: where two answer the same path, one may have gone."""
    near = _matched(before, after, lambda endpoint: (*_identity(endpoint), endpoint.file))
    far = _matched(near.gone, near.new, _identity)
    return far._replace(pairs=[*near.pairs, *far.pairs])


def _matched(before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]) -> Paired[Item, Item]:
    return pair(before, after, key, key)


def _identity(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.backend, endpoint.identity


def _doubt(before: AuditResult, after: AuditResult, endpoints: Paired[Endpoint, Endpoint]) -> str:
    """Whether endpoints have other paths because other parts of a program were followed, not because it is another.

    A program that does more than is followed is left at some point; a change far from the routes may move that point,
    and then a router is not found below where it is mounted any more, or is found there only now.
    """
    partly = [note.place.file for note in (*before.notices, *after.notices) if note.kind == "budget" and note.place]
    moved = pair(endpoints.gone, endpoints.new, _registration, _registration).pairs if partly else []
    elsewhere = [new for old, new in moved if old.path != new.path and _is_below(old.path, new.path)]
    if not elsewhere:
        return ""
    return (
        f"{min(partly)} is followed only in part, and not as far as at the base: {len(elsewhere)} of its endpoints are "
        "found under other paths although their routes are the same"
    )


def _registration(endpoint: Endpoint) -> tuple[str, str, str, str]:
    """What an endpoint is, but for where its router is mounted."""
    last = endpoint.path.rpartition("/")[2]
    return endpoint.file, endpoint.method, endpoint.handler.name, last


def _is_below(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)


def _endpoint_change(before: Endpoint, after: Endpoint) -> EndpointChange | None:
    """What is different in an endpoint; None when nothing is that a reader would call different."""
    middleware = _matched(before.middleware, after.middleware, lambda use: (use.name, use.roles, use.conditional))
    said_before, said_after = _properties(before), _properties(after)
    changes = tuple(
        PropertyChange(name, said_before[name], value)
        for name, value in said_after.items()
        if value != said_before[name]
    )
    if not (changes or middleware.new or middleware.gone):
        return None
    return EndpointChange(before, after, changes, tuple(middleware.new), tuple(middleware.gone))


def _properties(endpoint: Endpoint) -> dict[Property, str]:
    """What is said of an endpoint, in words."""
    said: dict[Property, str] = {part: getattr(endpoint.validation, part).status for part in PARTS}
    said |= {guard: getattr(endpoint.access, guard) for guard in GUARDS}
    said["mounted"] = "yes" if endpoint.mounted else "no"
    said["condition"] = endpoint.condition or "none"
    said["handler"] = "unknown" if endpoint.handler.file is None else "known"
    said["file"] = endpoint.file
    return said


def _metric_changes(before: Sequence[Metric], after: Sequence[Metric]) -> Iterator[MetricChange]:
    earlier = {metric.id: metric for metric in before}
    for metric in after:
        old = earlier.get(metric.id)
        if old is not None and _numbers(old) != _numbers(metric):
            yield MetricChange(old, metric)


def _numbers(metric: Metric) -> tuple[Fraction | float | None, int, int, int]:
    return metric.exact, metric.numerator, metric.denominator, metric.unknown


def _gaps(before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]) -> Gaps[Item]:
    matched = _matched(before, after, key)
    return Gaps(tuple(matched.new), tuple(matched.gone))


def _notice_key(notice: Notice) -> Hashable:
    return notice.kind, notice.message, notice.place.file if notice.place else None
