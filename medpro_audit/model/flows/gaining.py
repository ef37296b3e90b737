"""What a client gains by an operator in a MongoDB filter."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import get_args

from medpro_audit.model.evaluation.values import Site
from medpro_audit.model.flows.arrival import Arrival, Carried
from medpro_audit.model.subjects.flow import Gain

GAINS: tuple[Gain, ...] = get_args(Gain)
"""From the worst."""
_ALL = frozenset(("deleteMany()", "remove()", "update()", "updateMany()"))
_LISTING = frozenset(("count()", "countDocuments()", "find()", "where()"))
_READING = frozenset(("exists()", "findById()", "findOne()"))
_SECRET = re.compile(
    r"(?:token|password|passwd|secret|otp|api_?key)$|^(?:code|pin)$|(?:access|auth|confirm|invit|login|reset|verif)\w*code$",
    re.IGNORECASE,
)
"""Names of what lets a client in who knows it."""


def gain_of(arrival: Arrival, data: Carried, others: Sequence[Arrival], listed: Collection[Site] = ()) -> Gain:
    """What comes of it that the client chooses the records.

    Args:
        arrival: The call with the filter.
        data: What can be an operator there.
        others: All calls that the same endpoint leads to.
        listed: Where models are made of which anyone may have a list, and so a key of each record.
    """
    if data.need == "text" or not data.path:  # a whole body may have ``$where`` in it
        return "code"
    if _is_secret(data):
        return "secret"
    if arrival.sink in _ALL:
        return "many"
    if arrival.sink in _LISTING or (arrival.sink in _READING and arrival.model in listed):
        return "list"
    is_refused = arrival.sink in _READING and any(_refuses(one, arrival, data) for one in others)
    return "nothing" if is_refused else "record"


def _refuses(other: Arrival, arrival: Arrival, data: Carried) -> bool:
    """Whether a record with the same in it is stored, which can't be when it is an object.

    Of the model that is asked it must be another record than the one that was found: ``user = user || new User(…)`` is
    only made where none was.
    """
    if other.kind != "document" or other.model is None or arrival.model is None:
        return False
    is_another = other.model != arrival.model or other.is_declared
    return is_another and any(one.need == "nothing" and one.key == data.key for one in other.carried)


def _is_secret(data: Carried) -> bool:
    """Whether it is worth something to need not know it."""
    return _SECRET.search(next((step for step in reversed(data.path) if step != "*"), "")) is not None
