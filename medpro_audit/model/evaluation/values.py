"""The abstract values.

Values with an identity (objects, arrays, functions, classes, routers) are mutable, as in the language; the others are
never changed. A `Native` is a value that a library model implements in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from msgspec import Struct

from medpro_audit.core.place import Place
from medpro_audit.facts import ir

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.evaluation.program import Module
    from medpro_audit.model.evaluation.scope import Scope

MAX_ITEMS = 1_000
"""Longer arrays are not followed item by item."""
MAX_CHOICES = 16
"""More possible values than this are given up as unknown."""


_clock = count()


def now() -> int:
    """A moment: later than every cell that exists, earlier than every cell to come."""
    return next(_clock)


T = TypeVar("T")

Form = Literal["anything", "text", "rewritten", "harmless"]
"""What may be in what a client sent: any value, any text, a text of which parts were replaced, or nothing that it has
chosen freely, such as a number."""

FunctionKey = tuple[str, int]
"""Path and start of a function or class."""


class Cells(dict[str, T]):
    """A dictionary of state that the journal can undo; ``born`` tells which branches can have seen it."""

    __slots__ = ("born",)

    def __init__(self) -> None:
        self.born = next(_clock)


class Facts(Cells[object]):
    """What is known to hold; after a branch only what holds on every live path still does."""

    __slots__ = ()


class Value:
    """Base of all abstract values."""

    __slots__ = ()
    is_bound = False
    """It has a name that was not said yet, and wants to know when it is."""

    def touch(self) -> None:
        """Its name is said."""


Origin: TypeAlias = "tuple[Module, int] | Sequence[str | Value] | None"
"""What a constant comes from: a literal of a module, or the parts of a text; None when that is not kept."""


class Constant(Value):
    """A string, number, boolean or ``null``."""

    __slots__ = ("origin", "value")

    def __init__(self, value: str | float | bool | None, origin: Origin = None) -> None:
        self.value = value
        self.origin = origin

    def __repr__(self) -> str:
        return f"Constant({self.value!r})"


class Undefined(Value):
    """``undefined``."""

    __slots__ = ()


UNDEFINED = Undefined()
NULL = Constant(None)
TRUE = Constant(value=True)
FALSE = Constant(value=False)


class Text(Value):
    """A string of which only some parts are known."""

    __slots__ = ("parts",)

    def __init__(self, parts: Sequence[str | Value]) -> None:
        self.parts = tuple(parts)


FROM_OUTSIDE = "this is given by code that isn't part of the program"
"""Why a parameter of a function is unknown that nothing in the program calls with it."""


class JoinedPath(Text):
    """A path of which only some parts are known, put together so that ``..`` in them has been followed already."""

    __slots__ = ()


class Pattern(Value):
    """A regular expression."""

    __slots__ = ("flags", "source")

    def __init__(self, source: str, flags: str) -> None:
        self.source = source
        self.flags = flags


class Environment(Value):
    """A value read from an environment variable, with the default that stands in for it."""

    __slots__ = ("default", "name")

    def __init__(self, name: str, default: Value | None = None) -> None:
        self.name = name
        self.default = default

    def with_default(self, value: Value) -> Environment:
        """What stands in when the variable is not set, and neither is the one that stands in for it."""
        if self.default is None:
            return Environment(self.name, value)
        if isinstance(self.default, Environment):
            return Environment(self.name, self.default.with_default(value))
        return self


class Unknown(Value):
    """A value that could not be determined, and why."""

    __slots__ = ("name", "owner", "place", "reason")

    def __init__(self, reason: str, place: Place | None = None, name: str = "", owner: Unknown | None = None) -> None:
        self.reason = reason
        self.place = place
        self.name = name
        """The property it was read as, if any."""
        self.owner = owner
        """What it was read from, or, without a name, what was called to yield it."""


class TypeOf(Unknown):
    """What ``typeof`` says of a value that isn't known."""

    __slots__ = ("of",)

    def __init__(self, value: Value) -> None:
        super().__init__("a type")
        self.of = value


def caught_at(place: Place) -> Unknown:
    """An error that was caught: nothing is known of it, but that it is one."""
    return Unknown(_CAUGHT, place)


def is_caught(value: Unknown) -> bool:
    """Whether a value is an error that was caught, or read from one."""
    return value.reason == _CAUGHT or (value.owner is not None and is_caught(value.owner))


_CAUGHT = "an error that was caught"


class Choice(Value):
    """One of several values, each under the text of a condition (empty when there is none to show)."""

    __slots__ = ("options",)

    def __init__(self, options: Sequence[tuple[Value, str]]) -> None:
        self.options = tuple(options)


class ObjectValue(Value):
    """An object: a literal, an instance, a namespace."""

    __slots__ = ("accessors", "is_open", "properties", "prototype", "unknown")

    def __init__(self, prototype: Value | None = None) -> None:
        self.properties: Cells[Value] = Cells()
        self.accessors: dict[str, FunctionValue] = {}
        self.prototype = prototype
        self.is_open = False
        """It may have properties that are not known."""
        self.unknown: list[Value] = []
        """Values that were spread into it and are not objects we know."""


class Item(Struct, frozen=True):
    """An element of an array, with the expression that put it there."""

    value: Value
    source: ir.Expression | None = None
    module: Module | None = None
    condition: str = ""


class ArrayValue(Value):
    """An array; ``is_open`` when it may hold more than its items."""

    __slots__ = ("born", "filtered", "is_open", "items", "properties", "source")

    def __init__(
        self, items: Sequence[Item] = (), *, is_open: bool = False, filtered: Sequence[Proposition] = ()
    ) -> None:
        self.born = now()
        self.items = list(items[:MAX_ITEMS])
        self.filtered = tuple(filtered)
        """Verdicts that would have kept an item: where the array is empty, none of them holds."""
        self.is_open = is_open or len(items) > MAX_ITEMS
        self.properties: Cells[Value] = Cells()
        self.source: Value | None = None
        """What it lists the keys, values or entries of, or what is made of its items: it is empty where that is."""


class FunctionValue(Value):
    """A closure: a function and the scope it was made in. Bound functions carry ``this`` and arguments."""

    __slots__ = ("bound", "home", "in_request", "key", "made_by", "module", "node", "properties", "scope", "this")

    def __init__(  # noqa: PLR0913 - the parts of a closure
        self,
        node: ir.Function,
        scope: Scope,
        module: Module,
        *,
        this: Value | None = None,
        home: ClassValue | None = None,
        bound: tuple[Item, ...] = (),
    ) -> None:
        self.node = node
        self.scope = scope
        self.module = module
        self.key: FunctionKey = (module.path, node.start)
        """What identifies the function, whatever closure of it this is."""
        self.this = this
        self.home = home
        self.bound = bound
        self.properties: Cells[Value] = Cells()
        self.in_request = False
        """It was made while a request is followed, so it may hold on to request data."""
        self.made_by: CallRecord | None = None
        """The call of a project function that returned this closure, when one did."""

    @property
    def place(self) -> Place:
        """Where the function stands."""
        return self.module.place(self.node.start)


class ClassValue(Value):
    """A class."""

    __slots__ = ("base", "fields", "getters", "methods", "module", "node", "properties", "replaced", "scope")

    def __init__(self, node: ir.Class, scope: Scope, module: Module, base: Value | None) -> None:
        self.node = node
        self.scope = scope
        self.module = module
        self.base = base
        self.properties: Cells[Value] = Cells()
        """Static members."""
        self.methods: dict[str, ir.Function] = {}
        self.replaced: dict[str, Value] = {}
        """What decorators of the program have put in the place of methods."""
        self.getters: dict[str, ir.Function] = {}
        self.fields: list[ir.ClassMember] = []


class CallRecord(Struct, frozen=True):
    """A call that was made: by which expression, of what, with what."""

    callee: Value
    arguments: tuple[Item, ...]
    site: Site


class Site(Struct, frozen=True):
    """Where in the code something happens."""

    module: Module
    at: int

    @property
    def place(self) -> Place:
        """As file, line and column."""
        return self.module.place(self.at)


class External(Value):
    """Something from an npm package that no model knows: the package, a member of it, or the result of a call."""

    __slots__ = ("call", "name", "package", "parent")

    def __init__(
        self, package: str, name: str = "", parent: External | None = None, call: CallRecord | None = None
    ) -> None:
        self.package = package
        self.name = name
        """Dotted member path from the package; calls leave no trace in it."""
        self.parent = parent
        self.call = call
        """The call that this is the result of."""

    def member(self, name: str) -> Value:
        """A property of it."""
        return External(self.package, f"{self.name}.{name}" if self.name else name, self)

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        """What a call of it yields."""
        return External(self.package, self.name, self, call)

    def keeps(self, interpreter: Interpreter, name: str, value: Value) -> bool:
        """Whether it remembers what the program sets on it; others do whatever they like with it."""
        return False

    def calls(self) -> Iterator[CallRecord]:
        """The calls that led here, last first."""
        current: External | None = self
        while current is not None:
            if current.call is not None:
                yield current.call
            current = current.parent


class Native(Value):
    """A value implemented by a library model; the base answers everything with unknown."""

    __slots__ = ()

    @property
    def truth(self) -> bool | None:
        """Whether it is truthy; None when that depends."""
        return True

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The value itself matters here: it is compared, printed, or handed to code outside the program."""

    def escape(self, interpreter: Interpreter, site: Site) -> None:
        """Code of which nothing is known is given it."""

    def is_instance(self, cls: Value) -> bool | None:
        """Whether it is an instance of a class; None when that isn't known."""
        return None

    @property
    def is_textual(self) -> bool:
        """Whether it may be a text, so that ``+`` joins it to others."""
        return False

    def converted(self, form: Form) -> Native:
        """What a conversion makes of it: for most, nothing that matters."""
        return self

    def test(self, interpreter: Interpreter, site: Site) -> None:
        """It is asked whether the value is there."""
        self.use(interpreter, site)

    def compare(self, interpreter: Interpreter, site: Site) -> None:
        """It is asked whether the value equals another one."""
        self.use(interpreter, site)

    def write(self, interpreter: Interpreter, site: Site) -> None:
        """The value is put into a text."""
        self.use(interpreter, site)

    def named(self, name: str) -> None:
        """It is bound to a name, or is the value of a property."""

    def element(self, interpreter: Interpreter, site: Site) -> Value:
        """Any element, where they are not known one by one."""
        return Unknown("an element of a list that is not known", site.place)

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]] | None:
        """Keys and values for code that loops over it; None when they are not known."""
        return None

    @property
    def is_name(self) -> bool:
        """Whether it is the name of some property, of which a lookup in a table asks whether it is allowed."""
        return False

    def key(self) -> Native | None:
        """Stands for the name of any of its properties; None where nothing is to be said of one."""
        return None

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """Read a property."""
        return Method(self, name)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """Write a property."""

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call the value itself."""
        return Unknown("the result of this call is not modelled", site.place)

    def construct(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call the value with ``new``."""
        return self.call(interpreter, arguments, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call a method."""
        return Unknown(f"the result of .{name}() is not modelled", site.place)


class Proposition(Native):
    """A value that is true or false depending on something that is followed, such as the outcome of a validation."""

    __slots__ = ()

    @property
    def is_answer(self) -> bool:
        """It is nothing beyond that: the answer to a question, of which nobody wants more than its truth."""
        return False

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Make known what follows on the path where it holds, or does not."""

    def truth_among(self, facts: Sequence[object]) -> bool | None:
        """Whether it holds on a path on which these facts were learnt; None when they don't tell."""
        return None


class Method(Native):
    """A method read from a native value and not called yet."""

    __slots__ = ("name", "receiver")

    def __init__(self, receiver: Native, name: str) -> None:
        self.receiver = receiver
        self.name = name

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``f.bind(x)`` and ``f.call(x, …)``; any other property is unknown."""
        if name in {"bind", "call", "apply"}:
            return NativeFunction(lambda interp, arguments, where: self._rebound(interp, name, arguments, where))
        return Unknown(f"property {name} of a library function", site.place)

    def _rebound(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        if name == "bind":
            return self
        return self.receiver.invoke(interpreter, self.name, arguments[1:], site)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it on its receiver."""
        return self.receiver.invoke(interpreter, self.name, arguments, site)


class NativeFunction(Native):
    """A function implemented in Python."""

    __slots__ = ("_function", "properties")

    def __init__(
        self,
        function: Callable[[Interpreter, tuple[Item, ...], Site], Value],
        properties: dict[str, Value] | None = None,
    ) -> None:
        self._function = function
        self.properties = properties or {}

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """Read a static member, or a method of all functions."""
        if name == "bind":
            return NativeFunction(lambda _i, _a, _s: self)
        if name == "call":
            return NativeFunction(lambda i, arguments, s: self.call(i, arguments[1:], s))
        return self.properties.get(name) or Unknown(f"property {name} of a built-in function", site.place)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Run it."""
        return self._function(interpreter, arguments, site)


class Offered(NativeFunction):
    """A function of a package that is modelled, of which it is still known what it is there."""

    __slots__ = ("external",)

    def __init__(self, external: External, function: Callable[[Interpreter, tuple[Item, ...], Site], Value]) -> None:
        super().__init__(function)
        self.external = external


class Deferred(Value):
    """A value that is only computed when something depends on it."""

    __slots__ = ("_compute", "_value")

    def __init__(self, compute: Callable[[], Value]) -> None:
        self._compute: Callable[[], Value] | None = compute
        self._value: Value | None = None

    def force(self) -> Value:
        """Compute it, once; a cycle is unknown."""
        if self._value is None:
            compute, self._compute = self._compute, None
            if compute is None:
                return Unknown("it depends on itself")
            value = compute()
            while isinstance(value, Deferred):
                value = value.force()
            self._value = value
        return self._value


class ImportedName(Deferred):
    """A name bound by an import: computed, and its module loaded, when the name is first used."""

    __slots__ = ()


def options_of(value: Value) -> Iterator[tuple[Value, str]]:
    """The possible values, with the condition of each; one for anything but a `Choice`."""
    if isinstance(value, Choice):
        yield from value.options
    else:
        yield value, ""


def holds_code(value: Value, depth: int = 2) -> bool:
    """Whether a value is, or has in it, something that can be called or registered on."""
    match value:
        case FunctionValue() | ClassValue() | Native() | Deferred():
            return True
        case ObjectValue(properties=properties, prototype=prototype):
            inner = (*properties.values(), *((prototype,) if prototype is not None else ()))
            return depth > 0 and any(holds_code(one, depth - 1) for one in inner)
        case ArrayValue(items=items):
            return depth > 0 and any(holds_code(item.value, depth - 1) for item in items)
        case Choice(options=options):
            return any(holds_code(option, depth) for option, _ in options)
    return False


def is_informative(value: Value) -> bool:
    """Whether something is known of a value that recursion may depend on: a text, or code somewhere in it."""
    return isinstance(value, Constant | Text) or holds_code(value, depth=3)


def join(values: Sequence[tuple[Value, str]]) -> Value:
    """One value that stands for all of these."""
    flat: list[tuple[Value, str]] = []
    for value, condition in values:
        for option, inner in value.options if isinstance(value, Choice) else ((value, ""),):
            for other, _ in flat:
                if option is other or is_same(option, other):
                    break
            else:
                flat.append((option, inner or condition))
    if len(flat) == 1:
        return flat[0][0]
    if len(flat) > MAX_CHOICES:
        return Unknown("more values are possible here than are followed")
    return Choice(flat)


def is_same(left: Value, right: Value) -> bool:
    """Whether two values can't be told apart."""
    if left is right:
        return True
    if isinstance(left, Constant) and isinstance(right, Constant):
        return left.value == right.value and type(left.value) is type(right.value)
    if isinstance(left, Environment) and isinstance(right, Environment):
        return left.name == right.name and is_same(left.default or UNDEFINED, right.default or UNDEFINED)
    return isinstance(left, Unknown) and isinstance(right, Unknown)
