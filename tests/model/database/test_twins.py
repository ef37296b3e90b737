"""Whether several places connect to one database."""

import pytest

from medpro_audit.model.subjects import Backend, Connection
from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4", "mysql2": "3"}}'
DRIVER = "const mysql = require('mysql2/promise');"
SERVER = "require('./db'); require('./b'); require('express')().get('/', (q, r) => r.end()).listen(1);"
OWN = "host: process.env.DB_HOST, user: process.env.DB_USER, database: process.env.DB_NAME"

USUAL = "host: process.env.DB_HOST || 'db', database: process.env.DB_NAME || 'clinic'"


def found(second: str, *, first: str = OWN, before: str = "") -> tuple[Backend, Connection]:
    """A back end with two pools, and the second of them."""
    files = {
        "package.json": PACKAGE,
        "server.js": SERVER,
        "db.js": f"{DRIVER} module.exports = mysql.createPool({{ {first} }});",
        "b.js": f"{DRIVER} {before} exports.pool = mysql.createPool({{ {second} }});",
    }
    made = repository(files)
    return made.backends[0], next(site for site in made.connections if site.file == "b.js")


@pytest.mark.parametrize(
    ("first", "second", "sites", "is_stray"),
    [
        (OWN, OWN, 2, True),
        (OWN, "host: process.env.MYSQL_HOST, user: 'u', database: process.env.MYSQL_DATABASE", 2, True),
        (OWN, "host: 'localhost', user: 'u', database: 'clinic'", 2, True),
        ("host: '127.0.0.1', database: 'a'", "host: 'localhost', database: 'a'", 2, True),
        ("host: 'db', database: 'a'", "host: 'db', database: 'b'", 1, False),
        (OWN, "host: process.env.REPORTS_HOST, database: process.env.REPORTS_NAME", 1, False),
        ("uri: process.env.DATABASE_URL", "uri: process.env.JOURNAL_DATABASE_URL", 1, False),
        ("uri: process.env.DATABASE_URL", "uri: process.env.MYSQL_URL", 2, True),
        (OWN, "host: process.env.DB_HOST, user: process.env.DB_USER", 1, False),
        (USUAL, "uri: process.env.WARD_URL || 'mysql://u@db:3307/clinic'", 2, True),
        (USUAL, "host: process.env.LAB_HOST || 'db', database: 'lab'", 1, False),
        (USUAL, "host: process.env.DB_HOST || 'db', database: process.env.DB_NAME || 'lab'", 2, True),
    ],
)
def test_places_that_connect_to_one_database(first: str, second: str, sites: int, is_stray: bool) -> None:
    """Equal settings, or variables of which one may be the other; not other names, purposes, or no database at all."""
    backend, connection = found(second, first=first)
    assert (backend.connection_sites, connection.is_stray) == (sites, is_stray)


@pytest.mark.parametrize(
    ("use", "sites"),
    [
        ("db.migrate.latest().then(() => db.destroy());", 1),
        ("exports.start = async () => { await db.migrate.latest(); await db.seed.run(); };", 1),
        ("db.migrate.latest();\nexports.list = () => db.select('id').from('visits');", 2),
        ("db.migrate.latest();\nmodule.exports = db;", 2),
        ("exports.all = () => db('visits');", 2),
    ],
)
def test_what_only_migrates_is_no_second_connection(use: str, sites: int) -> None:
    """Migrations need a client of their own tool."""
    builder = f"require('knex')({{ client: 'mysql2', connection: {{ {OWN} }} }})"
    files = {
        "package.json": PACKAGE.replace('"mysql2"', '"knex": "3", "mysql2"'),
        "server.js": SERVER,
        "db.js": f"module.exports = {builder};",
        "b.js": f"const db = {builder};\n{use}",
    }
    assert repository(files).backends[0].connection_sites == sites


@pytest.mark.parametrize(
    ("loads", "sites"), [("require('./db'); require('./b');", 2), ("require('./db');", 1), ("require('./x');", 2)]
)
def test_what_nothing_loads_connects_nowhere(loads: str, sites: int) -> None:
    """As long as the program is seen to connect elsewhere."""
    pool = f"{DRIVER} module.exports = mysql.createPool({{ {OWN} }});"
    server = SERVER.replace("require('./db'); require('./b');", loads)
    files = {"package.json": PACKAGE, "server.js": server, "db.js": pool, "b.js": pool, "x.js": "exports.x = 1;"}
    assert repository(files).backends[0].connection_sites == sites


def test_who_names_no_database_may_make_it() -> None:
    """Of every server that can be asked to."""
    settings = "host: process.env.DB_HOST, user: process.env.DB_USER, password: process.env.DB_PASSWORD"
    files = {
        "package.json": PACKAGE.replace("mysql2", "pg"),
        "server.js": SERVER,
        "db.js": f"const {{ Pool }} = require('pg'); module.exports = new Pool({{ {settings}, database: 'clinic' }});",
        "b.js": f"const {{ Client }} = require('pg'); exports.client = new Client({{ {settings} }});",
    }
    assert repository(files).backends[0].connection_sites == 1


def test_unknown_settings_prove_nothing() -> None:
    """A place whose settings are not known may connect to another database."""
    backend, connection = found("...settings()", before="const { settings } = require('acme');")
    assert (backend.connection_sites, connection.twins, connection.is_stray) == (None, None, None)


def test_what_a_user_names_can_not_be_kept_in_a_pool() -> None:
    """A handler that connects to what its request names."""
    handler = "async (q, r) => r.json(await (await mysql.createConnection({ host: q.body.host })).query('SELECT 1'))"
    server = f"{DRIVER} const app = require('express')(); app.post('/', {handler}); app.listen(1);"
    (connection,) = repository({"package.json": PACKAGE, "server.js": server}).connections
    assert (connection.scope, connection.is_of_caller) == ("handler", True)


def test_what_a_user_names_beside_what_is_configured_is_not_opened_for_each_request() -> None:
    """A service that connects to configured servers when it starts, and to those that a handler hands to it."""
    service = f"""{DRIVER}
class Lab {{
  constructor() {{ this.pools = new Map(); }}
  async open(servers) {{
    for (const server of servers) {{
      const pool = mysql.createPool({{ host: server.host, user: server.user, database: server.name }});
      this.pools.set(server.id, pool);
    }}
  }}
}}
module.exports = new Lab();
"""
    server = """const lab = require('./lab'); const app = require('express')();
lab.open([{ id: 1, host: process.env.LAB_HOST, user: process.env.LAB_USER, name: 'lab' }]);
app.post('/', async (q, r) => { const { servers } = q.body; await lab.open(servers); r.end(); });
app.listen(1);
"""
    files = {"package.json": PACKAGE, "server.js": server, "lab.js": service}
    (connection,) = repository(files).connections
    assert connection.scope != "handler"
    configured = server.replace(
        "await lab.open(servers)", "await lab.open([{ host: process.env.LAB_HOST, name: q.query.n }])"
    )
    (connection,) = repository({**files, "server.js": configured}).connections
    assert connection.scope == "handler"


@pytest.mark.parametrize(
    ("second", "sites"),
    [
        (f"const own = await mysql.createConnection({{ {OWN} }}); await own.query(sql); await own.end();", 1),
        (f"const own = await mysql.createConnection({{ {OWN} }}); await own.query(sql).finally(() => own.end());", 1),
        (f"const own = await mysql.createConnection({{ {OWN} }}); process.on('exit', () => own.end());", 2),
        (f"const own = await mysql.createConnection({{ {OWN} }}); await own.query(sql);", 2),
    ],
)
def test_what_is_closed_again_is_no_second_connection(second: str, sites: int) -> None:
    """A migration that runs before the server listens shares nothing, and leaves nothing behind."""
    files = {
        "package.json": PACKAGE,
        "server.js": SERVER.replace("require('./b');", "require('./b')();"),
        "db.js": f"{DRIVER} module.exports = mysql.createPool({{ {OWN} }});",
        "b.js": f"{DRIVER} module.exports = async function migrate() {{ {second} }};",
    }
    made = repository(files)
    found = next(site for site in made.connections if site.file == "b.js")
    assert (made.backends[0].connection_sites, found.is_stray) == (sites, sites > 1)


def test_the_store_of_sessions_is_no_second_connection() -> None:
    """The package connects by itself, for its own table."""
    store = "const Store = require('express-mysql-session')(require('express-session'));"
    files = {
        "package.json": PACKAGE,
        "server.js": SERVER,
        "db.js": f"{DRIVER} module.exports = mysql.createPool({{ {OWN} }});",
        "b.js": f"{store} module.exports = new Store({{ {OWN} }});",
    }
    made = repository(files)
    assert [site.purpose for site in made.connections] == ["sessions", "records"]
    assert (made.backends[0].connection_sites, made.connections[0].is_stray) == (1, False)


@pytest.mark.parametrize(("second", "sites"), [("connect", 1), ("createConnection", 2)])
def test_the_default_connection_of_a_driver_is_there_once(second: str, sites: int) -> None:
    """To connect it again, after it was lost, makes no second one."""
    again = f"mongoose.connection.on('disconnected', () => mongoose.{second}(process.env.DATABASE_URL));"
    source = f"const mongoose = require('mongoose'); mongoose.connect(process.env.DATABASE_URL); {again}"
    made = repository({"package.json": PACKAGE, "server.js": SERVER, "db.js": source, "b.js": ""})
    assert made.backends[0].connection_sites == sites


def test_a_handler_is_no_place_to_connect_in() -> None:
    """Where no module is meant for it, the one place that connects for good is no stray beside those in handlers."""
    handler = f"async (q, r) => r.json(await (await mysql.createConnection({{ {OWN} }})).query('SELECT 1'))"
    source = (
        f"{DRIVER} const pool = mysql.createPool({{ {OWN} }}); const app = require('express')(); require('./b')(app);"
    )
    files = {
        "package.json": PACKAGE,
        "server.js": f"{source} app.get('/', (q, r) => pool.query('SELECT 1')); app.listen(1);",
        "b.js": f"{DRIVER} module.exports = (app) => app.get('/visits', {handler});",
    }
    found = {site.file: (site.scope, site.is_stray) for site in repository(files).connections}
    assert found == {"server.js": ("module", False), "b.js": ("handler", True)}


def test_a_client_of_another_library_is_no_second_connection() -> None:
    """A query builder beside the driver's pool can't be replaced by importing that."""
    files = {
        "package.json": PACKAGE.replace('"mysql2"', '"knex": "3", "mysql2"'),
        "server.js": SERVER,
        "db.js": f"{DRIVER} module.exports = mysql.createPool({{ {OWN} }});",
        "b.js": f"module.exports = require('knex')({{ client: 'mysql2', connection: {{ {OWN} }} }});",
    }
    found = repository(files)
    assert found.backends[0].connection_sites == 1
    assert not any(site.is_stray for site in found.connections)
