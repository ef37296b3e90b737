"""``medpro-audit endpoints --explain``."""

import json
import os
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.programs import ROOT, run
from medpro_audit.reporters.explanation import explanations_schema
from medpro_audit.reporters.terminal import columns

EXAMPLE = "examples/clinic-api"
FIXTURES = ROOT / "tests" / "fixtures" / "express"
GOLDEN = Path(__file__).parent / "golden"


def golden(name: str, text: str) -> None:
    """Compare a text with a file; UPDATE_GOLDEN=1 writes the file instead."""
    file = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="")
    assert file.read_bytes().decode() == text, f"{name} differs; UPDATE_GOLDEN=1 accepts it"


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("PUT /api/patients/:id", "explain-validated.txt"),
        ("POST /api/practitioners", "explain-partly.txt"),
        ("GET /api/debug/config", "explain-conditional.txt"),
        ("POST /api/imaging/scans", "explain-upload.txt"),
    ],
)
def test_an_endpoint_of_the_example_is_explained(target: str, name: str) -> None:
    """Every line fits 80 columns, and every step has a file and a line that exist."""
    done = run("endpoints", EXAMPLE, "--explain", target)
    assert (done.code, done.err) == (0, "")
    assert all(columns(line) <= 80 for line in done.out.splitlines())
    golden(name, done.out)


def test_the_json_is_the_same_and_fits_its_schema() -> None:
    """All endpoints of a path, in the order of the source, and every line of source stands where it is said to."""
    done = run("endpoints", EXAMPLE, "--explain", "/api/patients/:id", "-f", "json")
    document = json.loads(done.out)
    assert not list(Draft202012Validator(explanations_schema()).iter_errors(document))
    assert (document["schema_version"], document["target"]) == (1, "/api/patients/:id")
    explanations = document["explanations"]
    assert [one["endpoint"]["method"] for one in explanations] == ["GET", "PUT", "DELETE"]
    for step in [
        step for one in explanations for step in (*one["path"], *one["handler"], *one["validation"]["params"])
    ]:
        lines = (ROOT / EXAMPLE / step["file"]).read_text().splitlines()
        assert lines[step["line"] - 1].strip()[:20] in step["source"]


def test_every_endpoint_of_the_fixtures_can_be_explained() -> None:
    """No endpoint is without a path from where its application is made to its registration."""
    for folder in sorted(FIXTURES.iterdir())[::12]:
        listed = json.loads(run("endpoints", str(folder), "-f", "json").out)["endpoints"]
        for endpoint in listed[:3]:
            done = run("endpoints", str(folder), "--explain", f"{endpoint['method']} {endpoint['path']}", "-f", "json")
            assert done.code == 0, done.err
            first = json.loads(done.out)["explanations"][0]
            assert first["path"][-1]["path"] == endpoint["path"]
            assert len(first["middleware"]) == len(first["endpoint"]["middleware"])


def test_the_same_question_has_the_same_answer() -> None:
    """Byte for byte."""
    first, second = (run("endpoints", EXAMPLE, "--explain", "/api/patients", "-f", "json") for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("POST /api/patient", "there is no endpoint POST /api/patient; nearest: POST /api/patients, "),
        ("PATCH /health", "there is no endpoint PATCH /health; nearest: GET /health"),
        ("controller.creat", "there is no handler called controller.creat; nearest: controller.create"),
        ("qqqqqqqq", "there is no handler called qqqqqqqq (medpro-audit endpoints lists all 65)"),
    ],
)
def test_a_target_that_means_nothing_names_the_nearest(target: str, message: str) -> None:
    """A usage error, on standard error alone."""
    done = run("endpoints", EXAMPLE, "--explain", target)
    assert (done.code, done.out) == (2, "")
    assert message in done.err


def test_too_many_endpoints_are_listed_instead(tmp_path: Path) -> None:
    """Nobody reads twenty explanations; their names help."""
    routes = "".join(f"app.get('/x{number}', list);\n" for number in range(20))
    code = f"const app = require('express')();\nfunction list(req, res) {{ res.end(); }}\n{routes}"
    (tmp_path / "server.js").write_text(code)
    done = run("endpoints", str(tmp_path), "--explain", "list")
    assert done.code == 2
    assert "list means 20 endpoints; name one of them: GET /x0, GET /x1, " in done.err


def test_an_endpoint_of_an_application_that_two_programs_start_is_one(tmp_path: Path) -> None:
    """However many of them make it."""
    route = "app.get('/visits', (req, res) => res.json([]));"
    (tmp_path / "app.js").write_text(
        f"module.exports = () => {{ const app = require('express')(); {route} return app; }};"
    )
    for program in ("server", "cluster"):
        (tmp_path / f"{program}.js").write_text("require('./app')().listen(3000);")
    scripts = '{"start": "node server.js", "cluster": "node cluster.js"}'
    (tmp_path / "package.json").write_text(f'{{"scripts": {scripts}, "dependencies": {{"express": "5"}}}}')
    done = run("endpoints", str(tmp_path), "--explain", "GET /visits", "-f", "json")
    assert done.code == 0, done.err
    assert [one["endpoint"]["path"] for one in json.loads(done.out)["explanations"]] == ["/visits"]


def test_a_hostile_repository_is_shown_harmlessly(tmp_path: Path) -> None:
    """Control and bidirectional characters of paths, names and source lines don't reach the terminal."""
    evil = "\x1b[31m\u202e\u2066\x9b"
    code = (
        "const app = require('express')();\n"
        f"function h(req, res) {{ res.json(req.query['{evil}']); }} // {evil}\n"
        f"app.get('/{evil}x', h); // {evil}\n"
    )
    (tmp_path / "server.js").write_text(code, encoding="utf-8")
    for form in ("table", "json"):
        done = run("endpoints", str(tmp_path), "--explain", "h", "-f", form)
        assert done.code == 0, done.err
        assert not set(done.out) & set("\x1b\x9b\u202e\u2066")
    wrong = run("endpoints", str(tmp_path), "--explain", f"GET /{evil}y")
    assert wrong.code == 2
    assert not set(wrong.err) & set("\x1b\x9b\u202e\u2066")
