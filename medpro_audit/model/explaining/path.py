"""How an endpoint came to its path: from the application through its mounts to its registration."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.model.evaluation.clauses import conjunction
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Environment,
    FunctionValue,
    Site,
    Text,
    Unknown,
    Value,
)
from medpro_audit.model.explaining.lines import SourceLines
from medpro_audit.model.explanation import PathStep
from medpro_audit.model.paths import paths_of
from medpro_audit.model.routing import Caller, Entry, Router, Row

_DEPTH = 6
"""Texts that are put together from texts are taken apart so far."""


def path_steps(row: Row, lines: SourceLines) -> tuple[PathStep, ...]:
    """Where the application is made, each mount with the piece of the path it adds, and the registration."""
    return tuple(_Tracer(row, lines).steps())


class _Tracer:
    """Goes down the mounts of one row."""

    def __init__(self, row: Row, lines: SourceLines) -> None:
        self._row = row
        self._lines = lines
        self._prefix = ""
        self._conditions = 0
        """How many of the row's conditions have been told."""
        self._told: set[Site] = set()
        """Calls that have been told."""

    def steps(self) -> Iterator[PathStep]:
        """From the outside in."""
        row = self._row
        kind = "application" if row.application.is_application else "router, which no application reaches,"
        given = self._given(row.conditions[: 1 if row.application.condition else 0])
        entries = [*(mount.entry for mount in row.mounts), row.entry]
        yield from self._calls(_around(row.application, entries[0]))
        yield self._made(row.application, f"the {kind} is made", given)
        for mount, following in zip(row.mounts, entries[1:], strict=True):
            yield from self._calls(mount.entry.calls)
            yield from self._origins(mount.entry, mount.at)
            given = self._given(mount.conditions)
            text = "mounts a router" if mount.at != (self._prefix or "/") else "mounts a router without a path"
            yield self._step(mount.entry.site, text, adds=self._piece(mount.at), path=mount.at, condition=given)
            self._prefix = "" if mount.at == "/" else mount.at.rstrip("/")
            yield from self._calls(_around(mount.router, following))
            yield self._made(mount.router, f"that {'application' if mount.router.is_application else 'router'} is made")
        yield from self._calls(row.entry.calls)
        yield from self._origins(row.entry, row.path)
        given = self._given(row.conditions)
        verb = f"answers {row.method}" if row.kind == "route" else "answers, and passes nothing on"
        yield self._step(row.site, verb, adds=self._piece(row.path), path=row.path, condition=given)

    def _made(self, router: Router, text: str, given: str | None = None) -> PathStep:
        """Where a router is made, with the prefix that it has by itself, if any."""
        paths = paths_of(router.prefix) if router.prefix is not None else ()
        if isinstance(paths, Unknown) or len(paths) != 1:
            return self._step(router.site, text, condition=given)
        path = router.below(self._prefix, paths[0].text)
        piece, self._prefix = self._piece(path), path.rstrip("/")
        return self._step(router.site, text, adds=piece, path=path, condition=given)

    def _piece(self, path: str) -> str:
        return path[len(self._prefix) :] or "/"

    def _given(self, conditions: Sequence[str]) -> str | None:
        """The conditions that have come in since the last step that told some."""
        fresh = conditions[self._conditions :]
        self._conditions = max(self._conditions, len(conditions))
        return str(conjunction(fresh)) or None

    def _calls(self, callers: Sequence[Caller]) -> Iterator[PathStep]:
        """Calls in which something is registered, unless a step before has told them."""
        for caller in callers:
            if caller.site not in self._told:
                self._told.add(caller.site)
                yield self._step(caller.site, "in this call")

    def _origins(self, entry: Entry, path: str) -> Iterator[PathStep]:
        """Where the texts of a path stand, when it isn't where it is used."""
        used = self._lines.text(entry.site.place)
        for constant, site in dict.fromkeys(_literals(entry.path, self._piece(path))):
            if constant and constant not in used:
                yield self._step(site, f"{constant} stands here")

    def _step(
        self, site: Site, text: str, *, adds: str | None = None, path: str | None = None, condition: str | None = None
    ) -> PathStep:
        place = site.place
        return PathStep(place.file, place.line, text, self._lines.text(place), adds, path, condition)


def _around(router: Router, entry: Entry) -> Sequence[Caller]:
    """Calls that lead to a registration in which the router was made already."""
    site = router.site
    for index, caller in reversed(list(enumerate(entry.calls, 1))):
        function = caller.function
        if function is not None and contains(function, site):
            return entry.calls[:index]
    return ()


def contains(function: FunctionValue, site: Site) -> bool:
    """Whether a place is in the source of a function."""
    return function.module is site.module and function.node.start <= site.at < function.node.end


def _literals(value: Value | None, piece: str, depth: int = _DEPTH) -> Iterator[tuple[str, Site]]:
    """Literals that a path is made of; of several paths those of one piece."""
    match value:
        case _ if not depth:
            return
        case Constant(value=str() as text, origin=(Module() as module, int() as start)):
            yield text, Site(module, start)
        case Constant(origin=parts) | Text(parts=parts):
            for part in parts or ():
                if isinstance(part, Value):
                    yield from _literals(part, "", depth - 1)
        case Environment(default=default):
            yield from _literals(default, piece, depth - 1)
        case ArrayValue() | Choice():
            for option in _standing_for(value, piece):
                yield from _literals(option, piece, depth - 1)


def _standing_for(value: ArrayValue | Choice, piece: str) -> Iterator[Value]:
    """Of several values for a path, those that yield a piece of it."""
    items = value.items if isinstance(value, ArrayValue) else ()
    options = value.options if isinstance(value, Choice) else ()
    for option in (*(item.value for item in items), *(option for option, _ in options)):
        paths = paths_of(option)
        if not piece or isinstance(paths, Unknown) or any(path.text == piece for path in paths):
            yield option
