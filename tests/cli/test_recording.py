"""``medpro-audit github record``, ``history pull`` and ``history push``: a history that a branch carries."""

from pathlib import Path

import pytest

from cli.conftest import Cli
from cli.histories import PACKAGE, bad, commit, git, server
from medpro_audit.adapters.history_branch import BRANCH


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a run of GitHub Actions nor a configured history."""
    for name in ("GITHUB_TOKEN", "GITHUB_SERVER_URL", "MEDPRO_AUDIT_HISTORY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    """A repository that others push to."""
    commit(tmp_path / "first", {"package.json": PACKAGE, "server.js": server(bad("one"))})
    git(tmp_path, "clone", "-q", "--bare", str(tmp_path / "first"), str(tmp_path / "remote.git"))
    return tmp_path / "remote.git"


@pytest.fixture
def root(remote: Path, tmp_path: Path) -> Path:
    """A clone of it."""
    git(tmp_path, "clone", "-q", f"file://{remote}", str(tmp_path / "clone"))
    return tmp_path / "clone"


def recorded(remote: Path) -> int:
    """How many scans the branch carries."""
    if not git(remote, "branch", "--list", BRANCH):
        return 0
    return git(remote, "ls-tree", "--name-only", BRANCH).count(".jsonl")


def test_a_state_is_recorded_once(cli: Cli, root: Path, remote: Path) -> None:
    """In the branch, from wherever it is scanned; a new state beside it."""
    done = cli("github", "record", root)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith(f" in origin/{BRANCH}.\n")
    assert cli("github", "record", root).code == 0
    assert recorded(remote) == 1
    commit(root, {"server.js": server(bad("two"))})
    assert cli("github", "record", root).code == 0
    assert recorded(remote) == 2


def test_where_a_history_is_named_there_is_no_branch(cli: Cli, root: Path, remote: Path, tmp_path: Path) -> None:
    """It is recorded there."""
    done = cli("github", "record", root, "--history", tmp_path / "h.sqlite")
    assert (done.code, recorded(remote)) == (0, 0)
    assert "h.sqlite" in done.out
    assert cli("history", "list", "--history", tmp_path / "h.sqlite").out.count("clinic") == 1


def test_who_may_not_write_is_told(cli: Cli, root: Path, remote: Path) -> None:
    """As a fault, unless it is only wanted where it is allowed: then one line says so."""
    hook = remote / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    fault = cli("github", "record", root)
    assert (fault.code, fault.out) == (2, "")
    assert "contents: write" in fault.err
    done = cli("github", "record", root, "--if-allowed")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Not recorded: ")
    assert done.out.count("\n") == 1


def test_what_is_pushed_can_be_pulled(cli: Cli, root: Path, remote: Path, tmp_path: Path) -> None:
    """Into an empty history, and again without doing anything twice; without a branch there is nothing."""
    other = tmp_path / "other.sqlite"
    assert "0 scans" in cli("history", "pull", root, "--history", other).out
    assert cli("scan", root, "--record").code == 0
    assert cli("history", "push", root).out == f"origin/{BRANCH}: 1 scan added\n"
    assert cli("history", "push", root).out == f"origin/{BRANCH}: 0 scans added\n"
    assert f"1 scan of origin/{BRANCH} added" in cli("history", "pull", root, "--history", other).out
    assert "0 scans" in cli("history", "pull", root, "--history", other).out
    assert recorded(remote) == 1


def test_of_old_weeks_one_scan_stays(cli: Cli, root: Path, remote: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last, as far as that is asked for."""
    for day, name in (("2026-01-05", "a"), ("2026-01-07", "b"), ("2026-01-14", "c")):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"{day}T12:00:00Z")
        commit(root, {"server.js": server(bad(name))})
        assert cli("scan", root, "--record").code == 0
    assert cli("history", "push", root).code == 0
    assert recorded(remote) == 3
    assert cli("history", "push", root, "--thin", "4", "--today", "2026-06-01").code == 0
    names = git(remote, "ls-tree", "--name-only", BRANCH).split()
    assert [name[:10] for name in names if name.endswith(".jsonl")] == ["2026-01-07", "2026-01-14"]
