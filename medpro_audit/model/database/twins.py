"""Whether two places connect to the same database, as far as their settings say."""

from __future__ import annotations

import re

from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.subjects import EnvironmentValue, SettingValue

_NAMING: tuple[Field, ...] = ("host", "database")
_LOCAL = frozenset(("localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0"))  # noqa: S104 - compared, not bound to
_PLAIN = frozenset(
    (  # noqa: SIM905 - a table of words
        "app base conn connection data database databases db default dev development dsn env host hostname "
        "instance local main maria mariadb mongo mongodb ms mssql my mysql name node path pg port postgres "
        "postgresql primary prod production psql schema server socket sql sqlite srv string test uri url"
    ).split()
)
"""Words in names of variables that don't tell one database from another."""
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


def are_twins(one: ConnectionSite, other: ConnectionSite) -> bool | None:
    """Whether both connect to the same database; None where the settings of one are not known."""
    if _is_administrative(one) != _is_administrative(other):
        return False
    if any(_is_different(_value(one, name), _value(other, name)) for name in _NAMING):
        return False
    return True if _is_known(one) and _is_known(other) else None


def _is_known(site: ConnectionSite) -> bool:
    return not site.settings.reason or any(_value(site, name) is not None for name in _NAMING)


def _is_administrative(site: ConnectionSite) -> bool:
    """Whether it speaks to a server and not to one of its databases: it may create the one that others connect to."""
    settings = site.settings
    names_server = {"host", "user"} <= settings.fields.keys()
    return (
        site.family == "mysql" and settings.given == "settings" and names_server and "database" not in settings.fields
    )


def _value(site: ConnectionSite, name: Field) -> SettingValue:
    setting = site.settings.fields.get(name)
    return setting.value if setting is not None else None


def _is_different(first: SettingValue, second: SettingValue) -> bool:
    """Whether two values surely name different things: other texts, or variables for other purposes."""
    if first is None or second is None:
        return False
    if isinstance(first, EnvironmentValue) and isinstance(second, EnvironmentValue):
        return first.env != second.env and _purpose(first.env) != _purpose(second.env)
    if isinstance(first, EnvironmentValue) or isinstance(second, EnvironmentValue):
        return False  # one may well be set to the other
    return _plain(first) != _plain(second)


def _purpose(variable: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(variable)) - _PLAIN


def _plain(value: str | int) -> str:
    text = str(value).lower()
    return "localhost" if text in _LOCAL else text
