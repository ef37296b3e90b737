"""Slow calls in the functions that serve requests; at start-up they may block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.known import Known
from medpro_audit.model.performance.reach import Reach
from medpro_audit.model.performance.routines import Called, Routine
from medpro_audit.model.performance.slowness import blocks, instead_of, slow_of
from medpro_audit.model.subjects.slow_call import SlowCall

MAX_SHOWN = 160


def survey(known: Known) -> Iterable[SlowCall]:
    """Each of them once, by place."""
    found: dict[tuple[str, int], SlowCall] = {}
    reach = known.shared(Reach)
    for routine in reach.all:
        if known.base.roles.get(routine.path) != "server" or routine.function.key not in reach.each_time:
            continue
        for call in _slow(known, routine):
            found.setdefault((call.file, call.line), call)
    return [call for _, call in sorted(found.items())]


def _slow(known: Known, routine: Routine) -> Iterator[SlowCall]:
    facts = routine.function.module.facts
    reach = known.shared(Reach)
    for call in routine.calls:
        slow = slow_of(call, facts)
        if slow is None:
            continue
        place = facts.place(call.at)
        endpoints = reach.names(reach.endpoints(routine.path, (routine.function.node.start,)))
        function = routine.function.place
        yield SlowCall(
            file=place.file,
            line=place.line,
            backend=known.base.backend_of(place.file),
            role="server",
            name=call.name,
            work=slow.work,
            blocks=blocks(call.name),
            endpoints=endpoints,
            instead=instead_of(call.name) if blocks(call.name) else "",
            snippet=_snippet(known, routine, call),
            trail=(Step(function.file, function.line, f"serves {endpoints[0]}"),) if endpoints else (),
        )


def _snippet(known: Known, routine: Routine, call: Called) -> str:
    end = call.node.end if isinstance(call.node, ir.Call) else call.at
    return " ".join(known.base.interpreter.code.snippet(routine.path, call.at, end).split())[:MAX_SHOWN]
