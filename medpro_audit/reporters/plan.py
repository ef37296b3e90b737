"""A plan of weeks: what to mend first, by what is won for an hour of work."""

from msgspec import Struct

from medpro_audit.reporters.summary import NextStep, next_steps
from medpro_audit.result import AuditResult

HOURS_A_WEEK = 30
"""Working time that one person has for it."""


class PlannedStep(Struct, frozen=True):
    """One step with the weeks that it falls into, counted from 1."""

    step: NextStep
    first_week: int
    last_week: int

    @property
    def weeks(self) -> str:
        """In words: ``Week 1`` or ``Weeks 2-4``."""
        if self.first_week == self.last_week:
            return f"Week {self.first_week}"
        return f"Weeks {self.first_week}-{self.last_week}"


def plan(result: AuditResult, hours_a_week: int = HOURS_A_WEEK) -> tuple[PlannedStep, ...]:
    """All steps that move a metric towards its target, most gain for an hour first, laid out one after the other."""
    minutes_a_week = hours_a_week * 60
    planned = []
    spent = 0
    for step in next_steps(result, most=len(result.rules)):
        if step.gain:
            first, spent = spent, spent + step.minutes
            planned.append(PlannedStep(step, first // minutes_a_week + 1, (spent - 1) // minutes_a_week + 1))
    return tuple(planned)
