"""What a path says of its parameters."""

import pytest

from medpro_audit.model.path_parameters import parameters_of
from model.memory import repository


@pytest.mark.parametrize(
    ("path", "names", "checked"),
    [
        ("/patients", set(), {}),
        ("/patients/:id", {"id"}, {}),
        ("/:kind?/:id(\\d+)", {"kind", "id"}, {"id": "(\\d+)"}),
        ("/:from-:to([0-9a-f]{24})", {"from", "to"}, {"to": "([0-9a-f]{24})"}),
        ("/:kind(visit|lab)", {"kind"}, {"kind": "(visit|lab)"}),
        ("/:rest(.*)/:any([^/]+)", {"rest", "any"}, {}),
        ("/a{/:id}", {"id"}, {}),
    ],
)
def test_named_parameters(path: str, names: set[str], checked: dict[str, str]) -> None:
    """Those with a name, and the patterns of those that can't be just anything."""
    found = parameters_of(path)
    assert found is not None
    assert (set(found.names), dict(found.checked)) == (names, checked)


@pytest.mark.parametrize("path", ["*", "/files/*path", "/(a|b)/:id", "/^\\/x\\/(\\d+)$/", "/[ab]/:id"])
def test_parameters_without_a_name(path: str) -> None:
    """A wildcard, a group or a regular expression has parameters that are numbered, or names of its own."""
    assert parameters_of(path) is None


SERVER = """
const app = require('express')();
const load = (req, res, next) => { find(req.params.owner); next(); };
const show = (req, res) => res.send(req.params.id);
app.get('/any/:id', load, show);
app.get('/number/:id(\\\\d+)', load, show);
app.get('/none', load, show);
app.get('/all/*', show);
app.get('/both/:id(\\\\d+)/:owner', load, show);
app.get('/unread/:id(\\\\d+)', (req, res) => res.send('x'));
"""


def test_what_a_path_checks_needs_no_schema() -> None:
    """Nor does a parameter that the path doesn't have, which is always undefined."""
    found = repository({"package.json": '{"dependencies": {"express": "4"}}', "server.js": SERVER}).endpoints
    params = {endpoint.path: endpoint.validation.params for endpoint in found}
    assert {path: one.status for path, one in params.items()} == {
        "/any/:id": "missing",
        "/number/:id(\\d+)": "validated",
        "/none": "not-read",
        "/all/*": "missing",
        "/both/:id(\\d+)/:owner": "missing",
        "/unread/:id(\\d+)": "not-read",
    }
    number = params["/number/:id(\\d+)"]
    assert (number.by, number.schema, number.place) == (None, ":id(\\d+)", "server.js:6")
