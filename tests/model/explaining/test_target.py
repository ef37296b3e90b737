"""Which endpoints a target means."""

import pytest

from medpro_audit.model.explaining.target import Target
from model.memory import repository

ENDPOINTS = repository(
    {
        "server.js": (
            "const app = require('express')();\n"
            "const c = require('./c');\n"
            "const wrap = (fn) => (req, res) => fn(req, res);\n"
            "app.get('/users', c.list);\n"
            "app.post('/users', c.create);\n"
            "app.get('/users/me', c.me);\n"
            "app.get('/users/:id', wrap(c.show));\n"
            "app.all('/ping', (req, res) => res.end());\n"
        ),
        "c.js": "".join(f"exports.{name} = (req, res) => res.json(1);\n" for name in ("list", "create", "me", "show")),
    }
).endpoints


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("POST /users", ["POST /users"]),
        ("post  /users", ["POST /users"]),
        ("/users", ["GET /users", "POST /users"]),
        ("/USERS/", ["GET /users", "POST /users"]),
        ("GET /users/me", ["GET /users/me"]),
        ("GET /users/:userId", ["GET /users/:id"]),
        ("GET /users/42?full=1", ["GET /users/:id"]),
        ("DELETE /ping", ["ALL /ping"]),
        ("c.create", ["POST /users"]),
        ("create", ["POST /users"]),
        ("Show", ["GET /users/:id"]),
        ("wrap", ["GET /users/:id"]),
        ("PUT /users", []),
        ("nobody", []),
        ("", []),
    ],
)
def test_a_target_means_endpoints(text: str, expected: list[str]) -> None:
    """As written first; else whatever the case and the names of parameters; else by a URL; handlers by their name."""
    assert [endpoint.identity for endpoint in Target.of(text).endpoints(ENDPOINTS)] == expected


@pytest.mark.parametrize(
    ("text", "first"),
    [("PUT /users", "GET /users"), ("POST /usr", "POST /users"), ("/pign", "/ping"), ("creat", "create")],
)
def test_what_is_near_is_suggested(text: str, first: str) -> None:
    """Other methods of the same path come first."""
    assert Target.of(text).nearest(ENDPOINTS)[0] == first


def test_nothing_is_near_in_an_empty_repository() -> None:
    """No endpoints, no suggestions."""
    assert Target.of("GET /x").nearest(()) == []
