"""The action, run by a real runner on this machine, in repositories made for it."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from adapters.github_stand import listening
from medpro_audit.reporters.sections import sections_of
from packs import only

ROOT = Path(__file__).parents[2]
PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5", "zod": "4"}}'
HEAD = "const app = require('express')(), kept = [];\n"
BAD = "app.post('/{0}', (req, res) => res.json(kept.push(req.body.{0})));\n"
STUB = """\
name: stub
inputs: {path: {default: ''}, key: {default: ''}, restore-keys: {default: ''}, sarif_file: {default: ''}}
runs: {using: composite, steps: [{shell: bash, run: "true"}]}
"""
WORKFLOW = """\
on: pull_request
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - id: audit
        uses: ./
        with: {WITH}
      - if: always()
        env: { SAID: "${{ toJSON(steps.audit.outputs) }}", REPORTS: "${{ runner.temp }}/medpro-audit-reports/backend" }
        run: |
          printf '%s' "$SAID" > "$OUTPUTS"
          if [ -d "$REPORTS" ]; then cp -r "$REPORTS" "$OUTPUTS.reports"; fi
"""
pytestmark = pytest.mark.act


class Run(NamedTuple):
    """What a run of the workflow has left."""

    is_success: bool
    log: str
    outputs: dict[str, str]
    reports: Path
    """Where the reports were copied to."""


Audit = Callable[..., Run]


def _git(folder: Path, *arguments: str) -> str:
    options = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", *options, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _commit(folder: Path, files: Mapping[str, str]) -> str:
    for path, text in files.items():
        target = folder / "backend" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    _git(folder, "add", "-A", "--force")
    _git(folder, "commit", "-qm", "step", "--allow-empty")
    return _git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="session")
def action(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds the action as a release would."""
    folder = tmp_path_factory.mktemp("action")
    for name in ("action.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, folder / name)
    for name in ("medpro_audit", "rules", "reports"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / ".github" / "workflows").mkdir(parents=True)
    stub = folder / "stub"
    (stub / "upload-sarif").mkdir(parents=True)
    for place in (stub, stub / "upload-sarif"):
        (place / "action.yml").write_text(STUB)
    _git(folder, "init", "-q")
    return folder


@pytest.fixture
def audit(action: Path, tmp_path: Path) -> Audit:
    """Runs the action in a repository with two commits, the second that of a pull request."""

    def run(  # noqa: PLR0913 - what can be different about a request
        before: Mapping[str, str],
        after: Mapping[str, str],
        *,
        fork: bool = False,
        shallow: bool = False,
        remote: Path | None = None,
        workflow: str = WORKFLOW,
        link: tuple[str, Path] | None = None,
        api: str = "",
        **inputs: str,
    ) -> Run:
        folder = tmp_path / "repository"
        shutil.copytree(action, folder)
        given = {"directory": "backend", "fail-on": "error", "comment": "false", **inputs}
        (folder / ".github" / "workflows" / "try.yml").write_text(workflow.replace("{WITH}", json.dumps(given)))
        base = _commit(folder, {"package.json": PACKAGE, "medpro-audit.toml": only("zod"), **before})
        if link is not None:
            (folder / "backend" / link[0]).symlink_to(link[1])
        _commit(folder, after)
        origin = f"file://{remote}" if remote is not None else "https://github.com/team/clinic"
        _git(folder, "remote", "add", "origin", origin)
        if shallow:
            clone = tmp_path / "clone"
            _git(tmp_path, "clone", "-q", "--depth", "1", f"file://{folder}", str(clone))
            folder = clone
        head = {"sha": "", "repo": {"full_name": "stranger/clinic" if fork else "team/clinic"}}
        event = {
            "pull_request": {"number": 7, "base": {"sha": base}, "head": head},
            "repository": {"full_name": "team/clinic"},
        }
        (tmp_path / "event.json").write_text(json.dumps(event))
        return _act(folder, tmp_path, api)

    return run


def _act(folder: Path, tmp_path: Path, api: str) -> Run:
    pins = re.findall(r"uses: ((?:actions/cache|github/codeql-action)[\w/-]*)@(\w+)", (ROOT / "action.yml").read_text())
    stubs = [
        argument
        for name, commit in pins
        for argument in ("--local-repository", f"{'/'.join(name.split('/')[:2])}@{commit}={folder / 'stub'}")
    ]
    outputs = tmp_path / "outputs.json"
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    command = ["act", "pull_request", "-P", "ubuntu-latest=-self-hosted", "--no-cache-server"]
    command += ["-W", ".github/workflows/try.yml", "-e", str(tmp_path / "event.json"), "--env", f"OUTPUTS={outputs}"]
    command += ["--env", f"GITHUB_API_URL={api}"] if api else []
    done = subprocess.run(
        [*command, *stubs], cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    log = done.stdout + done.stderr
    assert outputs.exists(), log
    return Run(done.returncode == 0, log, json.loads(outputs.read_text()), Path(f"{outputs}.reports"))


def test_a_change_that_makes_nothing_worse_passes(audit: Audit) -> None:
    """Though there is something old; outputs and reports are there."""
    run = audit({"server.js": HEAD + BAD.format("old")}, {"README.md": "x"}, sarif="true")
    assert run.is_success, run.log
    assert (run.outputs["verdict"], run.outputs["new"], run.outputs["fixed"]) == ("passed", "0", "0")
    assert run.outputs["exit-code"] == "0"
    assert "zod/unvalidated-body" in (run.reports / Path(run.outputs["sarif"]).name).read_text()
    assert (run.reports / Path(run.outputs["html"]).name).read_text().startswith("<!doctype html>")


def test_a_change_that_makes_it_worse_fails_and_says_so(audit: Audit) -> None:
    """The outputs are written before it fails."""
    run = audit({"server.js": HEAD + BAD.format("old")}, {"server.js": HEAD + BAD.format("old") + BAD.format("new")})
    assert not run.is_success
    assert (run.outputs["verdict"], run.outputs["new"], run.outputs["exit-code"]) == ("failed", "1", "1")
    assert "POST /new reads req.body, and no schema validates it" in run.log
    assert "backend/server.js" in run.log


def test_what_can_not_be_analysed_does_not_pass(audit: Audit) -> None:
    """A folder without a back end is no green build."""
    run = audit({"package.json": "{}"}, {"lib.js": "f();\n"})
    assert not run.is_success
    assert (run.outputs["verdict"], run.outputs["exit-code"]) == ("incomplete", "3")


def test_a_fork_is_audited_all_the_same(audit: Audit) -> None:
    """Without a comment, with one line that says why."""
    run = audit({"server.js": HEAD}, {"server.js": HEAD + BAD.format("new")}, fork=True, comment="true", sarif="true")
    assert not run.is_success
    assert run.outputs["verdict"] == "failed"
    assert run.log.count("pull request of a fork, whose token may only read") == 1


def test_a_shallow_clone_is_refused_with_the_fix(audit: Audit) -> None:
    """Neither everything new nor nothing new."""
    run = audit({"server.js": HEAD}, {"server.js": HEAD + BAD.format("new")}, shallow=True)
    assert not run.is_success
    assert run.outputs["verdict"] == ""
    assert "fetch-depth: 0" in run.log


def test_hostile_names_command_nothing(audit: Audit) -> None:
    """Neither a file's name nor a route's path sets an output or ends an annotation."""
    routes = [
        "app.post('/a%0A::error::b', (req, res) => res.json(kept.push(req.body.a)));\n",
        "app.post('/](javascript:x)@everyone', (req, res) => res.json(kept.push(req.body.b)));\n",
        "app.post('/x\\n::set-output name=verdict::passed', (req, res) => res.json(kept.push(req.body.c)));\n",
    ]
    files = {"::error::routes%0A@everyone,title=x.js": "module.exports = (app, kept) => {\n" + "".join(routes) + "};\n"}
    run = audit(
        {"server.js": HEAD},
        {**files, "server.js": HEAD + "require('./::error::routes%0A@everyone,title=x')(app, kept);\n"},
    )
    assert not run.is_success
    assert (run.outputs["verdict"], run.outputs["new"]) == ("failed", "3")


TWO_BACK_ENDS = """\
on: pull_request
jobs:
  audit:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v5
      - id: backend
        uses: ./
        with: { directory: backend, fail-on: error, token: secret }
      - id: other
        if: always()
        uses: ./
        with: { directory: ./other/, fail-on: error, token: secret }
      - if: always()
        env: { SAID: "${{ toJSON(steps.backend.outputs) }}", REPORTS: "${{ runner.temp }}/medpro-audit-reports" }
        run: |
          printf '%s' "$SAID" > "$OUTPUTS"
          cp -r "$REPORTS" "$OUTPUTS.reports"
"""


def test_two_back_ends_share_a_comment(audit: Audit) -> None:
    """Written by the real action to GitHub's stand-in: a section each, and reports in a folder each."""
    with listening() as stand:
        other = {"../other/package.json": PACKAGE, "../other/server.js": HEAD + BAD.format("other")}
        run = audit(
            {"server.js": HEAD + BAD.format("old"), **other},
            {"server.js": HEAD + BAD.format("old") + BAD.format("new")},
            workflow=TWO_BACK_ENDS,
            api=stand.url,
        )
        assert run.outputs["verdict"] == "failed", run.log
        assert stand.bodies(), run.log
        (body,) = stand.bodies()
    assert list(sections_of(body)) == ["backend", "other"], run.log
    assert "The gate failed" in sections_of(body)["backend"]
    assert "The gate passed" in sections_of(body)["other"]
    assert sorted(path.name for path in run.reports.glob("*/result.json")) == ["result.json"] * 2


def test_a_base_that_is_gone_is_refused(audit: Audit) -> None:
    """After a forced push its commit is nowhere; the message says what to do."""
    run = audit({"server.js": HEAD}, {"server.js": HEAD + BAD.format("new")}, base="1" * 40)
    assert not run.is_success
    assert run.outputs["verdict"] == ""
    assert run.outputs["exit-code"] == "2"
    assert "there is no commit" in run.log


@pytest.mark.parametrize(
    ("config", "verdict", "code"),
    [
        ('[scan]\nexclude = ["**"]\n', "incomplete", "3"),
        ('[rules]\npacks = ["/etc", "../../../../root"]\n', "", "2"),
        ("[gate]\nfail-on = '::error::x ##[error]y'\n", "", "2"),
        ("\0\0\0", "", "2"),
    ],
)
def test_a_hostile_configuration_passes_nothing(audit: Audit, config: str, verdict: str, code: str) -> None:
    """It can make the run fail, but not pass, and commands nothing."""
    run = audit({"server.js": HEAD}, {"server.js": HEAD + BAD.format("new"), "medpro-audit.toml": config})
    assert not run.is_success
    assert (run.outputs["verdict"], run.outputs["exit-code"]) == (verdict, code)
    assert "##[error]y" not in run.log


def test_a_link_out_of_the_repository_is_not_followed(audit: Audit, tmp_path: Path) -> None:
    """Neither as a file nor as a folder of the back end."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.js").write_text(HEAD + BAD.format("secret"))
    after = {"server.js": HEAD + BAD.format("new") + "require('./linked/secret');\n"}
    run = audit({"server.js": HEAD}, after, link=("linked", outside))
    assert not run.is_success
    assert (run.outputs["verdict"], run.outputs["new"]) == ("failed", "1")
    assert "POST /secret" not in (run.reports / "result.json").read_text()


@pytest.mark.parametrize(("record", "scans"), [("auto", 0), ("true", 1)])
def test_what_is_measured_is_recorded_where_it_is_wanted(audit: Audit, tmp_path: Path, record: str, scans: int) -> None:
    """By itself on pushes to the default branch only; else when it is said."""
    remote = tmp_path / "remote.git"
    _git(tmp_path, "init", "-q", "--bare", str(remote))
    run = audit({"server.js": HEAD + BAD.format("old")}, {"README.md": "x"}, remote=remote, record=record)
    assert run.is_success, run.log
    branches = _git(remote, "branch", "--list", "medpro-audit-history")
    assert bool(branches) == bool(scans)
    if scans:
        assert _git(remote, "ls-tree", "--name-only", "medpro-audit-history").count(".jsonl") == scans
