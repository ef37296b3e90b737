"""The list of SQL statements, and its JSON."""

import json
from collections.abc import Callable

from msgspec.structs import replace

from medpro_audit.model.sql.plans import Plan, TableAccess, judge
from medpro_audit.model.subjects.query import IndexNeed, Query, Repetition
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.queries import render_queries, render_queries_json
from medpro_audit.reporters.terminal import columns

SERVED = Query(
    file="patients.js",
    line=9,
    backend=".",
    role="server",
    via="sql",
    kind="select",
    statement="SELECT id, name FROM patients WHERE id = ?",
    run_by="query",
    dialect="mysql",
    tables=("patients",),
    selects_all=False,
    has_limit=False,
    rows="one",
    wildcards=(),
    functions=(),
    where_columns=("id",),
    repetition=Repetition(in_loop=False),
    endpoints=("GET /patients/:id",),
    answers=("GET /patients/:id",),
    index=IndexNeed(missing=False),
)
LACKING = replace(
    SERVED,
    line=20,
    statement="SELECT * FROM visits WHERE DATE(starts_at) = zz_dynamic1 AND patient_id = ? AND note LIKE '%a'",
    tables=("visits",),
    selects_all=True,
    rows="all",
    wildcards=("note LIKE '%…'",),
    functions=("DATE(starts_at)",),
    repetition=Repetition(in_loop=True, loop="wards.js:4"),
    endpoints=("GET /visits", "GET /wards"),
    index=IndexNeed(missing=True, statements=("CREATE INDEX idx_visits_patient_id ON visits (patient_id)",)),
)
DOUBTFUL = replace(SERVED, line=30, index=IndexNeed(reason="no schema was found"), endpoints=(), has_limit=None)
QUERIES = [SERVED, LACKING, DOUBTFUL, replace(SERVED, role="test"), replace(SERVED, via="orm")]
SCAN = TableAccess("visits", "ALL", None, None, 5000)
FOUND = TableAccess("patients", "const", "PRIMARY", "PRIMARY", 1)
PLANS = {
    SERVED: judge(SERVED, [FOUND]),
    LACKING: judge(LACKING, [SCAN]),
    DOUBTFUL: Plan("undecided", reason="no such table"),
}


def test_the_list_reads_well(golden: Callable[[str, str], None]) -> None:
    """Server code only, each statement with what is to be said of it, within 80 columns."""
    text = render_queries(QUERIES, PLANS, RenderOptions())
    assert all(columns(line) <= 80 for line in text.splitlines())
    golden("queries.txt", text)


def test_hostile_statements_are_harmless() -> None:
    """What the repository says can't steer the terminal."""
    hostile = replace(LACKING, statement="SELECT '\x1b[2J\u202e\r\n' FROM t", file="a\x1b.js")
    assert not set(render_queries([hostile], {}, RenderOptions())) & set("\x1b\u202e\r")


def test_programs_get_everything() -> None:
    """With the plan of each statement, null where no server was asked."""
    found = json.loads(render_queries_json(QUERIES, {SERVED: PLANS[SERVED]}))
    assert found["schema_version"] == 1
    assert [query["line"] for query in found["queries"]] == [9, 20, 30]
    assert found["queries"][0]["plan"]["verdict"] == "confirmed"
    assert found["queries"][1]["plan"] is None
    assert found["queries"][1]["index"]["statements"] == ["CREATE INDEX idx_visits_patient_id ON visits (patient_id)"]


def test_a_plan_confirms_or_refutes() -> None:
    """Whatever the repository's schema says, the server knows better."""
    assert judge(SERVED, [SCAN]).verdict == "refuted"
    assert judge(LACKING, [FOUND]).verdict == "refuted"
    assert [judge(DOUBTFUL, [access]).verdict for access in (SCAN, FOUND)] == ["scan", "served"]
    page = replace(LACKING, order_columns=("name",), has_limit=True)
    assert judge(page, [TableAccess("visits", "index", None, "by_name", 20)]).verdict == "refuted"
