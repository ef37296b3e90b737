"""Yup: schemas whose ``validate`` throws.

Source: Yup README, "Schema.validate", "object", "object.noUnknown". An object schema keeps fields that it does not
name, unchecked; ``noUnknown`` takes them out of the result, and refuses them together with ``strict``. Of a list
without ``of`` the elements are not looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.checks import insist
from medpro_audit.model.evaluation.builtins import argument
from medpro_audit.model.evaluation.values import FALSE, TRUE, UNDEFINED, Item, Native, ObjectValue, Site, Unknown, Value
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.outcome import Outcome
from medpro_audit.model.schemas import ANYTHING, CHECKED, SHALLOW, UNCERTAIN, Schema, Shape, refined, scalar
from medpro_audit.model.terms import made_by, narrowed

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "yup"


def _shape_of(value: Value) -> Shape:
    return value.shape if isinstance(value, Schema) else UNCERTAIN


def _object(value: Value) -> Shape:
    if not isinstance(value, ObjectValue):
        return Shape({}, extra="kept")
    fields = {name: _shape_of(inner) for name, inner in value.properties.items()}
    return Shape(fields, extra="kept", is_certain=not value.is_open)


class YupSchema(Schema):
    """A Yup schema."""

    __slots__ = ()

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Validate, or derive another schema."""
        analysis, value = interpreter.request, argument(arguments)
        if name in {"validate", "validateSync", "isValid", "isValidSync"}:
            if not isinstance(analysis, Analysis):
                return Unknown("a validated value", site.place)
            schema = self._with(argument(arguments, 1))
            if name.startswith("validate"):
                return insist(analysis, schema, value, site, is_promised=name == "validate")
            _, check = analysis.validate(schema, value, self.label, site)
            return Outcome(check, is_success=True)
        terms = narrowed(self.shape.terms, name, arguments, interpreter.code.snippet)
        derived = YupSchema(LIBRARY, self._derived(name, value).asking(terms), site)
        derived.name = self.name if name in {"required", "label", "noUnknown"} else ""
        return derived

    def _with(self, options: Value) -> YupSchema:
        """This schema under options: fields that it doesn't name may be stripped, or refused, instead of being kept."""
        given = options.properties if isinstance(options, ObjectValue) else {}
        shape = self.shape
        if given.get("stripUnknown") is TRUE:
            shape = self._derived("noUnknown", TRUE)
        if shape.extra == "stripped" and given.get("strict") is TRUE:
            shape = shape.changed(extra="rejected")
        changed = YupSchema(LIBRARY, shape, self.site)
        changed.name = self.name
        return changed

    def _derived(self, name: str, value: Value) -> Shape:
        """What it checks after a method."""
        shape = self.shape
        match name:
            case "shape" | "concat":
                added = _object(value) if name == "shape" else _shape_of(value)
                shape = shape.changed(fields={**(shape.fields or {}), **(added.fields or {})})
            case "noUnknown" if shape.fields is not None:
                shape = shape.changed(extra="kept" if value is FALSE else "stripped")
            case "strict" if shape.extra == "stripped" and shape.fields is not None:
                shape = shape.changed(extra="rejected")
            case "exact":
                shape = shape.changed(extra="rejected")
            case "oneOf" | "equals" if shape.accepts_anything:
                shape = CHECKED
            case "of":
                shape = Shape(element=_shape_of(value))
        return refined(shape, name)


class Yup(Native):
    """The ``yup`` namespace."""

    __slots__ = ()

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """Yup itself, or a function of it."""
        return self if name in {"default", "yup"} else super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Make a schema."""
        value = argument(arguments)
        terms = made_by(name, arguments, interpreter.code.snippet, is_optional=True)
        return YupSchema(LIBRARY, _made(name, value).asking(terms), site)


def _made(name: str, value: Value) -> Shape:
    match name:
        case "object":
            return _object(value)
        case "array":
            return SHALLOW if value is UNDEFINED else Shape(element=_shape_of(value))
        case "mixed":
            return ANYTHING
    return scalar(name)


PACKAGES = {LIBRARY: Yup}
