"""The weekly workflow, run by a real runner on this machine, as far as it runs outside of GitHub."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from cli.histories import PACKAGE, bad, commit, git, server
from medpro_audit.adapters.github_weekly import weekly_text
from medpro_audit.adapters.history_branch import BRANCH

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "weekly.yml"
STUB = "name: stub\ninputs: {}\nruns: {using: composite, steps: [{shell: bash, run: 'true'}]}\n"

Run = Callable[..., str]


def test_ours_is_what_users_get() -> None:
    """But for where the program comes from."""
    install = "python -m pip install --quiet --disable-pip-version-check '.[postgresql]'"
    assert WORKFLOW.read_text() == weekly_text("examples/clinic-api", "main", install)


def test_each_job_may_do_what_it_does_and_no_more() -> None:
    """Nothing runs in a fork; secrets reach the job that delivers only."""
    workflow = yaml.safe_load(WORKFLOW.read_text())
    rights = {name: job["permissions"] for name, job in workflow["jobs"].items()}
    assert workflow["permissions"] == {}
    assert rights == {
        "record": {"contents": "write"},
        "report": {"contents": "read"},
        "publish": {"pages": "write", "id-token": "write"},
        "deliver": {"contents": "read", "issues": "write"},
    }
    assert all("fork" in workflow["jobs"][name]["if"] for name in ("record", "report"))
    secret = {name for name, job in workflow["jobs"].items() if "SLACK" in json.dumps(job)}
    assert secret == {"deliver"}


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """The repository on GitHub: a back end and the workflow, without the step that installs."""
    text = re.sub(r"\n      - run: python -m pip install .*", "", WORKFLOW.read_text())
    text = text.replace("DIRECTORY: examples/clinic-api", "DIRECTORY: api")
    first = tmp_path / "first"
    files = {"api/package.json": PACKAGE, "api/server.js": server(bad("one")), "README.md": "x"}
    commit(first, {**files, ".github/workflows/weekly.yml": text})
    git(tmp_path, "clone", "-q", "--bare", str(first), str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


@pytest.fixture
def run(remote: Path, tmp_path: Path) -> Run:
    """Runs the workflow in a fresh clone, as a runner does, after a commit."""
    programs = tmp_path / "programs"
    programs.mkdir()
    program = programs / "medpro-audit"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m medpro_audit "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / "action.yml").write_text(STUB)
    git(stub, "init", "-q")
    numbers = iter(range(99))

    def workflow(event: str, *, fork: bool = False, **files: str) -> str:
        folder = tmp_path / f"clone{next(numbers)}"
        git(tmp_path, "clone", "-q", f"file://{remote}", str(folder))
        if files:
            commit(folder, {f"api/{name}.js": text for name, text in files.items()})
            git(folder, "push", "-q", "origin", "HEAD")
        (tmp_path / "event.json").write_text(json.dumps({"repository": {"fork": fork, "full_name": "team/clinic"}}))
        pins = re.findall(r"uses: (actions/(?!checkout)[\w-]+@\w{40})", WORKFLOW.read_text())
        stubs = [part for pin in sorted(set(pins)) for part in ("--local-repository", f"{pin}={stub}")]
        command = [
            "act",
            event,
            "-P",
            "ubuntu-latest=-self-hosted",
            "--no-cache-server",
            "-e",
            str(tmp_path / "event.json"),
        ]
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "PYTHON"))}
        environment |= {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
        done = subprocess.run(
            [*command, *stubs], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
        )
        log = done.stdout + done.stderr
        assert done.returncode == 0, log
        return log

    return workflow


def recorded(remote: Path) -> list[str]:
    """The scans that the branch carries."""
    branches = git(remote, "branch", "--list", BRANCH)
    names = git(remote, "ls-tree", "--name-only", BRANCH).splitlines() if branches else []
    return [name for name in names if name.endswith(".jsonl")]


@pytest.mark.act
def test_pushes_are_recorded_in_a_branch(run: Run, remote: Path) -> None:
    """The first makes it, the second adds to it; a week's report is made of it, and nothing is delivered unasked."""
    run("push")
    assert len(recorded(remote)) == 1
    run("push", server=server(bad("one", "two")))
    assert len(recorded(remote)) == 2
    log = run("schedule")
    assert "2 scans of origin/medpro-audit-history added" in log
    assert "messages/issue.md written" in log
    assert "Not published to Pages" in log
    assert "No issue: GITHUB_TOKEN" in log
    assert len(recorded(remote)) == 2


@pytest.mark.act
def test_a_fork_does_nothing(run: Run, remote: Path) -> None:
    """It has neither the rights nor the readers."""
    run("push", fork=True)
    run("schedule", fork=True)
    assert recorded(remote) == []
