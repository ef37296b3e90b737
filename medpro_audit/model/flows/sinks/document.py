"""Records that are stored as they were sent: with fields that nobody asked for, such as a role.

https://cheatsheetseries.owasp.org/cheatsheets/Mass_Assignment_Cheat_Sheet.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.model.evaluation.values import ArrayValue, Choice, Constant, ObjectValue, Text, Value
from medpro_audit.model.flows.arrival import Call, Reach
from medpro_audit.model.flows.contents import field, spellings, written
from medpro_audit.model.flows.sinks.filter import is_mongo
from medpro_audit.model.request.data import Data

_Places = dict[str, tuple[int, ...]]
"""Which arguments are records, by call."""

_MONGO: _Places = {
    **dict.fromkeys(("create", "insert", "insertMany", "insertOne", "overwrite", "save", "set"), (0,)),
    **dict.fromkeys(("findByIdAndUpdate", "findOneAndReplace", "findOneAndUpdate", "replaceOne"), (1,)),
    **dict.fromkeys(("update", "updateMany", "updateOne"), (1,)),
}
_SEQUELIZE: _Places = dict.fromkeys(("bulkCreate", "build", "create", "set", "update", "upsert"), (0,))
_PRISMA: _Places = dict.fromkeys(("create", "createMany", "update", "updateMany", "upsert"), (0,))
_MONGOOSE: _Places = {name: places for name, places in _MONGO.items() if name != "save"}
"""``document.save()`` takes options."""
_CALLS: dict[str, _Places] = {
    **dict.fromkeys(("@seald-io/nedb", "marsdb", "mongodb", "mongojs", "monk", "nedb"), _MONGO),
    "mongoose": _MONGOOSE,
    "@prisma/client": _PRISMA,
    "knex": dict.fromkeys(("insert", "update"), (0,)),
    "objection": {
        **dict.fromkeys(("insert", "insertGraph", "patch", "update", "upsertGraph"), (0,)),
        "patchAndFetchById": (1,),
    },
    "sequelize": _SEQUELIZE,
    "sequelize-typescript": _SEQUELIZE,
    "typeorm": {
        **dict.fromkeys(("create", "insert", "save", "upsert"), (0, 1)),
        **dict.fromkeys(("merge", "update"), (1, 2)),
    },
}
"""By package."""
_MADE = {"mongoose": ("model()",), "sequelize": ("define()",)}
"""Classes of records, by what yields them."""
_SET = re.compile(r"\bset\s+\?\s*(?:where\b|on\s+duplicate\b|;|$)", re.IGNORECASE)
"""mysql's ``SET ?`` takes all properties of an object for columns."""

NAMES = frozenset(name for calls in _CALLS.values() for name in calls) | {
    "assign",
    "define",
    "execute",
    "model",
    "query",
}


def reached(call: Call) -> Iterator[Reach]:
    """What of the request is in a record that is stored."""
    for value in _records(call):
        yield from _in_record(value)


def _records(call: Call) -> Iterator[Value]:
    if call.package == "Object" and call.name == "assign":
        yield from call.arguments[1:]
        return
    if any(call.path.endswith(made) for made in _MADE.get(call.package, ())):
        places: tuple[int, ...] = (0,)
    elif call.name == "query" and any(_SET.search(written(pieces)) for pieces in spellings(call.argument(0))):
        values = call.argument(1)
        yield from (
            [item.value for item in values.items[:1]] if isinstance(values, ArrayValue) else [values] if values else []
        )
        return
    else:
        table = _MONGO if not call.package and is_mongo(call) else _CALLS.get(call.package, {})
        places = table.get(call.name, ())
    for at in places:
        value = call.argument(at)
        if call.package == "@prisma/client":
            for name in ("data", "create", "update"):
                inner = field(value, name)
                if inner is not None:
                    yield inner
        elif value is not None:
            yield value


def _in_record(value: Value) -> Iterator[Reach]:
    match value:
        case Data():
            yield Reach("document", "fields", value)
        case Choice(options=options):
            for option, _ in options:
                yield from _in_record(option)
        case ArrayValue(items=items):
            for item in items:
                yield from _in_record(item.value)
        case ObjectValue():
            yield from _in_object(value)


def _in_object(record: ObjectValue) -> Iterator[Reach]:
    for spread in record.unknown:
        if isinstance(spread, Data) and not spread.path:  # with a path it may be the value of a computed key
            yield Reach("document", "fields", spread)
    for name, inner in record.properties.items():
        if name.startswith("$"):
            yield from _in_record(inner)
        else:
            yield from (Reach("document", "nothing", data) for data in _values(inner))


def _values(value: Value) -> Iterator[Data]:
    match value:
        case Data():
            yield value
        case Text(parts=parts):
            yield from (part for part in parts if isinstance(part, Data))
        case Choice(options=options):
            yield from (option for option, _ in options if isinstance(option, Data))
        case Constant():
            pass
