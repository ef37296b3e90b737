"""What an application protects itself with, judged from its middleware and settings."""

import pytest

from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.protection import Protection
from medpro_audit.model.subjects.template_output import TemplateOutput
from medpro_audit.model.subjects.token import Token
from model.memory import repository

HEAD = """
const express = require('express');
const cors = require('cors');
const helmet = require('helmet');
const jwt = require('jsonwebtoken');
const session = require('express-session');
const { rateLimit } = require('express-rate-limit');
const app = express();
"""
TAIL = """
app.get('/x', (req, res) => res.json([]));
app.post('/x', (req, res) => (req.session.userId ? res.json(save(req.body)) : res.sendStatus(401)));
app.listen(3000);
"""


def found(source: str, kind: str, **files: str) -> list[object]:
    """What a survey finds in an application."""
    others = {name.replace("__", "/"): text for name, text in files.items()}
    return list(repository({"server.js": HEAD + source + TAIL, **others}).found(kind))


def practice(source: str, name: str) -> str:
    """The status of one protection."""
    return status({"server.js": HEAD + source + TAIL}, name)


def status(files: dict[str, str], name: str) -> str:
    """The same of a program with these files."""
    several = [each for each in repository(files).found("protection") if isinstance(each, Protection)]
    [one] = [each for each in several if each.practice == name]
    return one.status


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("app.use(helmet());", "security-headers", "yes"),
        ("", "security-headers", "no"),
        ("app.get('/early', (req, res) => res.json(1)); app.use(helmet());", "security-headers", "no"),
        (
            (
                "app.use((req, res, next) => {"
                " res.set({ 'X-Frame-Options': 'DENY', 'X-Content-Type-Options': 'nosniff' });"
                " next(); });"
            ),
            "security-headers",
            "yes",
        ),
        ("app.use(helmet());", "content-security-policy", "yes"),
        ("app.use(helmet({ contentSecurityPolicy: false }));", "content-security-policy", "no"),
        ("", "content-security-policy", "not-needed"),
        ("", "powered-by", "no"),
        ("app.disable('x-powered-by');", "powered-by", "yes"),
        ("app.set('x-powered-by', false);", "powered-by", "yes"),
        ("app.use(helmet());", "https", "yes"),
        ("app.use(helmet({ hsts: false }));", "https", "no"),
        (
            "app.use((req, res, next) => (req.secure ? next() : res.redirect(`https://${req.headers.host}`)));",
            "https",
            "yes",
        ),
        ("", "cors", "not-needed"),
        ("app.use(cors());", "cors", "no"),
        ("app.use(cors({ origin: 'https://clinic.example' }));", "cors", "yes"),
        ("app.use(cors({ origin: process.env.ORIGIN }));", "cors", "yes"),
        ("app.use(cors({ origin: process.env.ORIGIN || '*' }));", "cors", "no"),
        ("app.use(cors({ origin: (origin, done) => done(null, known(origin)) }));", "cors", "unknown"),
        ("app.use(cors());", "cors-credentials", "yes"),
        ("app.use(cors({ origin: true, credentials: true }));", "cors-credentials", "no"),
        ("app.use(cors({ origin: ['https://clinic.example'], credentials: true }));", "cors-credentials", "yes"),
        (
            (
                "app.use((req, res, next) => { res.header('Access-Control-Allow-Origin', req.headers.origin);"
                " res.header('Access-Control-Allow-Credentials', 'true'); next(); });"
            ),
            "cors-credentials",
            "no",
        ),
        ("app.use(session({ secret: 's' }));", "csrf", "no"),
        ("app.use(session({ secret: 's', cookie: { sameSite: 'lax' } }));", "csrf", "yes"),
        ("app.use(session({ secret: 's' }), require('csurf')());", "csrf", "yes"),
        (
            (
                "app.use(session({ secret: 's', cookie: { sameSite: 'strict' } }));"
                " app.get('/theme', (req, res) => { res.cookie('theme', req.query.theme); res.end(); });"
            ),
            "csrf",
            "yes",
        ),
        (
            (
                "app.use(session({ secret: 's' })); app.get('/theme', (req, res) => {"
                " res.cookie('theme', req.query.theme, { sameSite: 'lax' }); res.end(); });"
            ),
            "csrf",
            "no",
        ),
        ("app.use(express.json());", "body-limit", "yes"),
        ("app.use(express.json({ limit: '500mb' }));", "body-limit", "no"),
        (
            "app.post('/upload', express.json({ limit: '500mb' }), (req, res) => res.json(1));",
            "body-limit",
            "not-needed",
        ),
        ("app.use(rateLimit({})); app.set('trust proxy', true);", "proxy-trust", "no"),
        ("app.use(rateLimit({})); app.set('trust proxy', 1);", "proxy-trust", "yes"),
        ("app.set('trust proxy', true);", "proxy-trust", "not-needed"),
        ("app.use(rateLimit({}));", "rate-limit", "yes"),
        ("app.options('/{*any}', require('cors')()); app.use(rateLimit({}));", "rate-limit", "yes"),
        ("app.options('/{*any}', require('cors')());", "rate-limit", "no"),
        ("app.use('/y', rateLimit({}));", "rate-limit", "no"),
        ("app.use(session({ secret: process.env.KEY }));", "roles", "no"),
        ("", "roles", "unknown"),
        (
            (
                "app.use((req, res, next) => {"
                " req.user = jwt.verify(req.headers.authorization, process.env.KEY); next(); });"
                " app.put('/z', (req, res) =>"
                " (req.user.role === 'admin' ? res.json(save(req.body)) : res.sendStatus(403)));"
            ),
            "roles",
            "yes",
        ),
        ("", "refresh-tokens", "not-needed"),
        ("const issue = (id) => jwt.sign({ id }, process.env.KEY);", "refresh-tokens", "no"),
        (
            (
                "app.post('/refresh', (req, res) => { tokens.delete(req.body.refreshToken);"
                " const token = jwt.sign({ id: 1 }, process.env.KEY); res.json({ token, refreshToken: make() }); });"
            ),
            "refresh-tokens",
            "yes",
        ),
        (
            (
                "app.post('/refresh', (req, res) => {"
                " const { id } = jwt.verify(req.body.refreshToken, process.env.KEY);"
                " res.json({ token: jwt.sign({ id }, process.env.KEY) }); });"
            ),
            "refresh-tokens",
            "no",
        ),
    ],
)
def test_a_protection_is_there_or_missing(source: str, name: str, expected: str) -> None:
    """Or is not needed, or can't be seen."""
    assert practice(source, name) == expected


def token(call: str) -> Token:
    """The one token of a program."""
    [one] = found(f"const made = (id) => {call};", "token")
    assert isinstance(one, Token)
    return one


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("jwt.sign({ id }, process.env.KEY, { expiresIn: '1h' })", True),
        ("jwt.sign({ id, exp: later() }, process.env.KEY)", True),
        ("jwt.sign({ id }, process.env.KEY)", False),
        ("jwt.sign(id, process.env.KEY)", None),
        ("jwt.sign({ id }, process.env.KEY, options(id))", None),
        ("new (require('jose').SignJWT)({ id }).setExpirationTime('1h').sign(key)", True),
        ("new (require('jose').SignJWT)({ id }).sign(key)", False),
    ],
)
def test_a_token_ends_by_its_options_or_its_payload(call: str, expected: bool | None) -> None:
    """What can't be followed may well hold an end."""
    assert token(call).expires is expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("jwt.verify(id, process.env.KEY, { algorithms: ['HS256'] })", (True, False, False)),
        ("jwt.verify(id, process.env.KEY)", (False, False, False)),
        ("jwt.verify(id, process.env.KEY, (error, user) => user)", (False, False, False)),
        ("jwt.verify(id, process.env.KEY, { algorithms: ['none'] })", (True, True, False)),
        ("jwt.verify(id, process.env.KEY, { ignoreExpiration: true })", (False, False, True)),
        ("jwt.verify(id, process.env.KEY, options(id))", (None, False, False)),
        ("require('jose').jwtVerify(id, key)", (True, False, False)),
    ],
)
def test_how_a_token_is_verified(call: str, expected: tuple[bool | None, bool, bool]) -> None:
    """With which algorithms, and whether one that has ended is accepted."""
    one = token(call)
    assert (one.has_fixed_algorithms, one.allows_none, one.ignores_expiration) == expected


@pytest.mark.parametrize(
    ("secret", "expected"),
    [
        ("process.env.KEY", ("environment", "KEY")),
        ("process.env.KEY || 'secret'", ("fallback", "KEY")),
        ("process.env.KEY ?? process.env.OTHER", ("environment", "KEY")),
        ("'secret'", ("literal", None)),
        ("require('./config').key", ("unknown", None)),
    ],
)
def test_where_a_secret_comes_from(secret: str, expected: tuple[str, str | None]) -> None:
    """The environment, the code, the code as a fallback, or somewhere that isn't seen."""
    one = token(f"jwt.sign({{ id }}, {secret}, {{ expiresIn: '1h' }})")
    assert (one.secret, one.variable) == expected


def cookie(source: str) -> Cookie:
    """The one cookie of a program."""
    [one] = found(source, "cookie")
    assert isinstance(one, Cookie)
    return one


@pytest.mark.parametrize(
    ("secure", "expected"),
    [
        ("process.env.NODE_ENV === 'production'", True),
        ("process.env.NODE_ENV === 'development'", False),
        ("process.env.MODE === 'prod'", None),
        ("mode === 'prod' || mode === 'https'", None),
        ("false", False),
    ],
)
def test_a_flag_that_a_variable_decides_is_unknown(secure: str, expected: bool | None) -> None:
    """Whoever runs the program sets it; of NODE_ENV it is known how."""
    source = f"const mode = process.env.MODE; app.get('/x', (q, r) => r.cookie('token', 't', {{ secure: {secure} }}));"
    assert cookie(source).secure is expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("", (False, False, False)),
        (", { httpOnly: true, secure: true, sameSite: 'strict' }", (True, True, True)),
        (", { httpOnly: true, secure: process.env.NODE_ENV === 'production', sameSite: 'none' }", (True, True, False)),
        (", options()", (None, None, None)),
    ],
)
def test_flags_of_a_cookie(options: str, expected: tuple[bool | None, bool | None, bool | None]) -> None:
    """As the call sets them; by default none is set."""
    one = cookie(f"app.get('/c', (req, res) => {{ res.cookie('token', make(){options}); res.json(1); }});")
    assert (one.http_only, one.secure, one.same_site) == expected
    assert one.is_secret


def test_a_cookie_that_always_holds_the_same_is_no_secret() -> None:
    """How somebody logs in, say: it opens nothing."""
    assert not cookie("app.get('/c', (req, res) => { res.cookie('auth_method', 'openid'); res.json(1); });").is_secret


def test_a_cookie_that_is_taken_away_is_none() -> None:
    """An empty value takes it away."""
    assert found("app.get('/c', (req, res) => { res.cookie('token', ''); res.json(1); });", "cookie") == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("secret: process.env.S", (True, False, False, "environment")),
        ("secret: 'cat', cookie: { secure: true, sameSite: 'lax', httpOnly: false }", (False, True, True, "literal")),
        ("secret: process.env.S, cookie: settings()", (None, None, None, "environment")),
    ],
)
def test_cookies_of_sessions(options: str, expected: tuple[object, ...]) -> None:
    """With the defaults of express-session."""
    one = cookie(f"app.use(session({{ {options} }}));")
    assert (one.http_only, one.secure, one.same_site, one.secret) == expected
    assert (one.kind, one.name) == ("session", "connect.sid")


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("views__a.ejs", "<p>\n<%- note %></p>", [2]),
        ("views__a.ejs", "<%- include('head') %><%= note %><%- JSON.stringify(x) %>", []),
        ("views__a.hbs", "{{{ note }}} {{ name }} {{{body}}}", [1]),
        ("views__a.pug", "p= name\np!= note\np !{note}", [2, 3]),
        ("views__a.njk", "{{ note | safe }} {{ name }}", [1]),
        ("views__a.html", "<%- note %>", []),
    ],
)
def test_templates_that_put_values_into_pages_as_they_are(path: str, text: str, expected: list[int]) -> None:
    """By engine; what a layout includes is no value."""
    outputs = found("", "template-output", **{path: text})
    assert [one.line for one in outputs if isinstance(one, TemplateOutput)] == expected


def test_a_token_against_forged_requests_is_no_secret() -> None:
    """Scripts of the page read it from its cookie, and send it back in a header."""
    assert not cookie("app.get('/x', (req, res) => res.cookie('XSRF-TOKEN', req.csrfToken()));").is_secret
    assert cookie("app.get('/x', (req, res) => res.cookie('access-token', sign()));").is_secret


_ANY_SITE = "app.use(cors({ origin: true, credentials: true }));"
_BY_TOKEN = "app.get('/x', (req, res) => { jwt.verify(req.headers.authorization, process.env.S); res.json([]); });"  # noqa: S105


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (_BY_TOKEN, "not-needed"),
        (f"app.use(session({{ secret: process.env.S }})); {_BY_TOKEN}", "no"),
        (f"app.use(session({{ secret: process.env.S, cookie: {{ sameSite: 'lax' }} }})); {_BY_TOKEN}", "not-needed"),
        (f"app.use(session({{ secret: process.env.S, cookie: {{ sameSite: 'none' }} }})); {_BY_TOKEN}", "no"),
        (_BY_TOKEN.replace("authorization", "cookie"), "no"),
        ("app.get('/x', (req, res) => res.json(req.cookies.a));", "no"),
        ("app.get('/x', (req, res) => { res.set('Set-Cookie', 'token=1'); res.end(); });", "no"),
        (
            "app.get('/x', (req, res) => { res.cookie('token', req.query.a, { sameSite: 'lax' }); res.end(); });",
            "not-needed",
        ),
    ],
)
def test_other_sites_gain_by_credentials_where_cookies_make_callers_known(source: str, expected: str) -> None:
    """And where browsers send them from there."""
    assert status({"server.js": f"{HEAD}{_ANY_SITE}{source} app.listen(3000);"}, "cors-credentials") == expected


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("server.js", "app.get('/patients', (req, res) => res.json([]));", True),
        ("examples/chat/server.js", "app.get('/patients', (req, res) => res.json([]));", False),
        ("scripts/dev/preview.js", "app.get('/patients', (req, res) => res.json([]));", False),
        ("docs/server.js", "app.get('/openapi.json', (req, res) => res.json({}));", False),
        ("docs/server.js", "app.post('/patients', (req, res) => res.json({}));", True),
        ("worker.js", "app.get('/healthz', (req, res) => res.send('OK'));", False),
        ("fallback.js", "app.all('*', (req, res) => { res.status(500); res.send('Server error'); });", False),
        ("worker.js", "app.get('/healthz', (req, res) => res.send('OK')); app.post('/work', work);", True),
    ],
)
def test_what_only_tries_something_out_or_says_that_a_worker_is_up_needs_no_protection(
    path: str, source: str, *, expected: bool
) -> None:
    """An application that serves something does."""
    assert bool(list(repository({path: f"{HEAD}{source} app.listen(3000);"}).found("protection"))) is expected


@pytest.mark.parametrize(("limited", "expected"), [(0, "no"), (1, "no"), (3, "yes"), (20, "yes")])
def test_who_limits_some_endpoints_has_chosen_which(limited: int, expected: str) -> None:
    """One of twenty is not a choice."""
    routes = [
        f"app.get('/x{at}', {'limit, ' if at < limited else ''}(req, res) => res.json({at}));" for at in range(20)
    ]
    assert (
        status({"server.js": f"{HEAD}const limit = rateLimit(); {''.join(routes)} app.listen(3000);"}, "rate-limit")
        == expected
    )


@pytest.mark.parametrize(("package", "expected"), [("better-auth", "yes"), ("express", "no")])
def test_cookies_of_packages_that_keep_them_to_their_site(package: str, expected: str) -> None:
    """Unless they are told otherwise."""
    guard = "try { jwt.verify(req.cookies.token, process.env.S); next(); } catch (e) { res.sendStatus(401); }"
    source = f"app.post('/x', (req, res, next) => {{ {guard} }}, (req, res) => res.json(save(req.body)));"
    manifest = f'{{"name": "x", "dependencies": {{"express": "4", "{package}": "1"}}}}'
    assert status({"package.json": manifest, "server.js": f"{HEAD}{source} app.listen(3000);"}, "csrf") == expected


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("(req, res) => res.json(save(req.body))", "no"),
        ("(req, res) => { res.clearCookie('token'); res.json(1); }", "not-needed"),
        ("(req, res) => { res.set('Set-Cookie', 'token=; Max-Age=0'); res.json(1); }", "not-needed"),
    ],
)
def test_a_logout_that_other_sites_forge_costs_a_login(handler: str, expected: str) -> None:
    """That is no more than a nuisance."""
    guard = "try { jwt.verify(req.cookies.token, process.env.S); next(); } catch (e) { res.sendStatus(401); }"
    source = f"app.post('/x', (req, res, next) => {{ {guard} }}, {handler}); app.listen(3000);"
    assert status({"server.js": f"{HEAD}{source}"}, "csrf") == expected
