"""Which tests ask an endpoint."""

import pytest

from model.testing.clinic import APP, HEAD, clinic, endpoint, only, package, verdict_of

CASE = "test('shows a patient', async () => { %s });"


@pytest.mark.parametrize(
    "test",
    [
        CASE % "await request(app).get('/api/patients/7').expect(200)",
        CASE % "await request(app).get(`/api/patients/${id()}`)",
        CASE % "await request(app).get('/api/patients/7?full=1')",
        CASE % "await request(app).get('/API/Patients/7/')",
        "const BASE = '/api/patients';" + CASE % "await request(app).get(BASE + '/7')",
        "const { url } = require('./urls');" + CASE % "await request(app).get(url(7))",
        "const ask = (path) => request(app).get(`/api${path}`);" + CASE % "await ask('/patients/7')",
        "let agent; beforeAll(() => { agent = request.agent(app); });" + CASE % "await agent.get('/api/patients/7')",
        "const verb = 'get';" + CASE % "await request(app)[verb]('/api/patients/7')",
        "const server = require('http').createServer(app);" + CASE % "await request(server).get('/api/patients/7')",
        CASE % "await fetch('http://localhost:3000/api/patients/7')",
        CASE % "await fetch(`${process.env.API}/api/patients/7`)",
        "const axios = require('axios');" + CASE % "await axios.get('http://127.0.0.1:3000/api/patients/7')",
        "const http = require('axios').create({ baseURL: 'http://localhost/api' });" + CASE % "http.get('/patients/7')",
        "const axios = require('axios');" + CASE % "axios({ method: 'get', url: 'http://localhost/api/patients/7' })",
        "const chai = require('chai');" + CASE % "await chai.request(app).get('/api/patients/7')",
        "const ask = require('light-my-request');" + CASE % "ask(app, { method: 'GET', url: '/api/patients/7' })",
        "describe('p', () => { describe('q', () => { " + CASE % "await request(app).get('/api/patients/7')" + " }) });",
        "for (const path of ['/x', '/api/patients/7']) { test(path, () => request(app).get(path)); }",
        "['/x', '/api/patients/7'].forEach((path) => test(path, () => request(app).get(path)));",
        "test.each(['/x', '/api/patients/7'])('%s', (path) => request(app).get(path));",
        "test.each([['get', '/api/patients/7']])('%s %s', (verb, path) => request(app)[verb](path));",
        "let res; beforeEach(async () => { res = await request(app).get('/api/patients/7'); });" + CASE % "expect(res)",
    ],
)  # fmt: skip
def test_an_endpoint_is_tested_however_its_path_is_put_together(test: str) -> None:
    """Constants, templates, helpers, agents, tables and every client lead to the same route."""
    found = verdict_of(test, tests__urls="exports.url = (id) => `/api/patients/${id}`;")
    assert (found.status, found.kinds) == ("tested", ("integration",))
    assert found.files == ("tests/a.test.js",)
    assert found.is_requested is True


@pytest.mark.parametrize(
    "test",
    [
        CASE % "await request(app).get('/api/patients/me')",
        CASE % "await request(app).post('/api/patients/7')",
        CASE % "await request(app).get('/api/patients/7/visits')",
        CASE % "await fetch('https://example.com/api/patients/7')",
        CASE % "const map = new Map(); map.get('/api/patients/7')",
        CASE % "const res = await request(app).get('/health'); res.get('/api/patients/7')",
        "// " + CASE % "await request(app).get('/api/patients/7')",
        "test.skip('x', () => request(app).get('/api/patients/7'));",
        "xit('x', () => request(app).get('/api/patients/7'));",
        "describe.skip('x', () => { " + CASE % "await request(app).get('/api/patients/7')" + " });",
        "test('x', { skip: true }, () => request(app).get('/api/patients/7'));",
        "const { signIn } = require('./login'); beforeEach(() => signIn(app));" + CASE % "expect(1)",
    ],
)
def test_an_endpoint_is_untested_when_nothing_that_runs_asks_it(test: str) -> None:
    """Another route, another host, another method, comments, skipped tests and what helpers ask do not count."""
    login = "const request = require('supertest'); exports.signIn = (app) => request(app).get('/api/patients/7');"
    assert verdict_of(test, tests__login=login).status == "untested"


def test_the_most_specific_route_answers() -> None:
    """``/me`` is not an identifier."""
    test = CASE % "await request(app).get('/api/patients/me')"
    assert verdict_of(test, "GET /api/patients/me").status == "tested"


@pytest.mark.parametrize(
    ("test", "reason"),
    [
        (CASE % "await request(app).get(`/api/${word()}/7`)", "a test asks for GET /api/…/7, which may mean it"),
        (CASE % "await request(app).get(`${word()}atients/7`)", "a test asks for GET …atients/7, which may mean it"),
        (
            "test('GET /api/patients/:id', () => request(app).get(word()));",
            "a test asks for GET a URL that is not known, which may mean it",
        ),
    ],
)
def test_a_url_that_is_not_known_leaves_only_what_it_may_mean_unknown(test: str, reason: str) -> None:
    """It says nothing of the others."""
    found = clinic({"tests/a.test.js": HEAD + "const { word } = require('words');" + test})
    known = endpoint(found, "GET /api/patients/:id").testing
    assert (known.status, known.reason) == ("unknown", reason)
    assert endpoint(found, "GET /health").testing.status == "untested"
    assert endpoint(found, "DELETE /api/patients/:id").testing.status == "untested"


OWN = """
const express = require('express');
const patients = require('../routes/patients');
const app = express();
app.use('/p', patients);
app.get('/own', (req, res) => res.end());
"""


def test_a_router_on_an_application_of_the_test_is_the_same_router() -> None:
    """Wherever the test mounts it; what the test registers itself is nobody's endpoint."""
    test = (
        f"const request = require('supertest');{OWN}"
        + CASE % "await request(app).get('/p/7'); request(app).get('/own')"
    )
    found = clinic({"tests/a.test.js": test})
    known = endpoint(found, "GET /api/patients/:id").testing
    assert (known.status, known.kinds) == ("tested", ("router",))
    assert endpoint(found, "GET /api/patients").testing.status == "untested"
    assert only(found, "test-request", url="/own").status == "unanswered"


def test_a_test_that_mocks_the_handler_does_not_test_the_endpoint() -> None:
    """It says so; a mock that keeps the real module is none."""
    test = CASE % "await request(app).get('/api/patients/7')"
    mocked = verdict_of("jest.mock('../controllers/patients');" + test)
    assert (mocked.status, mocked.reason) == ("untested", "the test replaces controllers/patients.js by a mock")
    partly = "jest.mock('../controllers/patients', () => ({ ...jest.requireActual('../controllers/patients') }));"
    assert verdict_of(partly + test).status == "tested"


def test_a_handler_that_is_called_by_itself_is_tested_and_not_requested() -> None:
    """The endpoint's path and middleware are not run."""
    test = "const { showPatient } = require('../controllers/patients'); test('x', () => showPatient({}, {}));"
    found = verdict_of(test)
    assert (found.status, found.kinds, found.is_requested) == ("tested", ("handler",), False)


def test_a_test_that_no_run_takes_does_not_count() -> None:
    """Jest passes over a file that is not called like a test."""
    test = HEAD + CASE % "await request(app).get('/health')"
    found = endpoint(clinic({"tests/health.js": test}), "GET /health").testing
    assert (found.status, found.reason) == ("untested", "no run of a test framework takes the file of the test")


@pytest.mark.parametrize(
    "test",
    [
        "const { test } = require('@playwright/test'); test('x', async ({ page }) => { await page.goto('/health'); });",
        "const { test } = require('@playwright/test'); test('x', async ({ request }) => request.get('/health'));",
        "it('x', () => { cy.request('GET', '/health'); });",
        "it('x', () => { cy.visit('/health'); });",
    ],
)
def test_browser_tests_are_end_to_end(test: str) -> None:
    """Whether they open a page or send a request."""
    scripts = {"test": "playwright test", "cy": "cypress run --spec '**/*'"}
    files = {
        "package.json": package(scripts=scripts),
        "e2e/a.spec.js": test,
        "playwright.config.js": "module.exports = {};",
    }
    assert endpoint(clinic(files), "GET /health").testing.kinds == ("end-to-end",)


def test_following_tests_leaves_no_trace() -> None:
    """What a test registers on the application, or puts into it, is no part of the model."""
    test = "app.get('/sneaked', (req, res) => res.end());" + CASE % "await request(app).get('/sneaked')"
    found = clinic({"tests/a.test.js": HEAD + test})
    assert "GET /sneaked" not in {one.identity for one in found.endpoints}
    assert APP.count("get(") == 1


def test_hostile_tests_come_to_an_end() -> None:
    """However much a test does."""
    loop = "while (true) { request(app).get('/health'); }"
    rows = "const rows = Array.from({ length: 1e9 }); test.each(rows)('x', () => request(app).get('/health'));"
    deep = "const f = (n) => f(n + 1); test('y', () => f(0));"
    assert verdict_of(f"test('x', () => {{ {loop} }});{rows}{deep}", "GET /health").status in {"tested", "unknown"}
