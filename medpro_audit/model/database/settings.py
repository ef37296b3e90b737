"""The settings that a driver is given, as far as they are known; the text of a password is never among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from medpro_audit.model.database.connection_strings import read_connection_string
from medpro_audit.model.database.defaults import is_default
from medpro_audit.model.database.driver import FIELDS, Driver, Field, KeyPath, Opening, Options, Position
from medpro_audit.model.database.families import Family, family_of
from medpro_audit.model.database.setting import (
    COMPUTED,
    FROM_PACKAGE,
    Setting,
    forced,
    is_missing,
    joined,
    pool_value,
    setting_of,
    unset_variables,
)
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import (
    FROM_OUTSIDE,
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
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
from medpro_audit.model.subjects.connection import PoolSetting


class Settings(Struct, frozen=True):
    """What one call gives a driver; a field that is missing was not given."""

    fields: Mapping[Field, Setting]
    family: Family | None = None
    has_port: bool = True
    """False when the port is looked up elsewhere, or there is none: ``mongodb+srv``, a local socket."""
    given: Literal["nothing", "anything", "settings"] = "nothing"
    """Whether there is a connection string or an object with settings; ``anything``: something that is not known."""
    is_borrowed: bool = False
    """A client made elsewhere is used, so that nothing is opened."""
    pool: tuple[PoolSetting, ...] = ()
    """What limits the pool, in the order of the driver's options."""
    variables: tuple[str, ...] = ()
    """Environment variables that it is given and for which the code has no default, sorted."""

    @property
    def reason(self) -> str | None:
        """Why some values are unknown."""
        return next((setting.reason for setting in self.fields.values() if setting.reason), None)

    def are_of_users(self, *, is_serving: bool) -> bool:
        """Whether nothing is known of them but that whoever uses the program names them, or has stored them in it."""
        fields = [setting for name, setting in self.fields.items() if name != "port" and not _is_empty(setting)]
        return self.given == "settings" and bool(fields) and all(_is_of_users(one, is_serving) for one in fields)


def _is_empty(setting: Setting) -> bool:
    """Whether nothing is given: the empty text that stands in for what a user leaves out."""
    return setting.value in {None, ""} and not setting.is_literal and not setting.reason


def _is_of_users(setting: Setting, is_serving: bool) -> bool:
    """Whether a setting comes from outside of the program: of a caller, of a request, of a record of a database."""
    reason = setting.reason or ""
    is_stored = reason.startswith(FROM_PACKAGE) and reason.removeprefix(FROM_PACKAGE) in drivers()
    if reason == FROM_OUTSIDE or is_stored:
        return True
    return is_serving and (reason == COMPUTED or reason.endswith(_OF_TEXT) or _OF_REQUEST.match(reason) is not None)


_OF_REQUEST = re.compile(r"(?:req|request|ctx|context)\.[\w.]+ is not followed")
"""A method that something has added to the request."""
_OF_TEXT = "of a text that is not known"


def read_settings(
    interpreter: Interpreter, driver: Driver, opening: Opening, arguments: Sequence[Item], site: Site
) -> Settings:
    """Read the arguments of a call that opens a connection."""
    return _Reader(interpreter, driver.options, site).read(opening, [forced(item.value) for item in arguments])


def read_options(interpreter: Interpreter, options: Options, value: Value, site: Site) -> Settings:
    """Read an options object that no driver has been given yet."""
    return _Reader(interpreter, options, site).read(Opening("client", ("options",)), [forced(value)])


def read_address(interpreter: Interpreter, address: Value | None, site: Site) -> Settings:
    """Read a connection string that stands outside the code."""
    given = [address] if address is not None else []
    return _Reader(interpreter, Options(fields={}), site).read(Opening("client", ("either",)), given)


class _Reader:
    """Reads the arguments of one call; what comes first counts."""

    def __init__(self, interpreter: Interpreter, options: Options, site: Site) -> None:
        self._interpreter = interpreter
        self._options = options
        self._site = site
        self._found: dict[Field, list[Setting]] = {}
        self._family: Family | None = None
        self._has_port = True
        self._given: Literal["nothing", "anything", "settings"] = "nothing"
        self._is_borrowed = False
        self._pool: dict[str, SettingValue] = {}
        self._variables: set[str] = set()
        self._is_default = False
        """What stands in the code stands in for an address that comes from elsewhere."""

        self._is_by_deployment = False
        """One of several alternatives has no such thing in the code: the others are for development, or for tests."""

    def read(self, opening: Opening, values: Sequence[Value]) -> Settings:
        """Read all arguments."""
        given = [value for value in values if not isinstance(value, FunctionValue)]
        for position, value in zip(_positions(opening, given), given, strict=False):
            self._argument(position, value)
        fields = {name: self._field(name) for name in FIELDS if name in self._found}
        pool = tuple(PoolSetting(name, value) for name, value in self._pool.items())
        variables = tuple(sorted(self._variables))
        return Settings(fields, self._family, self._has_port, self._given, self._is_borrowed, pool, variables)

    def _field(self, name: Field) -> Setting:
        found = joined(self._found[name])
        if self._is_by_deployment and not all(setting.is_literal for setting in self._found[name]):
            found = replace(found, is_literal=found.is_literal and name == "password", is_spare=name == "password")
        if name == "password":
            return replace(found, is_spare=found.is_spare or self._is_default)
        return replace(found, is_literal=False) if self._is_default else found

    def _argument(self, position: Position, value: Value) -> None:
        options = [option for option, _ in options_of(value)]
        self._is_default |= len(options) > 1 and any(isinstance(option, Environment) for option in options)
        self._is_by_deployment |= len(options) > 1 and any(map(self._is_from_outside, options))
        known = set(self._found)  # alternatives of one argument stand beside each other, not in each other's place
        for option, _ in options_of(value):
            match position, option:
                case "name", _:
                    pass
                case _, External(package=package) if package in drivers():
                    self._is_borrowed = True
                case _, ObjectValue() | ArrayValue():
                    self._object(option, known)
                case "either", Constant(value=int()):
                    self._add("port", option, known)
                case "either", _:
                    self._string(option, known)
                case "options", _:
                    self._unreadable(option, known)
                case ("host" | "port" | "user" | "password" | "database") as name, _:
                    self._add(name, option, known)

    def _is_from_outside(self, value: Value) -> bool:
        """Whether an alternative takes its address or password from the environment: others are for other places."""
        passwords, urls = self._options.fields.get("password", ()), self._options.urls
        given = (self._first(value, urls) or self._first(value, passwords)) if isinstance(value, ObjectValue) else None
        return isinstance(given, Environment) and given.default is None

    def _object(self, value: Value, known: set[Field]) -> None:
        if self._options.needed and self._first(value, self._options.needed) is None:
            return
        self._given = "settings"
        self._is_borrowed |= self._first(value, self._options.clients) is not None
        self._adapter(value, known)
        self._family = self._family or self._dialect(value)
        for path in self._options.pool:
            limit = self._at(value, path)
            if not is_missing(limit) and not isinstance(limit, Unknown):
                self._pool[".".join(path)] = pool_value(limit)
        own = {name: self._first(value, paths) for name, paths in self._options.fields.items()}
        for name, found in own.items():
            self._add(name, found, known)
        url = self._first(value, self._options.urls)
        if url is not None:
            self._string(url, known.union(name for name, found in own.items() if found is not None))
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

    def _adapter(self, value: Value, known: set[Field]) -> None:
        adapter = self._first(value, self._options.adapters)
        made = next(adapter.calls(), None) if isinstance(adapter, External) else None
        driver = drivers().get(adapter.package) if isinstance(adapter, External) else None
        if driver is None or made is None:
            return
        inner = read_settings(self._interpreter, driver, Opening("client"), made.arguments, made.site)
        self._family = self._family or driver.family
        self._is_borrowed |= inner.is_borrowed
        for name, setting in inner.fields.items():
            if name not in known:
                self._found.setdefault(name, []).append(setting)

    def _string(self, value: Value, known: set[Field]) -> None:
        """A connection string, in whatever form it is known."""
        self._variables.update(unset_variables(value))
        for option, _ in options_of(value):
            match option:
                case External(package=package) if package in drivers():
                    self._is_borrowed = True
                case FunctionValue():
                    self._unreadable(option, known)
                case _ if not is_missing(option) and not isinstance(option, ObjectValue):
                    self._parts(option, known)

    def _parts(self, value: Value, known: set[Field]) -> None:
        default = value.default if isinstance(value, Environment) else None
        parts = _text_parts(default if default is not None else value)
        found = read_connection_string(parts) if parts is not None else None
        if found is not None:
            self._given = "settings"
            self._family = self._family or found.family
            self._has_port = found.has_port
            for name, inner in found.fields.items():
                part = Environment(value.name, inner) if isinstance(value, Environment) else inner
                self._add(name, part, known, written=value)
        else:
            self._unreadable(value, known)

    def _unreadable(self, value: Value, known: set[Field]) -> None:
        """All settings that aren't known yet come from a value that can't be taken apart."""
        if is_missing(value):
            return
        whole = setting_of("database", value)
        if isinstance(value, Constant | Text) or isinstance(whole.value, EnvironmentValue):
            self._given = "settings"
        elif self._given == "nothing":
            self._given = "anything"
        if isinstance(whole.value, EnvironmentValue):
            whole = Setting(EnvironmentValue(whole.value.env))
        elif whole.reason is None:
            whole = Setting(reason="the connection string can't be taken apart")
        for name in FIELDS:
            if name not in known:
                self._found.setdefault(name, []).append(whole if name != "password" else Setting(reason=whole.reason))

    def _add(self, name: Field, value: Value | None, known: set[Field], *, written: Value | None = None) -> None:
        """Take a value; what it is a part of is ``written`` in the code."""
        if value is not None and name not in known and not is_missing(value):
            self._given = "settings"
            self._variables.update(unset_variables(value))
            setting = setting_of(name, value)
            if setting.is_literal and is_default(self._interpreter.code, written or forced(value)):
                setting = replace(setting, is_literal=name == "password", is_spare=name == "password")
            self._found.setdefault(name, []).append(setting)

    def _first(self, value: Value, paths: Iterable[KeyPath]) -> Value | None:
        """The first of some places that holds anything."""
        found = [inner for path in paths if not is_missing(inner := self._at(value, path))]
        certain = [inner for inner in found if not isinstance(inner, Unknown)]
        return next(iter(certain or found), None)

    def _at(self, value: Value, path: KeyPath) -> Value:
        for key in path:
            if not isinstance(value, ObjectValue | ArrayValue | Choice | External):
                return UNDEFINED
            value = forced(self._interpreter.member(value, key, self._site))
        return value


def _positions(opening: Opening, values: Sequence[Value]) -> Sequence[Position]:
    """How the arguments are given: some drivers also take the settings one by one."""
    fits = len(values) <= len(opening.arguments) and not any(
        position == "options" and isinstance(value, Constant | Text | Environment)
        for position, value in zip(opening.arguments, values, strict=False)
    )
    return opening.arguments if fits or not opening.listed else opening.listed


def _text_parts(value: Value) -> Sequence[str | Value] | None:
    match value:
        case Constant(value=str() as text):
            return (text,)
        case Text(parts=parts):
            return parts
    return None
