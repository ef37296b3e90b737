"""What is measured now, beside what was measured earlier: several commands tell of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from medpro_audit.adapters.history.store import History
    from medpro_audit.history.news import News
    from medpro_audit.history.record import Record
    from medpro_audit.pipeline import Project
    from medpro_audit.result import AuditResult
    from medpro_audit.rules.rule import RuleSet


def present_record(project: Project, rules: RuleSet, result: AuditResult, name: str | None) -> Record:
    """What is kept of a result of the directory as it is, under the name of its project or another one."""
    from medpro_audit.adapters.history.recording import present_epoch, present_revision  # noqa: PLC0415 - heavy
    from medpro_audit.history.record import record_of  # noqa: PLC0415

    revision = present_revision(project.root, project.inventory)
    return record_of(result, revision, present_epoch(rules, project.config), name)


def present_news(project: Project, now: Record, history: History | None, today: date) -> News:
    """What has changed since a week ago."""
    from medpro_audit.adapters.history.weekly import weekly_news  # noqa: PLC0415 - heavy

    return weekly_news(project.root, now, history, today)
