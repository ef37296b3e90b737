"""Whether errors are reported to somebody, and whether those that end in the error handler are among them.

https://docs.sentry.io/platforms/javascript/guides/express, https://docs.rollbar.com/docs/nodejs
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.core.place import Place, Step
from medpro_audit.facts import ir
from medpro_audit.facts.file import CallFact
from medpro_audit.model.observability.agents import agent_of
from medpro_audit.model.observability.packages import AGENTS, TRACKERS
from medpro_audit.model.observability.sphere import Parts, Sphere, Used
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup

_TAKES_ERRORS = 4
"""Parameters of an error handler of Express."""


def error_tracking(sphere: Sphere) -> ObservabilitySetup:
    """How a back end reports its errors."""
    agent = agent_of(sphere)
    used = sphere.uses(TRACKERS)
    if used is None and agent is not None and agent.package in AGENTS:
        return sphere.setup("error-tracking", agent.place, tool=agent.package, is_set_up=True, is_wired=True)
    if used is None and agent is not None:
        problem = f"whether errors are seen in the traces of {agent.package} is not known"
        return sphere.setup("error-tracking", agent.place, tool=agent.package, is_set_up=None, problem=problem)
    if used is None:
        return sphere.setup("error-tracking", sphere.home, problem="errors are reported to nobody")
    started = _started(sphere, used)
    if started is None:
        problem = f"{used.package} is imported, and never started"
        return sphere.setup("error-tracking", used.place, tool=used.package, problem=problem)
    wired, trail = _wired(sphere)
    problem = "" if wired else f"the errors that end in the error handler do not reach {used.package}"
    start = Step(started.file, started.line, f"{used.package} is started")
    parts = Parts(tool=used.package, is_set_up=True, is_wired=wired, problem=problem, trail=(start, *trail))
    return sphere.setup("error-tracking", started, **parts)


def _started(sphere: Sphere, used: Used) -> Place | None:
    """Where a tracker is started, in a file that imports it; a preloaded one is started there."""
    importing = {path for name in TRACKERS for path in sphere.importers(name)}
    for path, call in sphere.calls("tracker-start"):
        if path in importing:
            return sphere.place(path, call.call.at)
    if used.specifier.endswith(("/preload", "/init")):
        return used.place
    return None


def _wired(sphere: Sphere) -> tuple[bool | None, tuple[Step, ...]]:
    """Whether the error handler, or what stands before it, reports."""
    importing = {path for name in TRACKERS for path in sphere.importers(name)}
    for path, call in sphere.calls("tracker-wiring"):
        if path in importing:
            return True, (_step(sphere, path, call, "reports what ends in the error handler"),)
    reports = [(path, call) for path, call in sphere.calls("tracker-call") if _may_report(path, call, importing)]
    for path, call in reports:
        if any(_is_error_handler(sphere, path, start) for start in call.enclosing):
            return True, (_step(sphere, path, call, "reports from the error handler"),)
    # A function of the project's own may report for the error handler.
    steps = tuple(_step(sphere, path, call, "reports an error") for path, call in reports[:3])
    return (None if reports else False), steps


def _may_report(path: str, call: CallFact, importing: set[str]) -> bool:
    callee = call.call.callee
    is_specific = isinstance(callee, ir.Member | ir.Name) and getattr(callee, "name", getattr(callee, "id", "")) in {
        "captureException",
        "noticeError",
    }
    return is_specific or path in importing


def _is_error_handler(sphere: Sphere, path: str, start: int) -> bool:
    return any(
        function.start == start and len(function.parameters) == _TAKES_ERRORS for function in _functions(sphere, path)
    )


def _functions(sphere: Sphere, path: str) -> Iterator[ir.Function]:
    code = sphere.known.base.interpreter.code
    for node in ir.walk(code.module(path)):
        if isinstance(node, ir.Function):
            yield node
            if node.body is None:
                inner = ir.walk(code.body(path, node.start, node.end))
                yield from (each for each in inner if isinstance(each, ir.Function))


def _step(sphere: Sphere, path: str, call: CallFact, what: str) -> Step:
    place = sphere.place(path, call.call.at)
    return Step(place.file, place.line, what)
