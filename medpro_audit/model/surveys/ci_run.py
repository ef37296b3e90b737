"""Programs that continuous integration runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.model.ci.actions import programs_of
from medpro_audit.model.ci.following import Follower, Run
from medpro_audit.model.ci.root import Root
from medpro_audit.model.ci.step import CiStep
from medpro_audit.model.ci.steps import read_ci_files
from medpro_audit.model.known import Known
from medpro_audit.model.modules.paths import joined
from medpro_audit.model.subjects.ci_run import CiRun


def survey(known: Known) -> Iterable[CiRun]:
    """Every program of every CI file, in the order of files and lines."""
    base = known.base
    root = Root(base.inventory.location)
    paths = [root.path(path) for path in (*base.inventory.paths, *base.inventory.around)]

    def read_asset(path: str) -> bytes | None:
        return base.read_asset(root.shown(path))

    read = read_ci_files(paths, read_asset)
    known.notices.update(read.notices)
    follower = Follower(root.packages(base.resolver.projects.packages), read_asset)
    found = {_run(known, root, step, run): None for step in read.steps for run in _runs(step, follower)}
    return sorted(found, key=lambda run: (run.file, run.line, run.folder, run.program, run.arguments))


def _runs(step: CiStep, follower: Follower) -> Iterator[Run]:
    for program in programs_of(step.action) if step.action else ():
        yield Run(program, (), step.folder, 0)
    yield from follower.runs(step.text, step.folder)


def _run(known: Known, root: Root, step: CiStep, run: Run) -> CiRun:
    folder = root.shown(run.folder)
    return CiRun(
        file=root.shown(step.file),
        line=step.line + run.line,
        backend=known.base.backend_of(joined(folder, "package.json")),
        program=run.program,
        arguments=run.arguments,
        folder=folder or ".",
        scripts=run.scripts,
        is_binding=step.is_binding and run.is_binding,
        is_automatic=step.is_automatic,
        trail=tuple(Step(root.shown(script.partition(":")[0]), 0, f"runs {script}") for script in run.scripts),
    )
