"""What an asynchronous handler waits for, and whether that can be rejected."""

import pytest

from model.memory import repository

_PACKAGE = '{"dependencies": {"express": "^4.21.0", "axios": "1.0.0"}}'
_SERVER = """
const axios = require('axios');
const service = require('./service');
const app = require('express')();
app.get('/a', async (req, res) => { res.json(await service.ask(req.query.url)); });
"""
_SAFE = "class Safe { async ask(url) { try { return await axios.get(url); } catch { return 0; } } }"
_BOLD = "class Bold { async ask(url) { return (await axios.get(url)).data; } }"


@pytest.mark.parametrize(
    ("made", "caught_by"),
    [
        ("new Safe()", "handler"),
        ("new Bold()", "nothing"),
        ("process.env.OLD ? new Safe() : new Safe()", "handler"),
        ("process.env.OLD ? new Safe() : new Bold()", "nothing"),
        ("(() => { if (process.env.OLD) return new Safe(); return new Safe(); })()", "handler"),
    ],
)
def test_each_of_several_functions_may_be_called(made: str, caught_by: str) -> None:
    """Where none of them can be rejected, nothing needs to be caught."""
    service = f"const axios = require('axios');\n{_SAFE}\n{_BOLD}\nmodule.exports = {made};\n"
    [endpoint] = repository({"package.json": _PACKAGE, "server.js": _SERVER, "service.js": service}).endpoints
    assert endpoint.errors.caught_by == caught_by
