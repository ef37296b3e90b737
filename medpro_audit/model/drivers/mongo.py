"""MongoDB.

https://mongodb.github.io/node-mongodb-native, https://mongoosejs.com/docs/connections.html,
https://github.com/Automattic/monk
"""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_OPTIONS = Options(
    fields={
        "user": keys("user", "auth.username", "auth.user"),
        "password": keys("pass", "password", "auth.password"),
        "database": keys("dbName"),
    },
    urls=keys("url", "uri"),
    pool=keys("maxPoolSize", "minPoolSize", "poolSize", "serverSelectionTimeoutMS", "socketTimeoutMS"),
)

DRIVERS = (
    Driver(
        "mongodb",
        {
            "MongoClient": Opening("client", needs="anything"),
            "MongoClient.connect": Opening("client"),
            "MongoClient().connect": Opening("client", needs="anything"),
            "connect": Opening("client"),
        },
        _OPTIONS,
        "mongo",
    ),
    Driver(
        "mongoose",
        {
            "Mongoose().connect": Opening("orm"),
            "connect": Opening("orm", is_global=True),
            "connection.openUri": Opening("orm", is_global=True),
            "createConnection": Opening("orm"),
            "createConnection().openUri": Opening("orm"),
        },
        _OPTIONS,
        "mongo",
    ),
    Driver("monk", {"": Opening("client")}, _OPTIONS, "mongo"),
)
