"""Which statements lack an index."""

import pytest

from model.asking import SCHEMA, queries, query

MISSING = [
    ("SELECT id FROM patients WHERE ward_id = ?", "patients (ward_id)"),
    ("SELECT id FROM patients WHERE ward_id = ? AND born = ?", "patients (ward_id, born)"),
    ("SELECT id FROM patients WHERE ward_id = ? ORDER BY name", "patients (ward_id, name)"),
    ("SELECT id FROM patients WHERE ward_id = ? AND born > ?", "patients (ward_id, born)"),
    ("SELECT id FROM patients WHERE ward_id IN (?, ?)", "patients (ward_id)"),
    ("SELECT id FROM patients WHERE is_archived = FALSE AND ward_id = ?", "patients (ward_id)"),
    ("SELECT COUNT(*) FROM patients WHERE ward_id = ?", "patients (ward_id)"),
    ("SELECT id FROM visits WHERE starts_at BETWEEN ? AND ?", "visits (starts_at)"),
    ("SELECT id FROM patients WHERE name LIKE 'A%'", "patients (name)"),
    ("SELECT id, name FROM patients ORDER BY name LIMIT 20", "patients (name)"),
    ("UPDATE patients SET name = ? WHERE ward_id = ?", "patients (ward_id)"),
    ("DELETE FROM patients WHERE ward_id = ?", "patients (ward_id)"),
    ("SELECT p.id FROM visits v JOIN patients p ON p.id = v.patient_id WHERE p.ward_id = ?", "patients (ward_id)"),
    ("SELECT n.text FROM visits v JOIN notes n ON n.visit_id = v.status WHERE v.id = ?", "notes (visit_id)"),
]


@pytest.mark.parametrize(("sql", "index"), MISSING)
def test_what_is_compared_without_an_index_needs_one(sql: str, index: str) -> None:
    """Equality comes first, then the order or a range; a column with two values does not lead."""
    found = query(f'"{sql}"')
    assert found.index.missing is True
    assert found.index.statement.startswith("CREATE INDEX idx_")
    assert found.index.statement.endswith(f" ON {index}")
    assert [step.file for step in found.index.trail] == ["schema.sql"]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT name FROM patients WHERE id = ?",
        "SELECT name FROM patients WHERE email = ? AND ward_id = ?",
        "SELECT id FROM visits WHERE patient_id = ? ORDER BY starts_at",
        "SELECT p.name FROM visits v JOIN patients p ON p.id = v.patient_id WHERE v.id = ?",
        "SELECT id FROM patients ORDER BY id DESC LIMIT 20",
        "SELECT id FROM patients WHERE is_archived = ?",
        "SELECT id FROM visits WHERE status = 'open'",
        "SELECT id FROM patients",
        "SELECT id FROM patients WHERE history = ?",
        "INSERT INTO visits (patient_id) VALUES (?)",
    ],
)
def test_what_an_index_serves_or_could_not_serve_needs_none(sql: str) -> None:
    """Keys, unique columns, foreign keys of InnoDB; columns of few values and long texts."""
    assert query(f'"{sql}"').index.missing is False


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ('"SELECT id FROM wards WHERE ward_id = ?"', "nothing creates the table wards"),
        ('"SELECT id FROM patients WHERE colour = ?"', "the column colour is not among those of its table"),
        ('"SELECT id FROM patients WHERE ward_id = ? UNION SELECT id FROM notes"', "more than one SELECT"),
        ("`SELECT id FROM ${req.query.table} WHERE ward_id = ?`", "dynamic"),
        ("`SELECT id FROM patients WHERE ${req.query.filter}`", "put together"),
        ("`SELECT id FROM patients WHERE ward_id = ? ${req.query.rest}`", "put together"),
    ],
)
def test_what_is_not_known_is_not_called_missing(sql: str, reason: str) -> None:
    """It says why instead."""
    found = query(sql)
    assert found.index.missing is None
    assert reason in str(found.index.reason)


def test_without_a_schema_nothing_is_missing() -> None:
    """Tables may have any index."""
    assert query('"SELECT id FROM patients WHERE ward_id = ?"', schema="").index.missing is None


def test_a_composite_index_serves_by_its_first_column_only() -> None:
    """The left-prefix rule."""
    schema = SCHEMA + "CREATE INDEX both_ ON patients (ward_id, born);"
    assert query('"SELECT id FROM patients WHERE ward_id = ?"', schema=schema).index.missing is False
    assert query('"SELECT id FROM patients WHERE born = ?"', schema=schema).index.missing is True


def test_a_definition_that_cannot_be_read_leaves_its_table_unknown() -> None:
    """It may have brought the index."""
    schema = SCHEMA + "ALTER TABLE patients ADD INDEX ((ward_id) MAGIC WORDS;"
    assert query('"SELECT id FROM patients WHERE ward_id = ?"', schema=schema).index.missing is None
    assert query('"SELECT id FROM visits WHERE starts_at > ?"', schema=schema).index.missing is True


@pytest.mark.parametrize(
    ("condition", "by_key"),
    [
        ("patient_id = ?", True),
        ('"visitUUID" = ?', True),
        ('"userUUId" = ?', True),
        ("owner = ?", True),
        ("status = ?", False),
        ("paid = ?", False),
        ("uid_of_device = ?", False),
    ],
)
def test_a_column_that_refers_to_a_row_is_told_apart(condition: str, *, by_key: bool) -> None:
    """By its foreign key, or by its name; how many rows share a state or a date, nobody knows."""
    schema = """CREATE TABLE visits (id INT PRIMARY KEY, patient_id INT, visitUUID BINARY(16), userUUId INT, owner INT,
    status INT, paid INT, uid_of_device INT, FOREIGN KEY (owner) REFERENCES owners (id));"""
    package = '{"dependencies": {"express": "^5.1.0", "pg": "8.0.0"}}'
    code = """const pool = new (require('pg').Pool)(); const app = require('express')();
    app.get('/x', async (req, res) => res.json(await pool.query('SELECT id FROM visits WHERE status = ?', [1])));
    app.listen(3000);""".replace("status = ?", condition)
    (found,) = queries("", {"package.json": package, "server.js": code}, schema=schema)
    assert (found.index.missing_by_key, found.index.missing_by_value) == (by_key, not by_key)
