"""Which tables a program adds rows to."""

import pytest

from model.asking import handler, queries

LIST = handler("await pool.query('SELECT id, name FROM wards ORDER BY name')", path="/wards")
OTHER = (
    "app.post('/x', async (req, res) => { await pool.query('INSERT INTO notes (text) VALUES (?)', [1]); res.end(); });"
)


@pytest.mark.parametrize(
    ("code", "is_bounded"),
    [
        (
            "app.post('/w', async (req, res) => { await pool.query('INSERT INTO wards (name) VALUES (?)', [1]); });",
            False,
        ),
        (OTHER, None),
        ("", None),
    ],
)
def test_a_table_that_nothing_is_added_to_needs_no_limit(code: str, *, is_bounded: bool | None) -> None:
    """Such as one of wards, which is filled once."""
    found = [each for each in queries(LIST + code) if each.kind == "select"]
    assert [each.is_bounded for each in found] == [is_bounded]


def test_what_an_orm_adds_is_not_known() -> None:
    """It may be any table."""
    model = "const { Schema, model } = require('mongoose'); module.exports = model('Ward', new Schema({}));"
    code = "const Ward = require('./ward'); app.post('/w', async (req, res) => { await Ward.create({ name: 'A' }); });"
    found = [each for each in queries(code + LIST, {"ward.js": model}) if each.kind == "select"]
    assert [each.is_bounded for each in found] == [False]
