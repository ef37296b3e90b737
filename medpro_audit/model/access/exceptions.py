"""Requests that a guard lets through: ``guard.unless({ path: [...] })`` of express-unless and koa-unless."""

from __future__ import annotations

import re
from collections.abc import Sequence

from medpro_audit.model.evaluation.values import ArrayValue, Constant, ObjectValue, Pattern, Value


def is_excepted(exceptions: Value | None, method: str, path: str) -> bool | None:
    """Whether an endpoint is among the exceptions; None when that isn't known."""
    if exceptions is None:
        return False
    if not isinstance(exceptions, ObjectValue) or exceptions.is_open or set(exceptions.properties) - {"path"}:
        return None
    value = exceptions.properties.get("path")
    entries = [item.value for item in value.items] if isinstance(value, ArrayValue) else [value]
    if value is None or (isinstance(value, ArrayValue) and value.is_open):
        return None
    verdicts = [_matches(entry, method, path) for entry in entries]
    return True if True in verdicts else None if None in verdicts else False


def is_asked_for(text: str, path: str, mounts: Sequence[str]) -> bool | None:
    """Whether a function that is in effect at these mounts sees this text where a path is asked for; None if it may.

    Below a mount, ``req.path`` is what is left of the path (Express's API, "req.path"), and ``req.originalUrl`` is all.
    """
    wanted = _segments(text)
    seen = [_segments(path), *(_segments(path)[len(_segments(mount)) :] for mount in mounts)]
    verdicts = [_is_alike(wanted, one) for one in seen]
    return True if all(verdicts) else None if any(one is not False for one in verdicts) else False


def _segments(path: str) -> list[str]:
    return [segment for segment in path.lower().split("?")[0].split("/") if segment]


def _is_alike(wanted: Sequence[str], path: Sequence[str]) -> bool | None:
    """Whether a path is a text; None where a parameter or a pattern of it may be."""
    if any(re.search(r"[*(){}+?]", segment) for segment in path):
        return None
    if len(wanted) != len(path):
        return False
    pairs = [(one, other) for one, other in zip(wanted, path, strict=True) if one != other]
    return not pairs or (None if all(":" in other for _, other in pairs) else False)


def _matches(entry: Value | None, method: str, path: str) -> bool | None:
    match entry:
        case Constant(value=str() as text):
            return text.rstrip("/") == path.rstrip("/") or (text == path)
        case Pattern():
            return _fits(entry, path)
        case ObjectValue(properties=properties):
            fits = _matches(properties.get("url"), method, path)
            methods = properties.get("methods")
            if not fits or methods is None:
                return fits
            named = [item.value for item in methods.items] if isinstance(methods, ArrayValue) else [methods]
            known = [str(one.value).upper() for one in named if isinstance(one, Constant)]
            return None if len(known) < len(named) else method in known
    return None


def _fits(pattern: Pattern, path: str) -> bool | None:
    """Whether a regular expression matches a path without parameters; None for one that has some."""
    if ":" in path or "*" in path:
        return None
    try:
        return re.search(pattern.source, path, re.IGNORECASE if "i" in pattern.flags else 0) is not None
    except re.error:
        return None
