"""express-validator: chains that check fields, and ``validationResult`` that says whether they passed.

Source: express-validator 7 documentation, "Getting started", "ValidationChain", "validationResult()". A chain never
answers by itself: only a handler that looks at the result and stops makes it count.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from medpro_audit.model.checks import CheckResult
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    ArrayValue,
    Constant,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request import Analysis, Check, Holding, Next, Outcome, Request
from medpro_audit.model.schemas import ANYTHING, CHECKED, HARMLESS, OUTERMOST, TEXT, Shape
from medpro_audit.model.subjects import PARTS, RequestPart
from medpro_audit.model.terms import Terms, narrowed

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter

LIBRARY = "express-validator"
_CHECKED = f"{LIBRARY} checks"
"""Property of the request under which the chains that have run are remembered."""

_MAKERS: dict[str, tuple[RequestPart, ...]] = {
    "body": ("body",),
    "param": ("params",),
    "query": ("query",),
    "header": ("headers",),
    "check": ("body", "params", "query"),
}


_TYPES: dict[str, Shape] = {
    **dict.fromkeys(("isAlphanumeric", "isBoolean", "isDate", "isDecimal", "isFloat", "isHexadecimal"), HARMLESS),
    **dict.fromkeys(("isIn", "isInt", "isISO8601", "isMongoId", "isNumeric", "isUUID", "toInt", "toFloat"), HARMLESS),
    **dict.fromkeys(("isEmail", "isJWT", "isMobilePhone", "isString", "isURL", "normalizeEmail", "trim"), TEXT),
}
"""What checks leave a client to choose; the others say nothing of the type."""
_BELOW: dict[str, Shape] = {
    "isArray": Shape(element=ANYTHING),
    **dict.fromkeys(("exists", "isEmpty", "isObject", "notEmpty", "optional"), OUTERMOST),
}
"""What checks of the value itself say of what is below it."""
_ASIDE = frozenset(("bail", "hide", "if", "not", "toArray", "withMessage"))
"""Methods that check nothing."""


class Checked(Native):
    """The fields that chains have checked by now."""

    __slots__ = ("holdings",)

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self.holdings = tuple(holdings)


class Chain(Native):
    """A validation chain: a middleware that checks fields of a request part."""

    __slots__ = ("_fields", "_parts", "_shape", "_site", "_terms", "package")

    def __init__(self, parts: tuple[RequestPart, ...], fields: tuple[str, ...], site: Site) -> None:
        self.package = LIBRARY
        self._parts = parts
        self._fields = fields
        self._site = site
        self._shape = OUTERMOST
        self._terms = Terms()

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """A further check; ``chain.run(req)`` runs it by hand."""
        if name == "run" and isinstance(argument(arguments), Request):
            return self.call(interpreter, arguments, site)
        self._shape = self._narrowed(name)
        asked = narrowed(self._terms, name, arguments, interpreter.code.snippet)
        # A check refuses what is not there, whereas a sanitizer makes something of it.
        is_check = asked != self._terms and asked.is_optional is None
        self._terms = asked._replace(is_optional=False) if is_check else asked
        return self

    def _narrowed(self, name: str) -> Shape:
        """What is checked after a further check: the surest of all; a custom one may look at everything."""
        if self._shape is HARMLESS or name in _ASIDE:
            return self._shape
        if name in _BELOW:
            return _BELOW[name] if self._shape is OUTERMOST else self._shape
        return _TYPES.get(name) or (self._shape if self._shape is TEXT else CHECKED)

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Check the fields, and pass on whatever comes of it."""
        request = argument(arguments)
        if isinstance(request, Request):
            before = request.properties.get(_CHECKED)
            kept = before.holdings if isinstance(before, Checked) else ()
            interpreter.journal.write(request.properties, _CHECKED, Checked([*kept, *self._holdings()]))
        following = argument(arguments, 2)
        return following.call(interpreter, (), site) if isinstance(following, Next) else Unknown("no next", site.place)

    def _holdings(self) -> list[Holding]:
        name = f"{self._parts[0]}({', '.join(map(repr, self._fields))})"
        shape = self._shape.asking(self._terms)
        return [
            Holding(part, tuple(field.split(".")) if field else (), shape, LIBRARY, name, self._site.place)
            for part in self._parts
            for field in self._fields
        ]


class _Result(CheckResult):
    """What ``validationResult(req)`` yields."""

    __slots__ = ("_outcome",)

    def __init__(self, check: Check) -> None:
        super().__init__(check, Unknown("checked data"), good="", bad="", value=())
        self._outcome = Outcome(check, is_success=True)

    def member(self, interpreter: Interpreter, name: str, site: Site) -> Value:
        """``isEmpty()`` is true when every check has passed; ``throw()`` throws when one has not."""
        if name == "isEmpty":
            return NativeFunction(lambda _i, _a, _s: self._outcome)
        if name == "throw":
            return NativeFunction(self._insist)
        return NativeFunction(lambda _i, _a, s: Unknown("errors of a validation", s.place))

    def _insist(self, interpreter: Interpreter, _arguments: tuple[Item, ...], _site: Site) -> Value:
        self._outcome.assume(interpreter, holds=True)
        return UNDEFINED


def _maker(parts: tuple[RequestPart, ...]) -> Value:
    def make(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        first = argument(arguments)
        items = items_of(interpreter, first, site) if isinstance(first, ArrayValue) else [Item(first)]
        names = [item.value.value for item in items or () if isinstance(item.value, Constant)]
        fields = tuple(str(name) for name in names) if arguments else ("",)
        return Chain(parts, fields, site)

    return NativeFunction(make)


def _check_schema(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``checkSchema({ field: {…} }, ['body'])``: a chain for each field."""
    given, wanted = argument(arguments), argument(arguments, 1)
    named = {item.value.value for item in items_of(interpreter, wanted, site) or () if isinstance(item.value, Constant)}
    parts = tuple(part for part in PARTS if part in named) or ("body", "params", "query")
    fields = tuple(given.properties) if isinstance(given, ObjectValue) else ()
    return ArrayValue([Item(Chain(parts, fields, site))])


def _validation_result(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    request = argument(arguments)
    checked = request.properties.get(_CHECKED) if isinstance(request, Request) else None
    if not isinstance(interpreter.request, Analysis) or not isinstance(checked, Checked):
        return Unknown("the result of a validation", site.place)
    return _Result(interpreter.request.check(checked.holdings))


def _express_validator() -> Value:
    makers = {name: _maker(parts) for name, parts in _MAKERS.items()}
    others = functions(checkSchema=_check_schema, validationResult=_validation_result)
    return Namespace(LIBRARY, {**makers, **others})


PACKAGES = {"express-validator": _express_validator, "express-validator/check": _express_validator}
