"""Patterns of test runners: globs with groups (micromatch, picomatch) and regular expressions over paths.

Patterns are read from a repository that nobody vouches for, so those that could take exponential time are refused.
"""

from __future__ import annotations

import re
from functools import lru_cache

MAX_LENGTH = 300
MAX_STARS = 5
"""Further quantifiers make a pattern too slow."""

_QUANTIFIED_GROUP = re.compile(r"\)[*+{]")
_BACKREFERENCE = re.compile(r"\\[1-9k]|\(\?(?!:|!|=)")
_GROUPS = {"?": "?", "@": "", "*": "*", "+": "+"}


def expression(pattern: str, *, ignores_case: bool = False) -> re.Pattern[str] | None:
    """A regular expression as JavaScript has it; None for one that is not taken over."""
    if len(pattern) > MAX_LENGTH or _QUANTIFIED_GROUP.search(pattern) or _BACKREFERENCE.search(pattern):
        return None
    if len(re.findall(r"(?<!\\)[*+]", pattern)) > MAX_STARS:
        return None
    try:
        return re.compile(pattern, re.IGNORECASE if ignores_case else 0)
    except (re.error, OverflowError, RecursionError):
        return None


@lru_cache(maxsize=500)
def glob(pattern: str) -> re.Pattern[str] | None:
    """A glob as a regular expression over a whole path; None for one that is not taken over."""
    if len(pattern) > MAX_LENGTH or pattern.count("**") > MAX_STARS or pattern.count("*") > 4 * MAX_STARS:
        return None
    try:
        text = _Glob(pattern.removeprefix("./")).translated()
        return re.compile(text) if text is not None else None
    except (re.error, RecursionError):
        return None


class _Glob:
    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def translated(self) -> str | None:
        text = self._until("")
        return None if text is None or self._at < len(self._pattern) else rf"(?:{text})\Z"

    def _until(self, ends: str) -> str | None:
        """Translate up to one of these signs, which is left."""
        parts: list[str] = []
        pattern = self._pattern
        while self._at < len(pattern) and pattern[self._at] not in ends:
            sign, following = pattern[self._at], pattern[self._at + 1 : self._at + 2]
            if sign == "!" and following == "(":
                return None
            if sign in _GROUPS and following == "(":
                part = self._group(sign)
            elif pattern.startswith("**/", self._at):
                part = "(?:[^/]+/)*"
                self._at += 3
            elif pattern.startswith("**", self._at):
                part = ".*"
                self._at += 2
            elif sign == "(":
                part = self._alternatives("(", "|", ")")
            elif sign == "{":
                part = self._alternatives("{", ",", "}")
            elif sign == "[":
                part = self._set()
            else:
                # A bar outside of a group is left to the expression that a pattern becomes: it parts two patterns.
                part = {"*": "[^/]*", "?": "[^/]", "|": "|"}.get(sign) or re.escape(self._escaped())
                self._at += 1
            if part is None:
                return None
            parts.append(part)
        return "".join(parts)

    def _escaped(self) -> str:
        if self._pattern[self._at] == "\\" and self._at + 1 < len(self._pattern):
            self._at += 1
        return self._pattern[self._at]

    def _group(self, sign: str) -> str | None:
        """``?(a|b)`` and its kin; one that is repeated must not hold anything that repeats."""
        self._at += 1
        inner = self._alternatives("(", "|", ")")
        if inner is None or (sign in "*+" and "*" in inner):
            return None
        return inner + _GROUPS[sign]

    def _alternatives(self, start: str, between: str, end: str) -> str | None:
        assert self._pattern[self._at] == start
        found: list[str] = []
        while not found or self._pattern[self._at] == between:
            self._at += 1
            part = self._until(between + end)
            if part is None or self._at >= len(self._pattern):
                return None
            found.append(part)
        self._at += 1
        return f"(?:{'|'.join(found)})"

    def _set(self) -> str | None:
        end = self._pattern.find("]", self._at + 2)
        if end == -1:
            return None
        inner = self._pattern[self._at + 1 : end]
        self._at = end + 1
        negated = inner.startswith(("!", "^"))
        body = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner[1:] if negated else inner).replace("--", r"-\-")
        return f"[{'^' if negated else ''}{body}]"
