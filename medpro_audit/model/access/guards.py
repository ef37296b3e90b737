"""Middleware of packages that lets nobody pass who isn't known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.model.access.packages import OPTIONAL, guard_of, is_a_login, is_of_nobody, is_of_token, takes_password
from medpro_audit.model.access.standing import Standing
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    CallRecord,
    Constant,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


class PackageGuard(NamedTuple):
    """A package's middleware that authenticates."""

    standing: Standing
    is_login: bool = False
    """It asks strangers to log in."""
    checks_password: bool = False
    """By what they type in here, and not at another service."""
    is_optional: bool = False
    """Its options let strangers pass."""
    doubt: str | None = None
    """A strategy of which it isn't known whom it lets pass."""
    is_of_nobody: bool = False
    """What it verifies was handed to strangers: that somebody has read a picture tells nothing of who it is."""
    callback: FunctionValue | None = None
    """Told of the outcome instead of a refusal."""
    exceptions: Value | None = None
    """What ``.unless()`` was given: requests that it lets through."""


def guard_among(value: External, interpreter: Interpreter, site: Site) -> PackageGuard | None:
    """The guard that a value is, if it is one."""
    calls = [call for call in value.calls() if isinstance(call.callee, External)]
    named = next((call for call in calls if guard_of(call.callee) is not None), None)  # type: ignore[arg-type]
    scheme = guard_of(named.callee) if named is not None else guard_of(value)  # type: ignore[arg-type]
    if scheme is None or (named is None and not calls and value.call is None and _is_bare_namespace(value)):
        return None
    arguments = named.arguments if named is not None else ()
    place = (named.site if named is not None else site).place
    unless = next((call for call in calls if call.callee.name.endswith("unless")), None)  # type: ignore[attr-defined]
    names = _strategies(interpreter, arguments, site) if value.package in {"passport", "koa-passport"} else ()
    return PackageGuard(
        standing=Standing(frozenset((scheme,)), places=frozenset((place,))),
        is_login=bool(names) and all(map(is_a_login, names)),
        checks_password=any(map(takes_password, names)),
        doubt=next((name for name in names if not is_a_login(name) and not is_of_token(name)), None),
        is_of_nobody=bool(names) and all(map(is_of_nobody, names)),
        is_optional="anonymous" in names or _is_optional(arguments),
        callback=next((item.value for item in arguments[1:] if isinstance(item.value, FunctionValue)), None),
        exceptions=_first(unless),
    )


def _is_bare_namespace(value: External) -> bool:
    return not value.name


def _first(call: CallRecord | None) -> Value | None:
    return call.arguments[0].value if call is not None and call.arguments else None


def _strategies(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> tuple[str, ...]:
    """Names of passport's strategies, where they are constants."""
    first = arguments[0].value if arguments else None
    several = items_of(interpreter, first, site) if first is not None and not isinstance(first, Constant) else None
    values = [item.value for item in several] if several is not None else [first]
    return tuple(str(value.value) for value in values if isinstance(value, Constant))


def _is_optional(arguments: tuple[Item, ...]) -> bool:
    for item in arguments:
        if isinstance(item.value, ObjectValue):
            for name, lets_pass in OPTIONAL.items():
                given = item.value.properties.get(name)
                if given is not None and not (isinstance(given, Constant) and given.value is not lets_pass):
                    return True
    return False
