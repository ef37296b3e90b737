"""Whether an endpoint changes anything: shown by a call that writes, not by its method."""

import pytest

from medpro_audit.model.subjects.facets.change import Change
from model.access.callers import handled
from model.memory import repository

FILES = "const fs = require('fs'); const path = require('path');"
PG = "const { Pool } = require('pg'); const pool = new Pool();"
JOURNAL = (
    "class Journal { put(x) { fs.appendFile('x', x, () => {}); } error(x) { this.put(x); } info(x) { this.put(x); } }"
)
MYSQL = "const mysql = require('mysql2/promise'); const pool = mysql.createPool({});"


def change(handler: str, before: str = "", *guards: str) -> Change:
    """What is said of a POST with this handler."""
    return handled(f"async (req, res) => {{ {handler} }}", *guards, before=before).change


@pytest.mark.parametrize(
    ("handler", "before", "does"),
    [
        ("await User.create(req.body); res.end();", "", "writes to the database"),
        ("const u = await User.findById(req.params.id); u.name = 'x'; await u.save();", "", "writes to the database"),
        ("await User.findById(req.params.id).then((u) => u.remove());", "", "writes to the database"),
        ("await pool.query('DELETE FROM visits WHERE id = ?', [req.params.id]);", MYSQL, "writes to the database"),
        ("await run(`UPDATE visits SET x = 1`);", f"{PG} const run = (q) => pool.query(q);", "writes to the database"),
        ("req.app.get('db').collection('visits').insertOne(req.body);", "", "writes to the database"),
        (
            "await prisma.$transaction(async (tx) => { await tx.visit.delete({ where: { id: 1 } }); });",
            "const { PrismaClient } = require('@prisma/client'); const prisma = new PrismaClient();",
            "writes to the database",
        ),
        (
            "Plans(req.db).keep(req.body);",
            "function Plans(db) { const plansCol = db.collection('p'); return { keep: (p) => plansCol.insert(p) }; }",
            "writes to the database",
        ),
        ("await Blog.create(req.body);", "const Blog = mongoose.model('Blog', {});", "writes to the database"),
        ("await pool.query('INSERT INTO medical_history (v) VALUES (1)');", MYSQL, "writes to the database"),
        ("fs.writeFileSync(path.join('x', 'y'), req.body.text);", FILES, "changes files"),
        ("require('child_process').exec('reboot');", "", "starts a process"),
        (
            "await mailer.sendMail({ to: req.body.to });",
            "const mailer = require('nodemailer').createTransport({});",
            "sends mail",
        ),
        ("visits.push(req.body); res.end();", "const visits = [];", "changes what other requests see in memory"),
        ("visits = visits.filter((v) => v.id !== req.params.id);", "let visits = [{ id: 1 }];", "changes what other"),
        ("delete visits[req.params.id];", "const visits = {};", "changes what other requests see in memory"),
        (
            "const sql = `update visits set name = $<name> where id = $<id>;`; await db.result(sql, req.body);",
            "const db = require('pg-promise')()(process.env.DATABASE_URL);",
            "writes to the database",
        ),
        (
            "await db.tx(async (t) => { await t.none(sqlFile('visit/insert_visit.sql'), req.body); }); res.end();",
            "const db = require('pg-promise')()({}); const sqlFile = (name) => name;",
            "writes to the database",
        ),
        ("await reset();", "async function reset() { await User.deleteMany({}); }", "writes to the database"),
    ],
)
def test_a_call_that_writes_is_a_change(handler: str, before: str, does: str) -> None:
    """Of an ORM, a driver, in the words of SQL, in a file, by mail, in memory; however deep it is."""
    found = change(handler, before)
    assert (found.status, found.does.startswith(does)) == ("yes", True)


@pytest.mark.parametrize(
    ("handler", "before"),
    [
        ("res.json(await User.find({ name: req.body.name }));", ""),
        ("const { rows } = await pool.query('SELECT * FROM visits WHERE id = $1', [req.body.id]); res.json(rows);", PG),
        ("res.json(await (await fetch('https://x.test', { method: 'POST', body: req.body.x })).json());", ""),
        ("req.session.theme = req.body.theme; req.session.save(); res.end();", ""),
        ("const p = tmp.fileSync().name; await check(p); fs.unlinkSync(p);", f"{FILES} const tmp = require('tmp');"),
        ("await ActivityLog.create({ at: 1 });", "const ActivityLog = mongoose.model('ActivityLog', {});"),
        ("await pool.query('INSERT INTO access_log (at) VALUES (1)');", MYSQL),
        ("await RequestErrors.create({ at: 1 });", "const RequestErrors = mongoose.model('RequestErrors', {});"),
        ("res.json(await acme.compute(req.body));", "const acme = require('acme');"),
        (
            "res.json(await db.any(sqlFile('visit/find_visit.sql'), req.body));",
            "const db = require('pg-promise')()({}); const sqlFile = (name) => name;",
        ),
        (
            "try { res.json(await find(req.body)); } catch (error) { log.error('failed', error); res.end(); }",
            f"{FILES} {JOURNAL} const log = new Journal();",
        ),
        (
            "log.info(req.body.text); res.end();",
            f"{FILES} {JOURNAL} const log = new Journal();",
        ),
        (
            "const k = await redis.get('k'); if (!k) await redis.set('k', req.body.v); res.json(k);",
            "const redis = require('redis').createClient();",
        ),
    ],
)
def test_what_writes_nothing_is_not_known_to_change_anything(handler: str, before: str) -> None:
    """To read, to ask another service, to keep something for the visitor, in a cache or a log."""
    found = change(handler, before)
    assert found.status != "yes"
    assert found.reason or found.status == "no"


@pytest.mark.parametrize(
    "handler",
    ["console.log(req.body); res.end();", "res.json({ at: Date.now() });", "res.send(req.body.name);"],
)
def test_who_only_answers_changes_nothing(handler: str) -> None:
    """Nor does who tells a logger."""
    assert change(handler).status == "no"


def test_the_trail_leads_to_the_call() -> None:
    """Through the functions that are called."""
    before = "const store = (visit) => User.create(visit);"
    steps = change("await store(req.body);", before).trail
    assert [step.text.partition("(")[0] for step in steps] == ["store", "here it does: User.create"]


def test_an_upload_that_is_kept_is_a_change() -> None:
    """On disk, not in memory."""
    multer = "const multer = require('multer');"
    kept = change("res.end();", f"{multer} const up = multer({{ dest: 'x' }});", "up.single('f')")
    passing = change("res.end();", f"{multer} const up = multer();", "up.single('f')")
    assert (kept.does, passing.status) == ("changes files", "no")


def test_what_only_guards_changes_nothing() -> None:
    """A guard may keep when it was passed."""
    checks = "jwt.verify(req.headers.authorization, SECRET);"
    guard = f"async (req, res, next) => {{ {checks} await User.updateOne({{}}); next(); }}"
    assert change("res.json(await Visit.find());", "", guard).status == "unknown"


def test_a_route_that_is_there_for_tests_only_is_unknown() -> None:
    """By default it isn't there."""
    source = """
    const express = require('express');
    const app = express();
    const fs = require('fs');
    if (process.env.NODE_ENV === 'test') app.post('/reset', (req, res) => { fs.rmSync('x'); res.end(); });
    app.listen(3000);
    """
    found = repository({"server.js": source}).endpoints[-1].change
    assert found.status == "unknown"
    assert "does not hold by default" in (found.reason or "")
