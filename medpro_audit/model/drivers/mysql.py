"""MySQL and MariaDB.

https://sidorares.github.io/node-mysql2, https://github.com/mysqljs/mysql#connection-options,
https://mariadb.com/docs/connectors/mariadb-connector-nodejs
"""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_OPTIONS = Options(
    fields={
        "host": keys("host"),
        "port": keys("port"),
        "user": keys("user"),
        "password": keys("password", "password1"),
        "database": keys("database"),
    },
    urls=keys("uri"),
    sockets=keys("socketPath"),
    pool=keys(
        "connectionLimit",
        "maxIdle",
        "minimumIdle",
        "queueLimit",
        "waitForConnections",
        "acquireTimeout",
        "connectTimeout",
        "idleTimeout",
    ),
)
_OPENINGS = {
    "createConnection": Opening("single"),
    "createConnectionPromise": Opening("single"),
    "createPool": Opening("pool"),
    "createPoolCluster().add": Opening("pool", ("either",), listed=("name", "options"), needs="anything"),
    "createPoolPromise": Opening("pool"),
}

DRIVERS = tuple(
    Driver(package, _OPENINGS, _OPTIONS, "mysql")
    for package in ("mariadb", "mysql", "mysql2", "promise-mysql", "serverless-mysql")
)
