"""What a client can still choose of the data that reaches a call, and whether that does harm there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Literal, NamedTuple

from medpro_audit.model.flows.arrival import Arrival, Carried
from medpro_audit.model.flows.asking import CAST, SCHEME, SIGNED
from medpro_audit.model.flows.cleaning import mark_of
from medpro_audit.model.request.records import PUT, Holding
from medpro_audit.model.schemas import DOUBTFUL, Kind
from medpro_audit.model.subjects.flow import FlowKind

Status = Literal["safe", "unknown", "tainted"]
_ADDRESSES: tuple[FlowKind, ...] = ("redirect", "url")
"""Kinds of flows in which it matters which host is named."""
STATUSES: tuple[Status, ...] = ("safe", "unknown", "tainted")
"""From best to worst."""


class Opinion(NamedTuple):
    """What is to be said of a flow, and why."""

    status: Status
    reason: str = ""
    data: Carried | None = None
    """What decided."""

    @property
    def rank(self) -> int:
        """The worse, the higher."""
        return STATUSES.index(self.status)


class Surroundings(NamedTuple):
    """What holds before the function runs in which the call is made."""

    holdings: Sequence[Holding]
    """Granted by what ran before."""
    tested: Collection[str]
    """Held against something by what ran before."""
    parameters: Collection[str]
    """Path parameters that a pattern in the path restricts."""
    has_objects_in_query: bool
    """The query string is parsed into objects."""
    cleaned: Collection[FlowKind]
    """Kinds of flows that a sanitising middleware is for."""


def judge(arrival: Arrival, around: Surroundings) -> Opinion:
    """The worst that is to be said of anything that reaches a call."""
    opinions = [_of_data(one, arrival, around) for one in arrival.carried]
    if arrival.lost:
        opinions.append(Opinion("unknown", arrival.lost))
    return max(opinions, key=lambda opinion: opinion.rank)


def _of_data(one: Carried, arrival: Arrival, around: Surroundings) -> Opinion:
    opinion = _as_sent(one, arrival, around)
    if opinion.status == "tainted" and (arrival.kind in around.cleaned or _is_cleaned(one, arrival, around)):
        opinion = Opinion("unknown", "a middleware cleans what is sent")
    if opinion.status == "tainted" and one.part in {"params", "query"} and SIGNED in {*arrival.tested, *around.tested}:
        opinion = Opinion("unknown", "a signature is verified before, perhaps of the address")
    return opinion._replace(data=one)


def _is_cleaned(one: Carried, arrival: Arrival, around: Surroundings) -> bool:
    """Whether the program has put what is left of a part in its place; Express 5 keeps the query."""
    is_replaceable = one.part == "body" or (one.part == "query" and around.has_objects_in_query)
    return is_replaceable and mark_of(arrival.kind, one.part) in {*arrival.tested, *around.tested}


def _as_sent(one: Carried, arrival: Arrival, around: Surroundings) -> Opinion:
    if one.need == "nothing":
        return Opinion("safe", "it is handed over as a mere value")
    if arrival.kind == "page" and one.part == "headers":
        return Opinion("safe", "no link and no form makes a browser send it")
    if _is_of_text(one, around):
        return Opinion("safe", "a text has no such field")
    if one.form == "harmless":
        return Opinion("safe", "nothing of it is left but a number or a truth value")
    held = list(_held(one, [*arrival.holdings, *around.holdings]))
    tested = {name.removeprefix(CAST) for name in (*arrival.tested, *around.tested)}
    if arrival.kind not in _ADDRESSES:
        tested = {name.removeprefix(SCHEME) for name in tested}
    if one.need == "names":
        return _of_fields(one, held, {name.removeprefix("names ") for name in tested if name.startswith("names ")})
    if one.need == "fields" or (one.need == "object" and not one.path):
        return _of_fields(one, held, tested)
    return _of_value(one, held, tested, around)


def _of_value(one: Carried, held: Sequence[Holding], tested: Collection[str], around: Surroundings) -> Opinion:
    """What a client can choose of one value."""
    kind = _kind(one, held, around)
    if kind == "harmless":
        return Opinion("safe", "its schema leaves nothing to choose that could do harm")
    if one.need == "object" and (kind == "text" or _is_text(one, around)):
        return Opinion("safe", "it can only be a text")
    if kind == "unknown":
        return Opinion("unknown", "a schema checks it, of which it is not known what it lets through")
    if one.form == "rewritten":
        return Opinion("unknown", "parts of it are replaced before")
    return _unless_tested(one, tested)


def _unless_tested(one: Carried, tested: Collection[str]) -> Opinion:
    """Tainted, unless the program has compared it with something: it may have turned away what is not allowed."""
    keys = {".".join((one.part, *one.path[:length])) for length in range(1, len(one.path) + 1)} or {one.part}
    if any(f"{PUT}{key}" in tested for key in keys):
        return Opinion("unknown", "a middleware puts something of its own there")
    if keys & set(tested) or (one.need == "object" and f"type {one.key}" in tested):
        return Opinion("unknown", "the program tests it before")
    return Opinion("tainted")


def _held(one: Carried, holdings: Sequence[Holding]) -> Iterator[Holding]:
    """What checks it, or may."""
    if one.checked is not None:
        yield one.checked
    for holding in holdings:
        if holding is not one.checked and holding.covers(one.part, one.path) is not False:
            yield holding


def _kind(one: Carried, held: Sequence[Holding], around: Surroundings) -> Kind | None:
    """What the schemas that check it leave to choose; None when there is none."""
    if one.part == "params" and one.path and one.path[0] in around.parameters:
        return "harmless"
    kinds = {holding.shape.kind_at(one.path[len(holding.path) :]) for holding in held}
    for kind in ("harmless", "text", "unknown"):
        if kind in kinds:
            return kind
    return None


def _is_text(one: Carried, around: Surroundings) -> bool:
    """Whether a client can send nothing but a text there."""
    if one.form in {"text", "rewritten"}:
        return True
    return one.part in {"params", "headers"} or (one.part == "query" and not around.has_objects_in_query)


def _is_of_text(one: Carried, around: Surroundings) -> bool:
    """Whether it is a field of what a client can only send as a text, or as a list of texts."""
    is_text = one.part in {"params", "headers"} or (one.part == "query" and not around.has_objects_in_query)
    return is_text and any(not step.isdecimal() and step != "*" for step in one.path[1:])


def _of_fields(one: Carried, held: Sequence[Holding], tested: Collection[str]) -> Opinion:
    """Whether fields get through that nobody asked for."""
    if one.part == "headers":
        return Opinion("safe", "headers are texts")
    for holding in held:
        shape = holding.shape.at(one.path[len(holding.path) :])
        if (
            shape is None
            or shape is DOUBTFUL
            or not shape.is_certain
            or (shape.fields is None and not shape.is_permissive)
        ):
            return Opinion("unknown", "a schema checks it, of which it is not known what it lets through")
        if shape.extra == "rejected" or (shape.extra == "stripped" and holding is one.checked):
            return Opinion("safe", "its schema lets no other fields through")
    return _unless_tested(one, tested)
