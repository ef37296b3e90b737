"""Where a request goes: what a function asks of its path, and whether that holds at an endpoint."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

Way = Literal["equals", "starts", "ends", "holds", "matches", "unknown"]
"""How a path is held against a text; unknown: in a way that is not followed."""

_PATTERNS = re.compile(r"[*(){}+?]")


class Question(NamedTuple):
    """What a path is asked."""

    text: str
    """What it is held against; a regular expression; of a question that is not followed the place."""
    way: Way = "equals"
    is_whole: bool = False
    """It is asked of the whole address, and not of what is left of it below a mount."""

    def is_true_at(self, path: str, mounts: Sequence[str]) -> bool | None:
        """Whether the answer is yes for an endpoint; None where it depends on a parameter of its path.

        Below a mount, ``req.path`` is what is left of the path (Express's API, "req.path"), and ``req.originalUrl`` is
        all.
        """
        verdicts = [self._holds_of(one) for one in self._seen(path, mounts)]
        return True if all(verdicts) else None if any(one is not False for one in verdicts) else False

    def _seen(self, path: str, mounts: Sequence[str]) -> list[list[str]]:
        whole = segments(path)
        above = [segments(mount) for mount in mounts]
        around = [one for one in above if len(one) <= len(whole) and _is_alike(one, whole[: len(one)]) is not False]
        return [whole] if self.is_whole else [whole[len(one) :] for one in around or [[]]]

    def _holds_of(self, path: Sequence[str]) -> bool | None:
        if any(_PATTERNS.search(segment) for segment in path):
            return None
        match self.way:
            case "equals":
                wanted = segments(self.text)
                return _is_alike(wanted, path) if len(wanted) == len(path) else False
            case "starts":
                return _starts(self.text.lower(), path)
            case "unknown":
                return None
        return self._holds_of_text("/" + "/".join(path))

    def _holds_of_text(self, path: str) -> bool | None:
        if self.is_whole or ":" in path:  # a query may hold anything, and a parameter too
            return None
        if self.way == "matches":
            return _matches(self.text, path)
        return path.endswith(self.text.lower()) if self.way == "ends" else self.text.lower() in path


class Spot(NamedTuple):
    """Where a request goes: to a path of which one of some questions is answered by yes, or none of them."""

    questions: frozenset[Question]
    is_one: bool = True

    @property
    def opposite(self) -> Spot:
        """Everywhere else."""
        return self._replace(is_one=not self.is_one)

    @property
    def text(self) -> str:
        """What is asked, as far as one says it in a word."""
        return min(self.questions).text

    def is_at(self, path: str, mounts: Sequence[str]) -> bool | None:
        """Whether requests for an endpoint may go there; None where it depends on a parameter, or isn't followed.

        Of a path with parameters most requests are for none that is named.
        """
        found = {question.is_true_at(path, mounts) for question in self.questions}
        if any(question.way == "unknown" for question in self.questions) and True not in found:
            return None
        held = True if True in found else None if None in found else False
        return held if self.is_one else held is not True


def segments(path: str) -> list[str]:
    """The parts of a path, in lower case, as Express compares them."""
    return [segment for segment in path.lower().split("?")[0].split("/") if segment]


def is_anywhere(spots: Iterable[Spot]) -> bool:
    """Whether every request goes to one of these: what one of them leaves out is at the others."""
    known = list(spots)
    named = frozenset[Question]().union(*(spot.questions for spot in known if spot.is_one))
    return any(not spot.is_one and spot.questions <= named for spot in known)


def narrowed(before: frozenset[Spot], found: frozenset[Spot]) -> frozenset[Spot]:
    """Where a request goes of which both is known: what leaves out least is left out; nothing more is needed."""
    if not all(spot.is_one for spot in found):
        left_out = [spot for spot in (*before, *found) if not spot.is_one]
        if len(left_out) < len(before) + len(found):
            return before
        return frozenset((Spot(frozenset[Question]().union(*(spot.questions for spot in left_out)), is_one=False),))
    return found


def _starts(text: str, path: Sequence[str]) -> bool | None:
    *parents, last = text.removeprefix("/").split("/")
    if text in {"", "/"}:
        return True
    if len(path) <= len(parents):
        return False
    child = path[len(parents)]
    above = _is_alike(parents, path[: len(parents)])
    return False if above is False else above if child.startswith(last) else None if ":" in child else False


def _is_alike(wanted: Sequence[str], path: Sequence[str]) -> bool | None:
    """Whether as many segments are the same; None where a parameter may be."""
    pairs = [(one, other) for one, other in zip(wanted, path, strict=True) if one != other]
    return not pairs or (None if all(":" in other for _, other in pairs) else False)


def _matches(source: str, path: str) -> bool | None:
    try:
        return re.search(source, path, re.IGNORECASE) is not None
    except re.error:
        return None
