"""What becomes of parameters and queries that nothing validates."""

import json

import pytest

from medpro_audit.model.subjects import RequestPart
from model.memory import repository

_PG = "const { Pool } = require('pg'); const db = new Pool();"
_MYSQL = "const db = require('mysql2/promise').createPool({ uri: process.env.DB });"
_SQLITE = "const db = require('better-sqlite3')('clinic.db');"
_MONGOOSE = (
    "const mongoose = require('mongoose');"
    "const Patient = mongoose.model('Patient', new mongoose.Schema({ code: String }));"
)
_SEQUELIZE = (
    "const { Sequelize } = require('sequelize'); const sequelize = new Sequelize(process.env.DB);"
    "const Patient = sequelize.define('patient', {});"
)
_ID = "const { rows } = await db.query('SELECT name FROM patients WHERE id = $1', [req.params.id]); res.json(rows);"
_DELETED = "await db.query('DELETE FROM patients WHERE id = ?', [req.params.id]); res.json({});"
_BY_ID = "res.json(await Patient.findById(req.params.id));"
_FAILED = "try { %s } catch (error) { res.status(%s).json({}); }"


def _treated(body: str, *, head: str = "", part: RequestPart = "params", **files: str) -> tuple[str, str]:
    """What becomes of a part, and the harm."""
    names = ("better-sqlite3", "mysql2", "mysql", "pg", "mongoose", "sequelize", "express")
    packages = {name: "1" for name in names if f"'{name}" in head} | {"express": "5"}
    manifest = {"name": "clinic", "main": "server.js", "dependencies": packages | json.loads(files.pop("more", "{}"))}
    source = f"""
        const express = require('express'); const app = express();
        {head}
        app.get('/patients/:id/:slug', async (req, res) => {{ {body} }});
    """
    others = {name.replace("__", "."): text for name, text in files.items()}
    [endpoint] = repository({"package.json": json.dumps(manifest), "server.js": source, **others}).endpoints
    treatment = getattr(endpoint.usage, part)
    return treatment.kind, treatment.harm


@pytest.mark.parametrize(
    ("head", "body", "harm"),
    [
        (_PG, _ID, "PostgreSQL answers a text that is no identifier with an error"),
        (_PG, _FAILED % (_ID, 500), "PostgreSQL answers a text that is no identifier with an error"),
        (_MYSQL, _DELETED, "MySQL takes the text 1abc for the number 1"),
        (_MYSQL, _FAILED % (_DELETED, 404), "MySQL takes the text 1abc for the number 1"),
        (_PG, "await db.query('SELECT 1 WHERE a = $1', [Number(req.params.slug)]);", "NaN goes to the database"),
        (_MONGOOSE, _BY_ID, "a text that is no ObjectId ends in an error"),
        (_MONGOOSE, "await Patient.findOne({ _id: req.params.id });", "a text that is no ObjectId ends in an error"),
        (_MONGOOSE, "await Patient.create({ code: req.params.slug });", "it is stored as it comes"),
        ("const fs = require('fs');", "fs.readFileSync('notes/' + req.params.slug);", "it becomes part of a path"),
    ],
)
def test_a_parameter_whose_wrong_value_has_consequences(head: str, body: str, harm: str) -> None:
    """It is said what comes of it."""
    kind, found = _treated(body, head=head)
    assert (kind, found.startswith(harm)) == ("more", True)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("const names = [{ id: String(Math.random()) }];", "res.json(names.find((one) => one.id === req.params.id));"),
        ("", "if (req.params.slug === 'all') return res.json([]); res.json({});"),
        ("", "switch (req.params.slug) { case 'a': return res.json(1); default: res.json(2); }"),
        ("", "res.status(404).json({ error: `no patient ${req.params.id}` });"),
        (_SQLITE, "res.json(db.prepare('SELECT name FROM patients WHERE id = ?').get(req.params.id));"),
        (_PG, "await db.query('SELECT name FROM patients WHERE slug = $1', [req.params.slug]); res.json({});"),
        (_PG, _FAILED % (_ID, 400)),
        (_MYSQL, _ID.replace("$1", "?")),
        (_PG, "if (!/^[0-9]+$/.test(req.params.id)) return res.sendStatus(404);" + _ID),
        (_MONGOOSE, "res.json(await Patient.findOne({ code: req.params.id }));"),
        (_MONGOOSE, "if (!mongoose.isValidObjectId(req.params.id)) return res.sendStatus(404);" + _BY_ID),
        (_MONGOOSE, _FAILED % (_BY_ID, 404)),
        (
            _MONGOOSE,
            (
                "const code = req.params.slug; if (!await Patient.exists({ code })) return res.sendStatus(404);"
                "await Patient.create({ code });"
            ),
        ),
        (_MONGOOSE, "if (error.name === 'CastError') return;" + _BY_ID),
        (_SEQUELIZE, "res.json(await Patient.findOne({ where: { id: req.params.id } }));"),
    ],
)
def test_a_parameter_that_only_finds_nothing_where_it_is_wrong(head: str, body: str) -> None:
    """Compared, tested, bound where the database takes any text, or answered with a status that blames the request."""
    assert _treated(body, head=head) == ("lookup", "")


@pytest.mark.parametrize(
    ("more", "expected"),
    [('{"pg": "8"}', "PostgreSQL"), ('{"mysql2": "3"}', "MySQL"), ('{"mysql2": "3", "pg": "8"}', ""), ("{}", "")],
)
def test_an_orm_speaks_what_its_driver_does(more: str, expected: str) -> None:
    """Where settings decide between several databases, nothing is said of what one of them would do."""
    body = "res.json(await Patient.findOne({ where: { id: req.params.id } }));"
    _, harm = _treated(f"{body} await Patient.destroy({{}});", head=_SEQUELIZE, more=more)
    assert harm.split(" ")[0] == expected


@pytest.mark.parametrize(("kind", "expected"), [("INT", "more"), ("CHAR(36)", "lookup")])
def test_identifiers_that_are_texts(kind: str, expected: str) -> None:
    """A column that holds texts takes none for a number."""
    sql = f"CREATE TABLE patients (id {kind} PRIMARY KEY, name TEXT);"
    found = _treated(_DELETED, head=_MYSQL, schema__sql=sql)
    assert found[0] == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("res.json(req.query.view === 'week' ? [] : {});", "lookup"),
        ("if (req.query.count) return res.json(1); res.json([]);", "lookup"),
        ("const q = req.query.name.trim(); res.json(q);", "more"),
        ("const page = Number(req.query.page); res.json([].slice(page * 10));", "more"),
        ("const n = parseInt(req.query.n); res.json([1].filter((one) => one < n));", "lookup"),
        ("const n = parseInt(req.query.n); for (let i = 0; i < n; i += 1) work(i);", "more"),
        ("res.json({});", "none"),
    ],
)
def test_a_query(body: str, expected: str) -> None:
    """What is only compared or asked for goes no further."""
    assert _treated(body, part="query")[0] == expected


_FIND = "await db.query('SELECT 1 WHERE a = $1', [%s]); res.json({});"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("if (typeof req.query.a !== 'string') return res.sendStatus(400);" + _FIND % "req.query.a", "checked"),
        ("if (!parseInt(req.query.a)) return res.sendStatus(400);" + _FIND % "parseInt(req.query.a)", "checked"),
        ("const a = Number(req.query.a); if (isNaN(a)) return res.sendStatus(400);" + _FIND % "a", "checked"),
        ("const a = Number(req.query.a); if (!Number.isNaN(a)) {" + _FIND % "a" + "}", "checked"),
        ("if (!parseInt(req.query.a)) return res.sendStatus(400);" + _FIND % "`${req.query.a}%`", "more"),
        (_FIND % "Number(req.query.a)", "more"),
        ("const a = parseInt(req.query.a); if (a) res.set('x', 'y');" + _FIND % "a", "more"),
        ("if (req.query.a === 'x') res.json(1); else res.json(2);", "lookup"),
    ],
)
def test_what_a_query_is_checked_for_by_hand(body: str, kind: str) -> None:
    """A type, a number: whatever goes further is what the program allows."""
    assert _treated(body, head=_PG, part="query")[0] == kind


def test_an_earlier_function_checks_for_those_after_it() -> None:
    """What passes on is what it allows."""
    source = """
        const express = require('express'); const app = express();
        const db = new (require('pg').Pool)();
        const named = (req, res, next) => {
            if (typeof req.query.name !== 'string') return res.sendStatus(400);
            next();
        };
        const told = (req, res, next) => { if (typeof req.query.name !== 'string') console.warn('no name'); next(); };
        const find = async (req, res) => {
            res.json(await db.query('SELECT 1 WHERE n ILIKE $1', [`%${req.query.name}%`]));
        };
        app.get('/named', named, find);
        app.get('/told', told, find);
    """
    manifest = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5", "pg": "8"}}'
    endpoints = repository({"package.json": manifest, "server.js": source}).endpoints
    assert [endpoint.usage.query.kind for endpoint in endpoints] == ["checked", "more"]
