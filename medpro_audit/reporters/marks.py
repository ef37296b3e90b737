"""Glyph and word of each verdict and severity; one language on the terminal, in Markdown and in HTML."""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.finding import Severity
from medpro_audit.model.subjects import Validation
from medpro_audit.result import AuditResult, Metric

Tone = Literal["holds", "broken", "unknown", "none", "warning"]


class Mark(Struct, frozen=True):
    """A sign that is never colour alone."""

    glyph: str
    word: str
    tone: Tone


HOLDS = Mark("●", "yes", "holds")
BROKEN = Mark("○", "no", "broken")
UNKNOWN = Mark("◐", "unknown", "unknown")
DOES_NOT_APPLY = Mark("–", "n/a", "none")  # noqa: RUF001 - the dash that the visual language prescribes
IN_PART = Mark("●▲", "in part", "holds")
"""It holds, and leaves something open."""

LEGEND: tuple[tuple[Mark, str], ...] = (
    (HOLDS, "yes"),
    (IN_PART, "yes, and something is left open"),
    (BROKEN, "no"),
    (UNKNOWN, "unknown, with the reason in the trail"),
    (DOES_NOT_APPLY, "does not apply"),
)
"""What the signs of the endpoint matrix mean."""

SEVERITY_MARKS: dict[Severity, Mark] = {
    "error": Mark("✖", "error", "broken"),
    "warning": Mark("▲", "warning", "warning"),
    "note": Mark("·", "note", "none"),
}

_VALIDATION_MARKS = {
    "validated": Mark("●", "validated", "holds"),
    "missing": Mark("○", "read, not validated", "broken"),
    "unknown": UNKNOWN,
    "not-read": Mark("–", "not read", "none"),  # noqa: RUF001 - as above
}

_VERDICT_MARKS = {
    "passed": Mark("●", "passed", "holds"),
    "failed": Mark("○", "failed", "broken"),
    "incomplete": Mark("◐", "incomplete", "unknown"),
    "not-gated": Mark("–", "not gated", "none"),  # noqa: RUF001 - as above
}


def validation_mark(validation: Validation) -> Mark:
    """The verdict on one request part."""
    return _VALIDATION_MARKS[validation.status]


def validation_legend() -> tuple[Mark, ...]:
    """All marks that `validation_mark` can give."""
    return tuple(_VALIDATION_MARKS.values())


def verdict_mark(result: AuditResult) -> Mark:
    """The gate's answer."""
    return _VERDICT_MARKS[result.verdict.status]


def metric_mark(metric: Metric) -> Mark:
    """Whether a metric has reached its target."""
    if metric.share is None:
        return Mark("◐", "not measured", "unknown")
    if metric.share >= metric.target:
        return Mark("●", "target reached", "holds")
    return Mark("○", "below target", "broken")
