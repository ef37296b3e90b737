"""What is recorded of the requests of an endpoint."""

import pytest

from model.memory import repository

_PACKAGE = '{ "name": "clinic", "scripts": { "start": "node server.js" }, "dependencies": { "express": "4" } }'


def _tracking(middleware: str, package: str = _PACKAGE) -> tuple[str, str, str]:
    head = "const express = require('express');\nconst app = express();\n"
    code = f"{head}{middleware}\napp.get('/a', (req, res) => res.end());\napp.listen(1);\n"
    tracking = repository({"package.json": package, "server.js": code}).endpoints[0].tracking
    return (tracking.logged, tracking.correlated, tracking.measured)


@pytest.mark.parametrize(
    ("middleware", "verdicts"),
    [
        ("", ("no", "no", "no")),
        ("app.use(require('morgan')('dev'));", ("yes", "no", "no")),
        ("app.use(require('pino-http')());", ("yes", "yes", "no")),
        ("app.use(require('express-prom-bundle')());", ("no", "no", "yes")),
        ("app.use((req, res, next) => { console.log(req.method, req.url); next(); });", ("yes", "no", "no")),
        ("app.use((req, res, next) => { console.log('hello'); next(); });", ("no", "no", "no")),
        ("app.use((req, res, next) => { if (!req.user) console.warn(req.path); next(); });", ("no", "no", "no")),
        ("app.use((req, res, next) => { console.log({ path: req.file.path, duration: 1 }); next(); });", ("no",) * 3),
        ("app.use((r, _, next) => { console.log(r.url); next(); });", ("yes", "no", "no")),
        ("app.use((request, _, next) => { console.log(`${request.raw?.method}`); next(); });", ("yes", "no", "no")),
        ("app.use(({ method, url }, _, next) => { console.log(method, url); next(); });", ("yes", "no", "no")),
        ("app.use((req, res, next) => { req.correlationId = Math.random(); next(); });", ("no", "yes", "no")),
        ("app.use((req, res, next) => { res.set('x-request-id', '1'); next(); });", ("no", "yes", "no")),
        ("app.use((req, res, next) => { Lines.log(write, req, res); next(); });", ("unknown", "no", "no")),
        ("app.use((req, res, next) => { res.on('finish', () => count(req)); next(); });", ("no", "no", "no")),
        (
            "app.use((req, res, next) => { res.end = () => tell(); next(); });",
            ("unknown", "no", "no"),
        ),
        ("app.use((req, res, next) => { users.login(req, res); next(); });", ("no", "no", "no")),
        ("if (process.env.VERBOSE === 'yes') app.use(require('morgan')('dev'));", ("no", "no", "no")),
        ("if (process.env.NODE_ENV !== 'test') app.use(require('morgan')('dev'));", ("yes", "no", "no")),
        ("if (require('fs').existsSync('x')) app.use(require('morgan')('dev'));", ("unknown", "no", "no")),
    ],
)
def test_what_a_middleware_records_is_what_it_does(middleware: str, verdicts: tuple[str, str, str]) -> None:
    """By its package, or by its log calls, properties and headers; never by its name."""
    assert _tracking(middleware) == verdicts


def test_an_agent_records_everything() -> None:
    """One that a script loads before the program counts too."""
    preloaded = _PACKAGE.replace("node server.js", "node --require dd-trace/init server.js")
    assert _tracking("", preloaded) == ("yes", "yes", "yes")
    assert _tracking("require('newrelic');") == ("yes", "yes", "yes")


def test_what_stands_behind_an_endpoint_does_not_record_it() -> None:
    """Order of registration counts, and the endpoint knows that others are recorded."""
    code = (
        "const app = require('express')();\napp.get('/a', (req, res) => res.end());\n"
        "app.use(require('morgan')('dev'));\napp.get('/b', (req, res) => res.end());\napp.listen(1);\n"
    )
    first, second = repository({"package.json": _PACKAGE, "server.js": code}).endpoints
    assert (first.tracking.logged, first.tracking.others_logged) == ("no", True)
    assert (second.tracking.logged, second.tracking.others_logged) == ("yes", True)


@pytest.mark.parametrize(
    ("handler", "told"),
    [
        ("res.end();", False),
        ("console.log('asked'); res.end();", False),
        ("logger.info('asked'); res.end();", True),
        ("try { logger.info('asked'); res.end(); } catch (error) { res.status(500).end(); }", True),
        ("if (!req.body.a) return res.status(400).end(); logger.info('asked'); res.end();", None),
        ("if (req.query.a) logger.info('asked'); res.end();", None),
        ("logger.error('failed'); res.end();", False),
        ("try { res.end(); } catch (error) { logger.info('failed'); }", False),
    ],
)
def test_a_handler_that_writes_a_line_itself_is_told(handler: str, *, told: bool | None) -> None:
    """By a logger, and not only of failures; what writes it in one branch may leave it out in another."""
    code = (
        "const app = require('express')();\nconst logger = require('pino')();\n"
        f"app.post('/a', (req, res) => {{ {handler} }});\napp.listen(1);\n"
    )
    tracking = repository({"package.json": _PACKAGE, "server.js": code}).endpoints[0].tracking
    assert (tracking.logged, tracking.tells_itself) == ("no", told)


@pytest.mark.parametrize(("routes", "logged"), [("abcd", "no"), ("ab", "yes")])
def test_what_stands_in_few_routes_is_no_log_of_requests(routes: str, logged: str) -> None:
    """It tells of its own routes; what most routes have is a log that others lack."""
    head = "const app = require('express')();\nconst tell = (req, res, next) => { console.log(req.url); next(); };\n"
    rest = "".join(f"app.get('/{name}', (req, res) => res.end());\n" for name in routes[1:])
    code = f"{head}app.get('/a', tell, (req, res) => res.end());\n{rest}app.listen(1);\n"
    first, second, *_ = repository({"package.json": _PACKAGE, "server.js": code}).endpoints
    assert (first.tracking.logged, second.tracking.others_logged) == (logged, logged == "yes")
    assert first.tracking.tells_itself is (logged == "no")


def test_applications_are_not_held_against_each_other() -> None:
    """What another server of the same package does is not missing in this one."""
    logged = "const app = require('express')();\napp.use(require('morgan')('dev'));\n"
    rest = "app.get('/a', (req, res) => res.end());\napp.listen(process.env.PORT);\n"
    bare = f"const app = require('express')();\n{rest}"
    found = repository({"package.json": _PACKAGE, "server.js": logged + rest, "internal.js": bare}).endpoints
    assert {one.file: (one.tracking.logged, one.tracking.others_logged) for one in found} == {
        "server.js": ("yes", True),
        "internal.js": ("no", False),
    }
