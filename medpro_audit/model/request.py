"""The symbolic request: what middleware and handlers read of it, and what has been validated by then.

A function is called with a request, a response and a ``next`` that only record. Reading ``req.body.email`` yields a
value that remembers its part and path; a schema that is applied to it leaves a *holding* (this path is checked by that
schema) on the present path of execution, so that a branch which does not validate, or a rejected result that is not
acted upon, loses it again where the branches meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import reduce
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.model.answers import SENDING, Answer, sent_of, status_of
from medpro_audit.model.evaluation.collections import array_member
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.strings import TESTING
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    CallRecord,
    Cells,
    Choice,
    Constant,
    Deferred,
    External,
    Facts,
    Form,
    FunctionKey,
    FunctionValue,
    Item,
    JoinedPath,
    Method,
    Native,
    ObjectValue,
    Proposition,
    Site,
    Text,
    Unknown,
    Value,
    is_caught,
    is_same,
    join,
    now,
    options_of,
)
from medpro_audit.model.evaluation.witness import Witness
from medpro_audit.model.schemas import DOUBTFUL, Schema, Shape
from medpro_audit.model.subjects import PARTS, RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.flows.arrival import Arrival
    from medpro_audit.model.flows.watching import Comparison, Watcher

STEPS = 1_500
"""Budget of one function with everything it calls."""

_VALIDATING = {"parse", "parseAsync", "safeParse", "safeParseAsync", "validate", "validateAsync", "validateSync"}
"""Methods whose name says that they validate: not enough for a verdict, enough for a doubt."""

_UNFOLDING = frozenset(
    ("constructEvent", "constructEventAsync", "decode", "deserialize", "deserializeBinary", "fromBinary")
)
"""Methods that take a whole body by a schema of another kind, or by its signature: the same."""

_VALIDATORS = frozenset(
    (  # noqa: SIM905 - a table of words
        "@effect/schema @sinclair/typebox arktype effect fastest-validator io-ts is-my-json-valid jsonschema myzod "
        "node-input-validator runtypes superstruct tv4 typebox typia valibot validate.js validatorjs z-schema"
    ).split()
)
"""Packages for validation of which no model says what they check: whatever is handed to them, the same."""

_RESPONDING = {
    "json",
    "send",
    "end",
    "redirect",
    "render",
    "sendFile",
    "sendStatus",
    "download",
    "jsonp",
    "pipe",
    "write",
}


_TELLING = re.compile(
    r"(?:debug|error|fatal|info|log|trace|warn|warning|addBreadcrumb|capture(?:Event|Message)|isBuffer"
    r"|set(?:Attributes?|Contexts?|Extras?|Tags?)|\w+(?:Error|Exception))$"
)
"""Methods of loggers, of tracing and of packages that errors are reported to: to tell what was sent or refused is no
use of it; nor is it to ask what it is."""

ASSIGNED = "an assignment"
"""What may check a field that the program has written itself."""
DEAF = Witness()
"""Listens to nothing."""

Writes = Iterable[tuple[str, Value]]
"""Properties that middleware has set on the request."""


class Holding(NamedTuple):
    """A request path is checked by a schema."""

    part: RequestPart
    path: tuple[str, ...]
    shape: Shape
    library: str
    schema: str
    """Source name of the schema."""
    place: Place
    """Of the call that validates."""
    made: Site | None = None
    """Where the schema is made; None when it is no schema that is known."""
    is_claim: bool = False
    """It comes with what a failed validation yields as well: it holds where the program has looked at the verdict."""

    @property
    def key(self) -> str:
        """Key among the facts of a path of execution."""
        return ".".join((self.part, *self.path))

    @property
    def goes_by_value(self) -> bool:
        """A value may tell the paths on which it holds from the others: that of a flag, a list of errors or null."""
        return True

    def either(self, other: object) -> Holding:
        """What is known where this one or another of the same path holds: what both check."""
        if not isinstance(other, Holding) or other.shape is self.shape or other.shape in self.shape.any_of:
            return self
        return self._replace(shape=Shape(any_of=(self.shape, other.shape)))

    def together_with(self, other: Holding) -> Holding:
        """What is known where this one and another of the same path hold; a doubt adds nothing."""
        if other.shape in {self.shape, DOUBTFUL} or other.shape in self.shape.all_of:
            return self
        return other if self.shape is DOUBTFUL else self._replace(shape=Shape(all_of=(self.shape, other.shape)))

    def covers(self, part: RequestPart, path: Sequence[str]) -> bool | None:
        """Whether this checks what is at a path; None when that isn't known."""
        if part != self.part or len(path) < len(self.path):
            return False
        if any(own not in {"*", step} for own, step in zip(self.path, path, strict=False)):
            return False
        return self.shape.covers(path[len(self.path) :])


class Origin(NamedTuple):
    """Which schema a shape comes from."""

    library: str
    name: str
    made: Site


Purpose = Literal["answer", "call", "comparison", "other", "text"]
"""What request data is used for: it is sent back, handed to a call that leaves the program, asked whether it equals
something, put into a text; anything else."""


class Called(NamedTuple):
    """A call that leaves the program."""

    package: str = ""
    """Empty where it isn't known what is called."""
    name: str = ""
    """Its last name."""


NOTHING_CALLED = Called()


class Use(NamedTuple):
    """Request data is used."""

    part: RequestPart
    path: tuple[str, ...]
    place: Place
    holding: Holding | None
    """What checks it at this point, within the same function."""
    doubt: Holding | None = None
    """What may or may not check it."""
    is_test: bool = False
    """It is only asked whether it is there: what follows may well be its validation."""
    was_tried: bool = False
    """Its validation was tried before, in the same function."""
    leaves: bool = False
    """It is answered, kept for other requests, or handed to code that isn't part of the program, whole or in a text."""
    purpose: Purpose = "other"
    called: Called = NOTHING_CALLED
    """The call that it is handed to."""
    field: str = ""
    """Of the first argument of that call, where it is the value of a property."""
    is_number: bool = False
    """Nothing is left of it but a number or a truth value."""


class Attempt(NamedTuple):
    """A schema was applied to request data, whatever came of it."""

    holding: Holding
    is_ignored: bool
    is_afterwards: bool = False
    """What follows had its turn by then."""


class Escape(NamedTuple):
    """The whole request is handed to code that isn't part of the program."""

    name: str
    place: Place


class Summary(NamedTuple):
    """What a middleware or handler does with a request."""

    uses: tuple[Use, ...]
    attempts: tuple[Attempt, ...]
    grants: tuple[Holding, ...]
    """What is validated whenever it passes on."""
    writes: tuple[tuple[str, Value], ...]
    """Properties of the request that it sets before it passes on."""
    passes: bool
    responds: bool
    statuses: tuple[int, ...]
    """Constant status codes it answers with."""
    delegations: tuple[tuple[FunctionValue | None, FunctionValue], ...]
    """Which function handed request and response on to which, in order."""
    given: tuple[tuple[FunctionValue, FunctionValue], ...]
    """Which function called which that it had been made with: ``wrap(handler)`` calls the handler, with whatever."""
    readers: frozenset[FunctionKey]
    """Functions that look at the request themselves."""
    answerers: frozenset[FunctionKey]
    """Functions that touch the response themselves."""
    calls: tuple[CallRecord, ...]
    """Calls that leave the program."""
    escapes: tuple[Escape, ...]
    reason: str | None = None
    """Why it could not be followed."""
    is_foreign: bool = False
    """It is the code of a package, of which nothing else is known."""
    answers: tuple[Answer, ...] = ()
    """What it sends to the client, in order."""
    failures: tuple[CallRecord, ...] = ()
    """Calls of ``next`` with an error, in order."""
    arrivals: tuple[Arrival, ...] = ()
    """Calls that leave the program in which request data may do harm, in order."""
    tested: frozenset[str] = frozenset()
    """Request data that it holds against something."""
    comparisons: tuple[Comparison, ...] = ()
    """Request data that it compares with something of the program's own."""
    account: object = None
    """What it does about its caller, as `model.access` keeps it."""


class _Access:
    """One evaluation of an expression that yields request data."""

    __slots__ = ("is_pending", "is_rejected", "use")

    def __init__(self, use: Use, *, is_rejected: bool) -> None:
        self.use = use
        """What it is unless something else becomes of it."""
        self.is_rejected = is_rejected
        self.is_pending = True


class FromRequest(Native):
    """A value that depends on the request."""

    __slots__ = ()


class Data(FromRequest):
    """Request data: a part, or what is at a path in it; ``checked`` when it came out of a schema.

    It may live longer than the analysis it was made in, as a property that a middleware sets on the request; so what
    becomes of it is reported to the analysis that is under way.
    """

    __slots__ = ("_access", "before", "checked", "form", "part", "path", "place")

    def __init__(  # noqa: PLR0913 - what is known of a piece of a request
        self,
        part: RequestPart,
        path: tuple[str, ...],
        *,
        checked: Holding | None = None,
        access: _Access | None = None,
        form: Form = "anything",
        place: Place | None = None,
    ) -> None:
        self.part = part
        self.path = path
        self.checked = checked
        self.form = form
        self.place = place
        """Where it was read."""
        self.before = place
        """Where that was read of which this is a property."""
        self._access = access

    @property
    def truth(self) -> bool | None:
        """Anything in a request may be missing."""
        return None

    @property
    def is_textual(self) -> bool:
        """A client may send a text wherever nothing else was made of it."""
        return self.form != "harmless"

    def converted(self, form: Form) -> Data:
        """The same, of which less is left: a number, a text."""
        return self._changed(narrower(self.form, form), self.checked)

    def claimed(self) -> Data:
        """The same, where what checks it holds only on paths on which the program has looked at the verdict."""
        return self._changed(self.form, self.checked._replace(is_claim=True) if self.checked is not None else None)

    def settled(self) -> Data:
        """The same, where what checks it is known to hold."""
        return self._changed(self.form, self.checked._replace(is_claim=False) if self.checked is not None else None)

    def _changed(self, form: Form, checked: Holding | None) -> Data:
        return Data(self.part, self.path, checked=checked, access=self._access, form=form, place=self.place)

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """What is at a field."""
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        analysis = _current(interpreter)
        written = analysis.overrides.get(self._key(name)) if analysis is not None else None
        if written is not None:
            self.settle()
            return written
        return self._at(interpreter, (*self.path, name), site)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``req.body.field = value``."""
        self.settle()
        if isinstance(value, Data):
            value.settle()
        analysis = _current(interpreter)
        if analysis is not None:
            if value is UNDEFINED:  # what is taken away is what the program does not allow
                analysis.tested(self)
            elif not _is_sent(value, 2):
                own = Holding(self.part, (*self.path, name), DOUBTFUL, "", ASSIGNED, site.place)
                analysis.grant([own])
            interpreter.journal.write(analysis.overrides, self._key(name), value)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """A method of a text or list: callbacks see its elements, the result is still what the client sent."""
        self.settle()
        method = self.path[-1] if self.path else ""
        owner = Data(self.part, self.path[:-1], checked=self.checked, form=self.form, place=self.before)
        element = Item(Data(self.part, (*owner.path, "*"), checked=self.checked, form=self.form, place=self.before))
        form = _FORMS.get(method, self.form)
        for item in arguments:
            if isinstance(item.value, FunctionValue):
                owner.use(interpreter, site)
                found = interpreter.call(item.value, (element,), site)
                if method == "map" and isinstance(found, ObjectValue | ArrayValue):
                    return ArrayValue([Item(found)], is_open=True)
                for option, _ in options_of(found):
                    if isinstance(option, Outcome):  # it says which elements are kept
                        option.check.is_acted_upon = True
                form = _form_of(found) if method == "map" else form
            elif method == "map" and not isinstance(item.value, FromRequest):
                form = _form_of(interpreter.call(item.value, (element,), site))
            else:
                hand_over(interpreter, (item,), site)
        if method in TESTING and interpreter.request is not None:
            interpreter.request.tested(owner)
        made = owner._at(interpreter, owner.path, site).converted(form)
        made.place = made.before = self.before or made.place
        return made

    def element(self, interpreter: Interpreter, site: Site) -> Value:
        """Any element of a list or any property of an object."""
        return self._at(interpreter, (*self.path, "*"), site)

    def key(self) -> FieldName | None:
        """What a client calls a field of it; the names of parameters are those of the path."""
        if self.part not in {"body", "query"}:
            return None
        return FieldName(self.part, self.path, checked=self.checked, form="text", place=self.place)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The data matters here."""
        self._record(interpreter, site)

    def compare(self, interpreter: Interpreter, site: Site) -> None:
        """It is asked whether the data equals something."""
        self._record(interpreter, site, "comparison")

    def write(self, interpreter: Interpreter, site: Site) -> None:
        """The data is put into a text."""
        self._record(interpreter, site, "text")

    def test(self, interpreter: Interpreter, site: Site) -> None:
        """It is asked whether the data is there."""
        self._record(interpreter, site, is_test=True)

    def _record(
        self, interpreter: Interpreter, site: Site, purpose: Purpose = "other", *, is_test: bool = False
    ) -> None:
        self.settle()
        analysis = _current(interpreter)
        if analysis is not None:
            analysis.record(self, site, purpose, is_test=is_test)

    def settle(self) -> None:
        """What was read has found its purpose."""
        if self._access is not None:
            self._access.is_pending = False

    def _at(self, interpreter: Interpreter, path: tuple[str, ...], site: Site) -> Data:
        self.settle()
        analysis = _current(interpreter)
        if analysis is None:
            return Data(self.part, path, checked=self.checked, form=self.form)
        made = analysis.read(self.part, path, site, self.checked)
        made.form = "harmless" if path and path[-1] == "length" else self.form
        made.before = self.place
        return made

    def _key(self, name: str) -> str:
        return ".".join((self.part, *self.path, name))


class FieldName(Data):
    """The name of any field of an object that a client sends; part and path are those of the object."""

    __slots__ = ()

    @property
    def is_name(self) -> bool:
        """Nothing else."""
        return True

    def converted(self, form: Form) -> FieldName:
        """The name as a text is the name."""
        form = narrower(self.form, form)
        return FieldName(self.part, self.path, checked=self.checked, form=form, place=self.place)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The object was used when its fields were listed."""

    def test(self, interpreter: Interpreter, site: Site) -> None:
        """The same."""


_FORMS: dict[str, Form] = {
    **dict.fromkeys(("charAt", "join", "normalize", "padEnd", "padStart", "split", "substr", "substring"), "text"),
    **dict.fromkeys(("toLowerCase", "toString", "toUpperCase", "trim", "trimEnd", "trimStart"), "text"),
    **dict.fromkeys(("match", "matchAll", "replace", "replaceAll"), "rewritten"),
    **dict.fromkeys(("endsWith", "every", "includes", "indexOf", "lastIndexOf", "search", "some"), "harmless"),
    **dict.fromkeys(("charCodeAt", "codePointAt", "findIndex", "localeCompare", "startsWith", "toFixed"), "harmless"),
}
"""What methods of texts and lists leave of what a client sent."""

_FREEDOM: tuple[Form, ...] = ("harmless", "rewritten", "text", "anything")
"""From what a client can choose least to what it can choose most."""


def narrower(left: Form, right: Form) -> Form:
    """Of two forms that both apply, the one that leaves less."""
    return min(left, right, key=_FREEDOM.index)


def _form_of(value: Value) -> Form:
    """What a callback leaves of an element: nothing where it returns something else."""
    forms: list[Form] = ["harmless"]
    for option, _ in options_of(value):
        if isinstance(option, Data):
            forms.append(option.form)
        elif isinstance(option, Text):
            forms.extend(narrower(part.form, "text") for part in option.parts if isinstance(part, Data))
        elif isinstance(option, Unknown):
            forms.append("rewritten")
        elif isinstance(option, ObjectValue | ArrayValue):
            forms.append("anything")
    return max(forms, key=_FREEDOM.index)


def _is_sent(value: Value, depth: int) -> bool:
    """Whether a client has sent a value or a part of it."""
    inner = _CONTENTS.get(type(value))
    if inner is None or not depth:
        return isinstance(value, Data | Unknown | Request)
    return any(_is_sent(one, depth - 1) for one in inner(value))


def _tells_failure(value: Value, depth: int) -> bool:
    """Whether a value is an error that was caught, or has one in it: what is handed over with it tells of a failure."""
    if isinstance(value, Unknown):
        return is_caught(value)
    inner = _CONTENTS.get(type(value))
    return inner is not None and depth > 0 and any(_tells_failure(one, depth - 1) for one in inner(value))


def _current(interpreter: Interpreter) -> Analysis | None:
    """The analysis that is under way."""
    return interpreter.request if isinstance(interpreter.request, Analysis) else None


_PARTS: dict[str, RequestPart] = {part: part for part in PARTS}
_READERS: dict[str, RequestPart] = {"get": "headers", "header": "headers", "param": "params"}


class Request(FromRequest):
    """The request; that of another framework than Express is a subclass that names its own properties."""

    __slots__ = ("_replaced", "analysis", "properties")

    parts: Mapping[str, RequestPart] = _PARTS
    """Properties that hold a part."""
    readers: Mapping[str, RequestPart] = _READERS
    """Methods that read a field of a part, or all of it."""

    def __init__(self, analysis: Analysis, properties: Writes) -> None:
        self.analysis = analysis
        self.properties: Cells[Value] = Cells()
        self.properties.update(properties)
        self._replaced: dict[str, Holding] = {}
        """What checks the results of functions that parts were replaced by."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A request part, or a property that middleware has set."""
        own, part = self.properties.get(name), self.parts.get(name)
        if part is not None and isinstance(own, Choice):
            own = self._or_as_sent(own, part, site)
        if own is not None:
            return self.analysis.witness.kept(name, own)
        if part is not None:
            return self.analysis.read(part, (), site, None)
        if name in self.readers:
            return super().member(interpreter, name, site)
        known = self.analysis.witness.property(name, site)
        return known or Unknown(f"req.{name} is not followed", site.place)

    def _or_as_sent(self, own: Choice, part: RequestPart, site: Site) -> Value:
        """A part that was replaced on some paths only: on the others it is what the client has sent."""
        replaced = [(option, text) for option, text in own.options if option is not UNDEFINED]
        known = self.analysis.as_checked(own)
        if len(replaced) == len(own.options) or known is not own:
            return known
        checked = self._replaced.get(part)
        if checked is not None:  # by the result of a function, of which it isn't followed where it is asked for
            self.analysis.grant([checked._replace(path=(), shape=DOUBTFUL)])
        return join([*replaced, (self.analysis.read(part, (), site, None), "")])

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``req.name = value``; a part that is replaced by something unknown is still what the client sent.

        So is one that is replaced by an empty object: that is for requests that have none.
        """
        only = _only_option(value)
        if only is not value and isinstance(only, Data) and only.checked is not None:
            self._replaced[name] = only.checked
        value = only.force() if isinstance(only, Deferred) and name not in self.parts else only
        if isinstance(value, Data):
            value.settle()
        if name not in self.parts:
            value = self.analysis.witness.put(name, value)
        is_empty = isinstance(value, ObjectValue) and not (value.properties or value.unknown)
        if name in self.parts and (is_empty or isinstance(value, Unknown | External | Choice | Deferred)):
            return
        interpreter.journal.write(self.properties, name, value)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """``req.get(header)``, ``req.param(name)``."""
        if not arguments:
            return self.analysis.read(self.readers[name], (), site, None)
        field = arguments[0].value
        if isinstance(field, Constant) and isinstance(field.value, str):
            return self.analysis.read(self.readers[name], (field.value,), site, None)
        return Unknown(f"the result of req.{name}()", site.place)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The request leaves the program."""
        self.analysis.escapes.append(Escape("req", site.place))


def _only_option(value: Value) -> Value:
    """What a value is where it is there at all: ``result.data`` of ``{ok: true, data}`` or ``{ok: false}``."""
    options = [option for option, _ in value.options if option is not UNDEFINED] if isinstance(value, Choice) else []
    return options[0] if len(options) == 1 else value


class State(FromRequest):
    """An object of the request in which middleware leaves things for what follows, such as ``ctx.state``."""

    __slots__ = ("_name", "_request")

    def __init__(self, request: Request, name: str) -> None:
        self._request = request
        self._name = name

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """What has been left there."""
        key = f"{self._name}.{name}"
        witness = self._request.analysis.witness
        kept = self._request.properties.get(key)
        if kept is not None:
            return witness.kept(key, kept)
        return witness.property(key, site) or Unknown(f"{key} is not followed", site.place)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """Leave something there."""
        if isinstance(value, Data):
            value.settle()
        interpreter.journal.write(self._request.properties, f"{self._name}.{name}", value)


class Response(FromRequest):
    """The response: records that and with what status it answers."""

    __slots__ = ("analysis",)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``res.locals``, or a method; what an asynchronous handler returns has those of promises."""
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        if name == "locals":
            request = self.analysis.request
            own = request.properties.get(name)
            return self.analysis.witness.kept(name, own) if own is not None else State(request, name)
        return super().member(interpreter, name, site)

    def assign(self, interpreter: Interpreter, name: str, value: Value, site: Site) -> None:
        """``res.statusCode = 404``, ``res.locals = …``."""
        if name == "locals":
            interpreter.journal.write(self.analysis.request.properties, name, value)
        if name == "statusCode":
            interpreter.journal.write(self.analysis.status, "status", value)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Any method returns the response, so that chains go on."""
        analysis = self.analysis
        analysis.touch_response(interpreter)
        for item in arguments:
            if (
                isinstance(item.value, Constant)
                and isinstance(item.value.value, int)
                and name in {"status", "sendStatus"}
            ):
                analysis.statuses.append(item.value.value)
        analysis.responds |= name in _RESPONDING
        analysis.answered(name, arguments, site)
        analysis.watcher.responded(name, arguments, site)
        analysis.witness.responded(name, arguments, site)
        hand_over(interpreter, arguments, site)
        return self


class Next(FromRequest):
    """``next``: called without an argument, it passes on what holds by then."""

    __slots__ = ("analysis",)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Pass on, or fail."""
        value = arguments[0].value if arguments else UNDEFINED
        is_route = isinstance(value, Constant) and value.value in {"route", "router", None}
        if value is UNDEFINED or is_route:
            self.analysis.pass_on()
        else:
            self.analysis.failures.append(CallRecord(self, arguments, site))
            self.analysis.witness.failed(value)
        return UNDEFINED

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """Handed to other code, which may call it."""
        self.analysis.pass_on()


class Exchange(NamedTuple):
    """What a framework hands to one of its middleware or handlers."""

    request: Request
    arguments: tuple[Value, ...]
    handed: int
    """How many of these a function hands on that leaves the work to another."""


Opening = Callable[["Analysis", Writes], Exchange]
"""Makes what a framework hands to a function that is to be followed."""


class ParamFunction(Native):
    """A function of ``router.param(name, fn)``: called with request, response, next, value and name."""

    __slots__ = ("_function", "_name")

    def __init__(self, function: Value, name: str) -> None:
        self._function = function
        self._name = name

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it with the parameter's value."""
        value = Item(Data("params", (self._name,)))
        return interpreter.call(self._function, (*arguments[:3], value, Item(Constant(self._name))), site)


class ServingFunction(Native):
    """A function that a framework calls with what it has taken from the request, not with the request itself."""

    __slots__ = ("_arguments", "function")

    def __init__(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        self.function = function
        self._arguments = arguments

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call it; what it returns is the answer."""
        result = interpreter.call(self.function, self._arguments, site)
        hand_over(interpreter, (Item(result),), site)
        return UNDEFINED


class Outcome(Proposition, FromRequest):
    """The verdict of a validation that does not throw: on the side where it holds, the data is checked."""

    __slots__ = ("_is_success", "check")

    def __init__(self, check: Check, *, is_success: bool) -> None:
        self._is_success = is_success
        self.check = check

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``result.error.issues`` and the like: they are there, and not empty, where it has failed."""
        if not self._is_success and name in _FINDINGS:
            return self
        if not self._is_success and name in _WALKING:
            return array_member(interpreter, ArrayValue([self._finding(site)]), name, site)
        return Unknown("details of a failed validation", site.place)

    def entries(self, interpreter: Interpreter, site: Site) -> Iterable[tuple[str, Item]] | None:
        """Where it has failed, there is something to say."""
        return None if self._is_success else [("", self._finding(site))]

    @staticmethod
    def _finding(site: Site) -> Item:
        return Item(Unknown("details of a failed validation", site.place))

    def truth_among(self, facts: Sequence[object]) -> bool | None:
        """It is known where the failure of this validation is."""
        return not self._is_success if any(fact is self.check for fact in facts) else None

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Grant what was checked on the good side; mark the bad side as rejected."""
        self.check.is_acted_upon = True
        analysis = _current(interpreter)
        if analysis is None:
            return
        if holds == self._is_success:
            analysis.grant(self.check.holdings)
            noted = Noted(self.check, None)
            interpreter.journal.write(analysis.facts, noted.key, noted)
        else:
            analysis.reject(self.check)


_FINDINGS = frozenset(("details", "errors", "inner", "issues", "length"))
"""Properties of an error that list what was refused."""
_WALKING = frozenset(("flatMap", "forEach", "map", "reduce"))
_REJECTED = "rejected"


class Noted(NamedTuple):
    """A failed check leaves something in this list; vacuous where the check succeeded."""

    check: Check
    items: Value | None

    @property
    def is_vacuous(self) -> bool:
        """The check succeeded on this path, so that any list will do."""
        return self.items is None

    def either(self, other: object) -> Noted:
        """What is known where this or another one holds: of two lists it isn't known which to look at."""
        is_same_list = isinstance(other, Noted) and other.items is self.items
        return self if is_same_list else Noted(self.check, ArrayValue())

    @property
    def key(self) -> str:
        """Key among the facts of a path of execution."""
        return f"noted {id(self.check)}"


class Check:
    """One application of a schema whose outcome the program must look at."""

    __slots__ = ("holdings", "is_acted_upon", "is_afterwards")
    goes_by_value = True
    """A value may tell the paths on which it has failed."""

    def __init__(self, holdings: Sequence[Holding], *, is_afterwards: bool) -> None:
        self.holdings = tuple(holdings)
        self.is_acted_upon = False
        self.is_afterwards = is_afterwards


class Analysis:
    """One function followed with a symbolic request; what `Interpreter.request` listens with."""

    def __init__(
        self,
        interpreter: Interpreter,
        opening: Opening,
        properties: Writes = (),
        *,
        watcher: Callable[[Analysis], Watcher],
        witness: Callable[[Analysis], Witness] = lambda _: DEAF,
    ) -> None:
        self.interpreter = interpreter
        self.witness = witness(self)
        self.watcher = watcher(self)
        self.facts = Facts()
        self.overrides: Cells[Value] = Cells()
        self.exchange = opening(self, properties)
        self.request = self.exchange.request
        self._handed = list(self.exchange.arguments[: self.exchange.handed])
        self.escapes: list[Escape] = []
        self.statuses: list[int] = []
        self.responds = False
        self.status: Cells[Value] = Cells()
        """The status that was set by now, under ``status``."""
        self.answers: list[Answer] = []
        self.failures: list[CallRecord] = []
        self.given = dict(self.request.properties)
        """Properties of the request that are set when it arrives."""
        self._accesses: list[_Access] = []
        self._uses: list[Use] = []
        self._checks: list[Check] = []
        self._passes: list[tuple[dict[str, object], dict[str, Value]]] = []
        self._calls: list[CallRecord] = []
        self._called = NOTHING_CALLED
        """The last call that left the program."""
        self._fields: dict[Value, str] = {}
        """Values of its first argument's properties, by name."""
        self._making: Site | None = None
        """That call, if all it does is to make a record that is stored later, if at all."""
        self._leaving: Site | None = None
        """The last call that left the program, unless it is one that only tells somebody."""
        self._telling: Site | None = None
        """The last call that left the program, if it is one that only tells somebody."""
        self._outward: Site | None = None
        """Where something was last answered, or kept for other requests."""
        self._readers: set[FunctionKey] = set()
        self._answerers: set[FunctionKey] = set()
        self._given_calls: list[tuple[FunctionValue, FunctionValue]] = []
        self._delegations: list[tuple[FunctionValue | None, FunctionValue]] = []

    # What the interpreter asks

    def is_tainted(self, value: Value, depth: int = 3) -> bool:
        """Whether a value depends on the request."""
        kind = type(value)
        inner = _CONTENTS.get(kind)
        if inner is None:
            return isinstance(value, FromRequest)
        if isinstance(value, FunctionValue) and value.in_request:
            return True
        if kind not in _ALTERNATIVES:
            depth -= 1
        for one in inner(value) if depth >= 0 else ():  # a loop, since this is asked of every argument of every call
            if self.is_tainted(one, depth) if type(one) in _CONTENTS else isinstance(one, FromRequest):
                return True
        return False

    def may_be_answered_by(self, functions: Iterable[FunctionValue]) -> bool:
        """Whether one of some functions can reach request, response or ``next``, by a name or by its ``this``."""
        seen: set[int] = set()
        for function in functions:
            scope: Scope | None = function.scope
            while scope is not None and scope.parent is not None and id(scope) not in seen:
                seen.add(id(scope))
                owned = scope.this.properties.values() if isinstance(scope.this, ObjectValue) else ()
                if any(map(self._is_answerable, (*scope.names.values(), *owned))):
                    return True
                scope = scope.parent
        return False

    def _is_answerable(self, value: Value) -> bool:
        """Whether a value is, or has right in it, what the framework hands over, or a method of that."""
        inner = _CONTENTS.get(type(value))
        if inner is None:
            return isinstance(value, Request | Response | Next | Method) or value in self.exchange.arguments
        if isinstance(value, FunctionValue) and not value.bound:
            return False
        return any(self._is_answerable(one) for one in inner(value) if type(one) not in _CONTENTS)

    def left_for_later(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A call that seems to depend on nothing of the request: what was made of its data may be checked by it."""
        self.watcher.checked_by(function, arguments)

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A function is called: note who hands request and response on to whom."""
        frames = self.interpreter.frames
        caller = frames[-1].function if frames else None
        if self._is_handed(arguments):
            self._delegations.append((caller, function))
        if caller is not None and caller.made_by is not None and is_given(function, caller):
            self._given_calls.append((caller, function))
        self.watcher.entered(function, arguments)

    def _is_handed(self, arguments: tuple[Item, ...]) -> bool:
        """Whether these are what the framework hands to a function."""
        handed = self._handed
        if len(arguments) < len(handed):
            return False
        return all(item.value is one for item, one in zip(arguments, handed, strict=False))

    def called_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> None:
        """Something unknown is called: what looks like a validation leaves a doubt."""
        self._leave(site, "", callee.name, arguments)
        self.watcher.called(callee, arguments, site)
        self.witness.called_unknown(callee, CallRecord(callee, arguments, site))
        if callee.name in _VALIDATING or callee.name in _UNFOLDING:
            self._doubt(callee.name, arguments, site)

    def called_external(self, record: CallRecord) -> None:
        """A call leaves the program."""
        self._calls.append(record)
        self.watcher.called(record.callee, record.arguments, record.site)
        callee = record.callee if isinstance(record.callee, External) else None
        name = callee.name if callee is not None else ""
        last = name.rpartition(".")[2]
        self._leave(record.site, callee.package if callee is not None else "", last, record.arguments)
        self._making = record.site if callee is not None and _is_model(callee) else None
        is_validator = callee is not None and callee.package in _VALIDATORS
        if last in _VALIDATING or last in _UNFOLDING or is_validator:
            self._doubt(name, record.arguments, record.site)

    def _leave(self, site: Site, package: str, name: str, arguments: tuple[Item, ...]) -> None:
        self._called = Called(package, name)
        first = arguments[0].value if arguments else None
        named = first.properties.items() if isinstance(first, ObjectValue) else ()
        self._fields = {value: field for field, value in named if isinstance(value, Data)}
        is_telling = _TELLING.match(name) or any(_tells_failure(item.value, 2) for item in arguments)
        self._leaving, self._telling = (None, site) if is_telling else (site, None)

    def kept(self, site: Site) -> None:
        """Something is put where other requests find it."""
        self._outward = site

    def tested(self, value: Value, *, of_type: bool = False) -> None:
        """A value is held against what the program allows."""
        self.watcher.tested(value, of_type=of_type)

    def compared(self, left: Value, right: Value, site: Site) -> None:
        """It is asked whether two values are equal."""
        self.watcher.compared(left, right, site)

    def where_equal(self, left: Value, right: Value) -> tuple[Callable[[], None], ...]:
        """What follows where two values are equal."""
        equal = self.watcher.equal(left, right)
        if equal is None:
            return ()
        return (lambda: self.interpreter.journal.write(self.facts, f"equal {equal.key}", equal),)

    def limited(self, value: Value) -> Value:
        """Request data that equals a constant on the present path is that constant, wherever it is taken from here."""
        if isinstance(value, Data) and f"equal {'.'.join((value.part, *value.path))}" in self.facts:
            return value.converted("harmless")
        return value

    def _doubt(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        for item in arguments:
            data = item.value
            if (
                isinstance(data, Data)
                and data.checked is None
                and not (data.path and name.rpartition(".")[2] in _UNFOLDING)
            ):
                self.grant([Holding(data.part, data.path, DOUBTFUL, "", name, site.place)])

    @property
    def attempts(self) -> int:
        """How many validations were tried by now."""
        return len(self._checks)

    def reject(self, check: Check | None = None) -> None:
        """The present path of execution is that of a failed validation."""
        self.interpreter.journal.write(self.facts, _REJECTED, check)

    def noted(self, items: Value) -> None:
        """Something is added to a list or an object: errors of failed validations are collected this way."""
        check = self.facts.get(_REJECTED)
        if isinstance(check, Check):
            noted = Noted(check, items)
            self.interpreter.journal.write(self.facts, noted.key, noted)

    def assume_empty(self, items: Value) -> None:
        """Where a list is empty, the checks whose failure would have left something in it have succeeded."""
        for fact in list(self.facts.values()):
            if isinstance(fact, Noted) and fact.items is items:
                self.grant(fact.check.holdings)

    @property
    def _current(self) -> FunctionKey | None:
        frames = self.interpreter.frames
        function = frames[-1].function if frames else None
        return function.key if function is not None else None

    # What the symbolic values report

    def read(
        self,
        part: RequestPart,
        path: tuple[str, ...],
        site: Site,
        checked: Holding | None,
    ) -> Data:
        """Request data is looked at; it counts as used unless something else becomes of it."""
        if self._current is not None:
            self._readers.add(self._current)
        access = _Access(self._use(part, path, site, self.standing(checked)), is_rejected=_REJECTED in self.facts)
        if checked is None:
            self._accesses.append(access)
        return Data(part, path, checked=checked, access=access, place=access.use.place)

    def record(self, data: Data, site: Site, purpose: Purpose, *, is_test: bool = False) -> None:
        """Request data is used for sure; to say what was sent or refused, or with what it failed, is no use."""
        if site == self._telling:
            return
        if _REJECTED not in self.facts or site == self._leaving:
            use = self._use(data.part, data.path, site, self.standing(data.checked))
            called, field = NOTHING_CALLED, ""
            if site == self._leaving:
                purpose, called, field = "call", self._called, self._fields.get(data, "")
            elif site == self._outward:
                purpose = "answer"
            leaves = purpose in {"answer", "call"} and site != self._making
            use = use._replace(is_test=is_test, leaves=leaves, purpose=purpose, called=called)
            self._uses.append(use._replace(field=field, is_number=data.form == "harmless"))

    def standing(self, checked: Holding | None) -> Holding | None:
        """What is left of a check on this path of execution."""
        return checked if checked is None or not checked.is_claim or self._knows(checked) else None

    def _knows(self, holding: Holding) -> bool:
        known = self.facts.get(holding.key)
        return isinstance(known, Holding) and known.place == holding.place

    def _use(self, part: RequestPart, path: tuple[str, ...], site: Site, checked: Holding | None) -> Use:
        tried = (holding for check in self._checks for holding in check.holdings)
        was_tried = any(holding.covers(part, path) for holding in tried)
        return _use(part, path, site, checked, self.facts)._replace(was_tried=was_tried)

    def touch_response(self, interpreter: Interpreter) -> None:
        """The function that runs now answers itself."""
        if self._current is not None:
            self._answerers.add(self._current)

    def answered(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        """A method of the response is called: note a status that it sets, and what it sends."""
        if name in {"status", "sendStatus", "writeHead"} and arguments:
            self.interpreter.journal.write(self.status, "status", arguments[0].value)
        if name in SENDING:
            self._outward = site
            frames = self.interpreter.frames
            callers = [None, *(frame.function for frame in frames)]
            calls = tuple((callers[index], frame.site) for index, frame in enumerate(frames))
            sent = sent_of(arguments)
            self.answers.append(Answer(name, status_of(self.status.get("status")), sent, callers[-1], site, calls))
            self.witness.answered(name, self.status.get("status"), arguments)

    def grant(self, holdings: Iterable[Holding]) -> None:
        """From here on these paths are checked."""
        for holding in holdings:
            before = self.facts.get(holding.key)
            known = before.together_with(holding) if isinstance(before, Holding) else holding
            self.interpreter.journal.write(self.facts, holding.key, known)

    def pass_on(self) -> None:
        """``next()``."""
        self.witness.passed(self.request.properties)
        properties = {name: self.as_checked(value) for name, value in self.request.properties.items()}
        is_accepted = _REJECTED not in self.facts or not self._checks
        self._passes.append((dict(self.facts) if is_accepted else {}, properties))

    def as_checked(self, value: Value) -> Value:
        """What a part was replaced by where its check succeeded, when it is known by now that it did.

        So it is where failures are collected in a list, and only an empty one lets a request pass.
        """
        only = _only_option(value)
        if not isinstance(only, Data) or only.checked is None or not self._knows(only.checked):
            return value
        return only.settled()

    # Validation

    def validate(self, schema: Schema, value: Value, name: str, site: Site) -> tuple[Value, Check]:
        """Apply a schema to a value: what it yields, and the check whose outcome decides."""
        holdings: list[Holding] = []
        result = self._apply(schema.shape, Origin(schema.library, name, schema.site), value, site, holdings)
        return result, self.check(holdings)

    def check(self, holdings: Sequence[Holding]) -> Check:
        """A check of these paths whose outcome the program must look at."""
        check = Check(holdings, is_afterwards=bool(self._passes))
        if holdings:
            self._checks.append(check)
        return check

    def _apply(self, shape: Shape, origin: Origin, value: Value, site: Site, out: list[Holding]) -> Value:
        match value:
            case Data(part=part, path=path):
                value.settle()
                holding = Holding(part, path, shape, origin.library, origin.name, site.place, origin.made)
                out.append(holding)
                return Data(part, path, checked=holding, form=value.form, place=value.place)
            case Request():
                made = ObjectValue()
                for part in PARTS:
                    field = shape.fields.get(part) if shape.fields is not None else None
                    if field is not None:
                        inner = value.member(self.interpreter, part, site)
                        made.properties[part] = self._apply(field, origin, inner, site, out)
                return made
            case ObjectValue():
                return self._apply_to_object(shape, origin, value, site, out)
            case Choice(options=options):
                return self._apply_to_choice(shape, origin, [option for option, _ in options], site, out)
        return Unknown("what a schema makes of a value that isn't request data", site.place)

    def _apply_to_choice(
        self, shape: Shape, origin: Origin, options: Sequence[Value], site: Site, out: list[Holding]
    ) -> Value:
        """Of several possible values only one is validated: it counts when it is the only one from the request."""
        tainted = [option for option in options if self.is_tainted(option)]
        if len(tainted) == 1:
            return self._apply(shape, origin, tainted[0], site, out)
        for option in tainted:
            self.interpreter.use(option, site)
        return Unknown("a schema is applied to one of several values", site.place)

    def _apply_to_object(
        self, shape: Shape, origin: Origin, value: ObjectValue, site: Site, out: list[Holding]
    ) -> Value:
        made = ObjectValue()
        for key, inner in value.properties.items():
            field = shape.fields.get(key) if shape.fields is not None else None
            if field is not None:
                made.properties[key] = self._apply(field, origin, inner, site, out)
            elif isinstance(inner, Data):
                inner.settle()  # the schema drops it unseen
        for spread in value.unknown:
            if isinstance(spread, Data):
                rest = Shape(
                    {key: field for key, field in (shape.fields or {}).items() if key not in value.properties},
                    extra=shape.extra,
                    is_certain=shape.is_certain,
                    accepts_anything=shape.accepts_anything,
                )
                made.unknown.append(self._apply(rest, origin, spread, site, out))
                made.is_open = True
        return made

    # Outcome

    def follow(self, value: Value, site: Site) -> Summary:
        """Call a middleware or handler and sum up what it does."""
        reason = self._run(value, site)
        unclaimed = (access for access in self._accesses if access.is_pending and not access.is_rejected)
        uses = [*self._uses, *(access.use for access in unclaimed)]
        return Summary(
            uses=tuple(sorted(dict.fromkeys(uses), key=lambda use: (use.place, use.part, use.path))),
            attempts=tuple(self._attempts()),
            grants=self._grants(),
            writes=self._writes(),
            passes=bool(self._passes),
            responds=self.responds,
            statuses=tuple(sorted(set(self.statuses))),
            delegations=tuple(self._delegations),
            given=tuple(self._given_calls),
            readers=frozenset(self._readers),
            answerers=frozenset(self._answerers),
            calls=tuple(self._calls),
            escapes=tuple(dict.fromkeys(self.escapes)),
            reason=reason,
            answers=tuple(self.answers),
            failures=tuple(self.failures),
            arrivals=tuple(self.watcher.arrivals),
            tested=self.watcher.tests,
            comparisons=tuple(self.watcher.comparisons),
            account=self.witness.account,
        )

    def opaque(self, name: str, schemas: Sequence[Schema]) -> Summary:
        """The summary of a package's middleware: nothing, or a doubt when it was given a schema."""
        grants = tuple(
            Holding(part, (), DOUBTFUL, schema.library, f"{name} with {schema.label}", schema.site.place)
            for schema in schemas
            for part in PARTS
        )
        return Summary(
            uses=(),
            attempts=(),
            grants=grants,
            writes=(),
            passes=True,
            responds=False,
            statuses=(),
            delegations=(),
            given=(),
            readers=frozenset(),
            answerers=frozenset(),
            calls=(),
            escapes=(),
            is_foreign=True,
        )

    def _run(self, value: Value, site: Site) -> str | None:
        interpreter = self.interpreter
        if isinstance(value, Unknown):
            return value.reason
        budget, interpreter.budget = interpreter.budget, STEPS
        interpreter.effect()
        interpreter.request = self
        interpreter.is_serving = True
        mark, born = interpreter.journal.mark, now()
        interpreter.serving_since = born
        interpreter.calls = {}
        interpreter.observers.append(self.called_external)
        arguments = tuple(map(Item, self.exchange.arguments))
        try:
            with suppress(Thrown), interpreter.unconditionally():
                interpreter.call(value, arguments, site)
        except Exhausted:
            return "it does more than is followed"
        finally:
            interpreter.observers.pop()
            interpreter.is_serving = False
            interpreter.journal.undo(mark, born)
            interpreter.settle()
            interpreter.budget = budget
        return None

    def _attempts(self) -> Iterable[Attempt]:
        for check in self._checks:
            for holding in check.holdings:
                yield Attempt(holding, not check.is_acted_upon, check.is_afterwards)

    def _grants(self) -> tuple[Holding, ...]:
        if not self._passes:
            return ()
        first, *others = (facts for facts, _ in self._passes)
        kept = [key for key in first if all(key in facts for facts in others)]
        return tuple(
            reduce(Holding.either, (facts[key] for facts in others), value)
            for key in kept
            if isinstance(value := first[key], Holding)
        )

    def _writes(self) -> tuple[tuple[str, Value], ...]:
        if not self._passes:
            return ()
        first, *others = (properties for _, properties in self._passes)
        return tuple(
            (name, value)
            for name, value in first.items()
            if self.given.get(name) is not value and all(is_same(value, other.get(name, UNDEFINED)) for other in others)
        )


_CONTENTS: Mapping[type[Value], Callable[[Any], Iterable[Value]]] = {
    FunctionValue: lambda value: [item.value for item in value.bound],
    ObjectValue: lambda value: [*value.properties.values(), *value.unknown],
    ArrayValue: lambda value: [item.value for item in value.items],
    Choice: lambda value: [option for option, _ in value.options],
    **dict.fromkeys((Text, JoinedPath), lambda value: [part for part in value.parts if isinstance(part, Value)]),
}
"""What a value of each type is made of, as far as it may come from the request."""
_ALTERNATIVES = frozenset((Choice, Text, JoinedPath))
"""Of these, those that are what is in them."""


_DEFINING = frozenset(("define", "model"))


def _is_model(value: External) -> bool:
    """Whether a value is the class of records that an ORM has made: ``mongoose.model(…)``, ``sequelize.define(…)``."""
    callee = value.call.callee if value.call is not None else None
    return isinstance(callee, External) and callee.name.rpartition(".")[2] in _DEFINING


def is_given(inner: FunctionValue, outer: FunctionValue) -> bool:
    """Whether a closure was made by a function of the program that was given the inner function as an argument."""
    maker = outer.made_by.callee if outer.made_by is not None else None
    if not isinstance(maker, FunctionValue):
        return False
    for name in bound_names([parameter.target for parameter in maker.node.parameters]):
        scope = outer.scope.find(name)
        value = scope.names[name] if scope is not None else None
        if isinstance(value, FunctionValue) and value.key == inner.key:
            return True
    return False


def _use(
    part: RequestPart, path: tuple[str, ...], site: Site, checked: Holding | None, facts: Mapping[str, object]
) -> Use:
    doubt = None
    if checked is not None and checked.shape.lets_through(path[len(checked.path) :]):
        checked = None
    for holding in () if checked is not None else facts.values():
        if isinstance(holding, Holding):
            verdict = holding.covers(part, path)
            if verdict:
                checked = holding
                break
            doubt = holding if verdict is None else doubt
    return Use(part, path, site.place, checked, doubt)
