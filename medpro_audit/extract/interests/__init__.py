"""What else is taken from every file: calls, strings and comments that surveys ask about wherever they stand.

A file in this folder holds ``INTERESTS``; files are found by being there. What is found is `FileFacts.calls` and
`FileFacts.texts`, by the interest's kind. A pattern costs one search through every file, so it begins with a literal,
which the engine skips to at the speed of memchr; an alternation at the front is a hundred times slower.
"""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, NamedTuple


class Interest(NamedTuple):
    """A text to look for, and what to take where it is found."""

    kind: str
    """Key among the facts; several interests may share one."""
    pattern: bytes
    """Regular expression, anchored by a literal; its first group is the name that is called, or text that stands in the
    string or comment."""
    what: Literal["call", "string", "comment"]
    """``call``: the call or ``new`` of that name, or of a member chain that ends in it; ``string``: the string or
    template around it; ``comment``: the comment around it."""


@cache
def interests() -> Sequence[Interest]:
    """All that is looked for."""
    names = sorted(module.name for module in iter_modules(__path__))
    return [each for name in names for each in import_module(f"{__name__}.{name}").INTERESTS]
