"""Whether two places connect to the same database, as far as their settings say."""

from __future__ import annotations

import re

from medpro_audit.model.database.comparing import LOCAL
from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.subjects import EnvironmentValue, SettingValue

_NAMING: tuple[Field, ...] = ("host", "database")
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
    """Whether both connect to the same database by one library; None where the settings of one are not known.

    A client of another library, such as a second query builder beside the first, can't take the place of one.
    """
    if one.seen.driver.package != other.seen.driver.package:
        return False
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
    is_server = site.family in {"mysql", "postgres", "mssql"}
    return is_server and settings.given == "settings" and names_server and "database" not in settings.fields


def _value(site: ConnectionSite, name: Field) -> SettingValue:
    setting = site.settings.fields.get(name)
    return setting.value if setting is not None else None


def _is_different(first: SettingValue, second: SettingValue) -> bool:
    """Whether two values surely name different things: other texts, or variables for other purposes.

    What a variable stands for where it is not set says most: who gives two of them one value means one thing.
    """
    if first is None or second is None or _variable(first) == _variable(second) is not None:
        return False
    texts = _text(first), _text(second)
    if texts[0] is not None and texts[1] is not None:
        return texts[0] != texts[1]
    one, other = _variable(first), _variable(second)
    return one is not None and other is not None and _purpose(one) != _purpose(other)


def _variable(value: SettingValue) -> str | None:
    return value.env if isinstance(value, EnvironmentValue) else None


def _text(value: SettingValue) -> str | None:
    """What is written in the source: the value, or what a variable stands for where it is not set."""
    written = value.default if isinstance(value, EnvironmentValue) else value
    text = str(written).lower() if written is not None else None
    return "localhost" if text in LOCAL else text


def _purpose(variable: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(variable)) - _PLAIN
