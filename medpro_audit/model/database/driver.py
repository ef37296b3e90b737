"""What a driver's table says: which of its members opens a connection, and how the settings are given to it."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from medpro_audit.model.database.families import Family

Kind = Literal["pool", "single", "client", "orm"]
Field = Literal["host", "port", "user", "password", "database"]
FIELDS: tuple[Field, ...] = ("host", "port", "user", "password", "database")

Position = Field | Literal["either", "name", "options"]
"""What an argument is: a setting, an object with settings, either that or a connection string, or nothing of these."""

KeyPath = tuple[str, ...]
"""Nested keys of an options object, outermost first."""


class Options(Struct, frozen=True):
    """Where an options object holds the settings; of several places the first one that is given counts."""

    fields: Mapping[Field, tuple[KeyPath, ...]]
    urls: tuple[KeyPath, ...] = ()
    """Places of a connection string."""
    dialect: tuple[KeyPath, ...] = ()
    """Places of the word for the kind of database, for a driver that speaks to several."""
    sockets: tuple[KeyPath, ...] = ()
    """Places of a path to a local socket, in whose presence host and port don't count."""
    adapters: tuple[KeyPath, ...] = ()
    """Places of an adapter, made by another package, that holds the settings."""
    pool: tuple[KeyPath, ...] = ()
    """Places of what limits a pool: how many connections, how many may wait, for how long."""
    clients: tuple[KeyPath, ...] = ()
    """Places of a connection that was made before, in whose presence none is opened."""
    needed: tuple[KeyPath, ...] = ()
    """Places of what it connects by: an object that has none of them opens nothing."""


class Opening(Struct, frozen=True):
    """A member of a driver that, called or with ``new``, opens a connection or makes a pool."""

    kind: Kind
    arguments: tuple[Position, ...] = ("either", "options")
    listed: tuple[Position, ...] = ()
    """How the arguments are given when they don't fit ``arguments``: one by one."""
    is_global: bool = False
    """What it opens is reached through the package, so that every module shares it."""
    needs: Literal["nothing", "anything", "settings"] = "nothing"
    """What must be given, so that it connects: an argument at all, or one that surely is no connection made before."""


class Driver(Struct, frozen=True):
    """An npm package that connects to a database."""

    package: str
    openings: Mapping[str, Opening]
    """By path of members and calls from the package, ``default`` left out: ``createPool``, ``MongoClient.connect``,
    empty for the package itself, ``()`` for what a call of it returns."""
    options: Options
    family: Family | None = None
    """None when it speaks to several kinds of database."""
    environment: Mapping[Field, str] = {}
    """Environment variables that it reads by itself for what is not given."""


def keys(*names: str) -> tuple[KeyPath, ...]:
    """Places in an options object; ``a.b`` means ``b`` inside ``a``."""
    return tuple(tuple(name.split(".")) for name in names)
