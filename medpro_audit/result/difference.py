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


BreakKind = Literal[
    "endpoint-removed",
    "operation-removed",
    "required-field-added",
    "field-made-required",
    "field-refused",
    "further-fields-refused",
    "type-narrowed",
    "value-removed",
    "limit-tightened",
    "check-added",
    "answer-removed",
    "answer-field-removed",
    "answer-field-made-optional",
    "answer-type-widened",
]
"""In what way a client that has worked may fail: by a request that is refused now, or by an answer that it does not
expect."""


class Break(Struct, frozen=True):
    """Something on which clients could rely and can no longer."""

    kind: BreakKind
    method: str
    path: str
    part: RequestPart | Literal["endpoint", "answer"]
    field: str
    """Where in the part; empty for all of it."""
    text: str
    """In words, without the endpoint."""
    file: str
    line: int
    """Of the endpoint as it is now, or was; of a documented operation."""
    is_documented: bool = False
    """The API's documentation says so, and the code does not contradict."""
    backend: str = "."

    @property
    def identity(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def sentence(self) -> str:
        """What has changed, without the endpoint: ``body.age is required now``."""
        return f"{_place(self)} {self.text}{_source(self)}".strip()


class Undecided(Struct, frozen=True):
    """Something that has changed, of which it can't be told whether it breaks clients."""

    method: str
    path: str
    part: RequestPart | Literal["endpoint", "answer"]
    field: str
    reason: str
    file: str
    line: int
    is_documented: bool = False
    backend: str = "."

    @property
    def identity(self) -> str:
        """Method and path."""
        return f"{self.method} {self.path}"

    @property
    def sentence(self) -> str:
        """What has changed and why it can't be told, without the endpoint."""
        return f"{_place(self)}: {self.reason}{_source(self)}".removeprefix(": ")


def _place(change: Break | Undecided) -> str:
    """Where in an endpoint; empty for all of it."""
    return ".".join(filter(None, (change.part, change.field))) if change.part != "endpoint" else ""


def _source(change: Break | Undecided) -> str:
    return " (by its documentation)" if change.is_documented else ""


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
    breaks: tuple[Break, ...] = ()
    """What clients could rely on and can no longer, by endpoint."""
    undecided: tuple[Undecided, ...] = ()
    """Changes of which nobody can tell whether they break clients."""
    doubt: str = ""
    """Why the two can't really be compared; empty where they can."""

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
        promises = self.breaks or self.undecided
        return not (findings or endpoints or promises or self.metrics or self.gate_changed or has_gaps)
