"""From the endpoints to the functions that serve them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    Choice,
    External,
    FunctionKey,
    FunctionValue,
    Value,
)
from medpro_audit.model.performance.arguments import Names, left_out, named_in
from medpro_audit.model.performance.outside import LoopStart, asks_outside, begins_transaction, loops_that
from medpro_audit.model.performance.routines import Called, Routine, Routines, functions_in, identity_of
from medpro_audit.model.request.exchange import ServingFunction
from medpro_audit.model.subjects.query import Repetition, Round, repeated

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.routing import Row

MAX_WAYS = 4
"""Ways of calling a function that are told apart."""
MAX_DEPTH = 4
"""Lists and wrappers around a function that are looked into."""


class Loop(NamedTuple):
    """A loop in which a function is called."""

    place: Place
    callee: str
    """The function that is called there."""
    round: Round


class Looped(NamedTuple):
    """How a function is called for each element of something."""

    loop: Loop
    names: Names
    """What its parameters stand for there."""
    left_out: frozenset[int]
    """Where calls stand in it that it doesn't make then."""


class Reach:
    """What every endpoint leads to, by its row."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.routines = Routines(known.base.interpreter)
        self.of_row: list[tuple[Routine, ...]] = [
            tuple(self.routines.reached(functions_of_row(row))) for row in known.base.rows
        ]
        """Of each endpoint, in their order: the functions that serve it."""
        self.handlers: list[tuple[Routine, ...]] = [
            tuple(self.routines.reached(functions_of(row.items[-1].value) if row.items else ()))
            for row in known.base.rows
        ]
        """The same without the middleware before the handler."""
        self.all: list[Routine] = list({id(one): one for routines in self.of_row for one in routines}.values())
        self.each_time: set[FunctionKey] = {
            routine.function.key
            for row in known.base.rows
            for routine in self.routines.reached(functions_of_row(row), past_caches=False)
            if not routine.remembers
        }
        """Functions that run with every request, whatever was kept of earlier ones."""
        self._endpoints: dict[FunctionKey, list[int]] = {}
        for index, routines in enumerate(self.of_row):
            for key in {routine.function.key for routine in routines}:
                self._endpoints.setdefault(key, []).append(index)
        self._answering: dict[FunctionKey, list[int]] = {}
        for index, routines in enumerate(self.handlers):
            endpoint = known.base.endpoints[index]
            for key in {routine.function.key for routine in routines if endpoint.method == "GET" and endpoint.reached}:
                self._answering.setdefault(key, []).append(index)
        self._asking = loops_that(asks_outside, self.all)
        self._committing = loops_that(begins_transaction, self.all)
        self.looped = _looped(self.routines, self.all, self.round)
        """Functions that are called in a loop, directly or by one that is."""

    def endpoints(self, path: str, functions: Sequence[int]) -> list[int]:
        """Numbers of the endpoints that lead to a place, given the starts of the functions around it."""
        found = {index for start in functions for index in self._endpoints.get((path, start), ())}
        return sorted(found)

    def answering(self, path: str, functions: Sequence[int]) -> list[int]:
        """Numbers of the GET endpoints whose handler leads to a place."""
        found = {index for start in functions for index in self._answering.get((path, start), ())}
        return sorted(found)

    def names(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """Method and path of endpoints, sorted."""
        return tuple(sorted({self._known.base.endpoints[number].identity for number in numbers}))

    def round(self, path: str, loop: int) -> Round:
        """What else each round of a loop does."""
        start: LoopStart = (path, loop)
        return Round(asks_outside=start in self._asking, is_transaction=start in self._committing)

    def repetition(self, path: str, functions: Sequence[int], at: int) -> Repetition | None:
        """The repetition of what one of these functions does somewhere, where it is called in a loop."""
        every = (one for start in functions for one in self.looped.get((path, start), ()))
        loop = next((one.loop for one in every if at not in one.left_out), None)
        if loop is None:
            return None
        text = f"{loop.callee or 'a function'} is called here for each element"
        return repeated(loop.place, text, loop.round)


def functions_of_row(row: Row) -> list[FunctionValue]:
    """The functions that a request to an endpoint runs through."""
    layers = (*row.active, *row.items)
    return [function for layer in layers for function in functions_of(layer.value)]


def functions_of(value: Value, depth: int = 0) -> Iterator[FunctionValue]:
    """The project's functions in what was registered: itself, or what a package's wrapper was given."""
    if depth > MAX_DEPTH:
        return
    match value:
        case FunctionValue():
            yield value
        case ServingFunction(function=function):
            yield function
        case External() | Choice() | ArrayValue():
            for inner in _inside(value):
                yield from functions_of(inner, depth + 1)


def _inside(value: External | Choice | ArrayValue) -> list[Value]:
    match value:
        case External():
            return [item.value for call in value.calls() for item in call.arguments]
        case Choice(options=options):
            return [option for option, _ in options]
    return [item.value for item in value.items]


def _looped(
    routines: Routines, roots: Sequence[Routine], round_of: Callable[[str, int], Round]
) -> dict[FunctionKey, list[Looped]]:
    """Of several loops around a function, one whose rounds do nothing else that matters comes first."""
    starts = list(_called_in_loops(routines, roots, round_of))
    found: dict[FunctionKey, list[Looped]] = {}
    for does_more in (False, True):
        waiting = [(function, one) for function, one in starts if any(one.loop.round) is does_more]
        for function, one in waiting:
            kept = found.setdefault(function.key, [])
            is_new = len(kept) < MAX_WAYS and not any(before.left_out <= one.left_out for before in kept)
            if is_new and not routines.of(function).remembers:
                kept.append(one)
                waiting.extend(_called_by(routines, routines.of(function), one))
    return found


def _called_by(routines: Routines, routine: Routine, way: Looped) -> Iterator[tuple[FunctionValue, Looped]]:
    """The functions that one calls when it is called in this way."""
    for call in routine.calls:
        for callee in functions_in(call.value) if call.at not in way.left_out else ():
            if identity_of(callee) not in routine.alternatives:
                yield callee, _way(routines, callee, call, way.names, way.loop)


def _way(routines: Routines, callee: FunctionValue, call: Called, names: Names, loop: Loop) -> Looped:
    """How a function is called, given what names stand for in the one that does."""

    def body(function: ir.Function) -> Sequence[ir.Statement]:
        return routines.code(function, callee.module.path)

    own = named_in(callee.node, call.node, names, body)
    return Looped(loop, own, left_out(callee.node, own, body))


def _called_in_loops(
    routines: Routines, roots: Sequence[Routine], round_of: Callable[[str, int], Round]
) -> Iterator[tuple[FunctionValue, Looped]]:
    for routine in roots:
        facts = routine.function.module.facts
        for call in routine.calls:
            if call.loops:
                loop = Loop(facts.place(call.loop), call.name, round_of(routine.path, call.loop))
                for function in functions_in(call.value):
                    yield function, _way(routines, function, call, {}, loop)
