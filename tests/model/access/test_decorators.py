"""Decorators that put a guard before a method."""

import pytest

from medpro_audit.model.subjects import Endpoint
from model.access.callers import HEAD, callers
from model.memory import repository

_VERIFY = "try { jwt.verify(req.headers.authorization, SECRET); } catch (e) { return res.sendStatus(401); }"
_REPLACING = """
const Guarded = (right) => function (target, key, descriptor) {
  const original = descriptor.value;
  descriptor.value = async function () {
    const [req, res, next] = arguments;
    %s
    return original.apply(this, [req, res, next]);
  };
  return descriptor;
};
"""
_RETURNING = """
function Guarded(right) {
  return (method, context) => async function (req, res) { %s return method.call(this, req, res); };
}
"""
_INSIDE = """
const Guarded = () => (target, key, descriptor) => {
  const original = descriptor.value;
  descriptor.value = function (req, res, next) { %s return original.call(this, req, res, next); };
};
"""


def _served(before: str, marks: str, modifier: str = "", handler: str = "api.create") -> Endpoint:
    """The endpoint whose handler is a method with these decorators."""
    source = (
        f"{HEAD}\n{before}\nclass Api {{\n  {marks}\n  {modifier} async create(req, res) {{"
        f" await User.create(req.body); res.json({{}}); }}\n}}\nconst api = new Api();\napp.post('/x', {handler});"
        "\napp.listen(3000);"
    )
    return repository({"server.ts": source}).endpoints[-1]


@pytest.mark.parametrize("form", [_REPLACING, _RETURNING, _INSIDE])
@pytest.mark.parametrize(("check", "expected"), [(_VERIFY, "yes jwt"), ("console.log(req.path);", "no")])
def test_what_a_decorator_puts_in_the_place_of_a_method_is_called(form: str, check: str, expected: str) -> None:
    """It checks its caller, or it doesn't; the body of the method is seen behind it either way."""
    found = _served(form % check, "@Guarded('write')")
    assert callers(found) == expected
    assert found.change.status == "yes"


def test_decorators_go_around_each_other() -> None:
    """One of several is enough."""
    plain = "const Timed = () => (target, key, descriptor) => { started.set(key, now()); };"
    assert callers(_served(plain + _REPLACING % _VERIFY, "@Timed()\n  @Guarded('write')")) == "yes jwt"
    assert callers(_served(plain + _REPLACING % _VERIFY, "@Guarded('write')\n  @Timed()")) == "yes jwt"
    assert callers(_served(plain, "@Timed()")) == "no"


def test_a_static_method_is_decorated_too() -> None:
    """It belongs to the class."""
    assert callers(_served(_REPLACING % _VERIFY, "@Guarded('write')", "static", "Api.create")) == "yes jwt"


def test_a_decorator_that_asks_another_server_is_not_known_to_be_no_guard() -> None:
    """It sends the token on in the address, or in a header, and refuses callers by the answer."""
    for sent in ("`http://keys/check?key=${key}`", "'http://keys/check', { headers: { authorization: key } }"):
        ask = (
            f"const key = req.headers.authorization; const said = await (await fetch({sent})).json();"
            " if (said.error) return res.sendStatus(401);"
        )
        assert callers(_served(_REPLACING % ask, "@Guarded('write')")) == "unknown"
