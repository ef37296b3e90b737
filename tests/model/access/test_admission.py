"""Endpoints by which strangers become known, that change nothing, or that let callers go."""

import pytest

from model.access.callers import handled, served

HELPERS = """
const mailer = require('nodemailer').createTransport({});
const issue = (user) => jwt.sign({ sub: user.id }, SECRET, { expiresIn: '15m' });
"""


@pytest.mark.parametrize(
    "body",
    [
        (
            "const user = await User.findOne({ email: req.body.email });"
            " if (!(await bcrypt.compare(req.body.password, user.hash))) return res.sendStatus(401); res.json(1);"
        ),
        "res.json({ token: issue(await User.findOne({ email: req.body.email })) });",
        "const { email, newPassword } = req.body; await User.updateOne({ email }, { newPassword }); res.json(1);",
        "await User.updateOne({ code: req.body.verificationCode }, { ok: true }); res.json(1);",
        "req.session.userId = (await User.findOne(req.body)).id; res.json(1);",
        (
            "const user = await User.findOne({ email: req.body.email });"
            " user.reset = crypto.randomBytes(20).toString('hex');"
            " await mailer.sendMail({ to: req.body.email, text: user.reset }); res.json(1);"
        ),
    ],
)
def test_what_makes_strangers_known_needs_no_caller(body: str) -> None:
    """Passwords and codes are taken, tokens, sessions or secrets by mail are given."""
    head = f"{HELPERS} app.use(session({{ secret: SECRET }}));"
    assert handled(f"async (req, res) => {{ {body} }}", before=head).access.admits_strangers


def test_an_update_of_a_password_is_no_login() -> None:
    """It changes somebody's, unless a code that was sent comes along."""
    update = (
        "async (req, res) => {"
        " await User.updateOne({ _id: req.params.id }, { hash: h(req.body.password) }); res.json(1); }"
    )
    reset = update.replace("_id: req.params.id", "code: req.body.resetToken")
    assert not handled(update, method="put").access.admits_strangers
    assert handled(reset, method="put").access.admits_strangers


def test_who_gives_nothing_but_an_address_has_forgotten_a_password() -> None:
    """Or wants news; nobody needs to be known for that."""
    assert handled("async (req, res) => { await remind(req.body.email); res.json(1); }").access.admits_strangers


def test_who_is_reminded_by_mail_says_where_the_link_leads_too() -> None:
    """Who can't log in sends an address, and what the mail is made with; more makes it something else."""
    remind = "async (req, res) => { await remind(req.body.email, req.body.clientUrl); res.json(1); }"
    assert served(f"app.post('/forgotPassword', {remind});").access.admits_strangers
    assert served(f"app.post('/resendConfirmation', {remind});").access.admits_strangers
    assert not served(f"app.post('/visits', {remind});").access.admits_strangers
    other = remind.replace("clientUrl", "quota")
    assert not served(f"app.post('/resetQuota', {other});").access.admits_strangers


def test_the_code_of_a_record_is_no_code_that_was_sent() -> None:
    """Beside a name it is one of its fields, unless the address says that codes are what it is for."""
    create = (
        "async (req, res) => { const { name, code } = req.body; await Region.create({ name, code }); res.json(1); }"
    )
    assert not served(f"app.post('/regions', {create});").access.admits_strangers
    assert served(f"app.post('/join', {create});").access.admits_strangers
    assert served(f"app.post('/regions', {create.replace('name', 'phone')});").access.admits_strangers


@pytest.mark.parametrize(
    "body",
    [
        "await Visit.create({ patient: req.body.patient, zipCode: req.body.zipCode }); res.json(1);",
        "await mailer.sendMail({ to: req.body.email, text: req.body.text }); res.json(1);",
        "req.session.cart = req.body.items; res.json(1);",
    ],
)
def test_other_endpoints_do_not_admit_strangers(body: str) -> None:
    """Whatever they read of a body."""
    head = f"{HELPERS} app.use(session({{ secret: SECRET }}));"
    assert not handled(f"async (req, res) => {{ {body} }}", before=head).access.admits_strangers


def test_a_webhook_shows_by_its_signature_who_calls() -> None:
    """As Stripe signs them."""
    head = "const stripe = require('stripe')(process.env.STRIPE_KEY);"
    body = (
        "const event = stripe.webhooks.constructEvent(req.body, req.headers['stripe-signature'], SECRET);"
        " await Visit.updateOne({ paid: event.id }); res.json(1);"
    )
    access = handled(f"async (req, res) => {{ {body} }}", before=head).access
    assert (access.authentication, access.schemes, access.admits_strangers) == ("yes", ("signature",), True)


@pytest.mark.parametrize(
    ("handler", "expected"),
    [
        ("(req, res) => res.sendStatus(405)", (False, False)),
        ("(req, res) => res.sendStatus(204)", (False, True)),
        ("(req, res) => { console.log('hello'); res.sendStatus(204); }", (False, True)),
        ("(req, res) => { save(req.body); res.sendStatus(204); }", (True, True)),
        ("(req, res) => { refresh(); res.sendStatus(204); }", (True, True)),
    ],
)
def test_an_endpoint_changes_something_when_it_does_anything(handler: str, expected: tuple[bool, bool]) -> None:
    """One that only answers doesn't; one that only refuses serves nobody."""
    access = handled(handler).access
    assert (access.changes_state, access.serves) == expected


@pytest.mark.parametrize(
    "body",
    [
        "res.setHeader('Set-Cookie', ['Authorization=; Max-age=0']); res.json(1);",
        "res.set('Set-Cookie', 'a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT'); res.json(1);",
        "req.session.destroy(); res.json(1);",
        "res.clearCookie('token'); res.json(1);",
        "req.logout(); res.json(1);",
    ],
)
def test_logging_out_lets_a_caller_go(body: str) -> None:
    """Nobody needs to be known for that."""
    assert handled(f"(req, res) => {{ {body} }}").access.ends_session


def test_callers_in_words() -> None:
    """Roles where there are some, else how far it is known."""
    auth = "(req, res, next) => { req.user = jwt.verify(req.headers.authorization, SECRET); next(); }"
    role = "(req, res, next) => (req.user.role === 'admin' ? next() : res.sendStatus(403))"
    handler = "(req, res) => res.json(req.body)"
    assert handled(handler).access.callers == ("public",)
    assert handled(handler, auth).access.callers == ("authenticated",)
    assert handled(handler, auth, role).access.callers == ("admin",)
    assert handled(handler, "require('acme-auth').guard").access.callers == ("unknown",)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        (
            "/login",
            "const u = await User.findOne({ e: req.body.email }); await bcrypt.compare(req.body.password, u.h);",
            True,
        ),
        ("/login", "await User.findOne({ email: req.body.email, password: req.body.password });", True),
        ("/check", "await User.findOne({ otp: req.body.otp });", True),
        ("/signup", "await User.create({ password: await bcrypt.hash(req.body.password, 10) });", False),
        ("/signup", "const u = await User.create(req.body.password); req.session.userId = u.id;", False),
        ("/refresh", "res.json(jwt.sign(jwt.verify(req.body.refreshToken, SECRET), SECRET));", False),
        ("/visits", "await Visit.create({ code: req.body.code });", False),
        ("/signup", "passport.authenticate('local', () => res.json(1))(req, res, () => 1);", False),
        ("/signin", "passport.authenticate('local', () => res.json(1))(req, res, () => 1);", True),
        (
            "/change-password",
            (
                "const u = await User.findOne({ key: req.headers.authorization.split(':')[0] });"
                " if (!(await bcrypt.compare(req.body.current, u.hash))) return res.status(400).end();"
            ),
            True,
        ),
        ("/consent", "const u = await User.findOne({ id: req.body.id }); req.session.user = u;", False),
        (
            "/reset-password",
            "await User.updateOne({ link: req.body.link }, { password: hash(req.body.password) });",
            False,
        ),
        (
            "/dev/login",
            (
                "if (process.env.NODE_ENV === 'production') return res.sendStatus(403);"
                " await bcrypt.compare(req.body.password, 'x');"
            ),
            False,
        ),
    ],
)
def test_what_strangers_may_try_until_it_fits(path: str, body: str, expected: bool) -> None:
    """A password or a short code that is checked; not a password that is set, nor a token or a code of another kind."""
    endpoint = served(f"app.post('{path}', async (req, res) => {{ {body} res.end(); }});")
    assert endpoint.access.checks_secret is expected


_TOKEN = "const token = req.headers.authorization.split(' ')[1];"  # noqa: S105 - where a token is read


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{_TOKEN} denied.set(token, Date.now());", True),
        (f"{_TOKEN} gone.add(token);", True),
        (f"{_TOKEN} await Visit.create({{ token }});", True),
        (f"{_TOKEN} await Visit.deleteOne({{ token }});", True),
        (f"{_TOKEN} await Visit.create({{ token, note: req.body.note }});", False),
        ("denied.set(req.body.token, 1);", False),
        ("denied.set(req.body.name, 1);", False),
    ],
)
def test_who_denies_the_token_that_it_has_sent_logs_out(body: str, *, expected: bool) -> None:
    """In memory or in a table, as long as it is nothing else of the request that is kept."""
    guard = "const auth = (req, res, next) => { try { jwt.verify(req.headers.authorization, SECRET); next(); }"
    before = f"{guard} catch (e) {{ res.sendStatus(401); }} }}; const denied = new Map(); const gone = new Set();"
    endpoint = handled(f"async (req, res) => {{ {body} res.json(1); }}", "auth", before=before)
    assert endpoint.access.ends_session is expected
    assert not handled(f"async (req, res) => {{ {body} res.json(1); }}", before=before).access.ends_session


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("bcrypt.compare(req.params.id + process.env.KEY, t.replace(/_/g, '/'), (e, ok) => GO)", False),
        ("bcrypt.compare(req.body.given, req.body.hash, (e, ok) => GO)", True),
    ],
)
def test_what_is_checked_of_a_header_is_no_password_that_is_typed_in(guard: str, *, expected: bool) -> None:
    """A guard may refuse in a callback: strangers are not let in by what every request brings along."""
    go = "ok ? next() : res.sendStatus(401)"
    body = f"const t = (req.headers.authorization || '').split(' ')[1]; {guard.replace('GO', go)};"
    endpoint = handled("async (req, res) => res.json(await Visit.create({}))", f"(req, res, next) => {{ {body} }}")
    assert endpoint.access.admits_strangers is expected
    assert endpoint.access.authentication == "unknown" or expected


def test_a_session_that_is_made_for_tests_only_admits_nobody() -> None:
    """Such as a way around the login that is not there in production."""
    body = "if (process.env.NODE_ENV !== 'production') req.session.user = req.headers['x-user'];"
    head = "app.use(session({ secret: SECRET }));"
    endpoint = handled(f"async (req, res) => {{ {body} res.json(await Visit.create({{}})); }}", before=head)
    assert not endpoint.access.admits_strangers


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("post", "/contact", True),
        ("post", "/createNewsletter", True),
        ("post", "/api/public/emergency", True),
        ("post", "/request-callback", True),
        ("post", "/suggestions", True),
        ("post", "/contacts", False),
        ("post", "/feedback/:id", False),
        ("post", "/lists/:id/subscribe", True),
        ("post", "/events/:id/sign-up", True),
        ("post", "/lists/:id/subscribers", False),
        ("put", "/contact", False),
        ("post", "/publications", False),
        ("post", "/patients", False),
    ],
)
def test_what_a_site_asks_its_visitors_for(method: str, path: str, *, expected: bool) -> None:
    """By an address that names nothing of what is there already, or that says what one does with it."""
    assert served(f"app.{method}('{path}', (req, res) => res.json(1));").access.is_form is expected


@pytest.mark.parametrize(("strategy", "expected"), [("local", True), ("ldapauth", True), ("google", False)])
def test_a_password_is_typed_in_here_or_at_another_service(strategy: str, *, expected: bool) -> None:
    """Of a login by another service there is nothing to be tried."""
    endpoint = served(f"app.post('/login', passport.authenticate('{strategy}'), (req, res) => res.json(1));")
    assert (endpoint.access.admits_strangers, endpoint.access.checks_secret) == (True, expected)


@pytest.mark.parametrize("name", ["password", "password1", "newPassword2", "passwordConfirm"])
def test_a_password_is_typed_in_twice(name: str) -> None:
    """Whatever the fields of a form are called."""
    assert handled(f"async (req, res) => {{ await keep(req.body.{name}); res.end(); }}").access.admits_strangers


@pytest.mark.parametrize(
    "body",
    [
        "const keys = require('@simplewebauthn/server'); res.json(await keys.verifyAuthenticationResponse(req.body));",
        "const client = require('openid-client'); res.redirect(client.buildAuthorizationUrl(settings, req.body));",
    ],
)
def test_keys_and_other_services_are_ways_to_become_known(body: str) -> None:
    """A passkey is shown, or callers are led to where they log in."""
    assert handled(f"async (req, res) => {{ {body} }}").access.admits_strangers
