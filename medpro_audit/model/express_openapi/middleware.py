"""The middleware that express-openapi puts before an operation by itself.

Source: express-openapi 12, `index.ts`; openapi-security-handler, `index.ts`: of alternatives, the first whose handlers
all yield something true lets a caller pass; a handler that throws refuses at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.builtins import argument
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import UNDEFINED, Constant, Item, Native, ObjectValue, Site, Unknown, Value
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import CatchingMiddleware, Next
from medpro_audit.model.request.records import Holding
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "express-openapi"


class DescribedOperation(CatchingMiddleware):
    """Leaves the document, and what it says of the operation, on the request."""

    __slots__ = ("document", "operation", "site")

    def __init__(self, document: Value, operation: Value, site: Site, *, catches: bool) -> None:
        super().__init__(catches=catches)
        self.document = document
        self.operation = operation
        self.site = site

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Pass on."""
        request, following = argument(arguments), argument(arguments, 2)
        if isinstance(request, Request):
            request.assign(interpreter, "apiDoc", self.document, site)
            request.assign(interpreter, "operationDoc", self.operation, site)
        return interpreter.call(following, (), site)


class RequestCheck(Native):
    """Holds a request against what the document says of it, which may be nothing much: it may well be checked."""

    __slots__ = ("_parts", "_site", "package")

    def __init__(self, parts: Sequence[RequestPart], site: Site) -> None:
        self.package = PACKAGE
        self._parts = parts
        self._site = site

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """What the document says something about may be checked from here on."""
        analysis, following = interpreter.request, argument(arguments, 2)
        if not isinstance(analysis, Analysis) or not isinstance(following, Next):
            return Unknown("a middleware that is called by hand", site.place)
        place = self._site.place
        analysis.grant([Holding(part, (), DOUBTFUL, "", PACKAGE, place) for part in self._parts])
        return following.call(interpreter, (), site)


class Demand(NamedTuple):
    """A security scheme that is asked for: its handler, and what it is called with beside the request."""

    handler: Value
    scopes: Value
    scheme: Value


class SecurityGuard(Native):
    """Lets those pass whom the security handlers accept."""

    __slots__ = ("_alternatives", "_site")

    def __init__(self, alternatives: Sequence[Sequence[Demand]], site: Site) -> None:
        self._alternatives = alternatives
        self._site = site

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """``if ((await a(req, …) && await b(req, …)) || …) next(); else next({ status: 401 })``."""
        at = self._site.at
        scope = Scope(self._site.module, None, is_function=True)
        scope.names.update(request=argument(arguments), next=argument(arguments, 2), refusal=_refusal())
        number = 0
        tests: list[ir.Expression] = []
        for alternative in self._alternatives:
            calls: list[ir.Expression] = []
            for demand in alternative:
                number += 1
                names = [f"{name}{number}" for name in ("handler", "scopes", "scheme")]
                scope.names.update(zip(names, demand, strict=True))
                handler, *others = (ir.Name(name, at + number) for name in names)
                calls.append(ir.Await(_call(handler, (ir.Name("request", at + number), *others), at + number)))
            tests.append(_joined("&&", calls, at))
        passing = ir.Evaluate(_call(ir.Name("next", at), (), at))
        refusing = ir.Evaluate(_call(ir.Name("next", at), (ir.Name("refusal", at),), at))
        interpreter.run((ir.If(_joined("||", tests, at), (passing,), (refusing,), at),), scope)
        return UNDEFINED


def _call(callee: ir.Expression, arguments: tuple[ir.Expression, ...], at: int) -> ir.Call:
    return ir.Call(callee, arguments, at, at)


def _joined(operator: str, parts: Sequence[ir.Expression], at: int) -> ir.Expression:
    return reduce(lambda left, right: ir.Binary(operator, left, right, at), parts)


def _refusal() -> Value:
    made = ObjectValue()
    made.properties["status"] = Constant(401)
    return made
