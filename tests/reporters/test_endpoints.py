"""The table of endpoints and its JSON contract."""

import json
from collections.abc import Callable

import msgspec

from medpro_audit.reporters.endpoint_words import caveat, guards
from medpro_audit.reporters.endpoints import render_endpoints, render_endpoints_json
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.terminal import columns
from medpro_audit.result import AuditResult


def test_the_table_reads_well(sample: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Forty endpoints at 80 columns, one line each but for the longest path."""
    text = render_endpoints(sample.endpoints, sample.unresolved_routes, RenderOptions())
    assert all(columns(line) <= 80 for line in text.splitlines())
    golden("endpoints-sample.txt", text)


def test_hostile_endpoints_are_harmless(hostile: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Paths, names and conditions of the repository can't leave their cells."""
    text = render_endpoints(hostile.endpoints, hostile.unresolved_routes, RenderOptions())
    assert not set(text) & set("\x1b\x9b\u202e\u2066\r")
    golden("endpoints-hostile.txt", text)


def test_what_all_share_is_said_once(sample: AuditResult) -> None:
    """Guards of every endpoint stand above the table, those of a file above its rows, the rest in the row."""
    text = render_endpoints(sample.endpoints, (), RenderOptions())
    assert text.startswith("Before every endpoint: headers, rate\n")
    assert text.count("auth, authz") == 6
    open_row = msgspec.structs.replace(sample.endpoints[0], middleware=sample.endpoints[0].middleware[:3])
    text = render_endpoints((open_row, *sample.endpoints[1:6]), (), RenderOptions())
    assert "guards  " in text.splitlines()[2]
    assert text.count("auth, authz") == 5


def test_a_validation_that_leaves_something_open_says_so(sample: AuditResult) -> None:
    """A schema that misses a field that is read is not shown as if all were well."""
    text = render_endpoints(sample.endpoints, (), RenderOptions())
    assert text.count("body: the schema does not cover file") == 1
    verdict = msgspec.structs.replace(sample.endpoints[0].validation.query, status="validated", is_permissive=True)
    assert caveat(verdict) == "the schema accepts anything"


def test_headers_have_a_column_only_when_read(sample: AuditResult, hostile: AuditResult) -> None:
    """Three columns are enough for most back ends."""
    assert "h headers" not in render_endpoints(sample.endpoints, (), RenderOptions())
    assert "h headers" in render_endpoints(hostile.endpoints, (), RenderOptions())


def test_the_contract_holds_what_it_promises(sample: AuditResult) -> None:
    """Schema version, every endpoint with its contract fields in their order, and what was not resolved."""
    document = json.loads(render_endpoints_json(sample.endpoints, sample.unresolved_routes, sample.completeness))
    assert list(document) == ["schema_version", "endpoints", "unresolved", "completeness"]
    assert document["schema_version"] == 1
    assert len(document["endpoints"]) == 40
    row = next(row for row in document["endpoints"] if (row["method"], row["path"]) == ("POST", "/api/patients"))
    assert {key: row[key] for key in ("file", "line", "kind", "mounted", "conditional", "condition", "reads")} == {
        "file": "src/routes/patients.js",
        "line": 14,
        "kind": "route",
        "mounted": True,
        "conditional": False,
        "condition": None,
        "reads": ["body"],
    }
    assert row["handler"] == {
        "name": "patientsController.handle",
        "file": "src/controllers/patients.controller.js",
        "line": 17,
        "wrappers": ["asyncHandler"],
        "reason": None,
    }
    assert row["validation"]["body"]["status"] == "validated"
    assert row["validation"]["body"]["by"] == "zod"
    assert {"name", "file", "line", "scope", "mount", "roles"} <= row["middleware"][0].keys()
    assert document["unresolved"] == [
        {"file": "helpers-old/router.js", "line": 30, "method": "GET", "reason": "its path is put together at run time"}
    ]


def test_no_endpoints_is_an_answer() -> None:
    """An empty repository has a sentence and an empty contract."""
    assert render_endpoints((), (), RenderOptions()) == "0 endpoints\n"
    document = json.loads(render_endpoints_json((), ()))
    assert document == {"schema_version": 1, "endpoints": [], "unresolved": [], "completeness": None}


def test_how_much_was_understood_stands_below_the_table(sample: AuditResult) -> None:
    """Each share with its numbers, in the table as in the JSON."""
    text = render_endpoints(sample.endpoints, (), RenderOptions(), sample.completeness)
    assert text.endswith("\nendpoints whose handler is known: 87.5 % · 35 of 40\n")
    assert "\nimports resolved: 98.2 % · 402 of 409\n" in text
    document = json.loads(render_endpoints_json(sample.endpoints, (), sample.completeness))
    assert document["completeness"]["shares"][2] == {
        "id": "routers-mounted",
        "share": 87.5,
        "numerator": 7,
        "denominator": 8,
        "unknown": 1,
    }


def test_guards_are_roles_else_names(sample: AuditResult, hostile: AuditResult) -> None:
    """A middleware whose role is not known is named, since hiding it would hide a guard."""
    assert guards(sample.endpoints[0]) == ("headers", "rate", "auth", "authz")
    assert guards(hostile.endpoints[0]) == (hostile.endpoints[0].middleware[0].name,)
