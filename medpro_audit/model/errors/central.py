"""Error handlers of Express applications: where they are registered, and which endpoints stand before them.

Express tells an error handler from other middleware by its number of parameters, four
(https://expressjs.com/en/guide/error-handling.html), and only asks those that are registered after what has failed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import External, FunctionValue, Unknown, Value, options_of
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.paths import covers, paths_of
from medpro_audit.model.routing import Entry, Router, Row, unpacked

PARAMETERS = 4
_ERROR = re.compile(r"^_*(e|er|err|error|exception)$", re.IGNORECASE)
_NEXT_TO_ERROR = re.compile(r"^_*(req|request|res|response)$", re.IGNORECASE)
_HANDLING = re.compile("error|sentry", re.IGNORECASE)

Verdict = Literal["yes", "no", "unknown"]


class Registered(NamedTuple):
    """A function for errors that is registered on an application or router."""

    name: str
    entry: Entry
    router: Router
    position: int
    """Among the registrations of its router."""
    value: Value
    parameters: int | None
    """None for what comes from a package, or can't be seen."""

    @property
    def place(self) -> str:
        """Where it is registered."""
        return f"{self.name} at {self.entry.site.place.file}:{self.entry.site.place.line}"

    @property
    def is_sure(self) -> bool:
        """It surely is one that Express calls with errors."""
        return self.parameters == PARAMETERS or (
            isinstance(self.value, External)
            and "error-handler" in (roles_of_package(self.value.package, self.value.name) or ())
        )


def registered_on(router: Router) -> Iterator[Registered]:
    """What is registered for errors on a router, in order; whatever may be one among it."""
    for position, entry in enumerate(router.registrations):
        if entry.kind != "use":
            continue
        for item in unpacked(entry.items):
            for value, _ in options_of(item.value):
                parameters = length_of(value) if isinstance(value, FunctionValue) else None
                if _may_handle(value, parameters):
                    yield Registered(name_of(item.source), entry, router, position, value, parameters)


def length_of(function: FunctionValue) -> int:
    """What Express reads as ``fn.length``: parameters before the first default or rest parameter."""
    count = 0
    for parameter in function.node.parameters:
        if isinstance(parameter.target, ir.Default | ir.Rest):
            break
        count += 1
    return max(0, count - len(function.bound))


def _may_handle(value: Value, parameters: int | None) -> bool:
    match value:
        case FunctionValue() as function:
            return parameters == PARAMETERS or is_meant_for_errors(function)
        case External(package=package, name=name):
            return _HANDLING.search(f"{package}.{name}") is not None
        case Unknown():
            return True
    return False


def is_meant_for_errors(function: FunctionValue) -> bool:
    """Whether the parameters are those of an error handler by their names, however many there are."""
    names = [parameter.target.id for parameter in function.node.parameters if isinstance(parameter.target, ir.Name)]
    return len(names) > 1 and bool(_ERROR.match(names[0]) and _NEXT_TO_ERROR.match(names[1]))


class Cover(NamedTuple):
    """Whether an endpoint's failures reach an error handler of the application."""

    verdict: Verdict
    by: Registered | None = None


class Covers:
    """Looks at the registrations of each router once."""

    def __init__(self) -> None:
        self._registered: dict[int, tuple[Router, tuple[Registered, ...]]] = {}

    def of(self, row: Row) -> Cover:
        """Look for what is registered after an endpoint, on its own router and on each around it."""
        levels = [(row.entry, row.items[-1].router if row.items else row.application)]
        levels += [(mount.entry, _owner_of(row, mount.entry)) for mount in reversed(row.mounts)]
        doubtful: Registered | None = None
        for entry, router in levels:
            for found in self._after(router, entry, row.path):
                if found.is_sure:
                    return Cover("yes", found)
                if found.parameters is None:
                    doubtful = doubtful or found
        return Cover("unknown" if doubtful is not None else "no", doubtful)

    def _after(self, router: Router, entry: Entry, path: str) -> Iterator[Registered]:
        if id(router) not in self._registered:  # the router is kept, so that its identity stays taken
            self._registered[id(router)] = router, tuple(registered_on(router))
        _, registered = self._registered[id(router)]
        start = next((index for index, one in enumerate(router.registrations) if one is entry), -1) if registered else 0
        for found in registered:
            if found.position > start and (not router.is_application or _reaches(found.entry, path)):
                yield found


def _owner_of(row: Row, entry: Entry) -> Router:
    """The router on which a mount is registered."""
    routers = [row.application, *(mount.router for mount in row.mounts)]
    return next((router for router in routers if any(one is entry for one in router.registrations)), row.application)


def _reaches(entry: Entry, path: str) -> bool:
    """Whether what is registered below a path is asked for an endpoint; taken to be so where that path isn't known."""
    paths = paths_of(entry.path)
    return isinstance(paths, Unknown) or any(covers(one.text, path) for one in paths)
