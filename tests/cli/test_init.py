"""``medpro-audit init --github``: workflows for the user's repository."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cli.conftest import Cli
from cli.histories import PACKAGE, commit, git

ROOT = Path(__file__).parents[2]
ACTION = f"team/medpro-audit@{'a' * 40}"
FILES = ["medpro-audit-comment.yml", "medpro-audit.yml"]
PIN = re.compile(r"uses: (actions/[\w-]+)@(\w{40}) # (v[\d.]+)$", re.MULTILINE)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository with a back end in a folder."""
    folder = tmp_path / "repository"
    commit(folder, {"apps/api/package.json": PACKAGE, "apps/api/server.js": "require('express')();\n"})
    return folder


def checked(program: str, *arguments: str, folder: Path) -> None:
    """Run a linter of the development dependencies; it must have nothing to say."""
    found = shutil.which(program, path=str(Path(sys.executable).parent)) or pytest.fail(f"{program} is not installed")
    done = subprocess.run([found, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_workflows_stand_where_github_looks(cli: Cli, root: Path) -> None:
    """At the top of the repository, for the folder that was named; without a configured gate every new error fails."""
    done = cli("init", "--github", root / "apps" / "api")
    assert (done.code, done.err) == (0, "")
    folder = root / ".github" / "workflows"
    assert sorted(each.name for each in folder.iterdir()) == FILES
    text = (folder / "medpro-audit.yml").read_text()
    checkout, step, _ = yaml.safe_load(text)["jobs"]["audit"]["steps"]
    assert checkout["with"] == {"fetch-depth": 0, "persist-credentials": False}
    assert step == {"uses": "OWNER/medpro-audit@VERSION", "with": {"directory": "apps/api", "fail-on": "error"}}
    assert "in place of OWNER/medpro-audit@VERSION" in done.out


def test_a_configured_gate_is_left_as_it_is(cli: Cli, root: Path) -> None:
    """The workflow does not say otherwise; the remote's branch is the one that is watched."""
    (root / "medpro-audit.toml").write_text('[gate]\nfail-on = "warning"\n')
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    cli("init", "--github", "--action", ACTION, root)
    workflow = yaml.safe_load((root / ".github/workflows/medpro-audit.yml").read_text())
    assert workflow["jobs"]["audit"]["steps"][1] == {"uses": ACTION}
    assert workflow[True]["push"]["branches"] == ["develop"]


def test_nothing_is_overwritten(cli: Cli, root: Path) -> None:
    """If one of the files is there, neither is written; --stdout prints both."""
    mine = root / ".github/workflows/medpro-audit-comment.yml"
    commit(root, {".github/workflows/medpro-audit-comment.yml": "mine"})
    done = cli("init", "--github", root)
    assert (done.code, done.out) == (2, "")
    assert "medpro-audit-comment.yml exists" in done.err
    assert [each.name for each in mine.parent.iterdir()] == [mine.name]
    assert mine.read_text() == "mine"
    printed = cli("init", "--github", "--stdout", root).out
    assert [line for line in printed.splitlines() if line.startswith("# .github/")] == [
        "# .github/workflows/medpro-audit.yml",
        "# .github/workflows/medpro-audit-comment.yml",
    ]


@pytest.mark.parametrize(
    "arguments", [(), ("--action", "medpro-audit"), ("--action", "a/b@c d"), ("--action", "a/b@c\nx")]
)
def test_what_is_no_action_is_refused(cli: Cli, root: Path, arguments: tuple[str, ...]) -> None:
    """It would end up in a workflow."""
    where = ("--github", root) if arguments else ("--action", ACTION, root)
    done = cli("init", *arguments, *where)
    assert done.code == 2
    assert "--action" in done.err
    assert not (root / ".github").exists()


def test_no_folder_is_taken_for_an_expression(cli: Cli, root: Path) -> None:
    """Quotes are escaped, and what GitHub would evaluate is refused."""
    quoted, expression = root / "a\"b: '#", root / "${{ github.token }}"
    for folder in (quoted, expression):
        folder.mkdir()
    assert cli("init", "--github", expression).code == 2
    assert cli("init", "--github", quoted).code == 0
    step = yaml.safe_load((root / ".github/workflows/medpro-audit.yml").read_text())["jobs"]["audit"]["steps"][1]
    assert step["with"]["directory"] == quoted.name


def test_outside_of_git_nothing_is_written(cli: Cli, tmp_path: Path) -> None:
    """Where would the top be?"""
    assert cli("init", "--github", tmp_path).code == 2
    assert not (tmp_path / ".github").exists()


def test_the_linters_have_nothing_to_say(cli: Cli, root: Path) -> None:
    """Once the action is named: syntax, expressions, shell, permissions, pins."""
    cli("init", "--github", "--action", ACTION, root / "apps" / "api")
    checked("actionlint", folder=root)
    checked("zizmor", "--offline", "--no-progress", "--no-config", ".github", folder=root)


def test_the_pins_are_those_of_our_own_workflows(cli: Cli, root: Path) -> None:
    """So that they are brought up to date together."""
    own = {pin for file in (ROOT / ".github" / "workflows").glob("*.yml") for pin in PIN.findall(file.read_text())}
    written = set(PIN.findall(cli("init", "--github", "--stdout", root).out))
    assert len(written) == 4
    assert written <= own


def test_what_comes_next(cli: Cli, root: Path) -> None:
    """The baseline, and once that is written the pull request."""
    api = root / "apps" / "api"
    assert cli("init", "--github", "--action", ACTION, api).out.endswith(f"next: medpro-audit baseline write {api}\n")
    (root / ".github" / "workflows" / FILES[0]).unlink()
    (root / ".github" / "workflows" / FILES[1]).unlink()
    cli("baseline", "write", api)
    done = cli("init", "--github", "--action", ACTION, api)
    assert done.out.endswith("next: commit all of it, and open a pull request\n")


def test_the_comment_of_a_fork_finds_the_reports(cli: Cli, root: Path) -> None:
    """In the folder that the action gives them, under the section of the back end."""
    text = cli("init", "--github", "--stdout", root / "apps" / "api").out
    assert "medpro-audit-reports/apps-api/result.json" in text
    assert 'SECTION: "apps/api"' in text
    assert "medpro-audit-reports/result.json" in cli("init", "--github", "--stdout", root).out


def test_the_weekly_workflow_is_written_when_it_is_asked_for(cli: Cli, root: Path) -> None:
    """Alone or with those of the gate; for the folder and the default branch; the linters have nothing to say."""
    git(root, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    done = cli("init", "--weekly", "--action", ACTION, root / "apps" / "api")
    assert done.code == 0, done.err
    folder = root / ".github" / "workflows"
    assert [each.name for each in folder.iterdir()] == ["medpro-audit-weekly.yml"]
    assert "next: medpro-audit history backfill" in done.out
    workflow = yaml.safe_load((folder / "medpro-audit-weekly.yml").read_text())
    assert workflow["env"] == {"DIRECTORY": "apps/api"}
    assert workflow[True]["push"]["branches"] == ["develop"]
    assert f"git+https://github.com/{ACTION}" in (folder / "medpro-audit-weekly.yml").read_text()
    assert cli("init", "--github", "--action", ACTION, root / "apps" / "api").code == 0
    checked("actionlint", folder=root)
    checked("zizmor", "--offline", "--no-progress", "--no-config", ".github", folder=root)
    both = cli("init", "--github", "--weekly", "--stdout", root).out
    assert len([line for line in both.splitlines() if line.startswith("# .github/")]) == 3


def test_no_folder_commands_the_weekly_workflow(cli: Cli, root: Path) -> None:
    """A folder's name is a value there, whatever it holds."""
    quoted, expression = root / "a\"b: '#$(id)", root / "${{ github.token }}"
    for folder in (quoted, expression):
        folder.mkdir()
    assert cli("init", "--weekly", expression).code == 2
    assert cli("init", "--weekly", quoted).code == 0
    text = (root / ".github/workflows/medpro-audit-weekly.yml").read_text()
    assert yaml.safe_load(text)["env"] == {"DIRECTORY": quoted.name}
    assert text.count("$(id)") == 1
