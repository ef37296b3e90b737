"""The whole result as JSON."""

import json
from collections.abc import Callable

import msgspec
import pytest
from jsonschema import Draft202012Validator
from msgspec import structs

from medpro_audit.reporters.document import encode
from medpro_audit.reporters.json import pieces, render, schema
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult


def test_the_document_fits_its_schema(sample: AuditResult, hostile: AuditResult, empty: AuditResult) -> None:
    """What is written is what the generated JSON Schema describes."""
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    for result in (sample, hostile, empty):
        assert not list(validator.iter_errors(json.loads(render(result, RenderOptions()))))


def test_the_schema_refuses_what_is_missing(sample: AuditResult) -> None:
    """A document without its findings, or with a wrong severity, is not a result."""
    document = json.loads(render(sample, RenderOptions()))
    document["findings"][0]["severity"] = "fatal"
    del document["metrics"]
    assert len(list(Draft202012Validator(schema()).iter_errors(document))) == 2


def test_nothing_is_lost(sample: AuditResult, hostile: AuditResult) -> None:
    """Reading the document back gives the result that was written."""
    for result in (sample, hostile):
        assert msgspec.json.decode(render(result, RenderOptions()), type=AuditResult) == result


def test_findings_hold_the_contract(sample: AuditResult) -> None:
    """Rule, severity, message, place, fingerprint and trail; method and path when the subject is an endpoint."""
    document = json.loads(render(sample, RenderOptions()))
    assert next(iter(document)) == "schema_version"
    found = next(row for row in document["findings"] if row["rule"] == "zod/unvalidated-body")
    wanted = {"rule", "severity", "message", "file", "line", "column", "end_line", "fingerprint", "trail"}
    assert wanted <= found.keys()
    assert (found["method"], found["path"]) == ("POST", "/api/appointments")


def test_the_hostile_document_is_as_it_was(hostile: AuditResult, golden: Callable[[str, str], None]) -> None:
    """Every dangerous character is escaped, the file is indented by two and ends in a line break."""
    text = render(hostile, RenderOptions())
    assert not set(text) & set("\x1b\x9b\u202e\u2066\r")
    assert text.startswith('{\n  "schema_version": 1,\n')
    assert text.endswith("}\n")
    golden("hostile.json", text)


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_pieces_are_the_text(sample: AuditResult, hostile: AuditResult, empty: AuditResult, count: int) -> None:
    """However long the lists are: the text of the whole, in pieces of whole lines."""
    for result in (sample, hostile, empty):
        findings = (result.findings * count)[:count]
        long = structs.replace(result, findings=findings, endpoints=(result.endpoints * count)[:count])
        parts = list(pieces(long, RenderOptions()))
        assert "".join(parts) == encode(long)
        assert all(part.endswith("\n") for part in parts)
