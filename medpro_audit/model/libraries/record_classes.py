"""Classes of records that packages make, with the functions that the program adds to them.

Mongoose's schemas have ``statics`` and ``methods`` (https://mongoosejs.com/docs/guide.html#statics); what
``sequelize.define()`` yields is given functions as properties, and its records as those of its prototype.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.members import with_this
from medpro_audit.model.evaluation.values import (
    CallRecord,
    ClassValue,
    Constant,
    External,
    FunctionValue,
    Item,
    ObjectValue,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from medpro_audit.model.evaluation.interpreter import Interpreter

_ADDED = ("statics", "methods")


class _Member(External):
    """A package, a part of it, or what a call of it has made: something that classes of records may be made by."""

    __slots__ = ("known",)

    def __init__(
        self, package: str, name: str = "", parent: _Member | None = None, call: CallRecord | None = None
    ) -> None:
        super().__init__(package, name, parent, call)
        self.known: dict[str, _RecordClass] = parent.known if parent is not None else {}
        """Classes of records that were made, by name."""

    def member(self, name: str) -> Value:
        return _Member(self.package, f"{self.name}.{name}" if self.name else name, self)

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        last = self.name.rpartition(".")[2]
        if last == "Schema":
            return _Schema(self, call)
        if last in {"define", "model"}:
            return self._class(call)
        return _Member(self.package, self.name, self, call)

    def _class(self, call: CallRecord) -> External:
        name, schema = [*(item.value for item in call.arguments[:2]), None, None][:2]
        key = str(name.value) if isinstance(name, Constant) else ""
        if len(call.arguments) == 1 and key in self.known:  # ``mongoose.model('User')``
            return self.known[key]
        made = _RecordClass(self, call, schema if isinstance(schema, _Schema) else None)
        self.known.setdefault(key, made)
        return made


class _Schema(External):
    """A schema of Mongoose."""

    __slots__ = ("added",)

    def __init__(self, maker: External, call: CallRecord) -> None:
        super().__init__(maker.package, maker.name, maker, call)
        self.added = {kind: ObjectValue() for kind in _ADDED}
        """Functions of the class and of its records."""
        options = call.arguments[1].value if len(call.arguments) > 1 else None
        for kind, functions in self.added.items():
            given = options.properties.get(kind) if isinstance(options, ObjectValue) else None
            functions.properties.update(given.properties if isinstance(given, ObjectValue) else {})

    def member(self, name: str) -> Value:
        if name in _ADDED:
            return self.added[name]
        return _SchemaMethod(self, name) if name in _ADDING else super().member(name)

    def keeps(self, interpreter: Interpreter, name: str, value: Value) -> bool:
        if name not in _ADDED or not isinstance(value, ObjectValue):
            return False
        self.add(interpreter, name, value.properties)
        return True

    def add(self, interpreter: Interpreter, kind: str, functions: Mapping[str, Value]) -> None:
        """Add functions to the class (``statics``) or to its records (``methods``)."""
        for name, function in functions.items():
            interpreter.journal.write(self.added[kind].properties, name, function)


class _SchemaMethod(External):
    """A method of a schema that adds functions to it."""

    __slots__ = ("schema",)

    def __init__(self, schema: _Schema, name: str) -> None:
        super().__init__(schema.package, f"{schema.name}.{name}", schema)
        self.schema = schema

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        _ADDING[self.name.rpartition(".")[2]](interpreter, self.schema, call)
        return self.schema


def _add(interpreter: Interpreter, schema: _Schema, kind: str, call: CallRecord) -> None:
    """``schema.static('name', function)``, or several of them in an object."""
    match [item.value for item in call.arguments]:
        case [Constant(value=str() as name), function, *_]:
            schema.add(interpreter, kind, {name: function})
        case [ObjectValue(properties=functions), *_]:
            schema.add(interpreter, kind, functions)


def _load_class(interpreter: Interpreter, schema: _Schema, call: CallRecord) -> None:
    """``schema.loadClass(User)``: its static methods and its own."""
    cls = call.arguments[0].value if call.arguments else None
    if isinstance(cls, ClassValue):
        functions = {name: one.node for name, one in cls.properties.items() if isinstance(one, FunctionValue)}
        for kind, nodes in (("methods", cls.methods), ("statics", functions)):
            schema.add(
                interpreter, kind, {name: FunctionValue(node, cls.scope, cls.module) for name, node in nodes.items()}
            )


def _plug_in(interpreter: Interpreter, schema: _Schema, call: CallRecord) -> None:
    """``schema.plugin(f)``: f is given the schema, and may add to it."""
    if call.arguments and isinstance(call.arguments[0].value, FunctionValue):
        interpreter.call(call.arguments[0].value, (Item(schema),), call.site)


_ADDING: Mapping[str, Callable[[Interpreter, _Schema, CallRecord], None]] = {
    "static": lambda interpreter, schema, call: _add(interpreter, schema, "statics", call),
    "method": lambda interpreter, schema, call: _add(interpreter, schema, "methods", call),
    "loadClass": _load_class,
    "plugin": _plug_in,
}


class _RecordClass(External):
    """A class of records."""

    __slots__ = ("methods", "statics")

    def __init__(self, maker: External, call: CallRecord, schema: _Schema | None) -> None:
        super().__init__(maker.package, maker.name, maker, call)
        added = schema.added if schema is not None else {kind: ObjectValue() for kind in _ADDED}
        self.statics, self.methods = added["statics"], added["methods"]

    def member(self, name: str) -> Value:
        if name == "prototype":
            return self.methods
        found = self.statics.properties.get(name)
        if isinstance(found, FunctionValue):
            return with_this(found, self)
        return _Record(self, f"{self.name}.{name}", None, self.methods)

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        return _Record(self, self.name, call, self.methods)

    def keeps(self, interpreter: Interpreter, name: str, value: Value) -> bool:
        if isinstance(value, FunctionValue):
            interpreter.journal.write(self.statics.properties, name, value)
        return isinstance(value, FunctionValue)


class _Record(External):
    """A record, some of them, or a query that finds them."""

    __slots__ = ("methods",)

    def __init__(self, origin: External, name: str, call: CallRecord | None, methods: ObjectValue) -> None:
        super().__init__(origin.package, name, origin, call)
        self.methods = methods

    def member(self, name: str) -> Value:
        found = self.methods.properties.get(name)
        if isinstance(found, FunctionValue):
            return with_this(found, self)
        return _Record(self, f"{self.name}.{name}", None, self.methods)

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        return _Record(self, self.name, call, self.methods)


PACKAGES = {name: partial(_Member, name) for name in ("mongoose", "sequelize")}
