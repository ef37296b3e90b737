"""lodash, as far as wiring code loops with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import GLOBALS, Implementation, Namespace, argument, functions
from medpro_audit.model.evaluation.collections import Length
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.maps import MapValue
from medpro_audit.model.evaluation.members import entries_of, member_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    Item,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_ON_LISTS = ("map", "flatMap", "filter", "find", "some", "every", "reduce", "concat", "flatten")
_NAMES = {"flatten": "flat"}


def _on_list(name: str) -> Implementation:
    """A function of lodash that an array has as a method; objects are taken by their values."""

    def apply(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        owner = argument(arguments)
        if not isinstance(owner, ArrayValue):
            entries = entries_of(interpreter, owner, site)
            owner = ArrayValue([item for _, item in entries or ()], is_open=entries is None)
        return interpreter.call(member_of(interpreter, owner, _NAMES.get(name, name), site), arguments[1:], site)

    return apply


def _for_each(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    entries = entries_of(interpreter, argument(arguments), site)
    if entries is None:
        hand_over(interpreter, arguments[1:], site)
        return argument(arguments)
    is_list = isinstance(argument(arguments), ArrayValue)
    for name, item in entries:
        key = Constant(int(name)) if is_list else Constant(name)
        interpreter.call(argument(arguments, 1), (Item(item.value), Item(key)), site)
    return argument(arguments)


def _get(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value, path = argument(arguments), argument(arguments, 1)
    if not isinstance(path, Constant) or not isinstance(path.value, str):
        return Unknown("a property whose path is computed", site.place)
    for name in path.value.split("."):
        value = member_of(interpreter, value, name, site)
    return argument(arguments, 2) if value is UNDEFINED else value


def _pick(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``pick(object, ['a', 'b'])``, ``pick(object, 'a', 'b')``: an object with these properties."""
    owner, names = argument(arguments), _names(arguments[1:])
    if names is None:
        return interpreter.call_external(External("lodash", "pick"), arguments, site)
    made = ObjectValue()
    for name in names:
        found = member_of(interpreter, owner, name, site)
        if found is not UNDEFINED:
            made.properties[name] = found
    return made


def _names(arguments: tuple[Item, ...]) -> list[str] | None:
    """Names of properties, given one by one or as lists; None where they aren't known, or are paths."""
    names: list[str] = []
    for item in arguments:
        listed = item.value
        if isinstance(listed, ArrayValue) and listed.is_open:
            return None
        for each in listed.items if isinstance(listed, ArrayValue) else (item,):
            if not isinstance(each.value, Constant) or not isinstance(each.value.value, str) or "." in each.value.value:
                return None
            names.append(each.value.value)
    return names


def _is_empty(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """Whether nothing is in a list or an object, such as one in which failures were collected."""
    held = argument(arguments)
    if interpreter.request is not None and isinstance(held, ArrayValue | ObjectValue | MapValue | Proposition):
        return Length(held, is_opposite=True)
    return interpreter.call_external(External("lodash", "isEmpty"), arguments, site)


def _of_object(name: str) -> Value:
    owner = GLOBALS["Object"]
    assert isinstance(owner, Namespace)
    return owner.members[name]


def _lodash() -> Value:
    members: dict[str, Value] = {
        **functions(**{name: _on_list(name) for name in _ON_LISTS}),
        **functions(
            forEach=_for_each,
            each=_for_each,
            forOwn=_for_each,
            forIn=_for_each,
            get=_get,
            isEmpty=_is_empty,
            pick=_pick,
            identity=lambda _i, a, _s: argument(a),
            noop=lambda _i, _a, _s: UNDEFINED,
        ),
        **{name: _of_object(name) for name in ("assign", "keys", "values")},
        **dict.fromkeys(("merge", "extend", "defaults"), _of_object("assign")),
        "toPairs": _of_object("entries"),
        "entries": _of_object("entries"),
        "fromPairs": _of_object("fromEntries"),
    }
    return Namespace("lodash", members, lambda _i, _a, _s: External("lodash", "chain"))


PACKAGES = {"lodash": _lodash, "underscore": _lodash, "lodash-es": _lodash}
