"""Whether connections are given the same settings."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from medpro_audit.model.database.driver import Field
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.subjects import EnvironmentValue, SettingValue

COMPARED: tuple[Field, ...] = ("host", "port", "user", "database")
_MAX_COMPARED = 100
"""Further sites of one kind of database don't change what is said of one of them."""
LOCAL = {"localhost", "127.0.0.1", "::1", "[::1]", "0.0.0.0"}  # noqa: S104 - compared, not bound to


def differences(site: ConnectionSite, others: Iterable[ConnectionSite]) -> tuple[str, ...]:
    """Which settings of a site are not those of all the others; what isn't known on both sides does not differ."""
    compared = list(islice((other for other in others if other.connection != site.connection), _MAX_COMPARED))
    return tuple(
        name for name in COMPARED if any(_differ(_effective(site, name), _effective(other, name)) for other in compared)
    )


def _effective(site: ConnectionSite, name: Field) -> SettingValue:
    """The value in effect, the driver's default where none is given; None when unknown."""
    given = site.settings.fields.get(name)
    if given is not None:
        return given.value
    if name == "port" and site.ports:
        return site.ports[0]
    return "localhost" if name == "host" and site.ports else None


def _differ(first: SettingValue, second: SettingValue) -> bool:
    if first is None or second is None:
        return False
    if isinstance(first, EnvironmentValue) and isinstance(second, EnvironmentValue) and first.env == second.env:
        return None not in (first.default, second.default) and _plain(first) != _plain(second)
    if isinstance(first, EnvironmentValue) and isinstance(second, EnvironmentValue):
        return True
    return _plain(first) != _plain(second)


def _plain(value: SettingValue) -> str:
    """The text of a value, or of the default of an environment variable."""
    text = str(value.default if isinstance(value, EnvironmentValue) else value).lower()
    return "localhost" if text in LOCAL else text
