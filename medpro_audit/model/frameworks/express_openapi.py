"""express-openapi: operations that the files of a folder export, registered by their paths, with what guards them.

Source: express-openapi 12, README and `index.ts`; openapi-framework 12, `index.ts`. ``initialize({ app, apiDoc,
paths })`` registers each operation of each path module below each base path of the document. What it validates by
``parameters`` and ``requestBody`` is reported as unknown: what the schemas refuse depends on its version.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.builtins import ROOT, Namespace, argument
from medpro_audit.model.evaluation.conditions import truth_of
from medpro_audit.model.evaluation.imports import ModuleNamespace, require
from medpro_audit.model.evaluation.members import entries_of, items_of
from medpro_audit.model.evaluation.strings import concatenated
from medpro_audit.model.evaluation.text import offset_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    FunctionValue,
    Item,
    NativeFunction,
    ObjectValue,
    Offered,
    Site,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.express_openapi.document import ALIASES, ApiDocument, Scopes, found, is_open, requirements
from medpro_audit.model.express_openapi.middleware import (
    PACKAGE,
    Demand,
    DescribedOperation,
    RequestCheck,
    SecurityGuard,
)
from medpro_audit.model.express_openapi.modules import PathModule, Unlisted, path_modules
from medpro_audit.model.frameworks.express import ExpressRouter

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

_PARAMETER = re.compile(r"\{([^}]+)\}")
_DOCUMENT_PATH = "/api-docs"


class _Registration:
    """One call of ``initialize``."""

    def __init__(
        self, interpreter: Interpreter, application: ExpressRouter, given: Mapping[str, Value], site: Site
    ) -> None:
        self._interpreter = interpreter
        self._application = application
        self._given = given
        self._site = site
        self._document = ApiDocument(self._plain(_loaded(interpreter, given.get("apiDoc", UNDEFINED), site)))
        self._bases = self._document.base_paths()

    def run(self) -> None:
        """Register everything, in the order in which the package does."""
        modules: list[PathModule] = []
        if "paths" not in self._given and "operations" not in self._given:
            self._unresolved("no path modules are named", self._site)
        for one in path_modules(self._interpreter, self._given, self._site):
            if isinstance(one, Unlisted):
                self._unresolved(one.reason, self._site)
            else:
                modules.append(one)
        static = [one for one in modules if "{" not in one.path[1:]]
        dynamic = [one for one in modules if "{" in one.path[1:]]
        for ordered in (static, dynamic):
            for one in sorted(ordered, key=lambda each: each.path, reverse=True):
                self._path(one)
        self._operations()
        self._around()

    def _unresolved(self, reason: str, site: Site) -> None:
        self._application.register(self._interpreter, "route", ("ALL",), Unknown(reason, site.place), (), site)

    def _path(self, one: PathModule) -> None:
        exported = entries_of(self._interpreter, one.module, one.site)
        if exported is None:
            reason = one.module.reason if isinstance(one.module, Unknown) else "what it exports is not known"
            self._unresolved(f"the operations of {one.path} are not known: {reason}", one.site)
            return
        module = ObjectValue()
        module.properties.update((name, item.value) for name, item in exported)
        operations = [name for name in module.properties if name in ALIASES]
        item = found(found(self._document.root, "paths"), one.path)
        described = [name for name in item.properties if name in ALIASES] if isinstance(item, ObjectValue) else []
        done: set[str] = set()
        for name in (*operations, *described):
            method = ALIASES[name]
            if method in done:
                continue
            done.add(method)
            handler = module.properties.get(name) or self._named(one, found(item, name))
            own = _own_document(self._interpreter, handler, one.site)
            scopes = Scopes(self._document, module, item, found(item, method) if own is UNDEFINED else own)
            self._operation(method, one.path, handler, scopes, one.site)

    def _named(self, one: PathModule, described: Value) -> Value:
        """A handler that the document names by its ``operationId``."""
        name = found(described, "operationId")
        if isinstance(name, Constant):
            return self._interpreter.member(one.module, str(name.value), one.site)
        return Unknown("no handler is named for it", one.site.place)

    def _operations(self) -> None:
        """``operations``: handlers by the ``operationId`` of the document's paths."""
        operations, paths = self._given.get("operations", UNDEFINED), found(self._document.root, "paths")
        if operations is UNDEFINED:
            return
        if not isinstance(paths, ObjectValue) or is_open(paths):
            self._unresolved("the paths of its API document are not known", self._site)
        for path, item in paths.properties.items() if isinstance(paths, ObjectValue) else ():
            for name in [name for name in getattr(item, "properties", {}) if name in ALIASES]:
                described = found(item, ALIASES[name])
                key = found(described, "operationId")
                if isinstance(key, Constant):
                    handler = self._interpreter.member(operations, str(key.value), self._site)
                    scopes = Scopes(self._document, UNDEFINED, item, described)
                    if handler is not UNDEFINED:
                        self._operation(ALIASES[name], path, handler, scopes, self._site)

    def _operation(self, method: str, path: str, handler: Value, scopes: Scopes, site: Site) -> None:
        items = [*self._before(path, scopes), *_additional(self._interpreter, scopes, site), *_handlers(handler, site)]
        below = _PARAMETER.sub(r":\1", path)
        for base in self._bases:
            whole = base if isinstance(base, Unknown) else _below(base, below)
            self._application.register(
                self._interpreter, "route", (method.upper(),), whole, items, _place_of(handler, site)
            )

    def _before(self, path: str, scopes: Scopes) -> Iterator[Item]:
        """What the package puts before an operation; without a document of it, nothing."""
        catches = truth_of(self._given.get("promiseMode", UNDEFINED)) is True
        is_described = scopes.operation is not UNDEFINED and scopes.allows()
        if is_described or catches:
            described = DescribedOperation(self._document.root, scopes.operation, self._site, catches=catches)
            yield self._item("assignApiDocMiddleware", described)
        if not is_described:
            return
        for media in scopes.consumes():
            consuming = found(self._plain(self._given.get("consumesMiddleware", UNDEFINED)), media)
            if consuming is not UNDEFINED:
                yield self._item(f"consumesMiddleware['{media}']", consuming)
        guard = self._guard(scopes.security(path, self._given.get("pathSecurity", UNDEFINED)))
        if guard is not None:
            yield guard
        checked = scopes.checked() if scopes.allows("validation-") else []
        if checked:
            yield self._item("requestValidatorMiddleware", RequestCheck(checked, self._site))

    def _guard(self, security: Value) -> Item | None:
        """What lets only those pass whom the security handlers accept; None where everybody may pass."""
        handlers, schemes = self._plain(self._given.get("securityHandlers", UNDEFINED)), self._document.schemes
        if UNDEFINED in (handlers, schemes, security):
            return None
        alternatives = requirements(security)
        if alternatives is None or not isinstance(handlers, ObjectValue) or not isinstance(schemes, ObjectValue):
            unknown = Unknown("what it asks of callers is computed while the program runs", self._site.place)
            return self._item("securityHandlers", SecurityGuard([[Demand(unknown, UNDEFINED, UNDEFINED)]], self._site))
        asked: list[list[Demand]] = []
        names: list[str] = []
        for alternative in alternatives:
            demands = [
                (name, Demand(handler, scopes, found(schemes, name)))
                for name, scopes in alternative
                if (handler := found(handlers, name)) is not UNDEFINED  # of one without a handler, nothing is asked
            ]
            if demands:
                asked.append([demand for _, demand in demands])
                names += [name for name, _ in demands]
        if not asked:
            return None
        name = f"securityHandlers.{names[0]}" if len(names) == 1 else "securityHandlers"
        return self._item(name, SecurityGuard(asked, self._site))

    def _plain(self, value: Value) -> Value:
        """A module that is given for an object as that object."""
        if not isinstance(value, ModuleNamespace):
            return value
        made = ObjectValue()
        entries = value.entries(self._interpreter, self._site)
        made.properties.update((name, item.value) for name, item in entries)
        return made

    def _item(self, name: str, value: Value) -> Item:
        return Item(value, ir.Name(name, self._site.at), self._site.module)

    def _around(self) -> None:
        """The route that shows the document, and the handler of errors below the base paths."""
        given, errors = self._given, self._given.get("errorMiddleware", UNDEFINED)
        shown = given.get("exposeApiDocs", UNDEFINED)
        where = given.get("docsPath", Constant(_DOCUMENT_PATH))
        handler = given.get("securityFilter", NativeFunction(_show))
        for base in self._bases:
            if shown is UNDEFINED or truth_of(shown) is not False:
                path: Value | None = base if isinstance(base, Unknown) else concatenated((base, where))
                items = (self._item("securityFilter", handler),)
                self._application.register(self._interpreter, "route", ("GET",), path, items, self._site)
            if self._application.is_error_handler(errors):
                path = None if isinstance(base, Constant) and not base.value else base
                items = (self._item("errorMiddleware", errors),)
                self._application.register(self._interpreter, "use", (), path, items, self._site)


def _show(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """Answers with the document."""
    return interpreter.call(interpreter.member(argument(arguments, 1), "json", site), (), site)


def _below(base: Value, path: str) -> Value:
    return Constant(f"{base.value}{path}") if isinstance(base, Constant) else concatenated((base, path))


def _loaded(interpreter: Interpreter, value: Value, site: Site) -> Value:
    """An API document that is named by its file, where that is code or JSON."""
    if not isinstance(value, Constant) or not str(value.value).endswith((".js", ".json", ".ts")):
        return value
    path = str(value.value).removeprefix(ROOT).lstrip("./")
    return require(interpreter, site.module, f"{ROOT}/{path}", site)


def _own_document(interpreter: Interpreter, handler: Value, site: Site) -> Value:
    """What an operation says of itself: its own ``apiDoc``, or that of the last function of a list."""
    if isinstance(handler, ArrayValue):
        own = handler.properties.get("apiDoc")
        last = handler.items[-1].value if handler.items else UNDEFINED
        return own if own is not None else _own_document(interpreter, last, site)
    if isinstance(handler, FunctionValue | ObjectValue):
        return interpreter.member(handler, "apiDoc", site)
    return Unknown("what it says of itself is not known", site.place)


def _additional(interpreter: Interpreter, scopes: Scopes, site: Site) -> Iterator[Item]:
    for listed in scopes.additional():
        items = items_of(interpreter, listed, site)
        yield from items if items is not None else (Item(Unknown("a list of middleware that is not known")),)


def _handlers(handler: Value, site: Site) -> Sequence[Item]:
    if isinstance(handler, ArrayValue):
        return handler.items
    if isinstance(handler, FunctionValue):
        return (Item(handler, ir.Name(handler.node.name or "<inline>", handler.node.start), handler.module),)
    return (Item(handler, ir.Name("<inline>", site.at), site.module),)


def _place_of(handler: Value, site: Site) -> Site:
    """Where an operation stands: its function, or the first of its list; else its module."""
    if isinstance(handler, FunctionValue):
        return Site(handler.module, handler.node.start)
    for item in handler.items if isinstance(handler, ArrayValue) else ():
        if item.source is not None and item.module is not None:
            return Site(item.module, offset_of(item.source))
    return site


def _initialize(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    options = argument(arguments)
    given = dict(options.properties) if isinstance(options, ObjectValue) else {}
    if not isinstance(options, ObjectValue) or is_open(options):
        for name in ("paths", "securityHandlers", "pathSecurity"):
            given.setdefault(name, Unknown("its options are computed while the program runs", site.place))
    applications = [each for each, _ in options_of(given.get("app", UNDEFINED)) if isinstance(each, ExpressRouter)]
    for application in applications:
        _Registration(interpreter, application, given, site).run()
    if not applications:
        unknown = Unknown("the application that the package registers routes on is not known", site.place)
        made = ExpressRouter.made(interpreter, site, is_application=True)
        made.register(interpreter, "route", ("ALL",), unknown, (), site)
    return External(PACKAGE, "initialize")


_MAKER = External(PACKAGE, "initialize")

PACKAGES = {PACKAGE: lambda: Namespace(PACKAGE, {"initialize": Offered(_MAKER, _initialize)})}
