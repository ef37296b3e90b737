"""Whether a server stops in order when it is told to: https://expressjs.com/en/advanced/healthcheck-graceful-shutdown.html."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.observability.packages import HANDLING_SIGNALS, SHUTDOWN
from medpro_audit.model.observability.reach import Reach, Reached
from medpro_audit.model.observability.sphere import Parts, Sphere
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup

_SIGNALS = frozenset(("SIGTERM", "SIGINT"))
_SERVER = re.compile(r"server|\bapp\b|http|terminator|listener", re.IGNORECASE)
_CLOSING = frozenset(("close", "closeAsync", "closeAllConnections", "terminate", "stop", "shutdown", "drain"))
_PROBLEMS = {
    True: "",
    None: "whether its handler closes the server is not known",
    False: "its handler does not close the server",
}


class _Handler(NamedTuple):
    path: str
    fact: CallFact
    signal: str
    """Empty where it is no literal."""


def shutdown(sphere: Sphere) -> ObservabilitySetup:
    """What a back end does when it is told to stop."""
    library = sphere.uses(SHUTDOWN)
    if library is not None and library.package in HANDLING_SIGNALS:
        return sphere.setup("shutdown", library.place, tool=library.package, is_set_up=True, is_wired=True)
    handlers = list(_handlers(sphere))
    if not handlers:
        return sphere.setup("shutdown", sphere.home, problem="no SIGTERM is listened for")
    reach = Reach(sphere.known.base.interpreter.code, sphere.known.base.resolver)
    verdicts = [(_closes(handler, reach), handler) for handler in handlers]
    order = {True: 0, None: 1, False: 2}
    is_wired, best = min(verdicts, key=lambda each: order[each[0]])
    place = sphere.place(best.path, best.fact.call.at)
    tool = best.signal or "a signal"
    trail = (Step(place.file, place.line, f"{tool} is handled here"),)
    parts = Parts(tool=tool, is_set_up=True, is_wired=is_wired, problem=_PROBLEMS[is_wired], trail=trail)
    return sphere.setup("shutdown", place, **parts)


def _handlers(sphere: Sphere) -> Iterator[_Handler]:
    """Calls of ``process.on`` for a signal, or for what a loop over some may give it."""
    for path, fact in sphere.calls("process-event"):
        event = fact.call.arguments[0] if fact.call.arguments else None
        match event:
            case ir.Literal(value=str() as name) if name in _SIGNALS:
                yield _Handler(path, fact, name)
            case ir.Literal(value=str()):
                pass
            case ir.Name() | ir.Member() | ir.Index() | ir.Template():
                yield _Handler(path, fact, "")


def _closes(handler: _Handler, reach: Reach) -> bool | None:
    """Whether a handler closes the server; None where that can't be seen."""
    given = handler.fact.call.arguments[1:2]
    if not given:
        return None
    callback = given[0]
    if isinstance(callback, ir.Function):
        return _judge(reach.of(handler.path, (callback,)))
    names = [node for node in ir.walk(callback) if isinstance(node, ir.Name)]
    # ``shutdown``, ``() => …``, ``shutdown.bind(this)``, ``handle('SIGTERM')``
    found = next((one for name in names if (one := reach.function(handler.path, name.id)) is not None), None)
    return _judge(reach.of(found[0], (found[1],))) if found is not None else None


def _judge(reached: Reached) -> bool | None:
    """Whether the server is closed; to close something else, or to call what is not known, leaves it open."""
    closed = [
        text_of(node.callee.object)
        for _, node in reached.nodes
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member) and node.callee.name in _CLOSING
    ]
    if any(_SERVER.search(receiver) for receiver in closed):
        return True
    foreign = [name for name in reached.lost if not name.startswith(("process.", "console.", "logger.", "log."))]
    return None if closed or foreign else False
