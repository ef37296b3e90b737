"""Joi and celebrate.

Source: joi.dev API, "any.validate", "object.keys", "object.unknown", "array.items". An object schema refuses fields
that it does not name unless it says ``unknown()``, a list without ``items()`` takes any elements; ``validate`` reports
by a result, ``validateAsync``, ``attempt`` and ``assert`` throw.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.checks import CheckResult, SchemaMiddleware, insist
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    ArrayValue,
    Constant,
    Deferred,
    Item,
    Native,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.schemas import (
    ANYTHING,
    CHECKED,
    DOUBTFUL,
    SHALLOW,
    UNCERTAIN,
    Extra,
    Schema,
    Shape,
    refined,
    scalar,
)
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.terms import Terms, made_by, narrowed

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "joi"
_OPAQUE = {"any": ANYTHING, "array": SHALLOW, "link": DOUBTFUL}
"""What schemas say that have been told nothing."""
_OBJECT = Terms(is_optional=True).typed("object")


def shape_of(value: Value) -> Shape:
    """What a schema, or a plain object of schemas, says of a value."""
    value = value.force() if isinstance(value, Deferred) else value
    if isinstance(value, Schema):
        return value.shape
    return _object(value) if isinstance(value, ObjectValue) else UNCERTAIN


def _object(value: Value) -> Shape:
    if not isinstance(value, ObjectValue):
        return Shape(extra="passed", below=False).asking(_OBJECT)  # Joi.object() without keys accepts any
    fields = {name: shape_of(inner) for name, inner in value.properties.items()}
    return Shape(fields, extra="rejected", is_certain=not value.is_open).asking(_OBJECT)


def _either(arguments: tuple[Item, ...]) -> Shape:
    """What alternatives, given one by one or as a list, have in common."""
    given = [one for item in arguments for one in (item.value.items if isinstance(item.value, ArrayValue) else [item])]
    options = [shape_of(item.value) for item in given]
    if not options:
        return UNCERTAIN
    return options[0] if len(options) == 1 else Shape(any_of=options)


class JoiSchema(Schema):
    """A Joi schema."""

    __slots__ = ()

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Validate, or derive another schema."""
        analysis, value = interpreter.request, argument(arguments)
        if name in {"validate", "validateAsync"}:
            if not isinstance(analysis, Analysis):
                return Unknown("a validated value", site.place)
            schema = self._with(argument(arguments, 1))
            if name == "validateAsync":
                return insist(analysis, schema, value, site, is_promised=True)
            result, check = analysis.validate(schema, value, self.label, site)
            return CheckResult(check, result, good="", bad="error", value={"value"}, is_always_there=True)
        shape = self._derived(name, arguments)
        terms = narrowed(self.shape.terms, name, arguments, interpreter.code.snippet)
        derived = JoiSchema(LIBRARY, shape.asking(terms), site)
        derived.name = self.name if name in {"required", "options", "prefs", "label", "messages"} else ""
        return derived

    def _with(self, options: Value) -> JoiSchema:
        """This schema under options: fields that it doesn't name may pass, or be stripped, instead of being refused."""
        given = options.properties if isinstance(options, ObjectValue) else {}
        if self.shape.extra != "rejected" or not {TRUE} & {given.get("allowUnknown"), given.get("stripUnknown")}:
            return self
        extra: Extra = "stripped" if given.get("stripUnknown") is TRUE else "passed"
        changed = JoiSchema(LIBRARY, self.shape.changed(extra=extra), self.site)
        changed.name = self.name
        return changed

    def _derived(self, name: str, arguments: tuple[Item, ...]) -> Shape:
        """What it checks after a method."""
        shape, value = self.shape, argument(arguments)
        match name:
            case "options" | "prefs" | "preferences":
                shape = self._with(value).shape
            case "keys" | "append" | "concat":
                added = shape_of(value) if name == "concat" else _object(value)
                is_open = any(each.fields is not None and each.extra == "passed" for each in (shape, added))
                fields = {**(shape.fields or {}), **(added.fields or {})}
                shape = shape.changed(fields=fields, extra="passed" if is_open else "rejected")
            case "unknown":
                is_closed = value is FALSE
                shape = shape.changed(fields=shape.fields or {}, extra="rejected" if is_closed else "passed")
            case "items" | "ordered" if arguments:
                shape = Shape(element=_either(arguments))
            case "pattern":
                shape = shape.changed(fields=shape.fields or {}, extra=shape.extra if shape.fields else "rejected")
                shape.element = shape_of(argument(arguments, 1))
            case "failover":
                shape = shape.changed()
                shape.mends = True
            case "try":
                shape = _either(arguments)
            case "valid" | "equal" if shape.accepts_anything:
                shape = CHECKED
            case "when" | "conditional" if shape.accepts_anything:
                shape = DOUBTFUL
        return refined(shape, name)


class Joi(Native):
    """The ``Joi`` namespace."""

    __slots__ = ()

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """Joi itself, or a function of it."""
        return self if name in {"default", "Joi", "joi"} else super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Make a schema, or validate by one."""
        first, second = argument(arguments), argument(arguments, 1)
        if name in {"attempt", "assert"}:
            if isinstance(interpreter.request, Analysis) and isinstance(second, Schema):
                return insist(interpreter.request, second, first, site)
            return first
        if name in {"extend", "defaults"}:
            return self
        if name == "object":
            return JoiSchema(LIBRARY, _object(first), site)
        if name in {"compile", "build"}:
            return JoiSchema(LIBRARY, shape_of(first), site)
        shape = _either(arguments) if name in {"alternatives", "alt"} else _OPAQUE.get(name) or scalar(name)
        terms = made_by(name, arguments, interpreter.code.snippet, is_optional=True)
        terms = terms.bounded("shortest", 1) if name == "string" else terms  # the empty text has to be allowed
        return JoiSchema(LIBRARY, shape.asking(terms), site)


def _celebrate(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``celebrate({ [Segments.BODY]: Joi.object({…}) })``."""
    given = argument(arguments)
    schemas: dict[RequestPart, Schema] = {}
    if isinstance(given, ObjectValue):
        for part in PARTS:
            if part in given.properties:
                schemas[part] = JoiSchema(LIBRARY, shape_of(given.properties[part]), site)
    return SchemaMiddleware("celebrate", schemas, replaces=True)


def _segments() -> Value:
    made = ObjectValue()
    for part in PARTS:
        made.properties[part.upper()] = Constant(part)
    return made


PACKAGES = {
    "joi": Joi,
    "@hapi/joi": Joi,
    "celebrate": lambda: Namespace(
        "celebrate", {"Joi": Joi(), "Segments": _segments(), **functions(celebrate=_celebrate)}
    ),
}
