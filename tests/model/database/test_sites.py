"""Which places open connections, when they do, and how they are told apart."""

import pytest

from medpro_audit.model.subjects import Connection, EnvironmentValue
from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4", "mysql2": "3"}}'
DRIVER = "const mysql = require('mysql2/promise');\n"
SETTINGS = "{ host: process.env.DB_HOST, database: process.env.DB_NAME }"
SERVER = "const express = require('express');\nconst app = express();\n"


def connections(files: dict[str, str]) -> tuple[Connection, ...]:
    """Find the connections of a small application."""
    return repository({"package.json": PACKAGE, **files}).connections


def scope_of(source: str, **others: str) -> str:
    """Say when the only connection of a program is opened."""
    files = {name.replace("__", "/") + ".js": text for name, text in others.items()}
    [found] = connections({"server.js": source, **files})
    return found.scope


def test_opened_at_load() -> None:
    """At the top of a module, in a function called there, in what is called back when the server listens."""
    assert scope_of(f"{DRIVER}module.exports = mysql.createPool({SETTINGS});") == "module"
    assert scope_of(f"{DRIVER}function connect() {{ return mysql.createPool({SETTINGS}); }}\nconnect();") == "module"
    assert (
        scope_of(f"{DRIVER}{SERVER}app.listen(3000, async () => {{ await mysql.createConnection({SETTINGS}); }});")
        == "module"
    )
    assert scope_of(
        f"{DRIVER}class Db {{ constructor() {{ this.pool = mysql.createPool({SETTINGS}); }} }}\nnew Db();"
    ) == ("module")


def test_opened_while_a_request_is_served() -> None:
    """In a handler, and in a helper that a handler hands its input to."""
    opened = f"await mysql.createConnection({SETTINGS})"
    assert (
        scope_of(
            f"{DRIVER}{SERVER}app.get('/', async (req, res) => {{ const c = {opened}; res.json(c.query('x')); }});"
        )
        == "handler"
    )
    assert (
        scope_of(
            f"{SERVER}const patients = require('./patients');\n"
            "app.get('/:id', async (req, res) => res.json(await patients.find(req.params.id)));",
            patients=f"{DRIVER}exports.find = async id => {{ const c = {opened}; return c.query('x', [id]); }};",
        )
        == "handler"
    )


def test_a_module_that_a_handler_loads_first_is_still_a_module() -> None:
    """Its top level runs once, whoever asks for it."""
    assert (
        scope_of(
            f"{SERVER}const db = require('./db');\napp.get('/', (req, res) => res.json(db.pool.query(req.query.q)));",
            db=f"{DRIVER}function make() {{ return mysql.createPool({SETTINGS}); }}\nexports.pool = make();",
        )
        == "module"
    )


@pytest.mark.parametrize(
    "body",
    [
        "if (!pool) pool = CREATE; return pool;",
        "if (!pool) { pool = CREATE; } return pool;",
        "if (pool) return pool; pool = CREATE; return pool;",
        "return pool || (pool = CREATE);",
        "return (pool ??= CREATE);",
        "pool = pool || CREATE; return pool;",
        "if (pool === undefined) { const made = CREATE; pool = made; } return pool;",
        "if (!global.pool) global.pool = CREATE; return global.pool;",
        "if (!pools.has(name)) pools.set(name, CREATE); return pools.get(name);",
        "let made = pools.get(name); if (!made) { made = CREATE; pools.set(name, made); } return made;",
        "const old = pools.get(name); if (old) return old; const made = CREATE; pools.set(name, made); return made;",
        "let made = byName[name]; if (!made) { made = CREATE; byName[name] = made; } return made;",
    ],
)
def test_a_pool_that_is_made_on_first_use_is_kept(body: str) -> None:
    """It is opened once, although a function opens it while a request is served."""
    text = body.replace("CREATE", f"mysql.createPool({SETTINGS})")
    assert (
        scope_of(
            f"{DRIVER}{SERVER}let pool; const pools = new Map(); const byName = {{}};\n"
            f"function connect(name) {{ {text} }}\n"
            "app.get('/', (req, res) => res.json(connect(req.query.name).query('x')));"
        )
        == "module"
    )


@pytest.mark.parametrize(
    "body",
    [
        "const pool = CREATE; return pool;",
        "let pool; if (!pool) pool = CREATE; return pool;",
        "if (name) pool = CREATE; return pool;",
        "pool = CREATE; if (pool) return pool;",
        "let made = pools.get(name); if (!made) made = CREATE; return made;",
        "const pools = new Map(); let made = pools.get(name); if (!made) { made = CREATE; pools.set(name, made); }",
    ],
)
def test_a_pool_that_is_made_each_time_is_not_kept(body: str) -> None:
    """A local variable, or a condition on something else, keeps nothing."""
    text = body.replace("CREATE", f"mysql.createPool({SETTINGS})")
    assert (
        scope_of(
            f"{DRIVER}{SERVER}let pool;\nfunction connect(name) {{ {text} }}\n"
            "app.get('/', (req, res) => res.json(connect(req.query.name).query('x')));"
        )
        == "handler"
    )


@pytest.mark.parametrize(("given", "scope"), [("own", "module"), ("undefined", "handler"), ("null", "handler")])
def test_a_client_that_takes_the_place_of_a_dead_one(given: str, scope: str) -> None:
    """A function that is given a client makes one only where that fails; without one it makes one each time."""
    again = f"if (!client) {{ client = mysql.createPool({SETTINGS}); }} return client;"
    ping = "if (client) { try { await client.query('x'); } catch (error) { client = undefined; } }"
    code = (
        f"{DRIVER}{SERVER}const own = require('mysql2').createPool({{}});\n"
        f"async function alive(client, name) {{ {ping} {again} }}\n"
        "app.get('/', async (req, res) => {\n"
        f"  const db = await alive({given}, req.query.q); res.json(await db.query('y'));\n}});"
    )
    sites = {site.line: site.scope for site in repository({"package.json": PACKAGE, "server.js": code}).connections}
    line = next(number for number, text in enumerate(code.split("\n"), 1) if "function alive" in text)
    assert sites[line] == scope


@pytest.mark.parametrize(
    "source",
    [
        f"exports.count = async () => mysql.createConnection({SETTINGS});",
        f"exports.count = async () => {{ const settings = {SETTINGS}; return mysql.createConnection(settings); }};",
        f"class Visits {{ async count() {{ return mysql.createConnection({SETTINGS}); }} }}\nmodule.exports = Visits;",
        f"class Visits {{ static count() {{ return mysql.createConnection({SETTINGS}); }} }}\nexports.Visits = Visits;",
        f"module.exports = {{ visits: {{ count: () => mysql.createConnection({SETTINGS}) }} }};",
        f"exports.make = () => ({{ later: () => mysql.createConnection({SETTINGS}) }});",
        f"exports.count = () => {{ if (1 === 2) return mysql.createConnection({SETTINGS}); }};",
    ],
)
def test_opened_in_a_function_that_nobody_calls(source: str) -> None:
    """It is found all the same, with its settings, in whatever form the function is."""
    [found] = connections({"server.js": SERVER, "helpers/visits.js": f"{DRIVER}{source}"})
    assert (found.file, found.scope) == ("helpers/visits.js", "function")
    assert (found.host, found.reason) == (EnvironmentValue("DB_HOST"), None)


def test_a_driver_that_is_loaded_in_the_function() -> None:
    """``require`` and ``import()`` may stand where the driver is used."""
    for loading in ("require('mysql2')", "await import('mysql2')"):
        body = f"const {{ createPool }} = {loading}; if (a) return createPool({SETTINGS});"
        [found] = connections({"visits.js": f"exports.count = async () => {{ {body} }};"})
        assert (found.driver, found.host) == ("mysql2", EnvironmentValue("DB_HOST"))


def test_settings_follow_the_instance() -> None:
    """A method uses what its constructor was given."""
    source = """
        class Database {
          constructor(settings) { this.settings = settings; }
          connect() { return mysql.createPool(this.settings); }
        }
        new Database({ host: 'db', port: 3307 }).connect();
    """
    [found] = connections({"server.js": DRIVER + source})
    assert (found.host, found.port, found.scope) == ("db", 3307, "module")


def test_a_wrapper_is_no_site() -> None:
    """A module that only passes on what another made is left alone."""
    files = {
        "server.js": f"{SERVER}require('./config/db');",
        "config/db.js": "module.exports = require('./pool');",
        "config/pool.js": f"{DRIVER}module.exports = mysql.createPool({SETTINGS});",
    }
    assert [site.file for site in connections(files)] == ["config/pool.js"]


def test_one_place_is_one_site() -> None:
    """However many call the function that opens a connection there; handlers among them decide the scope."""
    files = {
        "server.js": f"{SERVER}const connect = require('./db');\nconnect();\n"
        "app.get('/', async (req, res) => res.json(await connect(req.query.name)));",
        "db.js": f"{DRIVER}module.exports = name => mysql.createConnection({SETTINGS});",
    }
    [found] = connections(files)
    assert (found.scope, found.sites) == ("handler", 1)


def test_tests_are_left_alone() -> None:
    """What only tests run is no connection of the back end."""
    assert connections({"tests/db.test.js": f"{DRIVER}mysql.createPool({SETTINGS});"}) == ()


@pytest.mark.parametrize(
    "source",
    [
        "if (prod) { pool = A; } else { pool = B; }",
        "const pool = prod ? A : B;",
        "function make() { if (prod) { return A; } return B; }\nconst pool = make();",
        "switch (kind) { case 'a': pool = A; break; default: pool = B; }",
        "try { pool = A; } catch { pool = B; }",
    ],
)
def test_alternatives_count_once(source: str) -> None:
    """Two places of which only one is reached make one connection, which doesn't differ from itself."""
    first, second = "mysql.createPool({ host: 'a', port: 1 })", "mysql.createPool({ host: 'b', port: 2 })"
    text = source.replace("A;", f"{first};").replace("A :", f"{first} :").replace("B;", f"{second};")
    prod = "let pool; const prod = process.env.NODE_ENV, kind = prod;\n"
    found = connections({"server.js": f"{DRIVER}{prod}{text}\nmodule.exports = {{ pool }};"})
    assert [site.host for site in found] == ["a", "b"]
    assert [(site.sites, site.differs, site.port_conflict) for site in found] == [(1, (), False)] * 2


def test_sites_are_counted_by_back_end_and_kind() -> None:
    """A cache beside a database, and another package, are no duplicates; a script counts for itself only."""
    pool = f"{DRIVER}module.exports = mysql.createPool({SETTINGS});"
    found = connections(
        {
            "server.js": f"{SERVER}require('./a'); require('./b'); require('./cache');",
            "a.js": pool,
            "b.js": pool,
            "cache.js": "const { createClient } = require('redis'); exports.client = createClient();",
            "scripts/seed.js": f"#!/usr/bin/env node\n{pool}",
            "packages/other/package.json": '{"name": "other", "dependencies": {"express": "4", "mysql2": "3"}}',
            "packages/other/index.js": pool,
        }
    )
    assert {site.file: (site.backend, site.sites, site.role) for site in found} == {
        "a.js": (".", 2, "server"),
        "b.js": (".", 2, "server"),
        "cache.js": (".", 1, "server"),
        "packages/other/index.js": ("packages/other", 1, "server"),
        "scripts/seed.js": (".", 3, "script"),
    }


def test_a_file_full_of_connections_is_cut() -> None:
    """What no person has written does not fill the report; a notice says so."""
    found = repository({"a.js": f"{DRIVER}" + "".join(f"mysql.createPool({{ port: {n} }});\n" for n in range(1, 300))})
    assert len(found.connections) == 100
    assert [notice.message for notice in found.notices] == [
        "more than 100 connection sites in one file; the rest is left out"
    ]


def test_the_order_of_files_does_not_matter() -> None:
    """The same repository yields the same connections."""
    files = {
        "server.js": f"{SERVER}const a = require('./a'); require('./b');",
        "a.js": f"{DRIVER}module.exports = mysql.createPool({SETTINGS});",
        "b.js": f"{DRIVER}exports.later = () => mysql.createPool({{ host: 'x', port: 3307 }});",
        ".env": "DB_PORT=3308\n",
    }
    assert repository(files) == repository(dict(reversed(files.items())))


def test_a_connection_that_an_object_keeps() -> None:
    """What a constructor makes lives with its object; only where that is made for each request it is made so too."""
    made = f"constructor(x) {{ if (x) this.pool = mysql.createPool({SETTINGS}); }}"
    own = f"{DRIVER}module.exports = class Db {{ {made} }};"
    assert scope_of("require('./db');", db=own) == "module"
    passing = own.replace("this.pool =", "const pool =")
    assert scope_of("require('./db');", db=passing) == "function"
    each = f"{SERVER}const Db = require('./db');\napp.get('/', (req, res) => {{ new Db(req.query.x); res.end(); }});"
    assert scope_of(each, db=own) == "handler"


@pytest.mark.parametrize(("name", "scope"), [("initialize", "module"), ("connect", "module"), ("visits", "function")])
def test_a_connection_that_a_method_keeps(name: str, scope: str) -> None:
    """What sets an object up need not be its constructor; any other method opens one each time."""
    made = f"async {name}() {{ this.cache = wrap({{ pool: mysql.createPool({SETTINGS}) }}); }}"
    wrap = "const { wrap } = require('acme');"
    assert scope_of("require('./db');", db=f"{DRIVER}{wrap}module.exports = class Db {{ {made} }};") == scope


def test_the_trail_of_duplicates() -> None:
    """It lists the places that count, not a cache beside them."""
    made = f"mysql.createPool({SETTINGS})"
    files = {
        "server.js": f"{DRIVER}{SERVER}module.exports = {made}; require('./b'); require('./cache');",
        "b.js": f"{DRIVER}module.exports = {made};",
        "cache.js": "module.exports = [1, 2].map(() => require('redis').createClient());",
    }
    [backend] = repository({"package.json": PACKAGE, **files}).backends
    assert backend.connection_sites == 2
    assert [step.file for step in backend.trail] == ["b.js", "server.js"]


def test_a_database_that_the_caller_names_is_none_of_the_program() -> None:
    """A tool that connects to whatever it is told to: those are no duplicates, and have no port of their own."""
    settings = "{ host: to.host, port: to.port || 3306, user: to.user }"
    client = f"exports.open = (to) => mysql.createConnection({settings});"
    files = {
        "one.js": f"{DRIVER}{client}",
        "two.js": f"{DRIVER}{client}",
        "db.js": f"{DRIVER}mysql.createPool({SETTINGS});",
    }
    found = {site.file: site for site in connections({"server.js": "", **files})}
    assert [found[path].is_of_caller for path in ("db.js", "one.js", "two.js")] == [False, True, True]
    assert (found["db.js"].sites, found["one.js"].ports, found["one.js"].port_conflict) == (1, (), False)
    server = f"{SERVER}require('./one'); require('./two'); require('./db');"
    [backend] = repository({"package.json": PACKAGE, "server.js": server, **files}).backends
    assert (backend.connection_sites, [step.file for step in backend.trail]) == (1, ["db.js"])


def test_an_address_in_the_code_that_stands_in_for_one_from_outside_is_a_default() -> None:
    """The host of the default is not the host of the program."""
    source = "let url = process.env.URL || ''; if (!url) { url = 'mysql://localhost/clinic'; }"
    [found] = connections({"server.js": f"{DRIVER}{source}\nmodule.exports = mysql.createPool(url);"})
    assert found.hardcoded == ()
