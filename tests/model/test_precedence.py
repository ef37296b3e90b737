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
    assert (endpoint.reached, endpoint.shadow.by is not None) == (False, True)
    assert endpoint.hindrance.startswith(f"shadowed: {endpoint.shadow.by} at server.js:")


@pytest.mark.parametrize("case", sorted(SERVED | SERVED_BY_4))
def test_a_route_is_reached_where_the_earlier_one_may_leave_it_a_request(case: str) -> None:
    """By its path, its method, its pattern, or since it passes on."""
    endpoint = _last((SERVED | SERVED_BY_4)[case])
    assert (endpoint.reached, endpoint.shadow.by) == (True, None)


def test_a_route_that_is_registered_twice_with_one_function_is_told_apart() -> None:
    """Nobody notices."""
    endpoint = _last("const answer = (req, res) => res.send('a');\napp.get('/a', answer);\napp.get('/a', answer);")
    assert (endpoint.shadow.by, endpoint.shadow.has_same_handler) == ("GET /a", True)


def test_two_functions_in_one_wrapper_are_two() -> None:
    """What counts is what does the work."""
    source = "const wrap = (fn) => (req, res, next) => fn(req, res).catch(next);\n"
    routes = (
        "app.get('/:id', wrap(async (q, s) => s.send(q.params.id)));\napp.get('/a', wrap(async (q, s) => s.send('a')));"
    )
    assert not _last(source + routes).shadow.has_same_handler


def test_a_router_that_is_mounted_twice_shadows_nothing() -> None:
    """Its routes are the same ones."""
    routes = "r.get('/a', (q, s) => s.send('a'));\nr.get('/:id', (q, s) => s.send('b'));"
    source = f"{HEAD}const r = express.Router();\n{routes}\napp.use('/b', r);\napp.use('/b', r);{TAIL}"
    endpoints = repository({"package.json": _MANIFEST, "server.js": source}).endpoints
    assert [endpoint.reached for endpoint in endpoints] == [True] * 4


@pytest.mark.parametrize("handler", ["require('./gone')", "passport.authenticate('jwt')", "(a, b, c) => run(a, b, c)"])
def test_what_cannot_be_followed_may_pass_on(handler: str) -> None:
    """So nothing is said of the routes after it."""
    source = f"const passport = require('passport'); const run = require('runner');\napp.get('/:id', {handler});"
    assert _last(source + "\napp.get('/a', (req, res) => res.send('a'));").reached


def test_what_is_registered_twice_is_reached_the_first_time() -> None:
    """Whatever stands between the two."""
    source = """
        function start() {
          app.post('/a/new', (req, res, next) => (req.query.old ? next() : res.send('new')));
          app.post('/a/:id', (req, res) => res.send(req.params.id));
        }
        start(); start();
    """
    files = {"package.json": _MANIFEST, "server.js": HEAD + source + TAIL}
    assert [one.path for one in repository(files).endpoints if not one.reached] == []
