"""Asynchronous middleware whose rejections Express 4 does not see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.model.errors.forwarding import Forwarder
from medpro_audit.model.errors.promises import Risk
from medpro_audit.model.errors.raw_texts import raw_texts
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue
from medpro_audit.model.known import Base
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.validation import Ledger

_OF_ERRORS = 4
"""Parameters of an error handler."""


class Unheard(NamedTuple):
    """A middleware that may reject, and nobody hears of it."""

    function: FunctionValue
    endpoint: Endpoint
    """The first that is behind it."""
    others: int
    """How many more are."""
    risk: Risk


def unheard(base: Base) -> Iterator[Unheard]:
    """Each of them once, in the order of the endpoints."""
    forwarder = Forwarder(base)
    found: dict[FunctionKey, tuple[FunctionValue, list[Endpoint]]] = {}
    first: dict[FunctionKey, Ledger] = {}
    for row, endpoint in zip(base.rows, base.endpoints, strict=True):
        if endpoint.reached and forwarder.framework(row, endpoint)[0] == "nothing":
            for function in _asynchronous(base, row):
                found.setdefault(function.key, (function, []))[1].append(endpoint)
                first.setdefault(function.key, base.endpoint_builder.passage(row).ledger)
    for function, endpoints in found.values():
        raw = raw_texts(base.interpreter, function, first[function.key])
        for risk in (*forwarder.promises.risks(function), *raw)[:1]:
            yield Unheard(function, endpoints[0], len({one.identity for one in endpoints}) - 1, risk)


def _asynchronous(base: Base, row: Row) -> Iterator[FunctionValue]:
    """The middleware of an endpoint that works with promises and is called as it is."""
    for layer in (*row.active, *row.items[:-1]):
        function = layer.value
        if isinstance(function, FunctionValue) and function.node.is_async:
            is_of_errors = len(function.node.parameters) >= _OF_ERRORS
            if base.roles.get(function.module.path) == "server" and not is_of_errors:
                yield function
