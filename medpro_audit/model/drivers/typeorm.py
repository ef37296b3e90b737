"""TypeORM: https://typeorm.io/docs/data-source/data-source-options."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

TYPEORM = Options(
    fields={
        "host": keys("host", "replication.master.host"),
        "port": keys("port", "replication.master.port"),
        "user": keys("username", "replication.master.username"),
        "password": keys("password", "replication.master.password"),
        "database": keys("database", "replication.master.database"),
    },
    urls=keys("url", "replication.master.url"),
    dialect=keys("type"),
    sockets=keys("socketPath", "extra.socketPath"),
    pool=keys("poolSize", "extra.connectionLimit", "extra.max", "extra.min", "connectTimeout", "maxQueryExecutionTime"),
)

DRIVERS = (
    Driver(
        "typeorm",
        {
            "Connection": Opening("orm"),
            "DataSource": Opening("orm"),
            "createConnection": Opening("orm", is_global=True),
            "createConnections": Opening("orm", is_global=True),
            "getConnectionManager().create": Opening("orm", is_global=True),
        },
        TYPEORM,
    ),
)
