"""What the program asks of request data on its way: by what it is held against something, which may turn it away."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import (
    FALSE,
    NULL,
    TRUE,
    UNDEFINED,
    Choice,
    External,
    FunctionKey,
    FunctionValue,
    Item,
    Unknown,
    Value,
)
from medpro_audit.model.flows.casting import cast_by
from medpro_audit.model.flows.cleaning import asks_for_scheme
from medpro_audit.model.flows.contents import data_in, kept_in
from medpro_audit.model.request.data import Data, FieldName

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_CHECKING = re.compile(r"^(?:is|has|valid|check|verif|assert|ensure|sanit|allow|match|test$|exec$|contains)")
"""Functions that, by their names, hold a value against something."""
_CHECKS = re.compile(
    r"(?:^|_)(?:valid|check|verif|assert|ensure|sanit|is_)|Valid|Check|Deny|Allow|^is[A-Z]|Sanit|^safe|Safe"
)
"""The same of functions of the program, which are followed, but not into packages."""
_MOST_CHECKED = 2
"""Parameters of such a function; ``validateLogin(email, password, done)`` does more."""
_PRESENCE = frozenset(("isBlank", "isDefined", "isEmpty", "isNil", "isNull", "isNullOrUndefined", "isUndefined"))
"""Of these, the ones that only ask whether it is there."""
_TYPES = frozenset(("isArray", "isObject", "isPlainObject", "isString"))
CAST = "cast "
"""Before the name of data that something fails for which is no number or id: only what is left of it goes further."""
_OF_ADDRESS = re.compile(r"^#?(?:is|has|valid(?:ate)?|check)\w*_?ur[il]$", re.IGNORECASE)
"""Of these, the ones that ask whether it is an address at all."""
SCHEME = "scheme "
"""The same of data that is only asked for how it begins as an address: any host may follow."""
_LOOKING_UP = frozenset(("includes", "indexOf"))
"""Methods of lists that ask for a value: what isn't known, or a database returns, may hold what is allowed."""
_COMMON = (UNDEFINED, TRUE, FALSE, NULL)
"""Values that are the same wherever they are found."""

SIGNED = "signed"
"""What is noted, beside what was held against something, where a signature was: whoever signs addresses chooses what is
in them."""


class Asked:
    """What one analysis knows to be asked of request data, by its names."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.marks: set[str] = set()
        self._checked_in: dict[FunctionKey, set[str]] = {}
        """Data that is given to functions which by their names check it."""
        self._found: dict[Value, tuple[Data, ...]] = {}
        """What was found in tables, with the keys by which."""

    @property
    def every(self) -> frozenset[str]:
        """Data that was held against something."""
        return frozenset(self.marks).union(*self._checked_in.values())

    def before(self) -> frozenset[str]:
        """The same, without what is given to a function that by its name checks, and has not ended yet."""
        running = {frame.function.key for frame in self._interpreter.frames if frame.function is not None}
        ended = (keys for function, keys in self._checked_in.items() if function not in running)
        return frozenset(self.marks.union(*ended))

    def tested(self, value: Value, *, of_type: bool = False, against: Value | None = None) -> None:
        """A value is held against what the program allows."""
        self._held("type " if of_type else SCHEME if asks_for_scheme(against) else "", value)

    def _held(self, kind: str, value: Value) -> None:
        self.marks.update(f"{kind}{key_of(data)}" for data in data_in(value, 2))

    def looked_up(self, owner: Value, key: Value | None, found: Value) -> None:
        """Something was found in a table: what of the request it was found by is a key there, if it is found at all."""
        keys = (*self._found.get(owner, ()), *([key] if isinstance(key, Data) else ()))
        if keys and not any(found is one for one in _COMMON):
            self._found[found] = keys

    def was_looked_up(self, value: Value) -> bool:
        """Whether it was found in a table by what the request says."""
        return value in self._found

    def sought(self, value: Value) -> None:
        """It is asked whether something is there: what isn't in the table may be turned away."""
        for key in self._found.get(value, ()):
            self.tested(key)

    def by_name(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """One that by its name checks a value may turn it away."""
        if len(function.node.parameters) <= _MOST_CHECKED and _is_check(function.node.name):
            kind = SCHEME if _OF_ADDRESS.search(function.node.name) else ""
            checked = self._checked_in.setdefault(function.key, set())
            checked.update(f"{kind}{key_of(data)}" for item in arguments for data in data_in(item.value, 2))

    def by_call(self, callee: Value, name: str, arguments: tuple[Item, ...]) -> None:
        """What is left of the ways of data after a call that may turn it away, or fails for what is no number or id."""
        if name == "relative" and isinstance(callee, External) and callee.package == "path":
            for item in arguments:  # where one path lies from another is asked to see whether it leads out
                self.tested(item.value)
        if (_CHECKING.match(name) and name not in _PRESENCE) or name in _LOOKING_UP:
            for item in arguments:
                if isinstance(item.value, Data | Choice):
                    kind = "type " if name in _TYPES else SCHEME if _OF_ADDRESS.search(name) else ""
                    self._held(kind, item.value)
        if name == "timingSafeEqual" and any(map(is_signature, _unwrapped(arguments))):
            self.marks.add(SIGNED)
        for value in cast_by(callee, name, arguments):
            self.marks.update(f"{CAST}{key_of(data)}" for data in data_in(value, 2))


def key_of(data: Data) -> str:
    """What tells a piece of a request from others; the name of a field from what it holds."""
    return f"{'names ' if isinstance(data, FieldName) else ''}{'.'.join((data.part, *data.path))}"


@lru_cache(1_000)
def _is_check(name: str) -> bool:
    return _CHECKS.search(name) is not None


def is_signature(value: Value) -> bool:
    """Whether the program has made it with a key, of what it expects to be sent."""
    calls = value.calls() if isinstance(value, External) and value.package == "crypto" else ()
    return any(last_name(call.callee) == "createHmac" for call in calls)


def _unwrapped(arguments: Sequence[Item]) -> Iterator[Value]:
    """What is given, and what is in it where that is the bytes of something."""
    for item in arguments:
        yield item.value
        yield from kept_in(item.value) if isinstance(item.value, External) else ()


def last_name(callee: Value) -> str:
    """The name by which something that isn't followed is called: of a method, or of a package."""
    if isinstance(callee, External):
        name = callee.name.rpartition(".")[2]
        return name if name not in {"", "default"} else callee.package
    return callee.name if isinstance(callee, Unknown) else ""
