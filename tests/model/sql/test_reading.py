"""What is read of a statement, and how it is put together again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.sql.predicates import Patterns
from medpro_audit.model.sql.statements import read_statement
from model.asking import SCHEMA, handler, queries, query


def test_concatenations_templates_and_variables_are_put_together() -> None:
    """Whatever way a statement is written, it is the same one."""
    written = [
        "await pool.query('SELECT id FROM patients WHERE ward_id = ' + req.params.id)",
        "await pool.query(`SELECT id FROM patients WHERE ward_id = ${req.params.id}`)",
        "await pool.query({ sql: 'SELECT id FROM patients WHERE ward_id = ' + req.params.id })",
        "await pool.query(['SELECT id', 'FROM patients', `WHERE ward_id = ${req.params.id}`].join(' '))",
        "await pool.query(`SELECT id FROM ${'patients'} WHERE ward_id = ${req.params.id}`.trim())",
    ]
    for code in written:
        (found,) = queries(handler(code))
        assert found.text == "SELECT id FROM patients WHERE ward_id = …"
        assert (found.kind, found.tables, found.run_by) == ("select", ("patients",), "query")
        assert found.endpoints == found.answers == ("GET /x/:id",)


def test_a_statement_in_a_variable_is_followed_to_the_call() -> None:
    """Also from the top of a module, and with what is added to it."""
    constant = "const SQL = 'SELECT id FROM notes';"
    (found,) = queries(constant + handler("await pool.query(SQL)"))
    assert (found.run_by, found.answers, found.line) == ("query", ("GET /x/:id",), 7)
    code = """app.get('/y', async (req, res) => {
      let sql = 'SELECT id FROM patients WHERE 1 = 1';
      if (req.query.ward) sql += ' AND ward_id = ' + req.query.ward;
      const [rows] = await pool.query(sql + ' LIMIT 5');
      res.json(rows);
    });"""
    (found,) = queries(code)
    assert "ward_id = …" in found.text
    assert found.rows == "all"
    assert found.index.reason == "its conditions depend on the request"


@pytest.mark.parametrize(
    "code",
    [
        "res.json({ text: 'Select a patient from the list' })",
        "console.log('SELECT id FROM patients')",
        "logger.info('select a patient from the list')",
        "new Error('DELETE FROM patients failed')",
        "pool.query('SELECT 1')",
        "label('select a doctor from here')",
    ],
)
def test_what_only_looks_like_sql_is_none(code: str) -> None:
    """Sentences, what is logged or thrown, and the ping of a health check."""
    assert queries(f"const logger = require('pino')(); app.get('/x', (req, res) => {{ {code}; }});") == []


@pytest.mark.parametrize(
    ("sql", "rows"),
    [
        ("SELECT name FROM patients WHERE id = ?", "one"),
        ("SELECT name FROM patients WHERE email = ?", "one"),
        ("SELECT COUNT(*) FROM patients", "one"),
        ("SELECT name FROM patients WHERE ward_id = ?", "some"),
        ("SELECT name FROM patients WHERE born > ?", "some"),
        ("SELECT name FROM patients", "all"),
        ("SELECT name FROM patients WHERE is_archived = FALSE", "all"),
        ("SELECT name FROM patients WHERE is_archived = FALSE ORDER BY name", "all"),
        ("SELECT ward_id, COUNT(*) FROM patients GROUP BY ward_id", "unknown"),
        ("SELECT name FROM patients WHERE ward_id IN (SELECT id FROM wards)", "some"),
    ],
)
def test_how_many_rows_are_read(sql: str, rows: str) -> None:
    """By a unique key one, by a value some, without either all."""
    assert query(f'"{sql}"').rows == rows


@pytest.mark.parametrize(
    ("sql", "limit"),
    [
        ("'SELECT id FROM notes LIMIT 5'", True),
        ("'SELECT id FROM notes LIMIT ' + req.query.size", True),
        ("'SELECT id FROM notes'", False),
        ("'SELECT id FROM notes' + req.query.page", None),
        ("'SELECT id FROM notes' + (req.query.all ? '' : ' LIMIT 5')", None),
        ("'SELECT id FROM notes UNION SELECT id FROM visits LIMIT 5'", True),
    ],
)
def test_a_limit_is_seen_or_unknown_where_it_may_be_added(sql: str, limit: bool | None) -> None:
    """What is dynamic at the end may hold one."""
    assert query(sql).has_limit is limit


@pytest.mark.parametrize(
    ("helper", "limit"),
    [
        ("class Filters { finish(sql) { return sql + (this.size ? ` LIMIT ${this.size}` : ''); } }", None),
        ("class Filters { finish(sql) { return sql + this.page(); } page() { return `LIMIT ${this.size}`; } }", None),
        ("class Filters { finish(sql) { return sql + ' ORDER BY id'; } }", False),
        ("class Filters { end(sql) { return sql + ' LIMIT 5'; } }", False),
    ],
)
def test_a_helper_may_add_a_limit(helper: str, limit: bool | None) -> None:
    """A method of the program's own, where it or what stands beside it puts one together."""
    code = handler("await pool.query(new Filters(req.query).finish('SELECT id FROM notes'))")
    (found,) = queries(f"{helper}\n{code}")
    assert (found.run_by, found.has_limit) == ("finish", limit)


@pytest.mark.parametrize(
    ("sql", "read"),
    [
        ("SELECT 1 FROM wards w LEFT JOIN patients p ON p.ward_id = w.id", ("wards",)),
        ("SELECT 1 FROM wards w JOIN patients p ON p.ward_id = w.id", ("patients", "wards")),
        ("SELECT (SELECT COUNT(*) FROM visits) FROM wards", ("wards",)),
    ],
)
def test_what_is_read_whole_is_what_stands_first_or_is_joined_in_full(sql: str, read: tuple[str, ...]) -> None:
    """Of a table that is joined LEFT only what belongs to the others."""
    assert query(f"'{sql}'").read_tables == read


@pytest.mark.parametrize(
    ("sql", "values", "wildcards"),
    [
        ("'SELECT id FROM patients WHERE name LIKE \"%a\"'", "[]", 1),
        ("'SELECT id FROM patients WHERE name LIKE ?'", "[`%${req.query.name}%`]", 1),
        ("'SELECT id FROM patients WHERE ward_id = ? AND name LIKE ?'", "[1, '%' + req.query.name]", 1),
        ("'SELECT id FROM patients WHERE ward_id = ? AND name LIKE ?'", "['%', `${req.query.name}%`]", 0),
        ("'SELECT id FROM patients WHERE name LIKE :name LIMIT :size'", "{ name: `%${req.query.n}`, size: 1 }", 1),
        ("`SELECT id FROM patients WHERE name LIKE '%${req.query.name}%'`", "[]", 1),
        ("\"SELECT id FROM patients WHERE name LIKE CONCAT('%', ?)\"", "[req.query.name]", 1),
        ("\"SELECT id FROM patients WHERE name LIKE CONCAT(?, '%')\"", "[req.query.name]", 0),
        ("\"SELECT id FROM patients WHERE ward_id = 1 AND (name LIKE '%x' OR email = ?)\"", "[1]", 1),
    ],
)
def test_a_leading_wildcard_is_seen_in_the_statement_and_in_its_values(sql: str, values: str, wildcards: int) -> None:
    """By position and by name."""
    assert len(query(sql, values).wildcards or ()) == wildcards


def test_functions_around_columns_are_seen_where_they_matter() -> None:
    """Not where another condition is served by an index, nor around values."""
    assert query("'SELECT id FROM visits WHERE DATE(starts_at) = CURDATE()'").functions == ("DATE(starts_at)",)
    assert query("'SELECT id FROM patients WHERE LOWER(email) = LOWER(?)'").functions == ("LOWER(email)",)
    assert query("`SELECT id FROM patients WHERE details->>'ward' = ?`").functions == ()
    assert query("'SELECT id FROM visits WHERE patient_id = ? AND DATE(starts_at) = ?'").functions == ()
    indexed = f"{SCHEMA} CREATE INDEX starting ON visits (starts_at); CREATE INDEX states ON visits (status);"
    both = "'SELECT id FROM visits WHERE patient_id = ? AND DATE(starts_at) = ?'"
    assert query(both, schema=indexed).functions == ()
    state = "'SELECT id FROM visits WHERE status = \"open\" AND DATE(starts_at) = ?'"
    assert query(state, schema=indexed).functions == ("DATE(starts_at)",)
    assert query("'SELECT id FROM visits WHERE starts_at > DATE_SUB(NOW(), INTERVAL 1 DAY)'").functions == ()


def test_an_index_on_the_expression_serves_it() -> None:
    """PostgreSQL has them, and MySQL since 8.0.13."""
    schema = "CREATE TABLE users (id INT PRIMARY KEY, email TEXT); CREATE INDEX low ON users (lower(email));"
    assert query("'SELECT id FROM users WHERE LOWER(email) = ?'", schema=schema).functions == ()


def test_all_columns_are_asked_for_by_a_star() -> None:
    """COUNT(*) is another."""
    assert query("'SELECT p.* FROM patients p'").selects_all is True
    assert query("'SELECT COUNT(*) FROM patients'").selects_all is False


def test_deep_and_broken_statements_are_unknown() -> None:
    """Neither takes long nor fails."""
    assert query("'SELECT id FROM notes WHERE " + "(" * 500 + "'").index.reason == "it could not be parsed"
    assert query("'SELECT FROM WHERE FROM notes'").selects_all is None


@given(st.text(max_size=80), st.sampled_from(["SELECT {} FROM a", "SELECT a FROM b WHERE {}", "UPDATE a SET {}", "{}"]))
def test_any_text_is_read_or_not_understood(text: str, frame: str) -> None:
    """Whatever stands in the code, nothing is raised."""
    read_statement(frame.format(text), Patterns("mysql"))


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT id FROM notes WHERE ward = $<ward> AND bed = $(bed) AND day = $[day] AND hour = $/hour/", "="),
        ("SELECT id FROM notes WHERE ward IN ($<wards:csv>)", "IN (:wards)"),
        ("UPDATE notes SET $<column:name> = $<value> WHERE id = $<id>", "= :value"),
    ],
)
def test_named_parameters_of_pg_promise_are_values_and_names(sql: str, expected: str) -> None:
    """In all four brackets; a filter may make a name of the column of one."""
    found = query(f"await pool.query(`{sql}`, req.body)")
    assert found.kind in {"select", "update"}
    assert found.tables == ("notes",)
    assert expected in found.statement
    assert "$" not in found.statement


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(SELECT json_agg(text) FROM notes WHERE visit_id = visits.id)", 0),
        ("(SELECT id FROM notes) UNION (SELECT id FROM visits)", 1),
        ("SELECT id FROM notes WHERE (visit_id = 1)", 1),
    ],
)
def test_what_stands_in_parentheses_is_part_of_another_statement(text: str, found: int) -> None:
    """It is asked with that, and not by itself."""
    code = f"db.select(sql`{text}`);"
    assert len(queries(f"const {{ sql }} = require('kysely'); {handler(code)}")) == found
