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
        f"req.body.ids.forEach(async (id) => {{ {ASK}; }});",
        f"await Promise.all(req.body.ids.map(async (id) => {ASK}));",
        f"const one = async (id) => {{ {ASK}; }}; for (const id of req.body.ids) await one(id);",
        "for (const id of req.body.ids) { const q = 'SELECT id FROM notes WHERE id = ?'; await pool.query(q, [id]); }",
        "await Promise.all(req.body.ids.map(byVisit));",
        "for (const id of req.body.ids) await through(id);",
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
        "for (const id of req.body.ids) await kept(id);",
    ],
)
def test_what_is_no_loop_over_elements_does_not_count(code: str) -> None:
    """Lists in the code, retries, batches, and what a cache answers after the first time."""
    helpers = """const KINDS = ['a', 'b']; const cache = new Map();
    """
    kept = (
        f"async function kept(id) {{ if (cache.has(id)) return cache.get(id); const [r] = {ASK}; cache.set(id, r); }}"
    )
    found = queries(helpers + (kept if "kept(" in code else "") + f"app.post('/x', async (req, res) => {{ {code} }});")
    assert [each.repetition.in_loop for each in found] == [False]


def test_calls_of_an_orm_are_queries_too() -> None:
    """With the loop that they stand in."""
    model = "const { Schema, model } = require('mongoose'); module.exports = model('Visit', new Schema({}));"
    code = """const Visit = require('./visit');
    app.get('/v', async (req, res) => {
      const visits = await Visit.find({ ward: req.query.ward });
      for (const visit of visits) visit.last = await Visit.findOne({ patient: visit.patient });
      res.json(visits);
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
