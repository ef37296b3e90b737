"""What a handler reads of the request, through whatever it calls."""

import pytest

from model.serving import endpoint, reads, served, verdict


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("res.json({})", ""),
        ("res.json(req.body)", "body"),
        ("res.json(req.body.a)", "body.a"),
        ("res.json(req.body.a.b.c)", "body.a"),
        ("const { a, b: { c }, d = 1 } = req.body; f(a, c, d)", "body.a body.b body.d"),
        ("const { body: { a }, params } = req; f(a, params.id)", "body.a params.id"),
        ("const input = req.body; const copy = { ...input }; f(copy.a)", "body.a"),
        ("f(req.body['a'], req.body?.b)", "body.a body.b"),
        ("const key = 'a'; f(req.body[key])", "body.a"),
        ("f(req.body[g()])", "body"),
        ("for (const x of req.body.items) f(x.name)", "body.items"),
        ("for (const x of req.body) f(x.name)", "body"),
        ("f(req.body.items.map((x) => x.name), Object.keys(req.query))", "body.items query"),
        ("f(req.params.id, req.query.q)", "params.id query.q"),
        ("f(req.get('x-clinic'), req.headers['x-ward'])", "headers.x-clinic headers.x-ward"),
        ("f(req.headers.authorization, req.get('User-Agent'))", ""),
        ("f(req.param('id'))", "params.id"),
        ("f(req.file, req.user.id, req.cookies.x)", ""),
        ("const id = Number(req.params.id); const n = parseInt(req.query.n, 10); f(id, n)", "params.id query.n"),
        ("f(`${req.params.id}-${req.query.q}`)", "params.id query.q"),
        ("const a = req.body.a || req.query.a; f(a)", "body.a query.a"),
        ("switch (req.body.kind) { case 'a': f(1) }", "body.kind"),
        ("if (!req.body.a) return res.sendStatus(400)", "body.a"),
        ("setTimeout(() => f(req.body.a), 1)", "body.a"),
        ("Promise.resolve(req.body).then((b) => f(b.a))", "body.a"),
        ("try { f(req.body.a); } catch (e) { keep(e, req.query.b); }", "body.a"),
        ("req.body.a = 1; f(req.body.a)", ""),
        ("req.body = { a: 1 }; f(req.body.a)", ""),
        ("delete req.body.a; f(req.body.b)", "body.b"),
        ("const unused = req.body.a;", "body.a"),
        ("const { body, query } = req; f(query.a);", "query.a"),
        ("const { body } = req; f(() => body.a);", "body.a"),
    ],
)  # fmt: skip
def test_what_is_read_in_the_handler(body: str, expected: str) -> None:
    """By part and field; protocol headers and what is overwritten do not count."""
    assert reads(endpoint(body)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("save(req.body)", "body.name"),
        ("save(req.body, req.params.id)", "body.name params.id"),
        ("await twice(save)(req.body)", "body.name"),
        ("const service = new Service(req.body); service.run()", "body.deep"),
        ("whole(req)", "query.page"),
        ("answer(req, res)", "params.id"),
        ("[req.body].forEach(save)", "body.name"),
        ("const save2 = save.bind(null, req.body); save2()", "body.name"),
        ("service.save(req.body)", "body.remote"),
        ("recursive(req.body)", "body.name"),
    ],
)
def test_what_is_read_by_what_the_handler_calls(body: str, expected: str) -> None:
    """Functions, methods, classes, other modules."""
    head = """
    const service = require('./service');
    const save = (input, id) => db.insert(input.name, id);
    const twice = (f) => (x) => { f(x); };
    const whole = (r) => db.find(r.query.page);
    function answer(req, res) { res.json(req.params.id); }
    const recursive = (x) => { db.insert(x.name); recursive(x); };
    class Service { constructor(data) { this.data = data; } run() { return db.insert(this.data.deep); } }
    """
    remote = "exports.save = async (input) => require('./store')(input);"
    store = "module.exports = (input) => db.insert(input.remote);"
    assert reads(endpoint(body, head=head, service=remote, store=store)) == expected


_SERVICE = """
    class Permissions {{
        constructor(user) {{ this.user = user; }}
        {methods}
    }}
"""
_MUCH = "let n = 0; " + "n = n + this.user.level; " * 60


def test_a_service_that_is_handed_over_leaves_steps_for_the_handler() -> None:
    """An object of many functions is no set of callbacks: they are not all called where a package is given it."""
    methods = "\n".join(f"may{number} = () => {{ {_MUCH} return n; }};" for number in range(30))
    body = "const may = new Permissions(req.params.id); db.start(may); f(req.body.a);"
    assert reads(endpoint(body, head=_SERVICE.format(methods=methods))) == "body.a params.id"


@pytest.mark.parametrize("last", ["done: () => res.json(req.body.a)", "done", "done: [done][0]"])
def test_callbacks_are_called_however_many_there_are(last: str) -> None:
    """What can reach the request, the response or ``next`` may answer with it."""
    others = ", ".join(f"on{number}: () => {number}" for number in range(30))
    body = f"const done = () => res.json(req.body.a); db.start({{ {others}, {last} }});"
    assert reads(endpoint(body)) == "body.a"


def test_middleware_reads_for_its_endpoint_only_on_the_route() -> None:
    """What application middleware looks at is no duty of each endpoint below it."""
    found = served(
        "app.use((req, res, next) => { log(req.body.trace); next(); });\n"
        "const own = (req, res, next) => { if (req.query.page) next(); };\n"
        "app.get('/a', own, (req, res) => res.json({}));\n"
        "app.get('/b', (req, res) => res.json({}));\n"
    )
    assert {identity: reads(one) for identity, one in found.items()} == {"GET /a": "query.page", "GET /b": ""}


def test_what_middleware_puts_on_the_request_is_still_what_the_client_sent() -> None:
    """Under whatever name."""
    put = "(req, res, next) => { req.input = req.body; next(); }"
    assert reads(endpoint("f(req.input.a)", chain=put)) == "body.a"


def test_a_parameter_function_reads_its_parameter() -> None:
    """``app.param(name, fn)`` runs before the handlers of paths with that parameter."""
    found = served(
        "app.param('id', (req, res, next, id) => { db.find(id); next(); });\n"
        "app.get('/a/:id', (req, res) => res.json({}));\napp.get('/b', (req, res) => res.json({}));\n"
    )
    assert {identity: reads(one) for identity, one in found.items()} == {"GET /a/:id": "params.id", "GET /b": ""}


@pytest.mark.parametrize(
    ("handler", "reason", "body"),
    [
        ("require('./gone')", "can't be resolved", "unknown"),
        ("maybe ? require('./gone') : require('./lost')", "can't be resolved", "unknown"),
        ("require('some-package').handler", "package some-package", "unknown"),
    ],
)
def test_a_handler_that_is_not_found_says_why(handler: str, reason: str, body: str) -> None:
    """What it may read is unknown then."""
    [found] = served(f"app.post('/x', {handler});").values()
    assert (found.handler.file, verdict(found)) == (None, body)
    assert reason in (found.handler.reason or "")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("f(req.params.id instanceof Buffer ? req.query.b : 0)", "params.id"),
        ("class Own {} f(req.query.a instanceof Own ? req.query.b : 0)", "query.a"),
        ("f(req.query.a instanceof Array ? req.query.b : 0)", "query.a query.b"),
        ("f(req.body instanceof Buffer ? req.query.b : 0)", "body query.b"),
    ],
)
def test_what_is_sent_is_of_no_class(body: str, expected: str) -> None:
    """A branch for a Buffer is not taken by a parameter; a whole body may be one."""
    assert reads(endpoint(body)) == expected
