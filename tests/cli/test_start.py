"""What the command line imports before it does anything."""

import json
import subprocess
import sys

import pytest

from cli.conftest import Cli

HEAVY = {
    "alembic",
    "asyncio",
    "jinja2",
    "markdown_it",
    "networkx",
    "rich",
    "sqlalchemy",
    "sqlglot",
    "sqlite3",
    "tree_sitter",
    "yaml",
}
"""What costs more than a few milliseconds."""
COMMANDS = "medpro_audit.cli.commands."


def imported(*arguments: str) -> set[str]:
    """Names of the modules that a run has imported in the end."""
    code = (
        "import atexit, json, sys; atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr));"
        f"sys.argv = ['medpro-audit', *{list(arguments)!r}]; from medpro_audit.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stderr))


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("scan", "--help")])
def test_help_is_instant(arguments: tuple[str, ...]) -> None:
    """It imports nothing heavy."""
    found = imported(*arguments)
    assert not {name.partition(".")[0] for name in found} & HEAVY
    assert "medpro_audit.pipeline" not in found


@pytest.mark.parametrize(("arguments", "commands"), [(("--version",), set()), (("graph", "--help"), {"graph"})])
def test_only_the_command_that_is_called_is_imported(arguments: tuple[str, ...], commands: set[str]) -> None:
    """The others are only named."""
    found = {name.removeprefix(COMMANDS) for name in imported(*arguments) if name.startswith(COMMANDS)}
    assert found == commands


def test_an_unknown_command(cli: Cli) -> None:
    """Is a usage error that names the nearest one."""
    done = cli("scna")
    assert (done.code, done.out) == (2, "")
    assert "No such command 'scna'" in done.err
