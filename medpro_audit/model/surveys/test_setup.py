"""How each back end is tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import floor
from typing import cast

from medpro_audit.facts.file import FileFacts
from medpro_audit.model.ci.steps import unread_file
from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import packages_of
from medpro_audit.model.modules.paths import joined, relative_to
from medpro_audit.model.subjects import Backend
from medpro_audit.model.subjects.ci_run import CiRun
from medpro_audit.model.subjects.coverage import ModuleCoverage
from medpro_audit.model.subjects.facets.testing import EndpointTesting
from medpro_audit.model.subjects.test_file import TestFile
from medpro_audit.model.subjects.test_setup import TestSetup
from medpro_audit.model.testing.databases import test_database, uses_database
from medpro_audit.model.testing.files import DRIVERS
from medpro_audit.model.testing.runners import TestRun, declared_frameworks, test_runs
from medpro_audit.model.testing.thresholds import threshold

_REPORTING = ("uses:codecov/", "uses:coverallsapp/", "codecov", "coveralls", "uses:romeovs/", "uses:davelosert/")
"""Programs and actions of CI that report coverage."""
_LOADING = frozenset(("k6", "autocannon", "loadtest", "artillery"))
_BROWSERS = frozenset(("playwright", "cypress", *DRIVERS))


_STARTING = frozenset(("babel-node", "bun", "node", "ts-node", "tsx"))
"""Programs that run a file."""


def _may_test(step: CiRun) -> bool:
    """Whether a step runs a program of the project that is called for tests, which may start a test runner."""
    return step.program in _STARTING and any("test" in word or "spec" in word for word in step.arguments[:3])


def survey(known: Known) -> Iterable[TestSetup]:
    """One for each back end that is scanned as a whole."""
    return [_Setup(known, backend).found() for backend in known.base.backends if not backend.root.startswith("..")]


class _Setup:
    """What is known of the tests of one back end."""

    def __init__(self, known: Known, backend: Backend) -> None:
        self._known = known
        self._backend = backend
        self._folder = backend.root.removeprefix(".")
        files = cast("Sequence[TestFile]", known.found("test-file"))
        self._files = [file for file in files if file.backend == backend.root]
        self._units = [file for file in self._files if file.framework not in _BROWSERS]
        self._runs = known.shared(test_runs)
        self._own = [run for run in self._runs.runs if self._may_concern(run)]

    def found(self) -> TestSetup:
        known, backend = self._known, self._backend
        taking = [run for run in self._own if run.framework.purpose == "unit" and self._takes(run)]
        tested = taking if self._units else [run for run in self._own if run.framework.purpose == "end-to-end"]
        script = next((run for run in taking if run.step is None), None)
        in_ci, place = self._in_ci(tested)
        running = [file.file for file in self._files if file.is_run is not False]
        database, reason = test_database(known, backend.root, running)
        verdicts = self._verdicts()
        return TestSetup(
            file=backend.file,
            line=self._line_of(script),
            backend=backend.root,
            framework=self._framework(),
            frameworks=tuple(sorted({*self._used(), *self._declared()})),
            script=script.script if script is not None else None,
            config=next((run.config for run in taking if run.config is not None), None),
            files=len(self._files),
            cases=sum(file.cases for file in self._files),
            skipped=sum(file.skipped for file in self._files),
            endpoints=len(verdicts),
            tested_endpoints=sum(verdict.status == "tested" for verdict in verdicts),
            is_run=self._is_run(),
            in_ci=in_ci,
            ci_place=place,
            collects_coverage=any(run.has_coverage for run in taking) or (None if self._may_collect(taking) else False),
            units=len(self._units),
            coverage_in_ci=self._coverage_in_ci(taking),
            threshold=threshold(known, taking, self._folders()),
            report=self._report(),
            covered=self._covered(),
            uses_database=uses_database(known, backend.root),
            database=database,
            end_to_end=self._tools("end-to-end", self._browsers()),
            load=self._tools("load", self._loaders()),
            reason=reason,
        )

    def _folders(self) -> list[str]:
        """Of the package and those around it."""
        above = self._known.base.resolver.projects.packages_above(self._folder)
        return [package.folder for package in above]

    def _may_concern(self, run: TestRun) -> bool:
        """Whether it is made in the folder of the back end, above, below or beside it, or beside what is scanned."""
        return (
            run.folder.startswith("..")
            or relative_to(self._folder, run.folder) is not None
            or relative_to(run.folder, self._folder) is not None
        )

    def _takes(self, run: TestRun) -> bool:
        return any(run.takes(file.file) for file in self._units)

    def _is_opaque(self) -> bool:
        return any(relative_to(self._folder, folder) is not None for folder in self._runs.opaque)

    def _may_collect(self, taking: Sequence[TestRun]) -> bool:
        """Whether coverage may be collected by what can't be read: a configuration, or a script."""
        is_unread = any(run.config is not None and not run.settings for run in taking)
        return self._is_opaque() or is_unread or any(run.has_coverage for run in self._own)

    def _is_run(self) -> bool | None:
        verdicts = {file.is_run for file in self._units or self._files}
        if True in verdicts:
            return True
        return None if None in verdicts and (self._own or self._is_opaque()) else False

    def _used(self) -> list[str]:
        counts = Counter(file.framework for file in self._units if file.framework is not None)
        return [name for name, _ in sorted(counts.items(), key=lambda each: (-each[1], each[0]))]

    def _declared(self) -> list[str]:
        above = self._known.base.resolver.projects.packages_above(self._folder)
        return [each.name for package in above for each in declared_frameworks(package) if each.purpose == "unit"]

    def _framework(self) -> str | None:
        driving = (file.framework for file in self._files if file.framework is not None)
        return next(iter((*self._used(), *self._declared(), *driving)), None)

    def _line_of(self, run: TestRun | None) -> int:
        """Line of a script in the package.json; the first where there is none."""
        if run is None or run.file != self._backend.file:
            return 1
        content = self._known.base.inventory.settings.get(run.file, b"")
        before, found, _ = content.partition(f'"{run.script}":'.encode())
        return before.count(b"\n") + 1 if found else 1

    def _in_ci(self, tested: Sequence[TestRun]) -> tuple[bool | None, str | None]:
        for run in tested:
            step = run.step
            if step is not None and step.is_automatic and step.is_binding:
                return True, f"{step.file}:{step.line}"
        steps = [step for step in self._known.found("ci-run") if isinstance(step, CiRun) and step.is_automatic]
        is_lost = any(step.is_opaque or _may_test(step) for step in steps) or (bool(steps) and self._is_opaque())
        is_known = not is_lost and unread_file(self._known.notices) is None
        return (False if is_known else None), None

    def _coverage_in_ci(self, taking: Sequence[TestRun]) -> bool | None:
        if any(run.has_coverage for run in taking if run.step is not None):
            return True
        steps = [step for step in self._known.found("ci-run") if isinstance(step, CiRun)]
        if any(step.program.startswith(_REPORTING) for step in steps):
            return True
        return None if any(step.is_opaque for step in steps) else False

    def _verdicts(self) -> list[EndpointTesting]:
        verdicts = cast("Sequence[EndpointTesting]", self._known.facet("testing"))
        endpoints = self._known.base.endpoints
        return [verdicts[index] for index, one in enumerate(endpoints) if one.backend == self._backend.root]

    def _modules(self) -> list[ModuleCoverage]:
        found = cast("Sequence[ModuleCoverage]", self._known.found("coverage"))
        return [one for one in found if one.backend == self._backend.root]

    def _report(self) -> str | None:
        return next((one.report for one in self._modules() if one.report is not None), None)

    def _covered(self) -> float | None:
        measured = [one for one in self._modules() if one.share is not None]
        total = sum(one.total for one in measured)
        return floor(1000 * sum(one.covered for one in measured) / total) / 10 if total else None

    def _tools(self, purpose: str, others: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({*(run.framework.name for run in self._own if run.framework.purpose == purpose), *others}))

    def _browsers(self) -> Iterator[str]:
        """Tools of test files whose package is around the back end or below it."""
        for file in cast("Sequence[TestFile]", self._known.found("test-file")):
            folder = file.backend.removeprefix(".")
            is_near = relative_to(self._folder, folder) is not None or relative_to(folder, self._folder) is not None
            if is_near and file.framework in _BROWSERS and file.skipped < file.cases:
                yield file.framework

    def _loaders(self) -> Iterator[str]:
        """Tools that files of the package use."""
        for path, facts in self._known.base.facts.items():
            if self._known.base.backend_of(path) == self._backend.root:
                yield from _load_tools(facts)
        for name in ("artillery.yml", "artillery.yaml", "load-test.yml", "loadtest.yml"):
            if joined(self._folder, name) in self._known.base.inventory.paths:
                yield "artillery"


def _load_tools(facts: FileFacts) -> Iterable[str]:
    """Also ``k6/http``."""
    return packages_of(facts) & _LOADING
