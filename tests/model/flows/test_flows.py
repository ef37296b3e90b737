"""Request data on its way to a call: what it reaches, by which way, and what is known of it there."""

import json

import pytest

from medpro_audit.model.subjects.flow import Flow
from model.flowing import flows
from model.memory import Files


def _flow(handler: str, route: str = "app.post('/users/:id', ", files: Files | None = None) -> Flow:
    (found,) = flows(f"{route}(req, res) => {{ {handler} }});", files)
    return found


def test_the_trail_leads_from_the_reading_through_the_calls_to_the_sink() -> None:
    """A reader can follow the data from file to file."""
    files = {
        "service.js": "const { run } = require('./store');\nexports.find = (name) => {\n  return run(name, 1);\n};\n",
        "store.js": "const pool = require('mysql2').createPool({});\n"
        "exports.run = (name) => {\n  const sql = 'SELECT 1 FROM t WHERE n = ' + name;\n  pool.query(sql);\n};\n",
    }
    flow = _flow("\nrequire('./service').find(req.body.name);\n", files=files)
    assert [(step.file, step.text) for step in flow.trail] == [
        ("server.js", "req.body.name is read"),
        ("server.js", "find() is called with it"),
        ("service.js", "run() is called with it"),
        ("store.js", "it reaches query()"),
    ]
    assert (flow.file, flow.line, flow.status, flow.package) == ("store.js", 4, "tainted", "mysql2")


def test_a_function_that_only_hands_on_is_not_the_place_to_act() -> None:
    """The statement was put together where the helper is called."""
    files = {"db.js": "const pool = require('mysql2').createPool({});\nexports.query = (sql) => pool.query(sql);\n"}
    flow = _flow("\nrequire('./db').query(`SELECT 1 FROM t WHERE id = ${req.params.id}`);\n", files=files)
    assert flow.file == "server.js"
    assert flow.trail[-1].file == "db.js"


def test_the_worst_of_several_endpoints_is_told() -> None:
    """A handler that one route validates and another does not is not safe."""
    found = flows("""
    const handle = (req, res) => pool.query(`SELECT 1 FROM t WHERE id = ${req.params.id}`);
    app.get('/checked/:id(\\\\d+)', handle);
    app.get('/open/:id', handle);
    """)
    assert [(flow.status, flow.path, flow.endpoints) for flow in found] == [("tainted", "/open/:id", 2)]


def test_a_route_that_another_shadows_does_no_harm() -> None:
    """What its handler would do is told for the routes that requests get to."""
    found = flows("""
    const handle = (req, res) => res.json(pool.query(`SELECT 1 FROM t WHERE id = ${req.params.id}`));
    app.get('/checked/:id(\\\\d+)', handle);
    app.get('/open/:any', (req, res) => res.end());
    app.get('/open/:id', handle);
    app.get('/open/search', (req, res) => res.json(pool.query(`SELECT 2 FROM t WHERE id = ${req.query.id}`)));
    """)
    assert [(flow.status, flow.path, flow.endpoints) for flow in found if flow.reached] == [
        ("safe", "/checked/:id(\\d+)", 1)
    ]


def test_what_is_lost_on_the_way_is_unknown_and_no_finding() -> None:
    """A part of a statement of which nothing is known may be anything."""
    flow = _flow("pool.query(`SELECT 1 FROM t WHERE ${require('./lost').condition(req)}`);")
    assert flow.status == "unknown"
    assert flow.reason


@pytest.mark.parametrize(
    ("way", "status"),
    [
        ("const { name } = req.body; use(name)", "tainted"),
        ("const { name: given = 'x' } = req.body; use(given)", "tainted"),
        ("const all = { ...req.body }; use(all.name)", "tainted"),
        ("const [first] = req.body.names; use(first)", "tainted"),
        ("for (const name of req.body.names) use(name)", "tainted"),
        ("req.body.names.forEach((name) => use(name))", "tainted"),
        ("use([req.body.name, 'x'].join(' '))", "tainted"),
        ("use(req.body.name.trim().toLowerCase())", "tainted"),
        ("use(req.body.name || 'x')", "tainted"),
        ("use(req.body.name + req.body.other)", "tainted"),
        ("use(Buffer.from(req.body.name, 'base64').toString())", "tainted"),
        ("Promise.resolve(req.body.name).then((name) => use(name))", "tainted"),
        ("use(JSON.parse(req.body.name).inner)", "tainted"),
        ("use(Number(req.body.name))", "safe"),
        ("use(req.body.names.length)", "safe"),
        ("use(req.body.names.map((name) => '?'))", "safe"),
        ("use(req.body.name.replace(/x/g, ''))", "unknown"),
        ("use(req.body.name.replace(/[^a-z].*/, ''))", "unknown"),
        ("use(req.body.name.replaceAll('x', ''))", "unknown"),
        ("use(req.body.name.replace('x', ''))", "tainted"),
        ("use(req.body.name.replace(/x\\.y$/, ''))", "tainted"),
        ("if (/^x$/.test(req.body.name)) use(req.body.name)", "unknown"),
        ("if (allowed.has(req.body.name)) use(req.body.name)", "unknown"),
        ("if (!isValid(req.body.name)) return; use(req.body.name)", "unknown"),
        ("if (!req.body.name) return; use(req.body.name)", "tainted"),
        ("const n = req.body.name || req.query.name; if (!acme.isValid(n)) return; use(n)", "unknown"),
        ("use(one(req.body.name))", "safe"),
        ("use(req.body.name === 'a' ? req.body.name : 'b')", "safe"),
        ("use(req.body.name === 'a' ? 'b' : req.body.name)", "tainted"),
        ("use(logged(req.body.name))", "tainted"),
    ],
)
def test_what_survives_of_the_data_on_its_way(way: str, status: str) -> None:
    """Ways that keep a text, ways that leave a number, and tests that may have turned it away."""
    helpers = (
        "const allowed = new Set(['a']); const isValid = (x) => x !== require('./x').y;"
        "const use = (x) => pool.query(`SELECT 1 FROM t WHERE n = ${x}`);"
        "const acme = require('acme');"
        "const one = (x) => { if (x === 'a' || x === 'b') return x.toUpperCase(); return 'A'; };"
        "const logged = (x) => { if (x === 'a') console.log('a'); return x; };"
    )
    assert _flow(f"{helpers} {way};").status == status


@pytest.mark.parametrize(
    ("schema", "status"),
    [
        ("z.object({ name: z.string() })", "tainted"),
        ("z.object({ name: z.string().uuid() })", "safe"),
        ("z.object({ name: z.string().regex(/x/) })", "unknown"),
        ("z.object({ name: z.coerce.number() })", "safe"),
        ("z.object({ name: z.enum(['a', 'b']) })", "safe"),
        ("z.object({ other: z.string() }).passthrough()", "tainted"),
    ],
)
def test_what_a_schema_leaves_to_choose(schema: str, status: str) -> None:
    """Some text is still any text; a number or a word of a list is not."""
    use = "pool.query(`SELECT 1 FROM t WHERE n = ${req.body.name}`);"
    flow = _flow(f"{schema}.parse(req.body); {use}")
    assert flow.status == status


@pytest.mark.parametrize(
    ("checks", "status"),
    [("isInt()", "safe"), ("isString()", "tainted"), ("notEmpty()", "unknown"), ("trim().isEmail()", "tainted")],
)
def test_chains_of_express_validator_say_what_they_let_through(checks: str, status: str) -> None:
    """A chain counts once its result is acted upon, for what it checks."""
    source = """
    app.post('/', body('name').CHECKS, (req, res) => {
      if (!validationResult(req).isEmpty()) return res.sendStatus(400);
      pool.query(`SELECT 1 FROM t WHERE n = ${req.body.name}`);
    });
    """.replace("CHECKS", checks)
    assert [flow.status for flow in flows(source)] == [status]


@pytest.mark.parametrize(("version", "status"), [("^4.18.0", "tainted"), ("^5.0.0", "safe")])
def test_a_query_string_holds_objects_where_express_makes_them(version: str, status: str) -> None:
    """From its fifth version on, Express reads query strings without brackets."""
    package = {"package.json": json.dumps({"dependencies": {"express": version}})}
    flow = _flow("User.findOne({ email: req.query.email });", files=package)
    assert flow.status == status


@pytest.mark.parametrize(
    ("schema", "stored", "status"),
    [
        ("z.object({ a: z.string() })", "schema.parse(req.body)", "safe"),
        ("z.object({ a: z.string() })", "(schema.parse(req.body), req.body)", "tainted"),
        ("z.object({ a: z.string() }).strict()", "(schema.parse(req.body), req.body)", "safe"),
        ("z.object({ a: z.string() }).passthrough()", "schema.parse(req.body)", "tainted"),
        ("Joi.object({ a: Joi.string() })", "Joi.attempt(req.body, schema)", "safe"),
    ],
)
def test_only_what_a_schema_returns_lacks_further_fields(schema: str, stored: str, status: str) -> None:
    """Zod strips fields from its result and leaves what it was given as it is."""
    assert _flow(f"const schema = {schema}; User.create({stored});").status == status


def test_a_header_is_no_way_to_send_a_page_to_somebody_else() -> None:
    """A link may hold a query, a form a body, and neither a header."""
    (flow,) = flows("app.get('/x', (req, res) => { res.send(`<b>${req.headers['x-a']}</b>`); });")
    assert (flow.kind, flow.status) == ("page", "safe")


_POLICY = "{ contentSecurityPolicy: { directives: { scriptSrc: [\"'self'\", \"'unsafe-inline'\"] } } }"
_STYLES = "{ contentSecurityPolicy: { directives: { styleSrc: [\"'unsafe-inline'\"] } } }"
_OWN = "app.use((req, res, next) => { res.set('Content-Security-Policy', `POLICY`); next(); });"
_GUARD = """
const jwt = require('jsonwebtoken');
const guard = (req, res, next) => {
  try { req.user = jwt.verify(TOKEN, process.env.KEY); } catch (error) { return res.sendStatus(401); }
  next();
};
"""
_BEARER, _COOKIE = (_GUARD.replace("TOKEN", token) for token in ("req.headers.authorization", "req.cookies.token"))
_FORMS = "app.use(express.json()); app.use(express.urlencoded({ extended: true }));"


@pytest.mark.parametrize(
    ("before", "route", "hindrance"),
    [
        ("app.use(require('helmet')());", "get('/x', ", "policy"),
        (f"app.use(require('helmet')({_STYLES}));", "get('/x', ", "policy"),
        (f"app.use(require('helmet')({_POLICY}));", "get('/x', ", None),
        ("app.use(require('helmet')({ contentSecurityPolicy: false }));", "get('/x', ", None),
        ("app.use(require('helmet').frameguard());", "get('/x', ", None),
        (_OWN.replace("POLICY", "script-src 'nonce-${nonce()}'; style-src 'unsafe-inline'"), "get('/x', ", "policy"),
        (_OWN.replace("POLICY", "script-src 'unsafe-inline'"), "get('/x', ", None),
        (_BEARER, "get('/x', guard, ", "link"),
        (_COOKIE, "get('/x', guard, ", None),
        (_COOKIE, "post('/x', guard, ", "other sites"),
        ("app.use(express.json());", "post('/x', ", "JSON"),
        (_FORMS, "post('/x', ", None),
        ("app.use(express.json());", "get('/x', ", None),
    ],
)
def test_what_keeps_a_browser_from_running_a_page(before: str, route: str, hindrance: str | None) -> None:
    """A policy, a token that only a program of its own sends, a body that no form has; nothing of that kind is told."""
    part = "body" if route.startswith("post") else "query"
    (flow,) = flows(f"{before} app.{route}(req, res) => {{ res.send(`<b>${{req.{part}.q}}</b>`); }});")
    assert flow.status == "tainted"
    assert hindrance in flow.hindrance if hindrance and flow.hindrance else flow.hindrance is hindrance


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("request.input('id', sql.Int, req.params.id); await request.execute('find_user');", "unknown"),
        ("request.input('id', sql.Decimal(8, 2), req.params.id); await request.execute('find_user');", "unknown"),
        ("request.input('id', sql.NVarChar(50), req.params.id); await request.execute('find_user');", "tainted"),
        ("await User.findById(req.params.id);", "unknown"),
        ("await User.findOne({ name: req.params.id });", "tainted"),
    ],
)
def test_what_a_query_has_taken_for_a_number_or_an_id_holds_no_markup(query: str, status: str) -> None:
    """The driver throws for any other text, before the answer is sent."""
    head = "const sql = require('mssql'); const request = new sql.Request();"
    found = flows(f"{head} app.get('/:id', async (req, res) => {{ {query} res.send('No ' + req.params.id); }});")
    assert [flow.status for flow in found if flow.kind == "page"] == [status]


@pytest.mark.parametrize(
    ("connection", "status"),
    [
        ("mysql.createConnection({ host: source.host, user: source.user })", "unknown"),
        ("mysql.createConnection({ host: process.env.DB_HOST, user: process.env.DB_USER })", "tainted"),
        ("mysql.createConnection(require('config').get('db'))", "tainted"),
    ],
)
def test_sql_for_a_database_that_users_name_is_what_they_came_for(connection: str, status: str) -> None:
    """A tool for databases runs the statements of its users where they have said, not on the program's own records."""
    run = f"const source = await User.findById(req.params.id); const other = {connection}; other.query(req.body.sql);"
    found = flows(f"app.post('/:id', async (req, res) => {{ {run} }});")
    assert [flow.status for flow in found if flow.kind == "sql"] == [status]


@pytest.mark.parametrize(("version", "status"), [("^4.18.0", "tainted"), ("^5.0.0", "safe")])
def test_a_text_has_no_fields(version: str, status: str) -> None:
    """Where query strings are parsed without objects, nothing stands below a parameter."""
    package = {"package.json": json.dumps({"dependencies": {"express": version}})}
    flow = _flow("require('fs').readFileSync('/files/' + req.query.source.folder);", files=package)
    assert flow.status == status


_ROLE = _BEARER.replace("next();", "if (req.user.role !== 'admin') return res.sendStatus(403); next();")


@pytest.mark.parametrize(
    ("before", "route", "callers"),
    [("", "'/x'", "anyone"), (_BEARER, "'/x', guard", "known"), (_ROLE, "'/x', guard", "privileged")],
)
def test_who_may_send_it_is_known(before: str, route: str, callers: str) -> None:
    """Of several endpoints, the one with the fewest demands is told."""
    handler = "const ask = (req, res) => fetch(req.body.url);"
    (flow,) = flows(f"{before} {handler} app.put({route}, ask); app.post({route}, ask);")
    assert flow.callers == callers
    (other,) = flows(f"{before} {handler} app.put({route}, ask); app.post('/open', ask);")
    assert other.callers == "anyone"


@pytest.mark.parametrize(
    ("columns", "status"),
    [
        ("let c = ''; for (const [key, value] of Object.entries(req.body)) { c += `${key} = ?, `; }", "tainted"),
        ("const c = Object.keys(req.body).map((key) => `${key} = ?`).join(', ');", "tainted"),
        ("const c = Object.keys(req.body).join(', ');", "tainted"),
        ("const { id, ...rest } = req.body; const c = Object.keys(rest).map((key) => `${key} = ?`);", "tainted"),
        ("const c = Object.keys(schema.parse(req.body)).map((key) => `${key} = ?`).join(', ');", "unknown"),
        ("const c = Object.keys(req.body).filter((key) => names.includes(key)).join(', ');", "unknown"),
        ("const c = Object.keys(req.body).filter((key) => tables[key]).join(', ');", "unknown"),
        ("const c = Object.keys(req.body).map((key) => mysql.escapeId(key)).join(', ');", "unknown"),
        ("const c = Object.keys({ a: req.body.a }).join(', ');", None),
        ("const c = Object.keys(req.params).join(', ');", "unknown"),
    ],
)
def test_names_of_fields_are_what_a_client_has_chosen(columns: str, status: str | None) -> None:
    """They become columns, which no placeholder can stand for, unless a schema or the program limits them."""
    head = "const names = ['a', 'b']; const tables = require('./tables'); const schema = z.object({ a: z.string() });"
    found = flows(f"{head} app.put('/:id', (req, res) => {{ {columns} pool.query(`UPDATE t SET ${{c}}`); }});")  # noqa: S608
    assert [flow.status for flow in found if flow.kind == "sql"] == ([status] if status else [])
    names = [flow.sources for flow in found if flow.status == "tainted"]
    assert all(source == ("a field name of req.body",) for source in names)


_CLEANING = """
const text = (s) => (typeof s !== 'string' ? s : s.replace(PATTERN, '').trim());
const clean = (one) => {
  if (one === null || one === undefined) return one;
  if (typeof one === 'string') return text(one);
  if (Array.isArray(one)) return one.map(clean);
  if (typeof one === 'object') {
    const made = {};
    for (const [key, value] of Object.entries(one)) made[text(key)] = clean(value);
    return made;
  }
  return one;
};
app.use((req, res, next) => { if (req.query) req.query = clean(req.query); next(); });
"""
_PAGE = "res.send(`<p>${req.query.q}</p>`);"


@pytest.mark.parametrize(
    ("pattern", "handler", "version", "status"),
    [
        ("/[<>]/g", _PAGE, "4", "unknown"),
        ("/<[^>]*>/g", _PAGE, "4", "unknown"),
        ("/[^a-z]/g", _PAGE, "4", "unknown"),
        ("/[<>]/g", _PAGE, "5", "tainted"),
        ("/script/gi", _PAGE, "4", "tainted"),
        ("/[<>]/g", "res.send(`<p>${req.body.q}</p>`);", "4", "tainted"),
        ("/[<>]/g", "require('fs').readFile('files/' + req.query.q, () => res.end());", "4", "tainted"),
        ("/<[^>]*>/g", "require('fs').readFile('files/' + req.query.q, () => res.end());", "4", "tainted"),
        ("/[./]/g", "require('fs').readFile('files/' + req.query.q, () => res.end());", "4", "unknown"),
        ("/[^a-z]/g", "require('fs').readFile('files/' + req.query.q, () => res.end());", "4", "unknown"),
    ],
)
def test_what_a_middleware_takes_out_of_a_whole_part_may_be_what_does_harm(
    pattern: str, handler: str, version: str, status: str
) -> None:
    """Only what matters to the sink, only in the part that is replaced, and not where Express keeps the query."""
    package = json.dumps({"name": "clinic", "dependencies": {"express": version}})
    before = _CLEANING.replace("PATTERN", pattern)
    found = flows(f"{before}app.post('/x', (req, res) => {{ {handler} }});", {"package.json": package})
    assert [flow.status for flow in found] == [status]


@pytest.mark.parametrize(
    ("handler", "gain"),
    [
        ("User.findOne({ $where: `this.n == ${req.body.n}` });", "code"),
        ("User.findOne({ resetToken: req.body.token });", "secret"),
        ("User.findOne({ code: req.body.verificationCode });", "secret"),
        ("User.findOne({ country: req.body.countryCode });", "record"),
        ("User.deleteMany({ email: req.body.email });", "many"),
        ("User.findByIdAndUpdate(req.body.id, { seen: true });", "record"),
        ("User.find({ city: req.body.city });", "list"),
    ],
)
def test_what_comes_of_an_operator_depends_on_the_call_and_the_field(handler: str, gain: str) -> None:
    """A list that is filtered tells less than a record whose secret need not be known."""
    assert next(flow.gain for flow in flows(f"app.post('/x', (req, res) => {{ {handler} }});") if flow.gain) == gain


@pytest.mark.parametrize(
    ("handler", "gain"),
    [
        ("const u = User.findById(req.body.id); new Visit({ owner: req.body.id, name: u.name }).save();", "nothing"),
        ("const u = User.findById(req.body.id); new Visit({ name: u.name }).save();", "record"),
        ("User.findByIdAndUpdate(req.body.id, {}); new Visit({ owner: req.body.id }).save();", "record"),
        ("if (User.findOne({ name: req.body.n })) return; const u = new User({ name: req.body.n });", "nothing"),
        ("let u = User.findOne({ owner: req.body.id }); if (!u) u = new User({ owner: req.body.id });", "record"),
        ("if (User.findOne({ name: req.body.n })) return; const u = User.create({ name: req.body.n });", "nothing"),
    ],
)
def test_what_is_stored_afterwards_is_no_operator(handler: str, gain: str) -> None:
    """Mongoose refuses to store an object where the schema says text; a change before that stands."""
    visits = "const Visit = mongoose.model('Visit', {});"
    found = flows(f"{visits} app.post('/x', (req, res) => {{ {handler} }});")
    assert [flow.gain for flow in found if flow.kind == "filter"] == [gain]


def test_of_several_filters_of_a_handler_the_gravest_is_told() -> None:
    """One check of what is sent mends them all."""
    found = flows("""
app.post('/x', (req, res) => {
  User.findOne({ email: req.body.email });
  User.deleteMany({ email: req.body.email });
  User.findOne({ email: req.body.other });
});""")
    assert [(flow.sink, flow.sources) for flow in found] == [
        ("deleteMany()", ("req.body.email",)),
        ("findOne()", ("req.body.other",)),
    ]


def test_who_may_be_checked_is_not_anyone() -> None:
    """What can't be followed may be a guard."""
    (flow,) = flows("app.post('/x', require('acme').guard, (req, res) => fetch(req.body.url));")
    assert flow.callers == "known"


@pytest.mark.parametrize(
    ("test", "status"),
    [
        ("if (req.query.sig !== made) return res.sendStatus(403);", "unknown"),
        ("if (!crypto.timingSafeEqual(Buffer.from(req.query.sig), Buffer.from(made))) return;", "unknown"),
        ("", "tainted"),
    ],
)
def test_what_stands_in_a_signed_address_is_not_the_clients_choice(test: str, status: str) -> None:
    """Whoever has the key has written it."""
    flow = _flow(
        "const crypto = require('crypto');"
        " const made = crypto.createHmac('sha256', process.env.KEY).update(req.path).digest('hex');"
        f" {test} require('fs').readFileSync('/files/' + req.params.id);"
    )
    assert flow.status == status


@pytest.mark.parametrize(
    ("call", "status"),
    [
        ("fs.writeFileSync(__dirname + '/' + Math.random().toString(36) + '_' + req.body.name, '')", "safe"),
        ("fs.readFileSync(`/reports/visit-${req.body.name}.pdf`)", "safe"),
        ("fs.renameSync('/tmp/a', `/reports/visit-${req.body.name}`)", "safe"),
        ("fs.writeFileSync(path.join('/reports', 'visit-' + req.body.name), '')", "tainted"),
        ("fs.writeFileSync(path.join('/reports', 'visit-' + req.body.name) + '.pdf', '')", "tainted"),
        ("fs.writeFileSync(`${path.join('/reports', 'visit-' + req.body.name)}.pdf`, '')", "tainted"),
        ("fs.writeFileSync(path.normalize('/reports/visit-' + req.body.name), '')", "tainted"),
        ("fs.mkdirSync('/reports/visit-' + req.body.name, { recursive: true })", "tainted"),
        ("fs.readFileSync('/reports' + req.body.name)", "tainted"),
        ("fs.readFileSync('/reports/.' + req.body.name)", "tainted"),
        ("fs.readFileSync('/reports/visit-' + req.body.kind + '/' + req.body.name)", "tainted"),
    ],
)
def test_behind_a_prefix_a_path_leads_nowhere(call: str, status: str) -> None:
    """A folder that is called like the prefix and what was sent isn't there, unless ``..`` was followed before."""
    assert _flow(f"const fs = require('fs'); const path = require('path'); {call};").status == status
