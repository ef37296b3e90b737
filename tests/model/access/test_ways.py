"""What a request passes on its way to a route, beside the middleware of the routers that it belongs to."""

import pytest

from model.access.callers import behind, callers, served

GUARD = """
const guard = (req, res, next) => {
  try { req.user = jwt.verify(req.headers.authorization, SECRET); next(); } catch (e) { res.sendStatus(401); }
};
const isKnown = (req) => { try { return jwt.verify(req.headers.authorization, SECRET); } catch { return null; } };
const settings = require('config');
const router = express.Router();
const beside = express.Router();
"""
ROUTE = "app.post('/x/:id', (req, res) => res.json([]));"


@pytest.mark.parametrize(
    "before",
    [
        "app.all('*', guard);",
        "app.all('/*', guard);",
        "app.all('/{*any}', guard);",
        "app.all('(.*)', guard);",
        "app.all(/.*/, guard);",
        "app.all(/^\\/x/, express.text(), guard);",
        "app.post('/x/*', guard);",
        "app.all('*', (req, res, next) => { if (isKnown(req)) next(); else res.sendStatus(401); });",
        "app.use(/^\\/(?!login|register)/, guard);",
        "app.use(/\\/x/i, guard);",
        "app.use('/x*', guard);",
        "beside.use(guard); beside.get('/y', (req, res) => res.json(1)); app.use(beside);",
        "beside.all('*', guard); app.use('/x', beside);",
        "router.use(guard); beside.use(router); app.use(beside);",
    ],
)
def test_what_stands_before_a_route_on_another_one_guards_it(before: str) -> None:
    """A route for many paths whose function passes on, and the middleware of a router that did not answer."""
    assert callers(served(f"{GUARD}{before}\n{ROUTE}")) == "yes jwt"


@pytest.mark.parametrize(
    "before",
    [
        "app.get('*', guard);",
        "app.all('/y/*', guard);",
        "app.all(/^\\/y/, guard);",
        "app.use(/^\\/(?!x)/, guard);",
        "app.use('/y*', guard);",
        "app.all('/y', guard);",
        "beside.use(guard); app.use('/y', beside);",
        "beside.all(/.*/, guard); app.use('/y', beside);",
        "beside.get('/x/:id', guard, (req, res) => res.json(1)); app.use(beside);",
        "beside.use(guard);",
    ],
)
def test_what_stands_elsewhere_does_not(before: str) -> None:
    """Of another method, at another path, or in a router that is mounted there."""
    assert callers(served(f"{GUARD}{before}\n{ROUTE}")) == "no"


@pytest.mark.parametrize("after", ["app.all('*', guard);", "beside.use(guard); app.use(beside);"])
def test_what_comes_later_guards_nothing(after: str) -> None:
    """A request has been answered by then."""
    source = f"{GUARD}{ROUTE}\n{after}\napp.put('/y', (req, res) => res.json(1));"
    assert callers(served(source)) == "yes jwt"
    assert callers(served(f"{GUARD}{after.replace('guard', '(q, s, n) => n()')}\n{ROUTE}")) == "no"


@pytest.mark.parametrize(
    "before",
    [
        "app.use('/x/:kind?/all', guard);",
        "app.use(/^\\/x\\/(a|b)/, guard);",
        "app.all('/x/(a|b)', guard);",
        "if (settings.mode) { beside.use(guard); app.use(beside); }",
        "if (settings.mode) app.all('*', guard);",
    ],
)
def test_whether_a_pattern_matches_may_not_be_known(before: str) -> None:
    """Then it isn't known who may call."""
    assert callers(served(f"{GUARD}{before}\n{ROUTE}")) == "unknown"


ASKING = "if (!req.user) return res.sendStatus(401); next();"


@pytest.mark.parametrize(("condition", "expected"), [("if (settings.mode) ", "unknown"), ("", "no")])
def test_what_may_not_be_registered_does_not_undo_what_is(condition: str, expected: str) -> None:
    """In another configuration another function says who the caller is: that isn't known to be anybody."""
    setting = "app.use((req, res, next) => { req.user = req.body; next(); });"
    source = f"{GUARD}app.use(session({{}}));\napp.use(passport.session());\n{condition}{setting}"
    assert callers(served(f"{source}\napp.use((req, res, next) => {{ {ASKING} }});\n{ROUTE}")) == expected


@pytest.mark.parametrize(
    ("strategy", "expected"), [("bearer", "yes passport"), ("captcha", "no"), ("kiosk", "unknown"), ("local", "no")]
)
def test_what_a_strategy_verifies_is_told_by_its_name(strategy: str, expected: str) -> None:
    """Of whoever has read a picture nothing is known; of a name that says nothing, it can't be told.

    Who is called back with whatever the strategy has found may refuse others, but proves nothing.
    """
    ask = (
        f"(req, res, next) => {{ passport.authenticate('{strategy}', {{ session: false }}, (err, found) => {{"
        " if (err || !found) return res.sendStatus(401); req.payload = found; next(); })(req, res, next); }"
    )
    assert callers(behind(ask)) == (expected if expected.startswith("yes") else "unknown")
    assert callers(behind(f"passport.authenticate('{strategy}', {{ session: false }})")) == expected
