"""``.env`` files: variables that by their names say where a database is.

https://github.com/motdotla/dotenv#what-rules-does-the-parsing-engine-follow
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.database.files.outside import Address, Outside, address_of, port_of, shown

_LINE = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?:=|:[ \t])[ \t]*(?P<value>.*)")
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_COMMENT = re.compile(r"\s#.*")
_NAME = re.compile(
    r"(?P<group>(?:(?P<prefix>[A-Z0-9]+)_)??(?P<kind>MYSQL|MARIADB|POSTGRES(?:QL)?|PG|MONGO(?:DB)?|REDIS|MSSQL"
    r"|SQLSERVER|ORACLE|DATABASE|DB|SQL|TYPEORM|SEQUELIZE|KNEX)[0-9]*)"
    r"_?(?:(?:DB|DATABASE|MYSQL|MARIADB|POSTGRES|MONGO|MONGODB|SQL|SERVER|SERVICE|MAIN|PRIMARY|MASTER)_?)??"
    r"(?P<field>HOST|HOSTNAME|SERVER|PORT|NAME|DATABASE|DBNAME|DB|URL|URI|DSN|CONN|CONNECTION|CNNSTRING"
    r"|CONN(?:ECTION)?_STRING|DIALECT|TYPE|CLIENT|DRIVER)"
)
_REFERENCE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
_KINDS: dict[str, Family] = {
    "MARIADB": "mysql",
    "MONGO": "mongo",
    "MONGODB": "mongo",
    "MSSQL": "mssql",
    "MYSQL": "mysql",
    "ORACLE": "oracle",
    "PG": "postgres",
    "POSTGRES": "postgres",
    "POSTGRESQL": "postgres",
    "REDIS": "redis",
    "SQLSERVER": "mssql",
}
_HOSTS = ("HOST", "HOSTNAME", "SERVER")
_NAMES = ("NAME", "DATABASE", "DBNAME", "DB")
_WORDS = ("DIALECT", "TYPE", "CLIENT", "DRIVER", "CONNECTION")
_MAX_NAME = 100
_MAX_LINE = 4000
_ENVIRONMENTS = {
    "ci": "test",
    "dev": "development",
    "development": "development",
    "e2e": "test",
    "prod": "production",
    "production": "production",
    "stage": "staging",
    "staging": "staging",
    "test": "test",
    "testing": "test",
}
"""Deployments by the words for them in names of files and variables."""


class Variable(Struct, frozen=True):
    """One line of a file with environment variables."""

    line: int
    name: str
    value: str


def read_env(path: str, content: bytes) -> Iterator[Outside]:
    """Databases that an ``.env`` file speaks of, one for each group of variables such as ``DB_…`` or ``REDIS_…``."""
    return databases_of(variables_of(content.decode("utf-8-sig", "replace")), environment_of(path))


def variables_of(text: str) -> list[Variable]:
    """The variables of a file; values that refer to variables of the same file are completed."""
    found: list[Variable] = []
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line) if len(line) <= _MAX_LINE else None
        if match is not None:
            found.append(Variable(number, match["name"], _value(match["value"])))
    values = {variable.name: variable.value for variable in found}
    return [Variable(one.line, one.name, expanded(one.value, values)) for one in found]


def _value(text: str) -> str:
    quoted = _QUOTED.match(text)
    return quoted[0][1:-1] if quoted else _COMMENT.sub("", text).strip()


def expanded(text: str, values: Mapping[str, str]) -> str:
    """Replace ``${NAME}``, ``${NAME:-default}`` and ``$NAME``; a name that isn't known yields its default."""
    return _REFERENCE.sub(lambda found: values.get(found[1] or found[3], found[2] or ""), text)[:_MAX_LINE]


def databases_of(variables: Iterable[Variable], environment: str = "") -> Iterator[Outside]:
    """Group variables by what their names begin with, and read each group."""
    groups: dict[str, dict[str, Variable]] = {}
    names: dict[str, re.Match[str]] = {}
    for variable in variables:
        found = _NAME.fullmatch(variable.name.upper()) if len(variable.name) <= _MAX_NAME else None
        if found is not None and variable.value:
            groups.setdefault(found["group"], {}).setdefault(found["field"], variable)
            names[found["group"]] = found
    for group, fields in groups.items():
        where = environment or _ENVIRONMENTS.get((names[group]["prefix"] or "").lower(), "")
        database = _database(group, fields, _KINDS.get(names[group]["kind"]), where)
        if database is not None:
            yield database


def _database(group: str, fields: Mapping[str, Variable], family: Family | None, environment: str) -> Outside | None:
    address = next(filter(None, (address_of(one.value) for one in fields.values())), Address())
    port = fields.get("PORT")
    found = Outside(
        line=(port or next(iter(fields.values()))).line,
        source="env",
        family=family or address.family or _family(fields),
        host=shown(_first(fields, _HOSTS)) or address.host,
        port=(port_of(port.value) if port is not None else None) or address.port,
        database=shown(_first(fields, _NAMES)) or address.database,
        name=group,
        environment=environment,
        sets=port.name if port is not None else "",
    )
    return found if found.host or found.port else None


def _first(fields: Mapping[str, Variable], names: Iterable[str]) -> str | None:
    return next((fields[name].value for name in names if name in fields), None)


def _family(fields: Mapping[str, Variable]) -> Family | None:
    words = (family_of(fields[name].value) for name in _WORDS if name in fields)
    return next((family for family in words if family is not None), None)


def environment_of(path: str) -> str:
    """The deployment that a file is named after, in one word for all its names; empty when it is for any."""
    words = re.split(r"[.\-_]", path.rpartition("/")[2].lower())
    return next((_ENVIRONMENTS[word] for word in words if word in _ENVIRONMENTS), "")
