"""How each back end that serves requests is watched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import cast

from medpro_audit.core.place import Step
from medpro_audit.model.known import Known
from medpro_audit.model.observability.agents import agent_of, starts_first
from medpro_audit.model.observability.errors import error_tracking
from medpro_audit.model.observability.health import health_check
from medpro_audit.model.observability.metrics import metrics
from medpro_audit.model.observability.operations import artefacts, operations
from medpro_audit.model.observability.probes import Probe, probes
from medpro_audit.model.observability.shutdown import shutdown
from medpro_audit.model.observability.sphere import Parts, Sphere
from medpro_audit.model.subjects.facets.tracking import Tracking
from medpro_audit.model.subjects.observability_setup import ObservabilitySetup, Practice


def survey(known: Known) -> Iterable[ObservabilitySetup]:
    """Every practice in every back end that has endpoints, sorted."""
    spheres = [sphere for backend in known.base.backends if (sphere := Sphere(known, backend)).endpoints]
    files = artefacts(known) if spheres else {}
    asked = probes(known) if spheres else ()
    found = [setup for sphere in spheres for setup in (*_practices(known, sphere, asked), *operations(sphere, files))]
    return sorted(found, key=lambda setup: (setup.backend, setup.practice))


def _practices(known: Known, sphere: Sphere, asked: Sequence[Probe]) -> Iterator[ObservabilitySetup]:
    tracking = cast("Sequence[Tracking]", known.facet("tracking"))
    served = frozenset(sphere.endpoints)
    own = [one for one, endpoint in zip(tracking, known.base.endpoints, strict=True) if endpoint in served]
    yield _tracked(sphere, "request-logging", [one.logged for one in own], own, "requests are not logged")
    yield _tracked(sphere, "correlation", [one.correlated for one in own], own, "requests have no id")
    yield metrics(sphere)
    yield health_check(sphere, asked)
    yield error_tracking(sphere)
    yield shutdown(sphere)
    agent = agent_of(sphere)
    if agent is not None:
        step = Step(agent.place.file, agent.place.line, f"{agent.package} is started")
        parts = Parts(tool=agent.package, is_set_up=True, is_wired=starts_first(sphere, agent), trail=(step,))
        yield sphere.setup("tracing", agent.place, **parts)


def _tracked(
    sphere: Sphere, practice: Practice, verdicts: Sequence[str], tracking: Sequence[Tracking], problem: str
) -> ObservabilitySetup:
    """Whether any endpoint is tracked; which are not, the endpoints themselves are asked."""
    first = next((one for one, verdict in zip(tracking, verdicts, strict=True) if verdict == "yes"), None)
    is_set_up = True if first is not None else None if "unknown" in verdicts else False
    trail = first.trail if first is not None else ()
    return sphere.setup(practice, sphere.home, is_set_up=is_set_up, problem="" if is_set_up else problem, trail=trail)
