"""Which functions before an endpoint limit the rate of requests, and how far."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.evaluation.values import Constant, External, ObjectValue, Value
from medpro_audit.model.packages import roles_of_package
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Layer, Row

_TOO_MANY = 429
_LOOKS_LIKE_A_LIMIT = re.compile(r"rate|limit|throttl|slow|brute|flood", re.IGNORECASE)
_IN_PRODUCTION = re.compile(r"^[\w.]*env\w* ===? '?\"?production", re.IGNORECASE)
"""A condition that holds where it matters."""
_NO_RATE = re.compile(r"body_?limit|size", re.IGNORECASE)


class Limit(NamedTuple):
    """Something that limits the rate of requests."""

    name: str
    place: Place
    is_own: bool
    """It isn't for the whole application."""
    requests: int | None = None
    window: int | None = None
    """In seconds."""
    reason: str | None = None
    """Why it isn't known whether it does."""

    @property
    def rate(self) -> float | None:
        """Requests in a second."""
        return self.requests / self.window if self.requests is not None and self.window else None


def limits_of(row: Row, builder: EndpointBuilder) -> Iterator[Limit]:
    """The limits before an endpoint, outermost first."""
    handler = row.items[-1] if row.items else None
    for layer, summary in builder.chain(row):
        is_own = layer.scope != "application" or layer.mount not in {"", "/"}
        if layer is handler:
            if _is_asked(summary):
                yield _limit(layer, is_own=is_own)
        elif "rate-limit" in builder.roles(layer) or _turns_away(summary):
            yield _limit(layer, is_own=is_own)
        elif _may_limit(layer, summary):
            reason = f"{layer.name} can't be followed"
            yield Limit(layer.name, layer.site.place, is_own, reason=reason)


def _limit(layer: Layer, *, is_own: bool) -> Limit:
    requests, window = _options(layer.value)
    is_sure = not layer.condition or layer.scope == "route" or _IN_PRODUCTION.search(layer.condition)
    reason = None if is_sure else f"it is only in effect if {layer.condition}"
    return Limit(layer.name, layer.site.place, is_own, requests, window, reason)


def _turns_away(summary: Summary) -> bool:
    """Whether it passes some requests on and answers others that there are too many."""
    account = summary.account
    refused = account.refused_with if isinstance(account, Account) else frozenset[int]()
    return summary.passes and _TOO_MANY in {*summary.statuses, *refused}


def _is_asked(summary: Summary) -> bool:
    """Whether a handler asks a limiter itself."""
    packages = (call.callee for call in summary.calls)
    return any(
        isinstance(callee, External) and "rate-limit" in (roles_of_package(callee.package, callee.name) or ())
        for callee in packages
    )


def _may_limit(layer: Layer, summary: Summary) -> bool:
    """Whether what can't be followed is a limit by its name."""
    package = layer.value.package if isinstance(layer.value, External) else ""
    is_followed = summary.reason is None and not summary.is_foreign
    is_known = bool(package) and roles_of_package(package, getattr(layer.value, "name", "")) is not None
    text = f"{layer.name} {package}"
    return not is_followed and not is_known and bool(_LOOKS_LIKE_A_LIMIT.search(text)) and not _NO_RATE.search(text)


def _options(value: Value) -> tuple[int | None, int | None]:
    """Requests and seconds that a limiter was made with, by the names that packages give them."""
    for call in value.calls() if isinstance(value, External) else ():
        for item in call.arguments:
            if isinstance(item.value, ObjectValue):
                given = item.value.properties
                requests = _number(given, "max", "limit", "points", "freeRetries", "delayAfter")
                window = _number(given, "windowMs", "interval")
                seconds = _number(given, "duration")
                return requests, window // 1000 if window else seconds
    return None, None


def _number(properties: dict[str, Value], *names: str) -> int | None:
    for name in names:
        value = properties.get(name)
        if isinstance(value, Constant) and isinstance(value.value, int | float):
            return int(value.value)
    return None
