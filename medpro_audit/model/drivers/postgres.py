"""PostgreSQL.

https://node-postgres.com, https://github.com/porsager/postgres, https://github.com/vitaly-t/pg-promise/wiki/Connection-Syntax
"""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_OPTIONS = Options(
    fields={
        "host": keys("host", "hostname"),
        "port": keys("port"),
        "user": keys("user", "username"),
        "password": keys("password", "pass"),
        "database": keys("database", "db"),
    },
    urls=keys("connectionString", "url"),
    pool=keys("max", "min", "idleTimeoutMillis", "connectionTimeoutMillis", "statement_timeout", "idle_timeout"),
)
_ENVIRONMENT = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "database": "PGDATABASE"}
"""https://node-postgres.com/features/connecting: the variables of libpq, in all three."""


def _driver(package: str, **openings: Opening) -> Driver:
    return Driver(package, openings, _OPTIONS, "postgres", _ENVIRONMENT)  # type: ignore[arg-type]


_PG = {
    "Client": Opening("single"),
    "Pool": Opening("pool"),
    "native.Client": Opening("single"),
    "native.Pool": Opening("pool"),
}

DRIVERS = (
    _driver("@neondatabase/serverless", Client=Opening("single"), Pool=Opening("pool"), neon=Opening("client")),
    _driver("@vercel/postgres", createClient=Opening("single"), createPool=Opening("pool")),
    _driver("pg", **_PG),
    _driver("pg-pool", **{"": Opening("pool")}),
    _driver("pg-promise", **{"()": Opening("pool")}),
    _driver("postgres", **{"": Opening("pool")}),
)
