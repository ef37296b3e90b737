"""Finds the endpoints that answer what tests ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from medpro_audit.model.known import Known
from medpro_audit.model.routing import Router, Row, Walk
from medpro_audit.model.testing.matching import heads_of, match, may_end_with
from medpro_audit.model.testing.urls import UNKNOWN

Through = Literal["integration", "router"]
_ANY = frozenset(("ALL",))


class Route(NamedTuple):
    """A path under which an application answers, and the endpoints that are behind it."""

    method: str
    path: str
    endpoints: tuple[int, ...]
    """Places among the endpoints of the model; empty for what only the tests register."""


class Answer(NamedTuple):
    """What answers a request."""

    endpoints: tuple[int, ...]
    through: Through
    is_sure: bool
    """False where these are only those that may answer."""
    is_own: bool = True
    """False where only something answers that the test itself registers."""


class RouteTable:
    """Routes by the fixed segments that their paths begin with, so that a request is held against few of them."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self.routes = routes
        """In the order of registration."""
        self._by_head: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        self._below: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
        """Those whose fixed segments begin with these and go on."""
        for at, route in enumerate(routes):
            for head in heads_of(route.path):
                self._by_head[head].append(at)
                for end in range(len(head)):
                    self._below[head[:end]].append(at)

    def near(self, path: str) -> list[Route]:
        """The routes that may answer a path, in their order."""
        given = [segment.lower() for segment in path.split("/") if segment]
        known = tuple(takewhile(lambda segment: UNKNOWN not in segment, given))
        found = {at for end in range(len(known) + 1) for at in self._by_head.get(known[:end], ())}
        if len(known) < len(given):
            found.update(self._below.get(known, ()))
        return [self.routes[at] for at in sorted(found)]


class Routes:
    """The routes of all applications, those that tests make among them."""

    def __init__(self, known: Known) -> None:
        base = known.base
        self._rows = base.rows
        self._endpoints = base.endpoints
        self._roles = base.roles
        self._by_registration: dict[tuple[str, int, str], list[int]] = {}
        self._by_entry: dict[int, list[int]] = {}
        self._own: dict[int, list[int]] = {}
        for index, row in enumerate(base.rows):
            self._by_registration.setdefault(_registration(row), []).append(index)
            self._by_entry.setdefault(id(row.entry), []).append(index)
            self._own.setdefault(id(row.application), []).append(index)
        self._routes: dict[int, tuple[Router, RouteTable, Through]] = {}
        self._served: dict[str, RouteTable] = {}

    def answer(self, method: str, path: str, routers: Sequence[Router], backend: str) -> Answer | None:
        """What answers a path; None when nothing does.

        Args:
            method: Upper case; empty when it is not known.
            path: With marks for what is not known of it.
            routers: The applications that may be asked; where there is none, all of the back end.
            backend: Folder of the back end that the test belongs to.
        """
        if not routers:
            return self._best(method, path, self._of_backend(backend), "integration")
        found = [self._best(method, path, *self._of_router(router)) for router in routers]
        answers = [one for one in found if one is not None]
        sure = [one for one in answers if one.is_sure and one.endpoints] or answers
        return sure[0] if sure else None

    def _best(self, method: str, path: str, table: RouteTable, through: Through) -> Answer | None:
        if path.startswith(UNKNOWN):
            return self._below(method, path, table, through)
        fits = [
            (found, route) for route in table.near(path) if _takes(route, method) if (found := match(path, route.path))
        ]
        sure = [(found.rank, route.method in _ANY, route) for found, route in fits if found.fit == "surely"]
        # A parameter takes what is not known; a fixed word perhaps, so that both may answer.
        if sure and method:
            best = max(sure, key=lambda one: (one[0], not one[1]))
            same = [route for rank, is_any, route in sure if (rank, is_any) == best[:2] and route.path == best[2].path]
            return _answer(same, through, is_sure=True)
        maybe = [route for _, route in fits]
        return _answer(maybe, through, is_sure=False) if maybe else None

    def _below(self, method: str, path: str, table: RouteTable, through: Through) -> Answer | None:
        """Of a path that begins with what is not known: a host, most likely, else a prefix."""
        first, slash, rest = path.partition("/")
        if first == UNKNOWN and slash:
            exact = self._best(method, f"/{rest}", table, through)
            if exact is not None and exact.is_sure:
                return exact
        tail = rest if first == UNKNOWN else path
        perhaps = [route for route in table.routes if _takes(route, method) and may_end_with(route.path, tail)]
        return _answer(perhaps, through, is_sure=False) if perhaps else None

    def _of_backend(self, backend: str) -> RouteTable:
        found = self._served.get(backend)
        if found is None:
            own = [at for at, endpoint in enumerate(self._endpoints) if endpoint.backend == backend]
            indices: Iterable[int] = own or range(len(self._endpoints))
            routes = [self._route(at) for at in indices if self._endpoints[at].reached]
            found = self._served[backend] = RouteTable(routes)
        return found

    def _of_router(self, router: Router) -> tuple[RouteTable, Through]:
        kept = self._routes.get(id(router))
        if kept is None:
            own = self._own.get(id(router))
            through: Through = "router" if own is None else "integration"
            routes = list(self._walked(router)) if own is None else [self._route(index) for index in own]
            # the router is kept so that its identity stays taken
            kept = self._routes[id(router)] = (router, RouteTable(routes), through)
        return kept[1], kept[2]

    def _route(self, index: int) -> Route:
        endpoint = self._endpoints[index]
        return Route(endpoint.method, _below(endpoint.kind, endpoint.path), (index,))

    def _walked(self, router: Router) -> Iterator[Route]:
        """Routes of an application that a test makes, or of a router that is a part of a larger one."""
        for row in Walk(router).rows:
            same = self._by_entry.get(id(row.entry)) or self._by_registration.get(_registration(row), [])
            yield Route(row.method, _below(row.kind, row.path), tuple(same))


def _below(kind: Literal["route", "use"], path: str) -> str:
    """What is registered by ``use()`` answers everything below its path."""
    return f"{path.rstrip('/')}/{{*rest}}" if kind == "use" else path


def _registration(row: Row) -> tuple[str, int, str]:
    return row.site.module.path, row.site.at, row.method


def _takes(route: Route, method: str) -> bool:
    if not method or route.method in {method, "ALL"}:
        return True
    return method == "HEAD" and route.method == "GET"


def _answer(routes: Sequence[Route], through: Through, *, is_sure: bool) -> Answer:
    endpoints = tuple(dict.fromkeys(index for route in routes for index in route.endpoints))
    return Answer(endpoints, through, is_sure, is_own=bool(endpoints))
