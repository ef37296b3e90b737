"""Regular expressions of strangers: bounded, so that none can keep an audit busy.

Python's engine backtracks, and a pattern such as ``(a+)+$`` takes it exponential time. Linear-time engines exist, but
their wheels leave out platforms that everything else here runs on. So a pattern is proved instead when it is loaded:
what is repeated is one character or a fixed sequence, and the number of ways in which the whole can match a text of
`MAX_SUBJECT` characters stays below `MAX_WAYS`. Both together bound a search to some ten milliseconds.
"""

import re
from collections.abc import Iterable
from re import _parser  # type: ignore[attr-defined] # the standard library's own parser has no public name
from typing import Any

from msgspec import Struct

MAX_PATTERN = 200
MAX_SUBJECT = 256
"""Longer texts are searched in their first characters only."""
MAX_WAYS = 2**20


class Pattern(Struct, frozen=True):
    """A proved regular expression."""

    compiled: re.Pattern[str]

    def is_in(self, text: str) -> bool:
        """Tell whether it matches anywhere in the text."""
        return self.compiled.search(text[:MAX_SUBJECT]) is not None


class UnsafePatternError(ValueError):
    """The pattern is wrong or could take too long; the message says which and what to write instead."""


def compile_pattern(pattern: str) -> Pattern:
    """Prove and compile a pattern, or raise `UnsafePatternError`."""
    if len(pattern) > MAX_PATTERN:
        raise UnsafePatternError(f"the pattern is longer than {MAX_PATTERN} characters")
    try:
        ways = _ways(_parser.parse(pattern))
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsafePatternError(f"this is no regular expression: {error}") from None
    if ways > MAX_WAYS:
        raise UnsafePatternError("the pattern can match in too many ways; use at most two of * and +")
    return Pattern(compiled)


_SINGLE = frozenset({"LITERAL", "NOT_LITERAL", "IN", "ANY", "AT"})
_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"})


def _ways(items: Iterable[tuple[object, Any]], *, is_repeated: bool = False) -> int:
    """Bound the ways in which a parsed sequence, of operations and their operands, can match a text."""
    ways = 1
    for operation, operands in items:
        name = str(operation)
        if name == "SUBPATTERN":
            ways *= _ways(operands[-1], is_repeated=is_repeated)
        elif name == "BRANCH" and not is_repeated:
            ways *= sum(_ways(branch) for branch in operands[-1])
        elif name in _REPEATS and not is_repeated:
            ways *= _ways_of_repeat(*operands)
        elif name in _REPEATS or name == "BRANCH":
            raise UnsafePatternError("what is repeated must not itself repeat or hold alternatives, as (a+)+ does")
        elif name not in _SINGLE:
            raise UnsafePatternError("look-around, back-references and conditions are not allowed in a pattern")
    return ways


def _ways_of_repeat(low: int, high: int, body: Iterable[tuple[object, Any]]) -> int:
    if low > MAX_SUBJECT:
        raise UnsafePatternError(f"the pattern asks for more than {MAX_SUBJECT} repetitions")
    inside = _ways(body, is_repeated=high > 1)
    return inside * (min(high, MAX_SUBJECT) - low + 1)
