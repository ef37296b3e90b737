"""Subjects for the rules on flows, secrets, passwords and health data."""

from typing import Any

import msgspec

from medpro_audit.model.subjects import Subject
from medpro_audit.model.subjects.exposure import Exposure
from medpro_audit.model.subjects.flow import Flow
from medpro_audit.model.subjects.password_use import PasswordUse
from medpro_audit.model.subjects.secret import Secret

Cases = list[tuple[str, Subject]]

_RULES = {
    "sql-injection": "sql",
    "command-injection": "command",
    "path-traversal": "path",
    "code-injection": "code",
    "regex-injection": "pattern",
    "open-redirect": "redirect",
    "request-forgery": "url",
    "nosql-injection": "filter",
    "mass-assignment": "document",
    "cross-site-scripting": "page",
    "template-injection": "template",
    "unsafe-deserialisation": "object",
    "xml-external-entity": "xml",
    "prototype-pollution": "prototype",
}

_FLOW = Flow(
    kind="sql",
    status="tainted",
    sink="query()",
    package="mysql2",
    sources=("req.query.name",),
    file="patients.js",
    line=9,
    column=3,
    backend=".",
    method="GET",
    path="/patients",
    endpoints=1,
    reached=True,
    snippet="query(sql)",
    gain="record",
)
_SECRET = Secret(
    kind="secret",
    name="JWT_SECRET",
    source="code",
    is_default=True,
    file="token.js",
    line=2,
    column=5,
    backend=".",
    role="server",
    snippet="JWT_SECRET || '…'",
)
_PASSWORD = msgspec.structs.replace(_SECRET, kind="password", name="password")
_HASH = PasswordUse(
    use="hash",
    strength="weak",
    algorithm="sha256",
    rounds=None,
    minimum=None,
    file="users.js",
    line=4,
    column=9,
    backend=".",
    role="server",
)
_EXPOSURE = Exposure(
    method="GET",
    path="/patients",
    what=("patients",),
    authentication="no",
    authorization="no",
    file="server.js",
    line=7,
    backend=".",
    reached=True,
)


def _flows(status: str, **changes: Any) -> Cases:
    return [
        (f"injection/{rule}", msgspec.structs.replace(_FLOW, kind=kind, status=status, **changes))
        for rule, kind in _RULES.items()
    ]


def _hash(**changes: Any) -> PasswordUse:
    return msgspec.structs.replace(_HASH, **changes)


def _exposure(**changes: Any) -> Exposure:
    return msgspec.structs.replace(_EXPOSURE, **changes)


_READ = msgspec.structs.replace(_FLOW, kind="filter", sink="find()", callers="known", gain="list")
_ASKED = msgspec.structs.replace(_FLOW, kind="url", callers="privileged")
_CHOSEN = msgspec.structs.replace(_FLOW, kind="path", callers="privileged", is_start=True)
_HINDERED = msgspec.structs.replace(_FLOW, kind="page", hindrance="no form sends JSON")

HOLDS: Cases = [
    *_flows("safe"),
    ("injection/reflected-markup", msgspec.structs.replace(_HINDERED, status="safe")),
    ("injection/chosen-operator", msgspec.structs.replace(_READ, status="safe")),
    ("injection/chosen-server", msgspec.structs.replace(_ASKED, status="safe")),
    ("injection/chosen-path", msgspec.structs.replace(_CHOSEN, status="safe")),
    ("security/weak-password-hash", _hash(strength="strong", algorithm="bcrypt", rounds=12, minimum=10)),
    ("security/exposed-health-data", _exposure(authentication="yes")),
    ("security/unrestricted-health-data", _exposure(authentication="yes", authorization="yes")),
]
BROKEN: Cases = [
    *_flows("tainted"),
    ("injection/reflected-markup", _HINDERED),
    ("injection/chosen-operator", _READ),
    ("injection/nosql-injection", msgspec.structs.replace(_READ, gain="many")),
    ("injection/nosql-injection", msgspec.structs.replace(_READ, gain="code")),
    ("injection/nosql-injection", msgspec.structs.replace(_READ, gain="secret")),
    ("injection/chosen-server", _ASKED),
    ("injection/chosen-path", _CHOSEN),
    ("injection/path-traversal", msgspec.structs.replace(_CHOSEN, callers="known")),
    ("injection/path-traversal", msgspec.structs.replace(_CHOSEN, is_start=False)),
    ("security/secret-in-source", _SECRET),
    ("security/secret-in-source", msgspec.structs.replace(_PASSWORD, source="settings")),
    ("security/password-in-source", _PASSWORD),
    ("security/weak-password-hash", _HASH),
    ("security/weak-password-hash", _hash(algorithm="bcrypt", rounds=8, minimum=10)),
    ("security/plain-text-password", _hash(use="storage", strength="plain", algorithm="")),
    ("security/plain-text-password", _hash(use="comparison", strength="plain", algorithm="")),
    ("security/exposed-health-data", _EXPOSURE),
    ("security/unrestricted-health-data", _exposure(authentication="yes")),
]
UNKNOWN: Cases = [
    *_flows("unknown"),
    ("injection/reflected-markup", msgspec.structs.replace(_HINDERED, status="unknown")),
    ("injection/chosen-operator", msgspec.structs.replace(_READ, status="unknown")),
    ("injection/chosen-server", msgspec.structs.replace(_ASKED, status="unknown")),
    ("injection/chosen-path", msgspec.structs.replace(_CHOSEN, status="unknown")),
    ("security/weak-password-hash", _hash(strength="unknown")),
    ("security/exposed-health-data", _exposure(authentication="unknown")),
    ("security/unrestricted-health-data", _exposure(authentication="yes", authorization="unknown")),
]
LEFT_ALONE: Cases = [
    *_flows("tainted", reached=False),
    ("injection/cross-site-scripting", _HINDERED),
    ("injection/nosql-injection", _READ),
    ("injection/request-forgery", _ASKED),
    ("injection/nosql-injection", msgspec.structs.replace(_READ, gain="record")),
    ("injection/chosen-operator", msgspec.structs.replace(_READ, gain="code")),
    ("injection/chosen-operator", msgspec.structs.replace(_READ, gain="record", callers="anyone")),
    ("injection/chosen-server", msgspec.structs.replace(_ASKED, callers="known")),
    ("injection/path-traversal", _CHOSEN),
    ("injection/chosen-path", msgspec.structs.replace(_CHOSEN, is_start=False)),
    ("injection/reflected-markup", msgspec.structs.replace(_FLOW, kind="page")),
    ("security/secret-in-source", msgspec.structs.replace(_SECRET, role="test")),
    ("security/secret-in-source", msgspec.structs.replace(_SECRET, is_default=True, is_idle=True)),
    ("security/secret-in-source", _PASSWORD),
    ("security/password-in-source", _SECRET),
    ("security/password-in-source", msgspec.structs.replace(_PASSWORD, is_for_trying=True)),
    ("security/weak-password-hash", _hash(role="test")),
    ("security/plain-text-password", _HASH),
    ("security/exposed-health-data", _exposure(reached=False)),
    ("security/unrestricted-health-data", _EXPOSURE),
]
