"""Packages that make HTTP requests, and how a call of each says method, URL and application: a line for each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from medpro_audit.model.evaluation.values import (
    CallRecord,
    Choice,
    Deferred,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Value,
)
from medpro_audit.model.routing import Router
from medpro_audit.model.testing.urls import property_of, text_in, urls_of

RUNNER = "test context"
"""Stands for the package of what a test framework hands to a test."""

ClientKind = Literal["application", "network", "browser"]
"""``application``: it is given the application, or asks one on this machine; ``network``: any HTTP client; ``browser``:
it drives a browser, or asks a server that was started beside it."""

CLIENTS: Mapping[str, ClientKind] = {
    "supertest": "application",
    "supertest-as-promised": "application",
    "supertest-session": "application",
    "superagent": "network",
    "chai": "application",
    "chai-http": "application",
    "light-my-request": "application",
    "pactum": "application",
    "frisby": "application",
    "axios": "network",
    "got": "network",
    "ky": "network",
    "needle": "network",
    "node-fetch": "network",
    "cross-fetch": "network",
    "isomorphic-fetch": "network",
    "request": "network",
    "request-promise": "network",
    "request-promise-native": "network",
    "undici": "network",
    "fetch": "network",
    "cy": "browser",
    "@playwright/test": "browser",
    "playwright": "browser",
    RUNNER: "browser",
}
_VERBS = {verb: verb.upper() for verb in ("get", "post", "put", "patch", "delete", "head", "options")} | {
    "del": "DELETE"
}
_BY_ARGUMENTS = frozenset(("", "request", "fetch", "default", "inject", "visit", "goto", "stream"))
"""Members that are told the method by their arguments, or ask for a page."""
_TAKING = frozenset(("", "default", "agent", "request", "execute", "supertest"))
"""Members that are given the application."""
_LIGHT = {"light-my-request": frozenset(("", "default"))}
"""Of clients that are given the application: further members that are told everything by their arguments."""
_FIXTURES = frozenset(("request", "page", "newPage", "newContext"))
"""What Playwright hands to a test, or makes from that, and makes requests."""
_PAGES = frozenset(("visit", "goto"))
MAX_HOLDERS = 4
"""Values inside values in which the application is looked for."""


class Request(NamedTuple):
    """A request, as the call says it."""

    kind: ClientKind
    method: str
    """Upper case; empty when it is not known."""
    urls: tuple[str, ...]
    """What it may ask for; empty when nothing is known of it."""
    base: str
    """What the client puts before a path."""
    routers: tuple[Router, ...]
    """Applications that it was given; empty when that is not known."""
    has_target: bool
    """It was given something as the application."""


def request_of(record: CallRecord) -> Request | None:
    """The request that a call of a package makes; None when it makes none."""
    callee = record.callee
    if not isinstance(callee, External) or callee.package not in CLIENTS:
        return None
    owner, _, name = callee.name.rpartition(".")
    if callee.package == RUNNER and owner.rpartition(".")[2] not in _FIXTURES:
        return None
    before = list(callee.calls())
    if name in _VERBS:
        if not record.arguments or any(_asks(call) for call in before):
            return None
        return _request(callee, _VERBS[name], record.arguments[0].value, before)
    if name not in _BY_ARGUMENTS or any(_asks(call) for call in before):
        return None
    return _by_arguments(callee, name, record.arguments, before)


def _by_arguments(callee: External, name: str, arguments: tuple[Item, ...], before: list[CallRecord]) -> Request | None:
    """``fetch(url, { method })``, ``axios({ method, url })``, ``cy.request(method, url)``, ``inject(app, options)``."""
    values = [item.value for item in arguments]
    may_ask = CLIENTS[callee.package] != "application" or name == "inject" or name in _LIGHT.get(callee.package, ())
    if not values or not may_ask:
        return None
    given: list[Value] = []
    if name == "inject" or callee.package == "light-my-request":
        given, values = values[:1], values[1:]
    if not values:
        return None
    first = values[0]
    if name in _PAGES:
        return _request(callee, "GET", first, before)
    if text_in(first).upper() in _VERBS.values() and len(values) > 1:
        return _request(callee, text_in(first).upper(), values[1], before)
    options = first if isinstance(first, ObjectValue) else values[1] if len(values) > 1 else None
    url = property_of(first, "url", "uri", "path") if isinstance(first, ObjectValue) else first
    if url is None or isinstance(url, FunctionValue):
        return None
    method = property_of(options, "method") if options is not None else None
    known = "GET" if method is None else text_in(method).upper()
    return _request(callee, known, url, before, given)


def _request(
    callee: External, method: str, url: Value, before: list[CallRecord], given: list[Value] | None = None
) -> Request | None:
    if isinstance(url, FunctionValue | Router):
        return None
    kind = CLIENTS[callee.package]
    targets = given or (_targets(before) if kind == "application" else [])
    bases = [base for call in before for item in call.arguments for base in _bases(item.value)]
    if kind == "application":
        bases += [base for target in targets for base in urls_of(target)]
    routers = tuple(dict.fromkeys(router for target in targets for router in routers_in(target)))
    return Request(kind, method, tuple(urls_of(url)), bases[0] if bases else "", routers, bool(targets))


def _asks(call: CallRecord) -> bool:
    """Whether a call is a request already: what follows it, such as ``.get('etag')``, reads the answer."""
    callee = call.callee
    name = callee.name.rpartition(".")[2] if isinstance(callee, External) else ""
    return name in _VERBS and bool(call.arguments)


def _targets(before: list[CallRecord]) -> list[Value]:
    """What a call of a chain was given as the application: ``request(app)``, ``chai.request(app)``, ``agent(app)``."""
    for call in before:
        name = call.callee.name.rpartition(".")[2] if isinstance(call.callee, External) else ""
        if name in _TAKING and call.arguments:
            return [call.arguments[0].value]
    return []


def _bases(value: Value) -> Iterator[str]:
    base = property_of(value, "baseURL", "prefixUrl", "baseUrl")
    if base is not None:
        yield from urls_of(base)


def routers_in(value: Value, depth: int = 0) -> Iterator[Router]:
    """Applications that a value is, or was made with: ``http.createServer(app)``, an object that holds one."""
    if isinstance(value, Router):
        yield value
    elif depth <= MAX_HOLDERS:
        for inner in _held(value):
            yield from routers_in(inner, depth + 1)


def _held(value: Value) -> Sequence[Value]:
    match value:
        case Choice(options=options):
            return [option for option, _ in options]
        case External():
            return [item.value for call in value.calls() for item in call.arguments]
        case Deferred():
            return [value.force()]
        case ObjectValue(properties=properties):
            return [inner for inner in properties.values() if isinstance(inner, Router | External | Choice)]
    return ()
