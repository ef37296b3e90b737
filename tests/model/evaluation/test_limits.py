"""What never ends, or grows without end, is given up: with a reason, and the rest is found all the same."""

import pytest

from medpro_audit.model.evaluation.control import Exhausted
from medpro_audit.model.subjects import Repository
from model.evaluation.running import MORE, SOMETHING, out_of
from model.memory import builder, repository

PACKAGE = '{"main": "server.js", "dependencies": {"express": "5"}}'
APP = "const express = require('express'); const app = express();\n"
ROUTE = "\napp.get('/last', (req, res) => res.end());"

LEVEL = "const o = express.Router(); o.use('/a', r); o.use('/b', r); r = o;"


def audited(source: str) -> Repository:
    """The model of a small application."""
    return repository({"package.json": PACKAGE, "server.js": f"{APP}{source}{ROUTE}"})


@pytest.mark.parametrize(
    "source",
    [
        "while (true) { }",
        "for (;;) ;",
        "let i = 0; do { i += 1; } while (i > 0);",
        "const f = (n) => f(n + 1) + f(n + 2); f(0);",
        "function a(n) { return b(n) + b(n) + b(n); } function b(n) { return a(n) + a(n) + a(n); } a(0);",
        "let f = (x) => x; for (let i = 0; i < 99; i++) { const g = f; f = (x) => g(g(x)); } f(1);",
        "const a = { get x() { return this.x; } }; a.x;",
        "function F() {} F.prototype = new F(); new F().missing;",
        "const a = {}; a.self = a; Object.assign(a, a); app.use(a); JSON.stringify({ ...a, a });",
        "let s = 'x'; for (let i = 0; i < 99; i++) s = s + s; app.use(s, () => {});",
        "let s = require('os').hostname(); for (let i = 0; i < 99; i++) s = `${s}-${s}`; app.use(s, () => {});",
        "let a = [1]; for (let i = 0; i < 99; i++) a = [...a, ...a]; for (let i = 0; i < 9; i++) a = a.concat(a);",
        "let a = [[1]]; for (let i = 0; i < 99; i++) a = [a, a]; app.use(a); a.flat();",
        "const a = []; a.push(a); app.use(a); app.use(a, () => {}); a.flat(); `${a}`;",
        "const a = [1]; for (const x of a) a.push(x);",
        "app.use('/a', app); app.use('/b', app);",
        f"let r = express.Router(); for (let i = 0; i < 40; i++) {{ {LEVEL} }} app.use(r);",
        "".join(f"if (process.env.A{i}) app.set('x', {i}); else app.set('y', {i});\n" for i in range(60)),
        "let f = () => 1; " + "".join(f"if (process.env.A{i}) {{ const g = f; f = () => g(); }}\n" for i in range(60)),
        "function* g() { let i = 0; while (true) yield i++; } for (const x of g()) app.set('x', x);",
    ],
)
def test_endless_code_does_not_hide_the_rest(source: str) -> None:
    """The endpoint below it is found."""
    assert [endpoint.path for endpoint in audited(source).endpoints][-1:] == ["/last"]


def test_a_router_in_itself_is_told() -> None:
    """With the place of the mount."""
    [gap] = audited("app.use('/a', app);").unresolved_routes
    assert (str(gap.place), gap.reason) == ("server.js:2", "a router is mounted in itself")


def test_more_mounts_than_are_followed_are_told() -> None:
    """Mounts that double at every level are cut off."""
    found = audited(f"let r = express.Router(); for (let i = 0; i < 20; i++) {{ {LEVEL} }} app.use(r);")
    assert {gap.reason for gap in found.unresolved_routes} == {"there are more mounts than are followed"}


def test_a_handler_that_does_very_much_is_cut_off() -> None:
    """Its verdict is an unknown one or follows from what was seen by then."""
    loops = "for (const a of req.body) for (const b of a) for (const c of b) f(c);"
    body = f"const f = (x) => f(x.a) + f(x.b); {loops * 40} res.json(f(req.query));"
    [endpoint] = repository(
        {"package.json": PACKAGE, "server.js": f"{APP}app.post('/x', (req, res) => {{ {body} }});"}
    ).endpoints
    assert endpoint.validation.body.status in {"missing", "unknown"}


def test_the_budget_ends_everything() -> None:
    """Counted in steps, not in seconds, so that the same code is given up at the same place each time."""
    loop = "for (let i = 0; i < 1e9; i++)"
    interpreter = builder({"main.js": f"{loop} {loop} {loop} {{ let x = i; }}"}).interpreter
    interpreter.budget = 10_000
    module = interpreter.module("main.js")
    assert module is not None
    with pytest.raises(Exhausted):
        interpreter.start(module)


def test_what_was_not_followed_to_its_end_is_told() -> None:
    """By a notice that names the file."""
    loop = "for (let i = 0; i < 1e9; i++)"
    setup = f"module.exports = (app) => {{ {loop} {loop} {loop} {{ let x = i; }} app.get('/x', () => {{}}); }};"
    found = repository({"package.json": PACKAGE, "server.js": f"require('express');\n{setup}"})
    assert [(notice.kind, str(notice.place)) for notice in found.notices] == [("budget", "server.js")]


@pytest.mark.parametrize("before", range(0, 800, 50))
def test_what_runs_before_a_function_does_not_make_it_be_given_up(before: int) -> None:
    """However much that does: a commit that lengthens one start-up routine changes nothing of the next one."""
    steps = "x = x + 1; "
    source = (
        f"function first() {{ let x = 0; {steps * before} }}\n"
        f"function routes() {{ let x = 0; {steps * 300} app.get('/mine', (req, res) => res.end()); }}\n"
        "function init() { first(); routes(); }\nfunction start() { init(); }\nstart();"
    )
    assert [endpoint.path for endpoint in audited(source).endpoints] == ["/mine", "/last"]


def test_who_asks_first_for_what_is_made_once_changes_nothing() -> None:
    """A handler that asks for it from deep within its calls leaves no other without it."""
    deep = (
        "".join(f"const f{i} = (req) => f{i + 1}(req);\n" for i in range(3)) + "const f3 = (req) => Guard.check(req);\n"
    )
    source = (
        "const jwt = require('jsonwebtoken'); const makeCheck = () => make(1); const make = () => last();\n"
        "const last = () => (req) => { if (!jwt.verify(req.headers.authorization, KEY)) throw 1; };\n"
        "class Guard { static get check() { return makeCheck(); } }\n"
        f"{deep}app.get('/deep', (req, res) => {{ f0(req); res.json(1); }});\n"
        "app.get('/plain', (req, res) => { Guard.check(req); res.json(1); });\n"
    )
    both = {each.path: each.access.authentication for each in audited(source).endpoints}
    alone = {each.path: each.access.authentication for each in audited(source.replace("f0(req);", "")).endpoints}
    assert both["/plain"] == alone["/plain"] == "yes"


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("out = 'x'.repeat(1e9);", SOMETHING),
        ("out = 'x'.padStart(1e9);", SOMETHING),
        (
            "out = 1; for (let i = 0; i < 400; i++) for (let j = 0; j < 9; j++) out = out + out; out = `${out}`;",
            "Infinity",
        ),
        ("out = ['x'.repeat(600)].map((s) => s + s + s + s + s + s + s + s)[0].length;", SOMETHING),
        ("out = Array.from({ length: 1e9 });", [MORE]),
    ],
)
def test_nothing_large_is_made(source: str, known: object) -> None:
    """A scanned program can't make us build what it only names."""
    assert out_of(source) == known
