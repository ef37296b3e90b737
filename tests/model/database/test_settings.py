"""The values of settings: where they come from, what stands in the code, and what is not known."""

import json

import msgspec
import pytest

from medpro_audit.model.subjects import Connection, EnvironmentValue
from model.memory import repository

DRIVER = "const mysql = require('mysql2');\n"


def connection(source: str, **others: str) -> Connection:
    """Find the only connection of a program; other files by their paths, ``__`` for a slash."""
    files = {name.replace("__", "/") + ".js": text for name, text in others.items()}
    [found] = repository({"server.js": source, **files}).connections
    return found


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3307", 3307),
        ("'3307'", 3307),
        ("process.env.DB_PORT", EnvironmentValue("DB_PORT")),
        ("process.env['DB_PORT']", EnvironmentValue("DB_PORT")),
        ("process.env.DB_PORT || 3307", EnvironmentValue("DB_PORT", 3307)),
        ("process.env.DB_PORT ?? '3307'", EnvironmentValue("DB_PORT", 3307)),
        ("Number(process.env.DB_PORT || 3307)", EnvironmentValue("DB_PORT", 3307)),
        ("parseInt(process.env.DB_PORT, 10) || 3307", EnvironmentValue("DB_PORT", 3307)),
        ("process.env.DB_PORT ? Number(process.env.DB_PORT) : 3307", EnvironmentValue("DB_PORT", 3307)),
        ("+process.env.DB_PORT", EnvironmentValue("DB_PORT")),
        ("flag ? 3306 : 3307", None),
        ("'/run/mysqld.sock'", None),
        ("99999", None),
        ("undefined", None),
    ],
)
def test_a_port(value: str, expected: object) -> None:
    """A number in whatever form, an environment variable with its default, or unknown."""
    source = f"{DRIVER}const flag = process.env.FLAG;\nmysql.createPool({{ port: {value} }});"
    assert connection(source).port == expected


def test_settings_come_through_other_modules() -> None:
    """A configuration module, a spread, a default and a parameter are followed, and the trail says where they are."""
    found = connection(
        f"{DRIVER}const {{ db }} = require('./config');\n"
        "function open(options) { return mysql.createPool({ port: 3307, ...options }); }\nopen(db);",
        config__index="const env = process.env;\nconst shared = { user: 'clinic' };\n"
        "module.exports = {\n  db: { ...shared, host: env.DB_HOST || 'localhost', database: 'records' },\n};",
    )
    assert found.host == EnvironmentValue("DB_HOST", "localhost")
    assert (found.port, found.user, found.database) == (3307, "clinic", "records")
    assert found.hardcoded == ("user", "database")


def test_the_trail_leads_to_the_settings() -> None:
    """Where they are written, then the site."""
    for config in (
        "exports.db = {\n  host: 'db' };",
        "module.exports = {\n  db: { host: 'db' } };",
        "exports.db = process.env.DATABASE_URL;",
    ):
        found = connection(f"{DRIVER}const config = require('./config');\nmysql.createPool(config.db);", config=config)
        assert [(step.file, step.text) for step in found.trail] == [
            ("config.js", "the settings are written here"),
            ("server.js", "mysql2 makes a pool here"),
        ]


def test_what_stands_in_the_code() -> None:
    """Literals do, environment variables and their defaults do not; of a password, the default does too."""
    settings = "{ host: 'db', user: process.env.U || 'root', password: process.env.P || 'x', database: process.env.D }"
    assert connection(f"{DRIVER}mysql.createPool({settings});").hardcoded == ("host", "password")


@pytest.mark.parametrize(
    "password", ["''", "process.env.P", "process.env.P || ''", "undefined", "null", "readSecret()"]
)
def test_what_is_no_password_in_the_code(password: str) -> None:
    """An empty text is none, and a value made elsewhere isn't in the code."""
    found = connection(f"{DRIVER}mysql.createPool({{ host: process.env.H, password: {password} }});")
    assert not found.has_literal_password


@pytest.mark.parametrize(
    "source",
    [
        "mysql.createPool({ host: 'db', user: 'root', password: 'hunter2', database: 'x' })",
        "mysql.createPool('mysql://root:hunter2@db/x')",
        "mysql.createPool({ uri: 'mysql://root:hunter2@db/x' })",
        "mysql.createPool(process.env.URL || 'mysql://root:hunter2@db/x')",
        "mysql.createPool(`mysql://${process.env.U}:hunter2@${process.env.H}/x`)",
        "mysql.createPool({ host: 'mysql://root:hunter2@db/x' })",
        "mysql.createPool({ host: process.env.H || 'mysql://root:hunter2@db/x' })",
        "mysql.createPool('mysql://root:hunter2/#@db/x')",
        "mysql.createPool('mysql://root:hunter2?@db/x')",
        "mysql.createPool('mysql://hunter2#@db/x')",
        "mysql.createPool(flag ? 'mysql://root:hunter2@db/x' : { password: 'hunter2' })",
        "const url = new URL('mysql://root:hunter2@db/x'); mysql.createPool({ host: url.host, user: url.href })",
    ],
)
def test_a_password_is_never_shown(source: str) -> None:
    """Not in any field, however the connection string is written."""
    found = connection(f"{DRIVER}const flag = process.env.FLAG;\n{source};")
    assert "hunter2" not in json.dumps(msgspec.to_builtins(found))


def test_unknown_values_say_why() -> None:
    """A package's settings, a parameter from outside, a value out of several."""
    reasons = {
        "require('config').get('db')": "it comes from the package config",
        "{ host: flag ? 'a' : 'b' }": "it is one of several values",
        "JSON.parse(text)": "a text parsed as JSON",
        "{ ...settings(), host: 'a' }": None,
    }
    for argument, reason in reasons.items():
        found = connection(f"{DRIVER}const flag = process.env.FLAG;\nmysql.createPool({argument});")
        assert found.reason == reason if reason else found.reason
        assert (found.has_literal_password, found.port_agrees) == (None, None)


def test_validated_environment() -> None:
    """What a package checks ``process.env`` with passes the variables on."""
    checked = "const env = require('envalid').cleanEnv(process.env, {});\n"
    assert connection(f"{DRIVER}{checked}mysql.createPool({{ host: env.DB_HOST }});").host == EnvironmentValue(
        "DB_HOST"
    )


def test_settings_by_deployment() -> None:
    """``config[process.env.NODE_ENV]`` may be any entry: what they share is known; a password in one is a spare one."""
    config = """module.exports = {
      development: { host: 'db', user: 'root', password: 'x', port: 3306 },
      production: { host: 'db', user: process.env.U, password: process.env.P, port: 3307 },
    };"""
    source = (
        f"{DRIVER}const config = require('./config')[process.env.NODE_ENV || 'development'];\nmysql.createPool(config);"
    )
    found = connection(source, config=config)
    assert (found.host, found.user, found.port) == ("db", None, None)
    assert (found.hardcoded, found.reason) == (("host", "password"), "it is one of several values")
    assert found.has_spare_password is False, "it would be used at another host"


@pytest.mark.parametrize(
    ("config", "is_spare"),
    [
        (
            "const defaults = { db: { host: '127.0.0.1', password: 'x' } };\nmodule.exports = merge(load(), defaults);",
            True,
        ),
        (
            "module.exports = { defaultConfig: { db: { host: 'localhost', password: 'x' } } }.defaultConfig;",
            True,
        ),
        ("const defaults = { db: 1 };\nmodule.exports = { db: { host: 'localhost', password: 'x' } };", False),
        ("const defaults = { text: '{' };\nmodule.exports = { db: { host: 'localhost', password: 'x' } };", False),
        ("const settings = { db: { host: 'localhost', password: 'x' } };\nmodule.exports = settings;", False),
    ],
)
def test_what_is_written_as_a_default_is_one(config: str, *, is_spare: bool) -> None:
    """The object says so by its name; settings of the place are laid over it."""
    merge = "const merge = (one, other) => Object.assign(other, one);\nconst load = () => require('acme').settings;\n"
    found = connection(
        f"{DRIVER}const config = require('./config');\nmysql.createPool(config.db);", config=merge + config
    )
    assert (found.has_literal_password, found.has_spare_password) == (True, is_spare)


def test_alternatives_of_one_argument() -> None:
    """What one of them gives in a connection string stands beside what the other gives one by one."""
    source = "mysql.createPool(process.env.X ? { uri: 'mysql://root:p@a:3307/x' } : { host: 'b', port: 3307 })"
    found = connection(f"{DRIVER}{source};")
    assert (found.host, found.port, found.user) == (None, 3307, "root")
    assert found.hardcoded == ("host", "user", "password", "database")


def test_a_chain_of_defaults() -> None:
    """The first variable, with the text at the end of the chain."""
    found = connection(f"{DRIVER}mysql.createPool({{ host: process.env.A || process.env.B || 'db' }});")
    assert found.host == EnvironmentValue("A", "db")


def test_an_address_that_something_is_added_to() -> None:
    """It still depends on the variable."""
    source = f"{DRIVER}const flag = process.env.FLAG;\nmysql.createPool(process.env.URL + (flag ? '_test' : ''));"
    assert connection(source).host == EnvironmentValue("URL")


def test_a_template_with_a_variable_depends_on_it() -> None:
    """The value as a whole comes from the environment."""
    found = connection(f"{DRIVER}mysql.createPool({{ host: `${{process.env.REGION}}.db.local` }});")
    assert (found.host, found.hardcoded) == (EnvironmentValue("REGION"), ())


def test_a_default_beside_an_address_from_elsewhere() -> None:
    """It doesn't stand in the code what can be set from outside, whatever stands in for it."""
    source = "mysql.createPool({ host: new URL(process.env.X).hostname || 'localhost', user: 'root' });"
    assert connection(f"{DRIVER}{source}").hardcoded == ("user",)


def test_a_file_that_is_a_database_has_no_password() -> None:
    """Sequelize wants three arguments before its options; what they say opens nothing."""
    source = "const { Sequelize } = require('sequelize');\nnew Sequelize('database', 'username', 'password', %s);"
    file, server = (
        connection(source % options)
        for options in ("{ dialect: 'sqlite', storage: 'data.sqlite' }", "{ dialect: 'mysql' }")
    )
    assert (file.hardcoded, file.is_file) == ((), True)
    assert (server.has_literal_password, server.is_file) == (True, False)


@pytest.mark.parametrize(
    ("settings", "is_spare"),
    [
        ("{ host: process.env.H, password: process.env.P || 'x' }", True),
        ("{ host: 'localhost', password: process.env.P ?? 'x' }", True),
        ("process.env.URL || 'mysql://root:x@localhost/clinic'", True),
        ("{ host: 'db.example.com', password: process.env.P || 'x' }", False),
        ("{ host: process.env.H, password: 'x' }", False),
        ("{ host: process.env.H, password: process.env.P }", False),
    ],
)
def test_a_password_that_stands_in_for_a_variable_on_the_local_host(settings: str, is_spare: bool) -> None:
    """It is of use on a developer's machine only; beside a host of its own it is the password of that one."""
    assert connection(f"{DRIVER}mysql.createPool({settings});").has_spare_password == is_spare
