"""Gitignore-style patterns: those of ``.gitignore`` files, and those of the configuration."""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_MAX_WILDCARDS, _MAX_WILDCARDS_IN_SEGMENT = 6, 3
"""More could make matching a long hostile name take for ever; real patterns have one or two."""

_MAX_PATTERNS = 2_000
_GROUP_NAME = re.compile(r"\(\?P<\w+>")


class Patterns:
    """Gitignore-style patterns that hold below one folder."""

    def __init__(self, lines: Sequence[str], *, folder: str = "", origin: str = "", lead: str = "") -> None:
        """Compile patterns that are relative to ``folder``, or to one above it all, from where ``lead`` leads here."""
        self.origin = origin
        """The file that they stand in."""
        self._lead = lead
        self._lines = lines
        self._prefix = folder + "/" if folder else ""
        self._spec = _compile(lines) if lines else None
        self._any = _any_of(self._spec) if self._spec else None

    def verdict(self, path: str) -> bool | None:
        """Whether the last pattern that matches selects ``path`` (a folder's ends with ``/``); None: none matches."""
        if self._spec is None or self._any is None or not path.startswith(self._prefix):
            return None
        below = self._lead + path[len(self._prefix) :]
        return self._spec.check_file(below).include if self._any.match(below) else None

    def reach_into(self, folder: str) -> bool:
        """Whether a pattern names something below ``folder`` by a path that leads through it."""
        if not folder.startswith(self._prefix):
            return False
        segments = (self._lead + folder[len(self._prefix) :]).split("/")
        return any(_leads_through(line, segments) for line in self._lines)

    def mention(self, name: str) -> bool:
        """Whether a pattern spells out ``name`` as a folder or file."""
        return any(name in line.strip().split("/") for line in self._lines if not line.startswith("!"))


def pattern_problem(line: str) -> str | None:
    """Say why a configured pattern can't be used; None when it can."""
    if len(re.findall(r"\*+", line)) > _MAX_WILDCARDS or any(
        len(re.findall(r"\*+", segment)) > _MAX_WILDCARDS_IN_SEGMENT for segment in line.split("/")
    ):
        return f"too many wildcards (at most {_MAX_WILDCARDS}, {_MAX_WILDCARDS_IN_SEGMENT} between two slashes)"
    try:
        pattern = next(iter(_parse([line]).patterns), None)
    except ValueError:
        pattern = None
    return None if pattern is not None and pattern.include is not None else "not a gitignore pattern"


def _compile(lines: Iterable[str]) -> "GitIgnoreSpec":
    """Compile the lines that are patterns; like git, pass over the others."""
    patterns = (line for line in lines if line.strip() and not line.startswith("#") and not pattern_problem(line))
    return _parse(islice(patterns, _MAX_PATTERNS))


def _any_of(spec: "GitIgnoreSpec") -> re.Pattern[str] | None:
    """One expression for all patterns: most paths match none, and this tells at a fifth of the cost."""
    sources = [_GROUP_NAME.sub("(?:", pattern.regex.pattern) for pattern in spec.patterns if pattern.regex]
    return re.compile("|".join(sources)) if sources else None


def _parse(lines: Iterable[str]) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - compiles regular expressions when imported

    return GitIgnoreSpec.from_lines(lines)


def _leads_through(line: str, folder: list[str]) -> bool:
    """Whether an anchored pattern goes through ``folder``; ``**`` only counts once a named folder has led there."""
    wanted = line.strip().strip("/").split("/")
    if line.startswith("!") or len(wanted) < 2:  # noqa: PLR2004 - a single name is not anchored
        return False
    for index, name in enumerate(folder):
        if index >= len(wanted) - 1:
            return False
        if wanted[index] == "**":
            return index > 0
        if not fnmatchcase(name, wanted[index]):
            return False
    return True
