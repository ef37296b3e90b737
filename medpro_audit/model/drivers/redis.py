"""Redis and Valkey: https://github.com/redis/node-redis, https://github.com/redis/ioredis."""

from medpro_audit.model.database.driver import Driver, Opening, Options, Position, keys

_NODE_REDIS = Options(
    fields={
        "host": keys("socket.host", "host"),
        "port": keys("socket.port", "port"),
        "user": keys("username"),
        "password": keys("password", "auth_pass"),
        "database": keys("database", "db"),
    },
    urls=keys("url", "rootNodes.0.url", "sentinelRootNodes.0.url"),
    sockets=keys("socket.path", "path"),
)
_IOREDIS = Options(
    fields={
        "host": keys("host", "sentinels.0.host", "0.host"),
        "port": keys("port", "sentinels.0.port", "0.port"),
        "user": keys("username", "redisOptions.username"),
        "password": keys("password", "redisOptions.password"),
        "database": keys("db"),
    },
    urls=keys("0", "0.url"),
    sockets=keys("path"),
)
_ONE_BY_ONE: tuple[Position, ...] = ("port", "host", "options")
_CREATE = {
    "createClient": Opening("client", listed=_ONE_BY_ONE),
    "createClientPool": Opening("pool"),
    "createCluster": Opening("client"),
    "createSentinel": Opening("client"),
}
_REDIS = Opening("client", listed=_ONE_BY_ONE)

DRIVERS = (
    Driver("@keyv/redis", {**_CREATE, "": Opening("client", needs="settings")}, _NODE_REDIS, "redis"),
    Driver(
        "ioredis",
        {"": _REDIS, "Redis": _REDIS, "Cluster": Opening("client"), "Redis.Cluster": Opening("client")},
        _IOREDIS,
        "redis",
    ),
    Driver("iovalkey", {"": _REDIS, "Redis": _REDIS, "Cluster": Opening("client")}, _IOREDIS, "redis"),
    Driver("redis", _CREATE, _NODE_REDIS, "redis"),
    Driver("@redis/client", _CREATE, _NODE_REDIS, "redis"),
)
