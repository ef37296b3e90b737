"""What the outcome of an audit is made of."""

from fractions import Fraction
from typing import Literal

from msgspec import Struct, structs

from medpro_audit.core.finding import Measure, MetricId


class Metric(Struct, frozen=True):
    """One success metric: the share of subjects that conform, or not measured with the reason."""

    id: MetricId
    title: str
    target: int
    """Percent."""
    share: float | None
    """Percent with one decimal, None when not measured: the mean of the shares of its rules, weighted. What is unknown
    counts as not holding."""
    numerator: int
    """Questions that hold, over all rules."""
    denominator: int
    unknown: int
    """Of the denominator."""
    reason: str | None
    """Why it isn't measured; None when it is."""
    measures: tuple[Measure, ...] = ()

    @property
    def exact(self) -> Fraction | None:
        """The share before it is rounded, of a hundred; None when it isn't measured."""
        if self.share is None:
            return None
        asked = [measure for measure in self.measures if measure.applicable]
        weights = sum(measure.weight for measure in asked)
        if not weights:
            return Fraction(self.share)
        parts = (Fraction(each.weight * each.conforming, each.applicable) for each in asked)
        return 100 * sum(parts, Fraction()) / weights


Understood = Literal["files-parsed", "imports-resolved", "routers-mounted", "routes-resolved", "handlers-known"]


class Share(Struct, frozen=True):
    """How much of one kind of thing was understood."""

    id: Understood
    share: float | None
    """Percent with one decimal, never rounded up to 100; None when there is nothing of the kind."""
    numerator: int
    denominator: int
    unknown: int
    """Of the denominator, what was not understood; ``notices`` and the ``unresolved`` lists say which and why."""

    @classmethod
    def of(cls, kind: Understood, numerator: int, denominator: int) -> "Share":
        """The share that a part is of its whole."""
        share = int(1000 * numerator / denominator) / 10 if denominator else None
        return cls(kind, share, numerator, denominator, denominator - numerator)


class Completeness(Struct, frozen=True):
    """How much of the code was understood; each pair is a part and its whole."""

    files_parsed: int
    """Files read without a syntax error."""
    files: int
    imports_resolved: int
    imports: int
    routers_mounted: int
    routers: int
    routes_resolved: int
    routes: int
    handlers_known: int
    endpoints: int
    shares: tuple[Share, ...] = ()
    """The same as shares, made of the numbers above whatever is given."""

    def __post_init__(self) -> None:
        """Derive the shares."""
        shares = (
            Share.of("files-parsed", self.files_parsed, self.files),
            Share.of("imports-resolved", self.imports_resolved, self.imports),
            Share.of("routers-mounted", self.routers_mounted, self.routers),
            Share.of("routes-resolved", self.routes_resolved, self.routes),
            Share.of("handlers-known", self.handlers_known, self.endpoints),
        )
        structs.force_setattr(self, "shares", shares)


class Verdict(Struct, frozen=True):
    """The gate's answer with its reasons in words."""

    status: Literal["passed", "failed", "incomplete", "not-gated"]
    reasons: tuple[str, ...] = ()


class BackendReport(Struct, frozen=True):
    """One back end of the repository with its own scorecard."""

    root: str
    name: str
    frameworks: tuple[str, ...]
    endpoints: int
    findings: int
    metrics: tuple[Metric, ...]


class RuleReport(Struct, frozen=True):
    """What a report needs to explain a rule."""

    id: str
    title: str
    severity: str
    metric: str | None
    why: str
    bad: str
    good: str
    effort: str
    tags: tuple[str, ...] = ()
    fix: str = ""
    """What to do, in one imperative sentence."""


class Tool(Struct, frozen=True):
    """The program that made the result."""

    name: str
    version: str
