"""The settings that a driver is given, as far as they are known; the text of a password is never among them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from medpro_audit.model.database.connection_strings import read_connection_string
from medpro_audit.model.database.driver import FIELDS, Driver, Field, KeyPath, Opening, Options, Position
from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.builtins import PROCESS
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
    Deferred,
    Environment,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
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
    reason: str | None = None
    """Why the value is unknown."""
    ports: tuple[int, ...] = ()
    """Of a port: every number that it can be."""


class Settings(Struct, frozen=True):
    """What one call gives a driver; a field that is missing was not given."""

    fields: Mapping[Field, Setting]
    family: Family | None = None
    has_port: bool = True
    """False when the port is looked up elsewhere, or there is none: ``mongodb+srv``, a local socket."""
    is_given: bool = False
    """There is a connection string or an object with settings, known or not."""
    is_borrowed: bool = False
    """A client made elsewhere is used, so that nothing is opened."""

    @property
    def reason(self) -> str | None:
        """Why some values are unknown."""
        return next((setting.reason for setting in self.fields.values() if setting.reason), None)


def read_settings(
    interpreter: Interpreter, driver: Driver, opening: Opening, arguments: Sequence[Item], site: Site
) -> Settings:
    """Read the arguments of a call that opens a connection."""
    return _Reader(interpreter, driver.options, site).read(opening, [_forced(item.value) for item in arguments])


def read_options(interpreter: Interpreter, options: Options, value: Value, site: Site) -> Settings:
    """Read an options object that no driver has been given yet."""
    return _Reader(interpreter, options, site).read(Opening("client", ("options",)), [_forced(value)])


class _Reader:
    """Reads the arguments of one call; what comes first counts."""

    def __init__(self, interpreter: Interpreter, options: Options, site: Site) -> None:
        self._interpreter = interpreter
        self._options = options
        self._site = site
        self._found: dict[Field, list[Setting]] = {}
        self._family: Family | None = None
        self._has_port = True
        self._is_given = False
        self._is_borrowed = False

    def read(self, opening: Opening, values: Sequence[Value]) -> Settings:
        """Read all arguments."""
        given = [value for value in values if not isinstance(value, FunctionValue)]
        for position, value in zip(_positions(opening, given), given, strict=False):
            self._argument(position, value)
        fields = {name: joined(self._found[name]) for name in FIELDS if name in self._found}
        return Settings(fields, self._family, self._has_port, self._is_given, self._is_borrowed)

    def _argument(self, position: Position, value: Value) -> None:
        known = set(self._found)  # alternatives of one argument stand beside each other, not in each other's place
        for option, _ in options_of(value):
            match position, option:
                case _, ObjectValue() | ArrayValue():
                    self._object(option, known)
                case "either", Constant(value=int()):
                    self._add("port", option, known)
                case "either", _:
                    self._string(option, known)
                case "options", _:
                    self._unreadable(option, known)
                case _:
                    self._add(position, option, known)

    def _object(self, value: Value, known: set[Field]) -> None:
        self._is_given = True
        self._client(value, known)
        self._family = self._family or self._dialect(value)
        for name, paths in self._options.fields.items():
            found = self._first(value, paths)
            if found is not None:
                self._add(name, found, known)
        url = self._first(value, self._options.urls)
        if url is not None:
            self._string(url, known | set(self._found))
        socket = self._first(value, self._options.sockets)
        if socket is not None and not isinstance(socket, Unknown):
            self._has_port = False

    def _dialect(self, value: Value) -> Family | None:
        for path in self._options.dialect:
            for option, _ in options_of(self._at(value, path)):
                word = option.default if isinstance(option, Environment) else option
                if isinstance(word, Constant) and isinstance(word.value, str):
                    return family_of(word.value)
        return None

    def _client(self, value: Value, known: set[Field]) -> None:
        client = self._first(value, self._options.clients)
        made = next(client.calls(), None) if isinstance(client, External) else None
        driver = drivers().get(client.package) if isinstance(client, External) else None
        if driver is None or made is None:
            return
        inner = read_settings(self._interpreter, driver, Opening("client"), made.arguments, made.site)
        self._family = self._family or driver.family
        self._is_borrowed = inner.is_borrowed or bool(driver.openings)
        for name, setting in inner.fields.items():
            if name not in known:
                self._found.setdefault(name, []).append(setting)

    def _string(self, value: Value, known: set[Field]) -> None:
        """A connection string, in whatever form it is known."""
        for option, _ in options_of(value):
            match option:
                case External(package=package) if _is_driver(package):
                    self._is_borrowed = True
                case ObjectValue() | FunctionValue():
                    if isinstance(option, FunctionValue):
                        self._unreadable(option, known)
                case _ if _is_missing(option):
                    pass
                case _:
                    self._is_given = True
                    self._parts(option, known)

    def _parts(self, value: Value, known: set[Field]) -> None:
        default = value.default if isinstance(value, Environment) else None
        parts = _text_parts(default if default is not None else value)
        found = read_connection_string(parts) if parts is not None else None
        if found is not None:
            self._family = self._family or found.family
            self._has_port = found.has_port
            for name, inner in found.fields.items():
                self._add(name, Environment(value.name, inner) if isinstance(value, Environment) else inner, known)
        else:
            self._unreadable(value, known)

    def _unreadable(self, value: Value, known: set[Field]) -> None:
        """All settings that aren't known yet come from a value that can't be taken apart."""
        if _is_missing(value):
            return
        self._is_given = True
        whole = setting_of("database", value)
        if isinstance(whole.value, EnvironmentValue):
            whole = Setting(EnvironmentValue(whole.value.env))
        elif whole.reason is None:
            whole = Setting(reason="the connection string can't be taken apart")
        for name in FIELDS:
            if name not in known:
                self._found.setdefault(name, []).append(whole if name != "password" else Setting(reason=whole.reason))

    def _add(self, name: Field, value: Value, known: set[Field]) -> None:
        if name not in known and not _is_missing(value):
            self._is_given = True
            self._found.setdefault(name, []).append(setting_of(name, value))

    def _first(self, value: Value, paths: Iterable[KeyPath]) -> Value | None:
        """The first of some places that holds anything."""
        found = [inner for path in paths if not _is_missing(inner := self._at(value, path))]
        certain = [inner for inner in found if not isinstance(inner, Unknown)]
        return next(iter(certain or found), None)

    def _at(self, value: Value, path: KeyPath) -> Value:
        for key in path:
            if not isinstance(value, ObjectValue | ArrayValue | Choice | External):
                return UNDEFINED
            value = _forced(self._interpreter.member(value, key, self._site))
        return value


def _positions(opening: Opening, values: Sequence[Value]) -> Sequence[Position]:
    """How the arguments are given: some drivers also take the settings one by one."""
    fits = len(values) <= len(opening.arguments) and not any(
        position == "options" and isinstance(value, Constant | Text | Environment)
        for position, value in zip(opening.arguments, values, strict=False)
    )
    return opening.arguments if fits or not opening.listed else opening.listed


def setting_of(name: Field, value: Value) -> Setting:
    """A setting by the value that it is given."""
    if name == "password":
        return _password(value)
    return joined([_one(name, option) for option, _ in options_of(_forced(value))])


def joined(settings: Sequence[Setting]) -> Setting:
    """One setting that stands for alternatives."""
    first, *others = settings
    if not others:
        return first
    values = list(dict.fromkeys(setting.value for setting in settings if setting.value is not None))
    return Setting(
        _common(values),
        any(setting.is_literal for setting in settings),
        next((setting.reason for setting in settings if setting.reason), None)
        or (None if _common(values) is not None or not values else "it is one of several values"),
        tuple(sorted({port for setting in settings for port in setting.ports})),
    )


def _common(values: Sequence[SettingValue]) -> SettingValue:
    """One value that says the same: the only one, or an environment variable with the only literal as its default."""
    match values:
        case [only]:
            return only
        case [EnvironmentValue(default=None) as variable, (str() | int()) as literal]:
            return EnvironmentValue(variable.env, literal)
        case [(str() | int()) as literal, EnvironmentValue(default=None) as variable]:
            return EnvironmentValue(variable.env, literal)
    return None


def _one(name: Field, value: Value) -> Setting:
    match value:
        case Constant(value=bool()) | Constant(value=None):
            return Setting(reason="the value is of another kind")
        case Constant(value=constant):
            return _literal(name, constant)
        case Environment(name=variable):
            default = _default(name, value)
            return Setting(EnvironmentValue(variable, default.value), reason=None, ports=default.ports)
        case Text(parts=parts):
            variable = next((part.name for part in parts if isinstance(part, Environment)), "")
            return Setting(EnvironmentValue(variable)) if variable else Setting(reason=_COMPUTED)
        case External():
            return _external(value)
        case Unknown(reason=reason):
            return Setting(reason=reason)
        case FunctionValue():
            return Setting(reason="a function computes it when the connection is opened")
    return Setting(reason=_COMPUTED)


_COMPUTED = "it is put together while the program runs"


def _literal(name: Field, constant: object) -> Setting:
    text = str(int(constant)) if isinstance(constant, float) and constant.is_integer() else str(constant)
    if name == "port":
        is_port = text.isascii() and text.isdigit() and int(text[:6]) <= _MAX_PORT
        return Setting(int(text), True, ports=(int(text),)) if is_port else Setting(reason="it is no port number")
    if "://" in text or len(text) > _MAX_SHOWN:  # a connection string in the wrong place may hold a password
        return Setting(None, True, "it is too long or a whole address")
    return Setting(int(text) if isinstance(constant, int) else text, bool(text))


def _default(name: Field, value: Environment) -> Setting:
    """What stands in for an environment variable that is not set."""
    default = value.default
    while isinstance(default, Environment):
        default = default.default
    found = setting_of(name, default) if default is not None else Setting()
    return found if isinstance(found.value, str | int) else Setting(ports=found.ports)


def _external(value: External) -> Setting:
    """Something a package returns: an environment variable when the package was given all of them to check."""
    if any(item.value is PROCESS.members["env"] for call in value.calls() for item in call.arguments):
        return Setting(EnvironmentValue(value.name.rpartition(".")[2]))
    return Setting(reason=f"it comes from the package {value.package}" if value.package else _COMPUTED)


def _password(value: Value) -> Setting:
    """Only whether it stands in the code, never its text."""
    options = [_forced(option) for option, _ in options_of(_forced(value))]
    if any(_has_text(option) for option in options):
        return Setting(is_literal=True)
    return joined([Setting(reason=_one("user", option).reason) for option in options])


def _has_text(value: Value) -> bool:
    match value:
        case Constant(value=constant):
            return isinstance(constant, str | int) and not isinstance(constant, bool) and str(constant) != ""
        case Environment(default=default):
            return default is not None and any(_has_text(option) for option, _ in options_of(default))
    return False


def _is_missing(value: Value) -> bool:
    return value is UNDEFINED or (isinstance(value, Constant) and value.value is None)


def _is_driver(package: str) -> bool:
    return package in drivers()


def _text_parts(value: Value) -> Sequence[str | Value] | None:
    match value:
        case Constant(value=str() as text):
            return (text,)
        case Text(parts=parts):
            return parts
    return None


def _forced(value: Value) -> Value:
    return value.force() if isinstance(value, Deferred) else value
