"""What is done about callers in an application as a whole: forged requests, roles, renewing of tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import cast

from medpro_audit.model.access.account import Account
from medpro_audit.model.access.packages import deed_of
from medpro_audit.model.access.provenance import last_name
from medpro_audit.model.endpoints import EndpointBuilder
from medpro_audit.model.evaluation.values import External, Unknown
from medpro_audit.model.protection.applications import Application
from medpro_audit.model.request.records import Summary
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.protection import Protection
from medpro_audit.model.subjects.token import Token

_BY_COOKIE = {"session", "cookie"}
_BY_SESSION = {"session", "passport"}
_LAX = frozenset(
    (
        "@auth/express",
        "@clerk/express",
        "better-auth",
        "express-openid-connect",
        "iron-session",
        "next-auth",
        "supertokens-node",
    )
)
"""Packages whose session cookies are ``SameSite=Lax`` by default."""
_REFRESH = re.compile(r"refresh", re.IGNORECASE)
_INVALIDATES = re.compile(
    r"delete|destroy|remove|revoke|del$|blacklist|invalidate|update|save|set|findOneAnd|findByIdAnd|rotate",
    re.IGNORECASE,
)


def caller_protections(application: Application) -> Iterator[Protection]:
    """Forged requests, roles, renewing of tokens."""
    yield _forgery(application)
    yield _roles(application)
    yield _refreshing(application)


def _forgery(application: Application) -> Protection:
    """Where browsers send by themselves what callers are known by, other sites can make them do so."""
    pairs = list(zip(application.endpoints, application.access, strict=True))
    exposed = [endpoint for endpoint, one in pairs if _is_exposed(one)]
    if not exposed:
        return application.says("csrf", "not-needed", "no cookie makes callers known")
    bare = [endpoint for endpoint in exposed if not any("csrf" in use.roles for use in endpoint.middleware)]
    if not bare:
        return application.says("csrf", "yes", "tokens are checked")
    verdicts = {cookie.same_site for cookie in _telling_cookies(application)}
    if verdicts == {True} or (not verdicts and _keeps_to_its_site(application)):
        return application.says("csrf", "yes", "cookies are sameSite")
    if None in verdicts and False not in verdicts:
        return application.says("csrf", "unknown", "how cookies are set is not known")
    return application.says(
        "csrf", "no", f"{len(bare)} of {len(exposed)} state-changing endpoints that know their callers by a cookie"
    )


def _telling_cookies(application: Application) -> Sequence[Cookie]:
    """The cookies by which callers are known: where that is by a session, any other tells nothing of them."""
    exposed = [one for one in application.access if _is_exposed(one)]
    sessions = [cookie for cookie in application.cookies if cookie.kind == "session"]
    is_by_session = all(_BY_SESSION & set(one.schemes) for one in exposed)
    return sessions if sessions and is_by_session else application.cookies


def _is_exposed(access: Access) -> bool:
    """Whether another site gains by it: who is logged out logs in again, and what renews a token tells it nothing."""
    is_worth = access.changes_state and not access.ends_session and not access.admits_strangers
    return is_worth and bool(_BY_COOKIE & set(access.schemes))


def _keeps_to_its_site(application: Application) -> bool:
    """Whether the cookies are those of a package that sets ``SameSite`` unless it is told otherwise."""
    projects = application.known.base.resolver.projects
    package = projects.package_of("" if application.backend == "." else application.backend)
    return package is not None and not _LAX.isdisjoint(package.dependencies)


def _roles(application: Application) -> Protection:
    changing = [one for one in application.access if one.changes_state and one.serves and not one.admits_strangers]
    if any({"role", "permission"} & set(one.authorization_kinds) for one in application.access):
        named = sorted({role for one in application.access for role in one.roles})
        return application.says("roles", "yes", ", ".join(named[:8]))
    if not changing:
        return application.says("roles", "not-needed", "nothing is changed")
    if any(one.authorization == "unknown" for one in changing):
        return application.says("roles", "unknown", "what decides can't be followed")
    return application.says("roles", "no", "no endpoint asks for a role or permission")


def _refreshing(application: Application) -> Protection:
    tokens = cast("Sequence[Token]", application.known.found("token"))
    if not any(token.kind == "sign" and token.backend == application.backend for token in tokens):
        return application.says("refresh-tokens", "not-needed", "no tokens are issued")
    pairs = zip(application.rows, application.access, strict=True)
    found = [(row, one) for row, one in pairs if _REFRESH.search(row.path) or _reads_refresh(row, application)]
    if not found:
        return application.says("refresh-tokens", "no", "tokens are issued, and no endpoint renews them")
    row, _access = found[0]
    return _rotation(application, row, _access)


def _reads_refresh(row: Row, application: Application) -> bool:
    summary = _handler(row, application.known.base.endpoint_builder)
    return summary is not None and any(_REFRESH.search(use.path[-1]) for use in summary.uses if use.path)


def _handler(row: Row, builder: EndpointBuilder) -> Summary | None:
    return next((summary for layer, summary in builder.chain(row) if row.items and layer is row.items[-1]), None)


def _rotation(application: Application, row: Row, _access: Access) -> Protection:
    """Whether who renews a token gets a new refresh token, too, and the old one is worth nothing from then on."""
    summary = _handler(row, application.known.base.endpoint_builder)
    place = row.site.place
    if summary is None or summary.reason is not None:
        return application.says("refresh-tokens", "unknown", f"{row.method} {row.path} can't be followed", place)
    account = summary.account
    cookies = account.cookies if isinstance(account, Account) else ()
    sent = {key for answer in summary.answers for key in answer.sent.keys}
    names = {str(getattr(record.arguments[0].value, "value", "")) for record in cookies if record.arguments}
    issues_new = any(_REFRESH.search(name) for name in (*sent, *names))
    callees = [record.callee for record in summary.calls]
    invalidates = any(isinstance(one, External | Unknown) and _INVALIDATES.search(last_name(one)) for one in callees)
    if issues_new and invalidates:
        return application.says(
            "refresh-tokens", "yes", f"{row.method} {row.path} issues a new one and drops the old", place
        )
    if not issues_new and sent and any(isinstance(one, External) and deed_of(one) == "token" for one in callees):
        return application.says("refresh-tokens", "no", f"{row.method} {row.path} issues no new refresh token", place)
    return application.says(
        "refresh-tokens", "unknown", f"whether {row.method} {row.path} rotates can't be seen", place
    )
