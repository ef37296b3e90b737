"""Whatever stands in the folder, the answer is a report or a sentence, and never a traceback."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Cli

Project = Callable[[Mapping[str, str | bytes]], Path]

SERVER = "const app = require('express')();\napp.get('/last', (req, res) => res.end());\n"


def scanned(cli: Cli, root: Path) -> dict[str, Any]:
    """The result of a scan that succeeds."""
    done = cli("scan", root, "-f", "json")
    assert (done.code, done.err) == (0, "")
    found: dict[str, Any] = json.loads(done.out)
    return found


@pytest.mark.parametrize("files", [{}, {"readme.md": "x", "main.py": "x"}, {"package.json": "{}"}])
def test_a_folder_without_javascript_says_so(cli: Cli, project: Project, files: dict[str, str | bytes]) -> None:
    """It is not gated, and no gate would let it pass."""
    root = project(files)
    assert "no source file was read; is this the right folder?" in " ".join(cli("scan", root).out.split())
    assert cli("scan", root, "--fail-on", "error").code == 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20, None),
        (b"\0" * 4_000, None),
        (b"x = '" + b"a" * 5_000_000 + b"';", "limit"),
        (b"const = ;", "syntax-error"),
        (("(" * 100_000).encode(), None),
        (("[" * 100_000 + "]" * 100_000).encode(), None),
        (("{\n" * 100_000).encode(), "syntax-error"),
        (("a" + ".b" * 100_000).encode(), None),
        (("a" + "+b" * 50_000).encode(), None),
        (("!" * 50_000 + "a").encode(), None),
        (("if(a){" * 20_000 + "}" * 20_000).encode(), None),
        (("a?b:" * 20_000 + "c").encode(), None),
        (("f(" * 30_000 + ")" * 30_000).encode(), None),
        (("x=>" * 30_000 + "x").encode(), None),
        (("`${" * 10_000 + "a" + "}`" * 10_000).encode(), None),
    ],
    ids=lambda value: repr(value[:12]) if isinstance(value, bytes) else str(value),
)
def test_a_monstrous_file_does_not_hide_the_others(
    cli: Cli, project: Project, content: bytes, kind: str | None
) -> None:
    """What could not be read is a notice, and the endpoint beside it is found."""
    found = scanned(cli, project({"server.js": f"require('./m');\n{SERVER}", "m.js": content}))
    assert [endpoint["path"] for endpoint in found["endpoints"]] == ["/last"]
    kinds = {notice["kind"] for notice in found["notices"] if (notice["place"] or {}).get("file") == "m.js"}
    assert kind is None or kind in kinds


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252"])
def test_any_encoding_is_read(cli: Cli, project: Project, encoding: str) -> None:
    """As its bytes tell."""
    source = SERVER.replace("/last", "/ärzte")
    found = scanned(cli, project({"server.js": source.encode(encoding)}))
    assert [endpoint["path"] for endpoint in found["endpoints"]] == ["/ärzte"]


def test_binary_content_is_told(cli: Cli, project: Project) -> None:
    """It is no syntax error of the code."""
    found = scanned(
        cli, project({"server.js": SERVER, "m.js": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 20})
    )
    assert [notice["kind"] for notice in found["notices"]] == ["encoding"]


def test_a_monstrous_file_may_hold_the_application(cli: Cli, project: Project) -> None:
    """What stands behind the nesting is still found."""
    nested = "const x = " + "[" * 20_000 + "]" * 20_000 + ";\n"
    found = scanned(cli, project({"server.js": nested + SERVER}))
    assert [endpoint["path"] for endpoint in found["endpoints"]] == ["/last"]


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({"medpro-audit.toml": "[gate\n"}, "medpro-audit.toml:1"),
        ({"medpro-audit.toml": "[gates]\n"}, 'nearest known key "gate"'),
        ({"medpro-audit.toml": '[gate]\nfail-on = "eror"\n'}, 'nearest known value "error"'),
        ({"medpro-audit.toml": b"\xff\xfe\0\0"}, "medpro-audit.toml"),
        ({"pyproject.toml": "[tool.medpro-audit.gate]\nx = 1\n"}, "pyproject.toml"),
        ({"package.json": '{"medpro-audit": {"gate": {"x": 1}}}'}, "package.json"),
    ],
)
def test_a_wrong_configuration_is_refused(
    cli: Cli, project: Project, files: dict[str, str | bytes], complaint: str
) -> None:
    """With the file, and what may be meant."""
    done = cli("scan", project({**files, "server.js": SERVER}))
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err
    assert "Traceback" not in done.err


def test_a_rule_file_with_a_typo_is_refused(cli: Cli, project: Project) -> None:
    """All of its problems at once, each with what may be meant."""
    rule = "id: mine/x\nsubject: endpont\ntitel: x\n"
    root = project({"server.js": SERVER, "mine/pack.yaml": "id: mine\ntitle: Mine\n", "mine/x.yaml": rule})
    done = cli("scan", root, "--rules", root / "mine")
    assert (done.code, done.out) == (2, "")
    assert 'did you mean "endpoint"?' in done.err
    assert 'did you mean "title"?' in done.err


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": "{"},
        {"package.json": "[]"},
        {"package.json": '{"main": 7, "workspaces": {"packages": 7}, "dependencies": [], "scripts": "x"}'},
        {"tsconfig.json": "{ // nothing\n"},
        {"tsconfig.json": '{"extends": "./tsconfig.json", "compilerOptions": {"paths": 7, "baseUrl": []}}'},
        {".env": "DB_PORT=\0=x\n===\n", "docker-compose.yml": "a: &a [*a, *a]\n"},
        {"docker-compose.yml": "x: " + "[" * 60_000},
        {".gitignore": "[\n!\n"},
        {"prisma/schema.prisma": "datasource {{{{ url = env(\n"},
        {"pnpm-workspace.yaml": "packages: {a: 1}"},
    ],
)
def test_broken_settings_are_no_obstacle(cli: Cli, project: Project, files: dict[str, str | bytes]) -> None:
    """They are told, or say nothing."""
    found = scanned(cli, project({**files, "server.js": SERVER}))
    assert [endpoint["path"] for endpoint in found["endpoints"]] == ["/last"]
