"""Settings files: what they say of databases, and what is wrong with it."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.core.config import Config, DatabaseConfig
from medpro_audit.model.subjects import SettingsFile
from model.memory import repository

Row = tuple[str | None, str | None, int | None, str | None]


def files_of(contents: dict[str, str | bytes]) -> tuple[SettingsFile, ...]:
    """Read the settings files of a repository."""
    return repository(contents).settings_files


def rows(path: str, content: str) -> list[Row]:
    """Driver, host, port and database of everything that one file says."""
    return [(file.driver, file.host, file.port, file.database) for file in files_of({path: content})]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("DB_HOST=db\nDB_PORT=3307\nDB_NAME=clinic\nDB_PASSWORD=x\n", [(None, "db", 3307, "clinic")]),
        ("export DB_PORT = '3307' # dev\r\n", [(None, None, 3307, None)]),
        ("\ufeffMYSQL_HOST=db\nMYSQL_DATABASE=clinic\n", [("mysql", "db", None, "clinic")]),
        ("DB_HOST=db # the new one\nDB_PORT=3307\t#x\n", [(None, "db", 3307, None)]),
        ("PGHOST=db\nPGPORT=5433\n", [("postgres", "db", 5433, None)]),
        ("DATABASE_URL=mysql://root:x@db:3307/clinic\n", [("mysql", "db", 3307, "clinic")]),
        ('DATABASE_URL="postgres://db/clinic?schema=public"\n', [("postgres", "db", None, "clinic")]),
        ("DB_CONNECTION=mysql\nDB_PORT=3307\n", [("mysql", None, 3307, None)]),
        ("HOST_DB=a\nDB_HOST=db\nDB_URL=mysql://${DB_HOST}:${P:-3307}/x\n", [("mysql", "db", 3307, "x")]),
        ("DB_PORT=3307\nREDIS_PORT=6380\n", [(None, None, 3307, None), ("redis", None, 6380, None)]),
        ("MYSQL_EXPORTER_PORT=9104\nMONGO_EXPRESS_PORT=8081\nPORT=3000\nDB_NAME=x\n#DB_PORT=1\nDB_PORT=abc\n", []),
    ],
)
def test_env_files(content: str, expected: list[Row]) -> None:
    """Variables are grouped by what their names begin with; what says neither host nor port says nothing."""
    assert rows(".env", content) == expected


COMPOSE = """
x-defaults: &defaults
  restart: always
services:
  database:
    <<: *defaults
    image: docker.io/library/mysql:8.4
    environment:
      MYSQL_ROOT_PASSWORD: hunter2
      MYSQL_DATABASE: clinic
    ports:
      - "33060:33060"
      - PORTS
  api:
    build: .
    environment:
      - DB_HOST=database
      - DB_PORT=3306
"""


@pytest.mark.parametrize(
    ("ports", "port"),
    [
        ('"3307:3306"', 3307),
        ("127.0.0.1:3307:3306", 3307),
        ("3307:3306/tcp", 3307),
        ('"[::1]:3307:3306"', 3307),
        ("${DB_PORT:-3307}:3306", 3307),
        ("{target: 3306, published: 3307, protocol: tcp}", 3307),
        ('"3306"', None),
        ("3307-3310:3306", None),
    ],
)
def test_compose_files(ports: str, port: int | None) -> None:
    """The published port counts outside; a variable is looked up in the ``.env`` file beside it or has its default."""
    found = rows("docker-compose.yml", COMPOSE.replace("PORTS", ports))
    assert found[0] == ("mysql", "database", port, "clinic")
    assert found[1] == (None, "database", 3306, None)


def test_a_compose_variable_is_looked_up() -> None:
    """Compose reads the ``.env`` file in its own folder."""
    found = files_of(
        {"docker/compose.yaml": COMPOSE.replace("PORTS", "${DB_PORT}:3306"), "docker/.env": "DB_PORT=3307\n"}
    )
    assert [file.port for file in found if file.driver == "mysql"] == [3307]


def test_a_port_inside_the_network_is_no_conflict() -> None:
    """A service of the file is reached by its own port, whatever port it publishes."""
    config = Config(database=DatabaseConfig(port=3307))
    found = repository({"compose.yml": COMPOSE.replace("PORTS", "3307:3306")}, config).settings_files
    assert [(file.port, file.port_conflict) for file in found] == [(3307, False), (3306, False)]


@pytest.mark.parametrize(
    "bomb",
    [
        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nservices: {d: {image: mysql, environment: *c}}",
        "services: &s\n  <<: *s\n  db: {image: mysql, ports: ['3307:3306']}",
        "[" * 20_000,
        "services: {db: {image: mysql, ports: " + "[" * 900 + "]" * 900 + "}}",
        "services: !!python/object/apply:os.system ['true']",
        "services: [db, mysql]",
        "- 1\n--- \n- 2",
        "services:\n  db:\n    image: [mysql]\n    ports: 3307",
        "\x00",
        "a: " + "x" * 100_000,
    ],
)
def test_a_hostile_compose_file_is_survived(bomb: str) -> None:
    """It is read for what it holds, or there is a notice; nothing is built, run or blown up."""
    found = repository({"compose.yml": bomb})
    assert all(file.port in {None, 3307} for file in found.settings_files)


def test_prisma_schemas() -> None:
    """The datasource says which database it is, and the address where it is literal."""
    literal = 'datasource db {\n  provider = "mysql"\n  url      = "mysql://root:x@db:3307/clinic" // dev\n}\n'
    variable = 'generator client {\n}\ndatasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
    assert rows("prisma/schema.prisma", literal) == [("mysql", "db", 3307, "clinic")]
    [found] = files_of({"prisma/schema.prisma": variable})
    assert (found.driver, found.port, found.line) == ("postgres", None, 5)
    assert "$DATABASE_URL" in found.trail[0].text


def test_orm_files_in_json() -> None:
    """sequelize-cli, TypeORM and db-migrate; each entry with the line of its port."""
    sequelize = {
        "development": {
            "username": "root",
            "password": None,
            "database": "dev",
            "host": "db",
            "port": 3307,
            "dialect": "mysql",
        },
        "production": {"use_env_variable": "DATABASE_URL", "dialect": "postgres"},
        "other": {"port": 1},
    }
    found = files_of({"config/config.json": json.dumps(sequelize, indent="\t")})
    assert [(file.driver, file.host, file.port, file.database, file.line) for file in found] == [
        ("mysql", "db", 3307, "dev", 7),
        ("postgres", None, None, None, 11),
    ]
    assert rows("ormconfig.json", '[{"type": "mysql", "host": "db", "port": 3307, "database": "x"}]') == [
        ("mysql", "db", 3307, "x")
    ]
    assert rows("database.json", '{"dev": {"driver": "mysql", "host": "db", "port": "3307"}}') == [
        ("mysql", "db", 3307, None)
    ]


def test_orm_files_in_javascript() -> None:
    """What a knexfile exports is evaluated: other modules, spreads and defaults are followed."""
    found = files_of(
        {
            "knexfile.js": "const base = require('./base');\nmodule.exports = {\n"
            "  development: { ...base, connection: { host: 'db', port: process.env.DB_PORT || 3307 } },\n"
            "  production: { ...base, connection: process.env.DATABASE_URL },\n};\n",
            "base.js": "module.exports = { client: 'mysql2' };",
        }
    )
    assert [(file.driver, file.host, file.port, file.line) for file in found] == [
        ("mysql", "db", 3307, 3),
        ("mysql", None, None, 4),
    ]
    assert rows("ormconfig.ts", "export default { type: 'postgres', host: 'db', port: 5433, database: 'x' };") == [
        ("postgres", "db", 5433, "x")
    ]


@pytest.mark.parametrize(
    "path", ["config/config.json", "ormconfig.json", "database.json", "knexfile.js", "a.prisma", ".env"]
)
@pytest.mark.parametrize(
    "content", ["", "{", "[1, 2]", "null", '{"a": null}', "\ud7ff", "module.exports = null", "a b\n=\n"]
)
def test_files_of_another_shape(path: str, content: str) -> None:
    """They hold nothing of ours."""
    assert files_of({path: content}) == ()


def test_no_password_is_shown() -> None:
    """Neither in a field nor in a step."""
    contents: dict[str, str | bytes] = {
        ".env": "DB_PASSWORD=hunter2\nDATABASE_URL=mysql://root:hunter2@db:3306/x\nMONGO_URL=mongodb://u:hunter2#@h/x\n"
        "DB_HOST=mysql://root:hunter2@db\nREDIS_HOST=u:hunter2@db\n",
        "compose.yml": COMPOSE.replace("PORTS", "3307:3306"),
        "prisma/schema.prisma": 'datasource db {\n provider = "mysql"\n url = "mysql://root:hunter2@db/x"\n}',
        "config/config.json": '{"dev": {"dialect": "mysql", "host": "db", "password": "hunter2"}}',
        "knexfile.js": "module.exports = { client: 'pg', connection: 'postgres://root:hunter2@db/x' };",
    }
    found = files_of(contents)
    assert {file.source for file in found} == {"env", "compose", "prisma", "orm"}
    assert "hunter2" not in json.dumps(msgspec.to_builtins(found))


@given(st.binary(max_size=300))
def test_any_bytes(content: bytes) -> None:
    """No file makes a reader fail."""
    paths = (".env", "compose.yml", "schema.prisma", "config/config.json")
    assert isinstance(files_of(dict.fromkeys(paths, content)), tuple)
