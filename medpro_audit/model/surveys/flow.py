"""Request data that reaches something dangerous, over all endpoints."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from medpro_audit.model.evaluation.values import UNDEFINED, CallRecord, ObjectValue, Site, options_of
from medpro_audit.model.flows.arrival import Arrival
from medpro_audit.model.flows.asking import last_name
from medpro_audit.model.flows.browsers import hindrance
from medpro_audit.model.flows.gaining import GAINS, gain_of
from medpro_audit.model.flows.judging import Opinion, Surroundings, judge
from medpro_audit.model.flows.trails import trail_of
from medpro_audit.model.flows.watching import model_of
from medpro_audit.model.path_parameters import parameters_of
from medpro_audit.model.request.records import Holding, Summary
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.access import Access
from medpro_audit.model.subjects.flow import Callers, Flow, FlowKind, Gain

if TYPE_CHECKING:
    from medpro_audit.model.known import Known
    from medpro_audit.model.routing import Row

_CLEANING: dict[str, tuple[FlowKind, ...]] = {
    "express-mongo-sanitize": ("filter",),
    "@exortek/express-mongo-sanitize": ("filter",),
    "express-xss-sanitizer": ("page",),
    "xss-clean": ("page",),
}
"""What sanitising middleware is for, by package."""
_TOLD_ONCE: tuple[FlowKind, ...] = ("filter", "path")
_SNIPPET = 160


class Seen(NamedTuple):
    """A call as one endpoint leads to it."""

    arrival: Arrival
    opinion: Opinion
    endpoint: Endpoint
    callers: Callers
    hindrance: str = ""
    """Of a page: what keeps browsers from being made to run it."""
    gain: Gain | None = None
    """Of a filter: what comes of an operator."""


def survey(known: Known) -> Iterable[Flow]:
    """One for each call and kind of danger, by place."""
    found: dict[tuple[str, int, str], list[Seen]] = {}
    access = cast("Sequence[Access]", known.facet("access"))
    listed = frozenset(_listed(known, access))
    for endpoint, row, caller in zip(known.base.endpoints, known.base.rows, access, strict=True):
        for seen in _weighed(list(_along(known, endpoint, row, caller)), caller, listed):
            site = seen.arrival.site
            found.setdefault((site.module.path, site.at, seen.arrival.kind), []).append(seen)
    flows = [_flow(known, seen) for seen in found.values() if _is_server(known, seen[0].arrival)]
    return sorted(_gravest(flows), key=lambda flow: (flow.file, flow.line, flow.column, flow.kind))


def _is_server(known: Known, arrival: Arrival) -> bool:
    return known.base.roles.get(arrival.site.module.path) == "server"


def _callers(access: Access) -> Callers:
    """Who gets there; that anyone does is only said where nothing may be a guard."""
    if access.authentication == "no" or access.is_entrance or (access.is_uncertain and access.admits_strangers):
        return "anyone"
    is_limited = access.authorization == "yes" and {"role", "permission"} & set(access.authorization_kinds)
    return "privileged" if is_limited else "known"


def _along(known: Known, endpoint: Endpoint, row: Row, access: Access) -> Iterator[Seen]:
    """What is reached on the way through the functions of an endpoint."""
    holdings: list[Holding] = []
    tested: set[str] = set()
    before: list[Summary] = []
    for link in known.base.endpoint_builder.passage(row).ledger.links:
        if link.summary.arrivals:
            around = _around(known, endpoint, holdings, tested)
            for arrival in link.summary.arrivals:
                opinion = judge(arrival, around)
                hindered = ""
                if arrival.kind == "page" and opinion.data is not None:
                    layers = (*row.active, *row.items[:-1])
                    hindered = hindrance(endpoint.method, opinion.data.part, access, layers, before)
                yield Seen(arrival, opinion, endpoint, _callers(access), hindered)
        before.append(link.summary)
        holdings.extend(() if link.condition else link.summary.grants)
        tested.update(link.summary.tested)


def _listed(known: Known, access: Sequence[Access]) -> Iterator[Site]:
    """Where models of Mongoose are made of which anyone may have a list."""
    for endpoint, row, caller in zip(known.base.endpoints, known.base.rows, access, strict=True):
        if endpoint.method == "GET" and endpoint.reached and _callers(caller) == "anyone":
            for link in known.base.endpoint_builder.passage(row).ledger.links:
                for record in link.summary.calls:
                    made = model_of(record.callee) if last_name(record.callee) == "find" else None
                    if made is not None and _may_find_all(record):
                        yield made


def _may_find_all(record: CallRecord) -> bool:
    """Whether a query asks for nothing of what it finds, or for nothing that a client can't leave out."""
    asked = record.arguments[0].value if record.arguments else UNDEFINED
    if isinstance(asked, ObjectValue):
        return all(UNDEFINED in (one for one, _ in options_of(value)) for value in asked.properties.values())
    return asked is UNDEFINED


def _weighed(seen: Sequence[Seen], access: Access, listed: Collection[Site]) -> Iterator[Seen]:
    """The same, with what comes of operators; a login has answered by who was found, whatever is stored or listed."""
    arrivals = [one.arrival for one in seen] if not access.checks_secret else []
    listed = listed if not access.checks_secret else ()
    for one in seen:
        data = one.opinion.data
        if one.arrival.kind == "filter" and data is not None:
            yield one._replace(gain=gain_of(one.arrival, data, arrivals, listed))
        else:
            yield one


def _gravest(flows: Sequence[Flow]) -> Iterator[Flow]:
    """Of several filters, or paths, of a handler that the same reaches, the gravest: one check mends them all."""
    gravest: dict[tuple[object, ...], Flow] = {}
    for flow in flows:
        if flow.kind not in _TOLD_ONCE or (flow.kind == "filter" and flow.endpoints > 1):
            yield flow
            continue
        key = (flow.kind, flow.backend, flow.method, flow.path, flow.endpoints, flow.sources, flow.status)
        gravest[key] = min(gravest.get(key, flow), flow, key=_place_in_order)
    yield from gravest.values()


def _place_in_order(flow: Flow) -> tuple[int, bool, str, int, int]:
    return (GAINS.index(flow.gain or "nothing"), flow.is_start, flow.file, flow.line, flow.column)


def _around(known: Known, endpoint: Endpoint, holdings: list[Holding], tested: set[str]) -> Surroundings:
    parameters = parameters_of(endpoint.path)
    packages = {middleware.package for middleware in endpoint.middleware}
    return Surroundings(
        holdings=tuple(holdings),
        tested=frozenset(tested),
        parameters=frozenset(parameters.checked) if parameters is not None else frozenset(),
        has_objects_in_query=not _has_simple_queries(known, endpoint),
        cleaned={kind for package in packages if package for kind in _CLEANING.get(package, ())},
    )


def _has_simple_queries(known: Known, endpoint: Endpoint) -> bool:
    """Whether query strings are parsed without objects, as Express does from its fifth version on."""
    if endpoint.framework != "express":
        return True  # Koa and Hono know texts only
    packages = known.base.resolver.projects.packages.values()
    manifest = next((one for one in packages if (one.folder or ".") == endpoint.backend), None)
    wanted = manifest.range_of("express") if manifest is not None else None
    return wanted is not None and wanted.lstrip("^~>=v ").startswith("5")


def _flow(known: Known, seen: Sequence[Seen]) -> Flow:
    """The worst of what is seen at one call, told for the first endpoint of which it is true.

    What only happens for an endpoint that no request gets to, such as one that another shadows, does not happen.
    """
    reached = [one for one in seen if one.endpoint.reached]
    ordered = sorted(reached or seen, key=_harmlessness)
    worst = ordered[0]
    arrival, endpoint, opinion = worst.arrival, worst.endpoint, worst.opinion
    place = arrival.site.place
    alike = [one for one in ordered if one.opinion.rank == opinion.rank]
    return Flow(
        kind=arrival.kind,
        status=opinion.status,
        sink=arrival.sink,
        package=arrival.package or None,
        sources=_sources(alike),
        file=place.file,
        line=place.line,
        column=place.column,
        backend=known.base.backend_of(place.file),
        method=endpoint.method,
        path=endpoint.path,
        endpoints=len({one.endpoint.identity for one in ordered}),
        reached=bool(reached),
        snippet=_snippet(known, arrival),
        reason=opinion.reason or None,
        callers=worst.callers,
        gain=worst.gain,
        hindrance=worst.hindrance or None,
        is_start=opinion.data is not None and opinion.data.is_start,
        trail=tuple(trail_of(arrival, opinion.data)),
    )


def _harmlessness(one: Seen) -> tuple[int, bool, int, str]:
    """The worse, the lower: by what is known of the data, by what hinders, what comes of it, and who may send it."""
    gain = GAINS.index(one.gain or "nothing")
    return (-one.opinion.rank, bool(one.hindrance), gain, one.callers)


def _sources(seen: Sequence[Seen]) -> tuple[str, ...]:
    """What of the request gets there; of a safe flow all of it, else what makes it what it is."""
    names = [one.opinion.data.name for one in seen if one.opinion.data is not None]
    return tuple(dict.fromkeys(names))


def _snippet(known: Known, arrival: Arrival) -> str:
    """The line of the call, from the call on."""
    site = arrival.site
    text = known.base.interpreter.code.snippet(site.module.path, site.at, site.at + _SNIPPET)
    return next(iter(text.splitlines()), "")
