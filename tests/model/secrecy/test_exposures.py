"""Endpoints that answer with health data, and endpoints that only seem to."""

import pytest

from model.memory import repository

_HEAD = """
const express = require('express');
const User = require('mongoose').model('User', {});
const app = express();
const grades = { mild: 1, severe: 2 };
const service = { grades: () => grades };
"""


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("async (req, res) => { const u = await User.findById(req.params.id); res.json({ allergies: u.list }); }", 1),
        ("(req, res) => { const allergies = service.grades(); res.json({ allergies }); }", 0),
    ],
)
def test_what_stands_in_the_program_is_nobodys(handler: str, expected: int) -> None:
    """The name of a field alone makes no health data."""
    source = f"{_HEAD} app.get('/x/:id', {handler}); app.listen(3000);"
    assert len(list(repository({"server.js": source}).found("exposure"))) == expected
