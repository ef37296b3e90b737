"""What is different between two results: findings new and fixed, endpoints, scorecard, and the gate's answer.

Nothing is matched by line: a finding is the same when its fingerprint is, an endpoint when back end, method and path
are. Of several equal ones the first is matched with the first, so that their number is always right.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Generic, Literal, NamedTuple, TypeVar

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.model.subjects import (
    PARTS,
    Endpoint,
    MiddlewareUse,
    RequestPart,
    UnresolvedImport,
    UnresolvedRoute,
)
from medpro_audit.result import AuditResult, Metric, Verdict

Item = TypeVar("Item")

Property = RequestPart | Literal["mounted", "condition", "handler", "file"]


class PropertyChange(Struct, frozen=True):
    """Something said of an endpoint that is not what it was."""

    property: Property
    """A request part: its validation's status."""
    before: str
    after: str


class EndpointChange(Struct, frozen=True):
    """An endpoint of both results that is not the same in both."""

    before: Endpoint
    after: Endpoint
    changes: tuple[PropertyChange, ...]
    middleware_added: tuple[MiddlewareUse, ...]
    """Another name, other roles, or no longer sure to run: such middleware is lost and added."""
    middleware_lost: tuple[MiddlewareUse, ...]


class MetricChange(Struct, frozen=True):
    """A success metric whose share, or whose numbers, are not what they were."""

    before: Metric
    after: Metric


class Gaps(Struct, Generic[Item], frozen=True):
    """What the analysis could not do, of one kind."""

    new: tuple[Item, ...]
    closed: tuple[Item, ...]


class Difference(Struct, frozen=True):
    """Everything that is different, each in the order of the result that it stands in."""

    new: tuple[Finding, ...]
    """Of rules that ran before too."""
    fixed: tuple[Finding, ...]
    """Of rules that still run; as they were."""
    unchanged: tuple[Finding, ...]
    """As they are now."""
    newly_sought: tuple[Finding, ...]
    """Of rules that did not run before: since when they have been there, nobody knows."""
    no_longer_sought: tuple[Finding, ...]
    """Of rules that do not run any more: whether they are fixed, nobody knows."""
    endpoints_added: tuple[Endpoint, ...]
    endpoints_removed: tuple[Endpoint, ...]
    endpoints_changed: tuple[EndpointChange, ...]
    metrics: tuple[MetricChange, ...]
    verdict_before: Verdict
    verdict: Verdict
    notices: Gaps[Notice]
    unresolved_imports: Gaps[UnresolvedImport]
    unresolved_routes: Gaps[UnresolvedRoute]

    @property
    def gate_changed(self) -> bool:
        """Whether the gate's answer is another; new reasons for the same answer are none."""
        return self.verdict.status != self.verdict_before.status

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        findings = self.new or self.fixed or self.newly_sought or self.no_longer_sought
        endpoints = self.endpoints_added or self.endpoints_removed or self.endpoints_changed
        gaps = (self.notices, self.unresolved_imports, self.unresolved_routes)
        has_gaps = any(each.new or each.closed for each in gaps)
        return not (findings or endpoints or self.metrics or self.gate_changed or has_gaps)


def compare(before: AuditResult, after: AuditResult) -> Difference:
    """What is different in ``after``, both of the same project."""
    findings = _matched(before.findings, after.findings, lambda finding: finding.fingerprint)
    endpoints = _matched_endpoints(before.endpoints, after.endpoints)
    changed = (_endpoint_change(old, new) for old, new in endpoints.pairs)
    new, newly_sought = _parted(findings.new, before)
    fixed, no_longer_sought = _parted(findings.gone, after)
    return Difference(
        new=new,
        fixed=fixed,
        unchanged=tuple(new for _, new in findings.pairs),
        newly_sought=newly_sought,
        no_longer_sought=no_longer_sought,
        endpoints_added=endpoints.new,
        endpoints_removed=endpoints.gone,
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
    )


class _Matched(NamedTuple, Generic[Item]):
    new: tuple[Item, ...]
    gone: tuple[Item, ...]
    pairs: tuple[tuple[Item, Item], ...]
    """Before and after, in the order of after."""


def _matched(before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]) -> _Matched[Item]:
    """Match items of equal keys, the first with the first."""
    waiting: defaultdict[Hashable, deque[Item]] = defaultdict(deque)
    for item in before:
        waiting[key(item)].append(item)
    new: list[Item] = []
    pairs: list[tuple[Item, Item]] = []
    for item in after:
        candidates = waiting[key(item)]
        if candidates:
            pairs.append((candidates.popleft(), item))
        else:
            new.append(item)
    left = {id(item) for items in waiting.values() for item in items}
    return _Matched(tuple(new), tuple(item for item in before if id(item) in left), tuple(pairs))


def _parted(findings: Sequence[Finding], other: AuditResult) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings that the other result would have too if they had been there, and those that nobody sought there."""
    sought = {rule.id for rule in other.rules}
    return (
        tuple(finding for finding in findings if finding.rule in sought),
        tuple(finding for finding in findings if finding.rule not in sought),
    )


def _matched_endpoints(before: Sequence[Endpoint], after: Sequence[Endpoint]) -> _Matched[Endpoint]:
    """Match endpoints of one file first: where two answer the same path, one may have gone."""
    near = _matched(before, after, lambda endpoint: (*_identity(endpoint), endpoint.file))
    far = _matched(near.gone, near.new, _identity)
    return _Matched(far.new, far.gone, (*near.pairs, *far.pairs))


def _identity(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.backend, endpoint.identity


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
    return EndpointChange(before, after, changes, middleware.new, middleware.gone)


def _properties(endpoint: Endpoint) -> dict[Property, str]:
    """What is said of an endpoint, in words."""
    said: dict[Property, str] = {part: getattr(endpoint.validation, part).status for part in PARTS}
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


def _numbers(metric: Metric) -> tuple[float | None, int, int, int]:
    return metric.share, metric.numerator, metric.denominator, metric.unknown


def _gaps(before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], Hashable]) -> Gaps[Item]:
    matched = _matched(before, after, key)
    return Gaps(matched.new, matched.gone)


def _notice_key(notice: Notice) -> Hashable:
    return notice.kind, notice.message, notice.place.file if notice.place else None
