"""Requests that a guard lets through: ``guard.unless({ path: [...] })`` of express-unless and koa-unless."""

from __future__ import annotations

import re

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
