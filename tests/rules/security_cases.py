"""Subjects of the posture half of the pack ``security``: who may call, and how the server protects itself."""

from typing import Any

import msgspec

from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.cookie import Cookie
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.change import Change
from medpro_audit.model.subjects.facets.rate_limit import RateLimit
from medpro_audit.model.subjects.protection import Practice, Protection
from medpro_audit.model.subjects.template_output import TemplateOutput
from medpro_audit.model.subjects.token import Token
from rules.builders import ENDPOINT

_OPEN = Access(authentication="no", authorization="no", changes_state=True)
_KNOWN = Access(authentication="yes", by="requireUser", schemes=("jwt",), authorization="no", changes_state=True)
_AMONG_OTHERS = msgspec.structs.replace(_KNOWN, callers_differ=True)
_ALLOWED = msgspec.structs.replace(_KNOWN, authorization="yes", authorization_by="requireRole", roles=("admin",))
_UNKNOWN_CALLER = Access(authentication="unknown", by="guard", reason="guard can't be followed", changes_state=True)
_WRITES = Change("yes", "database", "writes to the database")
_LOGIN = msgspec.structs.replace(_OPEN, admits_strangers=True, checks_secret=True)
_LIMITED = RateLimit("yes", "limiter", "server.js:4", is_strict=False, requests=100, window=60)
_STRICTLY = RateLimit("yes", "loginLimiter", "server.js:4", is_strict=True, requests=5, window=60)
_UNLIMITED = RateLimit("no", is_strict=False)
_PERHAPS = RateLimit("unknown", "limiter", "server.js:4", reason="limiter can't be followed")


def _called(access: Access, limit: RateLimit = _UNLIMITED, **fields: Any) -> Subject:
    return msgspec.structs.replace(ENDPOINT, **{"access": access, "rate_limit": limit, "change": _WRITES, **fields})


def _pretended() -> Subject:
    return _called(msgspec.structs.replace(_OPEN, false_guard="requireUser"))


def _token(**fields: Any) -> Token:
    made: dict[str, Any] = {"expires": True, "has_fixed_algorithms": True, "secret": "environment"}
    place: dict[str, Any] = {"file": "auth.js", "line": 3, "backend": ".", "kind": "sign", "library": "jsonwebtoken"}
    return Token(**place | made | fields)


def _cookie(**fields: Any) -> Cookie:
    flags: dict[str, Any] = {
        "is_secret": True,
        "http_only": True,
        "secure": True,
        "same_site": True,
        "secret": "environment",
    }
    place: dict[str, Any] = {"file": "auth.js", "line": 3, "backend": ".", "kind": "session", "name": "sid"}
    return Cookie(**place | flags | fields)


def _protection(practice: Practice, status: Any) -> Protection:
    return Protection(practice, status, "server.js", 3, ".", "server.js:3", "what there is")


_PRACTICES: dict[str, Practice] = {
    "security/missing-security-headers": "security-headers",
    "security/disabled-content-security-policy": "content-security-policy",
    "security/exposed-framework": "powered-by",
    "security/missing-https": "https",
    "security/open-cors": "cors",
    "security/cors-with-credentials": "cors-credentials",
    "security/forgeable-request": "csrf",
    "security/large-body": "body-limit",
    "security/trusted-proxy": "proxy-trust",
    "security/unlimited-application": "rate-limit",
    "security/missing-roles": "roles",
    "security/unrotated-refresh-token": "refresh-tokens",
}
_ESCAPED = TemplateOutput("views/notes.ejs", 2, ".", "ejs", "<%= note %>", is_escaped=True)

HOLDS: list[tuple[str, Subject]] = [
    ("security/unauthenticated-change", _called(_KNOWN)),
    ("security/open-form", _called(msgspec.structs.replace(_KNOWN, is_form=True), method="POST")),
    ("security/unauthorized-change", _called(msgspec.structs.replace(_ALLOWED, callers_differ=True))),
    ("security/equal-callers", _called(_ALLOWED)),
    ("security/false-guard", _called(_OPEN)),
    ("security/uncertain-guard", _called(_OPEN)),
    ("security/unlimited-endpoint", _called(_OPEN, _LIMITED)),
    ("security/weakly-limited-login", _called(_LOGIN, _STRICTLY)),
    ("security/endless-token", _token()),
    ("security/unfixed-algorithm", _token(kind="verify")),
    ("security/unsigned-token", _token(kind="verify")),
    ("security/ignored-expiration", _token(kind="verify")),
    ("security/guessable-token-secret", _token()),
    ("security/readable-cookie", _cookie()),
    ("security/insecure-cookie", _cookie()),
    ("security/cross-site-cookie", _cookie()),
    ("security/guessable-session-secret", _cookie()),
    ("security/unescaped-template", _ESCAPED),
    *((rule, _protection(practice, "yes")) for rule, practice in _PRACTICES.items()),
]

BROKEN: list[tuple[str, Subject]] = [
    ("security/unauthenticated-change", _called(_OPEN)),
    ("security/open-form", _called(msgspec.structs.replace(_OPEN, is_form=True), method="POST")),
    ("security/open-form", _called(_OPEN, method="POST", change=Change("yes", "mail", "sends mail"))),
    ("security/unauthorized-change", _called(_AMONG_OTHERS)),
    ("security/equal-callers", _called(_KNOWN)),
    ("security/equal-callers", _called(_AMONG_OTHERS, method="POST", change=Change("yes", "file", "changes files"))),
    ("security/false-guard", _pretended()),
    ("security/uncertain-guard", _called(_UNKNOWN_CALLER)),
    ("security/unlimited-endpoint", _called(_ALLOWED)),
    ("security/weakly-limited-login", _called(_LOGIN, _LIMITED)),
    ("security/weakly-limited-login", _called(_LOGIN)),
    ("security/endless-token", _token(expires=False)),
    ("security/unfixed-algorithm", _token(kind="verify", has_fixed_algorithms=False)),
    ("security/unsigned-token", _token(kind="verify", allows_none=True)),
    ("security/ignored-expiration", _token(kind="verify", ignores_expiration=True)),
    ("security/guessable-token-secret", _token(secret="fallback")),  # noqa: S106 - where the secret comes from
    ("security/guessable-token-secret", _token(secret="literal")),  # noqa: S106 - as above
    ("security/readable-cookie", _cookie(http_only=False)),
    ("security/insecure-cookie", _cookie(secure=False)),
    ("security/cross-site-cookie", _cookie(same_site=False)),
    ("security/guessable-session-secret", _cookie(secret="literal")),  # noqa: S106 - as above
    ("security/unescaped-template", msgspec.structs.replace(_ESCAPED, is_escaped=False)),
    *((rule, _protection(practice, "no")) for rule, practice in _PRACTICES.items()),
]

UNKNOWN: list[tuple[str, Subject]] = [
    ("security/unauthenticated-change", _called(_UNKNOWN_CALLER)),
    ("security/unauthenticated-change", _called(_OPEN, change=Change("unknown", reason="it only asks elsewhere"))),
    ("security/unlimited-endpoint", _called(_ALLOWED, _PERHAPS)),
    ("security/endless-token", _token(expires=None)),
    ("security/guessable-token-secret", _token(secret="unknown")),  # noqa: S106 - as above
    ("security/insecure-cookie", _cookie(secure=None)),
    *((rule, _protection(practice, "unknown")) for rule, practice in _PRACTICES.items()),
]

LEFT_ALONE: list[tuple[str, Subject]] = [
    ("security/unlimited-endpoint", _called(_ALLOWED, method="OPTIONS")),
    ("security/unauthenticated-change", _called(_LOGIN)),
    ("security/unauthenticated-change", _called(_OPEN, method="GET")),
    ("security/unauthenticated-change", _called(_OPEN, change=Change("no"))),
    ("security/unauthenticated-change", _called(msgspec.structs.replace(_OPEN, serves=False))),
    ("security/unauthenticated-change", _called(msgspec.structs.replace(_OPEN, ends_session=True))),
    ("security/unauthenticated-change", _called(_OPEN, mounted=False)),
    ("security/unauthenticated-change", _called(msgspec.structs.replace(_OPEN, is_form=True))),
    ("security/unauthenticated-change", _called(_OPEN, method="POST", change=Change("yes", "mail", "sends mail"))),
    ("security/open-form", _called(_OPEN, method="POST")),
    ("security/open-form", _called(msgspec.structs.replace(_OPEN, is_form=True), method="DELETE")),
    ("security/unauthorized-change", _called(_KNOWN)),
    ("security/unauthorized-change", _called(msgspec.structs.replace(_AMONG_OTHERS, schemes=("api-key",)))),
    ("security/unauthorized-change", _called(_OPEN)),
    ("security/unauthorized-change", _called(msgspec.structs.replace(_AMONG_OTHERS, schemes=("signature",)))),
    ("security/unauthorized-change", _called(_AMONG_OTHERS, change=Change("yes", "service", "changes something"))),
    (
        "security/unauthorized-change",
        _called(_AMONG_OTHERS, method="POST", change=Change("yes", "file", "changes files")),
    ),
    ("security/equal-callers", _called(_AMONG_OTHERS)),
    ("security/false-guard", _called(_KNOWN)),
    ("security/weakly-limited-login", _called(_OPEN)),
    ("security/endless-token", _token(kind="verify", expires=False)),
    ("security/unfixed-algorithm", _token(has_fixed_algorithms=False)),
    ("security/readable-cookie", _cookie(kind="cookie", name="theme", is_secret=False, http_only=False)),
    ("security/guessable-session-secret", _cookie(kind="cookie", secret="literal")),  # noqa: S106 - as above
    *((rule, _protection(practice, "not-needed")) for rule, practice in _PRACTICES.items()),
]
