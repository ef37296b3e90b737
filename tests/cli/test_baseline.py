"""``medpro-audit baseline``."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Cli
from cli.histories import CONFIG, PACKAGE, bad, commit, git, server

NAME = "medpro-audit-baseline.jsonl"
GOOD = "app.post('/x', (req, res) => res.json(require('zod').z.object({ a: z.string() }).parse(req.body)));\n"
RATCHET = "[gate]\nratchet = true\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A back end with two findings."""
    folder = tmp_path / "clinic"
    commit(folder, {"package.json": PACKAGE, "server.js": server(bad("one", "two"))})
    return folder


def lines(root: Path) -> list[dict[str, Any]]:
    """The baseline, line by line."""
    return [json.loads(line) for line in (root / NAME).read_text().splitlines()]


def test_writing_accepts_everything(cli: Cli, root: Path) -> None:
    """With reason, owner and expiry; the gate passes at once, and the line for git is told."""
    assert cli("scan", root, "--fail-on", "error").code == 1
    options = ("--reason", "old", "--owner", "ann", "--expires", "2027-01-01", "--today", "2026-11-22")
    done = cli("baseline", "write", root, *options)
    assert (done.code, done.err) == (0, "")
    assert f"{NAME}: 2 findings accepted" in done.out
    assert f"{NAME} merge=union" in done.out.splitlines()
    assert [(line["subject"], line["reason"], line["owner"], line["expires"]) for line in lines(root)] == [
        ("POST /one", "old", "ann", "2027-01-01"),
        ("POST /two", "old", "ann", "2027-01-01"),
    ]
    passed = cli("scan", root, "--fail-on", "error", "--today", "2026-11-22")
    assert passed.code == 0
    assert "none of these findings is new" in passed.out
    over = cli("scan", root, "--fail-on", "error", "--today", "2027-01-01")
    assert over.code == 1
    assert "2 new errors" in over.out


def test_a_baseline_is_replaced_only_by_force(cli: Cli, root: Path) -> None:
    """Also one that can't be read, as in the middle of a merge."""
    cli("baseline", "write", root, "--reason", "old")
    refused = cli("baseline", "write", root)
    assert (refused.code, refused.out) == (2, "")
    assert f"{NAME} exists; medpro-audit baseline update changes it, --force replaces it" in refused.err
    assert lines(root)[0]["reason"] == "old"
    (root / NAME).write_text("<<<<<<< ours\n")
    assert cli("baseline", "write", root, "--force").code == 0
    assert lines(root)[0]["reason"] == ""


@pytest.mark.parametrize("command", [("update",), ("prune",), ("show",), ("explain", "abc")])
def test_without_a_baseline_the_way_to_one_is_told(cli: Cli, root: Path, command: tuple[str, ...]) -> None:
    """And none is written by accident."""
    done = cli("baseline", *command, root)
    assert (done.code, done.out) == (2, "")
    assert f"there is no {NAME}; medpro-audit baseline write" in done.err
    assert not (root / NAME).exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("write", "--expires", "2026-11-22", "--today", "2026-11-22"), "--expires 2026-11-22 is not after today"),
        (("update", "--add", "--expires", "2020-01-01", "--today", "2026-11-22"), "is not after today, 2026-11-22"),
        (("update", "--reason", "x"), "which only --add makes"),
        (("update", "--owner", "x"), "which only --add makes"),
        (("write", "--expires", "tomorrow"), "does not match the format"),
        (("explain", "0123"), 'there is no line and no finding "0123"; there are: '),
    ],
)
def test_what_makes_no_sense_is_refused(cli: Cli, root: Path, arguments: tuple[str, ...], complaint: str) -> None:
    """With what to do instead, and nothing is changed."""
    if arguments[0] != "write":
        cli("baseline", "write", root)
    before = (root / NAME).read_bytes() if (root / NAME).exists() else None
    done = cli("baseline", *arguments, root)
    assert (done.code, done.out) == (2, "")
    assert complaint in " ".join(done.err.split())
    assert ((root / NAME).read_bytes() if (root / NAME).exists() else None) == before


def test_a_conflict_in_the_file_is_told(cli: Cli, root: Path) -> None:
    """By a scan too, which does not pass."""
    (root / NAME).write_text("<<<<<<< ours\n")
    for arguments in (("baseline", "show", root), ("scan", root)):
        done = cli(*arguments)
        assert done.code == 2
        assert f"{NAME}:1: a merge conflict; keep the lines of both sides" in done.err


def test_updating_drops_follows_and_adds_only_when_asked(cli: Cli, root: Path) -> None:
    """What is fixed goes; what has moved keeps its reason; what is new stays out without --add."""
    cli("baseline", "write", root, "--reason", "old")
    (root / "server.js").unlink()
    moved = server(bad("two", "three"))
    commit(root, {"package.json": PACKAGE.replace("server.js", "main.js"), "main.js": moved})
    done = cli("baseline", "update", root)
    assert done.out == f"{NAME}: 1 dropped, 0 added; 1 new finding not accepted (--add)\n"
    assert [(line["file"], line["subject"], line["reason"]) for line in lines(root)] == [
        ("main.js", "POST /two", "old")
    ]
    assert cli("baseline", "update", root, "--add", "--reason", "new").out == f"{NAME}: 0 dropped, 1 added\n"
    assert [(line["subject"], line["reason"]) for line in lines(root)] == [("POST /three", "new"), ("POST /two", "old")]


def test_pruning_only_drops(cli: Cli, root: Path) -> None:
    """A scan fails on what is stale until then, and says what to run."""
    cli("baseline", "write", root)
    commit(root, {"server.js": server(bad("two", "three"))})
    failed = cli("scan", root, "--fail-on", "error")
    assert failed.code == 1
    assert "run medpro-audit baseline prune" in " ".join(failed.out.split())
    assert cli("baseline", "prune", root).out == f"{NAME}: 1 dropped\n"
    assert [line["subject"] for line in lines(root)] == ["POST /two"]
    before = (root / NAME).read_bytes()
    assert cli("baseline", "prune", root).out == f"{NAME}: 0 dropped\n"
    assert (root / NAME).read_bytes() == before


def test_showing_tells_what_is_known_over_and_fixed(cli: Cli, root: Path) -> None:
    """Each line with place, reason and owner, the counts last, nothing wider than 80 columns."""
    reason = "we shall rewrite all of these when the new practice system has been introduced next summer"
    cli("baseline", "write", root, "--reason", reason, "--owner", "ann", "--expires", "2027-01-01")
    commit(root, {"server.js": server(bad("two", "three"))})
    done = cli("baseline", "show", root, "--today", "2026-11-22")
    text = " ".join(done.out.split())
    assert done.code == 0
    assert "zod/unvalidated-body: POST /two" in text
    assert reason in text
    assert "owner ann; until 2027-01-01" in text
    assert "its finding is not there any more" in text
    assert text.endswith(f"{NAME}: 1 finding accepted, 1 fixed (baseline prune), 1 not accepted")
    assert max(map(len, done.out.splitlines())) <= 80
    assert "1 over" in cli("baseline", "show", root, "--today", "2028-01-01").out


def test_explaining_takes_lines_and_findings(cli: Cli, root: Path) -> None:
    """Accepted, fixed and new ones; the nearest is named for a misspelt one."""
    cli("baseline", "write", root, "--reason", "old")
    commit(root, {"server.js": server(bad("two", "three"))})
    one, two = (line["fingerprint"] for line in lines(root))
    findings = json.loads(cli("scan", root, "-f", "json").out)["findings"]
    (three,) = (each["fingerprint"] for each in findings if each["path"] == "/three")
    assert "its finding is not there any more" in cli("baseline", "explain", one, root).out
    assert f"{two}; old" in cli("baseline", "explain", two, root).out
    assert "not accepted" in cli("baseline", "explain", three, root).out
    assert f'did you mean "{two}"?' in cli("baseline", "explain", two[:-1], root).err


def test_minimums_are_kept_with_a_ratchet_only(cli: Cli, root: Path) -> None:
    """What is better becomes the minimum by an update; what is worse fails from then on."""
    cli("baseline", "write", root)
    assert not [line for line in lines(root) if "metric" in line]
    (root / "medpro-audit.toml").write_text(CONFIG + RATCHET)
    cli("baseline", "update", root)
    (first,) = (line for line in lines(root) if "metric" in line)
    commit(root, {"server.js": server(bad("one"), GOOD)})
    done = cli("baseline", "update", root)
    (second,) = (line for line in lines(root) if "metric" in line)
    assert second["minimum"] > first["minimum"]
    assert done.out.splitlines()[1] == f"not below this any more: code-quality {second['minimum']:.1f} %"
    commit(root, {"server.js": server(bad("one", "two", "three"))})
    cli("baseline", "update", root, "--add")
    assert [line for line in lines(root) if "metric" in line] == [second]


def test_two_branches_merge_by_themselves(cli: Cli, root: Path) -> None:
    """With the line that was printed, each accepting something of its own."""
    written = cli("baseline", "write", root).out
    commit(root, {".gitattributes": written.splitlines()[-1] + "\n"})
    for branch, name in (("ours", "three"), ("theirs", "four")):
        git(root, "checkout", "-q", "-B", branch, "main")
        commit(root, {f"{name}.js": f"module.exports = (app) => {{\n{bad(name)}}};\n"})
        parts = [f"require('./{name}')(app);\n" for name in ("three", "four") if (root / f"{name}.js").exists()]
        (root / "server.js").write_text(server(bad("one", "two"), *parts))
        assert "1 added" in cli("baseline", "update", root, "--add").out
        git(root, "checkout", "-q", "server.js")
        commit(root, {})
    git(root, "merge", "-q", "--no-edit", "ours")
    assert {line["subject"] for line in lines(root)} == {"POST /one", "POST /two", "POST /three", "POST /four"}
