"""Which middleware authenticates: judged by what it does, on every path."""

import pytest

from model.access.callers import HANDLER, behind, callers, handled, served

TOKEN = "req.headers.authorization"  # noqa: S105 - where a token is read
VERIFY = f"jwt.verify({TOKEN}, SECRET)"
REFUSE = "res.sendStatus(401)"
FAULTS = """
const { z } = require('zod');
async function faults(query) {
  const result = await z.object({}).safeParseAsync(query);
  return result.success ? [] : result.error.issues;
}
"""


def guard(body: str) -> str:
    """A middleware with this body."""
    return f"async (req, res, next) => {{ {body} }}"


@pytest.mark.parametrize(
    "body",
    [
        f"try {{ req.user = {VERIFY}; next(); }} catch (e) {{ {REFUSE}; }}",
        f"try {{ {VERIFY}; }} catch (e) {{ return {REFUSE}; }} next();",
        f"jwt.verify({TOKEN}, SECRET, (err, user) => {{ if (err) return {REFUSE}; next(); }});",
        f"jwt.verify({TOKEN}, SECRET, (err, user) => {{ if (user) next(); else {REFUSE}; }});",
        f"let user = null; try {{ user = {VERIFY}; }} catch (e) {{}} if (!user) return {REFUSE}; next();",
        f"const user = {TOKEN} && {VERIFY}; if (!user) return {REFUSE}; next();",
        f"await jose.jwtVerify({TOKEN}, SECRET); next();",
        f"jose.jwtVerify({TOKEN}, SECRET).then(() => next()).catch(next);",
        "const token = req.cookies.token || req.query.token; jwt.verify(token, SECRET); next();",
        f"if (!req.caller) req.caller = {VERIFY}; next();",
        f"const known = req.caller ?? (req.caller = {VERIFY}); if (!known.roles.length) return {REFUSE}; next();",
        f"{VERIFY}; if ([await faults(req.query)].flat().length > 0) return {REFUSE}; next();",
    ],
)
def test_a_middleware_that_passes_on_verified_callers_only_authenticates(body: str) -> None:
    """By throwing, by callback, by promise, or by a result that is looked at."""
    assert callers(behind(guard(body), before=FAULTS)).startswith("yes")


@pytest.mark.parametrize(
    "body",
    [
        f"try {{ req.user = {VERIFY}; }} catch (e) {{}} next();",
        f"try {{ {VERIFY}; }} catch (e) {{ {REFUSE}; }} next();",
        f"if ({TOKEN}) {VERIFY}; next();",
        f"if (!req.caller && req.query.safe) req.caller = {VERIFY}; next();",
        f"next(); {VERIFY};",
        f"jwt.verify({TOKEN}, SECRET, (err, user) => {{ req.user = user; next(); }});",
        f"jose.jwtVerify({TOKEN}, SECRET); next();",
        f"jose.jwtVerify({TOKEN}, SECRET).catch(() => {{}}); next();",
        f"await jose.jwtVerify({TOKEN}, SECRET).catch(() => null); next();",
        f"const user = {TOKEN} && {VERIFY}; next();",
        f"const user = jwt.decode({TOKEN}); if (!user) return {REFUSE}; next();",
        f"if (!{TOKEN}) return {REFUSE}; next();",
        f"if (!{TOKEN}) {REFUSE}; {VERIFY}; next(); next();".replace(VERIFY, ""),
        f"const [id, role] = {TOKEN}.split(':'); if (!id || !role) return {REFUSE}; next();",
        "jwt.verify('a constant', SECRET); next();",
        f"if (req.headers.host !== process.env.HOST) return {REFUSE}; next();",
        f"if ({TOKEN}.split(' ')[0] !== 'Bearer') return {REFUSE}; next();",
        f"if (!['a', 'b'].includes({TOKEN})) return {REFUSE}; next();",
        f"const user = await User.findById(req.headers['x-user-id']); if (!user) return {REFUSE}; next();",
        f"const {{ id }} = jwt.decode({TOKEN}); if (!(await User.findById(id))) return {REFUSE}; next();",
        "if (req.user && req.user.id) console.log(req.user.id); next();",
        "const id = req.user && req.user.token ? req.user.token : null; next();",
        "next();",
    ],
)
def test_a_middleware_that_lets_anybody_pass_does_not(body: str) -> None:
    """Whatever it is called: a token that is optional, decoded, or whose verification comes to nothing."""
    assert callers(served(f"const auth = {guard(body)};\napp.get('/x', auth, (req, res) => res.json([]));")) == "no"


HELPERS = """
async function later(req) { return jwt.verify(req.headers.authorization, SECRET); }
async function outer(req) { return later(req); }
async function checked(req) { jwt.verify(req.headers.authorization, SECRET); }
function isValid(token) { try { jwt.verify(token, SECRET); return true; } catch (e) { return false; } }
async function found(req) { try { return jwt.verify(req.headers.authorization, SECRET); } catch (e) { return null; } }
function promised(req) {
  return new Promise((resolve, reject) => {
    jwt.verify(req.headers.authorization, SECRET, (err, user) => (err ? reject(err) : resolve(user)));
  });
}
function answered(req, res) {
  const user = found(req);
  if (!user) { res.sendStatus(401); return null; }
  return user;
}
"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("await later(req); next();", "yes jwt"),
        ("await outer(req); next();", "yes jwt"),
        ("await checked(req); next();", "yes jwt"),
        ("const user = await later(req); req.user = user; next();", "yes jwt"),
        ("checked(req).then(() => next()).catch(next);", "yes jwt"),
        ("await promised(req); next();", "yes jwt"),
        ("promised(req).then(() => next(), next);", "yes jwt"),
        (f"if (!isValid({TOKEN})) return {REFUSE}; next();", "yes jwt"),
        (f"const user = await found(req); if (!user) return {REFUSE}; next();", "yes jwt"),
        ("const user = answered(req, res); if (!user) return; next();", "yes jwt"),
        ("later(req); next();", "no"),
        ("checked(req); next();", "no"),
        ("const waiting = checked(req); next();", "no"),
        ("checked(req).catch(() => {}); next();", "no"),
        ("await checked(req).catch(() => null); next();", "no"),
        ("checked(req).then(() => {}); next();", "no"),
        (f"const ok = isValid({TOKEN}); next();", "no"),
        ("const user = await found(req); next();", "no"),
        ("const user = answered(req, res); next();", "no"),
    ],
)
def test_what_a_function_finds_out_counts_for_those_who_wait_and_look(body: str, expected: str) -> None:
    """A promise that nobody waits for, or a result that nobody looks at, lets anybody pass."""
    assert callers(behind(guard(body), before=HELPERS)) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"if (req.headers['x-api-key'] !== process.env.API_KEY) return {REFUSE}; next();", "yes api-key"),
        (f"if ({TOKEN} !== `Bearer ${{process.env.TOKEN}}`) return {REFUSE}; next();", "yes api-key"),
        (f"const user = await User.findOne({{ token: {TOKEN} }}); if (!user) return {REFUSE}; next();", "yes custom"),
        (
            f"User.findOne({{ apiKey: {TOKEN} }}).then((user) => {{ if (!user) return {REFUSE}; next(); }});",
            "yes custom",
        ),
        (
            (
                "const mac = crypto.createHmac('sha256', SECRET).update(req.body).digest('hex');"
                f" if (req.headers['x-signature'] !== mac) return {REFUSE}; next();"
            ),
            "yes signature",
        ),
    ],
)
def test_secrets_that_a_caller_sends_are_verified_in_other_ways(body: str, expected: str) -> None:
    """Held against the environment, looked up in a database, or computed again."""
    assert callers(behind(guard(body))) == expected


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("'jwt', { session: false }", "yes passport"),
        ("['jwt', 'api-key']", "yes passport"),
        ("['jwt', 'anonymous']", "no"),
        ("'local'", "no"),
        ("'googleAdmin'", "no"),
        ("'staff'", "unknown"),
    ],
)
def test_a_strategy_of_passport_lets_known_callers_pass_or_makes_them_known(strategy: str, expected: str) -> None:
    """Tokens authenticate; logging in is for strangers; of others it isn't known."""
    assert callers(behind(f"passport.authenticate({strategy})")) == expected
    by_hand = f"(req, res, next) => passport.authenticate({strategy})(req, res, next)"
    if expected != "no":
        assert callers(behind(by_hand)) == expected


def test_the_outcome_that_passport_tells_decides_where_it_is_looked_at() -> None:
    """A callback that passes on without a user makes it optional."""
    strict = "passport.authenticate('jwt', (err, user) => { if (err || !user) return res.sendStatus(401); next(); })"
    loose = "passport.authenticate('jwt', (err, user) => { if (user) req.user = user; next(); })"
    assert callers(behind(guard(f"{strict}(req, res, next);"))) == "yes passport"
    assert callers(behind(guard(f"{loose}(req, res, next);"))) == "no"
    ask = guard(f"if (!req.user) return {REFUSE}; next();")
    assert callers(behind(guard(f"{loose}(req, res, next);"), ask)) == "yes passport"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("app.use(passport.session());", "yes cookie passport"),
        (f"app.use((req, res, next) => {{ if ({TOKEN}) req.user = {VERIFY}; next(); }});", "yes jwt"),
        (f"app.use((req, res, next) => {{ if ({TOKEN}) req.user = jwt.decode({TOKEN}); next(); }});", "no"),
        ("app.use((req, res, next) => { req.user = { id: req.headers['x-user'] }; next(); });", "no"),
        ("", "unknown"),
    ],
)
def test_a_user_on_the_request_is_worth_what_has_put_it_there(before: str, expected: str) -> None:
    """Verified data, a package for sessions, the client's own word, or nothing that can be seen."""
    assert callers(behind(guard(f"if (!req.user) return {REFUSE}; next();"), before=before)) == expected


def test_what_is_kept_on_the_request_is_worth_what_came_before() -> None:
    """A guard that verifies once for each request takes what somebody else has put there as it is."""
    before = "app.use((req, res, next) => { req.caller = req.body.caller; next(); });"
    assert callers(behind(guard(f"if (!req.caller) req.caller = {VERIFY}; next();"), before=before)) == "no"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (!req.session.userId) return res.redirect('/login'); next();", "yes session"),
        ("req.session.userId ? next() : res.sendStatus(401);", "yes session"),
        ("if (!req.session) return res.sendStatus(401); next();", "no"),
        ("if (!req.session.loginChallenge) return res.sendStatus(401); next();", "unknown"),
        ("if (!req.isAuthenticated()) return res.sendStatus(401); next();", "unknown"),
    ],
)
def test_sessions_are_known_by_what_they_hold_of_a_user(body: str, expected: str) -> None:
    """Not by being there: everybody gets a session."""
    assert callers(behind(guard(body), before="app.use(session({ secret: SECRET }));")) == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("process.env.NODE_ENV === 'test'", "yes jwt"),
        ("process.env.NO_AUTH", "yes jwt"),
        ("process.env.NODE_ENV === 'production'", "unknown"),
        ("!process.env.AUTH", "unknown"),
        ("req.query.guest", "no"),
    ],
)
def test_what_switches_a_guard_off_counts_by_its_default(test: str, expected: str) -> None:
    """In production with no other variable set; what the client chooses does not."""
    found = behind(guard(f"if ({test}) return next(); try {{ {VERIFY}; next(); }} catch (e) {{ {REFUSE}; }}"))
    assert callers(found) == expected
    assert bool(found.access.switches) is (expected == "yes jwt")


def test_a_guard_is_in_effect_where_it_stands() -> None:
    """Neither behind the endpoint, nor below another prefix, nor under a condition that isn't known."""
    auth = f"const auth = {guard(f'try {{ {VERIFY}; next(); }} catch (e) {{ {REFUSE}; }}')};"
    route = "app.get('/x', (req, res) => res.json([]));"
    assert callers(served(f"{auth} app.use(auth); {route}")) == "yes jwt"
    assert callers(served(f"{auth} {route} app.use(auth);")) == "no"
    assert callers(served(f"{auth} app.use('/y', auth); {route}")) == "no"
    conditional = served(f"{auth} if (require('./flags').secure) app.use(auth); {route}")
    assert callers(conditional) == "unknown"
    assert conditional.access.reason is not None
    assert "only in effect if" in conditional.access.reason


def test_a_name_is_no_evidence_but_a_doubt() -> None:
    """Of a package that isn't known, by the name it is used under."""
    head = "const { requireUser } = require('acme-auth'); const timing = require('acme-timing');"
    assert callers(behind("requireUser()", before=head)) == "unknown"
    assert callers(behind("timing()", before=head)) == "no"


def test_exceptions_of_a_guard_are_open() -> None:
    """As express-unless matches them."""
    head = "const { expressjwt } = require('express-jwt');"
    guarded = "expressjwt({ secret: SECRET, algorithms: ['HS256'] })"
    assert callers(behind(guarded, before=head)) == "yes jwt"
    assert callers(behind(f"{guarded}.unless({{ path: ['/x'] }})", before=head)) == "no"
    assert callers(behind(f"{guarded}.unless({{ path: ['/y'] }})", before=head)) == "yes jwt"
    optional = guarded.replace("secret", "credentialsRequired: false, secret")
    assert callers(behind(optional, before=head)) == "no"


def test_a_guard_that_verifies_nothing_is_named() -> None:
    """It answers 401, so that everybody takes it for one."""
    auth = f"const requireUser = {guard(f'if (!jwt.decode({TOKEN})) return {REFUSE}; next();')};"
    assert served(f"{auth} app.get('/x', requireUser, (req, res) => res.json([]));").access.false_guard == "requireUser"


def test_roles_of_middleware_come_from_what_it_does() -> None:
    """Not from the packages that it calls on the way."""
    strict = f"const auth = {guard(f'try {{ {VERIFY}; next(); }} catch (e) {{ {REFUSE}; }}')};"
    loose = "const auth = (req, res, next) => passport.authenticate('jwt', () => next())(req, res, next);"
    route = "app.get('/x', auth, (req, res) => res.json([]));"
    assert served(f"{strict} {route}").middleware[-1].roles == ("authentication",)
    assert served(f"{loose} {route}").middleware[-1].roles == ()


def test_what_a_function_on_the_request_answers_is_not_known() -> None:
    """Middleware may leave functions there that tell whether the caller may pass."""
    leave = "app.use((req, res, next) => { req.mayPass = (right) => rights.of(req).includes(right); next(); });"
    guard_ = guard(f"if (await req.mayPass('write')) return next(); {REFUSE};")
    assert callers(behind(guard_, before=leave)) == "unknown"
    assert callers(behind(guard_)) == "unknown"


_UNLESS = (
    "const unless = (paths, mw) => (req, res, next) => {"
    " if (paths.find((one) => req.path.startsWith(one))) return next(); return mw(req, res, next); };"
)
_TRUE_GUARD = f"try {{ {VERIFY}; next(); }} catch (e) {{ {REFUSE}; }}"


@pytest.mark.parametrize(
    ("exempt", "body"),
    [
        ("['/login', '/status']", "if (exempt.includes(req.path)) return next();"),
        ("['/login', '/status']", "if (exempt.indexOf(req.path) !== -1) return next();"),
        ("['/login', '/status']", "if (exempt.indexOf(req.path) > -1) return next();"),
        ("['/login', '/status']", "if (exempt.some((one) => req.originalUrl.startsWith(`/api${one}`))) return next();"),
        ("['/login', '/status']", "if (exempt.some((one) => req.path.indexOf(one) === 0)) return next();"),
        ("[/^.login/, /^.status/]", "if (exempt.some((one) => one.test(req.path))) return next();"),
        ("new Set(['/login', '/status'])", "if (exempt.has(req.path)) return next();"),
        (
            "['/login', '/status']",
            "let ok; exempt.forEach((one) => { if (req.path === one) ok = true; }); if (ok) return next();",
        ),
        (
            "['/login', '/status']",
            "let ok; for (const one of exempt) if (req.path === one) { ok = true; break; } if (ok) return next();",
        ),
        ("['/login', '/status']", "for (const one of exempt) if (req.path.startsWith(one)) return next();"),
        ("['/login', '/status']", "const open = exempt.includes(req.path); if (open) return next();"),
        ("['/login', '/status']", "const { path } = req; if (exempt.includes(path)) return next();"),
        ("", "if (req.path === '/login' || req.path === '/status') return next();"),
    ],
)
def test_a_guard_leaves_out_the_paths_that_it_names(exempt: str, body: str) -> None:
    """Whoever asks for one of these may be anybody; at any other endpoint below the mount the guard is in effect."""
    mounted = f"const exempt = {exempt or '[]'}; app.use('/api', (req, res, next) => {{ {body} {_TRUE_GUARD} }});"
    assert callers(served(f"{mounted} app.get('/api/visits', {HANDLER});")) == "yes jwt"
    assert callers(served(f"{mounted} app.get('/api/status', {HANDLER});")) == "no"


@pytest.mark.parametrize(
    "body",
    [
        "if (req.originalUrl === options.route) return res.end(metrics()); next();",
        "if (req.path.split('/')[1] === 'old') return res.redirect('/new'); next();",
        "if (req.path !== '/status') console.log(req.path); next();",
    ],
)
def test_who_asks_for_a_path_is_no_guard(body: str) -> None:
    """What is not answered here gets through, whoever sends it."""
    before = f"const options = require('config'); app.use((req, res, next) => {{ {body} }});"
    assert callers(served(f"{before} app.get('/visits/:id', {HANDLER});")) == "no"


def test_a_function_that_makes_a_guard_of_some_paths_is_followed() -> None:
    """It lets through what begins as one of them, however many there are, and passes all else to the guard."""
    paths = ", ".join(f"'/open{number}'" for number in range(30))
    guarded = f"unless([{paths}], passport.authenticate('jwt', {{ session: false }}))"
    before = f"{_UNLESS} app.use('/v1', {guarded});"
    for path, expected in (("/v1/visits/:id", "yes jwt"), ("/v1/open29/x", "no"), ("/v1/:id", "unknown")):
        assert callers(served(f"{before} app.get('{path}', {HANDLER});")) in {
            expected,
            expected.replace("jwt", "passport"),
        }


def test_a_guard_with_exceptions_that_cannot_be_followed_is_not_known_to_be_none() -> None:
    """Where callers need no proof decides a pattern; elsewhere they need one."""
    wrap = (
        "const unless = (mw) => (req, res, next) => {"
        " if (exceptions.some((one) => one.test(req.path))) return next(); mw(req, res, next); };"
    )
    before = f"const exceptions = load(); {wrap}"
    assert callers(behind("unless(passport.authenticate('jwt', { session: false }))", before=before)) == "unknown"


def test_a_key_that_decides_in_an_unknown_database_is_not_known_to_be_none() -> None:
    """Whoever asks others for a session and says 400 to a wrong key is a guard."""
    key = "const user = await req.app.db.find({ apiKey: req.headers.key }); if (!user) return res.sendStatus(400);"
    body = (
        f"if (req.headers.key) {{ {key} return next(); }} if (req.session.user) return next(); res.redirect('/login');"
    )
    assert callers(behind(guard(body))) == "unknown"


def test_a_key_is_looked_up_by_what_a_database_makes_of_it() -> None:
    """The identifier that is made of a text is as secret as the text."""
    body = "const user = await User.findOne({ apiKey: new mongoose.Types.ObjectId(req.headers.apikey) }); "
    assert callers(behind(guard(f"{body} if (!user) return {REFUSE}; next();"))) == "yes custom"


def test_a_question_about_the_caller_and_its_rights_is_one_question() -> None:
    """``!user || !user.may(…)``: on which side a caller is refused is lost, that it is refused isn't."""
    find = (
        "app.use(async (req, res, next) => { let user;"
        " if (req.headers['x-key'] === settings.key) user = await User.first();"
        " else if (req.session.id) user = await User.findOne({ where: { id: req.session.id } });"
        " if (user) req.user = user; next(); });"
    )
    body = f"if (!req.user || !req.user.hasPermission('write')) return {REFUSE}; next();"
    assert callers(behind(guard(body), before=find)) == "unknown"


def test_a_promise_that_is_kept_where_an_open_question_is_answered_asks_that_question() -> None:
    """What is rejected has been answered with 401 already."""
    check = (
        "const check = (req, res) => new Promise((resolve, reject) => { store.find(req.query.key, (err, found) => {"
        f" if (err) return reject({REFUSE}); return resolve(found); }}); }});"
    )
    handler = "async (req, res) => { try { await check(req, res); res.json([]); } catch (e) { console.log(e); } }"
    assert callers(served(f"{check} app.post('/x', {handler});")) == "unknown"


def test_an_application_that_unknown_code_was_given_may_have_guards() -> None:
    """A module whose name is not known may register anything."""
    route = "app.post('/x', (req, res) => res.json([]));"
    assert callers(served(f"require(process.env.STRATEGY)(app); {route}")) == "unknown"
    assert callers(served(f"require('http').createServer(app); {route}")) == "no"


@pytest.mark.parametrize("last", ["express.json()", "(req, res, next) => big(req, res, next)"])
def test_what_only_gets_a_request_ready_serves_nothing(last: str) -> None:
    """A parser of bodies under a path is no endpoint of its own."""
    before = "const big = express.json({ limit: '9mb' });"
    assert served(f"{before} app.post('/*', {last});").access.serves is False


def test_who_sets_what_was_found_by_unknown_code_decides() -> None:
    """A caller that unknown code has found may have been verified there."""
    find = (
        "const { find } = require(process.env.STORE);"
        " app.use(async (req, res, next) => { const u = await find(req.headers.key); if (u) req.user = u; next(); });"
    )
    assert callers(behind(guard(f"if (!req.user) return {REFUSE}; next();"), before=find)) == "unknown"


def test_who_is_looked_up_in_a_table_by_a_token_may_be_refused() -> None:
    """Where there is nobody, reading on throws; a table of the program need not hold what it is asked for."""
    read = "const who = sessions.byToken[req.headers.authorization]; req.userId = who.account.id; next();"
    body = f"try {{ {read} }} catch (e) {{ {REFUSE}; }}"
    assert callers(behind(guard(body), before="const sessions = { byToken: {} };")) == "unknown"


def test_who_is_not_in_a_table_by_a_token_is_turned_away_by_an_error() -> None:
    """A status is not needed: whoever was put there under the token was perhaps verified then."""
    table = (
        "const callers = { map: {}, put(k, u) { this.map[k] = u; }, of(k) { return k ? this.map[k] : undefined; } };"
    )
    find = f"{table} app.use((req, res, next) => {{ callers.put(req.query.k, req.query.u); next(); }});"
    refuse = "if (!who) return next(new Error('blocked'));"
    handler = "async (req, res, next) => { const who = callers.of(req.cookies.token); %s res.json(who.id); }"
    assert callers(handled(handler % refuse, before=find)) == "unknown"
    assert callers(handled(handler % "", before=find)) == "no"


def test_a_strategy_that_stands_last_is_how_strangers_log_in() -> None:
    """Passport answers by itself, with a redirection."""
    login = "app.post('/login', passport.authenticate('%s', { successRedirect: '/' }));"
    assert served(login % "local").access.admits_strangers
    assert callers(served(login % "sign-in")) == "unknown"


def test_who_is_given_next_for_failures_passes_nobody_on() -> None:
    """An emitter of events calls it with an error; who is found decides elsewhere."""
    decide = f"(user) => {{ if (!user) return {REFUSE}; next(); }}"
    body = (
        f"const events = new Emitter(); events.fail(next); User.findOne({{ id: req.body.id }}, events.done({decide}));"
    )
    assert callers(behind(guard(body), before="const Emitter = require('eventproxy');", method="post")) == "unknown"


_CHECK = "const check = (req) => { jwt.verify(req.get('token'), SECRET); }; const make = (it) => User.create(it);"


@pytest.mark.parametrize(
    "chain",
    [
        "User.findOne().then(() => { check(req); return User.create(req.body); }).then((made) => res.json(made), next)",
        "Promise.resolve().then(() => check(req)).then(() => User.create(req.body)).then((it) => res.json(it), next)",
        "Promise.resolve().then(() => check(req)).then(() => (req.body.x ? User : Visit).find()).then(() => res.end())",
        "(async () => { check(req); return make({}); })().then((it) => res.json(it))",
        "[check, User.create].reduce((all, f) => all.then(() => f(req)), Promise.resolve()).then((it) => res.json(it))",
    ],
)
def test_what_a_promise_finds_out_holds_for_what_follows_it(chain: str) -> None:
    """A check in one ``then`` keeps the next from being called; ``next`` as the second argument gets the error."""
    assert callers(handled(f"(req, res, next) => {{ {chain}; }}", before=_CHECK)) == "yes jwt"


@pytest.mark.parametrize(
    "chain",
    [
        "User.findOne().then(() => { if (req.body.x) check(req); }).then(() => res.json(1))",
        "User.findOne().then(() => check(req)).then(() => 1, () => 2).then(() => res.json(1))",
        "User.findOne().then(() => check(req)).then(() => 1, next).then(() => res.json(1))",
        "User.findOne().then(() => check(req)).catch(() => 2).then(() => res.json(1))",
        "(async () => check(req))().then(() => 1, () => 2).then(() => res.json(1))",
        "const found = User.findOne(); found.then(() => check(req)); found.then(() => res.json(1))",
        "User.findOne().then(next)",
    ],
)
def test_a_check_whose_failure_stops_nothing_proves_nothing(chain: str) -> None:
    """It was caught on the way, or only one of two promises waits for it."""
    assert callers(handled(f"(req, res, next) => {{ {chain}; }}", before=_CHECK)) == "no"


def test_making_an_error_changes_nothing() -> None:
    """A route that only says what was missing."""
    fail = "(req, res, next) => { next(new Parse.Error(122, 'a name is missing')); }"
    assert not handled(fail, before="const Parse = require('parse');").access.changes_state


FLAGGED = """
const auth = (req, res, next) => {
  let isRight = false;
  try { jwt.verify(req.headers.authorization, SECRET); isRight = true; } catch {}
  req.isAuthenticated = isRight;
  next();
};
const requireAuth = (req, res, next) => (req.isAuthenticated ? next() : next(new Error('no')));
"""
SWITCHED = """
const currentUser = (req, res, next) => {
  const found = { kind: 'none' };
  if (req.headers.authorization) {
    try {
      jwt.verify(req.headers.authorization, SECRET);
      found.kind = 'bearer';
    } catch (e) { return res.sendStatus(403); }
  }
  req.currentUser = Object.freeze(found);
  next();
};
const requireSome = (req, res, next) => {
  const isStranger = req.currentUser.kind === 'none';
  if (settings.mode !== 'open' && isStranger) throw Object.assign(new Error('no'), { status: 403 });
  next();
};
"""
NOBODY = """
const knows = (req, res, next) => {
  if (!req.cookies.token) { req.user = { id: null }; return next(); }
  req.user = jwt.verify(req.cookies.token, SECRET);
  next();
};
"""


@pytest.mark.parametrize(
    ("before", "guards", "handler"),
    [
        (FLAGGED, ("auth", "requireAuth"), "(req, res) => res.end()"),
        (
            f"const settings = require('./settings');{SWITCHED}",
            ("currentUser", "requireSome"),
            "(req, res) => res.end()",
        ),
        (NOBODY, ("knows",), "(req, res, next) => (req.user.id ? res.end() : next(new Error('nobody')))"),
        (
            "const acme = require('acme');",
            (guard(f"const user = await acme.whoIs({TOKEN}); if (user.isStranger) return {REFUSE}; next();"),),
            "(req, res) => res.end()",
        ),
        (
            "const tokens = new Map();",
            (guard(f"if (!tokens.get({TOKEN})) return res.status(400).end(); next();"),),
            "(req, res) => User.create({}).then(() => res.end())",
        ),
        (
            "const tokens = new Map();",
            (),
            "(req, res, next) => { if (tokens.get(req.cookies.token)) User.create({}); else next(new Error('no')); }",
        ),
    ],
)
def test_it_is_not_known_that_anybody_gets_through(before: str, guards: tuple[str, ...], handler: str) -> None:
    """Where one function verifies some callers, and another, or code that is not known, may refuse the others by it."""
    found = handled(handler, *guards, before=before)
    assert found.access.authentication != "no"
    assert found.access.false_guard is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"let ok = false; try {{ {VERIFY}; ok = true; }} catch {{}} if (!ok) return {REFUSE}; next();", "yes jwt"),
        (
            f"let failed; try {{ {VERIFY}; }} catch (e) {{ failed = e; }} if (failed) return {REFUSE}; next();",
            "yes jwt",
        ),
        (f"let ok = false; try {{ {VERIFY}; ok = true; }} catch {{}} next();", "no"),
        (f"let ok; try {{ ok = true; {VERIFY}; }} catch {{}} if (!ok) return {REFUSE}; next();", "unknown"),
        (
            f"let ok; try {{ {VERIFY}; ok = true; }} catch {{ ok = flags.any; }} if (!ok) return {REFUSE}; next();",
            "unknown",
        ),
        (f"let ok = true; try {{ {VERIFY}; ok = false; }} catch {{}} if (!ok) return {REFUSE}; next();", "unknown"),
    ],
)
def test_a_flag_in_a_guard_tells_by_which_path_it_was_set(body: str, expected: str) -> None:
    """That the token is right, if nothing else has set it; where that can't be told it is unknown, not refuted."""
    found = behind(guard(body))
    assert callers(found) == expected
    assert found.access.false_guard is None


def test_a_function_may_return_what_a_refusal_is_told_by() -> None:
    """Nothing where the caller is known, and the answer to those who are not."""
    check = (
        "const check = async (req, res) => {"
        f" try {{ {VERIFY}; }} catch (e) {{ return res.status(401).send('no'); }} return undefined; }};"
    )
    ask = "const refused = await check(req, res); if (refused !== undefined) return refused; next();"
    assert callers(behind(guard(ask), before=check)) == "yes jwt"
    assert callers(behind(guard(ask.replace("return refused;", "log(refused);")), before=check)) == "no"


def test_a_signed_cookie_that_names_the_caller_makes_it_known() -> None:
    """It is only there when its signature is right."""
    body = f"if (!req.signedCookies.userId) return {REFUSE}; next();"
    assert callers(behind(guard(body))).startswith("yes")
    assert callers(behind(guard(body.replace("userId", "colour")))) == "no"


def test_an_update_that_hashes_a_password_is_no_registration() -> None:
    """Whoever may call it changes somebody's."""
    body = "const x = await bcrypt.hash(req.body.x, 10); await User.updateOne({ _id: req.params.id }, { x });"
    handler = f"async (req, res) => {{ {body} }}"
    assert handled(handler).access.admits_strangers
    assert not handled(handler, method="put").access.admits_strangers


def test_who_is_refused_by_who_it_is_may_lack_a_right() -> None:
    """A role that is put into another form before it is looked for: that is unknown, not missing."""
    before = """
    const acme = require('acme');
    const requireUser = (req, res, next) => { req.user = jwt.verify(req.headers.authorization, SECRET); next(); };
    const requireRole = (...names) => (req, res, next) => {
      const role = acme.normal(req.user?.role);
      if (!names.map((name) => acme.normal(name)).includes(role)) return res.sendStatus(403);
      next();
    };
    """
    found = handled("(req, res) => res.end()", "requireUser", "requireRole('admin')", before=before)
    assert (found.access.authentication, found.access.authorization != "no") == ("yes", True)
    assert handled("(req, res) => res.end()", "requireUser", before=before).access.authorization == "no"


_HMAC = "crypto.createHmac('sha256', process.env.HOOK_SECRET).update(raw).digest('hex')"
_SENT_BYTES = "Buffer.from(sent, 'hex')"


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (f"Buffer.from({_HMAC}, 'hex')", _SENT_BYTES, "yes signature"),
        (f"new Uint8Array(Buffer.from({_HMAC}, 'utf8'))", f"new Uint8Array({_SENT_BYTES})", "yes signature"),
        ("Buffer.from(process.env.HOOK_SECRET)", _SENT_BYTES, "yes api-key"),
        ("Buffer.from(raw, 'hex')", _SENT_BYTES, "no"),
        (f"Buffer.from({_HMAC.replace('process.env.HOOK_SECRET', 'sent')}, 'hex')", _SENT_BYTES, "no"),
        ("crypto.createHash('sha256').update(raw).digest()", _SENT_BYTES, "no"),
    ],
)
def test_a_signature_may_be_compared_in_the_form_of_bytes_by_a_service_that_throws(
    ours: str, theirs: str, expected: str
) -> None:
    """What follows is for callers who know the key: not where both sides are what the caller has sent."""
    endpoint = served(
        f"""
const compare = (raw, sent) => {{ if (!crypto.timingSafeEqual({ours}, {theirs})) throw new Error('wrong'); }};
const service = {{ accept: async (raw, sent) => {{ compare(raw, sent); await Visit.create({{ raw }}); }} }};
app.post('/hook', async (req, res) => {{
  await service.accept(String(req.body.raw), req.get('X-Signature') ?? '');
  res.json({{}});
}});
"""
    )
    assert callers(endpoint) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [("Object.create(req)", "unknown"), ("Object.assign(Object.create(req), { body: {} })", "unknown"), ("{}", "no")],
)
def test_who_is_given_a_copy_of_the_request_may_verify_its_caller(given: str, expected: str) -> None:
    """What is injected, and can't be followed, may refuse callers by what the copy tells."""
    endpoint = served(
        f"""
const attempt = async ({{ run, copy, res }}) => new Promise((resolve, reject) => {{
  Promise.resolve(run(copy, res, resolve)).then(() => resolve(), reject);
}});
const serve = async (args) => {{
  const {{ steps }} = await Visit.findById(args.id);
  for (const step of steps) await args.execute({{ step }});
}};
app.post('/x/:id', async (req, res) => {{
  const execute = ({{ step }}) => attempt({{ run: handlers[step.name], copy: {given}, res }});
  await serve({{ id: req.params.id, execute }});
  await Visit.create({{}});
  res.json({{}});
}});
"""
    )
    assert callers(endpoint) == expected


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("if (process.env.NODE_ENV === 'production') return res.sendStatus(403); CHANGE", "unknown"),
        ("if (process.env.NODE_ENV === 'production') return res.status(404).end(); CHANGE", "unknown"),
        ("if (process.env.ALLOW_SEED !== 'true') return res.sendStatus(403); CHANGE", "unknown"),
        ("if (process.env.NODE_ENV !== 'production') await Visit.deleteMany(); res.json(1);", "unknown"),
        ("if (process.env.NODE_ENV !== 'production') console.log('seeding'); CHANGE", "no"),
    ],
)
def test_what_only_serves_in_another_configuration_is_not_open(handler: str, expected: str) -> None:
    """Anybody may call it there, and whether it is ever there the source doesn't tell."""
    change = "await Visit.deleteMany(); res.json(1);"
    assert callers(handled(f"async (req, res) => {{ {handler.replace('CHANGE', change)} }}")) == expected


@pytest.mark.parametrize(
    ("path", "condition", "expected"),
    [
        ("/patients", "!open.includes(req.path)", "yes session"),
        ("/login", "!open.includes(req.path)", "no"),
        ("/login/", "!open.includes(req.originalUrl)", "no"),
        ("/:page", "!open.includes(req.path)", "unknown"),
        ("/login/now", "!open.includes(req.path.trim())", "yes session"),
        ("/login", "req.path !== '/login'", "no"),
        ("/patients", "req.path !== '/login'", "yes session"),
        ("/patients", "!load().includes(req.path)", "unknown"),
        ("/patients", "!req.path.startsWith('/p')", "no"),
        ("/patients", "!['/q', '/r'].some((one) => req.path.startsWith(one))", "yes session"),
        ("/patients", "!['/q', '/p'].some((one) => req.path.startsWith(one))", "no"),
        ("/patients", "['/q', '/p'].some((one) => req.path.startsWith(one))", "yes session"),
        ("/patients", "['/q', '/r'].some((one) => req.path.startsWith(one))", "no"),
        ("/patients", "/^.(p|q)/.test(req.path)", "yes session"),
        ("/patients", "!req.originalUrl.match(/^.q/)", "unknown"),
        ("/:id", "req.path !== '/login'", "unknown"),
        ("/:id", "req.path === '/login'", "no"),
        ("/patients", "req.path.split('/')[1] !== 'login'", "unknown"),
    ],
)
def test_a_guard_may_leave_out_paths(path: str, condition: str, expected: str) -> None:
    """A list of paths, or one, that is held against the path that is asked for; what can't be told is no proof."""
    rule = f"if (!req.session.user && {condition}) return res.sendStatus(401); next();"
    source = (
        f"const open = ['/login', '/logout']; app.use(session({{ secret: SECRET }})); app.use({guard(rule)});"
        f" app.post('/login', (req, res) => {{ req.session.user = known(req.body); res.end(); }});"
        f" app.get('{path}', {HANDLER});"
    )
    assert callers(served(source)) == expected


def test_a_guard_that_leaves_out_paths_sees_what_is_left_below_its_mount() -> None:
    """``req.path`` is relative to the mount, ``req.originalUrl`` is not."""
    rule = guard("if (req.path === '/login') return next(); if (!req.session.user) return res.sendStatus(401); next();")
    before = f"app.use(session({{ secret: SECRET }})); const r = express.Router(); r.use({rule}); app.use('/api', r);"
    assert callers(served(f"{before} r.get('/login', {HANDLER});")) == "no"
    assert callers(served(f"{before} r.get('/patients', {HANDLER});")) == "yes session"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (!req.session.user) next(new Error('who?')); next();", "yes session"),
        (
            "try { if (!req.session.user) { next(new Error('who?')); } next(); } catch (error) { next(error); }",
            "yes session",
        ),
        ("if (!req.session.user) res.sendStatus(401); next();", "no"),
        ("if (!req.session.user) next('route'); next();", "no"),
        ("find(req.session.user, (error) => { if (error) next(error); }); next();", "no"),
    ],
)
def test_an_error_that_was_handed_on_lets_nobody_through(body: str, expected: str) -> None:
    """A router's stack has one place, so that a later ``next()`` finds its end; a callback may come too late."""
    assert callers(behind(guard(body), before="app.use(session({ secret: SECRET }));")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (blocked.get(req.ip)) return res.sendStatus(403); next();", "no"),
        (
            "const one = blocked.get(req.ip); if (one && Date.now() < one.until) return res.sendStatus(403); next();",
            "no",
        ),
        ("if (['10.0.0.1'].includes(req.ip)) return res.sendStatus(403); next();", "no"),
        ("if (!allowed.includes(req.ip)) return res.sendStatus(403); next();", "unknown"),
        ("if (req.ip !== '127.0.0.1') return res.sendStatus(403); next();", "unknown"),
    ],
)
def test_who_blocks_addresses_knows_nobody(body: str, expected: str) -> None:
    """Who asks for one that is allowed may; it isn't known how callers come by it."""
    before = (
        "const blocked = new Map(); const allowed = load(); app.post('/block', (req, res) => {"
        " blocked.set(req.body.ip, { until: req.body.until }); res.end(); });"
    )
    assert callers(behind(guard(body), before=before)) == expected


_UPLOAD = """
const multer = require('multer');
const upload = multer({
  dest: 'uploads',
  fileFilter: async (request, file, done) => {
    const { token } = request.headers;
    try {
      (await mayUpload(token)) ? done(null, true) : done(new Error('not allowed'));
    } catch (error) { done(error); }
  },
}).single('file');
"""


@pytest.mark.parametrize(
    "guard",
    [
        "upload",
        "(req, res, next) => { upload(req, res, (err) => { if (err) return res.status(400).end(); next(); }); }",
    ],
)
def test_an_option_that_looks_at_a_token_and_calls_back_with_an_error_may_be_a_guard(guard: str) -> None:
    """As middleware, or called by hand; one that looks at the file only asks nobody."""
    assert callers(behind(guard, before=_UPLOAD, method="post")) == "unknown"
    open_ = _UPLOAD.replace("const { token } = request.headers;", "const { size } = file;").replace("token", "size")
    assert callers(behind(guard, before=open_, method="post")) == "no"


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("await knex('tokens').where(wanted({ token: hash(req.query.token) })).first()", "unknown"),
        ("await knex('users').where({ name: req.query.name }).first()", "no"),
        ("jwt.decode(req.headers['x-token'])", "no"),
    ],
)
def test_what_is_looked_up_by_what_a_secret_became_may_be_the_caller(found: str, expected: str) -> None:
    """It is not known what a table is asked for, but it isn't what the client has sent."""
    before = (
        "const knex = require('knex')({ client: 'pg', connection: process.env.DB });"
        " const wanted = require('lodash').pickBy;"
        " const hash = (t) => crypto.createHash('sha256').update(t).digest('hex');"
        f" app.use(async (req, res, next) => {{ req.user = {found}; next(); }});"
    )
    assert callers(behind(guard(f"if (!req.user) return {REFUSE}; next();"), before=before)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("'SELECT id FROM users WHERE token = ?', [req.headers['x-token']]", "yes custom"),
        ("'SELECT id FROM users WHERE email = ?', [req.query.email]", "no"),
    ],
)
def test_rows_that_are_taken_out_of_a_list_are_what_was_asked_for(query: str, expected: str) -> None:
    """``const [rows] = await pool.query(…)`` of mysql2: who has a secret is known by it, who says a name is not."""
    body = f"const [rows] = await pool.query({query}); if (!rows.length) return {REFUSE}; next();"
    before = "const pool = require('mysql2/promise').createPool({});"
    assert callers(behind(guard(body), before=before)) == expected


VERIFYING = f"const known = async (req) => {{ req.user = {VERIFY}; return true; }};"
ASKING = f"if (await asked(req)) next(); else {REFUSE};"


@pytest.mark.parametrize(
    ("asked", "verdict"),
    [
        ("async (req) => { return known(req); }", "yes jwt"),
        ("(req) => known(req)", "yes jwt"),
        ("async (req) => { return known(req).catch(() => true); }", "no"),
        ("async (req) => { if (req.query.x) return known(req); return true; }", "no"),
        ("async (req) => { if (req.query.x) return known(req); }", "no"),
        ("async (req) => { try { return await known(req); } catch (e) { return true; } }", "no"),
    ],
)
def test_a_promise_that_is_handed_on_proves_what_the_first_one_does(asked: str, verdict: str) -> None:
    """Whoever waits for the promise of a function that only returns another one's waits for that one."""
    before = f"{VERIFYING}\nconst asked = {asked};"
    assert callers(behind(guard(ASKING), before=before)) == verdict


def test_what_one_call_has_proven_is_not_proven_by_the_next_at_the_same_place() -> None:
    """A middleware that asks a function it was given is judged by that function."""
    use = f"const use = (asked) => async (req, res, next) => {{ {ASKING} }};"
    pick = "const pick = (asked) => (req) => asked(req);"
    before = f"{VERIFYING}\n{use}\n{pick}\nconst first = use(pick(known)); const second = use(pick((req) => true));"
    assert callers(behind("first", before=before)) == "yes jwt"
    assert callers(behind("second", before=f"{before}\napp.get('/y', first, second, (req, res) => res.end());")) == "no"


_BOOM = "app.use(require('express-boom')());"


def test_a_guard_may_refuse_by_boom() -> None:
    """Each method of ``res.boom`` answers with the status of its name."""
    refusing = "(req, res, next) => { try { req.user = jwt.verify(req.headers.x, SECRET); next(); } catch { REFUSE } }"
    assert callers(
        behind(refusing.replace("REFUSE", "return res.boom.unauthorized('Log in first');"), before=_BOOM)
    ) == ("yes jwt")
    passing = refusing.replace("REFUSE", "if (req.query.x) return res.boom.unauthorized(); next();")
    assert callers(behind(passing, before=_BOOM)) == "no"


@pytest.mark.parametrize("test", ["error.name === 'TokenExpiredError'", "error.message === 'jwt expired'"])
def test_whether_an_expired_token_is_enough_is_unknown(test: str) -> None:
    """It was signed once; of other failures that are let through it is known that anybody gets through."""
    guard = (
        "(req, res, next) => { try { req.user = jwt.verify(req.headers.x, SECRET); next(); }"
        " catch (error) { if (TEST) { req.user = jwt.decode(req.headers.x); return next(); } res.sendStatus(401); } }"
    )
    assert callers(behind(guard.replace("TEST", test))) == "unknown"
    assert callers(behind(guard.replace("TEST", "req.query.x"))) == "no"
