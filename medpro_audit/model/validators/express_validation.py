"""express-validation: middleware made of Joi schemas, one for each request part.

Source: its README. ``validate({ body, params, query, headers })`` takes Joi schemas or plain objects of them and passes
an error on when the request does not conform; ``validate.validate`` is the same in version 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.checks import SchemaMiddleware
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.values import Item, ObjectValue, Site, Value
from medpro_audit.model.schemas import Schema
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.validators.joi import LIBRARY, Joi, JoiSchema, shape_of

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "express-validation"


def _validate(_interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    given = argument(arguments)
    schemas: dict[RequestPart, Schema] = {}
    if isinstance(given, ObjectValue):
        for part in PARTS:
            if part in given.properties:
                # Further fields stay in the request: before version 3 they are allowed unless an option says otherwise.
                shape = shape_of(given.properties[part]).changed(extra="stripped")
                schemas[part] = JoiSchema(LIBRARY, shape, site)
    return SchemaMiddleware(PACKAGE, schemas, replaces=False)


PACKAGES = {PACKAGE: lambda: Namespace(PACKAGE, {"Joi": Joi(), **functions(validate=_validate)}, _validate)}
