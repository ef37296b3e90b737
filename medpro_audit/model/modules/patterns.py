"""The two small pattern languages of JavaScript's settings files: one ``*`` in a specifier, globs over folders."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

_MAX_ALTERNATIVES = 64


class PatternTable:
    """Keys with at most one ``*``, as in ``exports``, ``imports`` and ``paths``.

    An exact key wins, then the one with the longest text before its ``*``, then the longest.
    """

    def __init__(self, keys: Iterable[str]) -> None:
        known = list(keys)
        self._exact = {key for key in known if "*" not in key}
        starred = [(*key.partition("*")[::2], key) for key in known if "*" in key]
        self._starred = sorted(starred, key=lambda parts: (-len(parts[0]), -len(parts[2]), parts[2]))

    def match(self, text: str) -> tuple[str, str] | None:
        """The key that fits best and what its ``*`` stands for; None when no key fits."""
        if text in self._exact:
            return text, ""
        for before, after, key in self._starred:
            if text.startswith(before) and text.endswith(after) and len(text) >= len(before) + len(after):
                return key, text[len(before) : len(text) - len(after)]
        return None


def matches_glob(path: str, glob: str) -> bool:
    """Whether a folder's path fits a workspace glob such as ``packages/*``, ``apps/**`` or ``{a,b}/*``."""
    segments = [part for part in path.split("/") if part]
    return any(
        _fits(segments, [part for part in alternative.split("/") if part not in {"", "."}])
        for alternative in _alternatives(glob)
    )


def _fits(segments: list[str], pattern: list[str]) -> bool:
    # Row by row as in an edit distance: no backtracking, whatever the pattern.
    reachable = {0}
    for part in pattern:
        if part == "**":
            reachable = set(range(min(reachable), len(segments) + 1))
        else:
            reachable = {at + 1 for at in reachable if at < len(segments) and fnmatchcase(segments[at], part)}
        if not reachable:
            return False
    return len(segments) in reachable


def _alternatives(glob: str) -> list[str]:
    found = [glob]
    while len(found) <= _MAX_ALTERNATIVES and any("{" in item and "}" in item for item in found):
        expanded = [alternative for item in found for alternative in _first_braces(item)]
        if expanded == found:
            break
        found = expanded
    return found[:_MAX_ALTERNATIVES]


def _first_braces(glob: str) -> list[str]:
    before, brace, rest = glob.partition("{")
    inner, end, after = rest.partition("}")
    return [f"{before}{choice}{after}" for choice in inner.split(",")] if brace and end else [glob]
