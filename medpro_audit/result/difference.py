"""What is different between two results of one project."""

from typing import Generic, Literal, TypeVar

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.model.subjects import Endpoint, MiddlewareUse, RequestPart, UnresolvedImport, UnresolvedRoute
from medpro_audit.result.parts import Metric, Verdict

Item = TypeVar("Item")

Guard = Literal["authentication", "authorization"]
GUARDS: tuple[Guard, ...] = ("authentication", "authorization")
Property = RequestPart | Guard | Literal["mounted", "condition", "handler", "file"]


class PropertyChange(Struct, frozen=True):
    """Something said of an endpoint that is not what it was."""

    property: Property
    """A request part: its validation's status; a guard: whether callers have to pass one."""
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
