"""What connections of one back end say of each other: the connection module, differences, ports, sharing."""

import pytest

from medpro_audit.core.config import Config, DatabaseConfig
from medpro_audit.model.subjects import Connection
from model.memory import repository

PACKAGE = '{"name": "clinic", "main": "server.js", "dependencies": {"express": "4", "mysql2": "3", "redis": "4"}}'
DRIVER = "const mysql = require('mysql2/promise');\n"
SERVER = "const express = require('express');\nconst app = express();\n"


def pool(settings: str = "") -> str:
    """Write a module that makes a pool and exports it."""
    return f"{DRIVER}module.exports = mysql.createPool({{ {settings} }});"


def connections(files: dict[str, str], port: int | None = None, canonical: str = "") -> dict[str, Connection]:
    """Find connections by their file."""
    database = DatabaseConfig(port=port, canonical=canonical) if canonical else DatabaseConfig(port=port)
    found = repository({"package.json": PACKAGE, **files}, Config(database=database)).connections
    return {site.file: site for site in found}


def modules_of(files: dict[str, str], canonical: str = "") -> dict[str, tuple[bool, str | None]]:
    """Say of each file whether it is the connection module, and which is."""
    return {file: (site.canonical, site.canonical_module) for file, site in connections(files, None, canonical).items()}


# The connection module


def test_the_configured_module() -> None:
    """Where the file exists it is the one, for a back end in a folder below that folder too."""
    files = {"config/database.connection.js": pool(), "other.js": pool()}
    expected = "config/database.connection.js"
    assert modules_of(files) == {expected: (True, expected), "other.js": (False, expected)}
    below = {"api/package.json": PACKAGE, **{f"api/{path}": text for path, text in files.items()}}
    assert modules_of(below)["api/other.js"] == (False, f"api/{expected}")
    assert modules_of(files, "other.js")[expected] == (False, "other.js")


def test_a_configured_module_that_only_holds_settings() -> None:
    """Nobody connects where it is meant to be done."""
    files = {"config/database.connection.js": "exports.host = 'db';", "other.js": pool()}
    assert modules_of(files) == {"other.js": (False, "config/database.connection.js")}


def test_an_inferred_module() -> None:
    """Of those that are meant for it by name and place it is the one that most modules import; the trail says so."""
    files = {
        "server.js": f"{SERVER}require('./api'); require('./db'); require('./mysql'); require('./c'); require('./d');",
        "api.js": pool(),
        "db.js": pool(),
        "mysql.js": pool(),
        "c.js": "require('./db'); require('./api');",
        "d.js": "require('./api');",
    }
    assert modules_of(files) == {
        "api.js": (False, "db.js"),
        "db.js": (True, "db.js"),
        "mysql.js": (False, "db.js"),
    }
    said = [step.text for step in connections(files)["api.js"].trail if step.file == "db.js"]
    assert said == ["is taken for the connection module, by its name and place; 2 modules import it"]


def test_no_module_is_meant_for_connections() -> None:
    """Where several connect and none is a connection module, none is named: the text says that there is none."""
    files = {
        "server.js": f"{SERVER}require('./middlewares'); require('./routes');",
        "middlewares.js": pool(),
        "routes.js": f"{pool()} require('./middlewares');",
    }
    assert modules_of(files) == {"middlewares.js": (False, None), "routes.js": (False, None)}
    words = connections(files)["routes.js"].connection_module
    assert words == "a connection module, of which there is none yet"


def test_what_lasts_is_preferred() -> None:
    """A pool that is made once makes a better connection module than a client that is made for each request."""
    files = {
        "server.js": f"""{SERVER}
            app.get('/a', require('./mysql'));
            app.get('/b', require('./db'));
        """,
        "mysql.js": "module.exports = (req, res) => { require('mysql2').createConnection({ host: 'a' }); res.end(); };",
        "db.js": pool() + " require('./mysql');",
    }
    assert modules_of(files) == {"mysql.js": (False, "db.js"), "db.js": (True, "db.js")}


def test_each_kind_of_database_has_its_module() -> None:
    """The module for MySQL is not the one where a cache should be connected."""
    files = {
        "config/database.connection.js": pool(),
        "cache.js": "module.exports = require('redis').createClient();",
    }
    assert modules_of(files)["cache.js"] == (True, "cache.js")


# Differences


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ("host: 'localhost'", "host: '127.0.0.1'", ()),
        ("host: 'a'", "host: 'b'", ("host",)),
        ("host: 'a'", "host: unknown()", ()),
        ("port: 3306", "host: 'localhost'", ()),
        ("port: 3307", "host: 'localhost'", ("port",)),
        ("host: process.env.H", "host: process.env.H || 'a'", ()),
        ("host: process.env.H || 'b'", "host: process.env.H || 'a'", ("host",)),
        ("host: process.env.H", "host: process.env.OTHER", ("host",)),
        ("user: process.env.U || 'root'", "user: 'root'", ()),
        ("database: 'clinic'", "database: 'Clinic_lab'", ("database",)),
        ("database: 'clinic'", "", ()),
    ],
)
def test_differences(first: str, second: str, differs: tuple[str, ...]) -> None:
    """Values are compared with those of the connection module, defaults included, what is unknown left out."""
    found = connections({"config/database.connection.js": pool(first), "other.js": pool(second)})
    assert found["other.js"].differs == differs
    assert found["config/database.connection.js"].differs == ()


def test_without_a_connection_module_sites_differ_from_each_other() -> None:
    """There is no right one."""
    files = {
        "config/database.connection.js": "exports.host = 'db';",
        "a.js": pool("host: 'a'"),
        "b.js": pool("host: 'b'"),
    }
    assert [site.differs for site in connections(files).values()] == [("host",), ("host",)]


# Ports


def conflicts(files: dict[str, str], port: int | None = None) -> list[str]:
    """Files with a port conflict, settings files among them."""
    found = repository({"package.json": PACKAGE, **files}, Config(database=DatabaseConfig(port=port)))
    return sorted(
        {site.file for site in found.connections if site.port_conflict}
        | {file.file for file in found.settings_files if file.port_conflict}
    )


MAIN = "config/database.connection.js"


def test_a_configured_port() -> None:
    """Every place is compared with it, the driver's default and that of an environment variable included."""
    files = {
        MAIN: pool("port: process.env.DB_PORT || 3307"),
        "a.js": pool("port: 3306"),
        "b.js": pool("host: 'db'"),
        "c.js": pool("port: process.env.DB_PORT || 3306"),
        "d.js": pool("port: process.env.DB_PORT"),
        ".env": "DB_PORT=3306\n",
        ".env.example": "DB_PORT=3307\n",
        ".env.test": "DB_PORT=3310\n",
    }
    assert conflicts(files, 3307) == [".env", "a.js", "b.js", "c.js"]


def test_a_configured_port_is_for_the_main_database() -> None:
    """A cache and a second database beside it have ports of their own."""
    files = {
        MAIN: pool("port: 3307"),
        "cache.js": "module.exports = require('redis').createClient({ url: 'redis://db:6379' });",
        "documents.js": "require('mongoose').connect('mongodb://db/documents');",
        ".env": "DB_PORT=3307\nREDIS_PORT=6379\nMONGO_PORT=27017\n",
    }
    assert conflicts(files, 3307) == []


def test_without_a_configured_port_the_connection_module_counts() -> None:
    """Who differs from it is accused; it is itself only compared with the settings files."""
    files = {MAIN: pool("port: 3307"), "a.js": pool("port: 3306"), "b.js": pool("port: 3307")}
    assert conflicts(files) == ["a.js"]
    assert conflicts({**files, ".env": "DB_PORT=3306\n"}) == [".env", "a.js", MAIN]
    assert conflicts({**files, ".env": "DB_PORT=3307\n", "compose.yml": COMPOSE}) == ["a.js"]


COMPOSE = "services: {db: {image: 'mysql:8', ports: ['3307:3306']}}"


def test_where_the_connection_module_says_nothing_all_must_agree() -> None:
    """Its port comes from the environment, so that each of the others may be right."""
    files = {MAIN: pool("port: process.env.DB_PORT"), "a.js": pool("port: 3306"), ".env": "DB_PORT=3307\n"}
    assert conflicts(files) == [".env", "a.js"]
    said = [step.text for step in connections(files)["a.js"].trail if step.file == ".env"]
    assert said == ["says port 3307"]


def test_deployments_may_differ() -> None:
    """A file for production and one for development are not compared with each other, nor one for tests with any."""
    files = {
        MAIN: pool("port: process.env.DB_PORT"),
        ".env.production": "DB_PORT=3306\n",
        ".env.development": "DB_PORT=3307\n",
        ".env.test": "DB_PORT=3308\n",
        "tests/.env": "DB_PORT=3309\n",
    }
    assert conflicts(files) == []
    assert conflicts({**files, ".env": "DB_PORT=3307\n"}) == [".env", ".env.production"]


def test_other_packages_are_not_compared() -> None:
    """Settings count for the folder that they stand in and what is below it."""
    files = {
        "api/package.json": PACKAGE,
        "api/db.js": pool("port: 3307"),
        "jobs/package.json": PACKAGE,
        "jobs/db.js": pool("port: 3306"),
        "jobs/.env": "DB_PORT=3306\n",
    }
    assert conflicts(files) == []
    assert conflicts({**files, ".env": "DB_PORT=3307\n"}) == [".env", "jobs/db.js"]


@pytest.mark.parametrize("settings", ["socketPath: '/run/mysqld.sock'", "...unknown()", "port: unknown()"])
def test_a_port_that_is_not_known_is_no_conflict(settings: str) -> None:
    """A local socket has none, and an unknown one may be right."""
    assert conflicts({MAIN: pool(settings)}, 3307) == []


# Sharing


@pytest.mark.parametrize(
    ("source", "is_shared"),
    [
        ("module.exports = POOL;", True),
        ("module.exports = { pool: POOL };", True),
        ("exports.db = { write: POOL };", True),
        ("const pool = POOL;\nexports.query = sql => pool.query(sql);", True),
        ("class Db { constructor() { this.pool = POOL; } }\nmodule.exports = new Db();", True),
        ("class Db { constructor() { this.pool = POOL; } }\nmodule.exports = Db;\nnew Db();", True),
        ("const pool = POOL;\nrequire('./routes')(pool);", True),
        ("const pool = POOL;\napp.locals.pool = pool;", True),
        ("const pool = POOL;\napp.get('/', (req, res) => res.json(pool.query('x')));", False),
        ("const pool = POOL;\napp.get('/', (req, res) => res.json(pool.query('x')));\nmodule.exports = app;", False),
        (
            "const pool = POOL;\nexports.list = (req, res) => res.json(pool.query('x'));\napp.get('/', exports.list);",
            False,
        ),
    ],
)
def test_sharing(source: str, is_shared: bool) -> None:
    """Exported, reachable through what is exported, or handed on; a handler or an application gives nothing away."""
    text = source.replace("POOL", "mysql.createPool({ host: 'db' })")
    [found] = connections({"server.js": f"{DRIVER}{SERVER}{text}", "routes.js": "module.exports = () => {};"}).values()
    assert found.is_shared is is_shared


def test_an_exported_pool_of_typescript_is_shared() -> None:
    """Whatever way a module exports it."""
    head = "import mysql from 'mysql2/promise';\n"
    for source in (
        "export const pool = mysql.createPool({});",
        "export default mysql.createPool({});",
        "const pool = mysql.createPool({});\nexport { pool as db };",
        "const pool = mysql.createPool({});\nexport function query(sql: string) { return pool.query(sql); }",
    ):
        [found] = connections({"db.ts": head + source}).values()
        assert found.is_shared


def test_back_ends_count_what_is_no_cache() -> None:
    """Two caches beside one database are no duplicate."""
    cache = "module.exports = require('redis').createClient();"
    [backend] = repository(
        {"package.json": PACKAGE, "server.js": SERVER, "db.js": pool(), "a.js": cache, "b.js": cache}
    ).backends
    assert (backend.connection_sites, backend.pools, backend.pools_shared) == (1, 1, True)


def test_the_default_of_a_variable_that_a_file_sets() -> None:
    """The file is right then; it is still compared with files that set the port in another way."""
    files = {MAIN: pool("port: process.env.DB_PORT || 3306"), ".env.sample": "DB_PORT=3307\n"}
    assert conflicts(files) == []
    assert conflicts({**files, "compose.yml": COMPOSE}) == []
    assert conflicts({**files, "compose.yml": COMPOSE.replace("3307", "33006")}) == [".env.sample", "compose.yml"]
    assert conflicts({MAIN: files[MAIN], ".env.sample": "MYSQL_PORT=3307\n"}) == [".env.sample", MAIN]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("port: 3307", "3307"),
        ("host: 'db'", "3306, the default of mysql2,"),
        ("port: process.env.DB_PORT", "process.env.DB_PORT"),
        ("port: process.env.DB_PORT || 3308", "process.env.DB_PORT (3308 where that is not set)"),
        ("port: flag() ? 3307 : 3308", "3307 or 3308"),
        ("port: flag()", "unknown"),
    ],
)
def test_the_port_in_words(options: str, words: str) -> None:
    """What is in effect has a name, also where nothing is given."""
    assert connections({"x.js": f"function flag() {{ return fetch(); }} {pool(options)}"})["x.js"].port_in_use == words


def test_a_default_port_is_no_conflict_with_itself() -> None:
    """A site that gives no port and one that gives the default use the same one."""
    assert conflicts({MAIN: pool("host: 'a'"), "x.js": pool("host: 'a', port: 3306"), ".env": "DB_PORT=3306\n"}) == []
    redis = {MAIN: "require('redis').createClient({});", "x.js": "require('ioredis').createClient({ port: 6379 });"}
    assert conflicts(redis) == []


def test_one_of_several_servers_that_the_connection_module_knows() -> None:
    """A script that asks the cache need not agree with the queue."""
    redis = "const redis = require('redis');\nredis.createClient({ socket: { host: 'a', port: %s } });"
    files = {"db.js": f"{redis % 6379}\n{redis.partition(chr(10))[2] % 6380}", "tools/clean.js": redis % 6380}
    assert not connections(files)["tools/clean.js"].port_conflict


def test_servers_beside_each_other_in_one_file_have_ports_of_their_own() -> None:
    """Two services of one Compose file can not both be published on the same port."""
    services = "services:\n  a: {image: mysql:8, ports: ['13306:3306']}\n  b: {image: mysql:8, ports: ['23306:3306']}\n"
    found = repository({"package.json": PACKAGE, "docker-compose.yml": services}).settings_files
    assert [one.port_conflict for one in found] == [False, False]


@pytest.mark.parametrize(
    ("api", "is_conflict"),
    [
        ("{build: ., depends_on: [db]}", False),
        ("{build: ., depends_on: {db: {condition: service_healthy}}}", False),
        ("{build: ., environment: {DB_HOST: db}}", False),
        ("{build: ./pages}", True),
        ("{image: clinic, depends_on: [db]}", True),
    ],
)
def test_code_in_a_container_reaches_a_database_by_its_own_port(api: str, *, is_conflict: bool) -> None:
    """The published port is for what runs outside, and which of both the code is can't be told."""
    compose = f"services:\n  db: {{image: mysql, ports: ['3307:3306']}}\n  api: {api}\n"
    files = {"package.json": PACKAGE, "db.js": pool("host: 'db'"), "compose.yml": compose}
    found = repository(files)
    assert found.connections[0].port_conflict is is_conflict
    assert found.settings_files[0].port_conflict is is_conflict


MONGO = "require('mongoose').connect(process.env.CLINIC_DB_URL);"
TERMS = "port: Number(process.env.TERMS_DB_PORT) || 3306, host: process.env.TERMS_DB_HOST"


@pytest.mark.parametrize(
    ("files", "conflicting"),
    [
        ({"a.js": MONGO, "b.js": pool(TERMS), ".env": "CLINIC_DB_URL=mongodb://x:27017/a\nTERMS_DB_PORT=3306\n"}, []),
        ({"a.js": MONGO, "b.js": pool(TERMS), ".env": "CLINIC_DB_URL=mongodb://x:27017/a\nTERMS_DB_PORT=3399\n"}, []),
        ({"a.js": MONGO, ".env": "CLINIC_DB_URL=mongodb://x:27017/a\nTERMS_DB_PORT=3306\n"}, []),
        ({"b.js": pool("port: 3306"), ".env": "TERMS_DB_PORT=3306\nBILLS_DB_PORT=3307\n"}, []),
        ({".env": "TERMS_DB_PORT=33061\nBILLS_DB_PORT=33062\n"}, []),
        (
            {"b.js": pool("port: 3306, host: process.env.TERMS_DB_HOST"), ".env": "TERMS_DB_PORT=3399\n"},
            [".env", "b.js"],
        ),
        ({"b.js": pool("port: 3306"), ".env": "DB_PORT=5432\n"}, [".env", "b.js"]),
    ],
)
def test_several_databases_have_ports_of_their_own(files: dict[str, str], conflicting: list[str]) -> None:
    """Variables belong to the driver that reads them; those of a name of their own may tell the kind by the port."""
    assert sorted(set(conflicts(files))) == conflicting
