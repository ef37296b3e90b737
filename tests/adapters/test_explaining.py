"""Advice on indexes, held against a real server."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import database
from conftest import find_database
from medpro_audit.adapters.explaining import explain
from medpro_audit.core.errors import UsageError
from medpro_audit.model.sql.definitions import definitions_in
from medpro_audit.model.sql.plans import Plan
from medpro_audit.model.subjects.query import Query
from model.asking import SCHEMA, handler, queries

ROWS = (
    """INSERT INTO patients SELECT seq, CONCAT('name', seq), CONCAT(seq, '@x'), seq % 200,
       DATE_ADD('1950-01-01', INTERVAL seq DAY), seq % 2, NULL FROM seq_1_to_5000""",
    "INSERT INTO visits SELECT seq, seq, DATE_ADD('2020-01-01', INTERVAL seq HOUR), 'open' FROM seq_1_to_5000",
    "INSERT INTO notes SELECT seq, seq, NULL FROM seq_1_to_5000",
    "ANALYZE TABLE patients, visits, notes",
)
LACKING = (
    "SELECT id FROM patients WHERE ward_id = ?",
    "SELECT id FROM patients WHERE ward_id = ? AND born = ?",
    "SELECT name FROM patients WHERE ward_id = ? ORDER BY name",
    "SELECT id FROM visits WHERE starts_at BETWEEN ? AND ?",
    "SELECT id FROM patients WHERE name LIKE 'name49%'",
    "SELECT id, name FROM patients ORDER BY name LIMIT 20",
    "SELECT n.text FROM visits v JOIN notes n ON n.visit_id = v.id WHERE v.id = ?",
)
SERVED = (
    "SELECT name FROM patients WHERE id = ?",
    "SELECT name FROM patients WHERE email = ?",
    "SELECT id FROM visits WHERE patient_id = ?",
    "SELECT p.name FROM visits v JOIN patients p ON p.id = v.patient_id WHERE v.id = ?",
)

EXAMPLE_ROWS = (
    "INSERT INTO appointments SELECT seq, seq, seq % 90, '2024-01-01', 20, 'x', '' FROM seq_1_to_3000",
    "INSERT INTO practitioners SELECT seq, CONCAT('name', seq), '', REPEAT('x', 150) FROM seq_1_to_20000",
    "ANALYZE TABLE appointments, practitioners",
)

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[database.Server]:
    """One for all of these tests."""
    program = find_database()
    if program is None:
        pytest.skip("the MariaDB server is not installed")
    with database.server(program, tmp_path_factory.mktemp("db")) as started:
        yield started


@pytest.fixture
def clinic(server: database.Server) -> str:
    """A database with the schema of the tests and some rows."""
    server.run("DROP DATABASE IF EXISTS clinic", "CREATE DATABASE clinic")
    server.run(*(statement for statement, _ in definitions_in(SCHEMA)), *ROWS, database="clinic")
    return server.url("clinic")


def asked(*statements: str) -> list[Query]:
    """Queries of a back end that runs these statements."""
    code = "".join(
        handler(f'await pool.query("{sql}", [req.params.id])', path=f"/{index}/:id")
        for index, sql in enumerate(statements)
    )
    return queries(code)


def accesses(plans: Mapping[Query, Plan], sql: str) -> list[str]:
    """How the tables of a statement are read."""
    (plan,) = (plan for query, plan in plans.items() if query.statement == sql)
    return [access.kind for access in plan.accesses]


def test_a_missing_index_is_confirmed_and_its_creation_changes_the_plan(server: database.Server, clinic: str) -> None:
    """The whole table is read before, and found by the advised index after."""
    lacking = asked(*LACKING)
    assert all(query.index.missing for query in lacking)
    before = explain(clinic, lacking)
    assert {query.statement: plan.verdict for query, plan in before.items()} == dict.fromkeys(LACKING, "confirmed")
    assert all("ALL" in accesses(before, sql) for sql in LACKING)
    statements = sorted({statement for query in lacking for statement in query.index.statements})
    server.run(*statements, "ANALYZE TABLE patients, visits, notes", database="clinic")
    after = explain(clinic, lacking)
    assert {query.statement: plan.verdict for query, plan in after.items()} == dict.fromkeys(LACKING, "refuted")
    assert all("ALL" not in accesses(after, sql) for sql in LACKING)
    names = {statement.split()[2] for statement in statements}
    used = {access.key for plan in after.values() for access in plan.accesses}
    assert used & names
    assert used <= {*names, "PRIMARY"}


def test_what_an_index_serves_is_confirmed(clinic: str) -> None:
    """Keys, unique columns, and the index that a foreign key brings."""
    served = asked(*SERVED)
    assert [query.index.missing for query in served] == [False] * len(SERVED)
    assert {plan.verdict for plan in explain(clinic, served).values()} == {"confirmed"}


def test_nothing_but_plain_selects_is_asked(clinic: str) -> None:
    """No statement that writes, and no function that could do anything."""
    found = asked(
        "DELETE FROM patients WHERE ward_id = ?",
        "UPDATE patients SET name = 'x' WHERE ward_id = ?",
        "INSERT INTO notes (id) VALUES (?)",
        "SELECT drop_everything(id) FROM patients WHERE ward_id = ?",
        "SELECT id FROM patients WHERE ward_id = ? FOR UPDATE",
        "SELECT id INTO OUTFILE '/tmp/x' FROM patients WHERE ward_id = ?",
    )
    assert explain(clinic, found) == {}


def test_a_table_that_the_server_lacks_is_said(clinic: str) -> None:
    """The others are explained."""
    plans = explain(clinic, asked("SELECT id FROM wards WHERE name = ?", SERVED[0]))
    assert sorted(plan.verdict for plan in plans.values()) == ["confirmed", "undecided"]
    assert any("wards" in str(plan.reason) for plan in plans.values())


def test_what_is_dynamic_is_filled_in(clinic: str) -> None:
    """Values, texts and limits."""
    code = handler(
        "await pool.query(`SELECT id FROM patients WHERE name LIKE '${req.query.a}%'"
        " AND id = ${req.params.id} LIMIT ${req.query.n}`)"
    )
    (plan,) = explain(clinic, queries(code)).values()
    assert plan.verdict != "undecided", plan.reason


def test_a_wrong_password_is_told_without_it(server: database.Server) -> None:
    """The address holds it; the message must not."""
    with pytest.raises(UsageError, match="no connection to 127") as caught:
        explain(server.url("clinic").replace("only", "wrong"), [])
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("url", ["postgres://u:p@h/d", "clinic", "mysql://", "mysql://h:x/y"])
def test_what_is_no_address_of_mysql_is_refused(url: str) -> None:
    """With what it should be like."""
    with pytest.raises(UsageError, match="database-url"):
        explain(url, [])


def test_the_example_is_advised_as_its_server_says(server: database.Server) -> None:
    """Every index it lacks is lacking on a server with its schema, and helps once it is there."""
    example = Path(__file__).parents[2] / "examples" / "clinic-api"
    files = {
        path.relative_to(example).as_posix(): path.read_text(encoding="utf-8")
        for pattern in ("**/*.js", "**/*.sql", "package.json")
        for path in sorted(example.glob(pattern))
        if "node_modules" not in path.parts
    }
    from model.memory import repository

    found = [query for query in repository(files).found("query") if isinstance(query, Query) and query.index.missing]
    server.run("DROP DATABASE IF EXISTS example", "CREATE DATABASE example")
    schema = [statement for statement, _ in definitions_in(files["database/schema.sql"])]
    server.run(*schema, *EXAMPLE_ROWS, database="example")
    before = explain(server.url("example"), found)
    assert len(before) >= 8
    assert {plan.verdict for plan in before.values()} == {"confirmed"}
    server.run(*sorted({each for query in found for each in query.index.statements}), database="example")
    after = explain(server.url("example"), found)
    assert {query.statement: plan for query, plan in after.items() if plan.verdict != "refuted"} == {}
