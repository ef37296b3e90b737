"""Where the failures of an asynchronous handler go: to Express by itself, through a wrapper, or to nobody."""

from __future__ import annotations

from functools import cache

from medpro_audit.core.place import Step
from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import spots_of
from medpro_audit.model.errors.promises import Promises
from medpro_audit.model.errors.versions import CATCHING, express_major
from medpro_audit.model.evaluation.values import External, FunctionValue
from medpro_audit.model.handlers import Found, Wrapper
from medpro_audit.model.known import Base
from medpro_audit.model.request.exchange import CatchingMiddleware, ServingFunction
from medpro_audit.model.routing import Row
from medpro_audit.model.subjects import Endpoint
from medpro_audit.model.subjects.facets.errors import Errors, Forwarding

_PATCHES = frozenset(("express-async-errors", "express-async-patch", "@small-tech/express-async-errors"))
"""Packages that teach Express 4 to catch, when they are imported."""
_ROUTERS = frozenset(("express-promise-router", "@awaitjs/express"))
_WRAPPERS = frozenset(
    (
        "async-express",
        "async-middleware",
        "express-async-handler",
        "express-async-wrap",
        "express-async-wrapper",
        "middleware-async",
        "express-wrap-async",
        "express-promise-wrap",
    )
)
_MAX_STEPS = 4
_WORDS = {
    "await": "a rejection of this leaves the handler",
    "throw": "what is thrown here leaves the handler as a rejection",
    "returned": "a rejection of this promise leaves the handler",
}


class Forwarder:
    """Says of each endpoint where its failures go."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self.promises = Promises(base.interpreter)
        self.major = cache(lambda backend: express_major(base, backend))
        self._patched = {
            base.backend_of(path)
            for path, facts in base.facts.items()
            if any(fact.specifier in _PATCHES for fact in facts.imports)
        }

    def errors(self, row: Row, endpoint: Endpoint, found: Found | None) -> Errors:
        """What becomes of the failures of an endpoint."""
        if found is not None and isinstance(found.value, External):
            return Errors("not-needed", reason=found.handler.reason)
        if found is None or not isinstance(found.value, FunctionValue):
            return Errors("unknown", reason=endpoint.handler.reason or "its handler is not known")
        wrapper = next((name for each in found.wrappers if (name := self._catching(each))), None)
        if wrapper is not None:
            return Errors("wrapper", wrapper=wrapper)
        leaving = self.promises.risks(found.value)
        if not leaving:
            return Errors("handler" if self.promises.waits(found.value) else "not-needed")
        trail = tuple(Step(risk.place.file, risk.place.line, _WORDS[risk.kind]) for risk in leaving[:_MAX_STEPS])
        status, reason = self.framework(row, endpoint)
        if status == "nothing" and any(not isinstance(each.value, FunctionValue) for each in found.wrappers):
            status, reason = "unknown", f"it isn't known whether {found.wrappers[0].name} catches"
        return Errors(status, reason=reason, trail=trail)

    def framework(self, row: Row, endpoint: Endpoint) -> tuple[Forwarding, str | None]:
        """Whether what calls the functions of an endpoint catches what they reject, and if unknown, why."""
        if endpoint.framework != "express" or any(isinstance(item.value, ServingFunction) for item in row.items):
            return "framework", None  # routing-controllers calls handlers itself, and catches
        if any(isinstance(item.value, CatchingMiddleware) and item.value.catches for item in row.items):
            return "framework", None
        imports = self._base.facts[row.items[-1].router.site.module.path].imports if row.items else ()
        if endpoint.backend in self._patched or any(fact.specifier in _ROUTERS for fact in imports):
            return "framework", None
        major = self.major(endpoint.backend)
        if major is None:
            return "unknown", "the version of Express is not known, and only from version 5 on it catches"
        return ("framework" if major >= CATCHING else "nothing"), None

    def _catching(self, wrapper: Wrapper) -> str:
        """The name of a wrapper that surely catches; empty for any other."""
        match wrapper.value:
            case External(package=package) if package in _WRAPPERS:
                return wrapper.name
            case FunctionValue() as function if self._catches(function):
                return wrapper.name
        return ""

    def _catches(self, function: FunctionValue) -> bool:
        """Whether a function handles the failure of a promise: ``.catch(…)``, or ``await`` in a ``try``."""
        for spot in spots_of(self._base.interpreter.code, function):
            match spot.node:
                case ir.Call(callee=ir.Member(name="catch"), arguments=(_, *_)):
                    return True
                case ir.Call(callee=ir.Member(name="then"), arguments=(_, _)):
                    return True
                case ir.Try(handler=tuple() as handler) if handler:
                    return True
        return False
