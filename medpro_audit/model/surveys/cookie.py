"""Cookies that the server sets, those of its sessions among them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import structs

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account
from medpro_audit.model.evaluation.conditions import Judgement
from medpro_audit.model.evaluation.values import Choice, Constant, Environment, External, Item, Undefined, Value
from medpro_audit.model.known import Known
from medpro_audit.model.protection.calls import calls_of
from medpro_audit.model.protection.choices import forced, options, properties_of, secret_of, truth
from medpro_audit.model.secrecy.startup import Startup
from medpro_audit.model.subjects.cookie import Cookie

_SECRETS = re.compile(
    r"auth(?!or(?!i))|token|jwt|session|\bsid\b|refresh|access|remember|identity|api_?key", re.IGNORECASE
)
_FORGERY = re.compile(r"[cx]srf", re.IGNORECASE)
"""What protects from forged requests is there for scripts to be read."""
_SESSION_PACKAGES = {"express-session": "connect.sid", "cookie-session": "session"}
_WORTHLESS = {"", "none", "loggedout", "deleted", "null"}
"""Values that a cookie is given to take it away."""
_STRICT = {"lax", "strict"}


def survey(known: Known) -> Iterable[Cookie]:
    """One for each call that sets one and for each session middleware, sorted."""
    found: dict[tuple[str, int], Cookie] = {}
    for cookie in (*_sessions(known), *_followed(known), *_seen(known)):
        key = (cookie.file, cookie.line)
        found[key] = _together(found[key], cookie) if key in found else cookie
    startup = known.shared(Startup)
    return sorted(map(startup.settled, found.values()), key=lambda cookie: (cookie.file, cookie.line))


def _together(first: Cookie, second: Cookie) -> Cookie:
    """What is known of a call from its values in an endpoint, and else from its text."""
    flags = ("http_only", "secure", "same_site")
    missing = {name: getattr(second, name) for name in flags if getattr(first, name) is None}
    return structs.replace(first, **missing, snippet=first.snippet or second.snippet)


def _followed(known: Known) -> Iterator[Cookie]:
    """Cookies that the functions of endpoints set, with the values that they have there."""
    for row in known.base.rows:
        for _, summary in known.base.endpoint_builder.chain(row):
            account = summary.account
            for record in account.cookies if isinstance(account, Account) else ():
                place = record.site.place
                yield from _cookie(known, place, record.arguments, "")


def _seen(known: Known) -> Iterator[Cookie]:
    """Cookies that are set where no endpoint was followed to."""
    for call in calls_of(known, "cookie"):
        if len(call.arguments) > 1 and not isinstance(forced(call.callee), Undefined):
            yield from _cookie(known, Place(call.path, call.line), call.arguments, call.snippet)


def _cookie(known: Known, place: Place, arguments: tuple[Item, ...], snippet: str) -> Iterator[Cookie]:
    name = forced(arguments[0].value) if arguments else Undefined()
    value = forced(arguments[1].value) if len(arguments) > 1 else Undefined()
    if isinstance(value, Undefined) or (isinstance(value, Constant) and str(value.value).lower() in _WORTHLESS):
        return
    given = options(arguments, 2)
    text = str(name.value) if isinstance(name, Constant) else ""
    yield Cookie(
        file=place.file,
        line=place.line,
        backend=known.base.backend_of(place.file),
        kind="cookie",
        name=text,
        is_secret=_FORGERY.search(text) is None
        and not isinstance(value, Constant)
        and (_SECRETS.search(text) is not None or _is_token(value)),
        http_only=_is_on(given, "httpOnly", default=False),
        secure=_is_on(given, "secure", default=False),
        same_site=_same_site(given),
        snippet=snippet,
    )


def _is_token(value: Value) -> bool:
    return isinstance(value, External) and value.package in {"jsonwebtoken", "jose"}


def _sessions(known: Known) -> Iterator[Cookie]:
    """The cookies of express-session and cookie-session, once for each place that uses them."""
    for row in known.base.rows:
        for layer in row.active:
            value = layer.value
            if isinstance(value, External) and value.package in _SESSION_PACKAGES:
                call = next(value.calls(), None)
                yield _session(known, value.package, layer.site.place, call.arguments if call is not None else ())


def _session(known: Known, package: str, place: Place, arguments: tuple[Item, ...]) -> Cookie:
    given = options(arguments, 0)
    nested = forced(given["cookie"]) if given is not None and "cookie" in given else Undefined()
    cookie = given
    if given is not None and package == "express-session":
        cookie = {} if isinstance(nested, Undefined) else properties_of(nested)
    secret = secret_of((given or {}).get("secret", Undefined()))
    name = forced((given or {}).get("name", Undefined()))
    return Cookie(
        file=place.file,
        line=place.line,
        backend=known.base.backend_of(place.file),
        kind="session",
        name=str(name.value) if isinstance(name, Constant) else _SESSION_PACKAGES[package],
        is_secret=True,
        http_only=_is_on(cookie, "httpOnly", default=True),
        secure=_is_on(cookie, "secure", default=False),
        same_site=_same_site(cookie),
        secret=secret.source,
        variable=secret.variable,
        cause=secret.written,
    )


def _is_on(given: Mapping[str, Value] | None, name: str, *, default: bool) -> bool | None:
    if given is None:
        return None
    if name not in given:
        return default
    is_on = truth(given[name])
    return None if is_on is False and _is_configured(forced(given[name])) else is_on


def _is_configured(value: Value) -> bool:
    """Whether a variable decides that whoever runs the program has to set; of NODE_ENV it is known how."""
    if isinstance(value, Choice):
        return any(_is_configured(option) for option, _ in value.options)
    if isinstance(value, Judgement):
        return "NODE_ENV" not in value.condition.text
    return isinstance(value, Environment) and value.name != "NODE_ENV"


def _same_site(given: Mapping[str, Value] | None) -> bool | None:
    """Whether other sites can't make browsers send it; None where that isn't known."""
    if given is None:
        return None
    value = forced(given["sameSite"]) if "sameSite" in given else Undefined()
    if isinstance(value, Undefined):
        return False
    if isinstance(value, Constant):
        return value.value is True or str(value.value).lower() in _STRICT
    return None
