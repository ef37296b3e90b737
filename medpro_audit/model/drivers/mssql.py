"""Microsoft SQL Server: https://tediousjs.github.io/node-mssql."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_OPTIONS = Options(
    fields={
        "host": keys("server", "host"),
        "port": keys("port", "options.port"),
        "user": keys("user", "authentication.options.userName"),
        "password": keys("password", "authentication.options.password"),
        "database": keys("database", "options.database"),
    },
    urls=keys("connectionString"),
)

DRIVERS = (
    Driver(
        "mssql",
        {"ConnectionPool": Opening("pool"), "connect": Opening("pool", is_global=True, needs="anything")},
        _OPTIONS,
        "mssql",
    ),
    Driver("tedious", {"Connection": Opening("single")}, _OPTIONS, "mssql"),
)
