"""The command line as a program: streams, environment, start-up, determinism."""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from cli.conftest import Cli
from medpro_audit.reporters.terminal import columns

HEAVY = ("tree_sitter", "jinja2", "networkx", "yaml", "markdown_it", "pathspec", "asyncio")


def imported(program: Cli, *arguments: str) -> set[str]:
    """Modules that a run of the program imports."""
    done = program(*arguments, options=("-X", "importtime"))
    assert done.code == 0
    return {line.rpartition("|")[2].strip() for line in done.err.splitlines() if line.startswith("import time:")}


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("scan", "--help")])
def test_help_is_instant(program: Cli, arguments: tuple[str, ...]) -> None:
    """Nothing heavy is imported for it."""
    found = imported(program, *arguments)
    assert "click" in found
    assert found & set(HEAVY) == set()


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",),
        ("scan", "-f", "json"),
        ("scan", "-f", "sarif"),
        ("scan", "-f", "html"),
        ("scan", "-f", "markdown"),
        ("endpoints", "-f", "json"),
        ("connections", "-f", "json"),
        ("graph",),
    ],
)
def test_the_same_input_gives_the_same_bytes(
    program: Cli, example: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    """Whatever the order of sets and dictionaries, and without an absolute path."""
    command, *rest = arguments
    runs = [{"PYTHONHASHSEED": seed, "MEDPRO_AUDIT_CACHE_DIR": str(tmp_path / seed)} for seed in ("1", "4242")]
    first, second = (program(command, example, *rest, env=env) for env in runs)
    assert (first.code, first.err) == (0, "")
    assert first == second
    assert str(example.parent) not in first.out


@pytest.mark.parametrize("env", [{}, {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"TERM": "dumb"}, {"COLUMNS": "200"}])
def test_in_a_pipe_there_is_neither_colour_nor_progress(program: Cli, example: Path, env: Mapping[str, str]) -> None:
    """Plain text of at most 80 columns, whatever the environment says."""
    done = program("scan", example, env=env)
    assert (done.code, done.err) == (0, "")
    assert "\x1b" not in done.out
    places = ("/", ".js:")
    assert [line for line in done.out.splitlines() if columns(line) > 80 and not any(p in line for p in places)] == []


def test_a_terminal_without_unicode_gets_letters(program: Cli, example: Path) -> None:
    """What its encoding lacks is spelled out."""
    done = program("scan", example, env={"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"})
    assert done.code == 0
    assert done.out.isascii()


@pytest.mark.parametrize("read", [0, 1])
@pytest.mark.parametrize(("gate", "code"), [((), 0), (("--fail-on", "error"), 1)])
def test_a_reader_that_has_read_enough_is_no_fault(example: Path, read: int, gate: tuple[str, ...], code: int) -> None:
    """``| head -1`` gets its line, nothing complains, and the gate's answer is what it is; so for ``| true``."""
    command = [sys.executable, "-m", "medpro_audit", "scan", str(example), "-f", "json", *gate]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.read(read)
        process.stdout.close()
        errors = process.stderr.read()
    assert (process.returncode, errors) == (code, b"")


def test_a_wrong_option_is_a_usage_error(program: Cli) -> None:
    """Of the program as of the function."""
    done = program("scan", "--nonsense")
    assert (done.code, done.out) == (2, "")
    assert "No such option" in done.err
