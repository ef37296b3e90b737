"""Promises that handlers go on without."""

import pytest

from model.memory import repository

PACKAGE = '{"dependencies": {"express": "^4.19.0"}}'
HEAD = """const app = require('express')(); const mails = require('./mails');
async function remember(x) { await mails.send(x); }
app.listen(3000);
"""


def handled(code: str, *, listener: str = "") -> list[bool | None]:
    """Whether the failure of each floating promise of a handler is handled."""
    handler = f"app.post('/x', (req, res) => {{ {code} }});"
    model = repository({"package.json": PACKAGE, "server.js": f"{HEAD}{listener}\n{handler}"})
    return [getattr(each, "is_handled", None) for each in model.found("floating-promise")]


@pytest.mark.parametrize(
    ("listener", "expected"),
    [
        ("", False),
        ("process.on('unhandledRejection', (e) => console.error(e));", True),
        ("process.on('uncaughtException', (e) => console.error(e));", True),
        ("process.on('unhandledRejection', (e) => { console.error(e); process.exit(1); });", False),
        ("process.on('uncaughtException', (e) => { process.exit(1); });", False),
    ],
)
def test_a_listener_of_the_process_hears_of_it(listener: str, *, expected: bool) -> None:
    """And one that ends the process is no help."""
    assert handled("remember(req.path); res.end();", listener=listener) == [expected]


@pytest.mark.parametrize(
    "code", ["mails.list().then((found) => res.json(found));", "mails.list().then(function () { return next(); });"]
)
def test_an_answer_that_never_comes_is_heard_by_nobody(code: str) -> None:
    """The process goes on, the client waits."""
    listener = "process.on('unhandledRejection', (e) => console.error(e));"
    assert handled(code, listener=listener) == [False]
