"""Connection strings taken apart: URLs, ``Server=…;Database=…`` and Oracle's ``host:port/service``.

A string may hold parts that only exist at run time; each stands in the text as one private-use character while it is
taken apart. What can't be read with certainty yields nothing: a misread string could show a piece of its password.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from msgspec import Struct

from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.evaluation.values import Constant, Text, Value

_MAX_LENGTH = 4096
_FIRST = 0xE000
"""Start of Unicode's private use area."""
_LAST = 0xF8FF
_PLACEHOLDER = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")

_URL = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]{0,40})://(?P<authority>[^/?#\\]*)(?P<rest>.*)", re.DOTALL)
_HOST = re.compile(r"(?P<host>\[[^\[\]]*\]|[^:\[\]]*)(?::(?P<port>[^:]*))?")
_ORACLE = re.compile(r"(?://)?(?P<host>[\w.-]{1,255})(?::(?P<port>\d{1,5}))?/(?P<database>[\w.$#-]{1,128})")
_PAIR = re.compile(r"\s*(?P<key>[A-Za-z][A-Za-z _]{0,40}?)\s*=\s*(?P<value>'[^']*'|[^;]*)\s*(?:;|\Z)")
_LIBPQ_PAIR = re.compile(r"\s*(?P<key>[a-z_]{1,40})=(?P<value>'[^']*'|\S*)(?:\s|\Z)")
_KEYS: dict[str, Field] = {
    "address": "host",
    "addr": "host",
    "data source": "host",
    "database": "database",
    "dbname": "database",
    "host": "host",
    "initial catalog": "database",
    "password": "password",
    "port": "port",
    "pwd": "password",
    "server": "host",
    "uid": "user",
    "user": "user",
    "user id": "user",
    "username": "user",
}


class ConnectionString(Struct, frozen=True):
    """The parts of a connection string."""

    fields: Mapping[Field, Value]
    family: Family | None = None
    has_port: bool = True
    """False when the port is looked up elsewhere (``mongodb+srv``) or there is none."""


def read_connection_string(parts: Sequence[str | Value]) -> ConnectionString | None:
    """Take a connection string apart; None when it is none, or can't be read with certainty."""
    inserted = [part for part in parts if not isinstance(part, str)]
    marks = iter(chr(_FIRST + index) for index in range(len(inserted)))
    text = "".join(_PLACEHOLDER.sub("", part) if isinstance(part, str) else next(marks) for part in parts)
    if len(text) > _MAX_LENGTH or len(inserted) > _LAST - _FIRST:
        return None
    found = _read_url(text) or _read_pairs(text) or _read_oracle(text)
    if found is None:
        return None
    fields, family, has_port = found
    values = {name: _value(piece, inserted) for name, piece in fields.items() if piece}
    return ConnectionString(values, family, has_port)


_Found = tuple[dict[Field, str], Family | None, bool]


def _read_url(text: str) -> _Found | None:
    found = _URL.fullmatch(text.strip())
    if found is None or "@" in found["rest"]:  # its password may hold an unquoted / ? or #
        return None
    scheme = found["scheme"].lower()
    credentials, _, hosts = found["authority"].rpartition("@")
    user, _, password = credentials.partition(":")
    path, _, _ = found["rest"].partition("?")
    first, *settings = hosts.partition(",")[0].split(";")  # SQL Server's URLs go on with ;database=…
    address = _HOST.fullmatch(first)
    if address is None or "#" in path:
        return None
    fields: dict[Field, str] = {
        "host": address["host"],
        "port": address["port"] or "",
        "user": user,
        "password": password,
        "database": path.strip("/"),
    }
    fields.update(_pairs(_PAIR, ";".join(settings)))
    return fields, family_of(scheme), not scheme.endswith("+srv")


def _read_pairs(text: str) -> _Found | None:
    pairs = dict(_pairs(_PAIR if ";" in text else _LIBPQ_PAIR, text))
    if "host" not in pairs:
        return None
    host, comma, port = pairs["host"].removeprefix("tcp:").partition(",")
    pairs["host"] = host
    if comma:
        pairs["port"] = port
    return pairs, None, True


def _pairs(pattern: re.Pattern[str], text: str) -> Iterator[tuple[Field, str]]:
    at = 0
    while at < len(text) and (found := pattern.match(text, at)) is not None:
        name = _KEYS.get(found["key"].lower())
        if name is not None:
            yield name, found["value"].strip("'")
        at = found.end()


def _read_oracle(text: str) -> _Found | None:
    found = _ORACLE.fullmatch(text.strip())
    if found is None:
        return None
    return {"host": found["host"], "port": found["port"] or "", "database": found["database"]}, None, True


def _value(piece: str, inserted: Sequence[Value]) -> Value:
    """A part of the string as a value, with what was inserted back in its place."""
    pieces = re.split(f"({_PLACEHOLDER.pattern})", piece)
    values = [inserted[ord(one) - _FIRST] if _PLACEHOLDER.fullmatch(one) else unquote(one) for one in pieces if one]
    if len(values) == 1:
        return Constant(values[0]) if isinstance(values[0], str) else values[0]
    return Text(values)
