"""What a week has brought to a project: its history and its repository, put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from medpro_audit.adapters.git_log import GitLog
from medpro_audit.adapters.history.store import History, Kept
from medpro_audit.core.errors import UsageError
from medpro_audit.history.comparison import Comparison, compare
from medpro_audit.history.news import Commit, News, news, reference
from medpro_audit.history.record import Record


def weekly_news(root: Path, now: Record, history: History | None, today: date) -> News:
    """What is new since a week ago.

    Args:
        root: The scanned directory; its repository says which files were renamed, and which commits changed them.
        now: What is measured now; it need not be recorded.
        history: What was measured earlier; without it there is only the present.
        today: The day of the report.
    """
    kept = [each for each in history.scans(now.scan.project) if _is_of(each, now)] if history is not None else []
    scans = [each.scan for each in kept]
    earlier = reference(scans, now.scan, today)
    if history is None or earlier is None:
        return news(scans, now.scan, today, None)
    before = history.record(next(each for each in kept if each.scan is earlier))
    since = earlier.revision.commit
    git = _repository(root, since)
    if git is None or since is None:
        return news(scans, now.scan, today, compare(before, now))
    repository, commit = git, since

    def changing(files: Sequence[str]) -> Mapping[str, tuple[Commit, ...]]:
        return repository.changing(files, commit, None)

    comparison: Comparison = compare(before, now, lambda files: repository.renamed(files, commit))
    return news(scans, now.scan, today, comparison, changing)


def _is_of(kept: Kept, now: Record) -> bool:
    """Of the same branch, as far as both are known: what another one measured is no step on the way."""
    branches = {kept.scan.revision.branch, now.scan.revision.branch} - {None}
    return len(branches) < 2  # noqa: PLR2004 - at most one


def _repository(root: Path, commit: str | None) -> GitLog | None:
    """The repository of a directory, when it knows the commit."""
    if commit is None:
        return None
    try:
        git = GitLog(root)
        git.commit(commit)
    except UsageError:
        return None
    return git
