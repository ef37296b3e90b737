"""Patterns with one star, and globs over folders."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.modules.patterns import PatternTable, matches_glob


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@/models", ("@/models", "")),
        ("@/models/user", ("@/models/*", "user")),
        ("@/other", ("@/*", "other")),
        ("@/x.js", ("@/*.js", "x")),
        ("lodash", ("*", "lodash")),
    ],
)
def test_the_most_specific_key_wins(text: str, expected: tuple[str, str]) -> None:
    """Exact, then the longest text before the star, then the longest key."""
    assert PatternTable(["*", "@/*", "@/*.js", "@/models/*", "@/models"]).match(text) == expected


def test_the_star_needs_room() -> None:
    """Text before and after the star do not overlap."""
    assert PatternTable(["ab*bc"]).match("abc") is None


@pytest.mark.parametrize(
    ("path", "glob", "expected"),
    [
        ("packages/a", "packages/*", True),
        ("packages/a", "./packages/*/", True),
        ("packages/a/b", "packages/*", False),
        ("packages/a/b", "packages/**", True),
        ("packages", "packages/**", True),
        ("x/y/api", "**/api", True),
        ("apps/web", "{apps,packages}/*", True),
        ("tools/web", "{apps,packages}/*", False),
        ("api", "api", True),
        ("api", "a?i", True),
        ("", "api", False),
    ],
)
def test_globs(path: str, glob: str, *, expected: bool) -> None:
    """Workspace globs go segment by segment."""
    assert matches_glob(path, glob) is expected


@given(st.text(alphabet="a/*{},!?[]", max_size=40), st.text(alphabet="a/", max_size=40))
def test_globs_never_raise(glob: str, path: str) -> None:
    """Any text is a glob."""
    assert matches_glob(path, glob) in {True, False}


def test_hostile_globs_are_quick() -> None:
    """Neither stars nor braces make matching slow."""
    started = time.process_time()
    matches_glob("a/" * 50 + "b", "**/a/" * 50 + "c")
    matches_glob("a" * 200, "*a" * 60 + "b")
    matches_glob("a", "{a,b}" * 40)
    assert time.process_time() - started < 1
