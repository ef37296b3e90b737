"""What one settings file says of one database."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from medpro_audit.model.database.connection_strings import read_connection_string
from medpro_audit.model.database.families import Family
from medpro_audit.model.evaluation.values import Constant, Value

_MAX_SHOWN = 200
_MAX_PORT = 65535


class Outside(Struct, frozen=True):
    """Settings of one database in a file outside the code."""

    line: int
    source: Literal["env", "compose", "prisma", "orm"]
    family: Family | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None
    name: str = ""
    """What it is called in its file: a service, an environment, a group of variables."""
    variable: str | None = None
    """The environment variable that holds the address, when it isn't written here."""
    sets: str = ""
    """The environment variable that holds the port, when it is written here."""
    environment: str = ""
    """The deployment that it is for, when it is for one only."""
    target: int | None = None
    """The port inside a container network in which code of this repository runs, beside the one that is published."""
    is_inside: bool = False
    """The port counts inside a container network, where the published one is of no use."""


class Address(Struct, frozen=True):
    """The parts of an address that may be shown."""

    family: Family | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None


def address_of(text: str) -> Address | None:
    """Take a connection string apart; None when it is none."""
    found = read_connection_string((text,))
    if found is None:
        return None
    host, port, database = (found.fields.get(name) for name in ("host", "port", "database"))
    return Address(found.family, _text(host), port_of(_text(port)), _text(database))


def port_of(text: object) -> int | None:
    """A port number; None when it is none."""
    word = str(text).strip() if isinstance(text, str | int) and not isinstance(text, bool) else ""
    return int(word) if word.isascii() and word.isdigit() and 0 < int(word[:6]) <= _MAX_PORT else None


def shown(text: object) -> str | None:
    """A host or a name as it may be shown; None for what could hide a whole address with its password."""
    if not isinstance(text, str) or not text.strip() or len(text) > _MAX_SHOWN or "://" in text or "@" in text:
        return None
    return text.strip()


def _text(value: Value | None) -> str | None:
    return shown(value.value) if isinstance(value, Constant) else None
