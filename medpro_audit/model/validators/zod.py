"""Zod 3 and 4: schemas, and what ``parse`` and ``safeParse`` of them prove.

Source: Zod documentation, "Objects", "Unions", "Refinements", "Schema methods". An object schema drops fields it does
not name (``strip``) unless it is ``strict`` or ``passthrough``; only what it names is checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from medpro_audit.model.checks import CheckResult, insist
from medpro_audit.model.evaluation.builtins import PROCESS, Namespace, argument
from medpro_audit.model.evaluation.handing_over import hand_over
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    TRUE,
    UNDEFINED,
    Environment,
    FunctionValue,
    Item,
    Method,
    Native,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.schemas import ANYTHING, CHECKED, EXAMINED, UNCERTAIN, Extra, Schema, Shape, refined, scalar
from medpro_audit.model.terms import Terms, coerced, made_by, narrowed

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "zod"

_ASKING = re.compile(r"\.(?:safeParse|parse)(?:Async)?\(")
_TRANSPARENT_MAKERS = {"optional", "nullable", "nullish", "promise", "readonly"}
_OBJECTS: dict[str, Extra] = {
    "object": "stripped",
    "strictObject": "rejected",
    "looseObject": "passed",
    "interface": "stripped",
}


def shape_of(value: Value) -> Shape:
    """The shape of a value used as a schema."""
    return value.shape if isinstance(value, Schema) else UNCERTAIN


class ZodSchema(Schema):
    """A Zod schema."""

    __slots__ = ()

    def is_instance(self, cls: Value) -> bool | None:
        """Every schema is a ``z.ZodType``, and one that is made otherwise no ``z.ZodNever``; the rest isn't known."""
        if isinstance(cls, Method) and isinstance(cls.receiver, Zod):
            if cls.name == "ZodNever":
                return False
            return True if cls.name in {"ZodType", "ZodSchema", "Schema"} else None
        return None

    def with_shape(self, shape: Shape, site: Site) -> ZodSchema:
        """A schema derived from this one."""
        return ZodSchema(LIBRARY, shape, site)

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """A method, or the schemas that it is made of."""
        if name == "shape":
            return _shape_value(self.shape, site)
        if name in {"element", "unwrap"} and self.shape.element is not None and name == "element":
            return self.with_shape(self.shape.element, site)
        if name in {"_def", "def", "_input", "_output", "_zod", "~standard"}:
            return Unknown("internals of a schema", site.place)
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Validate, or derive another schema."""
        if name in {"parse", "parseAsync"}:
            return self._parse(interpreter, argument(arguments), site, is_promised=name == "parseAsync")
        if name in {"safeParse", "safeParseAsync", "spa"}:
            return self._safe_parse(interpreter, argument(arguments), site)
        return self.derive(interpreter, name, arguments, site)

    def _parse(self, interpreter: Interpreter, value: Value, site: Site, *, is_promised: bool) -> Value:
        """It throws unless the value conforms: what follows only runs on checked data."""
        if not isinstance(interpreter.request, Analysis):
            return _parsed(value, self.shape)
        return insist(interpreter.request, self, value, site, is_promised=is_promised)

    def _safe_parse(self, interpreter: Interpreter, value: Value, site: Site) -> Value:
        analysis = interpreter.request
        if not isinstance(analysis, Analysis):
            made = ObjectValue()
            made.properties["data"] = _parsed(value, self.shape)
            made.is_open = True
            return made
        result, check = analysis.validate(self, value, self.label, site)
        return CheckResult(check, result, good="success", bad="error", value={"data", "output"})

    def derive(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """The schema that a method makes of this one; a method that isn't known here changes no fields."""
        derived = self._derived(name, arguments, site)
        if name == "superRefine" and self.shape.is_shallow and _hands_on(interpreter, arguments):
            derived = self.with_shape(CHECKED, site)
        made = self.with_shape(derived.shape.asking(self._asked(interpreter, name, arguments)), site)
        made.name = derived.name
        return made

    def _asked(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...]) -> Terms:
        """What it asks of the value itself."""
        match name:
            case "array":
                return Terms(is_optional=False).typed("array")
            case "and" | "or":
                return Terms(is_optional=False)
            case "keyof":
                return Terms(is_optional=False, values=frozenset(f'"{each}"' for each in self.shape.fields or ()))
            case "required":
                return self.shape.terms
        return narrowed(self.shape.terms, name, arguments, interpreter.code.snippet)

    def _derived(  # noqa: C901, PLR0912 - one case per method
        self, name: str, arguments: tuple[Item, ...], site: Site
    ) -> ZodSchema:
        shape, other = self.shape, argument(arguments)
        match name:
            case "extend" | "augment" | "safeExtend" | "setKey":
                added = _fields(other)
                made = shape.changed(fields={**(shape.fields or {}), **added.fields})
                made.is_certain = shape.is_certain and added.is_certain
                return self.with_shape(made, site)
            case "merge":
                merged = shape_of(other)
                made = shape.changed(fields={**(shape.fields or {}), **(merged.fields or {})}, extra=merged.extra)
                made.is_certain = shape.is_certain and merged.is_certain
                return self.with_shape(made, site)
            case "and":
                return self.with_shape(Shape(all_of=(shape, shape_of(other))), site)
            case "or":
                return self.with_shape(Shape(any_of=(shape, shape_of(other))), site)
            case "pick":
                return self.with_shape(_narrowed(shape, other, keep=True), site)
            case "omit":
                return self.with_shape(_narrowed(shape, other, keep=False), site)
            case "partial" | "deepPartial" | "required":
                made = _with_options(shape, other, is_optional=name != "required", is_deep=name == "deepPartial")
                return self.with_shape(made, site)
            case "strict":
                return self.with_shape(shape.changed(extra="rejected"), site)
            case "strip":
                return self.with_shape(shape.changed(extra="stripped"), site)
            case "passthrough" | "loose" | "nonstrict":
                return self.with_shape(shape.changed(extra="passed"), site)
            case "catchall":
                made = shape.changed()
                made.element = shape_of(other)
                return self.with_shape(made, site)
            case "array":
                return self.with_shape(Shape(element=shape), site)
            case "pipe":
                return self.with_shape(Shape(all_of=(shape, shape_of(other))), site)
            case "default" | "prefault" | "catch":
                made = shape.changed()
                made.default = other
                made.mends = name == "catch"
                return self.with_shape(made, site)
            case "keyof":
                return self.with_shape(CHECKED, site)
        derived = self.with_shape(refined(shape, name), site)
        derived.name = self.name if name in {"describe", "openapi", "meta", "superRefine", "refine"} else ""
        return derived


def _hands_on(interpreter: Interpreter, arguments: tuple[Item, ...]) -> bool:
    """Whether a function that refuses values asks another schema."""
    function = argument(arguments)
    if not isinstance(function, FunctionValue):
        return False
    node = function.node
    return _ASKING.search(interpreter.code.snippet(function.module.path, node.start, node.end)) is not None


class ZodNever(ZodSchema):
    """``z.never()``: wrappers ask for it to tell that a part is not taken at all."""

    __slots__ = ()

    def is_instance(self, cls: Value) -> bool | None:
        """It is a ``z.ZodNever``."""
        is_never = isinstance(cls, Method) and isinstance(cls.receiver, Zod) and cls.name == "ZodNever"
        return True if is_never else super().is_instance(cls)


class Zod(Native):
    """The ``z`` namespace, or that of schemas that convert what they are given."""

    __slots__ = ("_coerces",)

    def __init__(self, *, coerces: bool = False) -> None:
        self._coerces = coerces

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``z`` itself, a maker of schemas, or something that makes none."""
        if name in {"z", "default", "iso", "zod"}:
            return self
        if name == "coerce":
            return Zod(coerces=True)
        return super().member(interpreter, name, site)

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """Make a schema."""
        if name[:1].isupper() or name in {
            "prettifyError",
            "flattenError",
            "treeifyError",
            "formatError",
            "config",
            "setErrorMap",
            "toJSONSchema",
        }:
            hand_over(interpreter, arguments, site)
            return Unknown(f"the result of z.{name}", site.place)
        shape = _made(interpreter, name, arguments, site)
        terms = _asked(interpreter, shape, name, arguments)
        made = ZodNever if name == "never" else ZodSchema
        return made(LIBRARY, shape.asking(coerced(terms, name) if self._coerces else terms), site)


def _asked(interpreter: Interpreter, shape: Shape, name: str, arguments: tuple[Item, ...]) -> Terms:
    """What a new schema asks of the value itself."""
    read = interpreter.code.snippet
    match name:
        case "union" | "xor" | "discriminatedUnion" | "intersection":
            return Terms(is_optional=any(each.terms.is_optional for each in shape.any_of))
        case "lazy" | "promise" | "readonly":
            return shape.terms
        case "pipe" | "pipeline" | "preprocess":
            return narrowed(shape.terms._replace(types=None), name, arguments[:1], read)
        case _ if name in _TRANSPARENT_MAKERS:
            return narrowed(shape.terms, name, (), read)
    return made_by(name, arguments, read, is_optional=False)


def _made(  # noqa: C901 - one case per maker
    interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site
) -> Shape:
    first, second = argument(arguments), argument(arguments, 1)
    if name in _OBJECTS:
        fields = _fields(first)
        extra = _OBJECTS[name]
        return Shape(fields.fields, extra=extra, is_certain=fields.is_certain)
    match name:
        case "any" | "unknown" | "json":
            return ANYTHING
        case "custom":
            return EXAMINED if arguments else ANYTHING
        case "tuple":
            return Shape(element=_union(interpreter, first, site))
        case "array" | "set":
            return Shape(element=shape_of(first))
        case "record" | "map" | "partialRecord" | "looseRecord":
            return Shape(element=shape_of(second if len(arguments) > 1 else first))
        case "union" | "xor":
            return _union(interpreter, first, site)
        case "discriminatedUnion":
            return _union(interpreter, second, site)
        case "intersection":
            return Shape(all_of=(shape_of(first), shape_of(second)))
        case "preprocess" | "pipe" | "pipeline":
            return shape_of(second)
        case "lazy":
            inner = interpreter.call(first, (), site) if isinstance(first, FunctionValue) else first
            return shape_of(inner)
        case _ if name in _TRANSPARENT_MAKERS:
            return shape_of(first)
    return scalar(name)


def _union(interpreter: Interpreter, options: Value, site: Site) -> Shape:
    items = items_of(interpreter, options, site)
    if not items:
        return UNCERTAIN
    return Shape(any_of=[shape_of(item.value) for item in items])


class _Fields:
    """Fields of an object schema, and whether they are all known."""

    __slots__ = ("fields", "is_certain")

    def __init__(self, fields: Mapping[str, Shape], *, is_certain: bool) -> None:
        self.fields = fields
        self.is_certain = is_certain


def _fields(value: Value) -> _Fields:
    if isinstance(value, Schema) and value.shape.fields is not None:
        return _Fields(value.shape.fields, is_certain=value.shape.is_certain)
    if not isinstance(value, ObjectValue):
        return _Fields({}, is_certain=value is UNDEFINED)
    fields = {name: shape_of(inner) for name, inner in value.properties.items()}
    return _Fields(fields, is_certain=not value.is_open)


def _narrowed(shape: Shape, mask: Value, *, keep: bool) -> Shape:
    if shape.fields is None or not isinstance(mask, ObjectValue):
        made = shape.changed()
        made.is_certain = False
        return made
    named = {name for name, value in mask.properties.items() if value is TRUE}
    return shape.changed(fields={name: inner for name, inner in shape.fields.items() if (name in named) is keep})


def _with_options(shape: Shape, mask: Value, *, is_optional: bool, is_deep: bool = False) -> Shape:
    """With fields, all or those of a mask, that may or may not be left out."""
    named = mask.properties if isinstance(mask, ObjectValue) else shape.fields or {}
    fields = {
        name: inner.asking(inner.terms._replace(is_optional=is_optional)) if name in named else inner
        for name, inner in (shape.fields or {}).items()
    }
    if is_deep:
        fields = {
            name: _with_options(inner, UNDEFINED, is_optional=is_optional, is_deep=True)
            for name, inner in fields.items()
        }
    return shape.changed(fields=fields) if shape.fields is not None else shape


def zod_object(fields: ObjectValue, site: Site) -> ZodSchema:
    """The schema that an object of schemas stands for where a package takes either."""
    found = _fields(fields)
    shape = Shape(found.fields, is_certain=found.is_certain)
    return ZodSchema(LIBRARY, shape.asking(Terms(is_optional=False).typed("object")), site)


def _shape_value(shape: Shape, site: Site) -> Value:
    made = ObjectValue()
    for name, inner in (shape.fields or {}).items():
        made.properties[name] = ZodSchema(LIBRARY, inner, site)
    made.is_open = not shape.is_certain or shape.fields is None
    return made


class ParsedEnvironment(Native):
    """``schema.parse(process.env)``: environment variables with the schema's defaults."""

    __slots__ = ("_shape",)

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """An environment variable."""
        field = (self._shape.fields or {}).get(name)
        return Environment(name, field.default if field is not None else None)


def _parsed(value: Value, shape: Shape) -> Value:
    """What parsing yields outside of a request: the value itself."""
    if value is PROCESS.members["env"]:
        return ParsedEnvironment(shape)
    return value


def _zod() -> Value:
    return Zod()


def _with_openapi() -> Value:
    """Packages that hand ``z`` on next to what they add to it."""
    return Namespace("zod-openapi", {"z": Zod()})


PACKAGES = {
    "zod": _zod,
    "zod-openapi": _with_openapi,
}
