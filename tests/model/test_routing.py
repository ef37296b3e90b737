"""Endpoints of small applications: paths through mounts, what stands before them, conditions, gaps."""

import pytest

from medpro_audit.model.paths import covers, joined
from medpro_audit.model.subjects import Endpoint
from model.memory import repository
from model.serving import APP, PACKAGE, served

H = "(req, res) => res.end()"


def chain(found: Endpoint) -> list[tuple[str, str, str]]:
    """Name, scope and mount of each middleware."""
    return [(use.name, use.scope, use.mount) for use in found.middleware]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("app.get('/a', h); app.post('a', h); app.all('/b', h);", ["GET /a", "POST /a", "ALL /b"]),
        ("app.get(['/a', '/b'], h);", ["GET /a", "GET /b"]),
        ("app.get(/^\\/v[0-9]+/, h);", ["GET /^\\/v[0-9]+/"]),
        ("app.route('/a').get(h).post(h);", ["GET /a", "POST /a"]),
        ("app.get('setting');", []),
        ("app.use('/a', r); r.get('/', h); r.get('/b', h);", ["GET /a", "GET /a/b"]),
        ("app.use('/a/', r); r.get('b', h);", ["GET /a/b"]),
        ("app.use(['/a', '/b'], r); r.get('/c', h);", ["GET /a/c", "GET /b/c"]),
        ("app.use('/a', r); app.use('/b', r); r.get('/c', h);", ["GET /a/c", "GET /b/c"]),
        ("app.use('/a', r); r.use('/:id', q); q.get('/c', h);", ["GET /a/:id/c"]),
        ("app.use('/a', sub); sub.get('/b', h);", ["GET /a/b"]),
        ("app.use('/a', h);", ["ALL /a"]),
        ("app.use('/a', (req, res, next) => next());", []),
        ("for (const v of ['get', 'put']) app[v]('/a', h);", ["GET /a", "PUT /a"]),
        ("const p = '/v1'; app.get(`${p}/a/${'b'}`, h);", ["GET /v1/a/b"]),
        ("app.get(process.env.BASE || '/base', h);", ["GET /base"]),
        ("app.use(process.env.BASE, r); r.get('/a', h);", ["GET /{BASE}/a"]),
        ("const k = { url: `${process.env.BASE}` }; app.use(`/${k.url}`, r); r.get('/a', h);", ["GET /{BASE}/a"]),
        ("app.use(process.env.BASE + '/a', r); r.get('/', h);", ["GET /{BASE}/a"]),
        ("app.use(`/v${process.env.VERSION}/a`, r); r.get('/:id', h);", ["GET /v{VERSION}/a/:id"]),
    ],
)
def test_method_and_path(source: str, expected: list[str]) -> None:
    """In Express notation, from the application's root."""
    start = f"const h = {H}; const r = express.Router(), q = express.Router(), sub = express();\n"
    found = served(f"{start}{source}")
    assert [identity for identity, one in found.items() if one.mounted] == expected


def test_a_router_that_no_application_reaches_is_not_mounted() -> None:
    """Its endpoints are shown all the same."""
    found = served(f"const r = express.Router(); r.get('/a', {H});")
    assert {identity: one.mounted for identity, one in found.items()} == {"GET /a": False}


def test_middleware_in_effect_outermost_first() -> None:
    """Application, router, route; what is registered later or elsewhere is not there."""
    found = served(
        f"const r = express.Router(); const a = (q, s, n) => n(), b = a, c = a, late = a, other = a;\n"
        "app.use(a); app.use('/r', b, r); app.use('/other', other); app.use(late);\n"
        f"r.use(c); r.get('/x', (q, s, n) => n(), {H}); r.use(late);"
    )
    assert chain(found["GET /r/x"]) == [
        ("a", "application", "/"),
        ("b", "application", "/r"),
        ("c", "router", "/"),
        ("<inline>", "route", "/"),
    ]


def test_a_guard_on_one_router_never_leaks_to_another() -> None:
    """Though both are mounted at the same path."""
    found = served(
        "const a = express.Router(), b = express.Router(); const guard = (q, s, n) => n();\n"
        f"a.use(guard); a.get('/x', {H}); b.get('/y', {H}); app.use('/r', a); app.use('/r', b);"
    )
    assert [chain(found[one]) for one in ("GET /r/x", "GET /r/y")] == [[("guard", "router", "/")], []]


@pytest.mark.parametrize(
    ("test", "conditional", "condition"),
    [
        ("true", False, None),
        ("flags.x", True, "flags.x"),
        ("!flags.x", True, "!flags.x"),
        ("process.env.NODE_ENV === 'production'", True, "process.env.NODE_ENV === 'production'"),
    ],
)
def test_a_conditional_registration_tells_its_condition(test: str, condition: str | None, *, conditional: bool) -> None:
    """As the source has it."""
    found = served(f"const flags = require('./flags.json');\nif ({test}) app.get('/x', {H});")["GET /x"]
    assert (found.conditional, found.condition) == (conditional, condition)


def test_both_branches_are_followed() -> None:
    """Each under its condition."""
    found = served(f"if (flags.x) app.get('/a', {H}); else app.get('/b', {H});")
    assert {identity: one.condition for identity, one in found.items()} == {"GET /a": "flags.x", "GET /b": "!flags.x"}


def test_middleware_of_other_configurations_is_told_apart() -> None:
    """NODE_ENV is taken to be production."""
    found = served(
        "const dev = (q, s, n) => n(), prod = dev;\nif (process.env.NODE_ENV === 'development') app.use(dev);\n"
        f"if (process.env.NODE_ENV === 'production') app.use(prod);\napp.get('/x', {H});"
    )["GET /x"]
    assert [use.name for use in found.middleware] == ["prod"]
    assert [use.name for use in found.inactive_middleware] == ["dev"]


def test_what_is_not_known_is_a_gap() -> None:
    """A path that is computed is told with its place and reason, and no endpoint is invented."""
    files = {"package.json": PACKAGE, "server.js": f"{APP}app.get(compute(), {H});\napp.use('/a', express.Router());"}
    found = repository(files)
    assert found.endpoints == ()
    assert [(str(gap.place), gap.method) for gap in found.unresolved_routes] == [("server.js:3", "GET")]


def test_an_endpoint_without_a_handler_is_one() -> None:
    """Express takes it, and so does the model: below middleware as well."""
    found = served("app.use((q, s, n) => n()); app.post('/x');")["POST /x"]
    assert (found.handler.file, found.handler.reason) == (None, "it has no handler")


def test_the_trail_leads_from_the_application_to_the_registration() -> None:
    """Through every mount."""
    found = served(f"const r = express.Router();\napp.use('/a', r);\nr.get('/b', {H});")["GET /a/b"]
    assert [step.line for step in found.trail] == [2, 4, 5]


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        ("", "/a", "/a"),
        ("/a", "/", "/a"),
        ("/a", "/b", "/a/b"),
        ("/a/", "/b", "/a/b"),
        ("/a", "b", "/a/b"),
        ("", "", "/"),
    ],
)
def test_paths_are_joined(prefix: str, path: str, expected: str) -> None:
    """As a reader would write it."""
    assert joined(prefix, path) == expected


@pytest.mark.parametrize(
    ("prefix", "path", "expected"),
    [
        ("/", "/a", True),
        ("/a", "/a/b", True),
        ("/A", "/a", True),
        ("/a", "/ab", False),
        ("/a/b", "/a", False),
        ("/:x", "/a/b", True),
        ("/a/*", "/a/b/c", True),
    ],
)
def test_a_prefix_covers_what_is_below_it(prefix: str, path: str, *, expected: bool) -> None:
    """By segments, without case."""
    assert covers(prefix, path) is expected


def test_a_server_class_that_nobody_here_starts_loads_its_modules() -> None:
    """However much they do: its program stands outside of the folder that is scanned."""
    server = """
const express = require('express');
class Server {
  start() {
    const app = express();
    const big = require('./big');
    app.use('/api', require('./router'));
    app.listen(1);
  }
}
module.exports = Server;
"""
    router = "const r = require('express').Router();\nr.get('/x', (req, res) => res.json({}));\nmodule.exports = r;\n"
    big = "let x = 0;\n" + "x = x + 1;\n" * 9_000
    found = repository(
        {"package.json": '{"dependencies": {"express": "5"}}', "Server.js": server, "router.js": router, "big.js": big}
    )
    assert [(each.path, each.mounted) for each in found.endpoints] == [("/api/x", True)]
    assert not [notice for notice in found.notices if notice.kind == "budget"]


@pytest.mark.parametrize("path", ["src/test-support/stand.js", "src/stand.js"])
def test_an_application_for_the_tests_serves_nothing(path: str) -> None:
    """It mounts the routers of the server once more; its folder tells it, or that it imports what only tests do."""
    files = {
        "package.json": PACKAGE,
        "server.js": f"{APP}app.use('/api', require('./src/routes')); app.listen(1);",
        "src/routes.js": f"const r = require('express').Router(); r.get('/a', {H}); module.exports = r;",
        path: (
            ("" if "test" in path else "const { vi } = require('vitest');\n")
            + f"{APP}app.use('/api', require('{'../routes' if 'test' in path else './routes'}'));\n"
            + "module.exports = app;"
        ),
    }
    assert [(one.identity, one.application.partition(":")[0]) for one in repository(files).endpoints] == [
        ("GET /api/a", "server.js")
    ]
