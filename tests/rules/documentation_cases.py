"""Hand-made subjects for the rules of the pack documentation."""

from typing import Any

import msgspec

from medpro_audit.model.subjects import Endpoint, Subject
from medpro_audit.model.subjects.documentation_comment import DocumentationComment
from medpro_audit.model.subjects.documentation_setup import DocumentationSetup
from medpro_audit.model.subjects.facets.documentation import Documentation
from medpro_audit.model.subjects.operation import Operation
from medpro_audit.model.subjects.specification import Specification
from rules.builders import build

Cases = list[tuple[str, Subject]]

_OPERATION = Operation(
    method="POST",
    path="/patients",
    file="openapi.yaml",
    line=12,
    backend=".",
    source="openapi",
    specification="openapi.yaml",
    matches=True,
    endpoints=("POST /patients",),
    has_summary=True,
    has_content=True,
    has_examples=True,
    has_security=True,
    is_guarded=True,
    parameters_agree=True,
    body_agrees=True,
    statuses_agree=True,
)
_SPECIFICATION = Specification(
    file="openapi.yaml",
    line=1,
    backend=".",
    source="openapi",
    begins="openapi.yaml",
    version="3.1.0",
    operations=7,
    is_about_backend=True,
    is_valid=True,
    faults=0,
    fault="",
)
_COMMENT = DocumentationComment("routes.js", 5, ".", is_read=True, patterns=("routes/*.js",), is_wellformed=True)
_SETUP = DocumentationSetup(
    file="package.json",
    line=1,
    backend=".",
    name="clinic",
    has_documentation=True,
    reason="",
    sources=("openapi",),
    endpoints=7,
    is_site=False,
    documented=7,
    has_interface=True,
    interface="Swagger UI",
    interface_path="/api-docs",
    drifts=True,
    checked_by="redocly lint",
)


def _endpoint(**changes: Any) -> Endpoint:
    return build.endpoint(documentation=Documentation(**changes))


def _operation(**changes: Any) -> Operation:
    return msgspec.structs.replace(_OPERATION, **changes)


def _specification(**changes: Any) -> Specification:
    return msgspec.structs.replace(_SPECIFICATION, **changes)


def _comment(**changes: Any) -> DocumentationComment:
    return msgspec.structs.replace(_COMMENT, **changes)


def _setup(**changes: Any) -> DocumentationSetup:
    return msgspec.structs.replace(_SETUP, **changes)


HOLDS: Cases = [
    ("documentation/undocumented-endpoint", _endpoint(status="documented")),
    ("documentation/stale-operation", _operation()),
    ("documentation/mismatched-parameter", _operation()),
    ("documentation/mismatched-body", _operation()),
    ("documentation/mismatched-type", _operation(types_agree=True)),
    ("documentation/undocumented-status", _operation()),
    ("documentation/missing-example", _operation()),
    ("documentation/missing-summary", _operation()),
    ("documentation/missing-security-scheme", _operation()),
    ("documentation/invalid-specification", _specification()),
    ("documentation/missing-documentation", _setup()),
    ("documentation/missing-interface", _setup()),
    ("documentation/unchecked-specification", _setup()),
    ("documentation/unread-comment", _comment()),
    ("documentation/malformed-comment", _comment()),
]

BROKEN: Cases = [
    ("documentation/undocumented-endpoint", _endpoint(status="undocumented")),
    ("documentation/stale-operation", _operation(matches=False, reason="no endpoint has this path")),
    ("documentation/mismatched-parameter", _operation(parameters_agree=False, undeclared_parameters=("id",))),
    ("documentation/mismatched-body", _operation(body_agrees=False, stale_fields=("phone",))),
    ("documentation/mismatched-type", _operation(types_agree=False, mistyped_fields=("age",))),
    ("documentation/undocumented-status", _operation(statuses_agree=False, undocumented_statuses=("409",))),
    ("documentation/missing-example", _operation(has_examples=False)),
    ("documentation/missing-summary", _operation(has_summary=False)),
    ("documentation/missing-security-scheme", _operation(has_security=False)),
    ("documentation/invalid-specification", _specification(is_valid=False, fault="paths: …")),
    ("documentation/missing-documentation", _setup(has_documentation=False)),
    ("documentation/missing-interface", _setup(has_interface=False)),
    ("documentation/unchecked-specification", _setup(checked_by="")),
    ("documentation/unread-comment", _comment(is_read=False)),
    ("documentation/malformed-comment", _comment(is_wellformed=False, fault="it is no YAML")),
]

UNKNOWN: Cases = [
    ("documentation/undocumented-endpoint", _endpoint(status="unknown")),
    ("documentation/stale-operation", _operation(matches=None)),
    ("documentation/mismatched-parameter", _operation(parameters_agree=None)),
    ("documentation/mismatched-body", _operation(body_agrees=None)),
    ("documentation/undocumented-status", _operation(statuses_agree=None)),
    ("documentation/missing-example", _operation(has_examples=None)),
    ("documentation/missing-security-scheme", _operation(has_security=None)),
    ("documentation/invalid-specification", _specification(is_valid=None)),
    ("documentation/missing-documentation", _setup(has_documentation=None)),
    ("documentation/unread-comment", _comment(is_read=None)),
]

LEFT_ALONE: Cases = [
    ("documentation/unread-comment", _comment(is_read=False, patterns=())),
    ("documentation/undocumented-endpoint", _endpoint(status="undocumented", is_expected=False)),
    ("documentation/mismatched-parameter", _operation(matches=False, parameters_agree=False)),
    ("documentation/mismatched-body", _operation(source="apidoc", body_agrees=None)),
    ("documentation/mismatched-type", _operation(types_agree=None)),
    ("documentation/missing-example", _operation(has_content=False, has_examples=False)),
    ("documentation/missing-security-scheme", _operation(is_guarded=False, has_security=False)),
    ("documentation/invalid-specification", _specification(is_about_backend=False, is_valid=False)),
    ("documentation/missing-documentation", _setup(endpoints=2, has_documentation=False)),
    ("documentation/missing-documentation", _setup(is_site=True, has_documentation=False)),
    ("documentation/missing-interface", _setup(has_documentation=False, has_interface=False)),
    ("documentation/unchecked-specification", _setup(drifts=False, checked_by="")),
]
