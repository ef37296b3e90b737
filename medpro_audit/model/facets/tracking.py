"""What is recorded of the requests of each endpoint."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from medpro_audit.core.place import Step
from medpro_audit.model.evaluation.clauses import holds_by_default, negated
from medpro_audit.model.known import Known
from medpro_audit.model.observability.agents import agents
from medpro_audit.model.observability.layers import Layers
from medpro_audit.model.routing import Layer, Row
from medpro_audit.model.subjects.facets.tracking import Tracking, Verdict

_EXCEPT_IN_TESTS = re.compile(r"[\w.]+ !==? ['\"](test|testing)['\"]")
"""A condition that only leaves tests out."""


def facet(known: Known) -> Sequence[Tracking]:
    """One for each endpoint, in their order."""
    base = known.base
    layers = Layers(known)
    watching = agents(known)
    found: list[Tracking] = []
    for endpoint, row in zip(base.endpoints, base.rows, strict=True):
        agent = watching.get(base.backend_of(endpoint.application.rpartition(":")[0]))
        found.append(Tracking("yes", "yes", "yes", trail=(agent,)) if agent is not None else _of_row(row, layers))
    return list(_compared(known, _without_lines_of_routes(known, found, layers)))


def _without_lines_of_routes(known: Known, found: Sequence[Tracking], layers: Layers) -> list[Tracking]:
    """The same, where what stands in single routes is a log of requests only if most routes have it."""
    base = known.base
    alone = [_logs_alone(row, layers) for row in base.rows]
    having = Counter(one.application for one, is_alone in zip(base.endpoints, alone, strict=True) if is_alone)
    routes = Counter(one.application for one in base.endpoints)
    few = {application for application, count in having.items() if 2 * count < routes[application]}
    return [
        replace(tracking, logged="no", tells_itself=True)
        if is_alone and tracking.logged == "yes" and endpoint.application in few
        else tracking
        for endpoint, tracking, is_alone in zip(base.endpoints, found, alone, strict=True)
    ]


def _logs_alone(row: Row, layers: Layers) -> bool:
    """Whether a middleware of the route itself writes a line, and none that stands in front of more."""
    return any(layers.recorded(layer).logs for layer in row.items[:-1]) and not any(
        layers.recorded(layer).logs for layer in row.active
    )


def _of_row(row: Row, layers: Layers) -> Tracking:
    chain = [(layer, layers.recorded(layer)) for layer in (*row.active, *row.items[:-1])]
    trail: list[Step] = []
    verdicts: list[Verdict] = []
    for field, what in (("logs", "logs it"), ("correlates", "gives it an id"), ("measures", "measures it")):
        doers = [layer for layer, recorded in chain if getattr(recorded, field)]
        certain = [layer for layer in doers if _is_certain(layer, doers)]
        trail += [layers.step(layer, what) for layer in (certain or doers)[:1]]
        is_doubtful = bool(doers) or any(getattr(recorded, field) is None for _, recorded in chain)
        is_doubtful |= field == "logs" and any(map(layers.may_log, row.items[-1:]))
        verdicts.append("yes" if certain else "unknown" if is_doubtful else "no")
    logged, correlated, measured = verdicts
    told = layers.told_by(row.items[-1]) if row.items else False
    return Tracking(logged, correlated, measured, tells_itself=told, trail=tuple(dict.fromkeys(trail)))


def _is_certain(layer: Layer, doers: Sequence[Layer]) -> bool:
    """Whether a middleware is there wherever the server runs, or another of the same kind is where it isn't."""
    condition = layer.condition
    return (
        holds_by_default(condition) is True
        or _EXCEPT_IN_TESTS.fullmatch(condition) is not None
        or any(negated(other.condition) == condition for other in doers)
    )


def _compared(known: Known, found: Sequence[Tracking]) -> Iterator[Tracking]:
    """Each with what is done for others of its application: one that stands beside is none of its gaps."""
    own = {
        (endpoint.application, field)
        for endpoint, tracking in zip(known.base.endpoints, found, strict=True)
        for field in ("logged", "correlated", "measured")
        if getattr(tracking, field) == "yes"
    }
    for endpoint, tracking in zip(known.base.endpoints, found, strict=True):
        yield replace(
            tracking,
            others_logged=(endpoint.application, "logged") in own,
            others_correlated=(endpoint.application, "correlated") in own,
            others_measured=(endpoint.application, "measured") in own,
        )
