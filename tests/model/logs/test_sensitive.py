"""Which secrets are found among what is logged."""

import pytest

from medpro_audit.core.config import Config, LoggingConfig
from medpro_audit.model.logs.sensitive import SensitiveNames
from model.memory import repository


def logged(argument: str, config: Config | None = None) -> tuple[str, ...]:
    """Names of secrets in a log call with this argument."""
    return repository({"x.js": f"console.log({argument});"}, config).log_calls[0].sensitive


@pytest.mark.parametrize(
    ("argument", "names"),
    [
        ("password", ("password",)),
        ("'login', { email, password }", ("password",)),
        ("user.access_token", ("access_token",)),
        ("`ssn ${patient.SSN}`", ("SSN",)),
        ("'Token: ' + token", ("token",)),
        ("req.headers['authorization']", ("authorization",)),
        ("req.headers.authorization", ("authorization",)),
        ("JSON.stringify({ dateOfBirth, name })", ("dateOfBirth",)),
        ("String(secret)", ("secret",)),
        ("token.toString()", ("token",)),
        ("{ apiKey: settings.key }", ("apiKey",)),
        ("{ key: settings.apiKey }", ("apiKey",)),
        ("newPassword, reset_token, process.env.JWT_SECRET", ("JWT_SECRET", "newPassword", "reset_token")),
        ("Config.API_KEY", ("API_KEY",)),
        ("debug && token", ("token",)),
        ("token || 'none'", ("token",)),
        ("[1, ...cookie]", ("cookie",)),
        ("req.headers", ("req.headers",)),
        ("{ headers: request.headers }", ("request.headers",)),
    ],
)
def test_a_secret_is_found_by_its_name(argument: str, names: tuple[str, ...]) -> None:
    """However it is written, and wherever in what is logged it stands."""
    assert logged(argument) == names


@pytest.mark.parametrize(
    "argument",
    [
        "'password reset'",
        "`token expired for ${user.id}`",
        "!password",
        "!!token",
        "typeof token",
        "Boolean(token)",
        "password.length",
        "token ? 'yes' : 'no'",
        "token === expected",
        "token && 'present'",
        "{ password: '[REDACTED]' }",
        "{ token: mask(token) }",
        "{ password: undefined }",
        "hash(password)",
        "token.slice(0, 4)",
        "tokens, maxTokens, tokenCount, nextPageToken",
        "hasPassword, isTokenValid, missingToken",
        "ErrorCode.EXPIRED_TOKEN",
        "req.body",
        "(password) => 1",
        "`until ${token[Field.validUntil]}`",
    ],
)
def test_what_tells_nothing_of_a_secret_is_none(argument: str) -> None:
    """A test, a comparison, a length, a mask, a word in a text."""
    assert logged(argument) == ()


def test_the_names_are_configured() -> None:
    """In place of the ones that are known."""
    config = Config(logging=LoggingConfig(sensitive=("ward-name",)))
    assert logged("wardName, password", config) == ("wardName",)


def test_a_body_counts_where_its_endpoint_reads_a_secret_from_it() -> None:
    """Any other body may be harmless."""
    source = """
const app = require('express')();
app.use(require('express').json());
app.post('/login', (req, res) => { console.log(req.body); check(req.body.password); res.end(); });
app.post('/visits', (req, res) => { console.log(req.body); book(req.body.day); res.end(); });
"""
    found = repository({"package.json": '{"dependencies": {"express": "5"}}', "x.js": source}).log_calls
    assert [call.sensitive for call in found] == [("req.body",), ()]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("newPassword", True),
        ("expireInToken", False),
        ("user_password", True),
        ("passwordLength", False),
        ("tokenizer", False),
    ],
)
def test_a_name_counts_by_its_last_words(name: str, *, expected: bool) -> None:
    """As the documentation of the list says."""
    assert (name in SensitiveNames(["password", "token"])) is expected


def logged_in(source: str) -> tuple[str, ...]:
    """Names of secrets in the last log call of a file."""
    return repository({"x.js": source}).log_calls[-1].sensitive


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async function f(token) { const verifiedToken = await verifyToken(token); console.log(verifiedToken); }", ()),
        ("function f(sent) { const token = jwt.decode(sent); console.log(token); }", ()),
        ("function f(sent) { const token = readToken(sent); console.log(token); }", ("token",)),
        ("function f(sent) { let token = sent; token = jwt.verify(token, KEY); console.log(token); }", ("token",)),
        ("function f(token) { console.log(token); }", ("token",)),
    ],
)
def test_what_a_verification_hands_out_is_no_token(source: str, names: tuple[str, ...]) -> None:
    """It is what the token says of its bearer; a variable that ever holds the token itself counts."""
    assert logged_in(source) == names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("const password = randomText(16); console.log(`new: ${password}`);", ()),
        ("let password = p; if (!p) { password = crypto.randomBytes(9).toString('hex'); } console.log(password);", ()),
        ("const password = p.trim(); console.log(password);", ("password",)),
        ("const password = randomText(16); log.info(password);", ("password",)),
    ],
)
def test_a_password_that_is_made_up_may_be_shown_once(source: str, names: tuple[str, ...]) -> None:
    """At the terminal of who sets the program up; a logger keeps it."""
    code = f"const log = require('pino')();\nmodule.exports = (p) => {{ {source} }};"
    assert repository({"x.js": f"require('commander');\n{code}"}).log_calls[0].sensitive == names
    assert repository({"x.js": code}).log_calls[0].sensitive == ("password",), "it may serve requests"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("if (process.env.NODE_ENV === 'test') { console.log(password); }", ()),
        ("if (config.env === 'development' && password) console.log(password);", ()),
        ("if (isDev) { app.post('/x', (req, res) => { console.log(req.headers); }); }", ()),
        ("if (process.env.NODE_ENV === 'test') { setUp(); } else { console.log(password); }", ("password",)),
        ("if (process.env.NODE_ENV !== 'test') { console.log(password); }", ("password",)),
        ("if (isDev || verbose) { console.log(password); }", ("password",)),
        ("if (isDevice) { console.log(password); }", ("password",)),
    ],
)
def test_what_is_logged_in_development_only_is_left_out(source: str, names: tuple[str, ...]) -> None:
    """A condition that also holds elsewhere doesn't help."""
    assert logged_in(source) == names
