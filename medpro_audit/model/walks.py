"""The walks over what a repository's programs made: each application once, however many of them make it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from medpro_audit.core.stages import stage
from medpro_audit.model.evaluation.clauses import conjunction, disjunction, holds_by_default, parts_of, remaining
from medpro_audit.model.routing import Layer, Router, Row, Walk


@stage("endpoints")
def walks_of(routers: Sequence[Router]) -> list[Walk]:
    """A walk for each application that no other mounts."""
    walks = [Walk(router) for router in routers if router.is_application]
    mounted = {id(router) for walk in walks for router in walk.reached if router is not walk.application}
    outermost = [walk for walk in walks if id(walk.application) not in mounted]
    _join(outermost)
    for walk in outermost:
        walk.rows = list(_settled(walk.rows))
    return outermost


def _join(walks: Sequence[Walk]) -> None:
    """Put applications that one call makes for several programs, with the same routes, under one condition.

    A factory that a server and a module beside it both call makes the application that is there if either runs.
    """
    same: defaultdict[object, list[Walk]] = defaultdict(list)
    for walk in walks:
        same[walk.application.framework, walk.application.site.place].append(walk)
    for together in same.values():
        twins: defaultdict[object, list[Walk]] = defaultdict(list)
        for walk in together if len({walk.application.condition for walk in together}) > 1 else ():
            twins[tuple(_key(row, walk.application) for row in walk.rows)].append(walk)
        for alike in twins.values():
            condition = disjunction(walk.application.condition for walk in alike)
            for walk in alike:
                walk.rows = [
                    row._replace(conditions=(*parts_of(condition), *_beyond(row, walk.application)))
                    for row in walk.rows
                ]


def _beyond(row: Row, application: Router) -> tuple[str, ...]:
    """Conditions of a row beside those under which its application is made."""
    own = parts_of(application.condition)
    return tuple(left for condition in row.conditions if (left := remaining(condition, own)))


def _key(row: Row, application: Router) -> object:
    """What a row is, whichever program registers it."""
    layers = tuple(map(_layer_key, (*row.chain, *row.items)))
    return row.kind, row.method, row.path, row.site.place, _beyond(row, application), layers


def _layer_key(layer: Layer) -> object:
    return layer.name, layer.site.place, layer.mounts, layer.condition, layer.method


def _settled(rows: Sequence[Row]) -> Iterator[Row]:
    """Rows without the second paths of registrations: ``dev ? '/api' : ''`` is where it is by default, not in both."""
    registrations: defaultdict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row.conditions:
            registrations[id(row.entry), row.method].append(row)
    for row in rows:
        others = registrations[id(row.entry), row.method] if row.conditions else ()
        if not any(_replaces(other, row) for other in others):
            yield row


def _replaces(row: Row, other: Row) -> bool:
    """Whether a row is there by default, and the other, elsewhere, only in its place."""
    if row.path == other.path or holds_by_default(conjunction(other.conditions)) is not False:
        return False
    given = parts_of(conjunction(row.conditions))
    return holds_by_default(conjunction(row.conditions)) is True and (
        remaining(conjunction(other.conditions), given) is None
    )
