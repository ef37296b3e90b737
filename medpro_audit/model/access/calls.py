"""Calls of the program's own functions, and what is known once the promises that they return are kept."""

from __future__ import annotations

from medpro_audit.model.access.proofs import Known, Returned
from medpro_audit.model.evaluation.values import (
    Choice,
    Constant,
    FunctionValue,
    Item,
    Site,
    Undefined,
    Value,
    options_of,
)

_NOTHING: Known = {}


class Call:
    """One call in progress."""

    __slots__ = ("arguments", "before", "function", "promised", "returns", "site")

    def __init__(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site, before: Known) -> None:
        self.function = function
        self.arguments = arguments
        self.site = site
        self.before = before
        """What was known when it began."""
        self.returns: list[Returned] = []
        self.promised: Known = _NOTHING
        """What is known once the promise is kept that its last ``return`` hands on."""

    @property
    def handed_on(self) -> Known:
        """The same, where it ends in no other way."""
        return self.promised if len(self.returns) == 1 else _NOTHING


class Promises:
    """What is known of the caller where the promise of an asynchronous call was kept."""

    def __init__(self) -> None:
        self._by_site: dict[Site, Known] = {}
        self._by_value: dict[int, tuple[Value, Known]] = {}
        self._last: tuple[Value, Known] | None = None

    def made(self, site: Site | None, value: Value, known: Known) -> None:
        """A call has returned a promise of a value."""
        if site is not None:
            self._by_site[site] = known
        for option, _ in options_of(value):
            if not isinstance(option, Undefined | Constant):
                self._by_value[id(option)] = (option, known)
        if isinstance(value, Choice):
            self._by_value[id(value)] = (value, known)
        self._last = (value, known)

    def unmade(self, site: Site) -> None:
        """A call there has returned no promise of which anything is known."""
        self._by_site.pop(site, None)

    def kept(self, value: Value, site: Site) -> Known:
        """What is known where somebody waits for a promise: that of a call there, or one that is in a variable."""
        return {**self.of_value(value), **self._by_site.get(site, _NOTHING)}

    def of_value(self, value: Value) -> Known:
        """What is known where the promise of a value was kept."""
        return self._by_value.get(id(value), (value, _NOTHING))[1]

    def last(self, value: Value) -> Known:
        """The same of the promise that was returned last, whose ``.then`` is called now."""
        if self._last is not None and self._last[0] is value:
            return self._last[1]
        return self.of_value(value)

    def forget(self, value: Value) -> None:
        """Somebody takes care of its failure."""
        for each in (value, *(option for option, _ in options_of(value))):
            self._by_value.pop(id(each), None)
        if self._last is not None and self._last[0] is value:
            self._last = None
