"""The whole flow, from a directory to the result of its audit."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec
import pytest

from medpro_audit.adapters.rule_files import read_packs
from medpro_audit.core.config import GateConfig
from medpro_audit.core.errors import UsageError
from medpro_audit.pipeline import audit, audit_files, load_rules, open_project
from medpro_audit.result import AuditResult
from medpro_audit.rules.loading import load_packs
from packs import PACKS, only

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "clinic-api"
EXPECTED = ROOT / "tests" / "oracle" / "expected" / "clinic-api.json"

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a project in the order that is given."""

    def written(files: Mapping[str, str]) -> Path:
        root = tmp_path / "project"
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    return written


def audited(root: Path, gate: GateConfig | None = None) -> AuditResult:
    """Audit a directory by the shipped rules."""
    project = open_project(root)
    return audit(project, load_rules(project), gate)


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> AuditResult:
    """The example back end, audited where no repository around it has a CI of its own."""
    copy = tmp_path_factory.mktemp("copy") / EXAMPLE.name
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("node_modules"))
    return audited(copy)


def test_the_example_has_the_endpoints_that_it_registers(example: AuditResult) -> None:
    """The hand-checked file says which, and each row has its place and handler."""
    rows = json.loads(EXPECTED.read_text())["routes"]
    stated = [(row["method"], row["path"], f"{row['file']}:{row['line']}", row["handler_place"]) for row in rows]
    found = [
        (one.method, one.path, f"{one.file}:{one.line}", f"{one.handler.file}:{one.handler.line}")
        for one in example.endpoints
        if one.mounted
    ]
    assert sorted(found) == sorted(stated)


def test_the_example_is_understood(example: AuditResult) -> None:
    """Every file is parsed, every import resolved, every handler found; one router was left unmounted on purpose."""
    seen = example.completeness
    assert seen.files_parsed == seen.files > 60
    assert seen.imports_resolved == seen.imports
    assert {one.file for one in example.endpoints if not one.mounted} == {"routes/wardRoutes.js"}
    assert seen.routers_mounted == seen.routers - 1
    assert seen.routes_resolved == seen.routes
    assert seen.handlers_known == seen.endpoints == len(example.endpoints)
    assert [notice for notice in example.notices if notice.kind == "internal"] == []


def test_the_example_is_half_way(example: AuditResult) -> None:
    """All packs have something to say, but that on comments; some of it holds, and some of it does not."""
    packs = Counter(finding.rule.partition("/")[0] for finding in example.findings)
    assert set(packs) == set(PACKS) - {"suppressions"}
    [quality] = [metric for metric in example.metrics if metric.id == "code-quality"]
    assert quality.share is not None
    assert 0 < quality.share < quality.target
    validated = [one.identity for one in example.endpoints if one.validation.body.status == "validated"]
    assert any("patients" in identity for identity in validated)
    assert len({(one.host, one.port) for one in example.connections}) > 1


def test_findings_are_sorted_and_told_apart(example: AuditResult) -> None:
    """Worst first; no two have the same fingerprint; each points into a file that there is."""
    assert list(example.findings) == sorted(example.findings, key=lambda finding: finding.order)
    fingerprints = Counter(finding.fingerprint for finding in example.findings)
    assert [print_ for print_, count in fingerprints.items() if count > 1] == []
    for finding in example.findings:
        lines = (EXAMPLE / finding.file).read_text().splitlines()
        assert 1 <= finding.line <= finding.end_line <= len(lines)


def test_measures_add_up(example: AuditResult) -> None:
    """A metric is made of its rules; what breaks one is a finding of it."""
    broken = Counter(finding.rule for finding in example.findings)
    for metric in example.metrics:
        assert metric.numerator == sum(measure.conforming for measure in metric.measures)
        assert metric.denominator == sum(measure.applicable for measure in metric.measures)
        for measure in metric.measures:
            assert measure.applicable - measure.conforming - measure.unknown == broken[measure.rule]


def test_the_same_project_elsewhere_gives_the_same_result(example: AuditResult, tmp_path: Path) -> None:
    """Nothing depends on where it stands, on when it was written, or on the order in which a folder lists its files."""
    copy = tmp_path / "elsewhere" / EXAMPLE.name
    files = [path for path in EXAMPLE.rglob("*") if path.is_file() and "node_modules" not in path.parts]
    for path in sorted(files, reverse=True):
        target = copy / path.relative_to(EXAMPLE)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    assert msgspec.json.encode(audited(copy)) == msgspec.json.encode(example)


def test_moved_code_keeps_its_fingerprints(example: AuditResult, tmp_path: Path) -> None:
    """Lines above a finding do not make it a new one."""
    copy = tmp_path / EXAMPLE.name
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns("node_modules"))
    for path in copy.rglob("*.js"):
        path.write_text(f"// a new line\n\n{path.read_text()}")
    moved = {(finding.rule, finding.fingerprint) for finding in audited(copy).findings}
    assert moved == {(finding.rule, finding.fingerprint) for finding in example.findings}


APP = (
    "const app = require('express')(), kept = [];\n"
    "app.post('/x', (req, res) => res.json(kept.push(req.body.a)));\n"
    "app.listen(1);\n"
)
PACKAGE = '{"name": "NAME", "main": "server.js", "dependencies": {"express": "5"}}'
MONOREPO = {
    "package.json": '{"name": "root", "workspaces": ["packages/*"]}',
    "packages/a/package.json": PACKAGE.replace("NAME", "a"),
    "packages/a/server.js": APP,
    "packages/b/package.json": PACKAGE.replace("NAME", "b"),
    "packages/b/server.js": APP.replace("req.body.a", "{}"),
}


def test_each_backend_of_a_monorepo_has_its_own_scorecard(write: Write) -> None:
    """The whole is the sum of them."""
    result = audited(write({**MONOREPO, "medpro-audit.toml": only("zod", "database")}))
    shown = [(one.root, one.name, one.endpoints, one.findings) for one in result.backends]
    assert shown == [("packages/a", "a", 1, 1), ("packages/b", "b", 1, 0)]
    assert {finding.backend for finding in result.findings} == {"packages/a"}
    for index, metric in enumerate(result.metrics):
        assert metric.denominator == sum(one.metrics[index].denominator for one in result.backends)


def test_one_package_of_a_monorepo_may_be_scanned_alone(write: Write) -> None:
    """Its paths are relative to it."""
    result = audited(write(MONOREPO) / "packages" / "a")
    assert [(one.root, one.name) for one in result.backends] == [(".", "a")]
    assert [endpoint.file for endpoint in result.endpoints] == ["server.js"]


def test_a_gate_may_be_given(write: Write) -> None:
    """In place of the configured one."""
    root = write({**MONOREPO, "medpro-audit.toml": "[gate]\nminimum = { code-quality = 0 }\n"})
    assert audited(root).verdict.status == "passed"
    assert audited(root, GateConfig(fail_on="error")).verdict.status == "failed"


def test_rules_are_selected_by_the_configuration(write: Write) -> None:
    """Switched off, or of another severity."""
    config = only("zod", "database") + 'severity = { "zod/unvalidated-body" = "note" }\n'
    result = audited(write({**MONOREPO, "medpro-audit.toml": config}))
    assert [finding.severity for finding in result.findings] == ["note"]
    assert {rule.id.partition("/")[0] for rule in result.rules} == {"zod", "database"}


def test_a_result_survives_its_own_format(example: AuditResult) -> None:
    """What is written as JSON can be read again."""
    assert msgspec.json.decode(msgspec.json.encode(example), type=AuditResult) == example


def test_files_in_memory_are_audited() -> None:
    """As rule tests have them."""
    findings = audit_files({"server.js": APP.encode()}, load_packs(read_packs()))
    assert ("zod/unvalidated-body", "server.js", 2) in {(each.rule, each.file, each.line) for each in findings}


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    """Before anything is read."""
    with pytest.raises(UsageError, match="there is no such folder"):
        open_project(tmp_path / "nowhere")
