"""Paths relative to the scanned directory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medpro_audit.model.modules.paths import canonical, folder_of, joined, levels_above, relative_to

PARTS = st.lists(st.sampled_from(["a", "b", "c"]), max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("folder", "relative", "path"),
    [
        ("", "./a", "a"),
        ("", "", ""),
        ("", "..", ".."),
        ("a", "..", ""),
        ("a/b", "../c//d/", "a/c/d"),
        ("a", "../../x", "../x"),
        ("..", "../x", "../../x"),
    ],
)
def test_joins(folder: str, relative: str, path: str) -> None:
    """A relative name is seen from a folder, also beyond the scanned directory."""
    assert joined(folder, relative) == path


@pytest.mark.parametrize(
    ("path", "folder", "levels"),
    [("a/b", "a", 0), ("a", "", 0), ("", "..", 0), ("..", "../..", 1), ("../a", "..", 1), ("..a/b", "..a", 0)],
)
def test_climbs(path: str, folder: str, levels: int) -> None:
    """The folder of a path, and how far above it begins; a name may begin with dots."""
    assert folder_of(path) == folder
    assert levels_above(path) == levels


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("a/b", "", "a/b"),
        ("a/b", "a", "b"),
        ("ab", "a", None),
        ("a", "a", ""),
        ("../x/y", "..", "x/y"),
        ("../../x", "..", None),
        ("../x", "", None),
    ],
)
def test_looks_from_a_folder(path: str, folder: str, expected: str | None) -> None:
    """A path is seen from a folder above it only."""
    assert relative_to(path, folder) == expected


def test_a_way_back_in_is_taken() -> None:
    """A path that leaves the scanned directory and comes back is the short one."""
    assert canonical("../api/x.js", "packages/api") == "x.js"
    assert canonical("../../packages/api", "packages/api") == ""
    assert canonical("../../packages/web/x.js", "packages/api") == "../web/x.js"
    assert canonical("../../../x", "packages/api") == "../../../x"
    assert canonical("../api/x.js", "") == "../api/x.js"


@given(PARTS, PARTS)
def test_joining_and_looking_back(folder: str, relative: str) -> None:
    """What is joined to a folder is seen from it again."""
    assert relative_to(joined(folder, relative), folder) == joined("", relative)
