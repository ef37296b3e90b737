"""The other commands."""

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from cli.conftest import Cli
from medpro_audit import __version__

Project = Callable[[Mapping[str, str | bytes]], Path]


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_version(cli: Cli, option: str) -> None:
    """Of the package."""
    assert cli(option).out == f"medpro-audit, version {__version__}\n"


COMMANDS = ("", "scan", "endpoints", "graph", "connections", "rules", "rules list", "rules show", "config", "init")


@pytest.mark.parametrize("command", COMMANDS)
def test_help(cli: Cli, command: str) -> None:
    """Every command has one, no line of it wider than a terminal."""
    done = cli(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"Usage: medpro-audit {command}".rstrip())
    assert max(map(len, done.out.splitlines())) <= 100


def test_no_command_shows_the_help(cli: Cli) -> None:
    """As a usage error."""
    done = cli()
    assert done.code == 2
    assert "Commands:" in done.out + done.err


def test_endpoints_as_json(cli: Cli, example: Path) -> None:
    """The shape that others rely upon."""
    found = json.loads(cli("endpoints", example, "--format", "json").out)
    assert found["schema_version"] == 1
    assert len(found["endpoints"]) > 40
    keys = {"method", "path", "file", "line", "mounted", "conditional", "middleware", "handler", "reads", "validation"}
    for endpoint in found["endpoints"]:
        assert keys <= set(endpoint)
        assert {"body", "params", "query"} <= set(endpoint["validation"])


def test_endpoints_as_a_table(cli: Cli, example: Path) -> None:
    """A line for each."""
    done = cli("endpoints", example)
    assert (done.code, done.err) == (0, "")
    assert "/health" in done.out


@pytest.mark.parametrize(
    ("name", "start"), [("json", "{"), ("dot", "digraph"), ("mermaid", "flowchart"), ("cycles", "")]
)
def test_graph(cli: Cli, example: Path, name: str, start: str) -> None:
    """In every format."""
    done = cli("graph", example, "-f", name)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(start)


def test_graph_as_json(cli: Cli, project: Project) -> None:
    """Edges with their kinds, and what could not be resolved with the reason."""
    root = project({"a.js": "require('./b'); require('./gone');", "b.js": "exports.x = 1;"})
    found = json.loads(cli("graph", root).out)
    assert found["schema_version"] == 1
    assert found["edges"] == [["a.js", "b.js", "import"]]
    assert [(gap["file"], gap["line"], gap["specifier"]) for gap in found["unresolved"]] == [("a.js", 1, "./gone")]


def test_connections(cli: Cli, example: Path) -> None:
    """Side by side, and as JSON."""
    found = json.loads(cli("connections", example, "-f", "json").out)
    assert found["schema_version"] == 1
    keys = {"file", "line", "driver", "kind", "host", "port", "user", "database", "hardcoded", "canonical", "scope"}
    assert all(keys <= set(connection) for connection in found["connections"])
    assert "mysql2" in cli("connections", example).out


def test_rules(cli: Cli) -> None:
    """Listed by pack, one of them explained, all of them tested by their own examples."""
    listed = cli("rules", "list").out
    assert "zod/unvalidated-body" in listed
    shown = cli("rules", "show", "zod/unvalidated-body").out
    assert shown.startswith("zod/unvalidated-body: ")
    done = cli("rules", "test")
    assert done.code == 0, done.out


def test_a_rule_that_does_not_exist(cli: Cli) -> None:
    """The nearest one is named."""
    done = cli("rules", "show", "zod/unvalidated-bdy")
    assert done.code == 2
    assert 'did you mean "zod/unvalidated-body"?' in done.err


RULE = """\
id: mine/open-delete
subject: endpoint
title: Open delete
severity: error
metric: none
where: {method: DELETE}
require: {conditional: true}
message: no
fix: Close it.
why: Because.
effort: 5min
bad: |
  const app = require('express')();
  app.VERB('/x', (req, res) => res.end());
good: |
  const app = require('express')();
  app.get('/x', (req, res) => res.end());
"""


def test_rules_of_a_folder_and_their_fixtures(cli: Cli, project: Project) -> None:
    """A pack that is wrong about its own example fails, and says where."""
    app = "const app = require('express')();\n"
    files = {
        "mine/pack.yaml": "id: mine\ntitle: Mine\ndescription: Mine.\n",
        "mine/open-delete.yaml": RULE.replace("VERB", "delete"),
        "tests/one/server.js": f"{app}app.delete('/x', (req, res) => res.end()); // expect: mine/open-delete\n",
    }
    root = project(files)
    right = cli("rules", "test", root / "tests", "--rules", root / "mine")
    assert right.code == 0, right.out + right.err
    project({"mine/open-delete.yaml": RULE.replace("VERB", "get")})
    wrong = cli("rules", "test", "--rules", root / "mine")
    assert wrong.code == 1
    assert "mine/open-delete" in wrong.out


def test_config(cli: Cli, project: Project) -> None:
    """The effective one with the origin of each value, and its schema."""
    root = project({"medpro-audit.toml": "[database]\nport = 3307\n"})
    done = cli("config", root)
    assert done.code == 0
    assert re.search(r"^port = 3307 +# from medpro-audit.toml:2", done.out, re.MULTILINE)
    assert json.loads(cli("config", "--schema").out)["title"] == "medpro-audit.toml"


def test_init(cli: Cli, project: Project) -> None:
    """Written once, and then read without complaint."""
    root = project({"package.json": '{"dependencies": {"express": "5"}}'})
    printed = cli("init", root, "--stdout").out
    done = cli("init", root)
    assert (done.code, (root / "medpro-audit.toml").read_text()) == (0, printed)
    assert f"next: medpro-audit scan {root}" in done.out
    assert cli("config", root).code == 0
    again = cli("init", root)
    assert again.code == 2
    assert "exists" in again.err


@pytest.mark.parametrize("command", ["scan", "endpoints", "graph", "connections", "config", "init"])
@pytest.mark.parametrize(("path", "complaint"), [("nowhere", "there is no such folder"), ("a.js", "this is a file")])
def test_a_path_that_is_no_folder(cli: Cli, project: Project, command: str, path: str, complaint: str) -> None:
    """Every command says so in the same words."""
    done = cli(command, project({"a.js": "x"}) / path)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
