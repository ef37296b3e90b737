"""Packages that register routes by themselves on an application that they are given, and that are not followed.

What they register is missing from the endpoints: each such call is an unresolved registration, so that this is said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import CallRecord, External, ObjectValue, Unknown, Value, options_of
from medpro_audit.model.routing import Router

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

REGISTRARS = frozenset(
    (  # noqa: SIM905 - a table of words
        "@decorators/express @forestadmin/agent @nestjs/platform-express @oas-tools/core @ts-rest/express "
        "apollo-server-express apollo-server-koa consign epilogue express-automatic-routes express-autoroute "
        "express-load express-restify-mongoose express-routemagic express-zod-api finale-rest koa-openapi node-restful "
        "oas-tools payload swagger-express-mw swagger-routes-express swagger-tools"
    ).split()
)


class Registrars:
    """Listens to calls of packages, and notes those that register routes."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter

    def observe(self, record: CallRecord) -> None:
        """Note a call of such a package that is given an application or router."""
        callee = record.callee
        if not isinstance(callee, External) or callee.package not in REGISTRARS or self._interpreter.request:
            return
        reason = f"the package {callee.package} registers routes here, and what it registers is not followed"
        for router in dict.fromkeys(router for item in record.arguments for router in _routers(item.value)):
            unknown = Unknown(reason, record.site.place)
            router.register(self._interpreter, "route", ("ALL",), unknown, (), record.site)


def _routers(value: Value) -> Iterator[Router]:
    """Routers that are given, or are properties of an object that is given."""
    for option, _ in options_of(value):
        held = option.properties.values() if isinstance(option, ObjectValue) else [option]
        yield from (each for each in held if isinstance(each, Router))
