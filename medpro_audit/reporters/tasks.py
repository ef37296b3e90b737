"""What the rules ask for as tasks: done where everything holds, else open with how far it is."""

from msgspec import Struct

from medpro_audit.core.finding import Measure, Severity
from medpro_audit.reporters.summary import grouped, minutes_of
from medpro_audit.result import AuditResult, Metric, RuleReport


class Task(Struct, frozen=True):
    """A rule that was asked of something here."""

    rule: RuleReport
    measure: Measure
    metric: Metric
    minutes: int
    """What its findings take to mend."""

    @property
    def is_done(self) -> bool:
        """Everything that it asks about holds."""
        return self.measure.conforming == self.measure.applicable


def tasks(result: AuditResult, severity: Severity | None = None, *, is_done: bool = False) -> tuple[Task, ...]:
    """The tasks that are open or done, of one severity or of all, by metric and rule."""
    rules = {rule.id: rule for rule in result.rules}
    minutes = {group.rule.id: len(group.findings) * minutes_of(group.rule.effort) for group in grouped(result)}
    found = (
        Task(rules[measure.rule], measure, metric, minutes.get(measure.rule, 0))
        for metric in result.metrics
        for measure in metric.measures
        if measure.applicable and measure.rule in rules
    )
    return tuple(task for task in found if task.is_done is is_done and severity in {None, task.rule.severity})
