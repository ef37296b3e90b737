"""SARIF as GitHub reads it."""

import json
import subprocess
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec
import pytest
from jsonschema import Draft202012Validator

from medpro_audit.core.finding import Finding
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.sarif import MOST_RESULTS, MOST_STEPS, render
from medpro_audit.result import AuditResult

MULTITOOL = "@microsoft/sarif-multitool-linux"


def log_of(result: AuditResult, **options: Any) -> dict[str, Any]:
    """The one run of the log."""
    document = json.loads(render(result, RenderOptions(**options)))
    run: dict[str, Any] = document["runs"][0]
    return run


@pytest.fixture(params=["sample", "hostile", "empty"])
def result(request: pytest.FixtureRequest) -> AuditResult:
    """Each of the results."""
    found: AuditResult = request.getfixturevalue(request.param)
    return found


def test_the_log_fits_the_official_schema(result: AuditResult, node_package: Callable[[str], Path]) -> None:
    """The SARIF 2.1.0 JSON Schema, as the SARIF SDK ships it, accepts the log."""
    schema = json.loads((node_package(MULTITOOL) / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    document = json.loads(render(result, RenderOptions()))
    assert not list(Draft202012Validator(schema).iter_errors(document))


@pytest.mark.node
def test_the_official_validator_accepts_it(
    result: AuditResult, node_package: Callable[[str], Path], tmp_path: Path
) -> None:
    """Neither SARIF's own rules nor those of GitHub Advanced Security find an error; the one warning is known."""
    program = node_package(MULTITOOL) / "Sarif.Multitool"
    (tmp_path / "log.sarif").write_text(render(result, RenderOptions()), encoding="utf-8")
    command = [str(program), "validate", "log.sarif", "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120)
    said = [line for line in done.stdout.splitlines() if ": error " in line or ": warning " in line]
    assert "Analysis completed successfully" in done.stdout
    assert [line for line in said if "SARIF2005" not in line] == []


def test_results_hold_what_github_requires(result: AuditResult) -> None:
    """Message, one location with a full region inside the file, and the fingerprint; every rule its help."""
    run = log_of(result)
    rules = run["tool"]["driver"]["rules"]
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        tags = rule["properties"].get("tags", [])
        assert len(tags) <= 10
        assert rule["properties"]["precision"] == "high"
        assert ("security-severity" in rule["properties"]) == ("security" in tags)
    for found in run["results"]:
        assert rules[found["ruleIndex"]]["id"] == found["ruleId"]
        assert 0 < len(found["message"]["text"]) <= 1024
        region = found["locations"][0]["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
        assert region["startLine"] >= 1
        assert list(found["partialFingerprints"]) == ["primaryLocationLineHash"]


def test_uris_are_relative_and_encoded(result: AuditResult) -> None:
    """No URI names the machine; each decodes to the file it stands for."""
    run = log_of(result)
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"description": {"text": "The root of the repository."}}}
    for found, finding in zip(run["results"], sorted(result.findings, key=lambda one: one.order), strict=True):
        artifact = found["locations"][0]["physicalLocation"]["artifactLocation"]
        assert artifact["uriBaseId"] == "%SRCROOT%"
        assert artifact["uri"].isascii()
        assert not artifact["uri"].startswith("/")
        assert not set(artifact["uri"]) & set(' <>"|\\`{}^:')
        assert unquote(artifact["uri"]) == finding.file


def test_paths_begin_at_the_repository(sample: AuditResult) -> None:
    """When a folder of the repository was scanned, its path stands before every other."""
    run = log_of(sample, prefix="packages/api/")
    uris = {found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for found in run["results"]}
    assert all(uri.startswith("packages/api/") for uri in uris)


def test_rules_are_tagged_as_github_sorts_them(hostile: AuditResult) -> None:
    """Weaknesses in GitHub's spelling, the metric as a tag that is not taken for a kind of alert."""
    tags = log_of(hostile)["tool"]["driver"]["rules"][0]["properties"]["tags"]
    assert tags[1:] == ["security", "external/cwe/cwe-020", "metric/security"]


def test_the_trail_is_a_code_flow(sample: AuditResult) -> None:
    """Each step stands with its place and its words, in order."""
    flow = log_of(sample)["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"]
    trail = min(sample.findings, key=lambda one: one.order).trail
    assert [step["location"]["message"]["text"] for step in flow] == [step.text for step in trail]
    assert [step["location"]["physicalLocation"]["region"]["startLine"] for step in flow] == [s.line for s in trail]


def test_equal_findings_are_told_apart(sample: AuditResult) -> None:
    """GitHub would take findings of one hash for one alert, so their order is added."""
    twice = msgspec.structs.replace(sample, findings=(sample.findings[0],) * 2)
    hashes = [found["partialFingerprints"]["primaryLocationLineHash"] for found in log_of(twice)["results"]]
    assert hashes == [f"{sample.findings[0].fingerprint}:1", f"{sample.findings[0].fingerprint}:2"]


def test_too_many_results_are_cut_by_severity(sample: AuditResult) -> None:
    """The worst are kept, and a notification says that others are missing."""
    notes = tuple(islice(cycle(one for one in sample.findings if one.severity == "note"), MOST_RESULTS))
    errors = tuple(one for one in sample.findings if one.severity == "error")
    run = log_of(msgspec.structs.replace(sample, findings=(*notes, *errors)))
    assert len(run["results"]) == MOST_RESULTS
    assert [found["level"] for found in run["results"]][: len(errors)] == ["error"] * len(errors)
    notification = run["invocations"][0]["toolExecutionNotifications"][0]
    assert notification["message"]["text"].startswith("Only the worst 25,000 of 25,015 findings")


def test_long_trails_and_texts_are_cut(sample: AuditResult) -> None:
    """A trail keeps its last steps, a message its first 1,024 characters."""
    long = msgspec.structs.replace(sample.findings[0], trail=sample.findings[0].trail * MOST_STEPS, message="m" * 5000)
    found = log_of(msgspec.structs.replace(sample, findings=(long,)))["results"][0]
    assert len(found["codeFlows"][0]["threadFlows"][0]["locations"]) == MOST_STEPS
    assert len(found["message"]["text"]) == 1024


def test_notices_are_notifications(sample: AuditResult, hostile: AuditResult) -> None:
    """What could not be read is told with its place; a fault of ours makes the run unsuccessful."""
    invocation = log_of(sample)["invocations"][0]
    assert invocation["executionSuccessful"] is True
    assert {one["descriptor"]["id"] for one in invocation["toolExecutionNotifications"]} == {
        "limit",
        "syntax-error",
        "unresolved-route",
    }
    kinds = log_of(sample)["tool"]["driver"]["notifications"]
    for one in invocation["toolExecutionNotifications"]:
        assert kinds[one["descriptor"]["index"]]["id"] == one["descriptor"]["id"]
    assert log_of(hostile)["invocations"][0]["executionSuccessful"] is False


def test_a_message_holds_no_link(sample: AuditResult) -> None:
    """Brackets of the repository don't become an embedded link; harmless ones stay as they are."""
    findings: tuple[Finding, ...] = tuple(
        msgspec.structs.replace(sample.findings[0], message=text, fingerprint=text)
        for text in ("see [here](javascript:alert)", "path /[a-z]+/")
    )
    texts = [
        found["message"]["text"] for found in log_of(msgspec.structs.replace(sample, findings=findings))["results"]
    ]
    fix = "Take host, user, password and database from the environment, in one module."
    assert set(texts) == {f"see \\[here\\](javascript:alert). {fix}", f"path /[a-z]+/. {fix}"}


def test_the_hostile_log_is_as_it_was(hostile: AuditResult, golden: Callable[[str, str], None]) -> None:
    """The whole log of the hostile result."""
    golden("hostile.sarif", render(hostile, RenderOptions()))
