"""MongoDB filters: an object in place of a value is an operator, and a text under ``$where`` is code.

https://www.mongodb.com/docs/manual/reference/operator/query/; https://mongoosejs.com/docs/queries.html; the operand of
an operator is only compared with.
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import ArrayValue, Choice, ObjectValue, Value
from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import data_in, spellings
from medpro_audit.model.request.data import Data

_FIRST = frozenset(
    (  # noqa: SIM905 - a table of words
        "count countDocuments deleteMany deleteOne exists find findById findByIdAndDelete findByIdAndRemove "
        "findByIdAndUpdate findOne findOneAndDelete findOneAndRemove findOneAndReplace findOneAndUpdate remove "
        "replaceOne update updateMany updateOne where"
    ).split()
)
_PACKAGES = frozenset(("@seald-io/nedb", "marsdb", "mongodb", "mongojs", "mongoose", "monk", "nedb"))
_NESTING = frozenset(("$and", "$elemMatch", "$nor", "$not", "$or"))
_CODE = frozenset(("$where", "$function", "$accumulator"))
_DEPTH = 5

NAMES = _FIRST


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in a filter."""
    if is_mongo(call) and call.name in _FIRST:
        yield from _in_filter(call.argument(0), is_top=True, depth=_DEPTH)


def is_mongo(call: Call) -> bool:
    """Whether a call is one of MongoDB: of its packages, or of what ``db.collection()`` has yielded."""
    return call.package in _PACKAGES or (not call.package and call.path.endswith(f"collection().{call.name}"))


def _in_filter(value: Value | None, *, is_top: bool, depth: int) -> Iterator[Reach]:
    """What is in a filter or in the value of one of its fields; deeper are operands, which are compared with."""
    match value:
        case Data():
            # A whole filter is anybody's choice; in place of a value it takes an object to be one.
            yield Reach("filter", "object", value)
        case Choice(options=options):
            for option, _ in options:
                yield from _in_filter(option, is_top=is_top, depth=depth)
        case ObjectValue() if depth:
            for name, inner in value.properties.items():
                yield from _in_field(name, inner, is_top=is_top, depth=depth - 1)
            for inner in value.unknown:
                if isinstance(inner, Data):
                    yield Reach("filter", "object", inner)
        case _ if value is not None:
            yield from (Reach("filter", "nothing", data) for data in data_in(value))


def _in_field(name: str, value: Value, *, is_top: bool, depth: int) -> Iterator[Reach]:
    if name in _CODE:
        for pieces in spellings(value):
            for piece in pieces:
                if not isinstance(piece, str):
                    yield from (Reach("filter", "text", data) for data in data_in(piece))
    elif name == "$regex":
        yield from (Reach("pattern", "text", data) for data in data_in(value))
    elif name in _NESTING:
        for inner in [item.value for item in value.items] if isinstance(value, ArrayValue) else [value]:
            yield from _in_filter(inner, is_top=is_top, depth=depth)
    elif name.startswith("$"):
        yield from (Reach("filter", "nothing", data) for data in data_in(value))
    else:
        yield from _in_filter(value, is_top=False, depth=depth)
