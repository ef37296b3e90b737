"""Secrets in source and settings, and that none of them is ever shown."""

import msgspec
import pytest

from medpro_audit.core.place import Step
from medpro_audit.model.secrecy.telling import by_look, is_secret, kind_by_name
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.secret import Secret
from medpro_audit.model.subjects.token import Token
from model.memory import repository

_SERVER = "require('express')().get('/', (req, res) => res.json(1));\n"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("JWT_SECRET", "secret"),
        ("cookieSecret", "secret"),
        ("adminPassword", "password"),
        ("apiKey", "key"),
        ("accessToken", "token"),
        ("resetPassword", None),
        ("invalidToken", None),
        ("passwordLabel", None),
        ("primaryKey", None),
        ("tokenizer", None),
    ],
)
def test_a_name_says_what_it_holds(name: str, kind: str | None) -> None:
    """By its last words, unless another one says that it only speaks of a secret."""
    assert kind_by_name(name) == kind


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("secret", "keyboard cat", True),
        ("secret", "unknown", False),
        ("OIDC_CLIENT_SECRET_KEY", "oidc:client-secret", False),
        ("jwtSecret", "hunter22", True),
        ("jwtSecret", "jwt_secret", False),
        ("secret", "Please enter the secret", False),
        ("secret", "<secret>", False),
        ("clientSecret", "OIDC_CLIENT_SECRET", False),
        ("password", "Winter2024!", True),
        ("password", "password", False),
        ("password", "user_password", False),
        ("password", "/password/new", False),
        ("apiKey", "9f8e7d6c5b4a39281706f5e4d3c2b1a0", True),
        ("apiKey", "x-api-key", False),
        ("apiKey", "your-api-key-1234567", False),
        ("token", "refresh_token", False),
    ],
)
def test_a_value_is_a_secret_or_a_word_for_one(name: str, value: str, *, expected: bool) -> None:
    """Labels, paths, messages and placeholders are none."""
    kind = kind_by_name(name)
    assert kind is not None
    assert is_secret(kind, name, value, is_default=False) is expected


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("AKIAIOSFODNN7ABCDEFG", "AWS access key"),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("gh" + "p_0123456789abcdefABCDEF0123456789abcd", "GitHub token"),
        ("postgres://clinic:q7Xk2pLw@db.clinic.org/clinic", "address"),
        ("postgres://postgres:postgres@localhost/clinic", None),
        ("http://localhost:8000", None),
        (r"^(?:https?)://(?:\S+(?::\S*)?@)?(?:[a-z]+)", None),
        ("-----BEGIN PRIVATE KEY-----", None),
    ],
)
def test_some_secrets_are_told_by_their_look(text: str, name: str | None) -> None:
    """Examples and servers on the same machine are left out."""
    found = by_look(text)
    assert (found[1] if found else None) == name


def test_no_value_leaves_the_model() -> None:
    """Neither snippet nor name nor any other field holds it, nor a part of it."""
    values = ["q7Xk2pLw9mTz", "Winter2024!", "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc"]
    source = _SERVER + f"const jwtSecret = '{values[0]}', adminPassword = '{values[1]}', stripe = '{values[2]}';\n"
    found = repository({"server.js": source, ".env": f"SESSION_SECRET={values[0]}\n"}).found("secret")
    assert [(each.file, each.line) for each in found] == [(".env", 1), ("server.js", 2)]
    encoded = msgspec.json.encode(found).decode()
    assert not any(value[:6] in encoded for value in values)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("config/env/test.js", "test"),
        ("config/config.test.js", "test"),
        ("config/env/live.js", "server"),
        ("test-keys.js", "server"),
    ],
)
def test_settings_of_tests_are_of_tests(path: str, role: str) -> None:
    """A file of a folder of settings that is named after the place where tests run."""
    server = f"const express = require('express');\nexpress().listen(require('./{path}').jwtSecret);\n"
    files = {path: "module.exports = { jwtSecret: 'blue-harbour-7' };", "server.js": server}
    found = repository(
        {"package.json": '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4"}}', **files}
    ).found("secret")
    assert [secret.role for secret in found] == [role]  # type: ignore[attr-defined]


def test_tests_and_examples_are_told_apart() -> None:
    """A rule looks at server code only, and example files are not read."""
    found = repository(
        {
            "server.js": f"{_SERVER}require('./test/mocks/users');",
            "test/mocks/users.js": "const secret = 'abcdef';",
            "a.test.js": "const secret = 'abcdef';",
            ".env.example": "A_SECRET=abcdef1",
            "docs/example-template.env": "A_SECRET=abcdef1",
            "docs/setup/config.env": "A_SECRET=abcdef1",
        }
    )
    assert [(each.file, each.role) for each in found.found("secret") if isinstance(each, Secret)] == [
        ("a.test.js", "test"),
        ("test/mocks/users.js", "test"),
    ]


@pytest.mark.parametrize(
    ("settings", "role"),
    [
        ({"jest.config.js": "module.exports = { setupFiles: ['<rootDir>/prepare/env.js'] };"}, "test"),
        ({"jest.config.js": "module.exports = { rootDir: 'prepare', globalSetup: './env' };"}, "test"),
        ({"jest.config.js": "module.exports = { projects: [{ setupFilesAfterEnv: ['./prepare/env'] }] };"}, "test"),
        ({"vitest.config.ts": "export default { test: { globalSetup: ['prepare/env.js'] } };"}, "test"),
        ({"package.json": '{"dependencies": {"express": "5"}, "jest": {"setupFiles": ["./prepare/env"]}}'}, "test"),
        ({"jest.config.js": "module.exports = { roots: ['./prepare/env'] };"}, "server"),
        (
            {
                "jest.config.js": "module.exports = { setupFiles: ['./prepare/env'] };",
                "server.js": f"{_SERVER}require('./prepare/env')",
            },
            "server",
        ),
        (
            {
                "package.json": '{"dependencies": {"express": "5"}, "scripts": {"start": "node prepare/env.js"}}',
                "jest.config.js": "module.exports = { setupFiles: ['./prepare/env'] };",
            },
            "server",
        ),
    ],
)
def test_what_a_test_runner_loads_first_is_of_tests(settings: dict[str, str], role: str) -> None:
    """With what only that loads; what other code loads or a package starts is not."""
    files = {
        "package.json": '{"dependencies": {"express": "5"}}',
        "server.js": _SERVER,
        "prepare/env.js": "require('./values');\nexports.secret = 'abcdef';",
        "prepare/values.js": "exports.secret = 'abcdef';",
        **settings,
    }
    assert {each.role for each in repository(files).found("secret") if isinstance(each, Secret)} == {role}


def test_a_secret_is_told_with_the_calls_that_use_it() -> None:
    """Across files, and through the default of an environment variable."""
    server = """
        const jwt = require('jsonwebtoken');
        const { SECRET } = require('./config');
        require('express')().get('/', (req, res) => res.json(jwt.verify(req.get('token'), SECRET)));
    """
    config = "exports.SECRET = process.env.SECRET || 'blue-harbour-7';"
    (secret,) = repository({"server.js": server, "config.js": config}).found("secret")
    assert (secret.file, secret.line) == ("config.js", 1)
    assert secret.trail == (Step("server.js", 4, "verifies tokens with it"),)


def test_what_a_description_shows_its_readers_is_no_secret() -> None:
    """Inside an example of an OpenAPI document, and not after it."""
    shown = "example: [{ secret: 'a3c84b25409ea8ca' }], url: '/x'"
    schema = f"module.exports = {{ properties: {{ tokens: {{ {shown} }} }},\n secret: 'blue-harbour-7' }};\n"
    found = repository({"server.js": f"{_SERVER}require('./schema');", "schema.js": schema}).found("secret")
    assert [(each.file, each.line) for each in found] == [("schema.js", 2)]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("const WEAK_DEFAULTS = { JWT_SECRET: 'popcorn-17' };", 0),
        ("const WEAK: Record<string, string> = {}; const kept = { JWT_SECRET: 'popcorn-17' };", 1),
        (
            (
                "const defaults = { JWT_SECRET: 'popcorn-17' };"
                " for (const [key, value] of Object.entries(defaults)) if (process.env[key] === value) warn(key);"
            ),
            0,
        ),
        ("const defaults = { JWT_SECRET: 'popcorn-17' }; module.exports = { ...defaults, ...process.env };", 1),
        ("const DEFAULT_JWT_SECRET = 'popcorn-17'; if (process.env.KEY === DEFAULT_JWT_SECRET) process.exit(1);", 0),
        ("const DEFAULT_JWT_SECRET = 'popcorn-17'; if (key === DEFAULT_JWT_SECRET) sign(DEFAULT_JWT_SECRET);", 1),
        ("const DEFAULT_JWT_SECRET = 'popcorn-17';", 1),
        ("const DEFAULT_SECRET = 'popcorn-17'; test(key === DEFAULT_SECRET, (key || DEFAULT_SECRET).length < 32);", 0),
        ("const JWT_SECRET = 'popcorn-17' + crypto.randomUUID();", 0),
        ("const a = { JWT_SECRET: 'popcorn-17' };\nconst b = { JWT_SECRET: 'popcorn-17' };", 1),
        ("const a = { JWT_SECRET: 'popcorn-17' };\nconst b = { JWT_SECRET: 'popcorn-18' };", 2),
    ],
)
def test_a_list_of_values_that_nobody_may_use_holds_no_secret(code: str, expected: int) -> None:
    """Settings are held against it, or it is only the beginning of one; the same text in one file is one secret."""
    assert len(list(repository({"server.ts": f"{_SERVER}{code}"}).found("secret"))) == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("if (process.env.NODE_ENV === 'production') return res.sendStatus(403);", True),
        ("if (process.env.NODE_ENV === 'production') log('production');", False),
        ("", False),
    ],
)
def test_what_an_endpoint_fills_in_that_is_closed_in_production_is_for_trying(test: str, *, expected: bool) -> None:
    """A password of an account for demonstrations, say."""
    seed = f"app.post('/seed', (req, res) => {{ {test} const password = 'blue-harbour-7'; res.json(password); }});"
    [found] = repository({"server.js": f"const app = require('express')();\n{seed}\napp.listen(3);"}).found("secret")
    assert isinstance(found, Secret)
    assert found.is_for_trying is expected


_DEFAULT = "exports.secret = process.env.LINK_SECRET || process.env.JWT_SECRET || 'blue-harbour-7';"


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        ("if (!process.env.JWT_SECRET) { console.error('unset'); process.exit(1); }", True),
        ("if (!process.env.DATABASE_URL || !process.env.JWT_SECRET) throw new Error('unset');", True),
        (
            "for (const name of ['JWT_SECRET']) { if (!process.env[name]) { throw new Error(name); } }",
            True,
        ),
        (
            (
                "const names = ['PORT', 'JWT_SECRET']; const missing = names.filter((name) => !process.env[name]);"
                " if (missing.length > 0) { process.exit(1); }"
            ),
            True,
        ),
        ("if (!process.env.JWT_SECRET) { console.warn('unset'); }", False),
        ("if (!process.env.PORT) { process.exit(1); }", False),
        ("if (!process.env.JWT_SECRET && process.env.NODE_ENV === 'production') { process.exit(1); }", False),
        ("exports.check = () => { if (!process.env.JWT_SECRET) throw new Error('unset'); };", False),
        ("", False),
    ],
)
def test_a_default_is_idle_where_every_program_that_loads_it_ends_without_the_variable(
    check: str, *, expected: bool
) -> None:
    """Whoever exits, or throws, at the top level, whatever the environment is."""
    files = {"server.js": f"{check}\n{_SERVER}require('./links');", "links.js": _DEFAULT}
    [found] = repository({"package.json": '{"dependencies": {"express": "5"}}', **files}).found("secret")
    assert isinstance(found, Secret)
    assert found.is_idle is expected
    worker = "const app = require('express')(); require('./links'); app.get('/', (req, res) => res.json(1));"
    [also] = repository({"package.json": '{"dependencies": {"express": "5"}}', **files, "w.js": worker}).found("secret")
    assert isinstance(also, Secret)
    assert not also.is_idle


def test_a_default_is_idle_where_nothing_loads_its_module() -> None:
    """A secret that stands in the repository isn't: it may be used elsewhere."""
    files = {"server.js": _SERVER, "package.json": '{"dependencies": {"express": "5"}, "main": "server.js"}'}
    [found] = repository({**files, "src/links.js": _DEFAULT}).found("secret")
    assert isinstance(found, Secret)
    assert found.is_idle
    [kept] = repository({**files, "src/links.js": "exports.secret = 'blue-harbour-7';"}).found("secret")
    assert isinstance(kept, Secret)
    assert not kept.is_idle


def test_tokens_and_sessions_are_not_signed_with_an_idle_default() -> None:
    """Their secret comes from the environment, whatever stands behind it."""
    source = (
        "if (!process.env.KEY) { process.exit(1); }\nconst app = require('express')();\n"
        "const KEY = process.env.KEY || 'blue-harbour-7';\n"
        "app.use(require('express-session')({ secret: KEY }));\n"
        "app.get('/', (req, res) => res.json(require('jsonwebtoken').sign({ sub: 1 }, KEY)));\n"
    )
    files = {"package.json": '{"dependencies": {"express": "5"}}', "server.js": source}
    found = [*repository(files).found("token"), *repository(files).found("cookie")]
    assert [each.secret for each in found if isinstance(each, Token | Cookie)] == ["environment", "environment"]
    unsure = {**files, "server.js": source.replace("process.exit(1);", "")}
    found = [*repository(unsure).found("token"), *repository(unsure).found("cookie")]
    assert [each.secret for each in found if isinstance(each, Token | Cookie)] == ["fallback", "fallback"]
