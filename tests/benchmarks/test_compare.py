"""What the comparison with other tools does besides running them."""

import os
import sys
from pathlib import Path

import pytest

import scanner
from compare import compare
from corpus import Corpus, mirror, observe, sources_in, write_list
from growth import rows
from measuring import FailedError, Program, Summary, Usage, interleaved, run, summaries
from parse_floor import parse_all
from peers import PEERS, RULES, installed
from table import section, title_of


def usage(cpu: float, wall: float = 1.0, peak: float = 10.0) -> Usage:
    """What a run took."""
    return Usage(cpu, wall, peak)


def program(name: str, code: str, folder: Path) -> Program:
    """A program in Python."""
    return Program(name, [sys.executable, "-c", code], folder)


def test_a_program_is_measured_as_a_whole(tmp_path: Path) -> None:
    """With the CPU time and the memory of the processes that it starts."""
    busy = "import time\\nx = bytearray(60_000_000)\\nwhile time.process_time() < 0.2: pass"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{busy}'])"
    used = run(program("parent", code, tmp_path))
    assert used.cpu >= 0.2
    assert used.wall > 0
    assert used.peak > 57


def test_findings_are_no_failure(tmp_path: Path) -> None:
    """But other exit codes are, and say what was said last; so is a program that does not exist."""
    assert run(program("linter", "raise SystemExit(1)", tmp_path)).cpu > 0
    with pytest.raises(FailedError, match="broken: exit code 2: out of order"):
        run(program("broken", "import sys; print('out of order', file=sys.stderr); sys.exit(2)", tmp_path))
    with pytest.raises(FailedError, match=r"absent: .*No such file"):
        run(Program("absent", [str(tmp_path / "absent")], tmp_path))


def test_bytecode_may_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine is set up for, since to compile our modules is no part of a scan."""
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    run(Program("python", [sys.executable, "-c", "import sys; sys.exit(sys.dont_write_bytecode * 3)"], tmp_path))


def test_rounds_are_interleaved(tmp_path: Path) -> None:
    """After one that is not counted; what fails in it takes no part."""
    calls: list[str] = []

    def fake(each: Program) -> Usage:
        calls.append(each.name)
        if each.name == "broken":
            raise FailedError("broken: no licence")
        return usage(float(len(calls)))

    programs = [Program(name, [name], tmp_path) for name in ("one", "broken", "two")]
    used, failures = interleaved(programs, 2, fake)
    assert calls == ["one", "broken", "two", "one", "two", "one", "two"]
    assert failures == ["broken: no licence"]
    assert used == {"one": [usage(4.0), usage(6.0)], "two": [usage(5.0), usage(7.0)]}


def test_summaries_are_medians() -> None:
    """The ratio that of the rounds, so that a slow round is slow for both."""
    used = {
        "floor": [usage(1.0), usage(10.0), usage(2.0)],
        "tool": [usage(2.0, 3.0, 30.0), usage(20.0, 1.0, 10.0), usage(6.0, 2.0, 20.0)],
    }
    floor, tool = summaries(used, "floor")
    assert floor == Summary("floor", usage(2.0), 1.0)
    assert tool == Summary("tool", usage(6.0, 2.0, 20.0), 2.0)


def test_the_listing_of_a_scan_is_read() -> None:
    """Files that are read, also those on demand and outside; nothing else."""
    listing = "read      src/a.js\non demand ../b/c d.ts\nleft out  x.min.js: minified\nnotice    .: …\n2 files"
    assert sources_in(listing, Path("/project/app")) == {Path("/project/app/src/a.js"), Path("/project/b/c d.ts")}


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A back end in a workspace: it uses one file of a package beside it; another is there, one is minified."""
    files = {
        "package.json": '{"name": "root", "workspaces": ["app", "shared"]}',
        "app/package.json": '{"name": "app", "dependencies": {"express": "4", "@x/shared": "*"}}',
        "app/server.js": "const { port } = require('@x/shared');\nrequire('express')().listen(port);\n",
        "app/public/lib.min.js": "!function(){var a=1;" + "a=a+1;" * 2000 + "}();",
        "shared/package.json": '{"name": "@x/shared", "main": "index.js"}',
        "shared/index.js": "exports.port = 3000;\n",
        "shared/unused.js": "exports.unused = 1;\n",
    }
    for path, text in files.items():
        target = tmp_path / "work" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return tmp_path / "work"


def test_the_files_that_a_scan_parses_are_observed(workspace: Path, tmp_path: Path) -> None:
    """Not those that it only looks at; in a workspace also those of its neighbours that it follows."""
    corpus = observe(workspace / "app", tmp_path, scanner.alone())
    assert corpus.files == (workspace / "app/server.js", workspace / "shared/index.js")
    assert (corpus.outside, corpus.size) == (1, sum(file.stat().st_size for file in corpus.files))


def test_the_mirror_holds_these_files_and_their_manifests(workspace: Path, tmp_path: Path) -> None:
    """So that imports can still be resolved."""
    corpus = Corpus(workspace / "app", (workspace / "app/server.js", workspace / "shared/index.js"))
    copy = mirror(corpus, tmp_path / "copy")
    names = {file.relative_to(copy).as_posix() for file in copy.rglob("*") if file.is_file()}
    manifests = {"package.json", "app/package.json", "shared/package.json"}
    assert names == {"app/server.js", "shared/index.js", *manifests}
    assert write_list(corpus, tmp_path / "files.txt").read_text(encoding="utf-8").split() == [*map(str, corpus.files)]


def test_every_language_is_parsed(tmp_path: Path) -> None:
    """By the suffix of the file."""
    texts = {"a.js": "let a;", "b.jsx": "<a/>", "c.ts": "let a: b;", "d.tsx": "<a/>", "e.cjs": "", "f.mts": ""}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert parse_all([str(tmp_path / name) for name in texts]) == sum(map(len, texts.values()))


def test_peers_that_are_installed_are_found(tmp_path: Path) -> None:
    """On the search path, in its order; others are named once each."""
    for name in ("oxlint", "eslint"):
        (tmp_path / name).touch(mode=0o755)
    found, missing = installed(tmp_path / "copy of it", tmp_path, str(tmp_path))
    assert [each.name for each in found] == ["oxlint, its default rules", "ESLint, 11 rules", "ESLint, cache"]
    assert list(found[0].arguments) == [str(tmp_path / "oxlint"), "--silent", "."]
    assert f"{tmp_path}/eslint" in found[2].arguments[-1]
    assert {each.folder for each in found} == {tmp_path / "copy of it"}
    assert missing == ["ast-grep", "madge", "depcruise", "semgrep"]


def test_the_rules_of_peers_are_there() -> None:
    """As many as their names say."""
    counts = {"ast-grep, 10 rules": len(list((RULES / "ast-grep").iterdir()))}
    counts["semgrep, 10 rules"] = (RULES / "semgrep.yml").read_text(encoding="utf-8").count("- id:")
    assert set(counts.values()) == {10}
    assert set(counts) <= {peer.name for peer in PEERS}


def test_the_table(tmp_path: Path) -> None:
    """Says of how many files it is, which lie outside, and what is missing."""
    inside, outside = tmp_path / "app/a.js", tmp_path / "b.js"
    inside.parent.mkdir()
    for file in (inside, outside):
        file.write_text("x" * 1000, encoding="utf-8")
    corpus = Corpus(tmp_path / "app", (inside, outside))
    text = section("shop/app", corpus, [Summary("tool", Usage(1.234, 2.0, 1500.4), 2.46)], ["not installed: madge"])
    assert text.startswith("### shop/app: 2 files, 0.0 MB\n\n1 of these files")
    assert "| tool | 1.23 | 2.00 | 1,500 | 2.5 |\n\n- not installed: madge\n" in text
    assert title_of(Path("/code/shop/server")) == "shop/server"


def test_growth_is_told_by_what_a_file_costs() -> None:
    """Against the smallest back end, tool by tool."""
    smallest: dict[str, float] = {}
    rows(100, 1_000_000, [Summary("scan", usage(1.0), 3.0)], smallest)
    found = rows(1000, 10_000_000, [Summary("scan", usage(15.0, 16.0, 1234.0), 4.0)], smallest)
    assert found == ["| 1,000 | 10.0 | scan | 15.00 | 16.00 | 1,234 | 15.00 | 1.50 | 4.0 |"]


def test_a_comparison_without_peers(workspace: Path, tmp_path: Path) -> None:
    """Parsing and scanning side by side, and a folder with no source at all."""
    scratch, empty = tmp_path / "scratch", tmp_path / "empty"
    scratch.mkdir()
    empty.mkdir()
    text = compare(workspace / "app", scratch, runs=1, search=os.devnull)
    assert text.startswith("### work/app: 2 files")
    assert "| parsing, nothing else | " in text
    assert "| medpro-audit, all rules | " in text
    assert "- not installed: ast-grep, oxlint, madge, depcruise, eslint, semgrep" in text
    assert compare(empty, scratch, runs=1, search="").endswith("no source files\n")
