"""Where middleware and handlers come from."""

from model.explaining.explained import explained, told

SERVER = """\
const express = require('express');
const jwt = require('jsonwebtoken');
const { requireRole } = require('./guards');
const app = express();
app.use(express.json());
if (process.env.NODE_ENV !== 'production') app.use((req, res, next) => next());
app.use('/api', (req, res, next) => { req.seen = true; next(); });
const wrap = (fn) => (req, res, next) => Promise.resolve(fn(req, res, next)).catch(next);
const show = (req, res) => res.json(req.params.id);
app.param('id', (req, res, next, id) => next());
app.get('/api/:id', requireRole('admin', 2), wrap(show));
"""
GUARDS = """\
exports.requireRole = (role) => {
  return (req, res, next) => (req.user.role === role ? next() : res.status(403).end());
};
"""
FILES = {"server.js": SERVER, "guards.js": GUARDS}


def test_middleware_is_told_in_order_with_what_made_it() -> None:
    """The package, the function in place, the factory with its arguments; inactive ones and those of param() apart."""
    made = explained(FILES, "/api/:id")
    assert [(one.written, one.middleware.scope) for one in made.middleware] == [
        ("express.json()", "application"),
        ("<inline>", "application"),
        ("requireRole('admin', 2)", "route"),
    ]
    assert told(made.middleware[0].steps) == [
        ("server.js:5", "registered; from the package express; known for body-parser")
    ]
    assert told(made.middleware[1].steps) == [
        ("server.js:7", "registered for what is below /api; a function written in place runs")
    ]
    assert made.middleware[1].does == ("sets req.seen",)
    assert told(made.middleware[2].steps) == [
        (
            "server.js:11",
            "given to the route; made by this call; authorization, since it lets nobody else pass: guards.js:2",
        ),
        ("guards.js:1", "requireRole makes it"),
        ("guards.js:2", "it runs"),
    ]
    assert made.middleware[2].does == ("may answer 403",)
    assert [told(one.steps) for one in made.inactive_middleware] == [
        [("server.js:6", "registered; a function written in place runs")]
    ]
    assert [told(one.steps) for one in made.parameter_functions] == [
        [("server.js:10", "registered for the parameter id; a function written in place runs")]
    ]


def test_a_handler_is_told_from_its_wrapper_to_the_function_that_does_the_work() -> None:
    """Where the wrapper is called, where it stands, and what is behind it."""
    assert told(explained(FILES, "/api/:id").handler) == [
        ("server.js:11", "made by this call"),
        ("server.js:8", "wrap makes it; it calls the next one"),
        ("server.js:9", "show does the work"),
    ]


def test_a_handler_that_is_not_known_says_where_it_is_lost() -> None:
    """The package that makes it, and the registration."""
    files = {
        "server.js": (
            "const app = require('express')();\n"
            "const proxy = require('http-proxy-middleware').createProxyMiddleware({});\n"
            "app.get('/x', proxy);\n"
        )
    }
    made = explained(files, "/x")
    assert made.endpoint.handler.file is None
    assert told(made.handler) == [
        ("server.js:2", "from the package http-proxy-middleware"),
        ("server.js:3", "what does the work is not known"),
    ]
