"""Which version of Express a back end runs on."""

import json

import pytest

from medpro_audit.model.subjects import Repository
from model.memory import repository

_SERVER = """
const express = require('express');
const app = express();
app.get('/a', async (req, res) => { await req.app.work(); res.json([]); });
"""


def _caught_by(files: dict[str, str]) -> str:
    made: Repository = repository({"server.js": _SERVER, **files})
    return made.endpoints[0].errors.caught_by


def _package(version: str) -> dict[str, str]:
    return {"package.json": json.dumps({"dependencies": {"express": version}})}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("^4.21.0", "nothing"),
        ("4", "nothing"),
        ("4.x", "nothing"),
        ("~4.16.4", "nothing"),
        ("^5.0.0", "framework"),
        ("5.0.0-beta.1", "framework"),
        ("^10.0.0", "framework"),
        ("^4.0.0 || ^5.0.0", "unknown"),
        ("latest", "unknown"),
        ("*", "unknown"),
        ("catalog:", "unknown"),
    ],
)
def test_the_range_of_the_manifest_decides(version: str, expected: str) -> None:
    """Where it names one major version; otherwise it isn't known who catches."""
    assert _caught_by(_package(version)) == expected


@pytest.mark.parametrize(
    "lock",
    [
        {"packages": {"node_modules/express": {"version": "4.19.2"}}},
        {"dependencies": {"express": {"version": "4.19.2"}}},
    ],
)
def test_the_lock_file_decides_where_the_range_does_not(lock: dict[str, object]) -> None:
    """In either form that npm has written."""
    assert _caught_by({**_package("*"), "package-lock.json": json.dumps(lock)}) == "nothing"


@pytest.mark.parametrize("lock", ["", "{", "[]", '{"packages": []}', '{"packages": {"node_modules/express": {}}}'])
def test_a_lock_file_that_says_nothing_decides_nothing(lock: str) -> None:
    """However broken it is."""
    assert _caught_by({**_package("*"), "package-lock.json": lock}) == "unknown"


def test_a_package_that_patches_express_catches() -> None:
    """Once it is imported anywhere in the back end."""
    files = {**_package("^4.21.0"), "boot.js": "require('express-async-errors'); require('./server');"}
    assert _caught_by(files) == "framework"
