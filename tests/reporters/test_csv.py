"""Findings for spreadsheets."""

import csv
import io

import msgspec
import pytest

from medpro_audit.reporters.csv import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

COLUMNS = ["rule", "severity", "file", "line", "column", "method", "path", "message", "new", "backend", "fingerprint"]


def rows(text: str) -> list[dict[str, str]]:
    """The table, read back strictly."""
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    found = list(reader)
    assert reader.fieldnames == COLUMNS
    assert all(None not in row and None not in row.values() for row in found)
    return found


@pytest.mark.parametrize("name", ["sample", "hostile", "empty", "crowd", "known"])
def test_every_finding_is_a_row(name: str, request: pytest.FixtureRequest) -> None:
    """The worst first, one line each, whatever stands in it; what a comment accepts is nowhere."""
    result: AuditResult = request.getfixturevalue(name)
    text = render(result, RenderOptions())
    found = rows(text)
    ordered = sorted(result.findings, key=lambda one: one.order)
    assert [row["fingerprint"] for row in found] == [one.fingerprint for one in ordered]
    assert text.count("\r\n") == len(found) + 1 == text.count("\n")
    assert "SUPPRESSED" not in text


def test_what_is_new_is_marked(known: AuditResult) -> None:
    """What baseline or base knows is there too."""
    assert [row["new"] for row in rows(render(known, RenderOptions()))][:3] == ["no", "no", "yes"]


def test_paths_begin_at_the_repository(sample: AuditResult) -> None:
    """When a folder of it was scanned."""
    found = rows(render(sample, RenderOptions(prefix="api/")))
    assert all(row["file"].startswith("api/") for row in found)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", " '=1"),
        ("\u200b=1", "'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("a;=1", "a;'=1"),
        ('x","=1', 'x","=1'),
        ("a = b - c; d", "a = b - c; d"),
    ],
)
def test_no_spreadsheet_computes_it(sample: AuditResult, value: str, shown: str) -> None:
    """Nor where columns are parted at semicolons; ordinary text stays as it is."""
    finding = msgspec.structs.replace(sample.findings[0], message=value, path=value)
    (row,) = rows(render(msgspec.structs.replace(sample, findings=(finding,)), RenderOptions()))
    assert (row["message"], row["path"]) == (shown, shown)


def test_the_order_of_the_findings_does_not_matter(crowd: AuditResult) -> None:
    """Equal bytes."""
    reverse = msgspec.structs.replace(crowd, findings=crowd.findings[::-1])
    assert render(crowd, RenderOptions()) == render(reverse, RenderOptions())
