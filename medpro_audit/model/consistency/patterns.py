"""The pattern of a back end's routes: configured, or taken from a route file that sets the example."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple, get_args

from medpro_audit.core.config import ConsistencyConfig, PatternElement
from medpro_audit.model.consistency.elements import State

ELEMENTS: tuple[PatternElement, ...] = get_args(PatternElement)
_STRUCTURE: tuple[PatternElement, ...] = ("router", "validation", "wrapper", "controller", "service")
"""What a pattern that nobody has configured is made of. The rest have rules of their own; and which endpoints are open
to everybody, only the people who own them know."""
_MOST = 2 / 3
"""Share of the endpoints of a file that must have an element for it to belong to the pattern."""
_MIN_ENDPOINTS = 3
"""A file that sets the example unasked shows each element on at least so many endpoints."""
_MIN_ELEMENTS = 3
"""And shows at least so many elements."""

States = Mapping[PatternElement, State]


class Expected(NamedTuple):
    """What is asked of the endpoints of a back end."""

    elements: tuple[PatternElement, ...]
    source: Literal["configured", "like", "inferred", "none"]
    like: str | None = None


NOTHING = Expected((), "none")


class Shown(NamedTuple):
    """The elements of one endpoint, and the file that registers it."""

    file: str
    states: States


def expected(shown: Sequence[Shown], config: ConsistencyConfig) -> Expected:
    """The pattern of a back end; none where no file shows one."""
    if config.pattern:
        return Expected(tuple(element for element in ELEMENTS if element in config.pattern), "configured")
    by_file: defaultdict[str, list[States]] = defaultdict(list)
    for one in shown:
        by_file[one.file].append(one.states)
    if config.like is not None:
        like = config.like.removeprefix("./")
        return Expected(shown_by(by_file[like], ELEMENTS, 1), "like", like) if like in by_file else NOTHING
    return _best(by_file)


def _best(by_file: Mapping[str, Sequence[States]]) -> Expected:
    """The file that shows most elements; of equal ones that with most endpoints."""
    candidates = [
        (-len(elements), -len(states), file, elements)
        for file, states in by_file.items()
        if len(elements := shown_by(states, _STRUCTURE, _MIN_ENDPOINTS)) >= _MIN_ELEMENTS
    ]
    if not candidates:
        return NOTHING
    *_, file, elements = min(candidates)
    return Expected(elements, "inferred", file)


def shown_by(endpoints: Iterable[States], elements: Sequence[PatternElement], least: int) -> tuple[PatternElement, ...]:
    """Elements that ``least`` of these endpoints are seen to have, and most of those that need them."""
    present: Counter[PatternElement] = Counter()
    needed: Counter[PatternElement] = Counter()
    for states in endpoints:
        present.update(element for element, state in states.items() if state == "present")
        needed.update(element for element, state in states.items() if state != "not-needed")
    return tuple(element for element in elements if present[element] >= max(least, _MOST * needed[element]))
