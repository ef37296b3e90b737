"""What the history of a git repository says: which states there were when, and which commits changed a file."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import takewhile

from medpro_audit.adapters.git import Git
from medpro_audit.core.errors import UsageError
from medpro_audit.history.news import Commit
from medpro_audit.history.record import Revision

_MOST_COMMITS = 2_000
"""Commits that are searched for what changed a file."""
_LAST_SECOND = 253_402_300_799
"""Of the year 9999: nothing keeps whoever commits from naming a later one."""


class GitLog(Git):
    """A git repository with its history."""

    @property
    def branch(self) -> str | None:
        """The branch that is checked out."""
        return self._text("symbolic-ref", "--quiet", "--short", "HEAD") or None

    def revision(self, sources: Collection[str]) -> Revision | None:
        """The state on disk, dirty when a tracked file or one of these has changed since; None before the first commit.

        Args:
            sources: Files that are read, relative to the folder: others that git doesn't know change nothing.
        """
        told = self._text("show", "--no-patch", "--no-show-signature", "--format=%H %ct", "HEAD").split()
        if not told:
            return None
        is_dirty = self._is_dirty(sources)
        at = datetime.now(UTC) if is_dirty else _moment(told[1])
        return Revision(at=at, commit=told[0], branch=self.branch, is_dirty=is_dirty)

    def _is_dirty(self, sources: Collection[str]) -> bool:
        status = self._run("status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--", ".") or b""
        changed = [os.fsdecode(line) for line in status.split(b"\0") if line]
        lead = f"{self.prefix}/" if self.prefix else ""
        return any(line[:2] != "??" or line[3:].removeprefix(lead) in sources for line in changed)

    def states(self) -> tuple[Revision, ...]:
        """The commits that the present one has come from: the earliest first, whatever their clocks said.

        Those of branches that were merged are left out; what came with them counts from the merge.

        Raises:
            UsageError: The clone is shallow, so that its earlier states are not known.
        """
        if self.is_shallow:
            raise UsageError(
                "the clone is shallow, so its earlier commits are missing; "
                "check out with fetch-depth: 0, or run: git fetch --unshallow"
            )
        listed = self._text("log", "--first-parent", "--no-show-signature", "--format=%H %ct", "HEAD")
        branch = self.branch
        parts = (line.split() for line in reversed(listed.splitlines()))
        return tuple(Revision(at=_moment(at), commit=commit, branch=branch) for commit, at in parts)

    def holds_folder(self, commit: str) -> bool:
        """Whether the folder was there at a commit."""
        return self._run("cat-file", "-e", f"{commit}:{self.prefix}") is not None

    def changing(self, files: Sequence[str], since: str, until: str | None) -> Mapping[str, tuple[Commit, ...]]:
        """The commits that have changed files, relative to the folder, between two states: the latest first.

        Args:
            files: What they are called now.
            since: The earlier state.
            until: The later one; None for the present one.
        """
        if not files:
            return {}
        lead = f"{self.prefix}/" if self.prefix else ""
        span = f"{since}..{until or 'HEAD'}"
        options = ("--no-merges", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--no-show-signature")
        listed = self._run("log", f"-{_MOST_COMMITS}", *options, "--format=%x00%h%x00%s", span) or b""
        wanted = {lead + file: file for file in files}
        found: dict[str, list[Commit]] = {}
        for commit, changed in _commits(os.fsdecode(listed)):
            for file in changed:
                if file in wanted:
                    found.setdefault(wanted[file], []).append(commit)
        return {file: tuple(commits) for file, commits in found.items()}


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(min(int(seconds), _LAST_SECOND), UTC)


def _commits(listed: str) -> Iterator[tuple[Commit, list[str]]]:
    """Commits with the files that they have changed; null characters alone are in no message and in no name."""
    parts = iter(listed.split("\0"))
    next(parts)
    while name := next(parts, ""):
        subject = next(parts, "")
        yield Commit(name, subject), [file.removeprefix("\n") for file in takewhile(bool, parts)]
