"""Our own workflows, action and hook: what linters say of them."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.histories import PACKAGE, bad, commit, server

ROOT = Path(__file__).parents[2]
HOOK_KEYS = {
    *("id", "name", "entry", "language", "description", "language_version", "pass_filenames", "require_serial"),
    *("minimum_pre_commit_version", "args", "files", "exclude", "types", "types_or", "always_run", "stages"),
}
"""What pre-commit knows, as far as we could want it: https://pre-commit.com/#creating-new-hooks."""


def said(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a linter of the development dependencies on this repository."""
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or pytest.fail(f"{program} is not installed")
    return subprocess.run([found, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_actionlint_has_nothing_to_say() -> None:
    """Syntax, expressions, contexts, runner labels, shell scripts."""
    files = [str(file) for file in sorted((ROOT / ".github" / "workflows").glob("*.yml"))]
    done = said("actionlint", *files)
    assert (done.returncode, done.stdout) == (0, "")


def test_zizmor_has_nothing_to_say() -> None:
    """Injection, permissions, pins, credentials, dangerous triggers."""
    done = said("zizmor", "--offline", "--no-progress", ".github", "action.yml", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_says_what_it_takes_and_gives() -> None:
    """Every input and output is documented by the page on it, and every input has a default."""
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    page = (ROOT / "docs" / "github-action.md").read_text()
    assert all("default" in each and each["description"] for each in action["inputs"].values())
    for name in (*action["inputs"], *action["outputs"]):
        assert f"| `{name}` |" in page, name


def hook() -> dict[str, Any]:
    """The one there is."""
    (found,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert isinstance(found, dict)
    return found


def test_the_hook_is_one() -> None:
    """With the keys that pre-commit asks for, and none that it does not know."""
    found = hook()
    assert {"id", "name", "entry", "language"} <= set(found) <= HOOK_KEYS
    assert (found["language"], found["pass_filenames"]) == ("python", False)


def test_the_hook_works(tmp_path: Path) -> None:
    """It fails on a new error, passes with a baseline, and takes a folder as its argument."""
    program, *arguments = shlex.split(hook()["entry"])
    assert program == "medpro-audit"
    commit(tmp_path / "repository", {"api/package.json": PACKAGE, "api/server.js": server(bad("one"))})

    def run(*command: str) -> int:
        called = [sys.executable, "-m", "medpro_audit", *command]
        return subprocess.run(called, cwd=tmp_path / "repository", capture_output=True, check=False).returncode

    assert run(*arguments) == 1
    assert run("baseline", "write", "api") == 0
    assert run(*arguments, "api") == 0
    commit(tmp_path / "repository", {"api/server.js": server(bad("one", "two"))})
    assert run(*arguments, "api") == 1
