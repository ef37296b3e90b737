"""Where something may be a guard, it isn't said that there is none."""

import pytest

from model.access.callers import HANDLER, behind, callers, handled, rights, served

REFUSE = "res.sendStatus(401)"


def _guarded(name: str, before: str) -> str:
    return callers(served(f"{before}\napp.post('/x', {name}, {HANDLER});"))


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("can('edit')", "const { can } = require('./made');"),
        ("one", "const [one] = require('./made')();"),
        ("guards.edit", "const guards = require('./made');"),
        ("...guards", "const guards = require('./made')();"),
        ("ensureLoggedIn()", "const { ensureLoggedIn } = require('connect-ensure-login');"),
        ("withAuth((req, res, next) => next())", "const { withAuth } = require('@acme/auth');"),
    ],
)
def test_what_can_not_be_followed_may_refuse(name: str, before: str) -> None:
    """Code that is not there, of any name, and that of a package whose name is one of a guard's."""
    assert _guarded(name, before) == "unknown"


@pytest.mark.parametrize(
    ("name", "before"),
    [
        ("rateLimiter", "const { rateLimiter } = require('./made');"),
        ("validateBody('visit')", "const { validateBody } = require('./made');"),
        ("upload.single('file')", "const upload = require('./made');"),
        ("robots()", "const robots = require('express-robots-txt');"),
        ("wrapped(authorize)", "const wrapped = require('async-wrap'), authorize = (req, res, next) => next();"),
        ("agent.express()", "const agent = require('express-something');"),
        ("own.initialize()", "const { Passport } = require('passport'); const own = new Passport();"),
        ("own.initialize()", "const own = new (require('passport').Passport)();"),
    ],
)
def test_what_is_for_something_else_does_not(name: str, before: str) -> None:
    """By its name; a package is what its name says."""
    assert _guarded(name, before) == "no"


@pytest.mark.parametrize(
    "body",
    [
        f"if (check.ready) next(); else {REFUSE};",
        f"if (req.user) {REFUSE}; else res.sendStatus(403);",
        f"find(req).then(function (user) {{ }}); if (0) next(); {REFUSE};",
    ],
)
def test_nobody_is_let_through_by_appearances_only(body: str) -> None:
    """There is an endpoint behind it, so that somebody must be."""
    before = "const check = { ready: false }; function find() { return Promise.resolve(1); }"
    assert callers(behind(f"(req, res, next) => {{ {body} }}", before=before)) == "unknown"


def test_a_limit_that_lets_nobody_through_by_appearances_is_no_guard() -> None:
    """It refuses for another reason than who calls."""
    assert callers(behind("(req, res, next) => { res.sendStatus(429); }")) == "no"


def test_whoever_is_answered_already_is_asked_by_nobody() -> None:
    """A guard behind the function that does the work comes too late."""
    work = "async (req, res) => { await Visit.create({}); res.json(1); }"
    guard = "(req, res, next) => { jwt.verify(req.headers.authorization, SECRET); next(); }"
    assert callers(served(f"app.post('/x', {work}, {guard}, {HANDLER});")) == "no"


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("req.user = await axios.get(AUTH, { headers: { authorization: req.headers.authorization } });", "unknown"),
        ("req.user = await identify(req.headers.authorization);", "unknown"),
        ("req.user = { id: req.headers['x-user-id'] };", "no"),
        ("req.user = jwt.decode(req.headers.authorization);", "no"),
        ("req.user = await User.findById(req.headers['x-user-id']);", "no"),
        ("req.user = { id: 1 };", "no"),
    ],
)
def test_what_others_say_of_a_token_is_not_what_the_client_has_sent(setting: str, expected: str) -> None:
    """Another server, or code that is not there, may well have verified it."""
    before = f"""
    const axios = require('axios'), {{ identify }} = require('./made'), AUTH = process.env.AUTH_URL;
    app.use(async (req, res, next) => {{ {setting} next(); }});
    """
    guard = f"(req, res, next) => {{ if (!req.user) return {REFUSE}; next(); }}"
    assert callers(behind(guard, before=before)) == expected


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("res.status(404).end()", "unknown"),
        ("res.json({ error: 'who are you?' })", "unknown"),
        ("next(new Stranger())", "unknown"),
        ("next()", "no"),
    ],
)
def test_a_guard_may_refuse_in_its_own_words(end: str, expected: str) -> None:
    """Whoever is not passed on is turned away, whatever the status is."""
    before = "const { find, Stranger } = require('./made');"
    body = f"const user = await find(req.headers.authorization); if (!user) return {end}; next();"
    assert callers(behind(f"async (req, res, next) => {{ {body} }}", before=before)) == expected


def test_a_handler_that_asks_for_a_right_may_refuse_strangers() -> None:
    """What it asks is what somebody else has left on the request, of whom it isn't known who that is."""
    before = """
    const { find } = require('./made');
    app.use(async (req, res, next) => { req.context = { user: await find(req) }; next(); });
    """
    handler = """async (req, res) => {
      const { user } = req.context;
      if (!user.isAdmin) return res.status(403).end();
      await Visit.deleteOne({ _id: req.params.id });
      res.end();
    }"""
    assert callers(handled(handler, before=before)) == "unknown"
    assert callers(handled(handler.replace("req.context", "req.body"), before=before)) == "no"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("role.permissions.some((one) => one.on === 'x' && one.actions.includes('edit'))", "yes permission"),
        ("role.permissions.find((one) => one === 'edit')", "yes permission"),
        ("user.roles.includes('admin')", "yes permission admin"),
        ("role.permissions.filter((one) => one === 'edit').length", "unknown"),
        ("user.wards.some((one) => one.id === req.params.id)", "unknown"),
        ("user.name.length", "no"),
        ("user", "no"),
    ],
)
def test_rights_may_be_looked_for_in_a_list(asked: str, expected: str) -> None:
    """Of what was found by who the caller is."""
    before = "app.use((req, res, next) => { req.user = jwt.verify(req.headers.authorization, SECRET); next(); });"
    body = f"""
    const user = await User.findById(req.user.id).populate('role'); const role = user.role;
    if (!{asked}) return res.sendStatus(403);
    next();
    """
    assert rights(behind(f"async (req, res, next) => {{ {body} }}", before=before)) == expected


@pytest.mark.parametrize("asked", ["req.ip", "blocked.get(req.ip)", "req.socket.remoteAddress"])
def test_to_turn_addresses_away_does_not_undo_a_guard(asked: str) -> None:
    """Whoever is let through is known all the same."""
    body = f"req.user = jwt.verify(req.headers.authorization, SECRET); if ({asked}) throw new Error('no'); next();"
    before = "const blocked = new Map();"
    assert callers(behind(f"(req, res, next) => {{ {body} }}", before=before)) == "yes jwt"


@pytest.mark.parametrize(
    ("read", "asked", "expected"),
    [
        ("const [scheme, token] = req.headers.authorization.split(' ');", "findOne({ token })", "yes"),
        ("const [scheme, token] = req.headers.authorization.split(' ');", "findOne({ value: token })", "unknown"),
        ("const [, token] = req.headers.authorization.split(' ');", "findOne({ where: { value: token } })", "unknown"),
        ("const token = req.headers.authorization;", "findOne({ _id: token })", "no"),
        ("const token = req.headers.authorization;", "findById(token)", "no"),
        ("const [token] = req.headers.authorization.split(':');", "findOne({ value: token })", "no"),
        ("const token = jwt.decode(req.headers.authorization).email;", "findOne({ email: token })", "no"),
    ],
)
def test_whose_a_token_is_may_be_asked_by_a_field_of_any_name(read: str, asked: str, expected: str) -> None:
    """An id, or what an unverified token says, tells only whom the caller wants to be."""
    body = f"{read} const found = await User.{asked}; if (!found) return res.sendStatus(401); next();"
    assert callers(behind(f"async (req, res, next) => {{ {body} }}")).split()[0] == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("req.ip && blocked.has(req.ip)", "no"),
        ("req.path === '/y' && blocked.has(req.ip)", "no"),
        ("!req.staff", "unknown"),
        ("!store.current()", "unknown"),
    ],
)
def test_who_turns_some_away_may_do_so_by_what_another_has_found_out(condition: str, expected: str) -> None:
    """Unless it looks only at where a request comes from."""
    before = """
    const store = require('./made'), blocked = new Set();
    app.use((req, res, next) => {
      try { store.keep(jwt.verify(req.headers.authorization, SECRET)); } catch (e) { console.log(e); }
      next();
    });
    """
    guard = f"(req, res, next) => {{ if ({condition}) return res.sendStatus(403); next(); }}"
    assert callers(behind(guard, before=before)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("req.session.user || isOpen(req.path)", "unknown"),
        ("!(!req.session.user && !isOpen(req.path))", "unknown"),
        ("req.session.user || settings.isOpen", "unknown"),
        ("req.session.user || req.body.user", "no"),
        ("req.session.user && isOpen(req.path)", "yes"),
    ],
)
def test_whoever_is_not_known_may_pass_by_something_else(condition: str, expected: str) -> None:
    """Which paths are open to anybody, and by which settings, decides for the others only."""
    before = """
    const paths = require('./open.json'), settings = require('config');
    function isOpen(path) { for (const one of paths) if (path.includes(one)) return true; return false; }
    app.use(session({ secret: SECRET }));
    """
    body = f"if ({condition}) next(); else res.redirect('/login');"
    assert callers(behind(f"(req, res, next) => {{ {body} }}", before=before)).split()[0] == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("process.env.PROTECTED === 'true'", "unknown"),
        ("process.env.ENABLE_AUTH === 'true'", "unknown"),
        ("process.env.NODE_ENV === 'test'", "no"),
        ("process.env.PROTECTED !== 'no'", "unknown"),
    ],
)
def test_a_guard_may_be_switched_on(condition: str, expected: str) -> None:
    """By default there is none; whether that is how the program runs, the source doesn't tell."""
    before = f"""
    if ({condition}) app.use((req, res, next) => {{ jwt.verify(req.headers.authorization, SECRET); next(); }});
    """
    assert callers(behind(before=before)) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("!settings.isStrict || isOpen(req.path) || isSmall(req.path)", "unknown"),
        ("settings.isStrict && !(isOpen(req.path) && isSmall(req.path))", "unknown"),
        ("settings.isStrict && req.body.id", "no"),
        ("!settings.isStrict || !req.headers.signature || isOpen(req.path)", "no"),
    ],
)
def test_several_open_questions_decide_together(condition: str, expected: str) -> None:
    """None of them is forgotten where their answers meet."""
    before = "const settings = require('config'), { isOpen, isSmall } = require('./made');"
    refusal = f"if (!({condition})) return {REFUSE}; next();"
    assert callers(behind(f"(req, res, next) => {{ {refusal} }}", before=before)) == expected


def test_both_answers_to_a_question_say_nothing() -> None:
    """What was asked for something else decides nothing."""
    before = "const settings = require('config'); async function busy() { return (await fetch('http://load')).ok; }"
    body = (
        f"if (await busy()) console.log('busy'); else console.log('idle'); if (!req.query.a) return {REFUSE}; next();"
    )
    assert callers(behind(f"async (req, res, next) => {{ {body} }}", before=before)) == "no"


def test_a_handler_may_ask_whose_a_token_is() -> None:
    """What it does with the answer can't be followed, where it answers in more than one way."""
    handler = """(req, res) => {
      User.findOne({ where: { token: req.headers['x-auth-token'] } })
        .then((found) => check(found)).then((found) => found.destroy())
        .then(() => res.end()).catch((error) => res.status(error.code).end());
    }"""
    before = "function check(found) { return found.ends < Date.now() ? Promise.reject({ code: 401 }) : found; }"
    assert callers(handled(handler, before=before)) == "unknown"
    assert callers(handled(handler.replace("headers['x-auth-token']", "params.id"), before=before)) == "no"
    keeping = handler.replace("found.destroy()", "User.create({ token: req.headers['x-auth-token'] })")
    assert callers(handled(keeping, before=before)) == "no"


def test_addresses_that_were_blocked_for_a_while_are_no_guard() -> None:
    """Whatever is asked about them on the way."""
    before = """
    const blocked = new Map();
    function isBlocked(address) {
      const found = blocked.get(address);
      if (!found) return false;
      if (Date.now() > found.until) { blocked.delete(address); return false; }
      return found;
    }
    """
    body = "const found = isBlocked(req.ip); if (found) return res.status(403).json(found.until); next();"
    assert callers(behind(f"(req, res, next) => {{ {body} }}", before=before)) == "no"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("shib-session-id", "unknown"), ("x-forwarded-user", "unknown"), ("x-user-id", "no"), ("user-agent", "no")],
)
def test_who_calls_may_be_said_by_a_proxy(header: str, expected: str) -> None:
    """By a header that authenticating proxies are known to set, or take away; any other comes from the client."""
    body = f"const {{ '{header}': name }} = req.headers; if (!name) return {REFUSE}; req.user = {{ name }}; next();"
    found = behind(f"(req, res, next) => {{ {body} }}")
    assert callers(found) == expected
    assert callers(behind(f"(req, res, next) => {{ console.log(req.headers['{header}']); next(); }}")) == "no"


def test_an_instance_of_passport_guards_nothing_by_being_there() -> None:
    """What is made by hand is initialised as the one that the package exports."""
    assert callers(behind("own.initialize()", before="const own = new passport.Passport();")) == "no"
