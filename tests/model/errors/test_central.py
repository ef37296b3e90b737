"""Which endpoints an error handler answers for."""

import pytest

from model.memory import repository

_HANDLER = "(err, req, res, next) => { res.status(500).end(); }"


def _central(code: str, **files: str) -> dict[str, str]:
    others = {f"{name}.js": text for name, text in files.items()}
    server = f"const express = require('express'); const app = express(); const router = express.Router();\n{code}"
    made = repository({"server.js": server, **others})
    return {endpoint.path: endpoint.errors.central for endpoint in made.endpoints}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (f"app.get('/a', f); app.use({_HANDLER});", "yes"),
        (f"app.use({_HANDLER}); app.get('/a', f);", "no"),
        ("app.get('/a', f);", "no"),
        ("app.get('/a', f); app.use((err, req, res) => res.end());", "no"),
        ("app.get('/a', f); app.use((err, req, res, next = f) => res.end());", "no"),
        (f"app.get('/a', f); app.use('/b', {_HANDLER});", "no"),
        (f"app.get('/a', f); app.use('/a', {_HANDLER});", "yes"),
        (f"router.get('/a', f); router.use({_HANDLER}); app.use(router);", "yes"),
        (f"router.get('/a', f); app.use(router); app.use({_HANDLER});", "yes"),
        (f"app.use({_HANDLER}); router.get('/a', f); app.use(router);", "no"),
        ("app.get('/a', f); app.use(require('errorhandler')());", "yes"),
        ("app.get('/a', f); app.use(require('@sentry/node').Handlers.errorHandler());", "unknown"),
        ("app.get('/a', f); app.use(require('./missing'));", "unknown"),
        ("app.get('/a', f); app.use(require('cors')());", "no"),
        (f"app.get('/a', f); app.use([(req, res, next) => next(), {_HANDLER}]);", "yes"),
    ],
)
def test_what_answers_when_an_endpoint_fails(code: str, expected: str) -> None:
    """A function of four parameters, registered after it on its own path, on its router or on one around it."""
    assert _central(code)["/a"] == expected


def test_an_endpoint_that_no_application_reaches_is_not_judged() -> None:
    """It may be mounted where it can't be seen."""
    assert _central("router.get('/a', f);")["/a"] == "unknown"


@pytest.mark.parametrize(
    ("handler", "late"),
    [
        ("(req, res) => res.status(200).send(version)", 0),
        ("(req, res) => { res.json({ state: 'up' }); }", 0),
        ("(req, res) => res.json(list())", 1),
        ("(req, res) => res.send(req.user.name)", 1),
        ("async (req, res) => res.json([])", 1),
        ("(req, res) => { if (!list) throw new Error('none'); res.end(); }", 1),
        ("show", 1),
    ],
)
def test_an_endpoint_that_can_not_fail_needs_no_error_handler(handler: str, late: int) -> None:
    """What is told of a handler is how many endpoints it misses."""
    code = f"const express = require('express'); const app = express(); app.use({_HANDLER}); app.get('/a', {handler});"
    [found] = repository({"server.js": code}).found("error-handler")
    assert getattr(found, "late_endpoints", None) == late
