"""Which routes no request gets to; `oracle.test_precedence` asks Express itself."""

import pytest

from medpro_audit.model.subjects import Endpoint
from model.memory import repository
from model.precedence_cases import HEAD, SERVED, SERVED_BY_4, SHADOWED, TAIL

_MANIFEST = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4"}}'


def _last(source: str) -> Endpoint:
    """The endpoint that is registered last, or else comes to be called so."""
    files = {"package.json": _MANIFEST, "server.js": HEAD + source + TAIL}
    return repository(files).endpoints[-1]


@pytest.mark.parametrize("case", sorted(SHADOWED))
def test_a_route_that_an_earlier_one_takes_all_requests_of_is_not_reached(case: str) -> None:
    """It is said which one takes them."""
    endpoint = _last(SHADOWED[case])
    assert (endpoint.mounted, endpoint.shadow.by is not None) == (False, True)
    assert endpoint.hindrance.startswith(f"shadowed: {endpoint.shadow.by} at server.js:")


@pytest.mark.parametrize("case", sorted(SERVED | SERVED_BY_4))
def test_a_route_is_reached_where_the_earlier_one_may_leave_it_a_request(case: str) -> None:
    """By its path, its method, its pattern, or since it passes on."""
    endpoint = _last((SERVED | SERVED_BY_4)[case])
    assert (endpoint.mounted, endpoint.shadow.by) == (True, None)


def test_a_route_that_is_registered_twice_with_one_function_is_told_apart() -> None:
    """Nobody notices."""
    endpoint = _last("const answer = (req, res) => res.send('a');\napp.get('/a', answer);\napp.get('/a', answer);")
    assert (endpoint.shadow.by, endpoint.shadow.has_same_handler) == ("GET /a", True)


def test_a_router_that_is_mounted_twice_shadows_nothing() -> None:
    """Its routes are the same ones."""
    endpoint = _last("const r = express.Router(); r.get('/a', (q, s) => s.send('a'));\napp.use(r); app.use(r);")
    assert endpoint.mounted


@pytest.mark.parametrize("handler", ["require('./gone')", "passport.authenticate('jwt')", "(a, b, c) => run(a, b, c)"])
def test_what_cannot_be_followed_may_pass_on(handler: str) -> None:
    """So nothing is said of the routes after it."""
    source = f"const passport = require('passport'); const run = require('runner');\napp.get('/:id', {handler});"
    assert _last(source + "\napp.get('/a', (req, res) => res.send('a'));").mounted
