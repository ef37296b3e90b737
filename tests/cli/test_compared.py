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


def test_a_base_is_named_once(cli: Cli, root: Path) -> None:
    """As it was given; the id of a commit, as an event of GitHub gives it, is cut."""
    first = git(root, "rev-parse", "HEAD")
    assert f"since {first[:9]}\n" in cli("diff", first, "-C", root).out
    assert f"since HEAD ({first[:9]})" in cli("diff", "HEAD", "-C", root).out


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


SCHEMA = "const { z } = require('zod');\nconst s = z.object({ name: z.string()MORE });\n"
TAKES = "app.post('/patients', (req, res) => { s.parse(req.body); res.status(201).json({ id: 1, name: 2 }); });\n"


def test_what_breaks_clients_is_told(cli: Cli, tmp_path: Path) -> None:
    """On every way out, and fails only where that is configured; what can't be told never fails."""
    root = tmp_path / "clinic"
    before = server(SCHEMA.replace("MORE", ""), TAKES, OPEN)
    commit(root, {"package.json": PACKAGE, "server.js": before})
    after = SCHEMA.replace("MORE", ".refine((x) => x), age: z.number()"), TAKES.replace(", name: 2", "")
    (root / "server.js").write_text(server(*after))
    done = cli("diff", "HEAD", "-C", root)
    words = " ".join(done.out.split())
    assert done.code == 0
    assert "▲ POST /patients breaks clients: body.age is new and required" in words
    assert "▲ POST /patients breaks clients: answer.name is not sent any more" in words
    assert "▲ GET /open breaks clients: it is not answered any more" in words
    assert "◐ POST /patients may break clients, which can't be told: body.name: refine checks it" in words
    assert "3 promises to clients broken, 1 that can't be told" in words
    told = json.loads(cli("diff", "HEAD", "-C", root, "-f", "json").out)
    assert [each["kind"] for each in told["breaks"]] == [
        "endpoint-removed",
        "required-field-added",
        "answer-field-removed",
    ]
    assert [each["field"] for each in told["undecided"]] == ["name"]
    for form in ("console", "markdown", "comment", "summary"):
        assert "breaks clients: body.age is new and required" in " ".join(
            cli("scan", root, "--base", "HEAD", "-f", form).out.split()
        )
    (root / "medpro-audit.toml").write_text('[gate]\nbreaking = "fail"\n')
    assert cli("diff", "HEAD", "-C", root).code == 1
    assert cli("diff", "HEAD", "-C", root, "--allow-loss").code == 0
    failed = cli("scan", root, "--base", "HEAD")
    assert failed.code == 1
    assert "clients break since HEAD: GET /open: it is not answered any more, and 2 more" in " ".join(
        failed.out.split()
    )
    undecided = SCHEMA.replace("MORE", ".refine((x) => x)")
    (root / "server.js").write_text(server(undecided, TAKES, OPEN))
    assert cli("diff", "HEAD", "-C", root).code == 0


def test_a_break_is_seen_over_several_commits_and_a_move(cli: Cli, tmp_path: Path) -> None:
    """The schema stands in a file that is moved, then narrowed; moving it alone breaks nothing."""
    root = tmp_path / "clinic"
    schema = SCHEMA.replace("MORE", "") + "module.exports = { s };\n"
    uses = "const {{ s }} = require('./{}');\n"
    first = commit(root, {"package.json": PACKAGE, "server.js": server(uses.format("old"), TAKES), "old.js": schema})
    git(root, "mv", "old.js", "new.js")
    moved = commit(root, {"server.js": server(uses.format("new"), TAKES)})
    assert "broken" not in cli("diff", first, moved, "-C", root).out
    narrowed = commit(root, {"new.js": schema.replace("z.string()", "z.string().max(3)")})
    for base in (first, moved):
        done = cli("diff", base, narrowed, "-C", root)
        assert "body.name must have a length of at most 3" in " ".join(done.out.split())
