"""One setting of a connection, by the value that it is given; of a password only whether it stands in the code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.model.database.driver import Field
from medpro_audit.model.evaluation.builtins import PROCESS
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    Choice,
    Constant,
    Deferred,
    Environment,
    External,
    FunctionValue,
    Text,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.subjects import EnvironmentValue, SettingValue

_MAX_SHOWN = 200
_MAX_PORT = 65535


class Setting(Struct, frozen=True):
    """One setting of a connection."""

    value: SettingValue = None
    is_literal: bool = False
    """It stands in the code; of a password, also as the default of an environment variable."""
    is_spare: bool = False
    """Of a password: it stands in the code only for an environment variable that is not set."""
    reason: str | None = None
    """Why the value is unknown."""
    ports: tuple[int, ...] = ()
    """Of a port: every number that it can be."""


def setting_of(name: Field, value: Value) -> Setting:
    """A setting by the value that it is given."""
    if name == "password":
        return _password(value)
    settings = [_one(name, option) for option, _ in options_of(_with_default(forced(value)))]
    found = joined(settings)
    # What stands in the code beside something that doesn't is only a default for it.
    return replace(found, is_literal=all(setting.is_literal for setting in settings))


def _with_default(value: Value) -> Value:
    """``process.env.X ? process.env.X : default``: what is chosen by whether a variable is set."""
    match value:
        case Choice(options=((first, condition), (second, other))):
            for variable, default in ((first, second), (second, first)):
                if isinstance(variable, Environment) and variable.name in f"{condition} {other}":
                    return Environment(variable.name, default) if variable.default is None else value
    return value


def joined(settings: Sequence[Setting]) -> Setting:
    """One setting that stands for alternatives."""
    if len(settings) == 1:
        return settings[0]
    values = {setting.value for setting in settings}
    value = values.pop() if len(values) == 1 else None
    reasons = [setting.reason for setting in settings if setting.reason]
    return Setting(
        value=value,
        is_literal=any(setting.is_literal for setting in settings),
        is_spare=all(setting.is_spare for setting in settings if setting.is_literal),
        reason=next(iter(reasons), "it is one of several values" if values else None),
        ports=tuple(sorted({port for setting in settings for port in setting.ports})),
    )


def _one(name: Field, value: Value) -> Setting:
    match value:
        case Constant(value=bool()) | Constant(value=None):
            return Setting(reason="the value is of another kind")
        case Constant(value=constant):
            return _literal(name, constant)
        case Environment(name=variable):
            default = _default(name, value)
            text = default.value if isinstance(default.value, str | int) else None
            return Setting(EnvironmentValue(variable, text), ports=default.ports)
        case Text(parts=parts):
            values = [_one(name, part).value for part in parts if isinstance(part, Environment | External)]
            variables = [value.env for value in values if isinstance(value, EnvironmentValue)]
            return Setting(EnvironmentValue(variables[0])) if variables else Setting(reason=COMPUTED)
        case External():
            return _external(value)
        case Unknown(reason=reason):
            return Setting(reason=reason)
        case FunctionValue():
            return Setting(reason="a function computes it when the connection is opened")
    return Setting(reason=COMPUTED)


FROM_PACKAGE = "it comes from the package "
COMPUTED = "it is put together while the program runs"


def _literal(name: Field, constant: object) -> Setting:
    text = str(int(constant)) if isinstance(constant, float) and constant.is_integer() else str(constant)
    if name == "port":
        is_port = text.isascii() and text.isdigit() and int(text[:6]) <= _MAX_PORT
        return (
            Setting(int(text), is_literal=True, ports=(int(text),))
            if is_port
            else Setting(reason="it is no port number")
        )
    if "://" in text or len(text) > _MAX_SHOWN:  # a connection string in the wrong place may hold a password
        return Setting(is_literal=True, reason="it is too long or a whole address")
    return Setting(int(text) if isinstance(constant, int) else text, is_literal=bool(text))


def _default(name: Field, value: Environment) -> Setting:
    """What stands in for an environment variable that is not set."""
    default = value.default
    while isinstance(default, Environment):
        default = default.default
    return setting_of(name, default) if default is not None else Setting()


def _external(value: External) -> Setting:
    """Something a package returns: an environment variable when the package was given all of them to check."""
    if any(item.value is PROCESS.members["env"] for call in value.calls() for item in call.arguments):
        return Setting(EnvironmentValue(value.name.rpartition(".")[2]))
    return Setting(reason=f"{FROM_PACKAGE}{value.package}" if value.package else COMPUTED)


def _password(value: Value) -> Setting:
    """Only whether it stands in the code, never its text."""
    options = [forced(option) for option, _ in options_of(forced(value))]
    if any(_has_text(option) for option in options):
        return Setting(is_literal=True, is_spare=any(isinstance(option, Environment) for option in options))
    return joined([Setting(reason=_one("user", option).reason) for option in options])


def _has_text(value: Value) -> bool:
    match value:
        case Constant(value=constant):
            return isinstance(constant, str | int) and not isinstance(constant, bool) and str(constant) != ""
        case Environment(default=default):
            return default is not None and any(_has_text(option) for option, _ in options_of(default))
    return False


def pool_value(value: Value) -> SettingValue:
    """What limits a pool: a number, a word, an environment variable, or None when it is unknown."""
    inner = forced(value)
    if isinstance(inner, Constant) and isinstance(inner.value, bool):
        return str(inner.value).lower()
    if isinstance(inner, Constant) and isinstance(inner.value, float) and inner.value.is_integer():
        return int(inner.value)
    return setting_of("database", inner).value


def unset_variables(value: Value) -> Iterator[str]:
    """Environment variables that a value is read from, those left out for which the code has a default."""
    match forced(value):
        case Environment(name=name, default=None):
            yield name
        case Environment(default=Environment() as default):
            yield from unset_variables(default)
        case Choice(options=options):
            if not any(isinstance(option, Constant) and option.value for option, _ in options):
                for option, _ in options:
                    yield from unset_variables(option)
        case Text(parts=parts):
            for part in parts:
                if isinstance(part, Value):
                    yield from unset_variables(part)


def is_missing(value: Value) -> bool:
    """Whether a value is ``undefined`` or ``null``."""
    return value is UNDEFINED or (isinstance(value, Constant) and value.value is None)


def forced(value: Value) -> Value:
    """A value that is computed by now."""
    return value.force() if isinstance(value, Deferred) else value
