"""Prisma, whose settings stand in its schema or in a driver adapter: https://www.prisma.io/docs/orm/prisma-client."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys
from medpro_audit.model.database.families import Family

PACKAGE = "@prisma/client"

_ADAPTER = Options(
    fields={
        "host": keys("host", "server"),
        "port": keys("port"),
        "user": keys("user"),
        "password": keys("password"),
        "database": keys("database"),
    },
    urls=keys("connectionString", "url"),
)
_ADAPTERS: dict[str, Family] = {
    "@prisma/adapter-better-sqlite3": "sqlite",
    "@prisma/adapter-libsql": "sqlite",
    "@prisma/adapter-mariadb": "mysql",
    "@prisma/adapter-mssql": "mssql",
    "@prisma/adapter-neon": "postgres",
    "@prisma/adapter-pg": "postgres",
}

DRIVERS = (
    Driver(
        PACKAGE,
        {"PrismaClient": Opening("orm", ("options",))},
        Options(fields={}, urls=keys("datasourceUrl", "datasources.db.url"), adapters=keys("adapter")),
    ),
    # An adapter opens nothing by itself; it holds the settings that the client uses.
    *(Driver(package, {}, _ADAPTER, family) for package, family in _ADAPTERS.items()),
)
