"""Whether modules are meant to open connections."""

import pytest

from medpro_audit.model.database.purpose import purpose_of


@pytest.mark.parametrize(
    "path",
    [
        "config/database.connection.js",
        "config/index.js",
        "database/init.js",
        "db.js",
        "src/data-source.ts",
        "src/DataSource.ts",
        "src/loaders/mongoose.ts",
        "src/models/index.js",
        "src/mysql2.js",
        "src/utils/redis.ts",
        "src/utils/db-client.ts",
    ],
)
def test_a_module_that_is_named_for_it(path: str) -> None:
    """A database, a driver or a connection in its name, and nothing else; or an index in such a folder."""
    assert purpose_of(path) == 2


@pytest.mark.parametrize("path", ["config/env.js", "src/db/seeds.js", "src/Storage/Mongo/MongoStorage.js"])
def test_a_module_near_it(path: str) -> None:
    """A part of its name, or its folder, says so."""
    assert purpose_of(path) == 1


@pytest.mark.parametrize(
    "path",
    [
        "app.js",
        "src/oracle/WardRepository.ts",
        "db/visits.dao.js",
        "server.js",
        "src/middlewares.js",
        "src/PubSub/RedisPubSub.js",
        "x",
    ],
)
def test_a_module_for_something_else(path: str) -> None:
    """What only uses a database is not meant to open it."""
    assert purpose_of(path) == 0
