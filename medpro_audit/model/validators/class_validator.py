"""class-validator with class-transformer: objects checked by the decorators of their class.

Source: class-validator README, "Usage", "Whitelisting". ``validateOrReject`` throws, ``validate`` yields a list of
errors; only decorated properties are checked, others pass unless ``whitelist`` takes them out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.checks import insist
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.members import promise_member
from medpro_audit.model.evaluation.text import name_of, text_of
from medpro_audit.model.evaluation.values import (
    TRUE,
    ClassValue,
    Item,
    ObjectValue,
    Proposition,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request import Analysis, Check, Data, FromRequest, Outcome
from medpro_audit.model.schemas import CHECKED, HARMLESS, TEXT, UNCERTAIN, Extra, Schema, Shape
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


class Errors(Proposition, FromRequest):
    """The list of errors that ``validate`` yields; true when there are any."""

    __slots__ = ("_outcome",)

    def __init__(self, check: Check) -> None:
        self._outcome = Outcome(check, is_success=False)

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``length`` decides; a promise of the list is the list."""
        if name == "length":
            return self
        if name in {"then", "catch", "finally"}:
            return promise_member(self, name)
        return Unknown("errors of a validation", site.place)

    def assume(self, interpreter: Interpreter, *, holds: bool) -> None:
        """Without errors, the object is checked."""
        self._outcome.assume(interpreter, holds=holds)


def _transform(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``plainToInstance(cls, value)``."""
    value = argument(arguments, 1)
    return Instance(value, argument(arguments)) if isinstance(value, Data) else Unknown("an instance", site.place)


def _schema(instance: Instance, options: Value, site: Site) -> Schema:
    cls = instance.cls
    if not isinstance(cls, ClassValue):
        return Schema(LIBRARY, UNCERTAIN if isinstance(cls, Unknown) else CHECKED, site, "a class")
    whitelist = options.properties.get("whitelist") if isinstance(options, ObjectValue) else None
    members: list[ClassValue] = []
    current: Value | None = cls
    while isinstance(current, ClassValue):
        members.append(current)
        current = current.base
    fields = {
        member.key: _shape_of(member)
        for one in members
        for member in one.node.members
        if member.kind == "field" and member.decorators and isinstance(member.key, str)
    }
    extra: Extra = "stripped" if whitelist is TRUE else "kept"
    return Schema(LIBRARY, Shape(fields, extra=extra), site, cls.node.name)


def _shape_of(member: ir.ClassMember) -> Shape:
    names = {name_of(decorator).removesuffix("()") for decorator in member.decorators}
    shape = HARMLESS if names & _HARMLESS else TEXT if names & _TEXTS else CHECKED
    return shape.asking(_terms_of(member, names))


def _terms_of(member: ir.ClassMember, names: Collection[str]) -> Terms:
    """What its decorators ask; those that are not among the types are kept as they are written."""
    types = frozenset(_TYPES[name] for name in names if name in _TYPES)
    checks = [text_of(each) for each in member.decorators if name_of(each).removesuffix("()") not in _SAID]
    return Terms(
        types or None, is_optional="IsOptional" in names, checks=frozenset(f"decorator:{each}" for each in checks)
    )


def _validate_or_reject(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    if isinstance(interpreter.request, Analysis) and isinstance(value, Instance):
        schema = _schema(value, argument(arguments, 1), site)
        insist(interpreter.request, schema, value.data, site, is_promised=True)
        return value
    return Unknown("the outcome of a validation", site.place)


def _validate(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    value = argument(arguments)
    if isinstance(interpreter.request, Analysis) and isinstance(value, Instance):
        schema = _schema(value, argument(arguments, 1), site)
        _, check = interpreter.request.validate(schema, value.data, schema.label, site)
        return Errors(check)
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
