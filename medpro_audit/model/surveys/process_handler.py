"""Every listener for what the process has left uncaught."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact, FileFacts
from medpro_audit.model.errors.ending import Ending
from medpro_audit.model.known import Known
from medpro_audit.model.subjects.process_handler import ProcessHandler

_EVENTS = frozenset(("uncaughtException", "unhandledRejection"))
_ARGUMENTS = 2


def survey(known: Known) -> Iterable[ProcessHandler]:
    """One for each listener, sorted."""
    ending = Ending(known.base.interpreter)
    found = (
        handler
        for path, facts in known.base.facts.items()
        for fact in facts.calls.get("process-event", ())
        for handler in _handlers(known, ending, facts, fact)
    )
    return sorted(found, key=lambda handler: (handler.file, handler.line, handler.event))


def _handlers(known: Known, ending: Ending, facts: FileFacts, fact: CallFact) -> Iterator[ProcessHandler]:
    call = fact.call
    if len(call.arguments) < _ARGUMENTS or not isinstance(call.arguments[0], ir.Literal):
        return
    event = call.arguments[0].value
    if event not in _EVENTS:
        return
    place = facts.place(call.at)
    yield ProcessHandler(
        file=place.file,
        line=place.line,
        backend=known.base.backend_of(place.file),
        event="uncaughtException" if event == "uncaughtException" else "unhandledRejection",
        ends=ending.ends(facts.path, call.arguments[1]),
        role=known.base.roles.get(facts.path, "server"),
        trail=(Step(place.file, place.line, "it listens here"),),
    )
