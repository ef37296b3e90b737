"""Texts that are thrown where nobody reads what is caught, and failures that are what was asked for."""

import pytest

from model.memory import repository

_PACKAGE = '{ "name": "clinic", "scripts": { "start": "node server.js" }, "dependencies": { "express": "4" } }'
_THROWING = "async function store(rows) { try { await save(rows); } catch { throw 'cannot store'; } }\n"


@pytest.mark.parametrize(
    ("code", "is_caught"),
    [
        (f"{_THROWING}async function run() {{ try {{ await store([]); }} catch {{ again(); }} }}", True),
        (f"{_THROWING}async function run() {{ try {{ await store([]); }} catch (error) {{ tell(error); }} }}", False),
        (f"{_THROWING}async function run() {{ await store([]); }}", False),
        (f"{_THROWING}module.exports = {{ store }}; try {{ store([]); }} catch {{ again(); }}", False),
        (f"export {_THROWING}try {{ store([]); }} catch {{ again(); }}", False),
        (f"{_THROWING}exports.run = () => {{ try {{ store([]); }} catch {{ again(); }} store([1]); }};", False),
        ("try { throw 'no rows'; } catch { again(); }", True),
        ("try { throw 'no rows'; } catch (error) { tell(error); }", False),
        ("try { throw 'no rows'; } catch (error) { tell(error instanceof Error ? error.stack : error); }", True),
        (_THROWING, False),
    ],
)
def test_a_text_is_unread_where_no_catch_needs_an_error(code: str, *, is_caught: bool) -> None:
    """Directly around the throw, or around each call of its function, which nobody else can call."""
    server = f"require('./x'); const app = require('express')(); app.listen(1);\n{code}"
    found = repository({"package.json": _PACKAGE, "server.js": server, "x.js": ""}).found("thrown")
    assert [one.is_caught for one in found if one.kind == "text"] == [is_caught]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("path", "answer", "says_failure"),
    [
        ("/patients", "res.json({ connected: false, error: 'it does not answer' });", True),
        ("/test_connection", "res.json({ connected: false, error: 'it does not answer' });", False),
        ("/test_connection", "res.json({ success: false, error: 'it does not answer' });", True),
        ("/syncHealth", "res.json({ healthy: false, error: 'it does not answer' });", False),
        ("/contests", "res.json({ connected: false, error: 'it does not answer' });", True),
        ("/ussd", "res.send(`END It went wrong: ${error.message}`);", False),
        ("/ussd", "res.send(`It went wrong: ${error.message}`);", True),
    ],
)
def test_the_outcome_of_a_check_is_no_failure(path: str, answer: str, *, says_failure: bool) -> None:
    """Nor is what a gateway of a telephone network must be told with a status of success."""
    code = (
        "const app = require('express')();\n"
        f"app.get('{path}', async (req, res) => {{ try {{ res.end(await ask()); }} catch (error) {{ {answer} }} }});\n"
        "app.listen(1);\n"
    )
    found = repository({"package.json": _PACKAGE, "server.js": code}).found("answer")
    assert [one.says_failure for one in found if one.in_failure] == [says_failure]  # type: ignore[attr-defined]
