"""``medpro-audit watch``, as a process that looks at files on disk."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cli.programs import run
from medpro_audit import __version__
from medpro_audit.reporters.terminal import columns
from packs import only

PATIENCE = 120.0
"""Seconds to wait for output: far more than the slowest machine takes."""

SERVER = """
const express = require('express');
const { z } = require('zod');
const app = express(), names = [];
app.use(express.json());
const schema = z.object({ name: z.string() });
app.post('/patients', (req, res) => { const { name } = schema.parse(req.body); res.json(names.push(name)); });
"""
UNVALIDATED = SERVER.replace("schema.parse(req.body)", "req.body")

ONLY_ZOD = only("zod")

Plant = Callable[..., Path]


@pytest.fixture
def plant(tmp_path: Path) -> Plant:
    """Write a file of the project by its name, at once and whole, and return the project's folder."""
    root = tmp_path / "clinic"

    def write(name: str = "server.js", content: str = SERVER) -> Path:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = tmp_path / "draft"
        draft.write_text(content, encoding="utf-8")
        draft.replace(path)
        return root

    write("package.json", '{"name": "clinic", "main": "server.js", "dependencies": {"express": "5", "zod": "4"}}')
    write("medpro-audit.toml", ONLY_ZOD)
    write()
    return write


class Watch:
    """A running ``medpro-audit watch``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, pattern: str) -> list[str]:
        """The lines up to one in which the pattern is found, without blank ones."""
        lines: list[str] = []
        while not lines or not re.search(pattern, lines[-1]):
            line = self._lines.get(timeout=PATIENCE)
            assert line is not None, "it has ended after\n" + "\n".join(lines)
            assert columns(line) <= 80 or line.startswith("medpro-audit: ")
            lines.append(line)
        return [line for line in lines if line]

    def end(self) -> int:
        """Interrupt it as Ctrl-C does; its exit code. It must have nothing more to say."""
        self._process.send_signal(signal.SIGINT)
        code = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._lines.get(timeout=PATIENCE) is None
        return code


HEEDING = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("medpro_audit", run_name="__main__", alter_sys=True)
"""
"""The program where Ctrl-C ends it, also when whoever runs the tests ignores that, as a job in the background does."""


@contextmanager
def watching(root: Path, *arguments: str) -> Iterator[Watch]:
    """Watch a project from when its summary has been printed."""
    command = [sys.executable, "-c", HEEDING, "watch", str(root), *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", env=environment
    ) as process:
        try:
            yield Watch(process)
        finally:
            process.kill()


def test_only_what_is_different_is_printed(plant: Plant) -> None:
    """A summary first; then the finding, the endpoint's verdict and the metric that an edit changes; and back."""
    with watching(plant()) as watch:
        assert watch.until("Ctrl-C ends it") == [
            f"medpro-audit {__version__} · clinic",
            "– Nothing is gated: nothing found in 1 endpoint.",  # noqa: RUF001 - the sign for "does not apply"
            "  Code quality consistency 100 % (1 of 1) · 5 not measured",
            "  Watching 1 file for changes; Ctrl-C ends it.",
        ]
        plant(content=UNVALIDATED)
        assert watch.until("not gated ·") == [
            "server.js",
            "+ ✖ server.js:7:1  POST /patients reads req.body, and no schema validates it",
            "○ POST /patients: body validated → missing",
            "▼ -100.0 Code quality consistency 0 % (0 of 1) · target 90",
            "– not gated · 1 error in 1 endpoint",  # noqa: RUF001 - as above
        ]
        plant(content=SERVER + "app.get('/health', (req, res) => res.json({}));")
        assert watch.until("not gated ·") == [
            "server.js",
            "- ✖ server.js:7:1  POST /patients reads req.body, and no schema validates it",
            "+ GET /health  server.js:8",
            "● POST /patients: body missing → validated",
            "▲ +100.0 Code quality consistency 100 % (1 of 1) · target 90",
            "– not gated · nothing found in 2 endpoints",  # noqa: RUF001 - as above
        ]
        plant(content=SERVER + "\n// only a comment\n")
        watch.until("- GET /health")
        watch.until("not gated ·")
        plant(content=SERVER + "\n// another comment\n")
        assert watch.until("no difference") == ["server.js: no difference"]
        assert watch.end() == 0


def test_the_gate_changes(plant: Plant) -> None:
    """Its answer in a sentence, and what it was."""
    with watching(plant(), "--fail-on", "error", "--no-cache") as watch:
        assert "● The gate passed: nothing found in 1 endpoint." in watch.until("Ctrl-C")
        plant(content=UNVALIDATED)
        assert watch.until("It was")[-2:] == [
            "○ The gate failed: 1 error, and the gate fails on error.",
            "  It was: passed.",
        ]
        assert watch.end() == 0


def test_a_wrong_configuration_does_not_end_it(plant: Plant) -> None:
    """It is told what is wrong, and goes on when it is mended; what was edited meanwhile is told then."""
    with watching(plant()) as watch:
        watch.until("Ctrl-C")
        plant("medpro-audit.toml", ONLY_ZOD + '[gate]\nfail-onn = "error"\n')
        told = watch.until("correct or remove it")
        assert told[0] == "medpro-audit.toml: nothing is scanned until it is mended"
        assert "medpro-audit.toml:4: key gate.fail-onn: unknown key" in told[1]
        plant(content=UNVALIDATED)
        assert watch.until("correct or remove it")[0] == "server.js: nothing is scanned until it is mended"
        plant("medpro-audit.toml", ONLY_ZOD + '[gate]\nfail-on = "error"\n')
        told = watch.until("It was")
        assert told[0] == "medpro-audit.toml, server.js"
        assert "+ ✖ server.js:7:1  POST /patients reads req.body, and no schema validates it" in told
        assert watch.end() == 0


def test_a_syntax_error_in_the_middle_of_an_edit_removes_nothing(plant: Plant) -> None:
    """The difference is that between the states before and after."""
    with watching(plant()) as watch:
        watch.until("Ctrl-C")
        plant(content="app.post(((\n" + SERVER.replace("app.post", "x."))
        told = watch.until("the file was")
        assert told[0] == "server.js: nothing is compared until it can be read"
        assert told[1].startswith("  ◐ server.js:1  the code here could not be read")
        plant(content=UNVALIDATED)
        assert watch.until("not gated ·")[1:3] == [
            "+ ✖ server.js:7:1  POST /patients reads req.body, and no schema validates it",
            "○ POST /patients: body validated → missing",
        ]
        assert watch.end() == 0


def test_a_file_left_broken_is_compared_when_another_is_edited(plant: Plant) -> None:
    """Its syntax error is told as something new then."""
    with watching(plant()) as watch:
        watch.until("Ctrl-C")
        plant("broken.js", "const a = {{{;")
        watch.until("the file was")
        plant(content=UNVALIDATED)
        told = watch.until("not gated ·")
        assert told[0] == "broken.js, server.js"
        assert any(line.startswith("+ ◐ broken.js:1  syntax error") for line in told)
        assert watch.end() == 0


def test_new_folders_are_watched(plant: Plant) -> None:
    """A file in a folder in a new folder counts when it comes, when it changes, and when all of it goes."""
    with watching(root := plant()) as watch:
        watch.until("Ctrl-C")
        plant("admin/routes/reports.js", SERVER.replace("/patients", "/reports"))
        watch.until(r"^\+ POST /reports  admin/routes/reports\.js:7$")
        watch.until("not gated ·")
        plant("admin/routes/reports.js", UNVALIDATED.replace("/patients", "/reports"))
        told = watch.until("not gated ·")
        assert {"admin/routes/reports.js", "○ POST /reports: body validated → missing"} <= {*told}
        (root / "admin" / "routes").rename(root.parent / "elsewhere")
        watch.until("^- POST /reports  admin/routes/reports.js:7$")
        watch.until("not gated ·")
        assert watch.end() == 0


def test_what_is_not_read_is_not_watched(plant: Plant) -> None:
    """Neither installed packages nor what git ignores, nor files of other kinds."""
    root = plant(".gitignore", "generated/\n*.tmp.js\n")
    for name in ("node_modules/x/index.js", "generated/client.js", "a.tmp.js"):
        plant(name, "1")
    with watching(root) as watch:
        watch.until("Ctrl-C")
        for name in ("node_modules/x/index.js", "generated/client.js", "a.tmp.js", "server.log"):
            plant(name, "2")
        plant(content=UNVALIDATED)
        assert watch.until("not gated ·")[0] == "server.js"
        assert watch.end() == 0


def test_what_steers_from_above_is_watched(plant: Plant) -> None:
    """A configuration at the root of the repository, of which a folder is scanned."""
    root = plant("api/server.js")
    (root / ".git").mkdir()
    plant("api/package.json", '{"main": "server.js", "dependencies": {"express": "5", "zod": "4"}}')
    with watching(root / "api") as watch:
        watch.until("Ctrl-C")
        plant("other.js", "1")
        plant("medpro-audit.toml", ONLY_ZOD + '[gate]\nfail-on = "error"\n')
        assert watch.until("It was") == [
            "../medpro-audit.toml",
            "● The gate passed: nothing found in 1 endpoint.",
            "  It was: not gated.",
        ]
        assert watch.end() == 0


RULE = """
id: clinic/any
subject: endpoint
title: There is an endpoint
severity: warning
metric: none
where: {method: POST}
require: {path: {starts-with: /api}}
message: "{{ path }} is not below /api"
fix: Move it.
why: All of ours are.
effort: 5min
bad: |
  require('express')().post('/x', (req, res) => res.json([]));
good: |
  require('express')().post('/api/x', (req, res) => res.json([]));
"""


def test_rule_packs_are_watched(plant: Plant, tmp_path: Path) -> None:
    """A rule that comes is told as such, and one that is wrong does not end it."""
    packs = tmp_path / "packs"
    (packs / "clinic").mkdir(parents=True)
    (packs / "clinic" / "pack.yaml").write_text("id: clinic\ntitle: Ours\ndescription: What we want.\n")
    with watching(plant("x.js", ""), "--rules", str(packs)) as watch:
        watch.until("Ctrl-C")
        (packs / "clinic" / "any.yaml").write_text(RULE)
        assert "+ clinic/any is now looked for: 1 finding" in watch.until("not gated ·")
        (packs / "clinic" / "any.yaml").write_text(RULE.replace("severity", "severty"))
        assert "nothing is scanned until it is mended" in " ".join(watch.until(r'"severity"\?$'))
        assert watch.end() == 0


def test_a_configuration_that_is_wrong_from_the_beginning_is_an_error(plant: Plant) -> None:
    """As for every other command."""
    done = run("watch", str(plant("medpro-audit.toml", "nonsense = 1\n")))
    assert (done.code, done.out) == (2, "")
    assert "nonsense: unknown key" in done.err


def test_a_folder_that_goes_ends_it(plant: Plant, tmp_path: Path) -> None:
    """There is nothing left to wait for."""
    with watching(root := plant()) as watch:
        watch.until("Ctrl-C")
        root.rename(tmp_path / "elsewhere")
        watch.until("there is no such folder")
