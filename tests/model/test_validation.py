"""The verdict on each request part, from what middleware and handler do in order."""

import pytest

from medpro_audit.model.subjects import PARTS
from model.memory import repository
from model.serving import APP, PACKAGE, endpoint, served, told, verdict

HEAD = """
const { z } = require('zod');
const s = z.object({ a: z.string() });
const validate = (req, res, next) => { s.parse(req.body); next(); };
const validateQuery = (req, res, next) => { s.parse(req.query); next(); };
"""


def test_validated_says_by_what_and_where() -> None:
    """Library, schema, the place of the call, fields, and a trail that ends with the uses."""
    found = endpoint("f(req.body.a)", head=HEAD, chain="validate").validation.body
    assert (found.status, found.by, found.schema, found.place) == ("validated", "zod", "s", "server.js:6")
    assert (found.fields, found.uncovered, found.reason) == (("a",), (), None)
    assert [(step.line, step.text) for step in found.trail] == [
        (6, "body is checked by s"),
        (9, "req.body.a is read"),
    ]


def test_missing_says_which_fields_are_open() -> None:
    """A schema that exists and does not reach so far is named with them."""
    found = endpoint("f(req.body.a, req.body.b, req.body.c.d)", head=HEAD, chain="validate").validation.body
    assert (told(found), found.fields) == ("missing zod: b c.d", ("a", "b", "c"))
    assert found.reason == "s does not check b, c.d"


def test_a_part_that_nothing_validates_says_only_that() -> None:
    """No schema, no reason."""
    found = endpoint("f(req.body.a)").validation.body
    assert (told(found), found.reason, found.schema, found.place) == ("missing", None, None, None)


@pytest.mark.parametrize(
    ("chain", "reason"),
    [
        ("", "s checks it after it was used"),
        ("(req, res, next) => { log(req.body.a); next(); }, validate", "s checks it after it was used"),
    ],
)
def test_late_says_so(chain: str, reason: str) -> None:
    """The use stands before the validation, in the handler or in a middleware of the route."""
    body = "f(req.body.a); s.parse(req.body);" if not chain else "res.json({})"
    found = endpoint(body, head=HEAD, chain=chain).validation.body
    assert (told(found), found.reason) == ("missing zod late", reason)


@pytest.mark.parametrize(
    ("chain", "body", "reason"),
    [
        ("", "unknown.validate(req.body); f(req.body.a)", "validate at server.js:9 may check it"),
        ("require('./gone')(s)", "f(req.body.a)", None),
        ("require('./gone')", "res.json({})", "require can't be followed: './gone' can't be resolved: no file at gone"),
        ("process.env.CHECK && validate", "f(req.body.a)", "s checks it only if process.env.CHECK"),
    ],
)
def test_unknown_says_why(chain: str, body: str, reason: str | None) -> None:
    """What can't be followed is no proof; neither is what is only there under a condition."""
    found = endpoint(body, head=HEAD, chain=chain).validation.body
    assert (found.status, found.reason) == ("unknown" if reason else "missing", reason)


def test_each_part_has_its_own_verdict() -> None:
    """One may be validated and another not."""
    found = endpoint("f(req.body.a, req.query.a, req.params.id)", head=HEAD, chain="validateQuery")
    verdicts = {part: verdict(found, part) for part in PARTS}
    assert verdicts == {"body": "missing", "params": "missing", "query": "validated zod", "headers": "not-read"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("app.use(validate); app.post('/x', h);", "validated zod"),
        ("app.post('/x', h); app.use(validate);", "missing"),
        ("app.use('/x', validate); app.post('/x', h);", "validated zod"),
        ("app.use('/y', validate); app.post('/x', h);", "missing"),
        ("app.all('/x', validate); app.post('/x', h);", "missing"),
        ("app.route('/x').all(validate).post(h);", "validated zod"),
        ("app.post('/x', [validate, [h]]);", "validated zod"),
        ("const r = express.Router(); r.use(validate); r.post('/x', h); app.use(r);", "validated zod"),
        ("const r = express.Router(); r.use(validate); app.use('/r', r); app.post('/x', h);", "missing"),
        ("app.use((error, req, res, next) => { s.parse(req.body); next(); }); app.post('/x', h);", "missing"),
    ],
)
def test_a_schema_holds_where_its_middleware_is_in_effect(source: str, expected: str) -> None:
    """Registered before, on the way to it, and not as an error handler."""
    found = served(f"{HEAD}const h = (req, res) => res.json(req.body.a);\n{source}")
    assert verdict(found["POST /x"]) == expected


def test_headers_of_the_protocol_need_no_schema() -> None:
    """Those of the program's own do."""
    assert verdict(endpoint("f(req.get('If-Match'), req.headers.host)"), "headers") == "not-read"
    assert verdict(endpoint("f(req.get('x-ward'))"), "headers") == "missing"


def test_an_input_is_made_of_each_part_that_is_read() -> None:
    """With the library that is the convention, which another one is foreign to."""
    head = "const s = require('joi').object({ a: require('joi').string() });"
    body = "const { error } = s.validate(req.body); if (error) throw error; f(req.body.a, req.params.id);"
    source = f"{APP}{head}\napp.post('/x/:id', (req, res) => {{ {body} }});"
    package = PACKAGE.replace('"express": "5"', '"express": "5", "zod": "4", "joi": "17"')
    found = repository({"package.json": package, "server.js": source}).inputs
    shown = [(one.identity, one.validation.status, one.convention, one.is_foreign) for one in found]
    assert shown == [
        ("POST /x/:id body", "validated", "zod", True),
        ("POST /x/:id params", "missing", "zod", False),
    ]


WRAPPED = """
const checked = (schema, value) => {
  const result = schema.safeParse(value);
  return result.success ? { success: true, data: result.data } : { success: false, errors: result.error.issues };
};
"""


@pytest.mark.parametrize(
    ("otherwise", "then", "status"),
    [
        ("return res.sendStatus(400);", "", "validated"),
        ("errors.push('no');", "if (errors.length > 0) { return res.sendStatus(400); }", "unknown"),
        ("errors.push('no');", "", "unknown"),
    ],
)
def test_a_part_is_replaced_by_what_a_function_has_checked(otherwise: str, then: str, status: str) -> None:
    """``req.body = checked.data``, where the function says whether it is right by a property of its result."""
    ask = f"const found = checked(s, req.body); if (!found.success) {{ {otherwise} }} else {{ req.body = found.data; }}"
    body = f"const errors = []; {ask} {then} f(req.body.a);"
    assert endpoint(body, head=HEAD + WRAPPED).validation.body.status == status


def test_asking_whether_something_is_there_is_no_use_before_its_validation() -> None:
    """Whatever the schema, and whether it is known at all."""
    head = "const Ajv = require('ajv'); const check = new Ajv().compile(require('./' + process.env.SCHEMA));"
    body = "if (typeof req.body === 'undefined' || !check(req.body)) return res.sendStatus(400); f(req.body.a);"
    assert told(endpoint(body, head=head).validation.body).startswith("unknown")


@pytest.mark.parametrize(
    "replace",
    [
        "if (unknown()) req.body = s.parse(req.body);",
        "const found = s.safeParse(req.body); if (found.success) req.body = found.data;",
    ],
)
def test_a_part_that_is_replaced_on_some_paths_only_is_unchecked(replace: str) -> None:
    """On the others it is what the client has sent."""
    assert told(endpoint(f"{replace} f(req.body.a);", head=HEAD).validation.body).startswith("missing")


@pytest.mark.parametrize(
    ("then", "status"),
    [("if (errors.length > 0) return res.sendStatus(400); next();", "validated"), ("next();", "missing")],
)
def test_a_part_is_replaced_where_an_empty_list_says_that_its_check_succeeded(then: str, status: str) -> None:
    """Failures are collected, and only who has none passes: then fields that the schema drops don't arrive."""
    ask = "const found = s.safeParse(req.body); if (!found.success) errors.push('no'); else req.body = found.data;"
    guard = f"const guard = (req, res, next) => {{ const errors = []; {ask} {then} }};"
    [found] = served(f"{HEAD} {guard} app.post('/x', guard, (req, res) => f(req.body.a, req.body.other));").values()
    assert found.validation.body.status == status


@pytest.mark.parametrize(("method", "is_read"), [("get", False), ("post", True)])
def test_a_get_request_that_is_handed_on_as_a_whole_has_no_body(method: str, *, is_read: bool) -> None:
    """A wrapper that takes everything from every request reads no body where there is none."""
    wrap = "const all = (r) => ({ body: r.body, query: r.query }); const run = (h) => (req, res) => h(keep(all(req)));"
    [found] = served(f"{wrap} app.{method}('/x', run((found) => found));").values()
    assert ("body" in found.reads) is is_read


@pytest.mark.parametrize(
    ("source", "reads"),
    [
        ("app.get('/x', ask, (req, res) => res.json([]));", ()),
        ("app.get('/x', (req, res) => f(req.body.a));", ("body",)),
        ("app.post('/x', ask, (req, res) => res.json([]));", ("body",)),
        ("app.post('/x', sign, (req, res) => res.json([]));", ()),
        ("app.post('/x', (req, res) => f(req.body.token));", ("body",)),
        ("app.get('/x', (req, res) => f(req.query.access_token));", ()),
        ("app.delete('/x', (req, res) => keep(req.body));", ()),
        ("app.delete('/x', (req, res) => keep(req.body.ids));", ("body",)),
        ("app.post('/x', (req, res) => { logger.info('asked', req.body); console.log(req.body.a); res.end(); });", ()),
        ("app.post('/x', (req, res) => { try { f(); } catch (e) { keep(e, req.body); } });", ()),
        ("app.post('/x', (req, res) => { try { f(); } catch (e) { keep({ why: e.message, sent: req.body }); } });", ()),
        ("app.post('/x', (req, res) => { try { f(); } catch (e) { keep(req.body); } });", ("body",)),
        ("app.post('/x', (req, res) => { try { f(); } catch { db.query('INSERT', [req.body.a]); } });", ("body",)),
        ("app.post('/x', (req, res) => { Sentry.captureException(e, { extra: req.body }); });", ()),
        ("app.post('/x', (req, res) => { Sentry.setExtra('sent', req.body); Sentry.setContext('b', req.body); });", ()),
    ],
)
def test_what_guards_and_logs_look_at_is_no_input(source: str, reads: tuple[str, ...]) -> None:
    """Credentials, a body where none is meant, and what is only told to somebody."""
    head = (
        "const ask = (req, res, next) => { check(req.params.id || req.body.id); next(); };"
        "const sign = (req, res, next) => { if (!check(req.body._csrf || req.query.token)) return res.end(); next(); };"
    )
    [found] = served(head + source).values()
    assert found.reads == reads


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("if (!Value.Check(S, req.body)) return res.status(400).end();", "Value.Check at server.js:5 may check it"),
        ("const m = Message.decode(req.body);", "decode at server.js:5 may check it"),
        ("const m = jwt.decode(req.body.a);", None),
        ("req.body.a = req.user.id;", "an assignment at server.js:5 may check it"),
        ("req.body.a = req.query.a;", None),
    ],
)
def test_what_may_check_leaves_a_doubt(source: str, reason: str | None) -> None:
    """Libraries without a model, schemas of another kind, and what the program puts there itself."""
    head = "const { Value } = require('@sinclair/typebox/value');\nconst S = {};\n"
    guard = f"const guard = (req, res, next) => {{ {source} next(); }};"
    [found] = served(f"{head}{guard} app.post('/x', guard, (req, res) => f(req.body.a));").values()
    assert (found.validation.body.status, found.validation.body.reason) == ("unknown" if reason else "missing", reason)


@pytest.mark.parametrize(
    ("early", "status"),
    [
        ("if (req.body.a !== req.user.id) return res.end();", "unknown"),
        ("for (const one of req.body.list) { rename(one); }", "missing"),
        ("for (const one of req.body.list) { one.name = one.title; }", "unknown"),
        ("if (!req.body.a) return res.end();", "validated"),
        ("res.json(req.body.a);", "missing"),
        ("seen.push(req.body.a);", "missing"),
        ("keep.get(req.body.a);", "missing"),
        ("db.query(`SELECT ${req.body.a}`);", "missing"),
        ("const a = 'x' + req.body.a; db.query(a);", "missing"),
    ],
)
def test_what_is_made_of_a_request_before_its_validation(early: str, status: str) -> None:
    """Asking for it is no use; a comparison or another form leaves a doubt; what goes elsewhere was not validated."""
    list_ = "z.array(z.object({ name: z.string(), title: z.string() }))"
    schema = f"const whole = z.object({{ a: z.string(), list: {list_} }}).strict();"
    head = f"{HEAD} {schema} const seen = []; const soon = (req, res, next) => {{ {early} next(); }};"
    check = "const check = (req, res, next) => { whole.parse(req.body); next(); };"
    [found] = served(f"{head} {check} app.post('/x', soon, check, (req, res) => f(req.body.a));").values()
    assert found.validation.body.status == status
    assert found.validation.body.is_late is (status == "missing")


@pytest.mark.parametrize(
    ("guard", "status"),
    [
        ("if (!/^[a-f]+$/.test(id)) return res.sendStatus(404); next();", "unknown"),
        ("Thing.findById(id).then((found) => { if (!found) return next(new Error('gone')); next(); });", "unknown"),
        ("req.thing = load(id); next();", "missing"),
    ],
)
def test_a_function_of_param_that_may_refuse_leaves_a_doubt(guard: str, status: str) -> None:
    """By an expression, or because nothing is found; one that only loads checks nothing."""
    head = f"app.param('id', (req, res, next, id) => {{ {guard} }});"
    [found] = served(f"{head} app.get('/x/:id', (req, res) => f(req.params.id));").values()
    assert found.validation.params.status == status


@pytest.mark.parametrize(
    ("number", "others", "method", "reads"),
    [(10, 0, "get", ()), (9, 0, "get", ("query",)), (10, 20, "get", ("query",)), (10, 20, "post", ())],
)
def test_what_stands_before_most_endpoints_reads_for_none(
    number: int, others: int, method: str, reads: tuple[str, ...]
) -> None:
    """As if the application had it, also before many of all methods; of a few it says what they take."""
    head = "const speak = (req, res, next) => { res.locals.t = load(req.query.lang); next(); };"
    routes = "".join(f"app.get('/x{at}', speak, (req, res) => res.json([]));" for at in range(number))
    routes += f"app.{method}('/x0', speak, (req, res) => res.json([]));" if method != "get" else ""
    routes += "".join(f"app.get('/y{at}', (req, res) => res.json([]));" for at in range(others))
    assert {found.reads for found in served(head + routes).values() if found.path.startswith("/x")} == {reads}


_BY_SPEC = """
const { z } = require('zod');
const issues = (schema, value) => {
  if (!schema) return [];
  const result = schema.safeParse(value);
  return result.success ? [] : result.error.issues;
};
const specified = (spec) => (req, res, next) => {
  if (issues(spec.body, req.body).length) return res.status(400).end();
  next();
};
"""


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("specified({})", "res.json({})", "not-read"),
        ("specified({})", "f(req.body.a)", "missing"),
        ("specified({})", "keep(req.body)", "missing"),
        ("specified({})", "const kept = ((value) => ({ value }))(req.body); f(kept)", "missing"),
        ("specified({})", "const take = (value) => { f(value.a) }; take(req.body)", "missing"),
        ("specified({ body: z.object({ a: z.string() }) })", "f(req.body.a)", "validated zod"),
    ],
)
def test_what_a_function_is_given_and_never_names_is_not_read(chain: str, body: str, expected: str) -> None:
    """A validator that is given no schema does nothing with the body that it is given."""
    assert verdict(endpoint(body, head=_BY_SPEC, chain=chain)) == expected


def test_what_is_tried_is_not_named_beside_what_is_not() -> None:
    """Of a field that a schema knows, whose refusals aren't followed, less is known."""
    chain = "(req, res, next) => { const bad = [s.safeParse(req.body).error]; refuse(bad, res) || next(); }"
    assert verdict(endpoint("f(req.body.a)", head=HEAD, chain=chain)) == "unknown zod"
    assert verdict(endpoint("f(req.body.a, req.body.b)", head=HEAD, chain=chain)) == "missing zod: b"


_BY_PARTS = """
const Joi = require('joi');
const spec = { body: Joi.object({ a: Joi.string() }) };
const refuse = (res, bad) => res.status(400).json(bad);
"""


@pytest.mark.parametrize(
    ("collect", "expected"),
    [
        ("entries.map(([p, s]) => (s.validate(req[p]).error ? [p] : undefined)).filter((e) => !!e)", "validated joi"),
        ("entries.map(([p, s]) => s.validate(req[p]).error).filter(Boolean).map((e) => e.message)", "validated joi"),
        ("entries.map(([p, s]) => s.validate(req[p]).error).filter((e) => !e).map((e) => 1)", "unknown joi"),
    ],
)
def test_failures_that_are_collected_by_part(collect: str, expected: str) -> None:
    """What is made of a list is empty where that is."""
    chain = (
        f"(req, res, next) => {{ const entries = Object.entries(spec); const bad = {collect};"
        " if (Object.keys(bad).length) return refuse(res, bad); next(); }"
    )
    assert verdict(endpoint("f(req.body.a)", head=_BY_PARTS, chain=chain)) == expected


def test_promises_that_are_only_settled_check_nothing() -> None:
    """They may have failed."""
    chain = "async (req, res, next) => { await Promise.allSettled([spec.body.validateAsync(req.body)]); next(); }"
    assert verdict(endpoint("f(req.body.a)", head=_BY_PARTS, chain=chain)) == "unknown joi"


def test_what_a_package_makes_of_the_body_may_be_checked() -> None:
    """A schema that is given that says nothing certain of what was sent."""
    body = (
        "const { error, value } = spec.body.validate(require('camelcase-keys')(req.body)); if (error) throw error; %s"
    )
    assert verdict(endpoint(body % "f(value.a)", head=_BY_PARTS)) == "unknown"
    assert verdict(endpoint(body % "f(req.body.a)", head=_BY_PARTS)) == "unknown"
