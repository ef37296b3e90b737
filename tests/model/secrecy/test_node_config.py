"""Secrets in the files of the package ``config``."""

import json

import pytest

from medpro_audit.model.subjects.secret import Secret
from model.memory import Files, repository

_MANIFEST = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4", "config": "3"}}'
_SERVER = """const express = require('express');
const config = require('config');
const jwt = require('jsonwebtoken');
const app = express();
app.get('/token', (req, res) => res.json(jwt.sign({ id: 7 }, READ)));
app.listen(3000);
"""
_DEFAULT = '{\n  "port": 3000,\n  "auth": { "jwtSecret": "blue-harbour-7" }\n}'
_GET = "config.get('auth.jwtSecret')"
_FROM_ENVIRONMENT = "custom-environment-variables"


def _secrets(read: str = _GET, *, server: str = _SERVER, **files: str) -> list[Secret]:
    settings = {f"config/{name.replace('_', '-')}.json": text for name, text in files.items()}
    found: Files = {"package.json": _MANIFEST, "server.js": server.replace("READ", read), **settings}
    return _found({"config/default.json": _DEFAULT, **found})


def _found(files: Files) -> list[Secret]:
    return [one for one in repository(files).found("secret") if isinstance(one, Secret)]


@pytest.mark.parametrize(
    "read",
    [
        _GET,
        "config.get<string>('auth.jwtSecret')",
        "config.get('auth').jwtSecret",
        "config.auth.jwtSecret",
    ],
)
def test_a_secret_that_code_reads_from_a_settings_file_stands_in_the_repository(read: str) -> None:
    """It is told where it is written, with where it is read."""
    [secret] = _secrets(read, server=_SERVER.replace("READ", f"/* as {read} */ {read.replace('<string>', '')}"))
    assert (secret.name, secret.kind, secret.role, secret.source) == ("jwtSecret", "secret", "server", "settings")
    assert (secret.file, secret.line) == ("config/default.json", 3)
    assert [(step.file, step.line) for step in secret.trail] == [("server.js", 5)]
    assert "blue-harbour" not in secret.snippet


def test_the_file_of_production_is_laid_over_the_default() -> None:
    """What it says is what the program gets."""
    assert [one.file for one in _secrets(production='{"auth": {"jwtSecret": "green-valley-9"}}')] == [
        "config/production.json"
    ]
    assert _secrets(production='{"auth": {"jwtSecret": ""}}') == []
    assert [one.file for one in _secrets(test='{"auth": {"jwtSecret": "for-tests"}}')] == ["config/default.json"]


@pytest.mark.parametrize(
    "files",
    [
        {f"config/{_FROM_ENVIRONMENT}.json": '{"auth": {"jwtSecret": "JWT_SECRET"}}'},
        {
            f"config/{_FROM_ENVIRONMENT}.json": json.dumps(
                {"auth": {"jwtSecret": {"__name": "JWT_SECRET", "__format": "json"}}}
            )
        },
        {f"config/{_FROM_ENVIRONMENT}.yaml": "auth:\n  jwtSecret: JWT_SECRET\n"},
        {"config/production.js": "module.exports = { auth: { jwtSecret: process.env.JWT_SECRET } };"},
        {".gitignore": "node_modules\nconfig/production.json\n"},
        {".gitignore": "/config/local*.json\n"},
        {".env.example": "NODE_CONFIG={}\n"},
        {"server.js": _SERVER.replace("READ", "config.get('other')")},
        {"server.js": _SERVER.replace("READ", _GET).replace("require('config')", "require('./settings')")},
        {"config/default.json": '{"auth": {"jwtSecret": "secret"}}'},
        {"config/default.json": '{"auth": {"jwtSecret": '},
    ],
)
def test_what_something_replaces_or_nothing_reads_is_not_told(files: Files) -> None:
    """Variables, files that only a deployment has, mere words."""
    assert _found({"package.json": _MANIFEST, "server.js": _SERVER.replace("READ", _GET), **_DEFAULTS, **files}) == []


_DEFAULTS = {"config/default.json": _DEFAULT}


def test_ignored_files_of_other_kinds_replace_nothing() -> None:
    """Such as those of environment variables."""
    files = {".gitignore": ".env.production.local\n*.local\nlogs/\n"}
    found = _found({"package.json": _MANIFEST, "server.js": _SERVER.replace("READ", _GET), **_DEFAULTS, **files})
    assert len(found) == 1
