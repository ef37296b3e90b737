"""Endpoints by who may call them, as a table and as JSON."""

import json

import msgspec

from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.facets.change import Change
from medpro_audit.reporters.options import RenderOptions
from medpro_audit.reporters.roles import render_roles, render_roles_json
from rules.builders import ENDPOINT

_ADMIN = Access(
    authentication="yes",
    by="auth",
    schemes=("jwt",),
    authorization="yes",
    authorization_by="requireRole",
    roles=("admin", "doctor"),
    changes_state=True,
)
ENDPOINTS = [
    msgspec.structs.replace(
        ENDPOINT,
        path="/open",
        access=Access(authentication="no", changes_state=True),
        change=Change("yes", "database", "writes to the database"),
    ),
    msgspec.structs.replace(ENDPOINT, path="/mine", access=Access(authentication="yes", by="auth", schemes=("jwt",))),
    msgspec.structs.replace(ENDPOINT, path="/all", access=_ADMIN),
    msgspec.structs.replace(
        ENDPOINT, path="/odd", access=Access(authentication="unknown", by="guard", reason="guard can't be followed")
    ),
    msgspec.structs.replace(ENDPOINT, path="/lost", mounted=False, access=Access(authentication="no")),
]


def test_each_kind_of_caller_has_its_group() -> None:
    """The public first, the unknown last with the reason; an endpoint for two roles stands twice."""
    text = render_roles(ENDPOINTS, RenderOptions(width=80))
    assert [line for line in text.splitlines() if "·" in line] == [
        "public · 1 endpoint · nobody asks who calls",
        "authenticated · 1 endpoint · whoever is known, whatever its role",
        "admin · 1 endpoint",
        "doctor · 1 endpoint",
        "unknown · 1 endpoint · whether callers are checked can't be seen",
    ]
    assert text.count("/all") == 2
    assert "/lost" not in text
    assert "guard can't be followed" in text
    assert "auth, requireRole  jwt" in text
    assert text.splitlines()[-1] == "4 endpoints, 2 roles; 1 public endpoint, of which 1 change something"
    assert max(map(len, text.splitlines())) <= 80


def test_programs_get_the_same() -> None:
    """With everything that is known of the callers."""
    groups = json.loads(render_roles_json(ENDPOINTS))["roles"]
    assert [(group["role"], group["kind"], len(group["endpoints"])) for group in groups] == [
        ("public", "public", 1),
        ("authenticated", "authenticated", 1),
        ("admin", "role", 1),
        ("doctor", "role", 1),
        ("unknown", "unknown", 1),
    ]
    assert groups[2]["endpoints"][0]["access"]["roles"] == ["admin", "doctor"]


def test_no_endpoints_is_said() -> None:
    """Rather than nothing."""
    assert render_roles([], RenderOptions(width=80)).startswith("0 endpoints")
