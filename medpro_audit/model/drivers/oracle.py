"""Oracle Database: https://node-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

DRIVERS = (
    Driver(
        "oracledb",
        {
            "createPool": Opening("pool", is_global=True),
            # Without settings, or with the alias of a pool, it takes a connection from a pool that exists.
            "getConnection": Opening("single", ("options",), needs="anything"),
        },
        Options(
            fields={"user": keys("user", "username"), "password": keys("password")},
            urls=keys("connectString", "connectionString"),
        ),
        "oracle",
    ),
)
