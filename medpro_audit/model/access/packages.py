"""What npm packages do about who the caller is. To teach one, add a line.

Names are those of the npm registry; a key ends in the last names of the member that is called.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeVar

from medpro_audit.model.access.account import Deed
from medpro_audit.model.access.standing import Scheme
from medpro_audit.model.drivers import drivers
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.packages import roles_of_package

Way = Literal["throws", "promise", "value", "secret"]
"""How a verification says no: it throws or calls back with an error; its promise is rejected; what it yields is falsy;
the same, when what it compares is a secret that the caller has sent."""


class Verifier(NamedTuple):
    """A call that verifies what a caller has sent."""

    way: Way
    scheme: Scheme
    deed: Deed | None = None


_JWT = Verifier("throws", "jwt")
_JWT_PROMISE = Verifier("promise", "jwt")
_SESSION = Verifier("value", "session")
_WEBHOOK = Verifier("throws", "signature", "signature")
_PASSWORD = Verifier("secret", "custom", "password")

_VERIFIERS: Mapping[str, Verifier] = {
    "@auth/express getSession": _SESSION,
    "@clerk/backend verifyToken": _JWT_PROMISE,
    "@clerk/express verifyToken": _JWT_PROMISE,
    "@okta/jwt-verifier verifyAccessToken": _JWT_PROMISE,
    "@okta/jwt-verifier verifyIdToken": _JWT_PROMISE,
    "@node-rs/argon2 verify": _PASSWORD,
    "@node-rs/bcrypt verify": _PASSWORD,
    "@octokit/webhooks verify": Verifier("value", "signature", "signature"),
    "@octokit/webhooks-methods verify": Verifier("value", "signature", "signature"),
    "@supabase/supabase-js getUser": Verifier("value", "jwt"),
    "argon2 verify": _PASSWORD,
    "aws-jwt-verify verify": _JWT_PROMISE,
    "bcrypt compare": _PASSWORD,
    "bcrypt compareSync": _PASSWORD,
    "bcrypt-nodejs compareSync": _PASSWORD,
    "bcryptjs compare": _PASSWORD,
    "bcryptjs compareSync": _PASSWORD,
    "better-auth getSession": _SESSION,
    "cookie-signature unsign": Verifier("value", "session"),
    "crypto timingSafeEqual": Verifier("secret", "api-key"),
    "firebase-admin verifyIdToken": _JWT_PROMISE,
    "firebase-admin verifySessionCookie": _JWT_PROMISE,
    "firebase-admin/auth verifyIdToken": _JWT_PROMISE,
    "firebase-admin/auth verifySessionCookie": _JWT_PROMISE,
    "google-auth-library verifyIdToken": _JWT_PROMISE,
    "hono/jwt verify": _JWT_PROMISE,
    "iron-session getIronSession": _SESSION,
    "jose compactVerify": _JWT_PROMISE,
    "jose jwtDecrypt": _JWT_PROMISE,
    "jose jwtVerify": _JWT_PROMISE,
    "jose JWT.verify": _JWT,
    "jsonwebtoken verify": _JWT,
    "jwt-simple decode": _JWT,
    "next-auth getServerSession": _SESSION,
    "next-auth/jwt getToken": Verifier("value", "jwt"),
    "njwt verify": _JWT,
    "paseto verify": _JWT_PROMISE,
    "safe-compare": Verifier("secret", "api-key"),
    "stripe constructEvent": _WEBHOOK,
    "stripe constructEventAsync": Verifier("promise", "signature", "signature"),
    "svix verify": _WEBHOOK,
    "tsscmp": Verifier("secret", "api-key"),
    "twilio validateRequest": Verifier("value", "signature", "signature"),
}

_ISSUING: Mapping[str, Deed] = {
    "@simplewebauthn/server generateAuthenticationOptions": "signature",
    "@simplewebauthn/server verifyAuthenticationResponse": "signature",
    "argon2 hash": "hash",
    "bcrypt hash": "hash",
    "bcrypt hashSync": "hash",
    "bcryptjs hash": "hash",
    "bcryptjs hashSync": "hash",
    "crypto pbkdf2": "hash",
    "crypto pbkdf2Sync": "hash",
    "crypto scrypt": "hash",
    "crypto scryptSync": "hash",
    "hono/jwt sign": "token",
    "jose sign": "token",
    "jsonwebtoken sign": "token",
    "jwt-simple encode": "token",
    "njwt create": "token",
    "openid-client authorizationCodeGrant": "signature",
    "openid-client authorizationUrl": "signature",
    "openid-client buildAuthorizationUrl": "signature",
    "openid-client callback": "signature",
    "paseto sign": "token",
    "passport login": "session",
}
"""Calls by which an endpoint lets strangers in."""

_DECODERS = frozenset(
    (
        "Buffer from",
        "atob",
        "basic-auth",
        "cookie parse",
        "jose decodeJwt",
        "jose decodeProtectedHeader",
        "jsonwebtoken decode",
        "jwt-decode",
        "jwt-decode jwtDecode",
        "qs parse",
        "querystring parse",
        "url parse",
    )
)
"""Calls that only read what was sent in another form."""

_GUARDS: Mapping[str, Scheme] = {
    "@clerk/express requireAuth": "jwt",
    "@hono/basic-auth basicAuth": "basic",
    "express-basic-auth": "basic",
    "express-jwt": "jwt",
    "express-oauth2-jwt-bearer": "jwt",
    "express-openid-connect": "session",
    "hono basicAuth": "basic",
    "hono bearerAuth": "api-key",
    "hono jwk": "jwt",
    "hono jwt": "jwt",
    "hono/basic-auth": "basic",
    "hono/bearer-auth": "api-key",
    "hono/jwt": "jwt",
    "keycloak-connect protect": "session",
    "koa-basic-auth": "basic",
    "koa-jwt": "jwt",
    "koa-passport authenticate": "passport",
    "passport authenticate": "passport",
    "supertokens-node verifySession": "session",
    "supertokens-node/recipe/session/framework/express verifySession": "session",
}
"""Middleware that answers 401 unless the caller is known, as long as its options don't make it optional."""

OPTIONAL = {"credentialsRequired": False, "passthrough": True, "authRequired": False, "sessionRequired": False}
"""Options that let strangers pass, with the value that does."""

_SETTERS: Mapping[str, tuple[str, ...]] = {
    "@clerk/express": ("auth",),
    "client-sessions": ("session",),
    "cookie-session": ("session",),
    "express-jwt": ("auth", "user"),
    "express-oauth2-jwt-bearer": ("auth",),
    "express-openid-connect": ("oidc",),
    "express-session": ("session",),
    "iron-session/express": ("session",),
    "keycloak-connect": ("kauth",),
    "koa-generic-session": ("session",),
    "koa-jwt": ("state.user",),
    "koa-passport session": ("state.user", "user"),
    "koa-session": ("session",),
    "passport session": ("user",),
}
"""What middleware of a package puts on the request once it has verified it."""

_TOKENS = re.compile(r"jwt|bearer|token|basic|digest|api[-_]?key|header|^session$|hmac|certificate", re.IGNORECASE)
"""Strategies of passport that look at what every request of a known caller brings along."""
_LOGINS = re.compile(
    r"^(?:auth0|apple|azuread|bitbucket|discord|facebook|github|gitlab|google|ldap|linkedin|local|magic|microsoft|oauth|oidc"
    r"|okta|open-?id|saml|slack|steam|twitch|twitter|x$)",
    re.IGNORECASE,
)
"""Strategies that ask strangers to log in: they are how callers become known."""

_STORES = frozenset(
    (
        "@mikro-orm/core",
        "@prisma/client",
        "@typegoose/typegoose",
        "better-sqlite3",
        "bookshelf",
        "drizzle-orm",
        "firebase-admin",
        "keyv",
        "lowdb",
        "mongoose",
        "nedb",
        "nedb-promises",
        "objection",
        "sequelize",
        "sequelize-typescript",
        "sqlite",
        "sqlite3",
        "typeorm",
    )
)
LOOKS_LIKE_A_GUARD = re.compile(
    r"acl|auth(?!or(?!i))|clerk|cognito|firebase|guard|jwt|keycloak|login|oidc|okta|passport|permission|protect|rbac|role|session"
    r"|sso|supertokens|token",
    re.IGNORECASE,
)
"""Names that are enough for a doubt, never for a verdict."""
HARMLESS = re.compile(
    r"limit|throttl|slow|upload|multer|cors|csrf|helmet|logg|morgan|pars|compress|schema|valid(?!.*(?:key|user|request$))|saniti|static"
    r"|cache|metric|trac|swagger|docs|timeout|i18n|locale|lang|flash|json|body|files?(?![a-z])|favicon|not_?found|robots|proxy"
    r"|health|monitor|version|websocket",
    re.IGNORECASE,
)
"""Names of functions that are for something else."""


def verifier_of(callee: External) -> Verifier | None:
    """What a call verifies, if anything."""
    return _entry(_VERIFIERS, callee)


def deed_of(callee: External) -> Deed | None:
    """How a call lets strangers in, if it does."""
    return _entry(_ISSUING, callee)


def is_decoder(callee: External) -> bool:
    """Whether a call only reads what it is given in another form: whoever has sent it may have made it up."""
    return _entry(dict.fromkeys(_DECODERS, True), callee) is True


def guard_of(callee: External) -> Scheme | None:
    """The scheme of a package's middleware that lets nobody pass who isn't known."""
    return _entry(_GUARDS, callee) or _GUARDS.get(callee.package)


def setters_of(middleware: External) -> tuple[str, ...]:
    """What a package's middleware puts on the request once it has verified it."""
    return _entry(_SETTERS, middleware) or _SETTERS.get(middleware.package, ())


def is_store(callee: External) -> bool:
    """Whether a call goes to a database."""
    return callee.package in _STORES or callee.package in drivers()


def is_a_login(strategy: str) -> bool:
    """Whether a strategy of passport asks strangers to log in."""
    return not is_of_token(strategy) and _LOGINS.match(strategy) is not None


def is_of_nobody(strategy: str) -> bool:
    """Whether a strategy of passport verifies what any stranger is handed."""
    return re.search(r"captcha", strategy, re.IGNORECASE) is not None


def takes_password(strategy: str) -> bool:
    """Whether a strategy of passport asks for a password itself."""
    return re.match(r"local|ldap", strategy, re.IGNORECASE) is not None


def is_of_token(strategy: str) -> bool:
    """Whether a strategy of passport looks at a token that every request brings along."""
    return _TOKENS.search(strategy) is not None


_PREPARING = frozenset(
    ("body-parser", "compression", "cookies", "cors", "logging", "rate-limit", "security-headers", "session")
)
"""Roles of what gets a request ready for whatever comes after it."""


def only_prepares(callee: External) -> bool:
    """Whether middleware of a package does nothing of its own: ``app.post('/*', express.json())``."""
    roles = roles_of_package(callee.package, callee.name)
    return bool(roles) and _PREPARING.issuperset(roles or ())


_V = TypeVar("_V")


def _entry(table: Mapping[str, _V], callee: External) -> _V | None:
    """What a table says of a call: by the package and the last names of the member, or the package alone."""
    names = callee.name.split(".") if callee.name else []
    for length in (2, 1):
        found = table.get(f"{callee.package} {'.'.join(names[-length:])}") if names else None
        if found is not None:
            return found
    return table.get(callee.package) if names in ([], ["default"]) else None


def verifies_password(package: str, name: str) -> bool:
    """Whether a call holds a password that was sent against the one that is kept."""
    return _VERIFIERS.get(f"{package} {name}") == _PASSWORD
