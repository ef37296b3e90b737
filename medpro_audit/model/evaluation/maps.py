"""Maps and sets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.evaluation.branching import value_under
from medpro_audit.model.evaluation.collections import Length, identity_of, is_sure
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.values import (
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Item,
    Native,
    Site,
    Unknown,
    Value,
    join,
    now,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


class MapValue(Native):
    """A ``Map``, ``Set``, ``WeakMap`` or ``WeakSet``; in a set, each value is its own key."""

    __slots__ = ("_entries", "_is_map", "born")

    def __init__(self, *, is_map: bool) -> None:
        self.born = now()
        self._is_map = is_map
        self._entries: dict[object, tuple[Value, Item]] = {}
        """Keys and values in order, by what tells a key from others."""

    def fill(self, items: Sequence[Item]) -> None:
        """Add what the constructor was given."""
        for item in items:
            if not self._is_map:
                self._put(item.value, item)
            elif isinstance(item.value, ArrayValue) and len(item.value.items) > 1:
                key, value = item.value.items[:2]
                self._put(key.value, structs.replace(value, condition=value.condition or item.condition))

    def _store(self, interpreter: Interpreter, key: Value, item: Item, site: Site) -> Value:
        """Keep an entry, unless it is what one request leaves for others."""
        if interpreter.request is not None:
            interpreter.request.noted(self)
            interpreter.request.witness.stored_for_others((key,))
        if interpreter.may_change(self.born):
            self._put(key, structs.replace(item, condition=interpreter.condition))
        else:
            hand_over(interpreter, (Item(key), item), site)
        return self

    def _put(self, key: Value, item: Item) -> None:
        name = identity_of(key) if isinstance(key, Constant) else id(key)
        _, old = self._entries.get(name, (key, None))
        if old is not None and item.condition:  # it may still be what it was
            item = Item(join([(item.value, item.condition), (old.value, old.condition)]), condition=old.condition)
        self._entries[name] = (key, item)

    def _pairs(self) -> list[tuple[Value, Item]]:
        return list(self._entries.values())

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]]:
        """A map is seen as pairs, a set as values."""
        if not self._is_map:
            return [("", item) for _, item in self._pairs()]
        return [
            ("", structs.replace(item, value=ArrayValue([Item(key), structs.replace(item, condition="")])))
            for key, item in self._pairs()
        ]

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, or how many entries there are."""
        if name == "size":
            return Length(self)
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Methods of maps and sets."""
        match name, arguments:
            case "set", (key, value, *_):
                return self._store(interpreter, key.value, value, site)
            case "add", (value, *_):
                return self._store(interpreter, value.value, value, site)
            case "get", (Item(value=Constant() as key), *_):
                found = self._entries.get(identity_of(key))
                return found[1].value if found else Unknown("an entry of a map", site.place)
            case (("get" | "has"), (key, *_)) if (told := self._told(interpreter, name, key.value, site)) is not None:
                return interpreter.asked(key.value, told) if name == "has" else told
            case "get", _ if self._pairs():
                return self._some(interpreter, arguments)
            case ("delete", (Item(value=Constant() as key), *_)) if is_sure(interpreter, self.born):
                return (
                    TRUE if self._entries.pop(identity_of(key), None) else Unknown("whether it was there", site.place)
                )
            case "forEach", (callback, *_):
                for key_, item in self._pairs():
                    given = (Item(item.value), Item(key_))
                    value_under(interpreter, item.condition, partial(interpreter.call, callback.value, given, site))
                return UNDEFINED
            case (("values" | "keys" | "entries"), _):
                return self._listed(interpreter, name, site)
        result = Unknown(f"the result of .{name}() of a collection", site.place)
        return interpreter.asked(arguments[0].value, result) if name == "has" and arguments else result

    def _told(self, interpreter: Interpreter, name: str, key: Value, site: Site) -> Value | None:
        """What is known of an entry by whom it is looked up for, and of whom it is asked whether there is one."""
        if interpreter.request is None:
            return None
        if name == "get":
            return interpreter.request.witness.looked_up(key, site)
        return interpreter.request.witness.included(ArrayValue([Item(one) for one, _ in self._pairs()]), key, site)

    def _some(self, interpreter: Interpreter, arguments: tuple[Item, ...]) -> Value:
        """Any value, of which the key isn't known."""
        found = join([(item.value, "") for _, item in self._pairs()])
        if interpreter.request is not None and arguments:
            interpreter.request.looked_up(self, arguments[0].value, found)
        return found

    def _listed(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        if name == "entries":
            return ArrayValue([item for _, item in self.entries(interpreter, site)])
        if name == "keys" and self._is_map:
            return ArrayValue([Item(key, condition=item.condition) for key, item in self._pairs()])
        return ArrayValue([item for _, item in self._pairs()])
