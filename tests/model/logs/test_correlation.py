"""Which log calls of a request can be told from those of another."""

from medpro_audit.model.subjects import LogCall
from model.memory import repository

PACKAGE = '{"dependencies": {"express": "^5", "pino": "9", "pino-http": "10"%s}}'


def served(setup: str, body: str, extra: str = "", **files: str) -> list[LogCall]:
    """The log calls of a handler in an application that was set up so."""
    source = f"const express = require('express');\nconst app = express();\n{setup}\n"
    source += f"app.get('/', (req, res) => {{ {body}; res.end(); }});\n"
    given = {f"{name}.js": text for name, text in files.items()}
    return list(repository({"package.json": PACKAGE % extra, "server.js": source, **given}).log_calls)


HTTP = "const logger = require('pino')();\napp.use(require('pino-http')({ logger }));"


def test_a_logger_of_the_request_carries_its_id() -> None:
    """And a call past it does not."""
    found = served(HTTP, "req.log.info('a'); logger.info('b'); console.log('c')")
    assert [(call.in_request, call.expects_correlation) for call in found] == [(True, True)] * 3
    assert [call.has_correlation for call in found] == [True, False, False]
    assert [call.logger for call in found] == ["canonical", "canonical", "console"]


def test_an_id_among_the_fields_will_do() -> None:
    """Of the call, of the child logger that it is made on, or of the request itself."""
    body = (
        "logger.info({ requestId: req.id }, 'a'); logger.info({ req }, 'b');"
        "const child = logger.child({ traceId: t }); child.info('c'); logger.info(req.params.id, 'd')"
    )
    assert [call.has_correlation for call in served(HTTP, body)] == [True, True, True, False]


def test_nothing_is_asked_outside_of_requests() -> None:
    """What is logged at start-up belongs to no request."""
    found = repository(
        {"package.json": PACKAGE % "", "server.js": f"const app = require('express')();{HTTP}\nlogger.info('up');"}
    )
    assert [(call.in_request, call.has_correlation) for call in found.log_calls] == [(False, True)]


def test_nothing_is_asked_where_requests_have_no_id() -> None:
    """There is nothing that a call could carry."""
    found = served("const logger = require('pino')();", "logger.info('a')")
    assert [(call.expects_correlation, call.has_correlation) for call in found] == [(False, True)]


def test_a_logger_that_asks_a_context_adds_the_id_by_itself() -> None:
    """Here the module of the logger reads an AsyncLocalStorage of another module."""
    log = (
        "const context = require('./context');\nmodule.exports = require('winston').createLogger("
        "{ format: (line) => ({ ...line, id: context.getStore() }) });"
    )
    context = "const { AsyncLocalStorage } = require('node:async_hooks');\nmodule.exports = new AsyncLocalStorage();"
    found = served("const log = require('./log');", "log.info('a'); console.log('b')", log=log, context=context)
    assert [(call.expects_correlation, call.has_correlation) for call in found] == [(True, True), (True, False)]


def test_reading_the_id_of_the_request_shows_that_there_is_one() -> None:
    """Whoever put it there."""
    found = served("const log = require('pino')();", "log.info({ id: req.correlationId }, 'a'); log.info('b')")
    assert [(call.expects_correlation, call.has_correlation) for call in found] == [(True, True), (True, False)]


def test_what_may_be_added_out_of_sight_is_unknown() -> None:
    """By a mixin, by a tracer, or by a logger of which nothing is known."""
    mixin = "const logger = require('pino')({ mixin: make() });\napp.use(require('pino-http')({ logger }));"
    assert [call.has_correlation for call in served(mixin, "logger.info('a')")] == [None]
    traced = served(HTTP, "logger.info('a'); console.log('b')", ', "dd-trace": "5"')
    assert [call.has_correlation for call in traced] == [None, False]
    assert [call.has_correlation for call in served(HTTP, "req.app.logger.info('a')")] == [None]
