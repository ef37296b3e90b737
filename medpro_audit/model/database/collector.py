"""Listens to the interpreter for calls that open connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal, NamedTuple

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.model.database.driver import Driver, Opening
from medpro_audit.model.database.events import ConnectionEvents, SiteKey
from medpro_audit.model.database.lasting import KeptConnections
from medpro_audit.model.database.settings import Settings, read_settings
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.control import Thrown
from medpro_audit.model.evaluation.frames import Frame
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import CallRecord, External, FunctionValue, Item, Site

Scope = Literal["module", "function", "handler"]
_RANK: dict[Scope, int] = {"function": 0, "module": 1, "handler": 2}

_GIVEN = ("nothing", "anything", "settings")

MAX_PER_FILE = 100
"""Connection sites of one file that are kept."""


class Observation(NamedTuple):
    """A call that opens a connection, as it was first seen."""

    site: Site
    driver: Driver
    opening: Opening
    settings: Settings
    scope: Scope
    argument: Item | None = None
    """The first argument, for tracing where the settings come from."""
    has_callback: bool = False
    """The connection is handed to a function that was given along."""

    @property
    def path(self) -> str:
        """The file that it is in."""
        return self.site.module.path

    @property
    def at(self) -> int:
        """Its byte offset there."""
        return self.site.at

    @property
    def key(self) -> SiteKey:
        """What identifies it."""
        return (self.path, self.at)


class ConnectionCollector:
    """Keeps what is seen of each place that opens a connection; `observe` belongs into `Interpreter.observers`."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.found: dict[SiteKey, Observation] = {}
        self._interpreter = interpreter
        self._kept = KeptConnections(interpreter)
        self._counts: Counter[str] = Counter()
        self._is_paused = False
        self.events = ConnectionEvents()
        """What is done with connections once they are there."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """Files with more sites than are kept."""
        message = f"more than {MAX_PER_FILE} connection sites in one file; the rest is left out"
        crowded = sorted(filter(self.is_full, self._counts))
        return tuple(Notice("limit", message, Place(path, 0)) for path in crowded)

    def observe(self, record: CallRecord) -> None:
        """Note a call that leaves the program, if it opens a connection."""
        path = record.site.module.path
        if not self._is_paused:
            self.events.observe(record)
        if not self._is_paused and not self.is_full(path) and opening_of(record.callee) is not None:
            self.note(record, self._scope(record))

    def is_full(self, path: str) -> bool:
        """Whether a file has so many sites that no further ones are kept."""
        return self._counts[path] > MAX_PER_FILE

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Observe nothing while code is only looked at."""
        self._is_paused = True
        try:
            yield
        finally:
            self._is_paused = False

    def note(self, record: CallRecord, scope: Scope) -> None:
        """Note a call that opens a connection: the first one at each place, and the worst scope of all."""
        found = opening_of(record.callee)
        if found is None:
            return
        key = (record.site.module.path, record.site.at)
        known = self.found.get(key)
        if known is None:
            self._add(record, *found, scope)
        elif _RANK[scope] > _RANK[known.scope] and not self._is_of_users(record, *found):
            self.found[key] = known._replace(scope=scope)

    def _is_of_users(self, record: CallRecord, driver: Driver, opening: Opening) -> bool:
        """Whether a request that connects to what its sender names does so beside one that was configured."""
        with suppress(Thrown):
            settings = read_settings(self._interpreter, driver, opening, record.arguments, record.site)
            return settings.are_of_users(is_serving=True)
        return False

    def _add(self, record: CallRecord, driver: Driver, opening: Opening, scope: Scope) -> None:
        site = record.site
        try:
            settings = read_settings(self._interpreter, driver, opening, record.arguments, site)
        except Thrown:  # a getter of the settings throws
            settings = Settings({}, given="anything")
        if settings.is_borrowed or _GIVEN.index(settings.given) < _GIVEN.index(opening.needs):
            return
        self._interpreter.effect()
        self._counts[site.module.path] += 1
        if self.is_full(site.module.path):
            return
        argument = record.arguments[0] if record.arguments else None
        has_callback = any(isinstance(item.value, FunctionValue) for item in record.arguments)
        self.found[site.module.path, site.at] = Observation(
            site, driver, opening, settings, scope, argument, has_callback
        )

    def _scope(self, record: CallRecord) -> Scope:
        """When the connection is opened; one that is made on first use and kept counts as opened at load."""
        interpreter = self._interpreter
        frames = interpreter.frames
        if not frames or self._kept.is_kept(frames, record.site):
            return "module"
        is_entered = _is_from_outside(frames[0])
        is_handler = frames[0].function is not None and frames[0].function.key in interpreter.handlers
        if interpreter.is_serving and (is_entered or is_handler):
            return "handler"
        is_kept = frames[0].function is not None and self._kept.belongs_to_object(frames[0].function, record.site)
        return "function" if is_entered and not is_kept else "module"


def _is_from_outside(frame: Frame) -> bool:
    """Whether a call is made by nobody in the program: then it is said to stand where the function itself does."""
    function = frame.function
    if function is None or frame.site.module is not function.module:
        return False
    home = function.home.node.start if function.home is not None else -1
    return frame.site.at in {function.node.start, home}


def opening_of(callee: object) -> tuple[Driver, Opening] | None:
    """The driver and what a call of one of its members opens; None when it is none or opens nothing."""
    if not isinstance(callee, External):
        return None
    root, path = member_path(callee)
    driver = drivers().get(root.package)
    opening = driver.openings.get(path) if driver is not None else None
    return (driver, opening) if driver is not None and opening is not None else None


def member_path(value: External) -> tuple[External, str]:
    """The package's own value that something external was reached from, and the members and calls on the way.

    A package that only wraps another one (``promisifyAll(redis)``, ``captureMySQL(mysql)``) stands for what it wraps.
    """
    names: list[str] = []
    current = value
    while (parent := current.parent) is not None:
        if current.call is not None:
            wrapped = current.call.arguments[0].value if current.call.arguments else None
            if isinstance(wrapped, External) and wrapped.package in drivers() and current.package not in drivers():
                current = wrapped
                continue
        names.append("()" if current.call is not None else current.name.rpartition(".")[2])
        current = parent
    names.append(current.name)
    path = ""
    for name in reversed(names):
        path += name if name == "()" or not path else f".{name}"
    return current, _without_default(path)


def _without_default(path: str) -> str:
    return ".".join(name for name in path.replace("default()", "()").split(".") if name not in {"", "default"})
