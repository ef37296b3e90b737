"""Sequelize: https://sequelize.org/docs/v6/getting-started/#connecting-to-a-database."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

SEQUELIZE = Options(
    fields={
        "host": keys("host", "replication.write.host"),
        "port": keys("port", "replication.write.port"),
        "user": keys("username", "user", "replication.write.username"),
        "password": keys("password", "replication.write.password"),
        "database": keys("database", "storage", "replication.write.database"),
    },
    urls=keys("url"),
    dialect=keys("dialect"),
    sockets=keys("dialectOptions.socketPath"),
    pool=keys("pool.max", "pool.min", "pool.acquire", "pool.idle", "pool.evict"),
)
_SEQUELIZE = Opening("orm", listed=("database", "user", "password", "options"))
_OPENINGS = {"": _SEQUELIZE, "Sequelize": _SEQUELIZE}

DRIVERS = tuple(
    Driver(package, _OPENINGS, SEQUELIZE) for package in ("@sequelize/core", "sequelize", "sequelize-typescript")
)
