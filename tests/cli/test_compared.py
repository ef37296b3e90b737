"""``scan --base``, ``scan --dry-run`` and ``diff``."""

import json
from pathlib import Path

import pytest

from cli.conftest import Cli
from cli.histories import GUARD, GUARDED, OPEN, PACKAGE, bad, commit, git, server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A back end with an endpoint that is guarded and one that validates nothing."""
    folder = tmp_path / "clinic"
    commit(folder, {"package.json": PACKAGE, "server.js": server(GUARD, GUARDED, bad("old"))})
    return folder


def test_only_what_is_new_since_the_base_fails(cli: Cli, root: Path) -> None:
    """What was there passes, whatever stands above it now."""
    assert cli("scan", root, "--fail-on", "error").code == 1
    (root / "server.js").write_text("// moved\n\n" + server(GUARD, GUARDED, bad("old")))
    passed = cli("scan", root, "--fail-on", "error", "--base", "HEAD")
    assert passed.code == 0
    assert "0 new, 0 fixed, 1 unchanged" in passed.out
    (root / "server.js").write_text(server(GUARD, GUARDED, bad("old", "new")))
    failed = cli("scan", root, "--fail-on", "error", "--base", "main")
    assert failed.code == 1
    assert "1 new error, and the gate fails on error" in " ".join(failed.out.split())


def test_a_dry_run_says_what_would_fail_and_passes(cli: Cli, root: Path) -> None:
    """The same words as without it."""
    real, dry = (cli("scan", root, "--fail-on", "error", *option) for option in ((), ("--dry-run",)))
    assert (real.code, dry.code) == (1, 0)
    assert real.out == dry.out
    assert cli("scan", root / "none", "--dry-run").code == 2


@pytest.mark.parametrize(
    ("base", "complaint"),
    [
        ("nothing", 'there is no commit "nothing" here; fetch it first'),
        ("--upload-pack=x", "is no name of a commit"),
        ("", '"" is no name of a commit'),
    ],
)
def test_a_base_that_is_none_is_refused(cli: Cli, root: Path, base: str, complaint: str) -> None:
    """Neither everything nor nothing is new then."""
    for arguments in (("scan", root, f"--base={base}"), ("diff", "-C", root, "--", base)):
        done = cli(*arguments)
        assert (done.code, done.out) == (2, "")
        assert complaint in done.err


def test_outside_of_git_there_is_nothing_to_compare_with(cli: Cli, tmp_path: Path) -> None:
    """Which is said."""
    (tmp_path / "package.json").write_text(PACKAGE)
    done = cli("scan", tmp_path, "--base", "main")
    assert done.code == 2
    assert "this is no git repository" in done.err


def test_paths_for_ci_systems_begin_at_the_repository(cli: Cli, root: Path) -> None:
    """By --prefix, written with or without a slash."""
    for prefix in ("apps/api", "./apps/api/"):
        (issue,) = json.loads(cli("scan", root, "-f", "gitlab", "--prefix", prefix).out)
        assert issue["location"]["path"] == "apps/api/server.js"
    (issue,) = json.loads(cli("scan", root, "-f", "gitlab", "--prefix", ".").out)
    assert issue["location"]["path"] == "server.js"


def test_an_unknown_rule_of_the_gate_is_refused(cli: Cli, root: Path) -> None:
    """With the nearest: it would never fail."""
    (root / "medpro-audit.toml").write_text('[gate.rules]\n"zod/unvalidated-bodi" = "fail"\n')
    done = cli("scan", root)
    assert done.code == 2
    assert 'gate.rules: there is no rule "zod/unvalidated-bodi"; did you mean "zod/unvalidated-body"?' in done.err


def test_diff_shows_endpoints(cli: Cli, root: Path) -> None:
    """Added, removed and changed, as text of 80 columns and as JSON; additions are no failure."""
    first = git(root, "rev-parse", "HEAD")
    commit(root, {"server.js": server(GUARD, GUARDED, bad("new"))})
    done = cli("diff", "HEAD~1", "HEAD", "-C", root)
    assert done.code == 0
    assert "+ POST /new  server.js" in done.out
    assert "- POST /old  server.js" in done.out
    assert f"1 endpoint added, 1 removed, 0 changed since HEAD~1 ({first[:9]})" in " ".join(done.out.split())
    assert max(map(len, done.out.splitlines())) <= 80
    told = json.loads(cli("diff", "HEAD~1", "HEAD", "-C", root, "-f", "json").out)
    assert (told["schema_version"], told["base"], told["commit"]) == (1, "HEAD~1", first)
    assert [each["path"] for each in told["added"]] == ["/new"]
    assert [each["path"] for each in told["removed"]] == ["/old"]
    assert (told["changed"], told["lost"]) == ([], [])


def test_diff_of_nothing(cli: Cli, root: Path) -> None:
    """What is on disk is what is compared without HEAD."""
    done = cli("diff", "HEAD", "-C", root)
    assert done.code == 0
    assert "0 endpoints added, 0 removed, 0 changed" in done.out


def test_lost_protection_fails_a_diff(cli: Cli, root: Path) -> None:
    """Unless that is allowed, on the command line or in the configuration."""
    (root / "server.js").write_text(server(GUARD, OPEN, bad("old")))
    done = cli("diff", "HEAD", "-C", root)
    assert done.code == 1
    assert "GET /open has lost its authentication" in done.out
    assert "1 protection lost" in " ".join(done.out.split())
    assert cli("diff", "HEAD", "-C", root, "--allow-loss").code == 0
    told = json.loads(cli("diff", "HEAD", "-C", root, "-f", "json").out)
    assert told["lost"] == [{"method": "GET", "path": "/open", "kind": "authentication", "what": "authentication"}]
    assert cli("scan", root, "--base", "HEAD", "--fail-on", "error").code == 1
    (root / "medpro-audit.toml").write_text('[gate]\nprotection = "report"\n')
    assert cli("diff", "HEAD", "-C", root).code == 0
    assert cli("scan", root, "--base", "HEAD", "--fail-on", "error").code == 0
