"""Calls that fail for a text which is no number or no id: what comes after them is one.

https://tediousjs.github.io/node-mssql/#data-types, https://mongoosejs.com/docs/tutorials/query_casting.html,
https://mongodb.github.io/node-mongodb-native/6.0/classes/BSON.ObjectId.html
"""

from __future__ import annotations

from collections.abc import Iterator

from medpro_audit.model.evaluation.values import External, Item, Value
from medpro_audit.model.request.data import Data

_NUMBERS = frozenset(
    (  # noqa: SIM905 - a table of words
        "BigInt Bit Decimal Float Int Money Numeric Real SmallInt SmallMoney TinyInt UniqueIdentifier"
    ).split()
)
"""Types of a parameter of mssql that no markup, path or statement fits in."""
_BY_ID = frozenset(("findById", "findByIdAndDelete", "findByIdAndRemove", "findByIdAndUpdate", "ObjectId"))
_OBJECT_IDS = frozenset(("bson", "mongodb", "mongoose"))


def cast_by(callee: Value, name: str, arguments: tuple[Item, ...]) -> Iterator[Value]:
    """What a call turns into a number or an id, or throws."""
    if not isinstance(callee, External) or not arguments:
        return
    if callee.package == "mssql" and name == "input" and len(arguments) > 2:  # noqa: PLR2004 - name, type and value
        kind = arguments[1].value
        if isinstance(kind, External) and _type_of(kind) in _NUMBERS:
            yield arguments[2].value
    elif callee.package in _OBJECT_IDS and name in _BY_ID and _is_text(arguments[0].value):
        yield arguments[0].value


def _type_of(kind: External) -> str:
    """Name of a type, which may take a length: ``sql.Decimal(10, 2)``."""
    named = kind.parent if kind.call is not None and isinstance(kind.parent, External) else kind
    return named.name.rpartition(".")[2]


def _is_text(value: Value) -> bool:
    """Whether a client can send nothing but a text; an object may be an operator, which is no id."""
    return isinstance(value, Data) and (value.part == "params" or value.form in {"text", "rewritten"})
