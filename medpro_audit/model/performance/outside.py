"""Loops whose rounds are more than a few queries: they ask another service, or are transactions of their own.

The answer of another service takes far longer than a query, so that those matter little; and a round that is committed
by itself is to stand when a later one fails, which no statement for all of them does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from medpro_audit.model.changes.vocabulary import asks_elsewhere, change_of
from medpro_audit.model.evaluation.values import External, FunctionValue
from medpro_audit.model.performance.routines import Called, Identity, Routine, functions_in, identity_of

_SENT = frozenset(("mail", "message", "payment", "process", "storage"))
"""Kinds of change that another service or program makes."""
_SENDING = re.compile(r"(?:push|send)(?:Each|Email|Mail|Media|Message|Multicast|Notification|Push|Sms|Text|Voice)")
"""Methods of clients that send something, whatever they are of."""
_BEGINNING = frozenset(("$transaction", "beginTransaction", "startTransaction", "transaction", "withTransaction"))
"""Methods that begin a transaction."""
LoopStart = tuple[str, int]
"""File and offset of a loop."""
Does = Callable[[Called], bool]
"""Whether a call does something by itself."""


def loops_that(does: Does, routines: Sequence[Routine]) -> frozenset[LoopStart]:
    """The loops in which something is done, directly or by a function that is called there."""
    doing = _doing(does, routines)
    return frozenset(
        (routine.path, loop)
        for routine in routines
        for call in routine.calls
        if call.loops and (does(call) or any(identity_of(function) in doing for function in functions_in(call.value)))
        for loop in call.loops
    )


def _doing(does: Does, routines: Sequence[Routine]) -> set[Identity]:
    """Functions that do it, however deep."""
    callers: dict[Identity, list[Identity]] = {}
    for routine in routines:
        for callee in routine.callees:
            callers.setdefault(identity_of(callee), []).append(identity_of(routine.function))
    waiting = [identity_of(each.function) for each in routines if any(does(call) for call in each.calls)]
    found: set[Identity] = set()
    for each in waiting:
        if each not in found:
            found.add(each)
            waiting += callers.get(each, ())
    return found


def asks_outside(call: Called) -> bool:
    """Whether a call waits for another service."""
    value = call.value
    if isinstance(value, External) and (asks_elsewhere(value) or change_of(value) in _SENT):
        return True
    return not isinstance(value, FunctionValue) and _SENDING.match(call.name) is not None


def begins_transaction(call: Called) -> bool:
    """Whether a call begins a transaction."""
    return call.name in _BEGINNING
