"""How a back end is watched, practice by practice."""

from collections.abc import Sequence
from typing import cast

import pytest

from medpro_audit.model.subjects.observability_setup import ObservabilitySetup
from model.memory import repository

_HEAD = "const express = require('express');\nconst app = express();\n"


def _practice(name: str, files: dict[str, str]) -> ObservabilitySetup:
    package = '{ "scripts": { "start": "node server.js" }, "dependencies": { "express": "4", "pg": "8" } }'
    found = cast(
        "Sequence[ObservabilitySetup]", repository({"package.json": package, **files}).found("observability-setup")
    )
    return next(setup for setup in found if setup.practice == name)


def _health(path: str, handler: str, middleware: str = "") -> tuple[bool | None, bool | None]:
    code = (
        f"const {{ Pool }} = require('pg');\nconst pool = new Pool();\n{_HEAD}{middleware}\n"
        f"app.get('{path}', {handler});\napp.get('/b', (req, res) => res.end());\napp.listen(1);\n"
    )
    setup = _practice("health-check", {"server.js": code})
    return (setup.is_set_up, setup.is_wired)


@pytest.mark.parametrize(
    ("path", "handler", "verdict"),
    [
        ("/health", "(req, res) => res.json({ at: new Date().toISOString() })", (True, False)),
        ("/api/v1/ready", "async (req, res) => res.json(await pool.query('SELECT 1'))", (True, True)),
        ("/check-health", "(req, res) => res.end()", (True, False)),
        ("/healthz", "(req, res) => check(res)", (True, None)),
        ("/ready", "(req, res) => res.status(state.ready ? 200 : 503).end()", (True, None)),
        ("/ready", "(req, res) => { if (!state.ready) return res.end('no'); res.end(); }", (True, None)),
        ("/live", "(req, res) => res.end(process.env.REV ? req.hostname : 'up')", (True, False)),
        ("/api/sante", "(req, res) => res.end()", (True, False)),
        ("/", "(req, res) => res.json({ message: 'The API is running' })", (None, None)),
        ("*", "(req, res) => res.send(version)", (None, None)),
        ("/", "(req, res) => res.render('home')", (False, None)),
        ("*", "(req, res) => { res.sendFile(page); }", (False, None)),
        ("/orders/status", "async (req, res) => res.json(await pool.query('SELECT 1'))", (False, None)),
        ("/api/health/ping", "(req, res) => res.end()", (True, False)),
        ("/checks/am-i-alive", "(req, res) => res.end()", (True, False)),
        ("/health/records/:id", "(req, res) => res.end()", (False, None)),
        ("/visits/:id/health", "(req, res) => res.end()", (False, None)),
    ],
)
def test_a_health_check_is_known_by_what_it_does(
    path: str, handler: str, verdict: tuple[bool | None, bool | None]
) -> None:
    """Its path only says where to look; what can't be followed is unknown."""
    assert _health(path, handler) == verdict


def test_a_health_check_may_be_used_instead_of_routed() -> None:
    """``use()`` with a function that answers is an endpoint for all methods."""
    code = f"{_HEAD}app.use('/checkhealth', (req, res) => res.send('up'));\napp.listen(1);\n"
    setup = _practice("health-check", {"server.js": code})
    assert (setup.is_set_up, setup.tool) == (True, "ALL /checkhealth")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (
            "Dockerfile",
            "FROM node\nHEALTHCHECK --retries=3 \\\n  CMD curl http://localhost:3000/auth/isconfigured\n",
        ),
        (
            "docker-compose.yml",
            "services:\n  api:\n    healthcheck:\n      test: wget http://x:${PORT}/auth/isConfigured\n",
        ),
        ("charts/api/deployment.yaml", "livenessProbe:\n  httpGet:\n    path: /auth/isConfigured/\n    port: 80\n"),
        ("render.yaml", "services:\n  - type: web\n    healthCheckPath: /auth/isConfigured\n"),
    ],
)
def test_a_health_check_is_what_a_probe_asks(path: str, text: str) -> None:
    """Whatever its path is called."""
    code = f"{_HEAD}app.get('/auth/isConfigured', (req, res) => res.send('up'));\napp.listen(1);\n"
    assert _practice("health-check", {"server.js": code}).is_set_up is False
    setup = _practice("health-check", {"server.js": code, path: text})
    assert (setup.is_set_up, setup.tool) == (True, "GET /auth/isConfigured")


@pytest.mark.parametrize(
    ("line", "is_set_up"),
    [
        ("HEALTHCHECK CMD node scripts/probe.js", None),
        ("HEALTHCHECK NONE", False),
        ("HEALTHCHECK CMD pg_isready", False),
        ("# HEALTHCHECK CMD node scripts/probe.js", False),
    ],
)
def test_a_probe_that_is_not_followed_leaves_a_doubt(line: str, *, is_set_up: bool | None) -> None:
    """A program of its own may ask any endpoint."""
    code = f"{_HEAD}app.get('/auth/isConfigured', (req, res) => res.send('up'));\napp.listen(1);\n"
    assert _practice("health-check", {"server.js": code, "Dockerfile": line + "\n"}).is_set_up is is_set_up


def test_an_endpoint_whose_path_is_not_known_may_be_a_health_check() -> None:
    """Its path stands in a file of settings."""
    code = f"{_HEAD}app.get(load().path, (req, res) => res.send('up'));\napp.get('/a', end);\napp.listen(1);\n"
    assert _practice("health-check", {"server.js": code}).is_set_up is None


def test_a_health_check_behind_a_login_is_none() -> None:
    """A probe has no token."""
    guard = "app.use(require('express-basic-auth')({ users: {} }));"
    assert _health("/health", "(req, res) => res.end()", guard) == (False, False)


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("const server = app.listen(1);", (False, None)),
        ("const server = app.listen(1);\nprocess.on('SIGTERM', () => process.exit(0));", (True, False)),
        ("const server = app.listen(1);\nprocess.on('SIGTERM', () => server.close());", (True, True)),
        (
            "const server = app.listen(1);\nconst stop = () => server.close();\nprocess.on('SIGINT', stop);",
            (True, True),
        ),
        ("const server = app.listen(1);\nprocess.on('SIGTERM', require('./stop').all);", (True, None)),
        ("const server = app.listen(1);\nprocess.on('SIGTERM', () => queue.close());", (True, None)),
        ("const server = app.listen(1);\nprocess.on('SIGHUP', () => server.close());", (False, None)),
        ("require('http-graceful-shutdown')(app.listen(1));", (True, True)),
    ],
)
def test_a_shutdown_closes_the_server(code: str, verdict: tuple[bool | None, bool | None]) -> None:
    """Functions of the project are followed; to close something else leaves a doubt."""
    setup = _practice("shutdown", {"server.js": f"{_HEAD}app.get('/', (req, res) => res.end());\n{code}\n"})
    assert (setup.is_set_up, setup.is_wired) == verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        ("", (False, None)),
        ("const S = require('@sentry/node');", (False, None)),
        ("const S = require('@sentry/node');\nS.init({});", (True, False)),
        ("const S = require('@sentry/node');\nS.init({});\nS.setupExpressErrorHandler(app);", (True, True)),
        (
            "const S = require('@sentry/node');\nS.init({});\napp.use((e, q, r, n) => S.captureException(e));",
            (True, True),
        ),
        (
            "const S = require('@sentry/node');\nS.init({});\nexports.report = (e) => S.captureException(e);",
            (True, None),
        ),
        ("require('dd-trace').init();", (True, True)),
    ],
)
def test_an_error_tracker_hears_of_errors_in_requests(code: str, verdict: tuple[bool | None, bool | None]) -> None:
    """By its own handler, or from the error middleware."""
    source = f"{_HEAD}{code}\napp.get('/', (req, res) => res.end());\napp.listen(1);\n"
    setup = _practice("error-tracking", {"server.js": source})
    assert (setup.is_set_up, setup.is_wired) == verdict


@pytest.mark.parametrize(
    ("path", "content", "practice"),
    [
        ("ops/alerts.yml", "groups:\n  - rules:\n      - alert: Down\n        expr: up == 0\n", "alerting"),
        ("infra/main.tf", 'resource "datadog_monitor" "errors" {}\n', "alerting"),
        ("grafana/api.json", '{ "panels": [], "schemaVersion": 39 }', "dashboard"),
        ("docker-compose.yml", "services:\n  g:\n    image: grafana/grafana\n", "dashboard"),
    ],
)
def test_alerts_and_dashboards_are_found_as_code(path: str, content: str, practice: str) -> None:
    """By what the file says; a file of that name with something else is none."""
    server = f"{_HEAD}app.get('/', (req, res) => res.end());\napp.listen(1);\n"
    assert _practice(practice, {"server.js": server, path: content}).is_set_up is True
    assert _practice(practice, {"server.js": server, path: "{}"}).is_set_up is False


@pytest.mark.parametrize(("first", "is_wired"), [("tracing", True), ("express", False)])
def test_tracing_starts_before_what_it_traces(first: str, is_wired: bool) -> None:
    """As imports stand, from the program's entry on."""
    imports = ["require('./tracing');", "const express = require('express');"]
    head = "\n".join(imports if first == "tracing" else reversed(imports))
    tracing = (
        "const { NodeSDK } = require('@opentelemetry/sdk-node');\n"
        "require('@opentelemetry/instrumentation-http');\nnew NodeSDK({}).start();\n"
    )
    server = f"{head}\nconst app = express();\napp.get('/', (req, res) => res.end());\napp.listen(1);\n"
    assert _practice("tracing", {"server.js": server, "tracing.js": tracing}).is_wired is is_wired
