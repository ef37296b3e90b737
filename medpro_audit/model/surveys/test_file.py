"""Files of tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.module_roles import packages_of
from medpro_audit.model.modules.paths import folder_of
from medpro_audit.model.subjects.test_file import TestFile
from medpro_audit.model.testing.files import Tests, browser_drivers, test_files
from medpro_audit.model.testing.runners import TestRun, declared_frameworks, test_runs
from medpro_audit.model.testing.running import is_run

_IMPORTED = {
    "@jest/globals": "jest",
    "vitest": "vitest",
    "mocha": "mocha",
    "node:test": "node:test",
    "ava": "ava",
    "tap": "tap",
    "tape": "tape",
    "uvu": "uvu",
    "@playwright/test": "playwright",
    "cypress": "cypress",
    "qunit": "qunit",
}


def survey(known: Known) -> Iterable[TestFile]:
    """Every file with test cases, by path."""
    return [_file(known, tests) for tests in known.shared(test_files).values()]


def _file(known: Known, tests: Tests) -> TestFile:
    runs = known.shared(test_runs)
    taking = [run for run in runs.runs if run.selection.has(tests.path)]
    verdict = is_run(known, tests.path)
    cases = tests.suite.cases
    return TestFile(
        file=tests.path,
        backend=known.base.backend_of(tests.path),
        framework=next(_frameworks(known, tests, taking), None),
        cases=len(cases),
        skipped=sum(case.is_skipped for case in cases),
        focused=sum("only" in block.marks for block in tests.blocks),
        is_run=verdict,
        reason=_reason(runs.runs, verdict=verdict),
        trail=tuple(Step(run.file, 0, f"{run.framework.name} takes it") for run in taking[:3]),
    )


def _frameworks(known: Known, tests: Tests, taking: Iterable[TestRun]) -> Iterator[str]:
    """What a file is written for, surest first."""
    imported = packages_of(tests.facts)
    driver = known.shared(browser_drivers).get(tests.path)
    if driver is not None:
        yield driver
    yield from (name for package, name in _IMPORTED.items() if package in imported)
    yield from (run.framework.name for run in taking)
    for package in known.base.resolver.projects.packages_above(folder_of(tests.path)):
        yield from (each.name for each in declared_frameworks(package) if each.purpose == "unit")


def _reason(runs: tuple[TestRun, ...], *, verdict: bool | None) -> str | None:
    if verdict is None:
        return "what the test script runs is not known" if runs else "no script or CI step that runs tests is known"
    return None if verdict else "no run of a test framework takes a file of this name in this place"
