"""NestJS, as far as the Express application goes that it makes and hands out: ``app.getHttpAdapter().getInstance()``.

What its controllers register is not followed; each application that is made says so.
https://docs.nestjs.com/faq/http-adapter
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.values import CallRecord, External, Item, NativeFunction, Site, Unknown, Value
from medpro_audit.model.frameworks.express import ExpressRouter

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "@nestjs/core"
_MISSING = "what controllers of NestJS register is not followed"


class _Factory(External):
    """The package, or ``NestFactory``."""

    __slots__ = ()

    def member(self, name: str) -> Value:
        return _Factory(self.package, f"{self.name}.{name}" if self.name else name, self)

    def result(self, interpreter: Interpreter, call: CallRecord) -> External:
        is_made = self.name.endswith("NestFactory.create") and len(call.arguments) == 1
        return _Application(interpreter, self, call) if is_made else super().result(interpreter, call)


class _Application(External):
    """An application of NestJS on the Express application that it has made itself, or its adapter."""

    __slots__ = ("express",)

    def __init__(self, interpreter: Interpreter, factory: External, call: CallRecord) -> None:
        super().__init__(factory.package, factory.name, factory, call)
        self.express = ExpressRouter.made(interpreter, call.site, is_application=True)
        missing = Unknown(_MISSING, call.site.place)
        self.express.register(interpreter, "route", ("ALL",), missing, (), call.site)

    def member(self, name: str) -> Value:
        match name:
            case "getHttpAdapter":
                return NativeFunction(lambda _interpreter, _arguments, _site: self)
            case "getInstance":
                return NativeFunction(lambda _interpreter, _arguments, _site: self.express)
            case "use" | "listen":
                return NativeFunction(lambda *given: self._forward(name, *given))
        return super().member(name)

    def _forward(self, name: str, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        return interpreter.call(interpreter.member(self.express, name, site), arguments, site)


PACKAGES = {PACKAGE: lambda: _Factory(PACKAGE)}
