"""Ajv: JSON Schemas compiled to functions that say whether a value conforms.

Source: ajv.js.org, "Getting started". ``validate(data)`` is true or false and never throws (unless ``$async``);
properties that a schema does not name pass unless ``additionalProperties`` is false, and so do all elements of a list
without ``items``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import Namespace, argument
from medpro_audit.model.evaluation.values import (
    FALSE,
    TRUE,
    ArrayValue,
    Constant,
    Item,
    Native,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.json_schema import Keywords, terms_of
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.outcome import Check, Outcome
from medpro_audit.model.schemas import ANYTHING, CHECKED, EXAMINED, SHALLOW, UNCERTAIN, Extra, Schema, Shape

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "ajv"
_ELSEWHERE = frozenset(("$ref", "$dynamicRef", "$recursiveRef", "if", "not", "patternProperties", "prefixItems"))
"""Keywords whose schemas are not followed: they check something, nobody knows what is within it."""
_ANNOTATIONS = frozenset(
    ("$comment", "$id", "$schema", "default", "deprecated", "description", "example", "examples", "nullable", "title")
)
"""Keywords that refuse nothing."""


def _shape_of(value: Value) -> Shape:
    """What a JSON Schema checks."""
    if not isinstance(value, ObjectValue):
        return UNCERTAIN
    plain = {name: _plain(inner) for name, inner in value.properties.items()}
    return _fields_of(value, plain).asking(terms_of(plain)._replace(is_optional=True))


def _fields_of(value: ObjectValue, plain: Keywords) -> Shape:
    properties = value.properties.get("properties")
    if isinstance(properties, ObjectValue):
        needed = plain.get("required")
        required = frozenset(map(str, needed)) if isinstance(needed, list) else frozenset[str]()
        fields = {
            name: _required(_shape_of(inner), is_required=name in required)
            for name, inner in properties.properties.items()
        }
        return Shape(fields, extra=_extra(value), is_certain=not properties.is_open)
    if "items" in value.properties:
        return Shape(element=_shape_of(value.properties["items"]))
    if isinstance(value.properties.get("additionalProperties"), ObjectValue):
        return Shape(element=_shape_of(value.properties["additionalProperties"]))
    return _unnamed(value, plain)


def _extra(value: ObjectValue) -> Extra:
    """What becomes of properties that a schema does not name."""
    said = value.properties.get("additionalProperties")
    return "rejected" if said is FALSE else "passed" if said is TRUE else "kept"


def _unnamed(value: ObjectValue, plain: Keywords) -> Shape:
    """What a schema checks that names neither properties nor items."""
    for keyword in ("allOf", "anyOf", "oneOf"):
        listed = value.properties.get(keyword)
        if isinstance(listed, ArrayValue):
            parts = [_shape_of(item.value) for item in listed.items]
            return Shape(all_of=parts) if keyword == "allOf" else Shape(any_of=parts)
    if _ELSEWHERE & set(value.properties):
        return EXAMINED
    if {"const", "enum"} & set(value.properties):
        return CHECKED
    types = plain.get("type")
    if types == "object" and plain.get("additionalProperties") is False:
        return Shape({}, extra="rejected")
    if types == "object":
        return Shape({}, extra="kept")
    if types is None:
        return SHALLOW if set(value.properties) - _ANNOTATIONS else ANYTHING
    named = types if isinstance(types, list) else [types]
    return SHALLOW if {"array", "object"} & set(map(str, named)) else CHECKED


def _required(shape: Shape, *, is_required: bool) -> Shape:
    return shape.asking(shape.terms._replace(is_optional=not is_required))


def _plain(value: Value) -> object:
    """A value as JSON has it; what isn't known is null."""
    match value:
        case Constant(value=constant):
            return constant
        case ArrayValue(items=items):
            return [_plain(item.value) for item in items]
        case ObjectValue(properties=properties):
            return {name: _plain(inner) for name, inner in properties.items()}
    return None


class Validator(Schema):
    """A compiled schema: a function that says whether a value conforms."""

    __slots__ = ("_last",)

    def __init__(self, shape: Shape, site: Site) -> None:
        super().__init__(LIBRARY, shape, site)
        self._last: Check | None = None
        """The last check that was made with it."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``errors`` is what the last check has found."""
        if name == "errors" and self._last is not None:
            return Outcome(self._last, is_success=False)
        return Unknown(f"property {name} of a compiled schema", site.place)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Check a value; the answer must be looked at."""
        if not isinstance(interpreter.request, Analysis):
            return Unknown("whether a value conforms", site.place)
        _, check = interpreter.request.validate(self, argument(arguments), self.label, site)
        self._last = check
        return Outcome(check, is_success=True)


class Ajv(Native):
    """An Ajv instance."""

    __slots__ = ("_used",)

    def __init__(self) -> None:
        self._used: Validator | None = None
        """The schema by which it has validated at once last."""

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``errors`` is what the last check has found."""
        if name == "errors" and self._used is not None:
            return self._used.member(interpreter, name, site)
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Compile a schema, or validate by one at once."""
        if name == "compile":
            return Validator(_shape_of(argument(arguments)), site)
        if name == "validate":
            self._used = Validator(_shape_of(argument(arguments)), site)
            return self._used.call(interpreter, arguments[1:], site)
        return self if name.startswith("add") else Unknown(f"the result of ajv.{name}()", site.place)


def _made(_interpreter: Interpreter, _arguments: tuple[Item, ...], _site: Site) -> Value:
    return Ajv()


PACKAGES = {LIBRARY: lambda: Namespace(LIBRARY, {"Ajv": Namespace(LIBRARY, {}, _made)}, _made)}
