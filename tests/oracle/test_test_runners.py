"""Test runners say themselves which files they take, and which cases they skip."""

import json
import os
import subprocess
from pathlib import Path
from typing import cast

import pytest

from medpro_audit.model.subjects import test_case, test_file
from model.memory import repository
from oracle.running import HERE, is_continuous_integration, unavailable

pytestmark = pytest.mark.node

FILES = (
    *("a.test.js", "a.spec.mjs", "tests/a.js", "tests/b.test.js", "src/__tests__/c.js", "src/__tests__/deep/c.js"),
    *("src/d.test.ts", "src/d.js", "test/e.js", "test/unit/f.js", "test/unit/f.test.js", "test/helpers/g.js"),
    *("spec/h.js", "src/i-test.js", "test-j.js", "src/k.tests.js", "lib/l.spec.jsx", "src/m.int.test.js"),
    *("dist/n.test.js", "build/o.test.js"),
)
JEST: tuple[tuple[str, dict[str, object]], ...] = (
    ("jest", {}),
    ("jest", {"testMatch": ["**/tests/**/*.js"]}),
    ("jest", {"testMatch": ["<rootDir>/src/**/*.test.[jt]s"]}),
    ("jest", {"testMatch": ["src/**/*.test.js"]}),
    ("jest", {"testMatch": ["**/?(*.)+(spec|test).js", "**/*-test.js"]}),
    ("jest", {"testMatch": ["**/{tests,spec}/**/*.js"]}),
    ("jest", {"testMatch": ["**/*.@(test|spec).js", "!**/dist/**"]}),
    ("jest", {"testRegex": "/test/.*\\.js$"}),
    ("jest", {"testRegex": ["(/__tests__/.*|(\\.|/)(test|spec))\\.[jt]sx?$"]}),
    ("jest", {"testRegex": "^<rootDir>/src/.*\\.test\\.js$"}),
    ("jest", {"testPathIgnorePatterns": ["/tests/", "dist"]}),
    ("jest", {"testPathIgnorePatterns": ["<rootDir>/src/"]}),
    ("jest", {"roots": ["<rootDir>/src", "<rootDir>/test"]}),
    ("jest", {"rootDir": "src"}),
    ("jest", {"rootDir": "src", "testMatch": ["<rootDir>/**/*.test.js"]}),
    ("jest", {"moduleFileExtensions": ["js", "json"]}),
    ("jest tests/b", {}),
    ("jest --testPathPattern unit", {}),
    ("jest src d.test", {}),
    ("jest ./test/unit", {}),
    ("jest --testPathIgnorePatterns dist", {}),
)
MOCHA: tuple[tuple[str, dict[str, object]], ...] = (
    ("mocha", {}),
    ("mocha --recursive", {}),
    ("mocha test/unit", {}),
    ("mocha 'src/**/*.test.js'", {}),
    ("mocha --recursive tests spec", {}),
    ("mocha", {"spec": ["tests/*.js"], "recursive": True}),
    ("mocha", {"spec": "test/**/*.js", "ignore": "test/helpers/**"}),
    ("mocha", {"spec": "spec", "extension": ["js"]}),
)
MARKED = """
test('a', () => {});
test.skip('b', () => {});
test.todo('c');
xit('d', () => {});
describe.skip('e', () => { test('f', () => {}); describe('g', () => { it('h', () => {}); }); });
describe('i', () => { it('j', () => {}); test.each([1, 2])('k %s', () => {}); });
describe('n', () => { xdescribe('l', () => { it('m', () => {}); }); });
"""


@pytest.fixture(autouse=True)
def _runners() -> None:
    reason = unavailable() or (None if (HERE / "node_modules" / "jest").is_dir() else "Jest is not installed")
    if reason is not None and not is_continuous_integration():
        pytest.skip(reason)


def project(script: str, config: str, settings: dict[str, object]) -> dict[str, str]:
    """A package with every file of `FILES`, and one that serves."""
    files = dict.fromkeys(FILES, "it('x', () => {});\n")
    package = {"scripts": {"test": script, "start": "node server.js"}, "dependencies": {"express": "^5.0.0"}}
    files["package.json"] = json.dumps(package)
    if settings:
        files[config] = json.dumps(settings)
    return files


def run(command: str, folder: Path, files: dict[str, str]) -> str:
    """Write a project and start a program of the oracle in it."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)
    path = f"{HERE / 'node_modules' / '.bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    ).stdout


def disagreements(files: dict[str, str], taken: set[str]) -> dict[str, bool]:
    """Files of which we are sure, and say otherwise."""
    found = cast("tuple[test_file.TestFile, ...]", repository(files).found("test-file"))
    assert taken <= {each.file for each in found}
    return {each.file: each.is_run for each in found if each.is_run not in (None, each.file in taken)}


@pytest.mark.parametrize(("script", "settings"), JEST)
def test_jest_takes_the_files_that_we_say(script: str, settings: dict[str, object], tmp_path: Path) -> None:
    """``--listTests`` is asked."""
    files = project(script, "jest.config.json", settings)
    listed = run(f"{script} --listTests --passWithNoTests", tmp_path, files).splitlines()
    taken = {Path(path).relative_to(tmp_path.resolve()).as_posix() for path in listed if path}
    assert disagreements(files, taken) == {}


@pytest.mark.parametrize(("script", "settings"), MOCHA)
def test_mocha_takes_the_files_that_we_say(script: str, settings: dict[str, object], tmp_path: Path) -> None:
    """A dry run names them."""
    files = project(script, ".mocharc.json", settings)
    printed = run(f"{script} --dry-run -R json", tmp_path, files)
    tests = json.loads(printed[printed.index("{") :])["tests"]
    taken = {Path(test["file"]).relative_to(tmp_path.resolve()).as_posix() for test in tests}
    assert disagreements(files, taken) == {}


def test_jest_skips_the_cases_that_we_say(tmp_path: Path) -> None:
    """Those of a skipped suite among them; a table of two rows is one case that is written."""
    files = {"package.json": '{"scripts": {"test": "jest"}}', "a.test.js": MARKED}
    told = json.loads(run("jest --json --silent", tmp_path, files))["testResults"][0]["assertionResults"]
    states = {"passed": "runs", "pending": "skipped", "todo": "todo"}
    expected = {test["title"].replace("1", "%s").replace("2", "%s"): states[test["status"]] for test in told}
    found = cast("tuple[test_case.TestCase, ...]", repository(files).found("test-case"))
    ours = {case.title.rpartition(" > ")[2]: case.state for case in found if case.kind == "case"}
    assert ours == expected
