"""What follows where two values are equal: a secret is right, a role is the one asked for, a thing is the caller's."""

from __future__ import annotations

import re
from typing import NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.access.provenance import (
    is_caller,
    is_of_request,
    is_secret,
    is_signature,
    last_name,
    named,
    setting_of,
    spelled,
    traces,
)
from medpro_audit.model.access.rights import is_role
from medpro_audit.model.access.standing import Permission, Standing
from medpro_audit.model.access.values import Held
from medpro_audit.model.evaluation.values import Constant, External, Value
from medpro_audit.model.request.data import Data

_SCHEME_WORDS = re.compile(r"^(?:bearer|basic|token|jwt|digest|api-?key|negotiate|null|undefined)\b", re.IGNORECASE)


class Equal(NamedTuple):
    """What is known where two values are equal."""

    standing: Standing | None = None
    permission: Permission | None = None


def compared(left: Value, right: Value, place: Place) -> Equal | None:
    """What is known where these are equal; None when nothing is."""
    return _one_way(left, right, place) or _one_way(right, left, place)


def _one_way(value: Value, other: Value, place: Place) -> Equal | None:
    places = frozenset((place,))
    if spelled(other):
        return _with_constant(value, other, places)
    found = traces(value)
    if setting_of(other) is not None and found & {"secret", "request"}:
        return Equal(Standing(frozenset(("api-key",)), places=places))
    if is_signature(value) and isinstance(other, External) and other.package == "crypto" and not is_of_request(other):
        return Equal(Standing(frozenset(("signature",)), places=places))
    if is_caller(value) and not is_caller(other) and traces(other):
        return Equal(_standing(value), Permission(frozenset(("ownership",)), places=places, over=named(other) or None))
    return None


def _with_constant(value: Value, other: Value, places: frozenset[Place]) -> Equal | None:
    if is_role(value):
        asked = frozenset((spelled(other),))
        return Equal(_standing(value), Permission(frozenset(("role",)), asked, places, over=named(value) or None))
    is_key = isinstance(value, Data) and is_secret(value) and value.path not in {("authorization",), ("cookie",)}
    if is_key and isinstance(other, Constant) and not _SCHEME_WORDS.match(spelled(other)):
        return Equal(Standing(frozenset(("api-key",)), places=places))
    return None


def _standing(value: Value) -> Standing | None:
    """What a caller that has a property must have: an identity."""
    if not isinstance(value, Held) or not last_name(value):
        return None
    if value.kind == "property":
        return value.standing or Standing(needs=frozenset((value.path[0],)))
    return value.standing
