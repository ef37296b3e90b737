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
