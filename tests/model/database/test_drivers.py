"""Every driver's ways of being given its settings."""

from typing import NamedTuple

import pytest

from medpro_audit.model.drivers import drivers, is_cache
from medpro_audit.model.subjects import Connection, EnvironmentValue, SettingValue
from model.memory import repository


class Case(NamedTuple):
    """A program and what it connects with."""

    source: str
    driver: str
    kind: str
    values: tuple[SettingValue, SettingValue, SettingValue, SettingValue]


OBJECT = "{ host: 'db', port: 3307, user: 'clinic', password: process.env.PW, database: 'records' }"
ALL = ("db", 3307, "clinic", "records")
URL = "scheme://clinic:secret@db:3307/records"

CASES = [
    Case(f"require('mysql').createPool({OBJECT})", "mysql", "pool", ALL),
    Case(f"require('mysql2').createConnection({OBJECT})", "mysql2", "single", ALL),
    Case(f"require('mysql2/promise').createPool('{URL}')", "mysql2", "pool", ALL),
    Case("require('mysql2').createPool({ uri: process.env.DB })", "mysql2", "pool", (EnvironmentValue("DB"),) * 4),
    Case(f"require('mysql').createPoolCluster().add('replica', {OBJECT})", "mysql", "pool", ALL),
    Case(f"require('mariadb').createPool({OBJECT})", "mariadb", "pool", ALL),
    Case(f"new (require('pg').Pool)({OBJECT})", "pg", "pool", ALL),
    Case(f"const {{ Client }} = require('pg'); new Client({{ connectionString: '{URL}' }})", "pg", "single", ALL),
    Case(f"new (require('pg').native.Pool)({OBJECT})", "pg", "pool", ALL),
    Case(f"require('pg-promise')({{ noWarnings: true }})({OBJECT})", "pg-promise", "pool", ALL),
    Case(f"require('postgres')('{URL}', {{ max: 4 }})", "postgres", "pool", ALL),
    Case(
        "require('postgres')({ hostname: 'db', port: '3307', username: 'clinic', db: 'records' })",
        "postgres",
        "pool",
        ALL,
    ),
    Case(f"require('knex')({{ client: 'mysql2', connection: {OBJECT} }})", "knex", "orm", ALL),
    Case(f"require('knex')({{ client: 'pg', connection: '{URL}' }})", "knex", "orm", ALL),
    Case(f"require('knex').knex({{ client: 'pg', connection: {{ connectionString: '{URL}' }} }})", "knex", "orm", ALL),
    Case(
        "const S = require('sequelize'); new S('records', 'clinic', 'x', { host: 'db', port: 3307, dialect: 'mysql' })",
        "sequelize",
        "orm",
        ALL,
    ),
    Case(f"const {{ Sequelize }} = require('sequelize'); new Sequelize('{URL}')", "sequelize", "orm", ALL),
    Case(
        "const { Sequelize } = require('sequelize-typescript');"
        "new Sequelize({ dialect: 'mysql', host: 'db', port: 3307, username: 'clinic', database: 'records' })",
        "sequelize-typescript",
        "orm",
        ALL,
    ),
    Case(
        "const { DataSource } = require('typeorm');"
        "new DataSource({ type: 'mysql', host: 'db', port: 3307, username: 'clinic', database: 'records' })",
        "typeorm",
        "orm",
        ALL,
    ),
    Case(f"require('typeorm').createConnection({{ type: 'postgres', url: '{URL}' }})", "typeorm", "orm", ALL),
    Case(f"require('mongoose').connect('{URL}')", "mongoose", "orm", ALL),
    Case(
        "require('mongoose').connect('mongodb://db:3307', { user: 'clinic', pass: 'x', dbName: 'records' })",
        "mongoose",
        "orm",
        ALL,
    ),
    Case(f"require('mongoose').createConnection('{URL}')", "mongoose", "orm", ALL),
    Case(f"const {{ MongoClient }} = require('mongodb'); new MongoClient('{URL}').connect()", "mongodb", "client", ALL),
    Case(f"require('mongodb').MongoClient.connect('{URL}', (error, db) => db)", "mongodb", "client", ALL),
    Case("require('redis').createClient({ url: 'redis://db:3307/2' })", "redis", "client", ("db", 3307, None, "2")),
    Case(
        "require('redis').createClient({ socket: { host: 'db', port: 3307 }, username: 'clinic', database: 2 })",
        "redis",
        "client",
        ("db", 3307, "clinic", 2),
    ),
    Case("require('redis').createClient(3307, 'db')", "redis", "client", ("db", 3307, None, None)),
    Case("const Redis = require('ioredis'); new Redis(3307, 'db')", "ioredis", "client", ("db", 3307, None, None)),
    Case("const Redis = require('ioredis'); new Redis(3307)", "ioredis", "client", (None, 3307, None, None)),
    Case(
        "const { Redis } = require('ioredis'); new Redis({ host: 'db', port: 3307, db: 2 })",
        "ioredis",
        "client",
        ("db", 3307, None, 2),
    ),
    Case(
        "const Redis = require('ioredis'); new Redis.Cluster([{ host: 'db', port: 3307 }])",
        "ioredis",
        "client",
        ("db", 3307, None, None),
    ),
    Case("require('mssql').connect('Server=db,3307;Database=records;User Id=clinic;Password=x')", "mssql", "pool", ALL),
    Case(
        "new (require('mssql').ConnectionPool)({ server: 'db', port: 3307, user: 'clinic', database: 'records' })",
        "mssql",
        "pool",
        ALL,
    ),
    Case(
        "require('oracledb').createPool({ user: 'clinic', connectString: 'db:3307/records' })", "oracledb", "pool", ALL
    ),
    Case(
        "const D = require('better-sqlite3'); new D('clinic.db')",
        "better-sqlite3",
        "single",
        (None,) * 3 + ("clinic.db",),
    ),
    Case("new (require('sqlite3').verbose().Database)(':memory:')", "sqlite3", "single", (None,) * 3 + (":memory:",)),
    Case(f"require('bluebird').promisifyAll(require('mysql')).createPool({OBJECT})", "mysql", "pool", ALL),
    Case(f"require('drizzle-orm/mysql2').drizzle('{URL}')", "drizzle-orm", "orm", ALL),
    Case(
        f"const mysql = require('mysql'); const use = require('express-myconnection'); use(mysql, {OBJECT}, 'single')",
        "express-myconnection",
        "pool",
        ALL,
    ),
    Case(
        "const session = require('express-session'); const Store = require('express-mysql-session')(session);"
        f"new Store({OBJECT})",
        "express-mysql-session",
        "pool",
        ALL,
    ),
    Case(f"require('connect-mongo').create({{ mongoUrl: '{URL}' }})", "connect-mongo", "client", ALL),
    Case(
        "const PgStore = require('connect-pg-simple')(require('express-session'));"
        f"new PgStore({{ conString: '{URL}', tableName: 'sessions' }})",
        "connect-pg-simple",
        "pool",
        ALL,
    ),
    Case(
        "const { PrismaPg } = require('@prisma/adapter-pg'); const { PrismaClient } = require('@prisma/client');"
        f"new PrismaClient({{ adapter: new PrismaPg({{ connectionString: '{URL}' }}) }})",
        "@prisma/client",
        "orm",
        ALL,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=[f"{case.driver}-{index}" for index, case in enumerate(CASES)])
def test_what_a_driver_is_given(case: Case) -> None:
    """Settings are found wherever a driver takes them from, and it is one site."""
    [found] = repository({"server.js": f"{case.source};"}).connections
    assert (found.driver, found.kind) == (case.driver, case.kind)
    assert (found.host, found.port, found.user, found.database) == case.values


@pytest.mark.parametrize(
    "source",
    [
        "const knex = require('knex')({ client: 'pg' }); module.exports = () => knex.queryBuilder()",
        "require('net').connect({ port: 3306 })",
        "new (require('net').Socket)().connect(3306, 'db')",
        "require('amqplib').connect('amqp://db')",
        "require('react-redux').connect(state => state)(View)",
        "const { Client } = require('@grpc/grpc-js'); new Client('db:3306')",
        "const { Client } = require('discord.js'); new Client({ intents: [] })",
        "require('@apollo/client').createClient({ url: 'http://db' })",
        "require('ldapjs').createClient({ url: 'ldap://db' })",
        "const mysql = require('mysql2'); mysql.createPool",
        "const mysql = require('mysql2'); mysql.format('SELECT ?', [1])",
        "const mongoose = require('mongoose'); mongoose.connection.on('error', console.error)",
        "const { Types } = require('mongoose'); new Types.ObjectId('1')",
        "const { drizzle } = require('drizzle-orm/node-postgres'); module.exports = pool => drizzle(pool)",
        "const knex = require('./db'); knex('patients').select()",
    ],
)
def test_what_is_no_connection(source: str) -> None:
    """Sockets, queues, other clients and members of drivers that open nothing are left alone."""
    assert repository({"server.js": f"{source};"}).connections == ()


@pytest.mark.parametrize(
    "use",
    [
        "require('drizzle-orm/node-postgres').drizzle(pool)",
        "require('drizzle-orm/node-postgres').drizzle({ client: pool })",
        "new (require('@prisma/client').PrismaClient)({ adapter: new (require('@prisma/adapter-pg').PrismaPg)(pool) })",
        "new (require('connect-pg-simple')(session))({ pool })",
        "new (require('express-mysql-session')(session))({ table: 'x' }, pool)",
        "require('connect-mongo').create({ client: unknown })",
        "new (require('@keyv/redis').default)(unknown)",
    ],
)
def test_a_client_that_is_handed_on_is_one_site(use: str) -> None:
    """What uses a connection that was made before opens nothing itself."""
    source = (
        f"const pool = new (require('pg').Pool)({{ host: 'db' }}); const session = require('express-session'); {use};"
    )
    assert [site.driver for site in repository({"db.js": source}).connections] == ["pg"]


def test_what_a_driver_reads_by_itself() -> None:
    """Without settings, node-postgres uses the variables of libpq."""
    [found] = repository({"db.js": "const { Pool } = require('pg'); module.exports = new Pool();"}).connections
    assert (found.host, found.port) == (EnvironmentValue("PGHOST"), EnvironmentValue("PGPORT"))


def test_prisma_takes_its_settings_from_the_schema() -> None:
    """A client without settings uses the datasource of the back end's schema."""
    found = _prisma('datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}\n')
    assert found.host == EnvironmentValue("DATABASE_URL")
    assert found.hardcoded == ()


def test_a_literal_address_in_the_schema_counts_as_code() -> None:
    """It is committed like code is."""
    found = _prisma('datasource db {\n  provider = "mysql"\n  url = "mysql://root:secret@db:3307/records"\n}\n')
    assert (found.host, found.port, found.database) == ("db", 3307, "records")
    assert found.hardcoded == ("host", "user", "password", "database")


def _prisma(schema: str) -> Connection:
    [found] = repository(
        {
            "prisma/schema.prisma": schema,
            "src/db.ts": "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n",
        }
    ).connections
    return found


def test_a_generated_prisma_client_is_one() -> None:
    """Its folder is usually not in the repository, so that the import leads nowhere."""
    source = "import { PrismaClient } from '../generated/prisma';\nexport const prisma = new PrismaClient();\n"
    [found] = repository({"src/db.ts": source}).connections
    assert (found.driver, found.line, found.scope) == ("@prisma/client", 2, "module")


def test_every_driver_is_complete() -> None:
    """A table without a way to open or hold settings would never be used."""
    assert all(driver.openings or package.startswith("@prisma/adapter-") for package, driver in drivers().items())
    assert [package for package in ("redis", "ioredis", "mysql2", "knex") if is_cache(package)] == ["redis", "ioredis"]
