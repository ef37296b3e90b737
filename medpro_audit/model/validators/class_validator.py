"""class-validator with class-transformer: objects checked by the decorators of their class.

Source: class-validator README, "Usage", "Whitelisting". ``validateOrReject`` throws, ``validate`` yields a list of
errors; only decorated properties are checked, others pass unless ``whitelist`` takes them out, or, with
``forbidNonWhitelisted`` beside it, refuses them. Of a list or an object the elements are checked by
``@ValidateNested`` with ``@Type``, or by a decorator with ``each``.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.checks import Findings, insist
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.text import name_of, text_of
from medpro_audit.model.evaluation.values import (
    TRUE,
    ClassValue,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.data import Data
from medpro_audit.model.schemas import (
    ANYTHING,
    CHECKED,
    DOUBTFUL,
    HARMLESS,
    SHALLOW,
    TEXT,
    UNCERTAIN,
    Extra,
    Schema,
    Shape,
)
from medpro_audit.model.terms import Terms

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "class-validator"
_HARMLESS = frozenset(
    (  # noqa: SIM905 - a table of words
        "IsAlphanumeric IsBoolean IsDate IsDateString IsDecimal IsEnum IsHexadecimal IsIn IsInt IsISO8601 IsMongoId "
        "IsNegative IsNumber IsNumberString IsPositive IsUUID"
    ).split()
)
_TYPES = {
    **dict.fromkeys(("IsString", "IsEmail", "IsUrl", "IsUUID", "IsDateString", "IsMongoId", "IsISO8601"), "string"),
    **dict.fromkeys(("IsNumber", "IsDecimal", "IsPositive", "IsNegative"), "number"),
    "IsInt": "integer",
    "IsBoolean": "boolean",
    "IsArray": "array",
    "IsDate": "date",
    "IsObject": "object",
}
_SAID = frozenset(("IsString", "IsNumber", "IsInt", "IsBoolean", "IsArray", "IsDate", "IsObject", "IsOptional"))
"""Decorators that say no more than the type."""
_IDLE = frozenset(
    (  # noqa: SIM905 - a table of words
        "Allow ApiHideProperty ApiProperty ApiPropertyOptional Exclude Expose IsOptional JSONSchema Transform Type"
    ).split()
)
"""Decorators that refuse nothing."""
_SHALLOW = frozenset(
    (  # noqa: SIM905 - a table of words
        "ArrayMaxSize ArrayMinSize ArrayNotEmpty ArrayUnique IsArray IsDefined IsNotEmpty IsNotEmptyObject IsObject"
    ).split()
)
"""Decorators that say nothing of what is within a list or an object."""
_DEPTH = 6
"""How deep classes within classes are read."""
_TEXTS = frozenset(("IsEmail", "IsJWT", "IsMobilePhone", "IsPhoneNumber", "IsString", "IsUrl"))


class Instance(FromRequest):
    """Request data turned into an instance of a class, not checked yet."""

    __slots__ = ("cls", "data")

    def __init__(self, data: Data, cls: Value) -> None:
        self.data = data
        self.cls = cls

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """What the client sent in this field."""
        return self.data.member(interpreter, name, site)

    def use(self, interpreter: Interpreter, site: Site) -> None:
        """The data matters here."""
        self.data.use(interpreter, site)


def _transform(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``plainToInstance(cls, value)``."""
    value = argument(arguments, 1)
    return Instance(value, argument(arguments)) if isinstance(value, Data) else Unknown("an instance", site.place)


def _schema(interpreter: Interpreter, instance: Instance, options: Value, site: Site) -> Schema:
    cls = instance.cls
    if not isinstance(cls, ClassValue):
        return Schema(LIBRARY, UNCERTAIN if isinstance(cls, Unknown) else CHECKED, site, "a class")
    shape = _Reading(interpreter, _extra(options)).of(cls)
    return Schema(LIBRARY, shape, site, cls.node.name)


def _extra(options: Value) -> Extra:
    """What becomes of properties that have no decorator."""
    said = options.properties if isinstance(options, ObjectValue) else {}
    if said.get("whitelist") is not TRUE:
        return "kept"
    return "rejected" if said.get("forbidNonWhitelisted") is TRUE else "stripped"


class _Reading:
    """The reading of a class with those of its fields."""

    def __init__(self, interpreter: Interpreter, extra: Extra) -> None:
        self._interpreter = interpreter
        self._extra = extra

    def of(self, cls: ClassValue, depth: int = 0) -> Shape:
        """What the decorators of a class and of those that it extends check."""
        fields: dict[str, Shape] = {}
        current: Value | None = cls
        while isinstance(current, ClassValue):
            for member in current.node.members:
                if member.kind == "field" and member.decorators and isinstance(member.key, str):
                    fields.setdefault(member.key, self._field(member, current, depth))
            current = current.base
        return Shape(fields, extra=self._extra)

    def _field(self, member: ir.ClassMember, cls: ClassValue, depth: int) -> Shape:
        names = {_bare(decorator) for decorator in member.decorators}
        shape = HARMLESS if names & _HARMLESS else TEXT if names & _TEXTS else CHECKED
        if "ValidateNested" in names:
            shape = self._nested(member, cls, depth)
            shape = Shape(element=shape) if _is_list(member, names) else shape
        elif names <= _IDLE:
            shape = ANYTHING
        elif names <= _SHALLOW | _IDLE:
            shape = SHALLOW
        return shape.asking(_terms_of(member, names))

    def _nested(self, member: ir.ClassMember, cls: ClassValue, depth: int) -> Shape:
        """What the class checks that ``@Type(() => Line)`` names; nobody knows without it."""
        for decorator in member.decorators:
            if _bare(decorator) == "Type" and isinstance(decorator, ir.Call) and decorator.arguments and depth < _DEPTH:
                named = self._interpreter.evaluate(decorator.arguments[0], cls.scope)
                if isinstance(named, FunctionValue):
                    named = self._interpreter.call(named, (), Site(cls.module, decorator.at))
                if isinstance(named, ClassValue):
                    return self.of(named, depth + 1)
        return DOUBTFUL


def _bare(decorator: ir.Expression) -> str:
    """The name of a decorator, without that of its package."""
    return name_of(decorator).rpartition(".")[2].removesuffix("()")


def _is_list(member: ir.ClassMember, names: Collection[str]) -> bool:
    each = (text_of(decorator) for decorator in member.decorators if _bare(decorator) == "ValidateNested")
    return "IsArray" in names or any("each" in source for source in each)


def _terms_of(member: ir.ClassMember, names: Collection[str]) -> Terms:
    """What its decorators ask; those that are not among the types are kept as they are written."""
    types = frozenset(_TYPES[name] for name in names if name in _TYPES)
    checks = [text_of(each) for each in member.decorators if _bare(each) not in _SAID]
    return Terms(
        types or None, is_optional="IsOptional" in names, checks=frozenset(f"decorator:{each}" for each in checks)
    )


def _validate_or_reject(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    if isinstance(interpreter.request, Analysis) and isinstance(value, Instance):
        schema = _schema(interpreter, value, argument(arguments, 1), site)
        insist(interpreter.request, schema, value.data, site, is_promised=True)
        return value
    return Unknown("the outcome of a validation", site.place)


def _validate(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    if isinstance(interpreter.request, Analysis) and isinstance(value, Instance):
        schema = _schema(interpreter, value, argument(arguments, 1), site)
        _, check = interpreter.request.validate(schema, value.data, schema.label, site)
        return Findings(check)
    return Unknown("the outcome of a validation", site.place)


PACKAGES = {
    "class-transformer": lambda: Namespace(
        "class-transformer",
        functions(plainToInstance=_transform, plainToClass=_transform, deserialize=_transform),
    ),
    LIBRARY: lambda: Namespace(
        LIBRARY, functions(validate=_validate, validateSync=_validate, validateOrReject=_validate_or_reject)
    ),
}
