"""Drizzle, which makes a connection of its own unless it is given one: https://orm.drizzle.team/docs/connect-overview."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

DRIVERS = (
    Driver(
        "drizzle-orm",
        {"drizzle": Opening("orm", needs="settings")},
        Options(
            fields={
                "host": keys("connection.host"),
                "port": keys("connection.port"),
                "user": keys("connection.user"),
                "password": keys("connection.password"),
                "database": keys("connection.database"),
            },
            urls=keys("connection.connectionString", "connection.uri", "connection.url", "connection"),
            clients=keys("client"),
        ),
    ),
)
