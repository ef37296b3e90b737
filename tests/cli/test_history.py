"""``scan --record`` and ``history``: what was measured earlier."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.conftest import Cli, Done
from cli.histories import GUARD, GUARDED, OPEN, PACKAGE, bad, commit, git, server
from cli.test_start import imported

TODAY = ("--today", "2026-07-01")
"""A Wednesday, of the week 2026-W27."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A back end in git, with four commits in three weeks; two weeks had none."""
    folder = tmp_path / "clinic"
    states = [
        ("2026-05-26T10:00:00Z", server(bad("a", "b", "c"))),
        ("2026-05-28T10:00:00Z", server(GUARD, GUARDED, bad("a", "b"))),
        ("2026-06-17T10:00:00Z", server(GUARD, GUARDED, bad("a", "d"))),
        ("2026-06-30T10:00:00Z", server(GUARD, OPEN, bad("a"))),
    ]
    for at, text in states:
        commit(folder, {"package.json": PACKAGE, "server.js": text}, at)
    return folder


def _history(root: Path) -> tuple[str, str]:
    return "--history", str(root / ".medpro-audit" / "history.sqlite")


def _listed(cli: Cli, root: Path) -> list[dict[str, object]]:
    done = cli("history", "list", "-f", "json", *_history(root))
    assert done.code == 0, done.err
    scans = json.loads(done.out)["scans"]
    assert isinstance(scans, list)
    return scans


def _backfilled(cli: Cli, root: Path, *options: str) -> Done:
    return cli("history", "backfill", root, *TODAY, *options)


# Recording


def test_a_scan_records_its_commit(cli: Cli, root: Path) -> None:
    """Beside its report, which is as without it; the folder that holds the history is kept out of git."""
    plain = cli("scan", root)
    done = cli("scan", root, "--record")
    assert (done.code, done.out) == (plain.code, plain.out)
    head = git(root, "rev-parse", "HEAD")
    assert f"recorded {head[:9]} in {root}/.medpro-audit/history.sqlite" in done.err
    (scan,) = _listed(cli, root)
    assert (scan["commit"], scan["branch"], scan["is_dirty"], scan["project"]) == (head, "main", False, "clinic")
    assert scan["at"] == "2026-06-30T10:00:00+00:00"
    assert git(root, "status", "--porcelain") == ""
    cli("scan", root, "--record")
    assert len(_listed(cli, root)) == 1


def test_changed_files_make_a_state_of_their_own(cli: Cli, root: Path) -> None:
    """A tracked file, or a new one that is read; each time another, at the time of the scan."""
    (root / "server.js").write_text(server(bad("x")))
    cli("scan", root, "--record")
    git(root, "checkout", "-q", ".")
    (root / "new.js").write_text("")
    cli("scan", root, "--record")
    scans = _listed(cli, root)
    assert [scan["is_dirty"] for scan in scans] == [True, True]
    assert all(str(scan["at"]) > "2026-07-01" for scan in scans)
    head = git(root, "rev-parse", "HEAD")
    assert f"{head[:9]}+" in cli("history", "list", *_history(root)).out
    assert f"{head[:9]}+" in cli("history", "show", f"{head[:9]}+", *_history(root)).out


def test_a_file_that_is_not_read_changes_nothing(cli: Cli, root: Path) -> None:
    """A report that was written beside the code, for instance, in the same run even."""
    (root / "notes.txt").write_text("")
    cli("scan", root, "--record", "-o", f"html:{root}/report.html")
    assert [scan["is_dirty"] for scan in _listed(cli, root)] == [False]


def test_outside_of_git_the_time_stands_for_the_state(cli: Cli, root: Path) -> None:
    """And before the first commit."""
    shutil.rmtree(root / ".git")
    cli("scan", root, "--record")
    git(root, "init", "-q")
    cli("scan", root, "--record")
    scans = _listed(cli, root)
    assert [(scan["commit"], scan["branch"]) for scan in scans] == [(None, None)] * 2
    assert "uncommitted" in cli("history", "list", *_history(root)).out


def test_a_detached_head_has_no_branch(cli: Cli, root: Path) -> None:
    """As CI checks out."""
    git(root, "checkout", "-q", "--detach", "HEAD~1")
    cli("scan", root, "--record")
    (scan,) = _listed(cli, root)
    assert (scan["branch"], scan["at"]) == (None, "2026-06-17T10:00:00+00:00")
    assert "no branch" in cli("history", "show", *_history(root)).out


def test_the_name_of_the_project_may_be_chosen(cli: Cli, root: Path) -> None:
    """Two of one name in one history would be taken for one."""
    cli("scan", root, "--record", "--project", "other")
    cli("scan", root, "--record")
    assert [scan["project"] for scan in _listed(cli, root)] == ["other", "clinic"]
    only = json.loads(cli("history", "list", "-f", "json", "--project", "other", *_history(root)).out)
    assert [scan["project"] for scan in only["scans"]] == ["other"]


def test_a_gate_that_fails_is_recorded_too(cli: Cli, root: Path) -> None:
    """With its verdict and its exit code."""
    assert cli("scan", root, "--record", "--fail-on", "error").code == 1
    (scan,) = _listed(cli, root)
    assert scan["verdict"] == "failed"


def test_a_history_that_can_not_be_written_ends_the_scan_before_its_work(cli: Cli, root: Path, tmp_path: Path) -> None:
    """With exit code 2 and what to do."""
    file = tmp_path / "notes.txt"
    file.write_text("no database " * 100)
    done = cli("scan", root, "--record", "--history", file)
    assert (done.code, done.out) == (2, "")
    assert done.err == f"medpro-audit: the history {file}: it is no history of medpro-audit; name another file\n"


def test_a_folder_that_leads_elsewhere_is_not_written_to(cli: Cli, root: Path, tmp_path: Path) -> None:
    """A repository may not choose a file of whoever scans it."""
    (tmp_path / "home").mkdir()
    (root / ".medpro-audit").symlink_to(tmp_path / "home")
    done = cli("scan", root, "--record")
    assert done.code == 2
    assert "leads out of the directory" in done.err
    assert list((tmp_path / "home").iterdir()) == []


def test_a_scan_without_a_record_imports_no_database(root: Path) -> None:
    """Nobody waits for what he doesn't use."""
    found = {name.partition(".")[0] for name in imported("scan", str(root), "-o", f"json:{root}/x.json")}
    assert not found & {"sqlalchemy", "alembic", "psycopg"}


# Looking


def test_the_list_fits_a_terminal(cli: Cli, root: Path) -> None:
    """80 columns; what isn't measured has a dash."""
    _backfilled(cli, root)
    out = cli("history", "list", *_history(root)).out
    lines = out.splitlines()
    assert lines[0] == "clinic"
    assert lines[1].split() == ["date", "commit", "struct", "code", "docs", "tests", "secur", "perf", "findings"]
    assert len(lines) == 5
    assert max(map(len, lines)) <= 80
    head = git(root, "rev-parse", "HEAD")[:9]
    assert re.fullmatch(rf"   3 2026-06-30 {head} +– +0\.0 +– +– +– +– +1", lines[-1])  # noqa: RUF001 - the dash


def test_the_list_is_shown_in_plain_letters_too(program: Cli, cli: Cli, root: Path) -> None:
    """On a terminal that has no others."""
    _backfilled(cli, root)
    done = program("history", "list", *_history(root), env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    assert done.out.isascii()
    assert "?" not in done.out
    compared = program("history", "compare", *_history(root), env={"PYTHONIOENCODING": "ascii"})
    assert compared.out.isascii()


def test_nothing_is_listed_where_nothing_was_recorded(cli: Cli, root: Path) -> None:
    """Which is told, with how to begin."""
    for command in ("list", "show", "compare", "export", "prune"):
        options = ("--thin", "1") if command == "prune" else ()
        done = cli("history", command, *_history(root), *options)
        assert (done.code, done.out) == (2, "")
        assert "medpro-audit scan --record begins one" in done.err


def test_a_scan_is_shown_by_number_commit_or_as_the_latest(cli: Cli, root: Path) -> None:
    """Upper case and a few digits will do."""
    _backfilled(cli, root)
    latest = cli("history", "show", *_history(root)).out
    head = git(root, "rev-parse", "HEAD")
    for name in ("latest", "3", head, head[:4], head.upper()[:12]):
        assert cli("history", "show", name, *_history(root)).out == latest
    assert f"clinic · {head[:9]} of 2026-06-30 · main" in latest
    assert "Code quality consistency  0 % (0 of 1)" in latest
    assert "1 error, 0 warnings, 0 notes in 2 endpoints" in latest
    record = json.loads(cli("history", "show", "1", "-f", "json", *_history(root)).out)
    assert [found["rule"] for found in record["findings"]] == ["zod/unvalidated-body"] * 2


def test_a_scan_that_is_not_there_is_told(cli: Cli, root: Path) -> None:
    """And one that could be several."""
    cli("scan", root, "--record")
    for name in ("99", "abcdef", "a", "-1", ""):
        done = cli("history", "show", *_history(root), "--", name)
        assert done.code == 2
        assert "was recorded; medpro-audit history list shows all" in done.err
    file = root.parent / "x.jsonl"
    cli("history", "export", *_history(root), "-o", file)
    head = git(root, "rev-parse", "HEAD")
    file.write_text(file.read_text().replace(head, head[:6] + "0" * 34))
    cli("history", "import", file, *_history(root))
    done = cli("history", "show", head[:6], *_history(root))
    assert done.code == 2
    assert f'"{head[:6]}" is the beginning of several commits; write more of it' in done.err


def test_two_scans_are_compared(cli: Cli, root: Path) -> None:
    """By default the last two: metrics and why, findings, endpoints, answers."""
    _backfilled(cli, root)
    out = cli("history", "compare", *_history(root)).out
    assert "0 new, 1 fixed" in out
    assert "POST /d reads req.body" in out
    assert "GET /open: authentication yes → no" in out
    found = json.loads(cli("history", "compare", "1", "3", "-f", "json", *_history(root)).out)
    assert [each["path"] for each in found["endpoints_removed"]] == ["/b"]
    assert [each["path"] for each in found["fixed"]] == ["/b"]
    cli("history", "prune", "--before", "2026-06-30", *_history(root))
    done = cli("history", "compare", *_history(root))
    assert done.code == 2
    assert "only one scan of this project was recorded; medpro-audit history backfill records earlier ones" in done.err


def test_another_configuration_begins_an_epoch(cli: Cli, root: Path) -> None:
    """It is told in the list, and brings nothing new in a comparison."""
    cli("scan", root, "--record")
    config = root / "medpro-audit.toml"
    config.write_text(config.read_text().replace('"security", ', ""))
    cli("scan", root, "--record")
    listed = cli("history", "list", *_history(root)).out
    assert re.search(r"new epoch: \d+ rules added", listed)
    out = " ".join(cli("history", "compare", *_history(root)).out.split())
    assert "Only what both have asked alike is compared, and the metrics are not." in out
    assert "0 new, 0 fixed" in out
    config.write_text(config.read_text() + "[middleware]\nlogin = ['authentication']\n")
    cli("scan", root, "--record")
    out = " ".join(cli("history", "compare", *_history(root)).out.split())
    assert "the configuration changed. So nothing is compared; medpro-audit history backfill" in out
    assert "fixed" not in out


# Earlier commits


def test_earlier_commits_are_recorded_the_last_of_each_week(cli: Cli, root: Path) -> None:
    """With the rules and the configuration of today; a week without one is left out."""
    done = _backfilled(cli, root)
    assert done.code == 0, done.err
    assert [line.split("  ")[0::2] for line in done.out.splitlines()] == [
        ["2026-W22", "3 endpoints, 2 findings"],
        ["2026-W25", "3 endpoints, 2 findings"],
        ["2026-W27", "2 endpoints, 1 finding"],
    ]
    assert [str(scan["at"])[:10] for scan in _listed(cli, root)] == ["2026-05-28", "2026-06-17", "2026-06-30"]
    assert git(root, "status", "--porcelain") == ""


def test_what_is_recorded_already_is_not_scanned_again(cli: Cli, root: Path) -> None:
    """Unless that is asked for; a new commit is."""
    first = _backfilled(cli, root)
    second = _backfilled(cli, root)
    assert [line.split("  ")[2] for line in second.out.splitlines()] == ["recorded already"] * 3
    assert _backfilled(cli, root, "--again").out == first.out
    commit(root, {"server.js": server()}, "2026-07-01T08:00:00Z")
    assert _backfilled(cli, root).out.splitlines()[-1].endswith("  0 endpoints, 0 findings")
    assert len(_listed(cli, root)) == 4


def test_a_commit_has_one_record_scanned_or_backfilled(cli: Cli, root: Path) -> None:
    """Both measure the same."""
    cli("scan", root, "--record")
    before = cli("history", "show", "-f", "json", *_history(root)).out
    _backfilled(cli, root, "--again", "--weeks", "1")
    after = cli("history", "show", "-f", "json", *_history(root)).out
    changed = [(old, new) for old, new in zip(before.splitlines(), after.splitlines(), strict=True) if old != new]
    assert changed == []


def test_as_many_weeks_are_looked_back_as_are_named(cli: Cli, root: Path) -> None:
    """The state that they began with counts."""
    done = _backfilled(cli, root, "--weeks", "4")
    assert [line[:8] for line in done.out.splitlines()] == ["2026-W24", "2026-W25", "2026-W27"]
    done = cli("history", "backfill", root, "--today", "2020-01-01")
    assert done.code == 2
    assert "nothing was committed in these weeks, nor before them" in done.err


def test_what_was_merged_counts_from_the_merge(cli: Cli, root: Path) -> None:
    """A branch that was worked on for weeks has changed nothing before."""
    git(root, "checkout", "-qb", "feature", "HEAD~1")
    commit(root, {"other.js": "1;"}, "2026-06-10T10:00:00Z")
    git(root, "checkout", "-q", "main")
    git(root, "merge", "-q", "--no-ff", "-m", "merge", "feature", at="2026-07-01T10:00:00Z")
    _backfilled(cli, root)
    assert [str(scan["at"])[:10] for scan in _listed(cli, root)] == ["2026-05-28", "2026-06-17", "2026-07-01"]


def test_clocks_that_were_wrong_lose_no_commit(cli: Cli, root: Path) -> None:
    """One commit of 1970, one of a far future."""
    commit(root, {"a.js": "1;"}, "@5 +0000")
    commit(root, {"b.js": "1;"}, "@99999999999 +0000")
    commit(root, {"c.js": "1;"}, "2026-07-01T10:00:00Z")
    assert _backfilled(cli, root).code == 0
    assert [str(scan["at"])[:10] for scan in _listed(cli, root)] == [
        "1970-01-01",
        "2026-05-28",
        "2026-06-17",
        "2026-07-01",
    ]


def test_a_shallow_clone_is_refused(cli: Cli, root: Path, tmp_path: Path) -> None:
    """With how to get the rest; a scan of it is recorded all the same."""
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{root}", str(clone))
    done = _backfilled(cli, clone)
    assert done.code == 2
    assert "check out with fetch-depth: 0, or run: git fetch --unshallow" in done.err
    assert not (clone / ".medpro-audit").exists()
    assert cli("scan", clone, "--record").code == 0


def test_a_clone_without_the_files_of_earlier_commits_is_refused(cli: Cli, root: Path, tmp_path: Path) -> None:
    """They are not taken for empty: weeks are left out, and a base is no base."""
    git(root, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--filter=blob:none", f"file://{root}", str(clone))
    done = _backfilled(cli, clone)
    assert done.code == 3
    assert [line[:8] for line in done.out.splitlines()] == ["2026-W27"]
    assert done.err.count("check out without a filter, or run: git fetch --refetch --no-filter") == 2
    assert cli("scan", clone, "--base", "HEAD~1").code == 2
    git(clone, "fetch", "-q", "--refetch", "--no-filter")
    assert _backfilled(cli, clone).code == 0
    assert len(_listed(cli, clone)) == 3


def test_a_folder_of_a_repository_is_looked_at_alone(cli: Cli, root: Path) -> None:
    """With its own history; weeks in which it was not there are told."""
    commit(
        root,
        {"api/package.json": PACKAGE.replace("clinic", "api"), "api/server.js": server(bad("x"))},
        "2026-07-01T10:00:00Z",
    )
    done = _backfilled(cli, root / "api")
    assert done.code == 0, done.err
    assert [line.split("  ")[2] for line in done.out.splitlines()] == [
        *["the directory was not there"] * 2,
        "1 endpoint, 1 finding",
    ]
    assert [scan["project"] for scan in _listed(cli, root / "api")] == ["api"]
    commit(
        root,
        {"web/package.json": PACKAGE.replace("clinic", "web"), "web/server.js": server(bad("x"))},
        "2026-07-01T11:00:00Z",
    )
    for folder in ("api", "web"):
        done = cli("history", "backfill", root / folder, *TODAY, "--weeks", "1", *_history(root))
        assert done.out.endswith("1 endpoint, 1 finding\n")
    assert [scan["project"] for scan in _listed(cli, root)] == ["api", "web"]


def test_a_submodule_whose_commit_is_missing_leaves_a_week_out(cli: Cli, root: Path, tmp_path: Path) -> None:
    """The others are recorded, and the exit code says that some are not."""
    shared = tmp_path / "shared"
    commit(shared, {"x.js": "1;"}, "2026-05-01T10:00:00Z")
    git(root, "-c", "protocol.file.allow=always", "submodule", "add", "-q", str(shared), "shared")
    git(root, "commit", "-qm", "shared", at="2026-06-24T10:00:00Z")
    git(root, "update-index", "--cacheinfo", f"160000,{'1' * 40},shared")
    git(root, "commit", "-qm", "gone", at="2026-07-01T10:00:00Z")
    done = _backfilled(cli, root)
    assert done.code == 3
    assert "2026-W27" in done.err
    assert f"run: git -C shared fetch origin {'1' * 40}" in done.err
    assert [line[:8] for line in done.out.splitlines()] == ["2026-W22", "2026-W25", "2026-W26"]


def test_a_name_of_a_stranger_gives_no_orders(cli: Cli, root: Path, tmp_path: Path) -> None:
    """A submodule whose path breaks the line, for a runner of GitHub Actions to obey."""
    shared = tmp_path / "shared"
    commit(shared, {"x.js": "1;"})
    path = "a\n::error::x"
    git(root, "-c", "protocol.file.allow=always", "clone", "-q", str(shared), path)
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
    git(root, "commit", "-qm", "gone", at="2026-07-01T10:00:00Z")
    done = _backfilled(cli, root)
    assert done.code == 3
    assert all(line.startswith("medpro-audit: ") for line in done.err.splitlines())


def test_outside_of_git_there_are_no_earlier_commits(cli: Cli, tmp_path: Path) -> None:
    """Nor before the first one."""
    (tmp_path / "package.json").write_text(PACKAGE)
    done = _backfilled(cli, tmp_path)
    assert (done.code, "this is no git repository" in done.err) == (2, True)
    git(tmp_path, "init", "-q")
    done = _backfilled(cli, tmp_path)
    assert (done.code, "nothing was committed" in done.err) == (2, True)
    assert not (tmp_path / ".medpro-audit").exists()


def test_the_same_commits_give_the_same_bytes(cli: Cli, root: Path, tmp_path: Path) -> None:
    """From wherever they are read, and with or without what was remembered."""
    clone = tmp_path / "elsewhere" / "clinic"
    git(tmp_path, "clone", "-q", str(root), str(clone))
    for folder, options in ((root, ()), (clone, ("--no-cache",))):
        assert _backfilled(cli, folder, *options).code == 0
    exports = [cli("history", "export", *_history(folder)).out for folder in (root, clone)]
    assert exports[0] == exports[1]
    assert len(exports[0].splitlines()) == 3


def test_a_backfill_that_is_killed_goes_on_where_it_was(cli: Cli, root: Path) -> None:
    """Twenty times at a random instant: what was recorded is whole, and in the end all is there."""
    for week in range(20):
        at = (date(2026, 1, 5) + timedelta(weeks=week)).isoformat()
        commit(root, {"server.js": server(bad(*(f"e{number}" for number in range(week))))}, f"{at}T10:00:00Z")
    file = root / ".medpro-audit" / "history.sqlite"
    command = [sys.executable, "-m", "medpro_audit", "history", "backfill", str(root), "--today", "2026-08-01"]
    subprocess.run(command, check=True, capture_output=True)
    whole = cli("history", "export", *_history(root)).out.splitlines()
    assert len(whole) > 15
    rng = random.Random(5)  # noqa: S311 - no secret
    file.unlink()
    for _ in range(20):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0, 0.2))
        process.kill()
        process.communicate()
        with sqlite3.connect(file) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        kept = cli("history", "export", *_history(root)).out.splitlines()
        assert kept == whole[: len(kept)]
        if len(kept) == len(whole):
            file.unlink()
    subprocess.run(command, check=True, capture_output=True)
    assert cli("history", "export", *_history(root)).out.splitlines() == whole


# Removing, and carrying elsewhere


def test_old_scans_are_removed(cli: Cli, root: Path) -> None:
    """Those before a day; first it may be asked how many."""
    _backfilled(cli, root)
    name = root / ".medpro-audit" / "history.sqlite"
    done = cli("history", "prune", "--before", "2026-06-17", "--dry-run", *_history(root))
    assert done.out == f"{name}: 1 of 3 scans would be removed\n"
    assert len(_listed(cli, root)) == 3
    done = cli("history", "prune", "--before", "2026-06-17", *_history(root))
    assert done.out == f"{name}: 1 of 3 scans removed\n"
    assert [str(scan["at"])[:10] for scan in _listed(cli, root)] == ["2026-06-17", "2026-06-30"]


def test_old_weeks_are_thinned(cli: Cli, root: Path) -> None:
    """Of each the last scan stays; what is younger stays whole."""
    for name in ("main~3", "main~2", "main~1", "main"):
        git(root, "checkout", "-q", name)
        cli("scan", root, "--record")
    commit(root, {"server.js": server()}, "2026-07-01T10:00:00Z")
    cli("scan", root, "--record")
    done = cli("history", "prune", "--thin", "2", *TODAY, *_history(root))
    assert "1 of 5 scans removed" in done.out
    assert [str(scan["at"])[:10] for scan in _listed(cli, root)] == [
        "2026-05-28",
        "2026-06-17",
        "2026-06-30",
        "2026-07-01",
    ]


def test_pruning_asks_what_to_remove(cli: Cli, root: Path) -> None:
    """It removes nothing by itself."""
    cli("scan", root, "--record")
    done = cli("history", "prune", *_history(root))
    assert (done.code, "say what to remove" in done.err) == (2, True)
    assert len(_listed(cli, root)) == 1


def test_a_history_can_be_carried_elsewhere(cli: Cli, root: Path, tmp_path: Path) -> None:
    """As JSON Lines, the earliest first; there it is the same, however often it is imported."""
    _backfilled(cli, root)
    file, there = tmp_path / "history.jsonl", str(tmp_path / "there.sqlite")
    done = cli("history", "export", *_history(root), "-o", file)
    assert done.out == f"{file}: 3 scans\n"
    assert cli("history", "export", *_history(root)).out == file.read_text()
    assert cli("history", "import", file, "--history", there).out == f"{there}: 3 scans added, 0 there already\n"
    assert cli("history", "import", file, file, "--history", there).out == f"{there}: 0 scans added, 6 there already\n"
    assert cli("history", "export", "--history", there).out == file.read_text()


def test_a_line_of_an_export_fits_its_schema(cli: Cli, root: Path, tmp_path: Path) -> None:
    """Which is printed without a history."""
    schema = json.loads(cli("history", "export", "--schema", "--history", tmp_path / "none").out)
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    _backfilled(cli, root)
    for line in cli("history", "export", *_history(root)).out.splitlines():
        assert not list(validator.iter_errors(json.loads(line)))
        assert list(validator.iter_errors({**json.loads(line), "scan": {}}))


def test_a_history_can_be_piped(root: Path, cli: Cli, tmp_path: Path) -> None:
    """From one program into another."""
    _backfilled(cli, root)
    there = str(tmp_path / "there.sqlite")
    program = [sys.executable, "-m", "medpro_audit", "history"]
    exported = subprocess.run([*program, "export", *_history(root)], capture_output=True, check=True)
    command = [*program, "import", "-", "--history", there]
    done = subprocess.run(command, input=exported.stdout, capture_output=True, check=True)
    assert done.stdout.decode() == f"{there}: 3 scans added, 0 there already\n"
    assert cli("history", "export", "--history", there).out.encode() == exported.stdout


def test_a_broken_line_is_told_and_nothing_is_imported(cli: Cli, root: Path, tmp_path: Path) -> None:
    """By file and number, with exit code 2."""
    _backfilled(cli, root)
    file, there = tmp_path / "history.jsonl", tmp_path / "there.sqlite"
    cli("history", "export", *_history(root), "-o", file)
    lines = file.read_text().splitlines()
    file.write_text("\n".join([lines[0], "", lines[1][:-1], lines[2]]))
    done = cli("history", "import", file, "--history", there)
    assert (done.code, done.out) == (2, "")
    assert f"{file}:3: this is no record of a scan" in done.err
    assert "nothing was imported" in done.err
    file.write_text(lines[0].replace('"version":1', '"version":2'))
    done = cli("history", "import", file, "--history", there)
    assert f"{file}:1: a newer medpro-audit has written it" in done.err
    assert json.loads(cli("history", "list", "-f", "json", "--history", there).out)["scans"] == []
