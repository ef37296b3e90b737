"""Regular expressions of strangers are proved to be quick."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from medpro_audit.rules.patterns import MAX_SUBJECT, UnsafePatternError, compile_pattern


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        (r"^/api/v\d+/", "/api/v2/users", True),
        (r"^/api/v\d+/", "/health", False),
        (r"(get|find)\w+ById", "findUserById", True),
        (r"[^/]+\.js$", "a/b.js", True),
        (r"(?i:token)", "accessTOKEN", True),
        (r"a{2,3}b?", "caab", True),
        (r"(?:ab)+c", "ababc", True),
    ],
)
def test_ordinary_patterns_match_anywhere(pattern: str, text: str, expected: bool) -> None:
    """A proved pattern searches as Python's own engine does."""
    assert compile_pattern(pattern).is_in(text) is expected


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(a+)+$", "must not itself repeat"),
        ("(a|a)*$", "must not itself repeat"),
        ("(a?){30}", "must not itself repeat"),
        ("((a{2}){9}){9}", "must not itself repeat"),
        ("a*a*a*b", "too many ways"),
        ("(?:){9999}", "more than 256 repetitions"),
        ("a?" * 40, "too many ways"),
        (r"(a)\1", "back-references"),
        ("(?=a)b", "look-around"),
        ("(", "no regular expression"),
        ("[z-a]", "no regular expression"),
        ("x" * 201, "longer than 200"),
        ("a{99999999999}", "no regular expression"),
    ],
)
def test_patterns_that_could_take_long_are_refused(pattern: str, reason: str) -> None:
    """Exponential and high polynomial patterns are refused when they are loaded."""
    with pytest.raises(UnsafePatternError, match=re.escape(reason)):
        compile_pattern(pattern)


def test_only_the_beginning_of_a_long_text_is_searched() -> None:
    """The text is bounded, too."""
    assert not compile_pattern("b").is_in("a" * MAX_SUBJECT + "b")


_PIECES = st.sampled_from(
    ["a", "b", ".", "[ab]", "a*", "a+", "b?", "(a)", "(a*)", "(a|b)", "(ab)*", "+", "?", "|", "{2,9}"]
)


@settings(deadline=None)
@given(st.lists(_PIECES, max_size=12).map("".join))
def test_whatever_is_accepted_is_quick(pattern: str) -> None:
    """No pattern that is accepted takes long on the texts that hurt backtracking engines."""
    try:
        proved = compile_pattern(pattern)
    except UnsafePatternError:
        return
    began = time.process_time()
    for text in ("a" * 1000, "ab" * 500, "a" * 999 + "!"):
        proved.is_in(text)
    assert time.process_time() - began < 1
