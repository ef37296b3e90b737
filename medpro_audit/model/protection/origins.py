"""Which other sites may call an application from a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    Constant,
    Environment,
    External,
    FunctionValue,
    Pattern,
    Text,
    Undefined,
    Value,
)
from medpro_audit.model.protection.applications import Application, made_by
from medpro_audit.model.protection.choices import forced, properties_of, truth
from medpro_audit.model.request.data import Data
from medpro_audit.model.subjects.protection import Protection

Origins = Literal["any", "reflected", "named", "unknown"]


class Policy(NamedTuple):
    """What one place says of other origins."""

    origins: Origins
    has_credentials: bool | None
    place: Place


def origin_protections(application: Application) -> Iterator[Protection]:
    """Whether any site may call, and with the user's cookies."""
    policies = list(_policies(application))
    if not policies:
        yield application.says("cors", "not-needed", "no other origin is allowed")
        yield application.says("cors-credentials", "not-needed", "no other origin is allowed")
        return
    widest = min(policies, key=lambda policy: _ORDER.index(policy.origins))
    words = {
        "any": "any origin",
        "reflected": "whatever origin asks",
        "named": "named origins",
        "unknown": "a function",
    }
    is_open = widest.origins in {"any", "reflected"}
    status: Literal["yes", "no", "unknown"] = "no" if is_open else "unknown" if widest.origins == "unknown" else "yes"
    yield application.says("cors", status, f"{words[widest.origins]} may read the answers", widest.place)
    yield _with_credentials(application, policies)


def _with_credentials(application: Application, policies: list[Policy]) -> Protection:
    for policy in policies:
        if policy.origins in {"any", "reflected"} and policy.has_credentials:
            if not application.knows_by_cookie:
                return application.says("cors-credentials", "not-needed", "no cookie makes callers known", policy.place)
            if application.cookies and all(cookie.same_site for cookie in application.cookies):
                return application.says("cors-credentials", "not-needed", "cookies are sameSite", policy.place)
            detail = (
                "credentials: true with whatever origin asks"
                if policy.origins == "reflected"
                else "credentials: true with origin: '*'"
            )
            return application.says("cors-credentials", "no", detail, policy.place)
    unsure = next((one for one in policies if one.origins == "unknown" and one.has_credentials is not False), None)
    if unsure is not None:
        return application.says("cors-credentials", "unknown", "a function decides on the origin", unsure.place)
    return application.says("cors-credentials", "yes", "no cookies for any origin", policies[0].place)


_ORDER: tuple[Origins, ...] = ("reflected", "any", "unknown", "named")


def _policies(application: Application) -> Iterator[Policy]:
    for layer in application.with_role("cors"):
        if isinstance(layer.value, External):
            yield _of_package(layer.value, layer.site.place)
    for value in application.headers.get("access-control-allow-origin", ()):
        credentials = application.headers.get("access-control-allow-credentials", [])
        yield Policy(_origins(value), any(_is_true(one) for one in credentials), application.place)


def _of_package(value: External, place: Place) -> Policy:
    """``cors()`` allows any origin without credentials unless it is told otherwise."""
    call = made_by(value)
    if call is None or not call.arguments or isinstance(forced(call.arguments[0].value), Undefined):
        return Policy("any", has_credentials=False, place=place)
    given = properties_of(call.arguments[0].value)
    if given is None:
        return Policy("unknown", None, place)
    origin = given.get("origin")
    origins = "any" if origin is None else _origins(forced(origin))
    return Policy(origins, truth(given.get("credentials")), place)


def _origins(value: Value) -> Origins:
    match value:
        case Constant(value="*"):
            return "any"
        case Constant(value=True) | Data():
            return "reflected"
        case Environment(default=default):
            return _origins(default) if default is not None else "named"
        case ArrayValue(items=items):
            found = {_origins(item.value) for item in items}
            return "any" if "any" in found else "named"
        case Constant() | Text() | Pattern():
            return "named"
        case Choice(options=options):
            found = {_origins(forced(option)) for option, _ in options}
            return found.pop() if len(found) == 1 else "unknown"
        case FunctionValue():
            return "unknown"
    return "unknown"


def _is_true(value: Value) -> bool:
    return isinstance(value, Constant) and str(value.value).lower() == "true"
