"""Checkstyle XML."""

import msgspec
import pytest

from medpro_audit.reporters.checkstyle import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult
from reporters.strict_xml import parsed


@pytest.mark.parametrize("name", ["sample", "hostile", "empty", "crowd", "known"])
def test_all_findings_are_there_by_file(name: str, request: pytest.FixtureRequest) -> None:
    """Each file once, in order; lines count from 1; what a comment accepts is nowhere."""
    result: AuditResult = request.getfixturevalue(name)
    text = render(result, RenderOptions())
    root = parsed(text)
    assert {element.tag for element in root.iter()} <= {"checkstyle", "file", "error"}
    names = [file.get("name") or "" for file in root]
    assert names == sorted(set(names))
    errors = [error for file in root for error in file]
    assert len(errors) == len(result.findings)
    assert {error.get("severity") for error in errors} <= {"error", "warning", "info", "ignore"}
    assert all(int(error.get("line", "0")) >= 1 for error in errors)
    assert "SUPPRESSED" not in text


def test_paths_begin_at_the_repository(sample: AuditResult) -> None:
    """When a folder of it was scanned."""
    root = parsed(render(sample, RenderOptions(prefix="api/")))
    assert all((file.get("name") or "").startswith("api/") for file in root)


def test_the_order_of_the_findings_does_not_matter(crowd: AuditResult) -> None:
    """Equal bytes."""
    reverse = msgspec.structs.replace(crowd, findings=crowd.findings[::-1])
    assert render(crowd, RenderOptions()) == render(reverse, RenderOptions())


def test_hostile_text_is_data(hostile: AuditResult) -> None:
    """Of a message, a path and a rule."""
    evil = "]]><x a='\"'/>&amp;\x00\ufffe\ud800"
    finding = msgspec.structs.replace(hostile.findings[0], message=evil, file=evil, rule=f"a/{evil}")
    root = parsed(render(msgspec.structs.replace(hostile, findings=(finding,)), RenderOptions()))
    shown = "]]><x a='\"'/>&amp;\ufffd\ufffd"
    (error,) = root[0]
    assert (root[0].get("name"), error.get("message")) == (shown, shown)
