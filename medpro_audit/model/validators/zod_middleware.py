"""Packages that make Express middleware of Zod schemas: zod-express-middleware, express-zod-safe.

Source: their READMEs. ``validateRequest({ body, params, query })`` and the forms for one part check and pass on; the
``processRequest`` forms also put what was parsed in place of the part. All answer 400 instead of passing on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.checks import SchemaMiddleware
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.values import Item, ObjectValue, Site, Value
from medpro_audit.model.schemas import Schema
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.validators.zod import LIBRARY, ZodSchema, shape_of, zod_object

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter


def _of_parts(package: str, *, replaces: bool) -> Value:
    """``validateRequest({ body: …, params: …, query: … })``."""

    def make(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        given = argument(arguments)
        schemas: dict[RequestPart, Schema] = {}
        if isinstance(given, ObjectValue):
            for part in PARTS:
                value = given.properties.get(part)
                if value is not None:
                    schemas[part] = _schema(value, site)
        return SchemaMiddleware(package, schemas, replaces=replaces)

    return functions(make=make)["make"]


def _of_part(package: str, part: RequestPart, *, replaces: bool) -> Value:
    """``validateRequestBody(schema)``."""

    def make(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        return SchemaMiddleware(package, {part: _schema(argument(arguments), site)}, replaces=replaces)

    return functions(make=make)["make"]


def _schema(value: Value, site: Site) -> Schema:
    """A schema, or an object of schemas that stands for one."""
    if isinstance(value, Schema):
        return value
    if isinstance(value, ObjectValue):
        return zod_object(value, site)
    return ZodSchema(LIBRARY, shape_of(value), site)


def _zod_express_middleware() -> Value:
    package = "zod-express-middleware"
    members: dict[str, Value] = {}
    for verb, replaces in (("validate", False), ("process", True)):
        members[f"{verb}Request"] = _of_parts(package, replaces=replaces)
        for part in PARTS:
            members[f"{verb}Request{part.capitalize()}"] = _of_part(package, part, replaces=replaces)
    return Namespace(package, members)


def _express_zod_safe() -> Value:
    package = "express-zod-safe"
    return Namespace(package, {"default": _of_parts(package, replaces=True)})


PACKAGES = {
    "zod-express-middleware": _zod_express_middleware,
    "express-zod-safe": _express_zod_safe,
}
