"""Asynchronous middleware, and who hears of what it rejects."""

import json

import pytest

from medpro_audit.model.subjects.floating_promise import FloatingPromise
from model.memory import repository

_HEAD = """
const { Pool } = require('pg');
const express = require('express');
const pool = new Pool();
const app = express();
const ask = () => pool.query('SELECT 1');
const wrap = (f) => (req, res, next) => Promise.resolve(f(req, res, next)).catch(next);
"""


def _unheard(middleware: str, express: str = "^4.21.0") -> list[str]:
    """What the middleware leads to, where nothing catches its rejections."""
    source = f"{_HEAD}app.get('/open', (req, res) => res.end());\napp.use({middleware});\n"
    source += "app.get('/a', (req, res) => res.end());\napp.get('/b', (req, res) => res.end());\napp.listen(1);\n"
    package = json.dumps({"dependencies": {"express": express, "pg": "8"}})
    found = repository({"package.json": package, "server.js": source}).found("floating-promise")
    return [one.serves for one in found if isinstance(one, FloatingPromise) and one.by == "middleware"]


@pytest.mark.parametrize(
    ("middleware", "is_unheard"),
    [
        ("async (req, res, next) => { await ask(); next(); }", True),
        ("async (req, res, next) => { if (!req.body) throw new Error('no'); next(); }", True),
        ("async (req, res, next) => { try { await ask(); } finally { next(); } }", True),
        ("async (req, res, next) => { try { await ask(); next(); } catch (error) { next(error); } }", False),
        ("async (req, res, next) => { await ask().catch(next); next(); }", False),
        ("async (req, res, next) => { await next(); }", False),
        ("async (req, res, next) => { next(); }", False),
        ("wrap(async (req, res, next) => { await ask(); next(); })", False),
        ("require('express-async-handler')(async (req, res, next) => { await ask(); next(); })", False),
        ("(req, res, next) => { ask().then(() => next(), next); }", False),
        ("async (error, req, res, next) => { await ask(); next(error); }", False),
    ],
)
def test_a_rejection_of_a_middleware_is_heard_by_nobody(middleware: str, *, is_unheard: bool) -> None:
    """Unless the middleware or a wrapper catches it; it is told once, with all that is behind it."""
    assert _unheard(middleware) == (["GET /a and 1 more"] if is_unheard else [])


@pytest.mark.parametrize(("express", "count"), [("^4.21.0", 1), ("^5.0.0", 0), ("*", 0)])
def test_a_later_express_hears_of_it(express: str, count: int) -> None:
    """From its fifth version on."""
    assert len(_unheard("async (req, res, next) => { await ask(); next(); }", express)) == count


_CHECKED = "async (req, res, next) => { try { await shape.validateAsync(req.body); next(); } catch { res.end(); } }"


@pytest.mark.parametrize(
    ("middleware", "is_unheard"),
    [
        ("async (req, res, next) => { if (req.body.a?.b) req.body.a.b = req.body.a.b.trim(); next(); }", True),
        ("async (req, res, next) => { req.body.a = req.body.a.toLowerCase(); next(); }", True),
        ("async (req, res, next) => { try { req.body.a = req.body.a.trim(); } catch { } next(); }", False),
        (
            "async (req, res, next) => { if (typeof req.body.a === 'string') req.body.a = req.body.a.trim(); next(); }",
            False,
        ),
        ("(req, res, next) => { req.body.a = req.body.a.trim(); next(); }", False),
        (f"{_CHECKED}, async (req, res, next) => {{ req.body.a = req.body.a.trim(); next(); }}", False),
        ("async (req, res, next) => { req.body.list = req.body.list.concat(1); next(); }", False),
    ],
)
def test_a_method_of_texts_is_called_on_what_was_sent(middleware: str, *, is_unheard: bool) -> None:
    """A number there makes an asynchronous middleware reject, unless something has made sure before."""
    shape = "require('joi').object({ a: require('joi').string().required() })"
    source = f"{_HEAD}const shape = {shape};\napp.post('/a', {middleware}, (req, res) => res.end());\napp.listen(1);\n"
    package = json.dumps({"dependencies": {"express": "^4.21.0", "joi": "17", "pg": "8"}})
    found = repository({"package.json": package, "server.js": source}).found("floating-promise")
    assert any(isinstance(one, FloatingPromise) and one.by == "middleware" for one in found) == is_unheard
