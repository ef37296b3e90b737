"""Knex: https://knexjs.org/guide/#configuration-options.

Without ``connection`` it only makes statements: https://knexjs.org/guide/#initializing-the-library.
"""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

KNEX = Options(
    fields={
        "host": keys("connection.host", "connection.server"),
        "port": keys("connection.port"),
        "user": keys("connection.user", "connection.userName"),
        "password": keys("connection.password"),
        "database": keys("connection.database", "connection.filename"),
    },
    urls=keys("connection.connectionString", "connection.uri", "connection"),
    dialect=keys("client", "dialect"),
    sockets=keys("connection.socketPath"),
    pool=keys(
        "pool.min", "pool.max", "pool.idleTimeoutMillis", "pool.acquireTimeoutMillis", "acquireConnectionTimeout"
    ),
    needed=keys("connection"),
)
_KNEX = Opening("orm", ("either",), needs="anything")

DRIVERS = (Driver("knex", {"": _KNEX, "knex": _KNEX, "Knex": _KNEX}, KNEX),)
