"""Measures earlier commits: the last of each week, with what measures today."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from medpro_audit import pipeline
from medpro_audit.adapters.git_log import GitLog
from medpro_audit.adapters.history.store import History
from medpro_audit.core.errors import UsageError
from medpro_audit.history.record import Epoch, Record, Revision, record_of
from medpro_audit.history.weeks import Week, states_of, weeks_until
from medpro_audit.rules.rule import RuleSet


class Earlier(NamedTuple):
    """A project as it was."""

    project: pipeline.Project
    rules: RuleSet
    git: GitLog
    epoch: Epoch
    means: pipeline.Means

    def measured(self, revision: Revision, name: str) -> Record | None:
        """What an earlier state would have been recorded as; None when its directory was not there yet.

        Raises:
            UsageError: Some of its files are missing.
        """
        commit = revision.commit or "HEAD"
        if not self.git.holds_folder(commit):
            return None
        result = pipeline.audit_commit(self.project, self.rules, self.git, commit, self.means)
        record = record_of(result, revision, self.epoch, name)
        del result
        gc.collect()  # it is off, and the model of each week would stay
        return record


def weekly_states(git: GitLog, today: date, number: int) -> tuple[tuple[Week, Revision], ...]:
    """The last state of each week, as far as there was a new one.

    Raises:
        UsageError: There is none, or it can't be known.
    """
    weeks = weeks_until(today, number)
    states = states_of(weeks, git.states(), lambda each: each.at)
    if not any(states):
        raise UsageError("nothing was committed in these weeks, nor before them; name more with --weeks")
    return tuple(_new(zip(weeks, states, strict=True)))


def _new(states: Iterator[tuple[Week, Revision | None]]) -> Iterator[tuple[Week, Revision]]:
    before: Revision | None = None
    for week, revision in states:
        if revision is not None and revision != before:
            yield week, revision
        before = revision


def recorded_commits(history: History, project: str, epoch: Epoch) -> frozenset[str | None]:
    """The commits of a project that were recorded already, by what measures now."""
    revisions = (kept.scan.revision for kept in history.scans(project) if kept.scan.epoch.id == epoch.id)
    return frozenset(revision.commit for revision in revisions if not revision.is_dirty)
