"""``medpro-audit scan``: formats, files, gates, exit codes."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.conftest import Cli
from packs import only

Project = Callable[[Mapping[str, str | bytes]], Path]

SERVER = (
    "const app = require('express')(), kept = [];\napp.post('/x', (req, res) => res.json(kept.push(req.body.a)));\n"
)
HEALTHY = (
    "const app = require('express')(), kept = [];\napp.get('/health', (req, res) => res.json({}));\napp.listen(1);\n"
)
PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5"}}'
MANIFEST = {"package.json": PACKAGE}


def test_without_a_gate_it_reports_and_passes(cli: Cli, example: Path) -> None:
    """It says that nothing is gated."""
    done = cli("scan", example)
    assert (done.code, done.err) == (0, "")
    assert "nothing is gated" in done.out.lower()


@pytest.mark.parametrize(
    ("name", "start"), [("json", "{"), ("sarif", "{"), ("html", "<!doctype html>"), ("markdown", "#")]
)
def test_every_format_is_printed(cli: Cli, example: Path, name: str, start: str) -> None:
    """In place of the report for terminals."""
    done = cli("scan", example, "-f", name)
    assert done.code == 0
    assert done.out.lower().startswith(start)


def test_several_formats_are_written_in_one_run(cli: Cli, example: Path, tmp_path: Path) -> None:
    """Beside what is printed; each as if it had been printed."""
    html, sarif = tmp_path / "report.html", tmp_path / "log.sarif"
    done = cli("scan", example, "-f", "json", "-o", f"html:{html}", "-o", f"sarif:{sarif}")
    assert json.loads(done.out)["schema_version"] == 1
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert html.read_text() == cli("scan", example, "-f", "html").out


def test_the_ending_of_a_file_says_its_format(cli: Cli, example: Path, tmp_path: Path) -> None:
    """Where it stands for one format only."""
    names = ("a.json", "a.html", "a.md", "a.csv", "a.svg", "a.sarif")
    assert cli("scan", example, *(part for name in names for part in ("-o", tmp_path / name))).code == 0
    written = [(tmp_path / name).read_text() for name in names]
    assert json.loads(written[0])["schema_version"] == 1
    assert [text[:5].lower() for text in (*written[1:2], *written[3:5])] == ["<!doc", "rule,", "<svg "]
    assert written[2].startswith("## ")
    assert json.loads(written[5])["version"] == "2.1.0"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("-f", "pdf"), 'there is no report format "pdf"; there are: badge, checkstyle, comment, console, csv, github'),
        (("-f", "htm"), 'there is no report format "htm"; did you mean "html"?'),
        (("-o", "report.xml"), "-o report.xml: write it as FORMAT:FILE, such as -o junit:report.xml"),
        (("-o", "report"), "-o report: write it as FORMAT:FILE"),
        (("-o", "html:"), "-o html:: write it as FORMAT:FILE"),
        (("-o", "html:/nowhere/x.html"), "/nowhere/x.html can't be written: No such file or directory"),
        (("--rules", "nowhere"), "nowhere: this folder can't be read"),
        (("-c", "nowhere.toml"), "nowhere.toml"),
    ],
)
def test_a_wrong_command_line_says_what_to_do(
    cli: Cli, project: Project, arguments: tuple[str, ...], complaint: str
) -> None:
    """Exit code 2, and nothing on standard output."""
    done = cli("scan", project({**MANIFEST, "server.js": HEALTHY}), *arguments)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err


@pytest.mark.parametrize(
    ("source", "gate", "code"),
    [
        (SERVER, (), 0),
        (SERVER, ("--fail-on", "error"), 1),
        (HEALTHY, ("--fail-on", "error"), 0),
        (HEALTHY, ("--fail-on", "note"), 0),
        ("exports.x = 1;", ("--fail-on", "error"), 3),
        ("exports.x = 1;", (), 0),
    ],
)
def test_exit_codes(cli: Cli, project: Project, source: str, gate: tuple[str, ...], code: int) -> None:
    """0 passed or not gated, 1 failed, 3 when too little was seen to pass."""
    files = {**MANIFEST, "server.js": source, "medpro-audit.toml": only("zod")}
    assert cli("scan", project(files), *gate).code == code


@pytest.mark.parametrize(
    ("gate", "code", "reason"),
    [
        ('fail-on = "error"', 1, "the gate fails on error"),
        ("minimum = { code-quality = 90 }", 1, "below its minimum of 90 %"),
        ("minimum = { testing = 10 }", 3, "is not measured"),
        ("min-known-handlers = 100", 0, ""),
    ],
)
def test_the_gate_may_be_configured(cli: Cli, project: Project, gate: str, code: int, reason: str) -> None:
    """Its reasons are printed."""
    config = f"{only('zod')}[gate]\n{gate}\n"
    done = cli("scan", project({**MANIFEST, "server.js": SERVER, "medpro-audit.toml": config}))
    assert done.code == code
    assert reason in " ".join(done.out.split())


def test_files_are_explained(cli: Cli, project: Project) -> None:
    """Which are read, and why others are not; nothing else is done."""
    files = {
        **MANIFEST,
        ".gitignore": "build/\n",
        "server.js": SERVER,
        "build/out.js": "x",
        "node_modules/a/index.js": "x",
        "web/jquery.min.js": "x",
    }
    done = cli("scan", project(files), "--explain-files")
    lines = done.out.splitlines()
    assert (done.code, lines[0]) == (0, "read      server.js")
    left_out = ["left out  build", "left out  node_modules", "left out  web/jquery.min.js"]
    assert [line.split(":")[0] for line in lines[1:-1]] == left_out
    assert lines[-1] == "1 files, 3 left out"


def test_all_findings_are_shown_when_asked_for(cli: Cli, example: Path) -> None:
    """Else the first of each rule."""
    assert len(cli("scan", example, "--all").out) > len(cli("scan", example).out)


def test_the_current_folder_is_the_default(cli: Cli, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """No path in the report leads out of it."""
    monkeypatch.chdir(project({**MANIFEST, "server.js": SERVER}))
    found = json.loads(cli("scan", "-f", "json").out)
    assert [finding["file"] for finding in found["findings"]][:1] == ["server.js"]
    assert found["project"] == "clinic"


def test_a_folder_whose_name_is_no_text_is_scanned(program: Cli, tmp_path: Path) -> None:
    """Its name stands in documents with what is no text replaced."""
    root = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff"))
    root.mkdir()
    (root / "server.js").write_text("")
    done = program("scan", root, "-f", "json")
    assert done.code == 0
    assert json.loads(done.out)["project"] == "a?"
