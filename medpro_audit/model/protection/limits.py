"""What an application takes from clients: how large bodies, how many requests, whose word on their address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.values import Constant
from medpro_audit.model.protection.applications import Application, given_to
from medpro_audit.model.protection.calls import calls_of
from medpro_audit.model.subjects.facets.rate_limit import RateLimit
from medpro_audit.model.subjects.protection import Protection, Status

_MEGABYTE = 1024 * 1024
_LARGE = 10 * _MEGABYTE
"""A hundred times what body-parser allows by default."""
_SOME = 0.1
"""Who limits this share of the endpoints has chosen which; the others are told one by one."""
_UNITS = {"": 1, "b": 1, "kb": 1024, "mb": _MEGABYTE, "gb": 1024 * _MEGABYTE}
_SIZE = re.compile(r"^\s*([\d.]+)\s*(b|kb|mb|gb)?\s*$", re.IGNORECASE)


def limit_protections(application: Application) -> Iterator[Protection]:
    """Bodies, requests, and addresses behind proxies."""
    yield _bodies(application)
    limited = _limited(application)
    yield _rates(application, limited)
    yield _proxies(application, is_limited="yes" in limited)


def _bodies(application: Application) -> Protection:
    """The largest body that is parsed for every endpoint; the default of body-parser is 100 kB."""
    parsers = [
        layer
        for layer in application.with_role("body-parser")
        if layer.mount in {"", "/"} and layer.scope == "application"
    ]
    if not parsers:
        return application.says("body-limit", "not-needed", "no bodies are parsed for all endpoints")
    sizes = [(size, layer) for layer in parsers if (size := _size(given_to(layer.value))) is not None]
    largest = max(sizes, key=lambda one: one[0], default=None)
    if largest is None or largest[0] <= _LARGE:
        return application.says("body-limit", "yes", f"at most {_LARGE // _MEGABYTE} MB", parsers[0].site.place)
    size, layer = largest
    return application.says(
        "body-limit", "no", f"{layer.name} takes {size // _MEGABYTE} MB from anybody", layer.site.place
    )


def _size(given: object) -> int | None:
    value = getattr(given, "properties", {}).get("limit")
    if not isinstance(value, Constant):
        return None
    if isinstance(value.value, int | float):
        return int(value.value)
    match = _SIZE.match(str(value.value))
    return int(float(match[1]) * _UNITS[(match[2] or "").lower()]) if match is not None else None


def _limited(application: Application) -> list[str]:
    """Whether each endpoint is limited; answers to ``OPTIONS``, which only tell what is allowed, need no limit."""
    facets = cast("Sequence[RateLimit]", application.known.facet("rate_limit"))
    own = {id(endpoint) for endpoint in application.endpoints if endpoint.method != "OPTIONS"}
    pairs = zip(application.known.base.endpoints, facets, strict=True)
    return [limit.status for endpoint, limit in pairs if id(endpoint) in own]


def _rates(application: Application, limited: list[str]) -> Protection:
    total, some = len(limited), limited.count("yes")
    if some == total:
        return application.says("rate-limit", "yes", "every endpoint" if total else "there is nothing to limit")
    if "unknown" in limited:
        return application.says(
            "rate-limit", "unknown", f"{limited.count('unknown')} of {total} endpoints are not understood"
        )
    status: Status = "no" if some < total * _SOME else "yes"
    return application.says("rate-limit", status, f"{some} of {total} endpoints" if some else "no endpoint")


def _proxies(application: Application, *, is_limited: bool) -> Protection:
    """``trust proxy`` set to true believes whatever address the client claims to have."""
    for call in calls_of(application.known, "application-setting"):
        values = [item.value.value for item in call.arguments if isinstance(item.value, Constant)]
        if values[:1] != ["trust proxy"] or application.known.base.backend_of(call.path) != application.backend:
            continue
        place = Place(call.path, call.line)
        is_any = (len(values) > 1 and values[1] is True) or (".enable" in call.snippet and len(call.arguments) == 1)
        if is_any and is_limited:
            detail = "trust proxy is true: clients choose the address by which they are limited"
            return application.says("proxy-trust", "no", detail, place)
        return application.says("proxy-trust", "yes" if not is_any else "not-needed", "trust proxy is set", place)
    return application.says("proxy-trust", "not-needed", "trust proxy is not set")
