"""The routes that a request is held against."""

from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.testing.matching import match
from medpro_audit.model.testing.routes import Route, RouteTable
from medpro_audit.model.testing.urls import UNKNOWN

_WORDS = st.sampled_from(("a", "B", "ab", "users", "-"))
_PARTS = st.one_of(
    _WORDS,
    st.sampled_from(
        (":id", ":id?", ":id(\\d+)", "*", "*rest", "{*rest}", "{a}", ":a-:b", ":name.json", "(a/)?b", "(x")
    ),
)
_ROUTES = st.lists(st.lists(_PARTS, max_size=4).map(lambda parts: "/" + "/".join(parts)), max_size=8)
_GIVEN = st.one_of(_WORDS, st.sampled_from(("7", "a-b", "x.json", UNKNOWN, f"a{UNKNOWN}", f"{UNKNOWN}b")))
_PATHS = st.lists(_GIVEN, max_size=5).map(lambda parts: "/" + "/".join(parts))


@given(_ROUTES, _PATHS)
def test_no_route_that_fits_is_left_out(paths: list[str], asked: str) -> None:
    """Those that are held against a request are all that fit it, in the order of registration."""
    routes = [Route("GET", path, (at,)) for at, path in enumerate(paths)]
    near = RouteTable(routes).near(asked)
    assert near == sorted(near, key=lambda route: route.endpoints)
    assert [one for one in near if match(asked, one.path)] == [one for one in routes if match(asked, one.path)]


def test_most_routes_are_left_out() -> None:
    """What begins with other words is not looked at."""
    routes = [Route("GET", f"/api/thing{at}/:id", (at,)) for at in range(1000)]
    assert [route.path for route in RouteTable(routes).near("/api/thing7/1")] == ["/api/thing7/:id"]
