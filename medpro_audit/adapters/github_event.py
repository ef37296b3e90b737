"""What GitHub Actions says of the run that is under way: its event, its files, its rights."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct

from medpro_audit.core.errors import UsageError

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MAX_EVENT_BYTES = 10_000_000


class _Repository(Struct, frozen=True):
    full_name: str = ""


class _Side(Struct, frozen=True):
    sha: str = ""
    repo: _Repository | None = None


class _PullRequest(Struct, frozen=True):
    number: int = 0
    base: _Side = _Side()
    head: _Side = _Side()


class _WorkflowRun(Struct, frozen=True):
    head_sha: str = ""


class _MergeGroup(Struct, frozen=True):
    base_sha: str = ""


class _Payload(Struct, frozen=True):
    workflow_run: _WorkflowRun | None = None
    pull_request: _PullRequest | None = None
    merge_group: _MergeGroup | None = None
    before: str = ""
    repository: _Repository = _Repository()


class Event(Struct, frozen=True):
    """The event that a workflow runs for."""

    name: str
    base: str | None
    """Commit to compare with: the base of a pull request or merge group, what a push follows; None for none."""
    pull_request: int | None
    is_fork: bool
    """It is a pull request of another repository: its token reads only."""
    head: str = ""
    """The newest commit of the pull request; empty where the event is about none."""


class Runner:
    """The runner that a step runs on."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def finished_head(self) -> str:
        """The commit that the finished run, for whose end this one began, was about.

        Raises:
            UsageError: This run began for another reason.
        """
        run = self._payload()[1].workflow_run
        commit = _commit(run.head_sha) if run is not None else None
        if commit is None:
            raise UsageError("this is no run for workflow_run: its event names no commit")
        return commit

    def event(self) -> Event:
        """The event of the run.

        Raises:
            UsageError: This is no run of GitHub Actions, or its event can't be read.
        """
        name, payload = self._payload()
        request = payload.pull_request
        if request is None:
            earlier = payload.merge_group.base_sha if payload.merge_group is not None else payload.before
            return Event(name, _commit(earlier), None, is_fork=False)
        head = request.head.repo.full_name if request.head.repo is not None else ""
        return Event(
            name,
            _commit(request.base.sha),
            request.number or None,
            is_fork=head != payload.repository.full_name,
            head=_commit(request.head.sha) or "",
        )

    def _payload(self) -> tuple[str, _Payload]:
        name, path = self._environment.get("GITHUB_EVENT_NAME", ""), self._environment.get("GITHUB_EVENT_PATH", "")
        if not name or not path:
            raise UsageError("this is no run of GitHub Actions: GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set")
        try:
            content = Path(path).read_bytes()[:_MAX_EVENT_BYTES]
            payload = msgspec.json.decode(content, type=_Payload)
        except (OSError, msgspec.DecodeError) as fault:
            raise UsageError(f"GITHUB_EVENT_PATH: the event can't be read: {fault}") from fault
        return name, payload

    def add_summary(self, text: str) -> None:
        """Show Markdown on the page of the run."""
        self._append("GITHUB_STEP_SUMMARY", text)

    def set_outputs(self, values: Mapping[str, str]) -> None:
        """Hand values to later steps; a delimiter that nobody can guess keeps one value from setting another."""
        delimiter = f"medpro-audit-{secrets.token_hex(16)}"
        lines = [f"{name}<<{delimiter}\n{value}\n{delimiter}\n" for name, value in values.items()]
        self._append("GITHUB_OUTPUT", "".join(lines))

    def _append(self, variable: str, text: str) -> None:
        path = self._environment.get(variable)
        if not path:
            return
        try:
            with Path(path).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as fault:
            raise UsageError(f"{variable}: {path} can't be written: {fault.strerror}") from fault


def _commit(text: str) -> str | None:
    """A commit's id; None for what is none, and for the zeros that stand for no commit."""
    return text if _COMMIT.fullmatch(text) and set(text) != {"0"} else None
