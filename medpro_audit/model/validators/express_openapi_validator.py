"""express-openapi-validator: middleware that holds every request against an OpenAPI document.

Source: its README, "Usage" and "Options"; up to its third version ``new OpenApiValidator(options).install(app)``.
What it refuses is in the document, which may say nothing of a path, leave paths out by ``ignorePaths``, or allow
anything: requests behind it may well be checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medpro_audit.model.evaluation.builtins import Namespace, argument
from medpro_audit.model.evaluation.values import (
    Constant,
    External,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Offered,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Next
from medpro_audit.model.request.records import Holding
from medpro_audit.model.schemas import DOUBTFUL
from medpro_audit.model.subjects import PARTS

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

PACKAGE = "express-openapi-validator"


class DocumentMiddleware(Native):
    """A middleware that checks requests by a document."""

    __slots__ = ("_site", "package")

    def __init__(self, site: Site) -> None:
        self.package = PACKAGE
        self._site = site

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Whatever is read from here on may be checked."""
        analysis, request = interpreter.request, argument(arguments)
        if not isinstance(analysis, Analysis) or not isinstance(request, Request):
            return Unknown("a middleware that is called by hand", site.place)
        analysis.grant([Holding(part, (), DOUBTFUL, "", PACKAGE, self._site.place) for part in PARTS])
        following = argument(arguments, 2)
        return following.call(interpreter, (), site) if isinstance(following, Next) else Unknown("no next", site.place)


def _middleware(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    given = argument(arguments)
    made = interpreter.call_external(_MAKER, arguments, site)
    wanted = given.properties.get("validateRequests") if isinstance(given, ObjectValue) else None
    if isinstance(wanted, Constant) and wanted.value is False:
        return made
    return DocumentMiddleware(site)


class Installer(Native):
    """``new OpenApiValidator(options)``, which is installed on an application."""

    __slots__ = ("_options",)

    def __init__(self, options: tuple[Item, ...]) -> None:
        self._options = options

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """``install(app)`` is ``app.use(middleware)``; what follows its promise runs later."""
        if name in {"install", "installSync"}:
            use = interpreter.member(argument(arguments), "use", site)
            interpreter.call(use, (Item(_middleware(interpreter, self._options, site)),), site)
        return interpreter.call_external(External(PACKAGE, name), (), site)


def _installer(_interpreter: Interpreter, arguments: tuple[Item, ...], _site: Site) -> Value:
    return Installer(arguments)


_MAKER = External(PACKAGE, "middleware")

PACKAGES = {
    PACKAGE: lambda: Namespace(
        PACKAGE,
        {"middleware": Offered(_MAKER, _middleware), "OpenApiValidator": NativeFunction(_installer)},
        _installer,
    )
}
