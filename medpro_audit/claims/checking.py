"""Holds each claim of a document against what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct, structs

from medpro_audit.claims.contradictions import Contradiction, find_contradictions
from medpro_audit.claims.document import Claim, Document
from medpro_audit.claims.mapping import AGGREGATE, ClaimMapping, Yardstick
from medpro_audit.core.finding import Measure
from medpro_audit.metrics.scorecard import aggregate, weighted_share
from medpro_audit.result import Metric

Status = Literal["holds", "overstated", "understated", "unknown", "unmapped"]

FULL = 100.0


class Measured(Struct, frozen=True):
    """The measurement that a claim is held against."""

    yardstick: Yardstick
    share: float | None
    """Percent; None when there was nothing to measure."""
    numerator: int
    denominator: int
    unknown: int
    unknown_share: float
    """Percent of the whole that is unknown, and stands in the share as if it did not hold."""


class Verdict(Struct, frozen=True):
    """Whether a claim holds."""

    claim: Claim
    status: Status
    """overstated: less is done than it says; understated: more; unmapped: nothing measures it."""
    reason: str
    """In words."""
    measured: Measured | None = None


class ClaimReport(Struct, frozen=True):
    """A status document held against a measurement."""

    document: str
    verdicts: tuple[Verdict, ...]
    """In the order of the document."""
    contradictions: tuple[Contradiction, ...]
    """In which the document contradicts itself."""
    tolerance: float
    """Points by which a claim may be off."""

    def of(self, status: Status) -> tuple[Verdict, ...]:
        """The verdicts of one kind."""
        return tuple(verdict for verdict in self.verdicts if verdict.status == status)


def hold_against(
    document: Document,
    mapping: ClaimMapping,
    metrics: Sequence[Metric],
    *,
    tolerance: float,
    today: date | None = None,
) -> ClaimReport:
    """Hold a document against the metrics of an audit, and against itself.

    Args:
        document: What it says.
        mapping: What measures which claim.
        metrics: What was measured.
        tolerance: Points by which a claim may be off.
        today: The day against which periods are held; None to leave that out.
    """
    verdicts = tuple(_verdicts(document.claims, mapping, metrics, tolerance))
    return ClaimReport(document.name, verdicts, tuple(find_contradictions(document, mapping, today)), tolerance)


def _verdicts(
    claims: Sequence[Claim], mapping: ClaimMapping, metrics: Sequence[Metric], tolerance: float
) -> Iterator[Verdict]:
    for claim in claims:
        yardstick = mapping.find(claim)
        if yardstick is None:
            reason = "a run-time figure, which no source code shows" if claim.is_improvement else "nothing measures it"
            yield Verdict(claim, "unmapped", reason)
        else:
            yield _verdict(claim, measure(yardstick, metrics), tolerance)


def measure(yardstick: Yardstick, metrics: Sequence[Metric]) -> Measured:
    """What was measured of a metric, of all of them or of rules."""
    if yardstick.metric == AGGREGATE:
        whole = _measured(yardstick, [each for metric in metrics for each in metric.measures])
        return structs.replace(whole, share=aggregate(metrics))
    if yardstick.metric is not None:
        metric = next(metric for metric in metrics if metric.id == yardstick.metric)
        return _measured(yardstick, metric.measures)
    wanted = set(yardstick.rules)
    return _measured(yardstick, [each for metric in metrics for each in metric.measures if each.rule in wanted])


def _measured(yardstick: Yardstick, measures: Sequence[Measure]) -> Measured:
    asked = [each for each in measures if each.applicable]
    weights = sum(each.weight for each in asked)
    unknown = sum(each.weight * each.unknown / each.applicable for each in asked)
    return Measured(
        yardstick=yardstick,
        share=weighted_share(asked),
        numerator=sum(each.conforming for each in asked),
        denominator=sum(each.applicable for each in asked),
        unknown=sum(each.unknown for each in asked),
        unknown_share=100 * unknown / weights if weights else 0.0,
    )


def _verdict(claim: Claim, measured: Measured, tolerance: float) -> Verdict:
    share = measured.share
    if share is None:
        return Verdict(claim, "unknown", "there is nothing here that its rules apply to", measured)
    if claim.share is None:
        return _unnumbered(claim, share, measured)
    most = share + measured.unknown_share
    if share - tolerance <= claim.share <= share + tolerance:
        return Verdict(claim, "holds", "as measured", measured)
    if claim.share < share:
        return Verdict(claim, "understated", f"{share - claim.share:.1f} points more than it says", measured)
    if claim.share <= most + tolerance:
        return Verdict(claim, "unknown", f"true if all {measured.unknown} that are unknown hold", measured)
    return Verdict(claim, "overstated", f"{claim.share - share:.1f} points less than it says", measured)


def _unnumbered(claim: Claim, share: float, measured: Measured) -> Verdict:
    """Of an open task, and of a state in words."""
    if claim.kind == "words":
        return Verdict(claim, "unknown", "it names no share", measured)
    if share == FULL:
        return Verdict(claim, "understated", "it is done", measured)
    return Verdict(claim, "holds", "it is open", measured)
