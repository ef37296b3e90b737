"""Paths of Express and of OpenAPI, compared."""

import pytest

from medpro_audit.model.documentation.templates import fits, segments_of, template_of


@pytest.mark.parametrize(
    ("express", "documented"),
    [
        ("/patients", ["/patients"]),
        ("/patients/", ["/patients"]),
        ("/Patients/:id", ["/patients/{patientId}"]),
        ("/patients/:id(\\d+)", ["/patients/{id}"]),
        ("/patients/:id(a|(b|c))", ["/patients/{id}"]),
        ("/patients/:id?", ["/patients", "/patients/{id}"]),
        ("/patients{/:id}", ["/patients", "/patients/{id}"]),
        ("/:from-:to", ["/{from}-{to}"]),
        ("/files/:name.:ext", ["/files/{name}.{ext}"]),
        ("/", ["/"]),
    ],
)
def test_what_an_endpoint_is_documented_as(express: str, documented: list[str]) -> None:
    """Parameters by their place, whatever they are called; optional parts with and without."""
    assert set(template_of(express).variants) == {segments_of(path) for path in documented}


@pytest.mark.parametrize(
    ("express", "prefix"),
    [
        ("*", ()),
        ("/api/*", ("api",)),
        ("/api/*rest", ("api",)),
        ("/api/{*rest}", ("api",)),
        ("/api/(.*)", ("api",)),
        ("/api/:path*", ("api",)),
    ],
)
def test_a_wildcard_stands_for_no_path(express: str, prefix: tuple[str, ...]) -> None:
    """Only what stands before it is known."""
    template = template_of(express)
    assert template.variants == ()
    assert template.prefix == prefix


def test_a_regular_expression_stands_for_nothing_that_can_be_told() -> None:
    """Neither a path nor a prefix."""
    assert template_of("/^\\/patients\\/(\\d+)$/") == ((), None)


@pytest.mark.parametrize(
    ("asked", "express", "expected"),
    [
        ("/users/me", "/users/:id", True),
        ("/users/me/cars", "/users/:id", False),
        ("/a-b", "/:x-:y", True),
        ("/ab", "/:x-:y", False),
        ("/users/{id}", "/users/me", False),
    ],
)
def test_which_endpoint_would_answer(asked: str, express: str, expected: bool) -> None:
    """A parameter takes any text, a text only itself."""
    assert any(fits(segments_of(asked), variant) for variant in template_of(express).variants) is expected
