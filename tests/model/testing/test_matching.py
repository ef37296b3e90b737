"""Which route a path fits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.testing.matching import match, may_end_with
from medpro_audit.model.testing.urls import UNKNOWN, path_of


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/"),
        ("/users", "/users"),
        ("/users/", "/users"),
        ("/USERS", "/users"),
        ("/users/7", "/users/:id"),
        ("/users/7", r"/users/:id(\d+)"),
        ("/users", "/users/:id?"),
        ("/flights/a-b", "/flights/:from-:to"),
        ("/files/a.json", "/files/:name.json"),
        ("/files/a/b", "/files/*"),
        ("/files/a/b", "/files/*path"),
        ("/files/a/b", "/files/:path(*)"),
        ("/files/a/b/c", "/files/*path/c"),
        ("/users", "/users{/:id}"),
        ("/users/7", "/users{/:id}"),
        ("/-/all", "/-/all(/since)?"),
        ("/-/all/since", "/-/all(/since)?"),
        ("/s/@a/b", "/s/(@:scope/)?:name"),
        ("/s/b", "/s/(@:scope/)?:name"),
        ("/v1/api/users", "/{API_PREFIX}/users"),
        ("/users/7", "/{API_PREFIX}/users/:id"),
        (f"/users/{UNKNOWN}", "/users/:id"),
    ],
)
def test_a_path_fits(path: str, route: str) -> None:
    """As Express answers it."""
    found = match(path, route)
    assert found is not None
    assert found.fit == "surely"


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/", "/users"),
        ("/users/7/8", "/users/:id"),
        ("/users", "/users/:id"),
        ("/files", "/files/*"),
        ("/flights/ab", "/flights/:from-:to"),
        (f"/a{UNKNOWN}/x", "/bcd/x"),
        ("/x", "/^x$/i"),
    ],
)
def test_a_path_does_not_fit(path: str, route: str) -> None:
    """Nothing is said of regular expressions."""
    assert match(path, route) is None


@pytest.mark.parametrize(("path", "route"), [(f"/{UNKNOWN}/x", "/bcd/x"), (f"/b{UNKNOWN}d/x", "/bcd/x")])
def test_what_is_not_known_may_be_a_word_of_the_route(path: str, route: str) -> None:
    """So that it isn't sure."""
    found = match(path, route)
    assert found is not None
    assert found.fit == "perhaps"


def test_words_go_before_parameters_and_those_before_the_rest() -> None:
    """Segment by segment, and a whole path before the beginning of a longer one."""
    routes = ["/a/b", "/a/:id(\\w+)", "/a/:id", "/a/b/*", "/a/*", "/*"]
    ranks = [found.rank for route in routes if (found := match("/a/b", route)) is not None]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("/a?b=c", "/a"),
        ("a", "/a"),
        ("http://localhost:3000/a#b", "/a"),
        ("http://api:3000/a", "/a"),
        (f"http://{UNKNOWN}/a", "/a"),
        (f"{UNKNOWN}/a", f"{UNKNOWN}/a"),
        ("https://example.com/a", None),
        ("//cdn.example.com/a", None),
    ],
)
def test_the_path_of_a_url(url: str, path: str | None) -> None:
    """Of another host there is none."""
    assert path_of(url) == path


@given(st.text(alphabet="/:ab*(){}?\\+.\0-", max_size=30), st.text(alphabet="/ab\0.-", max_size=20))
def test_any_route_can_be_asked(route: str, path: str) -> None:
    """Without a fault, and without taking long."""
    match(path, route)
    may_end_with(route, path)


@given(st.lists(st.text(alphabet="abc", min_size=1, max_size=3), max_size=4))
def test_a_route_of_words_fits_itself(words: list[str]) -> None:
    """And nothing is more specific."""
    path = "/" + "/".join(words)
    found = match(path, path)
    assert found is not None
    assert found.fit == "surely"
