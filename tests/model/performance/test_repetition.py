"""What runs once for each element of a list."""

import pytest

from model.asking import handler, queries

ASK = "await pool.query('SELECT id FROM notes WHERE visit_id = ?', [id])"


@pytest.mark.parametrize(
    "code",
    [
        f"for (const id of req.body.ids) {{ {ASK}; }}",
        f"for (let i = 0; i < req.body.ids.length; i++) {{ const id = i; {ASK}; }}",
        f"for (const id in req.body) {{ {ASK}; }}",
        f"for (const visit of req.body.visits) {{ if (visit.kind === 'a') {{ const id = visit.id; {ASK}; }} }}",
        f"for (const id of req.body.ids) {{ if (id !== 'a') {{ {ASK}; }} }}",
        f"for (let i = 0; i < req.body.ids.length; i += 1) {{ const id = i; {ASK}; }}",
        f"for (const chunk of chunks(req.body.ids)) {{ for (const id of chunk) {{ {ASK}; }} }}",
        f"req.body.ids.forEach(async (id) => {{ {ASK}; }});",
        f"await Promise.all(req.body.ids.map(async (id) => {ASK}));",
        f"const one = async (id) => {{ {ASK}; }}; for (const id of req.body.ids) await one(id);",
        "for (const id of req.body.ids) { const q = 'SELECT id FROM notes WHERE id = ?'; await pool.query(q, [id]); }",
        "await Promise.all(req.body.ids.map(byVisit));",
        "for (const id of req.body.ids) await through(id);",
        f"for (const id of [...new Set(req.body.ids)]) {{ {ASK}; }}",
        f"const ids = [...req.body.ids]; for (const id of ids) {{ {ASK}; }}",
        f"for (const id of req.body.ids) {{ if (id !== 'new') {{ {ASK}; }} }}",
        f"for (const id of req.body.ids) {{ if (id === 'new') seen(id); else {ASK}; }}",
    ],
)
def test_a_query_in_a_loop_is_seen_through_calls(code: str) -> None:
    """Loops, callbacks, functions inside, and functions of the program, however deep."""
    helpers = f"async function byVisit(id) {{ {ASK}; }} async function through(id) {{ return byVisit(id); }}"
    uses = "byVisit" in code or "through" in code
    found = queries((helpers if uses else "") + f"app.post('/x', async (req, res) => {{ {code} res.end(); }});")
    assert [each.repetition.in_loop for each in found] == [True]
    assert str(found[0].repetition.loop).startswith("server.js:7")


@pytest.mark.parametrize(
    "code",
    [
        f"const id = 1; {ASK};",
        f"for (const id of [1, 2]) {{ {ASK}; }}",
        f"for (const id of KINDS) {{ {ASK}; }}",
        f"for (let id = 0; id < 3; id++) {{ {ASK}; }}",
        f"let id; while (!id) {{ [[{{ id }}]] = {ASK}; }}",
        f"for (const id of req.body.ids) {{ seen(id); }} const id = 1; {ASK};",
        "for (const ids of chunks(req.body.ids)) { await pool.query('SELECT id FROM notes WHERE id IN (?)', [ids]); }",
        f"for (let i = 0; i < req.body.ids.length; i += SIZE) {{ const id = req.body.ids.slice(i, i + SIZE); {ASK}; }}",
        "req.body.kinds.forEach((kind) => { if (kind === 'a') all.push(Visit.find({})); });",
        "for (const kind of req.body.kinds) { switch (kind) { case 'a': await Visit.find({}); } }",
        f"for (let batch = 0; batch < batchCount; batch++) {{ const id = batch; {ASK}; }}",
        f"const chunks = split(req.body.ids); for (const id of chunks) {{ {ASK}; }}",
        f"await Promise.all(_.chunk(req.body.ids, 100).map(async (id) => {ASK}));",
        "for (const id of req.body.ids) await kept(id);",
        "const days = Object.values(DAYS); for (const id of days) { await Visit.findOne({ day: id }); }",
        "await Promise.all(Object.keys(DAYS).map(async (id) => Visit.findOne({ day: id })));",
        f"const own = ['a', 'b']; for (const id of own) {{ {ASK}; }}",
        "for (const each of req.body.steps) await step(each.kind);",
        f"for (const kind of req.body.kinds) {{ if (kind === 'notes') {{ const id = 1; {ASK}; }} }}",
        f"req.body.kinds.forEach((kind) => {{ switch (kind) {{ case 'notes': {{ const id = 1; {ASK}; }} }} }});",
    ],
)
def test_what_is_no_loop_over_elements_does_not_count(code: str) -> None:
    """Lists in the code, retries, batches, what a cache answers after the first time, and one case of many."""
    helpers = """const KINDS = ['a', 'b']; const cache = new Map();
    const DAYS = Object.freeze({ MON: 'mon', TUE: 'tue' });
    const Visit = require('./visit');
    """
    step = f"""async function one(id) {{ {ASK}; }}
    function step(kind) {{ switch (kind) {{ case 'one': return one(kind); case 'two': return 2; default: return 3; }} }}
    """
    helpers += step if "step(" in code else ""
    kept = (
        f"async function kept(id) {{ if (cache.has(id)) return cache.get(id); const [r] = {ASK}; cache.set(id, r); }}"
    )
    model = "const { Schema, model } = require('mongoose'); module.exports = model('Visit', new Schema({}));"
    whole = helpers + (kept if "kept(" in code else "") + f"app.post('/x', async (req, res) => {{ {code} }});"
    assert [each.repetition.in_loop for each in queries(whole, {"visit.js": model})] == [False]


def test_a_list_that_grows_is_not_written_out() -> None:
    """It begins with an element, and who knows how many are added."""
    code = f"""const ids = [1]; for (const id of req.body.ids) ids.push(id); for (const id of ids) {{ {ASK}; }}"""
    found = queries(f"app.post('/x', async (req, res) => {{ {code} }});")
    assert [each.repetition.in_loop for each in found] == [True]


@pytest.mark.parametrize(
    ("code", "has_own_values"),
    [
        ("Visit.updateOne({ _id: id }, { position })", True),
        ("Visit.updateOne({ _id: id }, { $set: { place: place.name } })", True),
        ("Visit.updateOne({ _id: id }, values)", True),
        ("Visit.updateOne({ _id: id }, { $set: { state: State.DONE, at: new Date() }, $inc: { version: 1 } })", False),
        ("Visit.deleteOne({ _id: id })", False),
        ("pool.query('UPDATE visits SET position = ? WHERE id = ?', [position, id])", True),
        ("pool.query(`UPDATE visits SET position = ${position} WHERE id = ?`, [id])", True),
        ("pool.query(\"UPDATE visits SET state = 'done', at = NOW() WHERE id = ?\", [id])", False),
    ],
)
def test_an_update_that_sets_what_it_is_given_has_values_of_its_own(code: str, *, has_own_values: bool) -> None:
    """One that sets a constant can be made once for all rows."""
    model = "const { Schema, model } = require('mongoose'); module.exports = model('Visit', new Schema({}));"
    whole = f"const Visit = require('./visit'); app.put('/x', async (req, res) => {{ await {code}; res.end(); }});"
    assert [each.has_own_values for each in queries(whole, {"visit.js": model})] == [has_own_values]


def test_an_orm_that_has_only_sqlite_to_ask_makes_no_round_trips() -> None:
    """Whether it has, the drivers that the package depends on say."""
    model = """const { Sequelize, DataTypes } = require('sequelize');
    const sequelize = new Sequelize({ dialect: 'sqlite', storage: 'visits.sqlite' });
    module.exports = sequelize.define('Visit', { name: DataTypes.STRING });"""
    code = """const app = require('express')(); const Visit = require('./visit');
    app.get('/x', async (req, res) => res.json(await Visit.findAll())); app.listen(3000);"""
    found = {}
    for driver in ("sqlite3", "pg"):
        package = f'{{"dependencies": {{"express": "^5.1.0", "sequelize": "6.0.0", "{driver}": "1.0.0"}}}}'
        found[driver] = queries("", {"visit.js": model, "server.js": code, "package.json": package})
    assert [each.is_remote for each in found["sqlite3"]] == [False]
    assert [each.is_remote for each in found["pg"]] == [True]


def test_which_of_two_databases_is_asked_is_not_known() -> None:
    """Where settings decide, it may be SQLite."""
    model = """const knex = require('knex')({ client: process.env.CLIENT });
    module.exports = { list: () => knex('visits').select() };"""
    code = """const app = require('express')(); const { list } = require('./visit');
    app.get('/x', async (req, res) => res.json(await list())); app.listen(3000);"""
    package = '{"dependencies": {"express": "^5.1.0", "knex": "3.0.0", "pg": "8.0.0", "better-sqlite3": "11.0.0"}}'
    found = queries("", {"visit.js": model, "server.js": code, "package.json": package})
    assert [each.is_remote for each in found] == [None]


@pytest.mark.parametrize(
    ("code", "asks_outside"),
    [
        (f"for (const id of req.body.ids) {{ {ASK}; await axios.get('https://films.example/' + id); }}", True),
        (f"for (const id of req.body.ids) {{ {ASK}; await tell(id); }}", True),
        (f"for (const id of req.body.ids) {{ {ASK}; for (const to of req.body.to) await tell(to); }}", True),
        (
            f"await Promise.all(req.body.ids.map(async (id) => {{ {ASK}; await fetch('https://films.example'); }}));",
            True,
        ),
        ("for (const id of req.body.ids) await both(id);", True),
        (f"for (const id of req.body.ids) {{ {ASK}; await req.app.phone.sendMessage(id); }}", True),
        (f"for (const id of req.body.ids) {{ {ASK}; sendNotice(id); }}", False),
        (f"for (const to of req.body.to) {{ await tell(to); for (const id of req.body.ids) {{ {ASK}; }} }}", False),
        (f"for (const id of req.body.ids) {{ {ASK}; }} await tell(1);", False),
        ("for (const to of req.body.to) await both(to); for (const id of req.body.ids) await one(id);", False),
    ],
)
def test_a_round_that_waits_for_another_service_is_told_apart(code: str, *, asks_outside: bool) -> None:
    """Beside a page of another service or a mail, a query takes no time; of two loops, the other one is named."""
    helpers = f"""const axios = require('axios'); const mail = require('nodemailer').createTransport({{}});
    async function tell(to) {{ await mail.sendMail({{ to }}); }}
    async function one(id) {{ {ASK}; }}
    async function both(id) {{ await one(id); await tell(id); }}
    """
    found = queries(f"{helpers} app.post('/x', async (req, res) => {{ {code} res.end(); }});")
    looped = [each.repetition.asks_outside for each in found if each.repetition.in_loop]
    assert looped == [asks_outside]


@pytest.mark.parametrize(
    ("code", "is_transaction"),
    [
        ("for (const id of req.body.ids) await book(id);", True),
        (f"for (const id of req.body.ids) {{ await sequelize.transaction(async (t) => {{ {ASK}; }}); }}", True),
        (f"await sequelize.transaction(async (t) => {{ for (const id of req.body.ids) {{ {ASK}; }} }});", False),
        ("await sequelize.transaction(async (t) => { for (const id of req.body.ids) { await one(id); } });", False),
    ],
)
def test_a_round_that_is_a_transaction_of_its_own_is_told_apart(code: str, *, is_transaction: bool) -> None:
    """It stands when a later one fails."""
    helpers = f"""const {{ Sequelize }} = require('sequelize'); const sequelize = new Sequelize('postgres://db/x');
    async function one(id) {{ {ASK}; }}
    async function book(id) {{ await sequelize.transaction(async (t) => {{ await one(id); }}); }}
    """
    found = queries(f"{helpers} app.post('/x', async (req, res) => {{ {code} res.end(); }});")
    assert {each.repetition.is_transaction for each in found if each.repetition.in_loop} == {is_transaction}


def test_prisma_asks_what_its_schema_names() -> None:
    """Whatever drivers are there for something else."""
    code = """const { PrismaClient } = require('@prisma/client'); const prisma = new PrismaClient();
    const app = require('express')(); app.get('/x', async (req, res) => res.json(await prisma.visit.findMany()));
    app.listen(3000);"""
    package = '{"dependencies": {"express": "^5.1.0", "@prisma/client": "6.0.0", "pg": "8.0.0", "mysql2": "3.0.0"}}'
    found = {}
    for provider in ("sqlite", "postgresql"):
        schema = f'datasource db {{\n  provider = "{provider}"\n  url = env("DATABASE_URL")\n}}\n'
        files = {"server.js": code, "package.json": package, "prisma/schema.prisma": schema}
        found[provider] = [each.is_remote for each in queries("", files)]
    assert found == {"sqlite": [False], "postgresql": [True]}


def test_calls_of_an_orm_are_queries_too() -> None:
    """With the loop that they stand in."""
    model = "const { Schema, model } = require('mongoose'); module.exports = model('Visit', new Schema({}));"
    code = """const Visit = require('./visit');
    app.get('/v', async (req, res) => {
      const visits = await Visit.find({ ward: req.query.ward });
      for (const visit of visits) visit.last = await Visit.findOne({ patient: visit.patient });
      res.json(visits.map((one) => ({ one, same: visits.find((other) => other.ward === one.ward) })));
    });"""
    found = queries(code, {"visit.js": model})
    assert [(each.via, each.run_by, each.repetition.in_loop) for each in found] == [
        ("orm", "find", False),
        ("orm", "findOne", True),
    ]


def test_endpoints_reach_a_query_through_controllers_and_services() -> None:
    """Across files, classes and wrappers, and not by its middleware."""
    files = {
        "service.js": """const pool = require('./pool'); class Service {
          async list() { const [rows] = await pool.query('SELECT id FROM notes'); return rows; } }
          module.exports = new Service();""",
        "pool.js": "module.exports = require('mysql2/promise').createPool({ host: process.env.DB_HOST });",
        "user.js": """const pool = require('./pool'); module.exports = async (req, res, next) => {
          await pool.query('SELECT id FROM patients WHERE email = ?', [req.headers.user]); next(); };""",
    }
    code = """
    const service = require('./service');
    const wrap = (fn) => (req, res, next) => fn(req, res, next).catch(next);
    const controller = { async list(req, res) { res.json(await service.list()); } };
    app.get('/notes', require('./user'), wrap(controller.list));"""
    found = {each.file: each for each in queries(code, files)}
    assert found["service.js"].answers == found["service.js"].endpoints == ("GET /notes",)
    assert (found["user.js"].answers, found["user.js"].endpoints) == ((), ("GET /notes",))


def test_two_statements_of_one_handler_are_two_queries() -> None:
    """Each with its own line."""
    code = [handler(f"await pool.query('SELECT id FROM {table}')") for table in ("notes", "visits")]  # noqa: S608 - no input
    assert [each.line for each in queries("\n".join(code))] == [7, 8]


def test_a_chain_is_one_query() -> None:
    """It is told from its beginning."""
    code = """const knex = require('knex')({ client: 'pg' });
    app.get('/v', async (req, res) => {
      for (const id of req.query.ids) await knex('visits').select('id').where({ id }).first();
      res.end();
    });"""
    [found] = queries(code)
    assert (found.statement, found.run_by) == ("knex('visits').select('id').where({ id }).first()", "first")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("const row = await rows.findOne({ where: { id } }); row.seen = true; await rows.save(row);", "update"),
        ("const row = rows.create({ id }); await rows.save(row);", "insert"),
        ("await rows.save({ id });", "insert"),
    ],
)
def test_what_was_found_is_stored_again(code: str, kind: str) -> None:
    """One by one, as each has values of its own."""
    head = "const { DataSource } = require('typeorm'); const rows = new DataSource({}).getRepository('Row');"
    loop = f"for (const id of req.body.ids) {{ {code} }}"
    found = queries(f"{head} app.post('/x', async (req, res) => {{ {loop} res.end(); }});")
    assert [(each.kind, each.has_own_values) for each in found if each.run_by == "save"] == [(kind, kind == "update")]


_OPTIONAL = f"""
async function all(visit, withNotes = true, parts = [], owner) {{
  const id = visit.id;
  if (withNotes && !visit.isClosed) {{ {ASK}; }}
  if (parts.includes('notes')) return {ASK};
  return parts;
}}
async function told(visit) {{ return all(visit, false); }}
async function of(id) {{ if (id) {{ return seen(id); }} return {ASK}; }}
async function dry(visit, isDry) {{ const id = visit.id; if (!isDry) {{ {ASK}; }} }}
async function set(id) {{ id = other(id); if (id) {{ return seen(id); }} return {ASK}; }}
"""


@pytest.mark.parametrize(
    ("call", "in_loop"),
    [
        ("told(visit)", False),
        ("all(visit, false)", False),
        ("all(visit, false, ['names'])", False),
        ("of(visit.id)", False),
        ("all(visit)", True),
        ("all(visit, true)", True),
        ("all(visit, req.body.all)", True),
        ("all(visit, false, ['notes'])", True),
        ("all(visit, false, req.body.parts)", True),
        ("of()", True),
        ("dry(visit, req.body.isDry)", True),
        ("set(visit.id)", True),
        ("told(visit), all(visit)", True),
    ],
)
def test_the_arguments_of_a_call_decide_what_it_asks(call: str, in_loop: bool) -> None:
    """A flag, a list that is written out, and an argument that is there at all; a variable for a flag may be either."""
    loop = f"for (const visit of req.body.visits) {{ await Promise.all([{call}]); }}"
    found = queries(f"{_OPTIONAL} app.post('/x', async (req, res) => {{ {loop} res.end(); }});")
    assert any(each.repetition.in_loop for each in found) is in_loop
