"""The places that request data passes: where it is read, the calls that hand it on, the call that it reaches."""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.core.place import Place, Step
from medpro_audit.model.evaluation.values import FunctionValue
from medpro_audit.model.flows.arrival import Arrival, Carried


def trail_of(arrival: Arrival, data: Carried | None) -> Iterator[Step]:
    """From where the data is read to the call."""
    place = arrival.end.place
    read = data.place if data is not None else None
    if data is not None and read is not None:
        yield Step(read.file, read.line, f"{data.name} is read")
    for function, site in arrival.calls[_depth_of(arrival, read) + 1 :]:
        name = function.node.name if function is not None else ""
        yield Step(site.place.file, site.place.line, f"{name or 'a function'}() is called with it")
    yield Step(place.file, place.line, f"it reaches {arrival.sink}")


def _depth_of(arrival: Arrival, read: Place | None) -> int:
    """Which of the calls in progress is of the function in which the data is read; the handler itself otherwise."""
    for depth in reversed(range(len(arrival.calls))):
        function = arrival.calls[depth][0]
        if function is not None and read is not None and _holds(function, read):
            return depth
    return 0


def _holds(function: FunctionValue, place: Place) -> bool:
    facts = function.module.facts
    return facts.path == place.file and facts.place(function.node.start) <= place <= facts.place(function.node.end)
