"""How a back end is tested, which modules are, and what its cases are like."""

from typing import Any

import pytest

from model.testing.clinic import HEAD, clinic, clinic_of_a_monorepo, only, package

CASE = "test('x', () => { expect(1).toBe(1); });"
SERVICE = """
const mysql = require('mysql2/promise');
const pool = mysql.createPool({ host: process.env.DB_HOST });
exports.admit = async (patient) => pool.query('INSERT INTO patients SET ?', [patient]);
"""
APP = """
const express = require('express');
const { admit } = require('./services/admission');
const app = express();
app.post('/patients', async (req, res) => res.json(await admit(req.body)));
module.exports = app;
"""
HOSPITAL = {"app.js": APP, "services/admission.js": SERVICE}


def setup(files: dict[str, str]) -> Any:
    """How the clinic is tested."""
    return only(clinic(files), "test-setup")


def workflow(*steps: str) -> str:
    """Write a workflow with these commands."""
    runs = "".join(f"      - run: {step}\n" for step in steps)
    return f"on: [push]\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{runs}"


@pytest.mark.parametrize(
    ("steps", "is_run", "end_to_end"),
    [
        (("npx mocha 'api/tests/*.js'", "cd api && npx mocha unit"), None, ()),
        (("cd front && npx cypress run",), None, ("cypress",)),
        (("cd api && npx mocha tests",), True, ()),
        (("cd api && npx mocha unit",), False, ()),
    ],
)
def test_what_ci_runs_above_the_scanned_folder(
    steps: tuple[str, ...], is_run: bool | None, end_to_end: tuple[str, ...]
) -> None:
    """May be any test of it; beside it, a browser that drives it."""
    found = clinic_of_a_monorepo({"tests/a.js": CASE, "../.github/workflows/ci.yml": workflow(*steps)})
    assert only(found, "test-file").is_run is is_run
    assert only(found, "test-setup").end_to_end == end_to_end


def test_flows_from_above_may_test_it() -> None:
    """Whoever starts a browser in CI may have started the server before."""
    ci = {"../.github/workflows/ci.yml": workflow("npx playwright test")}
    assert only(clinic_of_a_monorepo({**HOSPITAL, **ci}), "test-setup").is_set_up is None
    assert only(clinic_of_a_monorepo(HOSPITAL), "test-setup").is_set_up is False


@pytest.mark.parametrize(
    ("files", "counted", "units"),
    [
        ({"src/App.test.js": "import { render } from '@testing-library/react';\n" + CASE}, 0, 0),
        ({"src/App.test.jsx": "import App from './App';\n" + CASE, "src/App.jsx": "export default () => <a />;"}, 0, 0),
        ({"tests/flow.js": "const driver = require('selenium-webdriver');\n" + CASE}, 1, 0),
        ({"tests/flow.js": "require('./lib');\n" + CASE, "tests/lib.js": "require('puppeteer');"}, 1, 0),
        ({"tests/mail.test.js": "require('react'); require('../app');\n" + CASE}, 1, 1),
    ],
)
def test_which_files_test_the_back_end(files: dict[str, str], counted: int, units: int) -> None:
    """Neither those of its pages, nor, one by one, those that use a browser."""
    found = setup({**HOSPITAL, "package.json": package("jest"), **files})
    assert (found.files, found.units) == (counted, units)


def test_coverage_of_a_run_that_takes_no_test_is_in_doubt() -> None:
    """A pattern may have been misread."""
    scripts = {"test": "jest", "test:coverage": "jest --coverage src/unit"}
    found = setup({"package.json": package("jest", scripts=scripts), **HOSPITAL, "tests/a.test.js": CASE})
    assert found.collects_coverage is None


def test_a_clinic_without_tests() -> None:
    """Everything is missing, and nothing is unknown."""
    found = setup({"package.json": package("echo none", devDependencies={})})
    assert (found.framework, found.is_set_up, found.in_ci, found.collects_coverage) == (None, False, False, False)
    assert found.missing == "no test framework is installed"


def test_a_clinic_with_everything() -> None:
    """By scripts, settings, CI and the packages that are used."""
    scripts = {"test": "jest --coverage", "e2e": "playwright test", "load": "k6 run load.js"}
    threshold = {"coverageThreshold": {"global": {"lines": 85}}}
    found = setup(
        {
            "package.json": package(scripts=scripts, jest=threshold),
            "a.test.js": CASE,
            ".github/workflows/ci.yml": workflow("npm ci", "npm test"),
        }
    )
    assert (found.framework, found.script, found.config, found.is_set_up) == ("jest", "test", "package.json", True)
    assert (found.in_ci, found.ci_place) == (True, ".github/workflows/ci.yml:7")
    assert (found.collects_coverage, found.coverage_in_ci, found.threshold) == (True, True, 85.0)
    assert (found.end_to_end, found.load) == (("playwright",), ("k6",))


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("npm test", True),
        ("npx jest", True),
        ("npm test || true", False),
        ("npx eslint .", False),
        ("gulp test", None),
        ("node test/all.mjs", None),
        ("node build.js", False),
    ],
)
def test_ci_runs_the_tests(step: str, expected: bool | None) -> None:
    """Only where their failure fails the run."""
    assert setup({"a.test.js": CASE, ".github/workflows/ci.yml": workflow(step)}).in_ci is expected


def test_ci_that_is_too_large_to_read_may_run_the_tests() -> None:
    """Not knowing is no."""
    large = workflow("npx eslint .") + "# x\n" * 20_000
    assert setup({"a.test.js": CASE, ".github/workflows/ci.yml": large}).in_ci is None


def test_tests_of_a_browser_alone_are_run_by_its_action() -> None:
    """Where there are no others."""
    action = "on: [push]\njobs:\n  a:\n    steps:\n      - uses: cypress-io/github-action@v6\n"
    spec = "describe('x', () => { it('y', () => { cy.visit('/'); }); });"
    files = {
        "package.json": package("cypress run", devDependencies={"cypress": "13"}),
        "cypress.config.js": "module.exports = { e2e: {} };",
        "cypress/e2e/a.cy.js": spec,
    }
    assert setup({**files, ".github/workflows/ci.yml": action}).in_ci is True


@pytest.mark.parametrize(
    ("files", "threshold"),
    [
        ({"package.json": package("nyc mocha", nyc={"check-coverage": True, "lines": 90})}, 90.0),
        ({"package.json": package("nyc mocha", nyc={"lines": 90})}, None),
        ({"package.json": package("c8 --check-coverage --lines 70 mocha")}, None),
        ({"package.json": package("jest --coverage")}, None),
    ],
)
def test_a_threshold_counts_where_it_fails_the_run(files: dict[str, str], threshold: float | None) -> None:
    """Nyc only checks where it is told to."""
    assert setup({"test/a.test.js": CASE, **files}).threshold == threshold


@pytest.mark.parametrize(
    ("test", "database"),
    [
        ("const { MySqlContainer } = require('@testcontainers/mysql');", "container"),
        ("const { newDb } = require('pg-mem');", "memory"),
        ("const m = require('mysql2/promise'); beforeAll(() => m.createConnection('mysql://localhost/test'));", "real"),
        ("jest.mock('../services/admission'); require('../services/admission');", "mocked"),
        ("jest.mock('mysql2/promise');", "mocked"),
        ("require('../app');", "unknown"),
    ],
)
def test_what_stands_for_the_database(test: str, database: str) -> None:
    """A test that loads what connects may need it or not."""
    found = setup(HOSPITAL | {"tests/a.test.js": test + CASE})
    assert (found.uses_database, found.database) == (True, database)


def test_a_database_beside_ci_is_a_container() -> None:
    """As a service of the workflow."""
    services = (
        "on: push\njobs:\n  a:\n    services:\n      db:\n        image: mysql:8\n    steps:\n      - run: npm test\n"
    )
    files = HOSPITAL | {"tests/a.test.js": CASE, ".github/workflows/ci.yml": services}
    assert setup(files).database == "container"


@pytest.mark.parametrize(
    ("test", "status", "reason"),
    [
        ("const { admit } = require('../services/admission'); test('x', () => admit({}));", "tested", None),
        ("const s = require('../services'); test('x', () => s.admission.admit({}));", "tested", None),
        (
            "const { admit } = require('../services/admission'); test('x', () => {});",
            "untested",
            "tests/a.test.js imports it and calls nothing of it",
        ),
        (
            "jest.mock('../services/admission'); test('x', () => {});",
            "untested",
            "tests/a.test.js replaces it by a mock",
        ),
        (
            "const { admit } = require('../services/admission'); test.skip('x', () => admit({}));",
            "untested",
            "tests/a.test.js calls it and does not run",
        ),
        (
            "const [admit] = require('../services/admission'); test('x', () => admit({}));",
            "unknown",
            "tests/a.test.js imports it in a way that is not followed",
        ),
        (HEAD + "test('x', () => request(app).post('/patients'));", "untested", None),
    ],
)
def test_a_service_is_tested_by_what_calls_it(test: str, status: str, reason: str | None) -> None:
    """Directly, also through an index; a request to an endpoint is no unit test."""
    index = "exports.admission = require('./admission');"
    found = clinic(HOSPITAL | {"tests/a.test.js": test, "services/index.js": index})
    service = only(found, "module-tests", file="services/admission.js")
    assert (service.status, service.reason) == (status, reason)


@pytest.mark.parametrize(
    ("body", "asserts"),
    [
        ("expect(1).toBe(1)", True),
        ("", False),
        ("admit({})", False),
        ("helper()", None),
        ("shared()", None),
        ("thing.check()", None),
        ("JSON.parse('{}')", False),
    ],
)
def test_a_case_asserts_nothing_only_when_nothing_in_it_can(body: str, asserts: bool | None) -> None:
    """A function of the tests may."""
    head = (
        "const { admit } = require('../services/admission'); const { shared } = require('./shared'); const thing = {};"
    )
    test = f"{head} const helper = () => {{}}; test('x', () => {{ {body} }});"
    found = clinic(HOSPITAL | {"tests/a.test.js": test, "tests/shared.js": "exports.shared = () => {};"})
    assert only(found, "test-case").asserts is asserts


def test_marks_of_suites_hold_for_their_cases() -> None:
    """What is skipped with its suite is skipped; only the suite is focused."""
    test = f"describe.skip('a', () => {{ {CASE} }}); describe.only('b', () => {{ {CASE} }}); test.todo('c');"
    found = clinic({"a.test.js": test})
    states = [(case.kind, case.title, case.state, case.is_focused) for case in found.found("test-case")]  # type: ignore[attr-defined]
    assert states == [
        ("suite", "a", "skipped", False),
        ("case", "a > x", "skipped", False),
        ("suite", "b", "runs", True),
        ("case", "b > x", "runs", False),
        ("case", "c", "todo", False),
    ]


@pytest.mark.parametrize("script", ["nx test", "nps test", "wireit"])
def test_what_a_task_runner_runs_is_not_known(script: str) -> None:
    """Its tasks stand in files of its own; a script of the same name is no answer."""
    assert setup({"package.json": package(script), "a.test.js": CASE}).is_run is None


@pytest.mark.parametrize(
    ("title", "asserts"),
    [
        ("does not throw", None),
        ("runs without errors", None),
        ("handles a stranger gracefully", None),
        ("Should pass if all is well", None),
        ("should succeed", None),
        ("should pass the patient to the ward", False),
        ("not implemented for strangers", False),
        ("admits a patient", False),
    ],
)
def test_a_case_that_is_there_to_run_through_asserts_by_that(title: str, *, asserts: bool | None) -> None:
    """Its title says so."""
    case = (
        f"const {{ admit }} = require('./services/admission'); test('{title}', async () => {{ await admit({{}}); }});"
    )
    assert only(clinic({**HOSPITAL, "a.test.js": case}), "test-case").asserts is asserts


@pytest.mark.parametrize(("title", "asserts"), [("Not Implemented", None), ("TODO", None), ("admits", False)])
def test_an_empty_case_may_say_that_it_is_not_written_yet(title: str, *, asserts: bool | None) -> None:
    """It misleads nobody."""
    found = clinic({**HOSPITAL, "a.test.js": f"test('{title}', async () => {{ }});"})
    assert only(found, "test-case").asserts is asserts


@pytest.mark.parametrize(
    ("beside", "body", "asserts"),
    [
        ("before(async () => admit({}));", "", None),
        ("beforeEach(async () => admit({}));", "", False),
        ("before(async () => admit({}));", "admit({});", False),
        ("test('y', () => { expect(() => admit(1)).toThrow(); });", "admit({});", None),
        ("test('y', () => { expect(() => discharge(1)).toThrow(); });", "admit({});", False),
        ("test('y', () => { expect(admit(1)).toBe(1); });", "admit({});", False),
    ],
)
def test_a_case_is_understood_from_what_stands_beside_it(beside: str, body: str, *, asserts: bool | None) -> None:
    """It names what a hook does, or is the counterpart of one that states that the same throws."""
    head = "import { admit, discharge } from './services/admission';"
    case = f"{head} describe('a', () => {{ {beside} test('x', () => {{ {body} }}); }});"
    assert only(clinic({**HOSPITAL, "a.test.js": case}), "test-case", title="a > x").asserts is asserts


@pytest.mark.parametrize(
    ("head", "body", "asserts"),
    [
        ("import { equal } from 'node:assert';", "equal(await admit({}), 1);", True),
        ("const { ok: holds } = require('assert/strict');", "holds(await admit({}));", True),
        ("import { equal } from './services/admission';", "equal(await admit({}), 1);", False),
        ("", "/* Should not throw. */ await admit({});", None),
        ("", "await admit({}); // must never fail", None),
        ("", "await admit({}); // of a stranger", False),
        ("import db from './db';", "await db.migrate.up({}); await db.migrate.down({});", None),
        ("import db from './services/admission';", "await db.migrate.up({});", False),
    ],
)
def test_a_case_asserts_by_imported_functions_and_by_running_through(
    head: str, body: str, *, asserts: bool | None
) -> None:
    """Functions of a library of assertions assert under any name; what must run through says so in a comment."""
    case = f"import {{ admit }} from './services/admission'; {head} test('x', async () => {{ {body}\n}});"
    files = HOSPITAL | {"package.json": package("node --test"), "a.test.js": case, "db.js": "exports.migrate = {};"}
    assert only(clinic(files), "test-case").asserts is asserts


@pytest.mark.parametrize(
    ("files", "collects"),
    [
        ({"package.json": package("tap")}, True),
        ({"package.json": package("tap --no-coverage")}, False),
        ({"jest.config.js": "<<<<<<< HEAD\nmodule.exports = {\n=======\n>>>>>>> a\n  collectCoverage: true };"}, None),
    ],
)
def test_coverage_that_a_runner_collects_by_itself(files: dict[str, str], *, collects: bool | None) -> None:
    """Tap does; what a configuration that can't be read says is not known."""
    assert setup({"a.test.js": CASE, **files}).collects_coverage is collects
