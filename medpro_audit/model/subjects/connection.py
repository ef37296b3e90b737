"""A place that opens a database connection."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.core.place import Step


class EnvironmentValue(Struct, frozen=True):
    """A value taken from an environment variable."""

    env: str
    default: str | int | None = None


SettingValue = str | int | EnvironmentValue | None
"""A literal, an environment variable, or None when unknown or not given."""


Purpose = Literal["records", "cache", "sessions"]
"""What a connection is for: records of the program, a cache, the store of sessions that a package keeps by itself."""


class PoolSetting(Struct, frozen=True):
    """One option that limits a pool."""

    name: str
    """As the driver calls it: ``connectionLimit``, ``pool.max``."""
    value: SettingValue


class Connection(Struct, frozen=True):
    """One place that opens a database connection or makes a pool."""

    file: str
    line: int
    driver: str
    """npm package: ``mysql2``, ``pg``, ``sequelize``, …"""
    kind: Literal["pool", "single", "client", "orm"]
    host: SettingValue
    port: SettingValue
    user: SettingValue
    database: SettingValue
    hardcoded: tuple[str, ...]
    """Which of host, user, password, database stand in the code as literals."""
    canonical: bool
    """It stands in the canonical module of its back end."""
    canonical_module: str | None
    """None when several modules connect and none of them is one for that."""
    scope: Literal["module", "function", "handler"]
    """Where it is opened: once at load, in a helper function, or while a request is served."""
    backend: str
    sites: int
    """Connection sites in the same back end that speak to the same kind of database, this one included."""
    twins: int | None = 1
    """Of these, the ones in server code that surely connect to the same database; None where the settings of others, or
    its own, are not known."""
    is_stray: bool | None = False
    """It connects to the database of the connection module, from elsewhere; None when that isn't known."""
    differs: tuple[str, ...] = ()
    """Which of host, port, user, database differ from the canonical site (or, without one, from the other sites)."""
    port_expected: int | None = None
    """The configured port; None when none is configured."""
    port_conflict: bool = False
    """The port (or its default) is not the configured one. Without one: not that of the connection module, or, in that
    module, not that of a settings file; where that module says nothing, not that of any other place."""
    is_of_caller: bool = False
    """A function opens it to whatever database its caller names: drivers of a tool for databases, restored backups."""
    purpose: Purpose = "records"
    """What it is for."""
    is_file: bool = False
    """The database is a file that the program opens itself, without a server, a network and a login: SQLite."""
    is_temporary: bool = False
    """The function that opens it closes it as well, outside of requests: a migration, a test of the settings."""
    has_spare_password: bool = False
    """Its password is only what stands in for a variable that is not set, on a host that is then the local one."""
    is_shared: bool = True
    """Other modules can import what this site makes."""
    trail: tuple[Step, ...] = ()
    reason: str | None = None
    """Why values are unknown."""
    role: Literal["server", "script", "test", "browser"] = "server"
    """What the module is."""
    ports: tuple[int, ...] = ()
    """Every port that it can use as far as the code says."""
    default_port: int | None = None
    """The driver's own default, in effect because no port is given."""

    pool: tuple[PoolSetting, ...] = ()
    """What limits its pool, as far as the code says: how many connections, how many may wait, for how long."""
    variables: tuple[str, ...] = ()
    """Environment variables that it reads and for which the code has no default."""
    error_listener: bool | None = None
    """The ``error`` events that its driver raises on an idle connection are listened for, without which the process
    ends; True for a driver that raises none."""
    reports_failure: bool | None = None
    """A failed attempt to connect is noticed: it is waited for, caught, or the callback looks at its error. True where
    nothing connects before it is used; None where the promise is kept for others."""

    @property
    def port_in_use(self) -> str:
        """The port in words: what is given, or else the driver's default."""
        match self.port:
            case EnvironmentValue(env=name, default=default):
                return f"process.env.{name}" + (f" ({default} where that is not set)" if default is not None else "")
            case None if self.default_port is not None:
                return f"{self.default_port}, the default of {self.driver},"
            case None:
                return " or ".join(map(str, self.ports)) or "unknown"
        return str(self.port)

    @property
    def connection_module(self) -> str:
        """Where it should be opened, in words."""
        return self.canonical_module or "a connection module, of which there is none yet"

    @property
    def has_literal_password(self) -> bool | None:
        """The password stands in the code; None when that is unknown."""
        return "password" in self.hardcoded or (None if self.reason else False)

    @property
    def literal_settings(self) -> tuple[str, ...] | None:
        """Which of host, user and database stand in the code; None when that is unknown."""
        settings = tuple(name for name in self.hardcoded if name != "password")
        return settings or (None if self.reason else ())

    @property
    def port_agrees(self) -> bool | None:
        """The port is the configured one, or else that of the other sites and settings; None when it is unknown."""
        if self.port_conflict:
            return False
        return None if self.port is None and self.reason else True

    @property
    def identity(self) -> str:
        """Driver, kind and file."""
        return f"{self.driver} {self.kind} {self.file}"


SUBJECT = Connection
