"""The pattern that is asked of the endpoints of a back end."""

from medpro_audit.core.config import ConsistencyConfig, PatternElement
from medpro_audit.model.consistency.elements import State
from medpro_audit.model.consistency.patterns import NOTHING, Shown, expected

_ALL: tuple[PatternElement, ...] = ("router", "validation", "wrapper", "controller", "service")


def _shown(file: str, number: int, *present: PatternElement, rest: State = "missing") -> list[Shown]:
    states: dict[PatternElement, State] = {each: "present" if each in present else rest for each in _ALL}
    return [Shown(file, states)] * number


def test_the_configured_pattern_goes_before_all() -> None:
    """In the order from the request inwards, whatever the order in the configuration."""
    config = ConsistencyConfig(pattern=("controller", "router"), like="a.js")
    assert expected(_shown("a.js", 3, *_ALL), config) == (("router", "controller"), "configured", None)


def test_a_file_that_is_held_up_as_good_shows_what_most_of_its_endpoints_have() -> None:
    """Two of three; what an endpoint has no need for counts for nothing."""
    shown = [*_shown("a.js", 2, "router", "wrapper"), *_shown("a.js", 1, "router", rest="not-needed")]
    assert expected(shown, ConsistencyConfig(like="./a.js")).elements == ("router", "wrapper")
    half = [*_shown("a.js", 1, "router", "wrapper"), *_shown("a.js", 1, "router")]
    assert expected(half, ConsistencyConfig(like="a.js")).elements == ("router",)


def test_a_file_that_registers_nothing_shows_nothing() -> None:
    """The command says so; a scan asks nothing."""
    assert expected(_shown("a.js", 3, *_ALL), ConsistencyConfig(like="b.js")) == NOTHING


def test_unasked_the_file_that_shows_most_is_the_example() -> None:
    """More elements go before more endpoints, and those before the name."""
    shown = [
        *_shown("a.js", 9, "router", "controller", "service"),
        *_shown("c.js", 3, *_ALL),
        *_shown("b.js", 3, *_ALL),
    ]
    assert expected(shown, ConsistencyConfig()) == (_ALL, "inferred", "b.js")


def test_unasked_a_file_that_shows_little_is_no_example() -> None:
    """Three elements, each on three endpoints, are the least."""
    assert expected(_shown("a.js", 9, "router", "controller"), ConsistencyConfig()) == NOTHING
    assert expected(_shown("a.js", 2, *_ALL), ConsistencyConfig()) == NOTHING
    assert expected([], ConsistencyConfig()) == NOTHING
