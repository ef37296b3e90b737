"""The parameters of a path in Express notation, and what the path itself checks of them.

Source: path-to-regexp, README of 0.1 (Express 4) and 8 (Express 5). A parameter that a path doesn't have is always
undefined; one with a pattern of its own, such as ``:id([0-9]+)``, never is anything else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

_PARAMETER = re.compile(r":(\w+)(\((?:[^()\\]|\\.)*\))?")
_STRICT = re.compile(r"\((?:[\w|+*?{},-]|\\[dw]|\[[^\]^][^\]]*\])+\)")
"""A pattern that says which letters there are, and not only that there are some."""
_OPEN = re.compile(r"[*(\[\\^$]")
"""What stands for parameters without a name, or makes a path a regular expression."""


class PathParameters(Struct, frozen=True):
    """The parameters of one path."""

    names: frozenset[str]
    checked: Mapping[str, str]
    """Patterns of those that only match some values, by name."""


def parameters_of(path: str) -> PathParameters | None:
    """The parameters of a path; None when it may have others than those with a name."""
    if _OPEN.search(_PARAMETER.sub("", path)):
        return None
    found = dict(_PARAMETER.findall(path))
    return PathParameters(
        frozenset(found), {name: pattern for name, pattern in found.items() if _STRICT.fullmatch(pattern)}
    )
