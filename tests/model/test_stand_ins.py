"""Servers that stand in for others are no part of a back end."""

import pytest

from model.memory import repository

APP = "const app = require('express')();\napp.get('/wards', (req, res) => res.json([]));\n"
LISTENING = f"{APP}app.listen(3000);\n"
PART = "const router = require('express').Router();\nrouter.get('/', (a, b) => b.json([]));\nmodule.exports = router;\n"


def _package(**scripts: str) -> str:
    text = ", ".join(f'"{name}": "{command}"' for name, command in scripts.items())
    return f'{{"name": "clinic", "scripts": {{{text}}}, "dependencies": {{"express": "4"}}}}'


@pytest.mark.parametrize(
    ("files", "served"),
    [
        ({"server.js": LISTENING, "mock-lab-api/index.js": LISTENING}, ["server.js"]),
        ({"server.js": LISTENING, "proxy/test.js": LISTENING}, ["server.js"]),
        ({"server.js": LISTENING, "tools/fake-server.ts": LISTENING}, ["server.js"]),
        ({"server.js": LISTENING, "lab/index.js": LISTENING}, ["lab/index.js", "server.js"]),
        ({"mock-lab-api/index.js": LISTENING}, ["mock-lab-api/index.js"]),
        (
            {
                "server.js": f"{APP}app.use('/tests', require('./routes/test'));\napp.listen(1);\n",
                "routes/test.js": PART,
            },
            ["routes/test.js", "server.js"],
        ),
    ],
)
def test_which_applications_count(files: dict[str, str], served: list[str]) -> None:
    """By its name, where nothing loads it and another application is there."""
    found = repository({"package.json": _package(start="node server.js"), **files})
    assert sorted(endpoint.file for endpoint in found.endpoints) == served


@pytest.mark.parametrize(("name", "served"), [("mock", False), ("start:lab", True)])
def test_how_it_is_started_counts(name: str, *, served: bool) -> None:
    """What a script starts to serve is no stand-in, however it is called."""
    scripts = {"start": "node server.js", name: "node mocks/lab.js"}
    found = repository({"package.json": _package(**scripts), "server.js": LISTENING, "mocks/lab.js": LISTENING})
    assert any(endpoint.file == "mocks/lab.js" for endpoint in found.endpoints) is served
