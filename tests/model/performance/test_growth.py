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


@pytest.mark.parametrize(
    ("code", "growth"),
    [
        (
            (
                "app.post('/w', async (req, res) => { for (const each of req.body) "
                "await pool.query('INSERT INTO wards (name) VALUES (?)', [each]); });"
            ),
            "server.js:8 adds many rows at a time to wards",
        ),
        (
            "app.post('/w', async (req, res) => pool.query('INSERT INTO wards (name) VALUES ?', [req.body]));",
            "server.js:8 adds many rows at a time to wards",
        ),
        (
            "app.get('/w', async (req, res) => pool.query('SELECT name FROM wards LIMIT ? OFFSET ?', [50, 0]));",
            "server.js:8 reads page by page: wards",
        ),
        (
            "app.get('/w', async (req, res) => pool.query('SELECT name FROM wards ORDER BY id LIMIT ?, ?', [0, 50]));",
            "server.js:8 reads page by page: wards",
        ),
        ("app.get('/w', async (req, res) => pool.query('SELECT name FROM wards ORDER BY id LIMIT 10'));", ""),
        ("app.post('/w', async (req, res) => pool.query('INSERT INTO wards (name) VALUES (?)', ['A']));", ""),
        ("app.post('/w', async (req, res) => pool.query('INSERT INTO notes (text) VALUES ?', [req.body]));", ""),
    ],
)
def test_a_table_gets_large_that_is_filled_by_many_rows_or_read_page_by_page(code: str, growth: str) -> None:
    """Of others, nothing says how many rows they get."""
    found = queries(LIST + "\n" + code)
    assert next(each.growth for each in found if each.statement.endswith("BY name")) == growth
