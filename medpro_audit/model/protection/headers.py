"""Headers that keep browsers safe: helmet or the program's own."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.core.place import Place
from medpro_audit.model.access.account import Account
from medpro_audit.model.evaluation.values import Constant, External, Value
from medpro_audit.model.protection.applications import Application, given_to, made_by
from medpro_audit.model.protection.calls import calls_of
from medpro_audit.model.subjects.protection import Protection

_BY_HAND = {"x-content-type-options", "x-frame-options", "content-security-policy", "strict-transport-security"}
_POLICY = ("contentSecurityPolicy",)
_HSTS = ("hsts", "strictTransportSecurity")


def header_protections(application: Application) -> Iterator[Protection]:
    """What its headers protect from."""
    layers = application.with_role("security-headers")
    by_hand = _BY_HAND & set(application.headers)
    covered = application.covered_by("security-headers")
    total = len(application.endpoints)
    if layers and covered >= total * _MOST:
        yield application.says("security-headers", "yes", layers[0].name)
    elif layers:
        detail = f"it stands before {covered} of {total} endpoints"
        yield application.says("security-headers", "no", detail, layers[0].site.place)
    elif len(by_hand) > 1:
        yield application.says("security-headers", "yes", f"sets {', '.join(sorted(by_hand))}")
    else:
        yield application.says("security-headers", "no", "nothing sets them")
    yield _policy(application)
    yield _powered_by(application)
    yield _https(application)


def _policy(application: Application) -> Protection:
    """The content security policy: part of helmet, unless it is switched off."""
    layers = [layer for layer in application.with_role("security-headers") if isinstance(layer.value, External)]
    whole = [layer for layer in layers if _sets_everything(layer.value)]
    if "content-security-policy" in application.headers:
        return application.says("content-security-policy", "yes", "set by hand")
    for layer in whole:
        if not _is_off(layer.value, _POLICY):
            return application.says("content-security-policy", "yes", layer.name)
    if whole:
        detail = "contentSecurityPolicy: false"
        return application.says("content-security-policy", "no", detail, whole[0].site.place)
    return application.says("content-security-policy", "not-needed", "no security headers at all")


def _sets_everything(value: Value) -> bool:
    """Whether it is helmet as a whole, not one of its parts such as ``helmet.frameguard()``."""
    return isinstance(value, External) and value.name.rpartition(".")[2] in {"", "default", "helmet", "secureHeaders"}


def _is_off(value: Value, names: tuple[str, ...]) -> bool:
    given = given_to(value)
    found = [given.properties.get(name) for name in names] if given is not None else []
    return any(isinstance(one, Constant) and one.value is False for one in found)


def _powered_by(application: Application) -> Protection:
    if application.framework != "express":
        return application.says("powered-by", "not-needed", f"{application.framework} does not send it")
    if application.with_role("security-headers") or "x-powered-by" in application.headers:
        return application.says("powered-by", "yes", "taken away by middleware")
    for call in calls_of(application.known, "application-setting"):
        values = [item.value.value for item in call.arguments if isinstance(item.value, Constant)]
        is_off = values[:1] == ["x-powered-by"] and ("disable" in call.snippet or values[1:2] == [False])
        if is_off and application.known.base.backend_of(call.path) == application.backend:
            return application.says("powered-by", "yes", "disabled", Place(call.path, call.line))
    return application.says("powered-by", "no", "x-powered-by is on by default")


_MOST = 0.9
"""Share of endpoints behind headers of which it is no matter that others, such as a file, are before them."""
_REDIRECTING = {
    "express-sslify",
    "express-enforces-ssl",
    "express-force-https",
    "express-force-ssl",
    "koa-sslify",
    "express-http-to-https",
}


def _https(application: Application) -> Protection:
    """HTTPS only: a header that tells browsers so, or a redirection."""
    for layer in application.layers:
        call = made_by(layer.value)
        package = layer.value.package if isinstance(layer.value, External) else ""
        if package in _REDIRECTING:
            return application.says("https", "yes", f"{package} redirects")
        is_whole = _sets_everything(layer.value) and package in {"helmet", "koa-helmet", "hono"}
        is_part = (
            package == "helmet" and isinstance(layer.value, External) and layer.value.name.rpartition(".")[2] in _HSTS
        )
        if call is not None and ((is_whole and not _is_off(layer.value, _HSTS)) or is_part):
            return application.says("https", "yes", f"{layer.name} sends Strict-Transport-Security")
    if "strict-transport-security" in application.headers:
        return application.says("https", "yes", "Strict-Transport-Security is set by hand")
    accounts = [summary.account for summary in application.summaries]
    if any(account.redirects_to_https for account in accounts if isinstance(account, Account)):
        return application.says("https", "yes", "middleware redirects to it")
    return application.says("https", "no", "nothing redirects to HTTPS or sends Strict-Transport-Security")
