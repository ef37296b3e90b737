"""What becomes of connections that are taken from a pool, and what is seen of those that are opened."""

from collections.abc import Sequence
from typing import cast

import pytest

from medpro_audit.model.subjects.connection import PoolSetting
from medpro_audit.model.subjects.connection_use import ConnectionUse
from medpro_audit.model.subjects.environment_variable import EnvironmentVariable
from model.memory import repository

_PACKAGE = '{ "name": "clinic", "dependencies": { "express": "4", "mysql2": "3", "pg": "8", "sequelize": "6" } }'
_POOL = "const mysql = require('mysql2/promise');\nmodule.exports = mysql.createPool({ host: process.env.DB_HOST });\n"


def _use(body: str) -> list[tuple[str, bool | None]]:
    code = f"const pool = require('./db');\nexports.f = async (id) => {{\n{body}\n}};\nexports.f(1);\n"
    files = {"package.json": _PACKAGE, "db.js": _POOL, "use.js": code}
    return [
        (use.kind, use.is_ended) for use in cast("Sequence[ConnectionUse]", repository(files).found("connection-use"))
    ]


@pytest.mark.parametrize(
    ("body", "is_ended"),
    [
        ("const c = await pool.getConnection(); await c.query('SELECT 1');", False),
        ("const c = await pool.getConnection(); await c.query('SELECT 1'); c.release();", False),
        ("const c = await pool.getConnection(); try { await c.query('SELECT 1'); } finally { c.release(); }", True),
        ("let c; try { c = await pool.getConnection(); } finally { if (c) c.release(); }", True),
        ("const c = await pool.getConnection(); return c;", None),
        ("const c = await pool.getConnection(); this.connection = c;", None),
        ("const c = await pool.getConnection(); c.release();", None),
        ("const c = await pool.getConnection(); try { await c.ping(); c.release(); } catch (e) { c.release(); }", None),
        ("pool.getConnection((error, c) => { c.query('SELECT 1', () => {}); });", False),
        ("pool.getConnection((error, c) => { c.query('SELECT 1', () => c.release()); });", None),
    ],
)
def test_only_what_the_function_proves_is_said(body: str, is_ended: bool | None) -> None:
    """Never given back, or not on failure, is a fault; what is handed on is not judged."""
    assert _use(body) == [("checkout", is_ended)]


@pytest.mark.parametrize(("server", "role"), [("", "script"), ("open();", "server")])
def test_what_only_scripts_call_is_part_of_a_script(server: str, role: str) -> None:
    """Also where it stands in a module of the server: the script ends, and its connections with it."""
    open_ = "exports.open = async function open() { const c = await pool.getConnection(); await c.query('SELECT 1'); };"
    open_ += " exports.close = () => { throw new Error('Call open() first'); };"
    files = {
        "package.json": _PACKAGE.replace("{ ", '{ "scripts": { "start": "node server.js" }, ', 1),
        "db.js": f"const pool = require('mysql2/promise').createPool({{ host: process.env.DB_HOST }});\n{open_}\n",
        "scripts/seed.js": "const { open } = require('../db');\nopen();\n",
        "server.js": f"const {{ {'open' if server else 'other'} }} = require('./db'); {server}\n"
        "const app = require('express')(); app.listen(3000);\n",
    }
    uses = cast("Sequence[ConnectionUse]", repository(files).found("connection-use"))
    assert [(use.is_ended, use.role) for use in uses] == [(False, role)]


def test_what_is_kept_in_a_variable_around_the_function_belongs_to_others_too() -> None:
    """Another function of the same factory gives it back."""
    body = (
        "let c; const open = async () => { c = await pool.getConnection(); };"
        " const release = () => c.release(); return { open, release };"
    )
    assert _use(body) == [("checkout", None)]


@pytest.mark.parametrize(
    ("body", "is_ended"),
    [
        ("await id.beginTransaction(); await id.query('x'); await id.commit();", False),
        ("await id.beginTransaction(); try { await id.commit(); } catch (e) { await id.rollback(); }", True),
        ("await id.beginTransaction(); try { await id.commit(); } catch (e) { await this.rollBackQuietly(id); }", True),
        ("const t = await id.transaction(); try { await t.commit(); } catch (e) { await undo(t); }", None),
        ("const t = await id.transaction(); return async () => { await t.commit(); };", None),
        ("id.beginTransaction(() => id.query('SELECT 1', () => id.commit()));", False),
        ("await id.query('BEGIN'); try { await id.query('COMMIT'); } catch (e) { await id.query('ROLLBACK'); }", True),
        ("await id.query('BEGIN'); await id.query('COMMIT');", False),
        ("const t = await id.transaction(); await t.commit();", False),
        ("await id.beginTransaction();", None),
        ("const c = await open(); try { await c.beginTransaction(); await c.commit(); } catch (e) { log(e); }", False),
        ("try { await id.beginTransaction(); await id.commit(); } catch (e) { await this.undo(id); throw e; }", None),
        (
            "const t = await id.transaction(); await q('x', t); return async () => { await t.commit(); };",
            None,
        ),
    ],
)
def test_a_transaction_that_is_committed_is_rolled_back_too(body: str, is_ended: bool | None) -> None:
    """One that nobody commits here is ended elsewhere."""
    assert _use(body) == [("transaction", is_ended)]


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ("const pool = new Pool();\nmodule.exports = pool;", False),
        ("const pool = new Pool();\npool.on('error', console.error);\nmodule.exports = pool;", True),
        ("module.exports = new Pool().on('error', console.error);", True),
        (
            "const listen = (one) => one.on('error', console.error);\nmodule.exports = { pool: new Pool(), listen };",
            None,
        ),
    ],
)
def test_who_listens_for_errors_is_seen(code: str, heard: bool | None) -> None:
    """By the calls that were followed; a listener in the same file for something else leaves a doubt."""
    files = {"package.json": _PACKAGE, "db.js": f"const {{ Pool }} = require('pg');\n{code}\n", "server.js": _SERVER}
    assert [site.error_listener for site in repository(files).connections] == [heard]


_SERVER = (
    "const app = require('express')();\nconst db = require('./db');\n"
    "app.get('/', (req, res) => res.json(db));\napp.listen(1);\n"
)


@pytest.mark.parametrize(
    ("code", "noticed"),
    [
        ("m.connect(url);", False),
        ("m.connect(url, options);", False),
        ("m.connect(url).then(() => start());", False),
        ("m.connect(url).then(() => start()).catch(console.error);", True),
        ("m.connect(url).then(() => start(), console.error);", True),
        ("m.connect(url);\nm.connection.on('error', console.error);", True),
        ("m.connect(url);\n(async () => { await m.connection.asPromise(); })();", True),
        ("m.connect(url);\nprocess.on('unhandledRejection', console.error);", True),
        ("(async () => { try { await m.connect(url); } catch (e) { console.error(e); } })();", True),
        ("exports.ready = m.connect(url);", None),
        ("(async () => { await m.connect(url); })();", True),
        ("m.connect(url, options, done); function done(error) { if (error) console.error(error); }", True),
        ("m.connect(url, options, done); function done() {}", False),
    ],
)
def test_who_hears_of_a_failed_attempt_is_seen(code: str, noticed: bool | None) -> None:
    """A promise that is dropped is a fault; one that is awaited or kept is left to others."""
    head = "const m = require('mongoose');\nconst url = process.env.URL;\nconst options = {};\n"
    files = {
        "package.json": '{ "dependencies": { "express": "4", "mongoose": "8" } }',
        "db.js": head + code,
        "server.js": _SERVER,
    }
    assert [site.reports_failure for site in repository(files).connections] == [noticed]


def test_limits_of_a_pool_are_kept() -> None:
    """As the driver calls them, with numbers and variables; what is not given is not there."""
    options = "{ host: 'db', connectionLimit: 10, waitForConnections: true }"
    code = f"module.exports = require('mysql2').createPool({options});\n"
    site = repository({"package.json": _PACKAGE, "db.js": code}).connections[0]
    assert site.pool == (PoolSetting("connectionLimit", 10), PoolSetting("waitForConnections", "true"))


def test_variables_are_looked_up_where_they_may_be_set() -> None:
    """In environment files first; a default in the code settles it, and a longer name is another one."""
    code = (
        "const { DB_HOST, DB_USER, DB_PORT = 3307 } = process.env;\n"
        "module.exports = require('mysql2').createPool({ host: DB_HOST, user: DB_USER, port: DB_PORT });\n"
    )
    files = {
        "package.json": _PACKAGE,
        "db.js": code,
        ".env.example": "A=1\nDB_HOST=\nMY_DB_USER=x\n",
        "x.yml": "- DB_HOST\n",
    }
    found = cast("Sequence[EnvironmentVariable]", repository(files).found("environment-variable"))
    assert {one.name: one.defined for one in found} == {"DB_HOST": (".env.example:2", "x.yml:1"), "DB_USER": ()}


@pytest.mark.parametrize(("call", "uses"), [("", [None]), ("require('./store').find();", [False])])
def test_a_function_that_nothing_names_loses_no_connection(call: str, uses: list[bool | None]) -> None:
    """It is left over: nobody runs it."""
    body = "const own = await pool.getConnection(); await own.query('SELECT 1'); own.release();"
    files = {
        "package.json": '{"dependencies": {"mysql2": "3"}}',
        "server.js": call,
        "store.js": "const pool = require('mysql2').createPool({});\n"
        f"async function find() {{ {body} }} exports.find = find;",
    }
    found = repository(files).found("connection-use")
    assert [use.is_ended for use in found if isinstance(use, ConnectionUse)] == uses
