"""Arrays, maps, sets: what their methods do to known items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Deferred,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
    join,
    now,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_MAX_ITEMS = 1000
"""Longer arrays are not followed item by item."""

ArrayMethod = Callable[["Interpreter", ArrayValue, tuple[Item, ...], Site], Value]


def array_member(interpreter: Interpreter, owner: ArrayValue, name: str, site: Site) -> Value:
    """A property or method of an array."""
    method = _ARRAY_METHODS.get(name)
    if method is not None:
        return NativeFunction(lambda i, arguments, s: method(i, owner, arguments, s))
    if name == "length":
        is_known = not owner.is_open and not any(item.condition for item in owner.items)
        return Constant(len(owner.items)) if is_known else Length(owner)
    if name.isdigit():
        index = int(name)
        if index < len(owner.items):
            return owner.items[index].value
        return Unknown("an element of a list that is not known", site.place) if owner.is_open else UNDEFINED
    return owner.properties.get(name) or Unknown(f".{name} of a list is not modelled", site.place)


class Length(Proposition):
    """The length of a list of which it isn't known which items it holds; true when there is one."""

    __slots__ = ("_items",)

    def __init__(self, items: ArrayValue) -> None:
        self._items = items

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """On the path where it is empty, nothing has been added to it."""
        if holds:
            return
        for verdict in self._items.filtered:
            verdict.assume(interpreter, holds=False)
        if interpreter.request is not None:
            interpreter.request.assume_empty(self._items)


def assign_item(interpreter: Interpreter, owner: ArrayValue, name: str | None, value: Value) -> None:
    """``list[index] = value``."""
    if not interpreter.may_change(owner.born):
        return
    if name is not None and name.isdigit() and int(name) < len(owner.items):
        owner.items[int(name)] = Item(value)
    elif name is None or (name.isdigit() and int(name) == len(owner.items)):
        append(interpreter, owner, [Item(value)])
    else:
        owner.properties[name] = value


def append(interpreter: Interpreter, owner: ArrayValue, items: Iterable[Item]) -> None:
    """Add items at the end, each under the condition that holds now."""
    condition = interpreter.condition
    if interpreter.request is not None:
        interpreter.request.noted(owner)
    if not interpreter.may_change(owner.born):
        return
    for item in items:
        if len(owner.items) >= _MAX_ITEMS:
            owner.is_open = True
            return
        owner.items.append(item._replace(condition=item.condition or condition))


def _argument(arguments: Sequence[Item], index: int = 0) -> Value:
    return arguments[index].value if index < len(arguments) else UNDEFINED


def _each(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> list[Item]:
    """Call a callback with each item; the results carry the condition of their item."""
    callback = _argument(arguments)
    results = []
    for index, item in enumerate(list(owner.items)):
        call = (Item(item.value), Item(Constant(index)), Item(owner))

        def compute(call: tuple[Item, ...] = call) -> Value:
            return interpreter.call(callback, call, site)

        if item.condition:
            value = interpreter.fork_values([(item.condition, compute), ("", lambda: UNDEFINED)])
        else:
            value = compute()
        results.append(item._replace(value=value))
    if owner.is_open:
        element = Item(Unknown("an element that is added where it can't be seen", site.place))
        text = "for each further element"
        interpreter.fork_values([(text, lambda: interpreter.call(callback, (element,), site)), ("", lambda: UNDEFINED)])
    return results


def _for_each(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    _each(interpreter, owner, arguments, site)
    return UNDEFINED


def _map(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    return ArrayValue(_each(interpreter, owner, arguments, site), is_open=owner.is_open)


def _flat_map(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    mapped = ArrayValue(_each(interpreter, owner, arguments, site), is_open=owner.is_open)
    return _flat(interpreter, mapped, (), site)


def _filter(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    kept: list[Item] = []
    doubtful: list[Proposition] = []
    for item, verdict in _verdicts(interpreter, owner, arguments, site):
        if isinstance(verdict, Proposition):
            doubtful.append(verdict)
        truth = _truth(verdict)
        if truth is None:
            kept.append(item._replace(condition=item.condition or "it passes the filter"))
        elif truth:
            kept.append(item)
    return ArrayValue(kept, is_open=owner.is_open, filtered=doubtful)


def _verdicts(
    interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site
) -> list[tuple[Item, Value]]:
    """What a callback says of each item."""
    items = list(owner.items)
    return [(item, said.value) for item, said in zip(items, _each(interpreter, owner, arguments, site), strict=False)]


def _truth(value: Value) -> bool | None:
    from medpro_audit.model.evaluation.conditions import truth_of  # noqa: PLC0415 - conditions know collections

    return truth_of(value)


class Search(Proposition):
    """What ``find``, ``some`` or ``every`` yields of items whose verdicts depend on the request."""

    __slots__ = ("_candidates", "_verdicts", "_wanted")

    def __init__(self, candidates: Sequence[Value], verdicts: Sequence[Proposition], *, wanted: bool) -> None:
        self._candidates = tuple(candidates)
        self._verdicts = tuple(verdicts)
        self._wanted = wanted
        """The verdict that is searched for; when it isn't found, all others are the opposite."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A property of whichever was found."""
        return join([(interpreter.member(value, name, site), "") for value in self._candidates])

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Where nothing was found, the verdict on every item is known."""
        if holds is not self._wanted:
            for verdict in self._verdicts:
                verdict.assume(interpreter, holds=not self._wanted)


def _find(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    found: list[tuple[Value, str]] = []
    doubtful: list[Proposition] = []
    for item, verdict in _verdicts(interpreter, owner, arguments, site):
        truth = _truth(verdict)
        if truth is not False:
            found.append((item.value, item.condition))
        if isinstance(verdict, Proposition):
            doubtful.append(verdict)
        elif truth and not item.condition:
            break
    if doubtful and len(doubtful) == len(found):
        return Search([value for value, _ in found], doubtful, wanted=True)
    if not found:
        return Unknown("an element that is searched for", site.place) if owner.is_open else UNDEFINED
    return join(found)


def _some(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    return _quantified(interpreter, owner, arguments, site, wanted=True)


def _every(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    return _quantified(interpreter, owner, arguments, site, wanted=False)


def _quantified(
    interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site, *, wanted: bool
) -> Value:
    """``some`` searches for a verdict that is true, ``every`` for one that is false."""
    verdicts = [verdict for _, verdict in _verdicts(interpreter, owner, arguments, site)]
    decided = {_truth(verdict) for verdict in verdicts}
    if wanted in decided:
        return TRUE if wanted else FALSE
    doubtful = [verdict for verdict in verdicts if isinstance(verdict, Proposition)]
    if doubtful:
        return Search(verdicts, doubtful, wanted=wanted)
    if None in decided or owner.is_open:
        return Unknown("whether a list holds a matching element", site.place)
    return FALSE if wanted else TRUE


def _reduce(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    callback = _argument(arguments)
    items = list(owner.items)
    if len(arguments) > 1:
        value = arguments[1].value
    elif items:
        value = items.pop(0).value
    else:
        return Unknown("the result of reduce", site.place)
    for index, item in enumerate(items):
        value = interpreter.call(callback, (Item(value), Item(item.value), Item(Constant(index)), Item(owner)), site)
    return value


def _push(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    append(interpreter, owner, arguments)
    return Unknown("the length of a list")


def _unshift(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    if not interpreter.may_change(owner.born):
        return Unknown("the length of a list")
    condition = interpreter.condition
    owner.items[:0] = [item._replace(condition=item.condition or condition) for item in arguments]
    return Unknown("the length of a list")


def _concat(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    result = ArrayValue(owner.items, is_open=owner.is_open)
    for argument in arguments:
        if isinstance(argument.value, ArrayValue):
            result.items.extend(argument.value.items)
            result.is_open |= argument.value.is_open
        elif isinstance(argument.value, Unknown | Deferred):
            result.is_open = True
        else:
            append(interpreter, result, [argument])
    return result


def _flat(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    result = ArrayValue((), is_open=owner.is_open)
    for item in owner.items:
        if isinstance(item.value, ArrayValue):
            inner = item.value.items
            result.items.extend(one._replace(condition=one.condition or item.condition) for one in inner)
            result.is_open |= item.value.is_open
        else:
            result.items.append(item)
    return result


def _copy(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    return ArrayValue(owner.items, is_open=owner.is_open)


def _slice(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    bounds = [argument.value.value for argument in arguments if isinstance(argument.value, Constant)]
    whole = [bound for bound in bounds if isinstance(bound, int)]
    if len(whole) != len(arguments):
        return ArrayValue(owner.items, is_open=True)
    return ArrayValue(owner.items[slice(*whole[:2])] if len(whole) > 1 else owner.items[whole[0] if whole else 0 :])


def _reversed(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    return ArrayValue(owner.items[::-1], is_open=owner.is_open)


def _last(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], site: Site) -> Value:
    return owner.items[-1].value if owner.items else Unknown("the last element of a list", site.place)


def _first(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], site: Site) -> Value:
    return owner.items[0].value if owner.items else Unknown("the first element of a list", site.place)


def _join(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    separator = _argument(arguments)
    glue = separator.value if isinstance(separator, Constant) and isinstance(separator.value, str) else ","
    parts = [item.value.value for item in owner.items if isinstance(item.value, Constant)]
    if owner.is_open or len(parts) != len(owner.items):
        return Unknown("a text joined from values that are not known", site.place)
    return Constant(glue.join(map(str, parts)))


def _includes(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    wanted = _argument(arguments)
    known = [item.value.value for item in owner.items if isinstance(item.value, Constant)]
    if not isinstance(wanted, Constant) or owner.is_open or len(known) != len(owner.items):
        return Unknown("whether a list holds a value")
    return TRUE if wanted.value in known else FALSE


def _entries(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    pairs = [item._replace(value=ArrayValue([Item(Constant(index)), item])) for index, item in enumerate(owner.items)]
    return ArrayValue(pairs, is_open=owner.is_open)


_ARRAY_METHODS: dict[str, ArrayMethod] = {
    "at": lambda i, owner, arguments, s: array_member(i, owner, str(getattr(_argument(arguments), "value", "")), s),
    "concat": _concat,
    "entries": _entries,
    "every": _every,
    "filter": _filter,
    "find": _find,
    "flat": _flat,
    "flatMap": _flat_map,
    "forEach": _for_each,
    "includes": _includes,
    "join": _join,
    "map": _map,
    "pop": _last,
    "push": _push,
    "reduce": _reduce,
    "reverse": _reversed,
    "shift": _first,
    "slice": _slice,
    "some": _some,
    "sort": _copy,
    "toSorted": _copy,
    "unshift": _unshift,
    "values": _copy,
}


def object_method(owner: ObjectValue, name: str) -> Value | None:
    """What every object inherits."""
    if name in {"hasOwnProperty", "propertyIsEnumerable"}:
        return NativeFunction(lambda _i, arguments, _s: _has_own(owner, _argument(arguments)))
    if name in {"toString", "valueOf", "toLocaleString"}:
        return NativeFunction(lambda _i, _a, s: Unknown("an object as text", s.place))
    return None


def _has_own(owner: ObjectValue, name: Value) -> Value:
    if isinstance(name, Constant) and isinstance(name.value, str) and not owner.is_open:
        return TRUE if name.value in owner.properties else FALSE
    return Unknown("whether an object has a property")


class MapValue(Native):
    """A ``Map``, ``Set``, ``WeakMap`` or ``WeakSet``; a set's keys are its values' order."""

    __slots__ = ("_is_map", "_known", "_unknown", "born")

    def __init__(self, *, is_map: bool) -> None:
        self.born = now()
        self._is_map = is_map
        self._known: dict[str, Item] = {}
        self._unknown: list[Item] = []

    def fill(self, items: Sequence[Item]) -> None:
        """Add what the constructor was given."""
        for item in items:
            if not self._is_map:
                self._unknown.append(item)
            elif isinstance(item.value, ArrayValue) and len(item.value.items) > 1:
                self._put(item.value.items[0].value, item.value.items[1])

    def _store(self, interpreter: Interpreter, key: Value, item: Item, site: Site) -> Value:
        """Keep an entry, unless it is what one request leaves for others."""
        if interpreter.may_change(self.born):
            self._put(key, item)
        else:
            interpreter.hand_over((Item(key), item), site)
        return self

    def _put(self, key: Value, item: Item) -> None:
        if isinstance(key, Constant):
            self._known[str(key.value)] = item
        else:
            self._unknown.append(item)

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]]:
        """A map is seen as pairs, a set as values."""
        if not self._is_map:
            return [(str(index), item) for index, item in enumerate(self._unknown)]
        pairs = [
            (key, item._replace(value=ArrayValue([Item(Constant(key)), item]))) for key, item in self._known.items()
        ]
        return [*pairs, *(("", Item(ArrayValue([Item(Unknown("a key")), item]))) for item in self._unknown)]

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Methods of maps and sets."""
        match name, arguments:
            case "set", (key, value, *_):
                return self._store(interpreter, key.value, value, site)
            case "add", (value, *_):
                return self._store(interpreter, UNDEFINED, value, site)
            case "get", (Item(value=Constant(value=key)), *_):
                found = self._known.get(str(key))
                return found.value if found else Unknown("an entry of a map", site.place)
            case "get", _ if len(self._known) + len(self._unknown) > 0:
                return join([(item.value, "") for item in (*self._known.values(), *self._unknown)])
            case "forEach", (callback, *_):
                for key, item in [*self._known.items(), *(("", item) for item in self._unknown)]:
                    interpreter.call(callback.value, (Item(item.value), Item(Constant(key))), site)
                return UNDEFINED
            case "values", _:
                return ArrayValue([*self._known.values(), *self._unknown])
            case "keys", _:
                return ArrayValue([Item(Constant(key)) for key in self._known], is_open=bool(self._unknown))
            case "entries", _:
                return ArrayValue([item for _, item in self.entries(interpreter, site)])
        return Unknown(f"the result of .{name}() of a collection", site.place)
