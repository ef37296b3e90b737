"""Arrays: what their methods do to known items."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.evaluation.branching import fork_values, value_under
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.values import (
    FALSE,
    MAX_ITEMS,
    NULL,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Constant,
    Deferred,
    External,
    Item,
    NativeFunction,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
    is_same,
    join,
    options_of,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_TAKEN = "it is not taken away"
"""Condition of an element that may be gone."""

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
    """The length of a list, or size of an object or map, of which it isn't known what it holds; true when it is not 0.

    The opposite, that it is empty, is asked by ``isEmpty``.
    """

    __slots__ = ("_is_opposite", "_items")

    def __init__(self, items: Value, *, is_opposite: bool = False) -> None:
        self._items = items
        self._is_opposite = is_opposite

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """On the path where it is empty, nothing has been added to it."""
        if holds is not self._is_opposite:
            return
        held: Value | None = self._items
        while held is not None:
            if isinstance(held, Proposition):  # errors that a validation has found
                held.assume(interpreter, holds=False)
            for verdict in held.filtered if isinstance(held, ArrayValue) else ():
                verdict.assume(interpreter, holds=False)
            if interpreter.request is not None:
                interpreter.request.assume_empty(held)
            held = held.source if isinstance(held, ArrayValue) else None

    def exceeds(self, index: int) -> Value:
        """Whether the list has an item at an index, those that may be there counted."""
        if not isinstance(self._items, ArrayValue) or self._items.is_open:
            return Unknown("the length of a list")
        if index >= len(self._items.items):
            return FALSE
        condition = self._items.items[index].condition
        return Within(condition) if condition else TRUE


class Printed(Unknown):
    """A value printed as JSON: only whether it is empty can be told from it."""

    __slots__ = ("of",)

    def __init__(self, of: Value, site: Site) -> None:
        super().__init__("a value printed as JSON", site.place)
        self.of = of


class Within(Proposition):
    """Whether a list has the item that a loop has come to: it has under a condition."""

    __slots__ = ("condition",)

    def __init__(self, condition: str) -> None:
        self.condition = condition

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Nothing follows for others."""


def assign_item(interpreter: Interpreter, owner: ArrayValue, name: str | None, value: Value) -> None:
    """``list[index] = value``."""
    if not interpreter.may_change(owner.born):
        return
    if name is not None and name.isdigit() and int(name) < len(owner.items):
        owner.items[int(name)] = Item(value)
    elif name == "length" and isinstance(value, Constant) and value.value == 0 and is_sure(interpreter, owner.born):
        owner.items.clear()
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
        if len(owner.items) >= MAX_ITEMS:
            owner.is_open = True
            return
        owner.items.append(structs.replace(item, condition=item.condition or condition))


def either(lists: Sequence[tuple[Sequence[Item], str]]) -> list[Item]:
    """One list for several possible ones: what only one of them holds stands under the condition of that one."""
    if len(lists) != 2:  # noqa: PLR2004 - the two branches of a condition; more than those are not compared
        return [_under(condition, item) for items, condition in lists for item in items]
    (left, condition), (right, otherwise) = lists
    found: list[Item] = []
    rest = list(right)
    for item in left:
        at = next((at for at, other in enumerate(rest) if is_same(item.value, other.value)), None)
        if at is None:
            found.append(_under(condition, item))
        else:
            found.extend(_under(otherwise, other) for other in rest[:at])
            found.append(item)
            del rest[: at + 1]
    return found + [_under(otherwise, other) for other in rest]


def _under(condition: str, item: Item) -> Item:
    return item if item.condition or not condition else structs.replace(item, condition=condition)


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

        with interpreter.counting_once(callback):
            value = value_under(interpreter, item.condition, compute)
        results.append(structs.replace(item, value=value))
    if owner.is_open:
        element = Item(Unknown("an element that is added where it can't be seen", site.place))
        text = "for each further element"
        call_with_it = partial(interpreter.call, callback, (element,), site)
        fork_values(interpreter, [(text, call_with_it), ("", lambda: UNDEFINED)])
    return results


def _for_each(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    _each(interpreter, owner, arguments, site)
    return UNDEFINED


def _map(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    made = ArrayValue(_each(interpreter, owner, arguments, site), is_open=owner.is_open)
    made.source = owner
    return made


def _flat_map(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    mapped = ArrayValue(_each(interpreter, owner, arguments, site), is_open=owner.is_open)
    return _flat(interpreter, mapped, (), site)


def _filter(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    kept: list[Item] = []
    doubtful: list[Proposition] = []
    for item, verdict in _verdicts(interpreter, owner, arguments, site):
        if isinstance(verdict, Proposition):
            doubtful.append(verdict)
            interpreter.test(verdict, site)
        truth = _truth(verdict)
        if truth is None:
            kept.append(structs.replace(item, condition=item.condition or "it passes the filter"))
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
        elif self._wanted and interpreter.request is not None:
            interpreter.request.witness.one_of(self._verdicts)


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
    if doubtful and len(doubtful) == sum(_truth(verdict) is not (not wanted) for verdict in verdicts):
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
        call = (Item(value), Item(item.value), Item(Constant(index)), Item(owner))
        reduced = value_under(interpreter, item.condition, partial(interpreter.call, callback, call, site))
        value = join([(reduced, item.condition), (value, "")]) if item.condition else reduced
    return value


def _push(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    if not interpreter.may_change(owner.born):
        interpreter.keep(arguments, site)
    append(interpreter, owner, arguments)
    return Unknown("the length of a list")


def _unshift(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    if not interpreter.may_change(owner.born):
        return Unknown("the length of a list")
    condition = interpreter.condition
    owner.items[:0] = [structs.replace(item, condition=item.condition or condition) for item in arguments]
    return Unknown("the length of a list")


def _concat(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    return _unpacked(ArrayValue(owner.items, is_open=owner.is_open), arguments)


def _flat(interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    # What a package yields to a request may be a list, and an empty one; what it yields to wiring is middleware.
    may_be_list = interpreter.request is not None and any(_may_be_external(item.value) for item in owner.items)
    return _unpacked(ArrayValue((), is_open=owner.is_open or may_be_list), owner.items)


def _may_be_external(value: Value) -> bool:
    return any(isinstance(option, External) for option, _ in options_of(value))


def _unpacked(result: ArrayValue, given: Sequence[Item]) -> ArrayValue:
    """Add what is given to a list, the items of lists one by one; what may be given, under its condition."""
    for one in given:
        lists: list[tuple[Sequence[Item], str]] = []
        options = list(options_of(one.value))
        for option, condition in options:
            if isinstance(option, ArrayValue):
                items = [structs.replace(item, condition=item.condition or one.condition) for item in option.items]
                lists.append((items, condition))
                result.is_open |= option.is_open
            elif isinstance(option, Unknown | Deferred):
                result.is_open = True
            else:
                lists.append(([structs.replace(one, value=option)], condition))
            result.is_open |= len(options) > 1 and not condition
        joined = either(lists)
        result.items.extend(joined[: MAX_ITEMS - len(result.items)])
        result.is_open |= len(result.items) >= MAX_ITEMS
    return result


def _copy(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    return ArrayValue(owner.items, is_open=owner.is_open)


def _slice(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    bounds = [argument.value.value for argument in arguments if isinstance(argument.value, Constant)]
    whole = [bound for bound in bounds if isinstance(bound, int)]
    if len(whole) != len(arguments):
        return ArrayValue(owner.items, is_open=True)
    return ArrayValue(owner.items[slice(*whole[:2])] if len(whole) > 1 else owner.items[whole[0] if whole else 0 :])


def _reverse(interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    return _in_order(interpreter, owner, owner.items[::-1])


def _sort(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    return _in_order(interpreter, owner, _sorted(owner.items) if not arguments else owner.items)


def _to_sorted(_interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    return ArrayValue(_sorted(owner.items) if not arguments else owner.items, is_open=owner.is_open)


def _sorted(items: Sequence[Item]) -> Sequence[Item]:
    """Texts by their UTF-16 code units; anything else as it stands."""
    known = [item.value.value for item in items if isinstance(item.value, Constant)]
    keys = [text.encode("utf-16-be", "surrogatepass") for text in known if isinstance(text, str)]
    if len(keys) != len(items):
        return items
    return [items[index] for index in sorted(range(len(items)), key=keys.__getitem__)]


def _in_order(interpreter: Interpreter, owner: ArrayValue, items: Sequence[Item]) -> Value:
    """A list put into another order, in place where that surely happens."""
    if not is_sure(interpreter, owner.born):
        return ArrayValue(items, is_open=owner.is_open)
    owner.items = list(items)
    return owner


def is_sure(interpreter: Interpreter, born: int) -> bool:
    """Whether what happens to a collection now happens on every path; what lists hold can't be undone."""
    return not interpreter.forks and not interpreter.conditions and interpreter.may_change(born)


def _pop(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    value = _last(interpreter, owner, arguments, site)
    _take(interpreter, owner, len(owner.items) - 1)
    return value


def _shift(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    value = _first(interpreter, owner, arguments, site)
    _take(interpreter, owner, 0)
    return value


def _take(interpreter: Interpreter, owner: ArrayValue, index: int) -> None:
    """Take an element away; where that isn't sure, it may stay."""
    if not owner.items or owner.items[index].condition or not interpreter.may_change(owner.born):
        return
    if is_sure(interpreter, owner.born):
        del owner.items[index]
    else:
        owner.items[index] = structs.replace(owner.items[index], condition=_TAKEN)


def _splice(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    bounds = [item.value.value for item in arguments[:2] if isinstance(item.value, Constant)]
    match bounds:
        case [int() as start, *counts] if len(bounds) == len(arguments[:2]) and is_sure(interpreter, owner.born):
            first = max(start + len(owner.items), 0) if start < 0 else start
            count = counts[0] if counts and isinstance(counts[0], int) else len(owner.items)
            place = slice(first, first + max(count, 0))
            taken, owner.items[place] = owner.items[place], arguments[2:]
            return ArrayValue(taken)
    if interpreter.may_change(owner.born):
        owner.is_open = True
        owner.items = [structs.replace(item, condition=item.condition or _TAKEN) for item in owner.items]
    return ArrayValue((), is_open=True)


def _last(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], site: Site) -> Value:
    return _first_of(owner.items[::-1]) if owner.items else Unknown("the last element of a list", site.place)


def _first(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], site: Site) -> Value:
    return _first_of(owner.items) if owner.items else Unknown("the first element of a list", site.place)


def _first_of(items: Sequence[Item]) -> Value:
    """The first element that is there: any up to one that surely is."""
    found: list[tuple[Value, str]] = []
    for item in items:
        found.append((item.value, item.condition))
        if not item.condition:
            break
    return join(found)


def _at(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    match _argument(arguments):
        case Constant(value=-1):
            return _last(interpreter, owner, (), site)
        case Constant(value=int() as index) if -len(owner.items) <= index:
            return array_member(interpreter, owner, str(index % len(owner.items) if index < 0 else index), site)
    return Unknown("an element of a list that is not known", site.place)


def _join(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    separator = _argument(arguments)
    glue = separator.value if isinstance(separator, Constant) and isinstance(separator.value, str) else ","
    others = Unknown("a text joined from values that are not known", site.place)
    if owner.is_open and (interpreter.request is None or not owner.items):
        return others
    parts: list[str | Value] = []
    for item in owner.items:
        parts.extend(("" if item.value in {UNDEFINED, NULL} else item.value, glue))
    return concatenated([*parts, others] if owner.is_open else parts[:-1])


def _includes(interpreter: Interpreter, owner: ArrayValue, arguments: tuple[Item, ...], site: Site) -> Value:
    wanted = _argument(arguments)
    told = interpreter.request.witness.included(owner, wanted, site) if interpreter.request is not None else None
    if told is not None:
        return interpreter.asked(wanted, told)
    known = [identity_of(item.value) for item in owner.items if isinstance(item.value, Constant)]
    if not isinstance(wanted, Constant) or owner.is_open or len(known) != len(owner.items):
        return interpreter.asked(wanted, Unknown("whether a list holds a value"))
    return TRUE if identity_of(wanted) in known else FALSE


def _index_of(interpreter: Interpreter, _owner: ArrayValue, arguments: tuple[Item, ...], _site: Site) -> Value:
    if interpreter.request is not None:
        interpreter.request.tested(_argument(arguments))
    return Unknown("where a list holds a value")


def _entries(_interpreter: Interpreter, owner: ArrayValue, _arguments: tuple[Item, ...], _site: Site) -> Value:
    pairs = [
        structs.replace(item, value=ArrayValue([Item(Constant(index)), item])) for index, item in enumerate(owner.items)
    ]
    return ArrayValue(pairs, is_open=owner.is_open)


_ARRAY_METHODS: dict[str, ArrayMethod] = {
    "at": _at,
    "concat": _concat,
    "entries": _entries,
    "every": _every,
    "filter": _filter,
    "find": _find,
    "flat": _flat,
    "flatMap": _flat_map,
    "forEach": _for_each,
    "includes": _includes,
    "indexOf": _index_of,
    "join": _join,
    "map": _map,
    "pop": _pop,
    "push": _push,
    "reduce": _reduce,
    "reverse": _reverse,
    "shift": _shift,
    "slice": _slice,
    "some": _some,
    "sort": _sort,
    "splice": _splice,
    "toReversed": lambda _i, owner, _a, _s: ArrayValue(owner.items[::-1], is_open=owner.is_open),
    "toSorted": _to_sorted,
    "unshift": _unshift,
    "values": _copy,
}


def object_method(owner: ObjectValue, name: str) -> Value | None:
    """What every object inherits."""
    if name in {"hasOwnProperty", "propertyIsEnumerable"}:
        return NativeFunction(lambda i, arguments, _s: _has_own(i, owner, _argument(arguments)))
    if name in {"toString", "valueOf", "toLocaleString"}:
        return NativeFunction(lambda _i, _a, s: Unknown("an object as text", s.place))
    return None


def _has_own(interpreter: Interpreter, owner: ObjectValue, name: Value) -> Value:
    if isinstance(name, Constant) and isinstance(name.value, str) and not owner.is_open:
        return TRUE if name.value in owner.properties else FALSE
    if interpreter.request is not None:
        interpreter.request.tested(name)
    return Unknown("whether an object has a property")


def identity_of(constant: Constant) -> object:
    """What makes a constant the same to a map or list; Python takes ``True`` for 1."""
    return (isinstance(constant.value, bool), constant.value)
