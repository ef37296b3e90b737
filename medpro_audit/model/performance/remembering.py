"""What keeps answers from one request to the next: caches in Redis and in memory, and headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.drivers import is_cache
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.performance.routines import Called, Routine

IN_MEMORY = frozenset(
    (
        "@isaacs/ttlcache",
        "@upstash/redis",
        "bentocache",
        "cache-manager",
        "cacheable",
        "flat-cache",
        "keyv",
        "lru-cache",
        "memcached",
        "memjs",
        "memory-cache",
        "node-cache",
        "quick-lru",
        "tiny-lru",
    )
)
"""Packages that keep values under keys."""
MEMOISING = frozenset(("memoizee", "p-memoize", "mem", "micro-memoize", "memoize-one", "lodash.memoize", "moize"))
"""Packages that keep what a function returns."""
_READS = frozenset(("get", "mget", "hget", "hgetall", "hGetAll", "hGet", "mGet", "peek", "take", "json.get"))
_WRITES = frozenset(
    ("set", "setex", "setEx", "mset", "hset", "hSet", "hmset", "psetex", "pSetEx", "put", "setnx", "add")
)
_BOTH = frozenset(("wrap", "getOrSet", "fetch", "remember", "memoize", "memoizee"))
_HEADERS = frozenset(("set", "setHeader", "header"))


class Kept(NamedTuple):
    """Something that keeps answers."""

    by: str
    place: Place


def kept_by(routines: Iterable[Routine], *, with_headers: bool = True) -> Kept | None:
    """What keeps the answers that some functions make; a value that is only read, or only written, is no cache."""
    read: Kept | None = None
    written = False
    for routine in routines:
        for call in routine.calls:
            header = _header(call, routine)
            package = _package(call)
            if header is not None and with_headers:
                return header
            if package is None:
                continue
            kept = Kept(package, _place(call, routine))
            if package in MEMOISING or call.name in _BOTH:
                return kept
            written |= call.name in _WRITES
            read = read or (kept if call.name in _READS else None)
    return read if written else None


def _package(call: Called) -> str | None:
    package = call.value.package if isinstance(call.value, External) else ""
    return package if package in IN_MEMORY or package in MEMOISING or is_cache(package) else None


def _header(call: Called, routine: Routine) -> Kept | None:
    """``res.set('Cache-Control', 'public, max-age=60')``."""
    match call.node:
        case ir.Call(arguments=(ir.Literal(value=str() as name), ir.Literal(value=str() as value))) if (
            call.name in _HEADERS and name.lower() == "cache-control" and _is_kept(value)
        ):
            return Kept("Cache-Control", _place(call, routine))
    return None


def _is_kept(header: str) -> bool:
    words = header.lower().replace(" ", "").split(",")
    ages = [word.partition("=")[2] for word in words if word.startswith(("max-age=", "s-maxage="))]
    return "no-store" not in words and any(age.isdigit() and int(age) > 0 for age in ages)


def _place(call: Called, routine: Routine) -> Place:
    return routine.function.module.facts.place(call.at)
