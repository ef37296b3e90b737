"""SQLite, where the database is a file: https://github.com/WiseLibs/better-sqlite3, https://github.com/TryGhost/node-sqlite3."""

from medpro_audit.model.database.driver import Driver, Opening, Options, keys

_OPTIONS = Options(fields={"database": keys("filename")})
_FILE = Opening("single", ("database", "options"))

DRIVERS = (
    Driver("better-sqlite3", {"": _FILE}, _OPTIONS, "sqlite"),
    Driver("sqlite", {"open": Opening("single", ("options",))}, _OPTIONS, "sqlite"),
    Driver(
        "sqlite3",
        {"Database": _FILE, "cached.Database": _FILE, "verbose().Database": _FILE, "verbose().cached.Database": _FILE},
        _OPTIONS,
        "sqlite",
    ),
)
