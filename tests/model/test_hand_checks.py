"""What becomes of a body that nothing validates: where all of it is checked by hand."""

import json

import pytest

from model.memory import repository
from model.serving import endpoint

_HEAD = """
    const express = require('express'); const mongoose = require('mongoose');
    const Visit = mongoose.model('Visit', new mongoose.Schema({}));
    const db = require('better-sqlite3')('clinic.db');
    const app = express(); app.use(express.json());
"""
_SAVE = "db.prepare('UPDATE visits SET state = ?').run(state); res.json({});"
_REFUSE = "return res.status(400).json({ error: `unknown ${state}` });"


def _kind(*lines: str, chain: str = "") -> str:
    """What becomes of the body."""
    body = "\n".join(lines)
    source = f"{_HEAD}\napp.post('/visits/:id', {chain} async (req, res, next) => {{\n{body}\n}});"
    manifest = {"name": "clinic", "dependencies": {"express": "5", "mongoose": "8", "better-sqlite3": "11"}}
    [endpoint] = repository({"package.json": json.dumps(manifest), "server.js": source}).endpoints
    return endpoint.usage.body.kind


@pytest.mark.parametrize(
    "check",
    [
        f"if (!['open', 'done'].includes(state)) {_REFUSE}",
        f"const isKnown = ['open', 'done'].includes(state); if (!isKnown) {_REFUSE}",
        f"if (!state || !['open', 'done'].includes(state)) {_REFUSE}",
        f"if (state && !['open', 'done'].includes(state)) {_REFUSE}",
        f"if (!new Set(['open', 'done']).has(state)) {_REFUSE}",
        f"if (!Object.keys({{ open: 1 }}).includes(state)) {_REFUSE}",
        f"if (state !== 'open' && state !== 'done') {_REFUSE}",
        f"switch (state) {{ case 'open': case 'done': break; default: {_REFUSE} }}",
        f"if (typeof state !== 'string' || state.length > 9) {_REFUSE}",
        f"if (state !== undefined && typeof state !== 'string') {_REFUSE}",
        f"if (!Number.isInteger(state) || state < 1) {_REFUSE}",
        f"if (!/^[a-z]+$/.test(state)) {_REFUSE}",
        "if (typeof state !== 'string') throw new Error(`unknown ${state}`);",
    ],
)
def test_a_field_goes_further_only_where_it_is_what_the_program_allows(check: str) -> None:
    """Words of a list, plain types, numbers and patterns, whatever else is refused; to say what was is no use of it."""
    assert _kind("const { state = 'open' } = req.body;", check, _SAVE) == "checked"


@pytest.mark.parametrize(
    "check",
    [
        f"if (!state) {_REFUSE}",
        "if (!['open', 'done'].includes(state)) console.warn('unknown state');",
        f"if (['open', 'done'].includes(state)) {_REFUSE}",
        f"if (typeof state !== 'object') {_REFUSE}",
        f"if (typeof state === 'string') {_REFUSE}",
        f"if (isNaN(Number(state))) {_REFUSE}",
        f"if (!Number.isInteger(Number(state))) {_REFUSE}",
        f"if (Array.isArray(state)) {_REFUSE}",
    ],
)
def test_what_may_still_be_anything_goes_further(check: str) -> None:
    """Presence, one type of several, and a check of something else than what is used leave its shape open."""
    assert _kind("const { state } = req.body;", check, _SAVE) == "more"


@pytest.mark.parametrize(
    "line",
    [
        "await Visit.create({ state, note: req.body.note });",
        "const visit = await Visit.findById(1); visit.steps[0] = { state, ...req.body }; await visit.save();",
        "res.json({ state, note: req.body.note });",
        "if (req.body.note.length > 9) return res.sendStatus(400);",
        "if (req.body.note.trim() === 'x') return res.sendStatus(400);",
        "for (let i = 0; i < req.body.times; i += 1) res.write('x');",
        "const { note } = req.body;\nif (!note) return res.sendStatus(400);",
        "const { state: a, ...rest } = req.body ?? {}; const set = {}; set.note = rest.note; await Visit.create(set);",
        "next();",
    ],
)
def test_one_field_that_is_not_checked_is_enough(line: str) -> None:
    """It is stored, answered, fails for what is in it, counts a loop, or goes where it isn't followed."""
    check = f"const {{ state }} = req.body; if (!['open', 'done'].includes(state)) {_REFUSE}"
    assert _kind(check, line, _SAVE) == "more"


def test_a_path_that_is_joined_uses_what_it_is_joined_of() -> None:
    """It goes to the file system where only its presence was asked for."""
    lines = ("const { file } = req.body;", "if (!file) return res.sendStatus(400);")
    assert _kind(*lines, "require('fs').unlink(require('path').join('/notes', file), () => {});") == "more"


def test_only_compared() -> None:
    """A flag, and a word that decides between two of the program's own."""
    lines = ("if (req.body.redo) db.prepare('DELETE FROM cache').run();", "const way = req.body.way === 'up' ? 1 : 2;")
    assert _kind(*lines, "db.prepare('UPDATE x SET way = ?').run(way); res.json({});") == "lookup"


def test_where_it_is_checked_is_told() -> None:
    """The trail names the field and the line of each check."""
    source = (
        f"{_HEAD}\napp.post('/visits', (req, res) => {{\nconst {{ state }} = req.body;\nif (state === 'a')\n{_SAVE}}});"
    )
    manifest = '{"name": "clinic", "dependencies": {"express": "5", "better-sqlite3": "11"}}'
    [endpoint] = repository({"package.json": manifest, "server.js": source}).endpoints
    assert [(step.line, step.text) for step in endpoint.usage.body.trail] == [(9, "req.body.state is checked here")]


_FIND = "const rows = db.prepare('SELECT name FROM visits WHERE state = ?').all(state); res.json(rows);"
_EMPTY = "db.prepare('DELETE FROM visits').run();"


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (_FIND, "lookup"),
        (f"if (!state) {_REFUSE} {_FIND}", "lookup"),
        (f"if (typeof state !== 'string') {_REFUSE} {_FIND}", "checked"),
        ("res.json(await Visit.findOne({ state: String(state) }));", "lookup"),
        ("res.json(await Visit.findOne({ state }));", "more"),
        ("res.json(db.prepare('SELECT name FROM visits WHERE state = ' + state).all());", "more"),
        (_EMPTY + _FIND, "more"),
        ("res.json({ days: state * 7 });", "used"),
        (_SAVE, "more"),
    ],
)
def test_what_only_finds_nothing_and_what_changes_nothing_does_no_more(lines: str, kind: str) -> None:
    """Where a client says what a query does, or something is changed, a wrong value has consequences."""
    assert _kind("const { state } = req.body;", lines) == kind


def test_mysql_is_given_values_only() -> None:
    """An object in place of a value becomes part of a statement, so that it may find every row."""
    head = "const pool = require('mysql2/promise').createPool({ uri: process.env.DB });"
    lines = "const [rows] = await pool.query('SELECT name FROM visits WHERE state = ?', [%s]); res.json(rows);"
    found = [
        endpoint(lines % value, head=head).usage.body.kind for value in ("req.body.state", "String(req.body.state)")
    ]
    assert found == ["used", "lookup"]


_GUARD = (
    "(req, res, next) => { req.user = require('jsonwebtoken').verify(req.headers.authorization, process.env.KEY);"
    " next(); },"
)


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        (_GUARD, "res.json(await Visit.findOne({ owner: req.body.owner }));", "lookup"),
        ("", "res.json(await Visit.findOne({ owner: req.body.owner }));", "more"),
        (_GUARD, "await Visit.deleteMany({ owner: req.body.owner }); res.json({});", "more"),
        (_GUARD, "res.json(await Visit.find({ $where: `this.name == '${req.body.owner}'` }));", "more"),
        (
            _GUARD,
            "await Visit.findOne({ owner: req.body.owner }); await Visit.create({ note: req.body.note });",
            "more",
        ),
    ],
)
def test_an_operator_in_a_look_up_matters_where_anybody_may_send_it(chain: str, body: str, expected: str) -> None:
    """Who has signed in may look things up anyway; what is changed or deleted by it is another matter."""
    assert _kind(body, chain=chain) == expected


_ENTER = (
    "await bcrypt.compare(req.body.password, user.hash); db.prepare('UPDATE users SET seen = 1').run(); res.json({});"
)
_FIND = "const user = db.prepare('SELECT * FROM users WHERE name = ?').get(name);"


@pytest.mark.parametrize(
    ("chain", "body", "expected"),
    [
        ("", f"const name = req.body.name.toLowerCase(); {_FIND} {_ENTER}", "lookup"),
        ("", f"const name = req.body.name; const user = await Visit.findOne({{ name }}); {_ENTER}", "more"),
        (_GUARD, f"const name = req.body.name.toLowerCase(); {_FIND} {_ENTER}", "more"),
        ("", f"const user = await bcrypt.hash(req.body.password, 10); {_ENTER}", "more"),
        ("", "db.prepare('INSERT INTO users VALUES (?)').run(req.body.name.toLowerCase()); res.json({});", "more"),
    ],
)
def test_a_login_changes_nothing_by_what_is_sent(chain: str, body: str, expected: str) -> None:
    """What it writes is that somebody has signed in, unless an operator finds another user."""
    assert _kind("const bcrypt = require('bcrypt');", body, chain=chain) == expected
