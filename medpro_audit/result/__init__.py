"""The outcome of one audit, as every gate and reporter reads it."""

from msgspec import Struct

from medpro_audit.core.finding import Finding
from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.subjects import Connection, Endpoint, SettingsFile, UnresolvedImport, UnresolvedRoute
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.result.baseline import BaselineReport
from medpro_audit.result.difference import Difference
from medpro_audit.result.parts import (
    BackendReport,
    Completeness,
    Metric,
    RuleReport,
    Share,
    Tool,
    Understood,
    Verdict,
)
from medpro_audit.rules.suppressing import Suppressed

__all__ = [
    "AuditResult",
    "BackendReport",
    "Comparison",
    "Completeness",
    "Metric",
    "RuleReport",
    "Share",
    "Tool",
    "Understood",
    "Verdict",
]


_ID = 9


class Comparison(Struct, frozen=True):
    """The project held against an earlier state of itself."""

    base: str
    """Name of that state, as it was given."""
    commit: str
    """The commit that stands for it: where the histories part."""
    difference: Difference

    @property
    def name(self) -> str:
        """The base as people read it: a whole id of a commit, as an event gives it, is cut."""
        return self.base[:_ID] if self.base == self.commit else self.base

    @property
    def since(self) -> str:
        """The base with the commit that stands for it, said once."""
        return self.name if self.base == self.commit else f"{self.base} ({self.commit[:_ID]})"


class AuditResult(Struct, frozen=True):
    """Everything one audit found. Same input, same result: sorted, no clock, no absolute path."""

    schema_version: int
    tool: Tool
    project: str
    """Name of the scanned repository: of its package.json, else of its folder."""
    verdict: Verdict
    metrics: tuple[Metric, ...]
    """Of all back ends together."""
    backends: tuple[BackendReport, ...]
    completeness: Completeness
    findings: tuple[Finding, ...]
    endpoints: tuple[Endpoint, ...]
    connections: tuple[Connection, ...]
    settings_files: tuple[SettingsFile, ...]
    unresolved_routes: tuple[UnresolvedRoute, ...]
    unresolved_imports: tuple[UnresolvedImport, ...]
    unmounted_routers: tuple[Place, ...]
    """Where routers are made that no application reaches."""
    notices: tuple[Notice, ...]
    rules: tuple[RuleReport, ...]
    """Rules that ran, by id."""
    operations: tuple[Operation, ...] = ()
    """What the API's documentation describes."""
    suppressed: tuple[Suppressed, ...] = ()
    """Findings that a comment accepts; they are in no other list and fail no gate, and are measured all the same."""
    baseline: BaselineReport | None = None
    """None without a baseline."""
    comparison: Comparison | None = None
    """None without a base."""
