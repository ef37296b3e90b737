"""Where a function that serves requests parses a text of theirs as JSON."""

import pytest

from medpro_audit.model.subjects.json_parse import JsonParse
from model.memory import repository

PACKAGE = '{"dependencies": {"express": "^5.1.0"}}'
HEAD = "const express = require('express');\nconst app = express();\n"
PLAIN = "app.post('/a', (req, res) => res.json(JSON.parse(req.body.data)));\n"


def _found(code: str) -> list[JsonParse]:
    found = repository({"package.json": PACKAGE, "server.js": f"{HEAD}{code}app.listen(1);\n"}).found("json-parse")
    return [each for each in found if isinstance(each, JsonParse)]


@pytest.mark.parametrize(
    ("code", "is_guarded"),
    [
        (PLAIN, False),
        (
            "app.post('/a', (req, res, next) => { req.body = JSON.parse(req.body.data); next(); }, (req, res) => {});",
            False,
        ),
        (
            "app.get('/a', (req, res) => { try { res.json(JSON.parse(req.query.f)); } catch { next(); } });",
            True,
        ),
        ("app.get('/a', (req, res) => { try { res.json(JSON.parse(req.query.f)); } finally { res.end(); } });", False),
        (f"{PLAIN}app.use((err, req, res, next) => res.status(err instanceof SyntaxError ? 400 : 500).end());", None),
        (f"{PLAIN}app.use((err, req, res, next) => res.status(500).end());", False),
        (f"{PLAIN}app.use((err, req, res, next) => res.sendStatus(400));", None),
        (f"{PLAIN}app.use(require('./errors'));", None),
        (
            "const { body } = require('express-validator');" + PLAIN.replace("(req", "body('data').isJSON(), (req", 1),
            None,
        ),
    ],
)
def test_a_text_that_is_no_json_is_a_fault_of_the_client(code: str, is_guarded: bool | None) -> None:
    """Unless something catches the error, or may answer it."""
    assert [each.is_guarded for each in _found(code)] == [is_guarded]


@pytest.mark.parametrize(
    "code",
    [
        "app.post('/a', (req, res) => res.json(JSON.parse(JSON.stringify(req.body))));",
        "app.post('/a', (req, res) => res.json(JSON.parse(req.user.settings)));",
        "function unused(req) { return JSON.parse(req.body.data); }",
    ],
)
def test_other_texts_are_no_matter(code: str) -> None:
    """What the program made itself, and what no endpoint leads to."""
    assert _found(code) == []
