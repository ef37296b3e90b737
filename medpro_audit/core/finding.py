"""What rules say: findings and measures."""

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step

Severity = Literal["error", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")
"""From worst to mildest."""

MetricId = Literal[
    "directory-structure", "code-quality", "api-documentation", "testing", "security", "performance-monitoring"
]
"""The success metrics that a rule can feed."""


class Finding(Struct, frozen=True):
    """A subject that breaks a rule."""

    rule: str
    severity: Severity
    message: str
    file: str
    line: int
    column: int
    end_line: int
    fingerprint: str
    """Rule, subject and normalised snippet; never a line number or a count, so it survives moved code."""
    trail: tuple[Step, ...] = ()
    backend: str = "."
    """Folder of the back end that the finding belongs to, relative to the scanned directory."""
    method: str | None = None
    path: str | None = None
    snippet: str = ""
    """First line of the code it is about, at most 160 characters."""
    content: str = ""
    """Like the fingerprint, without the file: the same for code that stands elsewhere now."""

    @property
    def order(self) -> tuple[int, str, str, int, int, str, str]:
        """Sort key: worst first, then rule, then place."""
        return (
            SEVERITIES.index(self.severity),
            self.rule,
            self.file,
            self.line,
            self.column,
            self.message,
            self.fingerprint,
        )


class Measure(Struct, frozen=True):
    """How many of the subjects that a rule applies to conform to it."""

    rule: str
    metric: str | None
    conforming: int
    applicable: int
    """Conforming + broken + unknown."""
    unknown: int = 0
    weight: int = 1
    """How much the rule counts in its metric."""
