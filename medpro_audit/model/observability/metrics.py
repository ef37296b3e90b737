"""Whether a server collects metrics, and whether anybody can read them.

https://github.com/siimon/prom-client, https://opentelemetry.io/docs/languages/js/exporters
"""

from __future__ import annotations

from medpro_audit.core.place import Step
from medpro_audit.model.observability.agents import agent_of
from medpro_audit.model.observability.packages import METRICS, SELF_EXPOSING
from medpro_audit.model.observability.sphere import Parts, Sphere
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup

_PROBLEMS = {
    True: "",
    None: "where they go is not known",
    False: "no endpoint answers with them, and nothing pushes them",
}


def metrics(sphere: Sphere) -> ObservabilitySetup:
    """How a back end collects metrics."""
    used = sphere.uses(METRICS)
    agent = agent_of(sphere)
    if used is None and agent is not None:
        step = Step(agent.place.file, agent.place.line, f"{agent.package} sends metrics by itself")
        parts = Parts(tool=agent.package, is_set_up=True, is_wired=True, trail=(step,))
        return sphere.setup("metrics", agent.place, **parts)
    if used is None:
        return sphere.setup("metrics", sphere.home, problem="nothing is measured")
    is_exposed, trail = _exposed(sphere, used.package)
    step = Step(used.place.file, used.place.line, f"{used.package} collects metrics")
    problem = _PROBLEMS[is_exposed]
    parts = Parts(tool=used.package, is_set_up=True, is_wired=is_exposed, problem=problem, trail=(step, *trail))
    return sphere.setup("metrics", used.place, **parts)


def _exposed(sphere: Sphere, package: str) -> tuple[bool | None, tuple[Step, ...]]:
    """Whether what is collected is read by anybody: a call of ``metrics()``, a push gateway, or the package itself."""
    if package in SELF_EXPOSING or sphere.uses(tuple(sorted(SELF_EXPOSING))) is not None:
        return True, ()
    for path, call in sphere.calls("metrics-exposed"):
        place = sphere.place(path, call.call.at)
        return True, (Step(place.file, place.line, "hands the metrics out"),)
    return (False, ()) if package == "prom-client" else (None, ())
