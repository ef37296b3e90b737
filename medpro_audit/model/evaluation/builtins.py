"""What the language and Node.js provide to every module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from msgspec import structs

from medpro_audit.model.evaluation.collections import Printed
from medpro_audit.model.evaluation.control import Completion
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.imports import imported, require
from medpro_audit.model.evaluation.maps import MapValue
from medpro_audit.model.evaluation.members import copy_into, entries_of, items_of
from medpro_audit.model.evaluation.strings import printed
from medpro_audit.model.evaluation.values import (
    FALSE,
    NULL,
    TRUE,
    UNDEFINED,
    ArrayValue,
    Choice,
    Constant,
    Deferred,
    Environment,
    External,
    FunctionValue,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Proposition,
    Site,
    Text,
    Unknown,
    Value,
    join,
)

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

ROOT = "/<root>"
"""Stands for the scanned directory in the values of ``__dirname`` and what is made of them."""

Implementation = Callable[["Interpreter", tuple[Item, ...], Site], Value]


def argument(arguments: tuple[Item, ...], index: int = 0) -> Value:
    """An argument of a call; undefined when it isn't given."""
    return arguments[index].value if index < len(arguments) else UNDEFINED


class Namespace(Native):
    """A fixed set of members, such as ``Object`` or ``path``; other members are external."""

    __slots__ = ("_call", "_name", "members")

    def __init__(self, name: str, members: dict[str, Value], call: Implementation | None = None) -> None:
        self._name = name
        self.members = members
        self._call = call

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A member; what isn't modelled is external."""
        if name == "default" and name not in self.members:
            return self
        return self.members.get(name) or External(self._name, name)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call the namespace itself."""
        if self._call is not None:
            return self._call(interpreter, arguments, site)
        return interpreter.call_external(External(self._name), arguments, site)


def functions(**implementations: Implementation) -> dict[str, Value]:
    """Members implemented in Python; a trailing underscore keeps a name from being a keyword."""
    return {name.rstrip("_"): NativeFunction(function) for name, function in implementations.items()}


# Object


def _assign(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    target = argument(arguments)
    if isinstance(target, External) and interpreter.request is not None:
        interpreter.call_external(External("Object", "assign"), arguments, site)
    for item in arguments[1:]:
        if isinstance(target, ObjectValue):
            copy_into(interpreter, target, item.value, site)
        elif isinstance(target, FunctionValue):
            for name, inner in entries_of(interpreter, item.value, site) or ():
                interpreter.journal.write(target.properties, name, inner.value)
    return target


def _entries(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    found = entries_of(interpreter, argument(arguments), site)
    if found is None:
        unknown = Item(Unknown("a property of an object that is not known", site.place))
        return _unknown_list(interpreter, arguments, site, lambda key: ArrayValue([Item(key), unknown]))
    pairs = [
        structs.replace(item, value=ArrayValue([Item(Constant(name)), structs.replace(item, condition="")]))
        for name, item in found
    ]
    return _listed(interpreter, argument(arguments), pairs)


def _listed(interpreter: Interpreter, source: Value, items: Sequence[Item]) -> ArrayValue:
    """What an object holds, of which nothing is there where nothing was put into it."""
    if interpreter.request is not None and isinstance(source, ObjectValue):
        values = zip(items, source.properties.values(), strict=False)
        items = [structs.replace(item, condition=item.condition or _condition_of(value)) for item, value in values]
    made = ArrayValue(items)
    made.source = source
    return made


def _condition_of(value: Value) -> str:
    is_optional = isinstance(value, Choice) and any(option is UNDEFINED for option, _ in value.options)
    return "it is set" if is_optional else ""


def _keys(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    found = entries_of(interpreter, argument(arguments), site)
    if found is None:
        return _unknown_list(interpreter, arguments, site, lambda key: key)
    names = [Item(Constant(name), condition=item.condition) for name, item in found]
    return _listed(interpreter, argument(arguments), names)


def _values(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    found = entries_of(interpreter, argument(arguments), site)
    if found is None:
        return _unknown_list(interpreter, arguments, site)
    return _listed(interpreter, argument(arguments), [item for _, item in found])


def _unknown_list(
    interpreter: Interpreter,
    arguments: tuple[Item, ...],
    site: Site,
    element: Callable[[Value], Value] | None = None,
) -> Value:
    """A list of properties that are not known, of which one element stands for all where their names matter."""
    source = argument(arguments)
    interpreter.use(source, site)
    if interpreter.request is not None:
        interpreter.request.tested(source)
    key = source.key() if isinstance(source, Native) and interpreter.request is not None else None
    items = [] if key is None or element is None else [Item(element(key), condition="it has any property")]
    made = ArrayValue(items, is_open=True)
    made.source = source
    return made


def _from_entries(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    made = ObjectValue()
    items = items_of(interpreter, argument(arguments), site)
    made.is_open = items is None
    for item in items or ():
        match item.value:
            case ArrayValue(items=[Item(value=Constant(value=str() as name)), Item(value=value), *_]):
                made.properties[name] = value
            case _:
                made.is_open = True
    return made


def _define_property(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    target, name, descriptor = (argument(arguments, index) for index in range(3))
    if isinstance(target, ObjectValue) and isinstance(name, Constant) and isinstance(descriptor, ObjectValue):
        getter = descriptor.properties.get("get")
        if isinstance(getter, FunctionValue):
            target.accessors[str(name.value)] = getter
        elif "value" in descriptor.properties:
            interpreter.journal.write(target.properties, str(name.value), descriptor.properties["value"])
    return target


def _has_own(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``Object.hasOwn(object, name)``."""
    owner = argument(arguments)
    if isinstance(owner, ObjectValue | Native):
        return interpreter.call(interpreter.member(owner, "hasOwnProperty", site), arguments[1:], site)
    return Unknown("whether something has a property", site.place)


def _create(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    prototype = argument(arguments)
    return ObjectValue(None if prototype is NULL else prototype)


def _same(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    return argument(arguments)


# Numbers, texts, JSON


def _number(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as text):
            try:
                return Constant(int(text, 10))
            except ValueError:
                return Unknown("a text turned into a number", site.place)
        case Constant(value=bool() as truth):
            return Constant(int(truth))
        case Environment(name=name, default=default):
            return Environment(name, _number(interpreter, (Item(default),), site) if default is not None else None)
        case Native() as value:
            return value.converted("harmless")
        case (Constant() | Deferred()) as value:
            return value
    return Unknown("a text turned into a number", site.place)


def _is_number(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    interpreter.compare(value, site)
    return interpreter.asked(value, Unknown("whether it is a number", site.place))


def _is_nan(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """Whether a value is no number; of one that was not converted, whether it would be none."""
    value = argument(arguments)
    interpreter.compare(value, site)
    answer = Unknown("whether it is no number", site.place)
    return interpreter.asked(value.converted("harmless") if isinstance(value, Native) else value, answer, holds=False)


def _string(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant() as constant:
            return Constant(printed(constant))
        case Native() as value:
            return value.converted("text")
        case (Text() | Environment() | Deferred()) as value:
            return value
        case Choice(options=options):
            return join([(_string(interpreter, (Item(option),), site), text) for option, text in options])
    return Unknown("a value turned into text", site.place)


def _boolean(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    from medpro_audit.model.evaluation.conditions import Decided, judged, truth_of  # noqa: PLC0415 - built on this module

    value = argument(arguments)
    if isinstance(value, Proposition):
        return value
    if isinstance(value, Decided):
        return judged(value.condition)
    truth = truth_of(value)
    return Unknown("a truth value", site.place) if truth is None else TRUE if truth else FALSE


def _parse_json(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    if isinstance(value, Native | Deferred):
        return value  # parsing changes the form of request data, not where it comes from
    hand_over(interpreter, arguments, site)
    return Unknown("a text parsed as JSON", site.place)


def _print_json(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    hand_over(interpreter, arguments[:1], site)
    return Printed(argument(arguments), site)


def _is_array(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    match argument(arguments):
        case ArrayValue():
            return TRUE
        case ObjectValue() | FunctionValue() | Constant():
            return FALSE
    return Unknown("whether a value is a list")


def _array_from(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    items = items_of(interpreter, argument(arguments), site)
    made = ArrayValue(items or (), is_open=items is None)
    if len(arguments) > 1:
        mapper = interpreter.member(made, "map", site)
        return interpreter.call(mapper, arguments[1:], site)
    return made


def _make_array(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    if len(arguments) == 1 and isinstance(arguments[0].value, Constant):
        return ArrayValue((), is_open=True)
    return ArrayValue(arguments)


# Promises and timers


def _promise(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    settled: list[Value] = []

    def resolve(interpreter: Interpreter, values: tuple[Item, ...], _site: Site) -> Value:
        settled.append(argument(values))
        if interpreter.request is not None:
            interpreter.request.witness.settling(values)
        return UNDEFINED

    def make() -> Completion:
        interpreter.call(argument(arguments), (Item(NativeFunction(resolve)), Item(reject)), site)
        return Completion.NORMAL

    reject = NativeFunction(lambda _i, _a, _s: UNDEFINED)
    if interpreter.request is not None:
        interpreter.request.witness.promising(make)
    else:
        make()
    return settled[0] if settled else Unknown("what a promise is settled with", site.place)


def _all(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    items = items_of(interpreter, argument(arguments), site)
    return ArrayValue(items or (), is_open=items is None)


def _later(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    hand_over(interpreter, arguments[:1], site)
    return Unknown("a timer", site.place)


def _collection(*, is_map: bool) -> Implementation:
    def make(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        made = MapValue(is_map=is_map)
        made.fill(items_of(interpreter, argument(arguments), site) or ())
        return made

    return make


def _require(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    match argument(arguments):
        case Constant(value=str() as specifier):
            return require(interpreter, site.module, specifier, site)
    return Unknown("a module whose name is computed", site.place)


def _import(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``import()``: what a CommonJS module exports is its ``default``."""
    match argument(arguments):
        case Constant(value=str() as specifier):
            return imported(interpreter, site.module, specifier, "*", site)
    return Unknown("a module whose name is computed", site.place)


class _Environment(Native):
    """``process.env``."""

    __slots__ = ()

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """An environment variable."""
        return Environment(name)


def _exit(_interpreter: Interpreter, _arguments: tuple[Item, ...], _site: Site) -> Value:
    from medpro_audit.model.evaluation.control import Thrown  # noqa: PLC0415 - only here

    raise Thrown


PROCESS = Namespace(
    "process",
    {
        "env": _Environment(),
        "argv": ArrayValue((), is_open=True),
        "platform": Unknown("the platform"),
        **functions(cwd=lambda _i, _a, _s: Constant(ROOT), exit=_exit, nextTick=_later),
    },
)

_OF_NUMBERS = dict.fromkeys(("isFinite", "isInteger", "isSafeInteger"), _is_number)
"""Questions that only a number answers with yes."""
_CALLED: dict[str, Value] = {"call": NativeFunction(_has_own)}
"""``Object.prototype.hasOwnProperty.call(object, name)``."""

GLOBALS: dict[str, Value] = {
    "undefined": UNDEFINED,
    "process": PROCESS,
    "Object": Namespace(
        "Object",
        functions(
            assign=_assign,
            entries=_entries,
            keys=_keys,
            getOwnPropertyNames=_keys,
            values=_values,
            fromEntries=_from_entries,
            hasOwn=_has_own,
            defineProperty=_define_property,
            create=_create,
            freeze=_same,
            seal=_same,
            setPrototypeOf=_same,
        )
        | {"prototype": Namespace("Object.prototype", {"hasOwnProperty": Namespace("hasOwnProperty", _CALLED)})},
        _same,
    ),
    "Array": Namespace(
        "Array",
        functions(isArray=_is_array, from_=_array_from, of=lambda _i, arguments, _s: ArrayValue(arguments)),
        _make_array,
    ),
    "JSON": Namespace("JSON", functions(parse=_parse_json, stringify=_print_json)),
    "Number": Namespace(
        "Number", functions(**_OF_NUMBERS, isNaN=_is_nan, parseInt=_number, parseFloat=_number), _number
    ),
    "isNaN": NativeFunction(_is_nan),
    "parseInt": NativeFunction(_number),
    "parseFloat": NativeFunction(_number),
    "String": Namespace("String", {}, _string),
    "Boolean": NativeFunction(_boolean),
    "encodeURIComponent": NativeFunction(_string),
    "decodeURIComponent": NativeFunction(_string),
    "structuredClone": NativeFunction(_same),
    "Promise": Namespace("Promise", functions(resolve=_same, all=_all, allSettled=_all, race=_all, any=_all), _promise),
    "Map": NativeFunction(_collection(is_map=True)),
    "WeakMap": NativeFunction(_collection(is_map=True)),
    "Set": NativeFunction(_collection(is_map=False)),
    "WeakSet": NativeFunction(_collection(is_map=False)),
    "setTimeout": NativeFunction(_later),
    "setImmediate": NativeFunction(_later),
    "setInterval": NativeFunction(_later),
    "queueMicrotask": NativeFunction(_later),
    "require": Namespace("require", {}, _require),
    "import": NativeFunction(_import),
}


def module_global(name: str, site: Site) -> Value | None:
    """What each module has of its own: ``module``, ``exports``, ``__dirname``, ``__filename``, ``import.meta``."""
    module = site.module
    match name:
        case "module":
            return module.common
        case "exports":
            return module.own_exports
        case "__dirname":
            return Constant(str(PurePosixPath(ROOT, module.path).parent))
        case "__filename":
            return Constant(str(PurePosixPath(ROOT, module.path)))
        case "import.meta":
            meta = ObjectValue()
            meta.properties["url"] = Constant(f"file://{PurePosixPath(ROOT, module.path)}")
            meta.properties["dirname"] = Constant(str(PurePosixPath(ROOT, module.path).parent))
            meta.properties["filename"] = Constant(str(PurePosixPath(ROOT, module.path)))
            return meta
    return None
