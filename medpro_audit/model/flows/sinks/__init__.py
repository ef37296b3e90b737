"""The calls that request data must not reach as it is, one file for each kind of danger.

A file holds ``NAMES``, the last names of the calls that it is about, and ``reached``, which says of such a call what
request data there is in it and what would have to be in that data for the call to go wrong. Files are found by being
there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from medpro_audit.model.flows.arrival import Call, Reach

Reached = Callable[[Call], Iterator[Reach]]


@cache
def sinks() -> Mapping[str, Sequence[Reached]]:
    """What is to be asked of a call, by its last name."""
    found: dict[str, list[Reached]] = {}
    for module in sorted(module.name for module in iter_modules(__path__)):
        sink = import_module(f"{__name__}.{module}")
        for name in sink.NAMES:
            found.setdefault(name, []).append(sink.reached)
    return found
