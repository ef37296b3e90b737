"""Settings of development that others are laid over in production."""

import pytest

from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4", "mysql2": "3", "deep-extend": "1"}}'
SERVER = "const express = require('express');\nexpress().listen(3000);\nrequire('./db');\n"
LITERAL = "{ host: 'db', user: 'root', password: 'password', database: 'clinic' }"
FROM_OUTSIDE = "module.exports = { store: { host: process.env.HOST, password: process.env.SECRET } };"
LAID = (
    "const fs = require('fs');\nconst config = {};\n"
    "fs.readdirSync(__dirname).forEach((name) => { config[name.split('.')[0]] = require('./' + name); });\n"
    "require('deep-extend')(config, require(`./env/${process.env.NODE_ENV}.js`));\nmodule.exports = config;\n"
)


def literal(files: dict[str, str], settings: str) -> tuple[bool, bool]:
    """Say of a connection whether its settings stand in the code, and whether its password is one for development."""
    own = {"package.json": PACKAGE, "server.js": SERVER, "db.js": _db(settings)}
    (site,) = repository(own | files).connections
    return "host" in site.hardcoded, site.has_spare_password


def _db(settings: str) -> str:
    return f"module.exports = require('mysql2').createPool({settings});"


@pytest.mark.parametrize(
    ("files", "settings", "expected"),
    [
        (
            {
                "config/index.js": LAID,
                "config/store.js": f"module.exports = {LITERAL};",
                "config/env/production.js": FROM_OUTSIDE,
            },
            "require('./config').store",
            (False, True),
        ),
        (
            {"config/store.js": f"module.exports = {LITERAL};", "config/store.prod.js": FROM_OUTSIDE},
            "require('./config/store')",
            (False, True),
        ),
        (
            {"config/development.js": f"module.exports = {LITERAL};", "config/production.js": FROM_OUTSIDE},
            "require('./config/development')",
            (False, True),
        ),
        (
            {
                "config/store.js": f"module.exports = {LITERAL};",
                "config/env/production.js": "module.exports = { port: 1 };",
            },
            "require('./config/store')",
            (True, False),
        ),
        ({"config/store.js": f"module.exports = {LITERAL};"}, "require('./config/store')", (True, False)),
        ({"config/production.js": f"module.exports = {LITERAL};"}, "require('./config/production')", (True, False)),
        (
            {"lib/store.js": f"module.exports = {LITERAL};", "lib/prod.js": FROM_OUTSIDE},
            "require('./lib/store')",
            (True, False),
        ),
    ],
)
def test_what_production_replaces(files: dict[str, str], settings: str, expected: tuple[bool, bool]) -> None:
    """A file beside it for production that speaks of the same; without one, what stands in the code is used."""
    assert literal(files, settings) == expected


def test_an_address_that_production_replaces() -> None:
    """Its parts are of the same file."""
    address = "module.exports = { url: 'mysql://root:password@db/clinic' };"
    settings = "require('./config/store').url"
    assert literal({"config/store.js": address}, settings) == (True, False)
    assert literal({"config/store.js": address, "config/production.js": FROM_OUTSIDE}, settings) == (False, True)
