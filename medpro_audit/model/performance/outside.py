"""Loops whose rounds ask another service: its answer takes far longer than a query, so that those matter little."""

from __future__ import annotations

from collections.abc import Sequence

from medpro_audit.model.changes.vocabulary import asks_elsewhere, change_of
from medpro_audit.model.evaluation.values import External
from medpro_audit.model.performance.routines import Called, Identity, Routine, functions_in, identity_of

_SENT = frozenset(("mail", "message", "payment", "process", "storage"))
"""Kinds of change that another service or program makes."""
LoopStart = tuple[str, int]
"""File and offset of a loop."""


def loops_that_ask(routines: Sequence[Routine]) -> frozenset[LoopStart]:
    """The loops in which another service is asked, directly or by a function that is called there."""
    asking = _asking(routines)
    return frozenset(
        (routine.path, loop)
        for routine in routines
        for call in routine.calls
        if call.loops and _leads_outside(call, asking)
        for loop in call.loops
    )


def _asking(routines: Sequence[Routine]) -> set[Identity]:
    """Functions that ask another service, however deep."""
    callers: dict[Identity, list[Identity]] = {}
    for routine in routines:
        for callee in routine.callees:
            callers.setdefault(identity_of(callee), []).append(identity_of(routine.function))
    waiting = [identity_of(each.function) for each in routines if any(_asks(call) for call in each.calls)]
    found: set[Identity] = set()
    for each in waiting:
        if each not in found:
            found.add(each)
            waiting += callers.get(each, ())
    return found


def _leads_outside(call: Called, asking: set[Identity]) -> bool:
    return _asks(call) or any(identity_of(function) in asking for function in functions_in(call.value))


def _asks(call: Called) -> bool:
    value = call.value
    return isinstance(value, External) and (asks_elsewhere(value) or change_of(value) in _SENT)
