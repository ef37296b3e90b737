"""Whether continuous integration runs a tool on a back end, so that what it finds fails the run."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from medpro_audit.core.place import Step
from medpro_audit.model.subjects.ci_run import CiRun
from medpro_audit.model.tooling.scope import Scope

_SERVICES = re.compile(
    r"\.(hound|codeclimate|codacy|sider|coderabbit|restyled)\.ya?ml|\.deepsource\.toml|sider\.yml|qodana\.yaml"
)
"""Files for services that check pull requests, with linters among others."""


class Enforcement(Struct, frozen=True):
    """What continuous integration does with a tool."""

    holds: bool | None
    gap: str = ""
    """What lacks, in words."""
    trail: tuple[Step, ...] = ()


def enforcement(scope: Scope, checks: Callable[[CiRun], bool]) -> Enforcement:
    """Whether CI runs it, by what says of each program whether it is the tool in checking mode."""
    runs = [run for run in scope.ci_runs if checks(run) and scope.is_covered(run)]
    good = [run for run in runs if run.is_binding and run.is_automatic]
    if good:
        return Enforcement(holds=True, trail=_steps(good[:1], "runs it"))
    if runs:
        weak = [run for run in runs if run.is_automatic]
        gap = "its failure is overlooked there" if weak else "no push or pull request starts it there"
        return Enforcement(holds=False, gap=f"{gap} ({runs[0].file}:{runs[0].line})", trail=_steps(runs[:3], "runs it"))
    opaque = [run for run in scope.ci_runs if run.is_opaque]
    if opaque:
        gap = f"what {opaque[0].command} runs could not be followed ({opaque[0].file}:{opaque[0].line})"
        return Enforcement(holds=None, gap=gap, trail=_steps(opaque[:3], "is not followed"))
    if scope.unread_ci is not None:
        return Enforcement(holds=None, gap=f"{scope.unread_ci} could not be read")
    return Enforcement(holds=False, gap="no step runs it" if scope.ci_runs else "there is no continuous integration")


def reviewed(scope: Scope, found: Enforcement) -> Enforcement:
    """The same, not known where no step runs a tool but a service outside may, on every pull request."""
    service = next(scope.named(_SERVICES), None) if found.holds is False and not found.trail else None
    if service is None:
        return found
    return Enforcement(
        holds=None, gap=f"{service} sets up a service that may run it", trail=(Step(service, 1, "sets up a service"),)
    )


def _steps(runs: Sequence[CiRun], what: str) -> tuple[Step, ...]:
    return tuple(Step(run.file, run.line, f"{run.command[:80]} {what}") for run in runs)
