"""Express middleware and session stores that connect by themselves, unless they are given a connection.

https://github.com/pwalczak/express-myconnection, https://github.com/chill117/express-mysql-session#options,
https://github.com/jdesboeufs/connect-mongo, https://github.com/voxpelli/node-connect-pg-simple#advanced-options
"""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_MYSQL = Options(
    fields={
        "host": keys("host"),
        "port": keys("port"),
        "user": keys("user"),
        "password": keys("password"),
        "database": keys("database"),
    },
    sockets=keys("socketPath"),
)

DRIVERS = (
    Driver(
        "connect-mongo",
        dict.fromkeys(("", "()", "create"), Opening("client", needs="settings")),
        Options(
            fields={"database": keys("dbName")},
            urls=keys("mongoUrl", "url"),
            clients=keys("client", "clientPromise", "mongooseConnection"),
        ),
        "mongo",
    ),
    Driver(
        "connect-pg-simple",
        {"()": Opening("pool", needs="settings")},
        Options(
            fields={
                "host": keys("conObject.host"),
                "port": keys("conObject.port"),
                "user": keys("conObject.user"),
                "password": keys("conObject.password"),
                "database": keys("conObject.database"),
            },
            urls=keys("conString", "conObject.connectionString"),
            clients=keys("pool", "pgPromise"),
        ),
        "postgres",
    ),
    Driver("express-myconnection", {"": Opening("pool", ("name", "options", "name"))}, _MYSQL, "mysql"),
    Driver("express-mysql-session", {"()": Opening("pool", needs="settings")}, _MYSQL, "mysql"),
)
