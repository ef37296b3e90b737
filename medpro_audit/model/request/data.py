"""The request and its data: values that remember their part and path, and what has checked them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from medpro_audit.core.place import Place
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.strings import TESTING
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Cells,
    Choice,
    ClassValue,
    Constant,
    Deferred,
    External,
    Form,
    FunctionValue,
    Item,
    JoinedPath,
    ObjectValue,
    Site,
    Text,
    TypeOf,
    Unknown,
    Value,
    join,
    options_of,
)
from medpro_audit.model.request.base import FromRequest, current
from medpro_audit.model.request.outcome import Outcome
from medpro_audit.model.request.records import ASSIGNED, Escape, Holding, Purpose, Use, Writes
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import PARTS, RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.request.analysis import Analysis


class Access:
    """One evaluation of an expression that yields request data."""

    __slots__ = ("is_pending", "is_rejected", "use")

    def __init__(self, use: Use, *, is_rejected: bool) -> None:
        self.use = use
        """What it is unless something else becomes of it."""
        self.is_rejected = is_rejected
        self.is_pending = True


class Data(FromRequest):
    """Request data: a part, or what is at a path in it; ``checked`` when it came out of a schema.

    It may live longer than the analysis it was made in, as a property that a middleware sets on the request; so what
    becomes of it is reported to the analysis that is under way.
    """

    __slots__ = ("_access", "before", "checked", "form", "is_bound", "is_coerced", "part", "path", "place")

    def __init__(  # noqa: PLR0913 - what is known of a piece of a request
        self,
        part: RequestPart,
        path: tuple[str, ...],
        *,
        checked: Holding | None = None,
        access: Access | None = None,
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
        self.is_bound = False
        self.is_coerced = False
        """It is what a conversion that takes any value has made of it."""

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
        made = self._changed(narrower(self.form, form), self.checked)
        made.is_coerced = self.form == "anything" or self.is_coerced
        return made

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
        analysis = current(interpreter)
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
        analysis = current(interpreter)
        if analysis is not None:
            if value is UNDEFINED:  # what is taken away is what the program does not allow
                analysis.tested(self)
            elif not is_sent(value, 2):
                own = Holding(self.part, (*self.path, name), DOUBTFUL, "", ASSIGNED, site.place)
                analysis.grant([own])
                if not isinstance(value, Constant):  # a constant may stand in for what is missing
                    analysis.replacements.append(own)
            analysis.watcher.put(self._key(name), value)
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
        analysis = current(interpreter)
        given = arguments[0].value if arguments else None
        if method in {"replace", "replaceAll"} and given is not None and analysis is not None:
            form = analysis.watcher.rewritten(owner, given, is_every=method == "replaceAll")
        if method in TESTING and interpreter.request is not None:
            interpreter.request.tested(owner, against=given)
        made = owner._at(interpreter, owner.path, site)
        made.form = narrower(made.form, form)
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
        analysis = current(interpreter)
        if analysis is not None:
            analysis.record(self, site, purpose, is_test=is_test)

    def is_instance(self, cls: Value) -> bool | None:
        """Nothing that a client sends is of a class but that of objects or lists, until something is made of it.

        A whole body may be a Buffer.
        """
        is_as_sent = self.checked is None and self.form == "anything" and (self.path or self.part != "body")
        is_known = isinstance(cls, ClassValue) or (isinstance(cls, External) and cls.package in _CLASSES)
        return False if is_as_sent and is_known else None

    def named(self, name: str) -> None:
        """A whole part that is given a name: it is used where that name is said."""
        if not self.path:
            self.bind()

    def bind(self) -> None:
        """It is given a name, of a parameter or a part: whether it is used is up to who says that name."""
        if self._access is not None and self._access.is_pending:
            self._access.is_pending, self.is_bound = False, True

    def touch(self) -> None:
        """Its name is said, so that it counts as used unless something else becomes of it."""
        self.is_bound = False
        if self._access is not None:
            self._access.is_pending = True

    def settle(self) -> None:
        """What was read has found its purpose."""
        if self._access is not None:
            self._access.is_pending = False

    def _at(self, interpreter: Interpreter, path: tuple[str, ...], site: Site) -> Data:
        self.settle()
        analysis = current(interpreter)
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


_CLASSES = frozenset(("Buffer", "Date", "Error", "Function", "Map", "Promise", "RegExp", "Set", "Uint8Array"))
"""Classes of the language and of Node that no value of a request is of."""


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


def is_sent(value: Value, depth: int) -> bool:
    """Whether a client has sent a value or a part of it."""
    inner = CONTENTS.get(type(value))
    if inner is None or not depth:
        return isinstance(value, Data | Unknown | Request)
    return any(is_sent(one, depth - 1) for one in inner(value))


def sent_in(value: Value) -> list[Data]:
    """Request data that a value may be."""
    return [option for option, _ in options_of(value) if isinstance(option, Data)]


def sent_numbers(sent: Iterable[Data]) -> list[Data]:
    """Of these, what a conversion has made numbers, or something else that does no harm."""
    return [data for data in sent if data.form == "harmless"]


def allowed_by(value: Value, other: Value) -> list[Data]:
    """Request data that is what the program allows where a value equals another one: a constant, or of a plain type."""
    if isinstance(value, TypeOf):
        is_plain = isinstance(other, Constant) and other.value in _PLAIN
        return sent_in(value.of) if is_plain else []
    return sent_in(value) if other is UNDEFINED or isinstance(other, Constant) else []


_PLAIN = frozenset(("bigint", "boolean", "number", "string", "undefined"))
"""Types of values that have nothing in them."""


CONTENTS: Mapping[type[Value], Callable[[Any], Iterable[Value]]] = {
    FunctionValue: lambda value: [item.value for item in value.bound],
    ObjectValue: lambda value: [*value.properties.values(), *value.unknown],
    ArrayValue: lambda value: [item.value for item in value.items],
    Choice: lambda value: [option for option, _ in value.options],
    **dict.fromkeys((Text, JoinedPath), lambda value: [part for part in value.parts if isinstance(part, Value)]),
}
"""What a value of each type is made of, as far as it may come from the request."""


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
        only = only_option(value)
        if only is not value and isinstance(only, Data) and only.checked is not None:
            self._replaced[name] = only.checked
        value = only.force() if isinstance(only, Deferred) and name not in self.parts else only
        if isinstance(value, Data):
            value.settle()
        if name not in self.parts:
            value = self.analysis.witness.put(name, value)
        if name in self.parts:
            self.analysis.watcher.replaced(self.parts[name], value)
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


def only_option(value: Value) -> Value:
    """What a value is where it is there at all: ``result.data`` of ``{ok: true, data}`` or ``{ok: false}``."""
    options = [option for option, _ in value.options if option is not UNDEFINED] if isinstance(value, Choice) else []
    return options[0] if len(options) == 1 else value
