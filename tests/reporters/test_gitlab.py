"""GitLab's code quality report."""

import json
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from medpro_audit.reporters.gitlab import render
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.result import AuditResult

# https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, in the words of a schema.
SCHEMA = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": r"^(?!\./|/)"},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer"}},
                    },
                },
            },
        },
    },
}


@pytest.mark.parametrize("name", ["sample", "hostile", "empty", "crowd", "known"])
def test_the_report_has_the_documented_shape(name: str, request: pytest.FixtureRequest) -> None:
    """Whatever was found; every finding is there, GitLab compares them itself."""
    result: AuditResult = request.getfixturevalue(name)
    text = render(result, RenderOptions())
    issues: list[dict[str, Any]] = json.loads(text)
    assert not list(Draft202012Validator(SCHEMA).iter_errors(issues))
    assert {issue["fingerprint"] for issue in issues} == {finding.fingerprint for finding in result.findings}
    assert all(issue["location"]["lines"]["end"] >= issue["location"]["lines"]["begin"] for issue in issues)
    assert "SUPPRESSED" not in text


def test_hostile_text_is_visible(hostile: AuditResult) -> None:
    """No character that hides or reorders others, and paths are what they were."""
    text = render(hostile, RenderOptions(prefix="api/"))
    assert not set(text) & set("\u202e\u2066\x1b\x9b")
    issues = json.loads(text)
    assert {issue["location"]["path"] for issue in issues} == {f"api/{finding.file}" for finding in hostile.findings}
    assert "\n" not in issues[0]["description"]


def test_the_order_of_the_findings_does_not_matter(crowd: AuditResult) -> None:
    """Equal bytes."""
    reverse = msgspec.structs.replace(crowd, findings=crowd.findings[::-1])
    assert render(crowd, RenderOptions()) == render(reverse, RenderOptions())
