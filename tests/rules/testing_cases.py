"""Subjects for the rules of the testing pack, by what each rule says of them."""

from typing import Any

from msgspec import structs

from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.coverage import ModuleCoverage
from medpro_audit.model.subjects.coverage_report import CoverageReport
from medpro_audit.model.subjects.facets.testing import EndpointTesting
from medpro_audit.model.subjects.module_tests import ModuleTests
from medpro_audit.model.subjects.test_case import TestCase
from medpro_audit.model.subjects.test_file import TestFile
from medpro_audit.model.subjects.test_setup import TestSetup
from rules.builders import build

_SETUP = TestSetup(
    units=3,
    file="package.json",
    line=5,
    backend=".",
    framework="jest",
    frameworks=("jest",),
    script="test",
    config=None,
    files=3,
    cases=12,
    skipped=0,
    endpoints=4,
    tested_endpoints=4,
    is_run=True,
    in_ci=True,
    ci_place=".github/workflows/ci.yml:9",
    collects_coverage=True,
    coverage_in_ci=True,
    threshold=80.0,
    report=None,
    covered=None,
    uses_database=True,
    database="container",
    end_to_end=("playwright",),
    load=("k6",),
)
_CASE = TestCase(
    file="tests/patients.test.js",
    line=5,
    backend=".",
    title="lists patients",
    name="test",
    kind="case",
    state="runs",
    is_focused=False,
    is_skipped_itself=False,
    asserts=True,
)
_FILE = TestFile("tests/patients.test.js", ".", "jest", 3, 0, 0, is_run=True)
_MODULE = ModuleTests("services/patients.js", ".", "service", "tested")
_COVERAGE = ModuleCoverage("services/patients.js", ".", "service", "measured", 80.0, 8, 10, "coverage/lcov.info")
_REPORT = CoverageReport("coverage/lcov.info", ".", 9, (), ())


def _setup(**changes: Any) -> TestSetup:
    return structs.replace(_SETUP, **changes)


def _case(**changes: Any) -> TestCase:
    return structs.replace(_CASE, **changes)


def _endpoint(status: Any, *kinds: Any, method: str = "GET") -> Subject:
    return build.endpoint(method=method, testing=EndpointTesting(status, kinds))


HOLDS: list[tuple[str, Subject]] = [
    ("testing/focused-test", _CASE),
    ("testing/handler-only-test", _endpoint("tested", "integration", "handler")),
    ("testing/low-coverage", _COVERAGE),
    ("testing/missing-coverage-threshold", _SETUP),
    ("testing/missing-end-to-end-test", _SETUP),
    ("testing/missing-framework", _SETUP),
    ("testing/missing-load-test", _SETUP),
    ("testing/missing-test-database", _SETUP),
    ("testing/skipped-test", _CASE),
    ("testing/stale-coverage-report", _REPORT),
    ("testing/test-without-assertion", _CASE),
    ("testing/tests-outside-ci", _SETUP),
    ("testing/uncollected-coverage", _SETUP),
    ("testing/unexecuted-test-file", _FILE),
    ("testing/untested-endpoint", _endpoint("tested", "end-to-end")),
    ("testing/untested-endpoint", _endpoint("tested", "handler")),
    ("testing/untested-module", _MODULE),
]

BROKEN: list[tuple[str, Subject]] = [
    ("testing/focused-test", _case(is_focused=True, name="test.only")),
    ("testing/handler-only-test", _endpoint("tested", "handler")),
    ("testing/low-coverage", structs.replace(_COVERAGE, share=79.9)),
    ("testing/missing-coverage-threshold", _setup(threshold=None)),
    ("testing/missing-coverage-threshold", _setup(threshold=60.0)),
    ("testing/missing-end-to-end-test", _setup(end_to_end=())),
    ("testing/missing-framework", _setup(framework=None, files=0, is_run=False, end_to_end=())),
    ("testing/missing-framework", _setup(files=0, end_to_end=())),
    ("testing/missing-framework", _setup(is_run=False)),
    ("testing/missing-load-test", _setup(load=())),
    ("testing/missing-test-database", _setup(database="mocked")),
    ("testing/missing-test-database", _setup(database="none")),
    ("testing/skipped-test", _case(is_skipped_itself=True, state="skipped")),
    ("testing/skipped-test", _case(kind="suite", is_skipped_itself=True, state="skipped")),
    ("testing/stale-coverage-report", structs.replace(_REPORT, strangers=("src/gone.js",))),
    ("testing/stale-coverage-report", structs.replace(_REPORT, outdated=("of a.js it counts line 9",))),
    ("testing/test-without-assertion", _case(asserts=False)),
    ("testing/tests-outside-ci", _setup(in_ci=False)),
    ("testing/uncollected-coverage", _setup(collects_coverage=False)),
    ("testing/unexecuted-test-file", structs.replace(_FILE, is_run=False)),
    ("testing/untested-endpoint", _endpoint("untested")),
    ("testing/untested-module", structs.replace(_MODULE, status="untested")),
]

UNKNOWN: list[tuple[str, Subject]] = [
    ("testing/low-coverage", structs.replace(_COVERAGE, status="unknown", share=None)),
    ("testing/missing-framework", _setup(is_run=None)),
    ("testing/missing-test-database", _setup(database="unknown")),
    ("testing/test-without-assertion", _case(asserts=None)),
    ("testing/tests-outside-ci", _setup(in_ci=None)),
    ("testing/unexecuted-test-file", structs.replace(_FILE, is_run=None)),
    ("testing/untested-endpoint", _endpoint("unknown")),
    ("testing/untested-module", structs.replace(_MODULE, status="unknown")),
]

LEFT_ALONE: list[tuple[str, Subject]] = [
    ("testing/handler-only-test", _endpoint("untested")),
    ("testing/missing-coverage-threshold", _setup(collects_coverage=False, threshold=None)),
    ("testing/missing-end-to-end-test", _setup(files=0, end_to_end=())),
    ("testing/missing-test-database", _setup(uses_database=False, database="none")),
    ("testing/skipped-test", _case(kind="suite", asserts=None)),
    ("testing/test-without-assertion", _case(kind="suite", asserts=None)),
    ("testing/test-without-assertion", _case(state="skipped", asserts=False)),
    ("testing/untested-endpoint", _endpoint("untested", method="OPTIONS")),
    ("testing/untested-module", structs.replace(_MODULE, kind="controller", status="untested")),
]
