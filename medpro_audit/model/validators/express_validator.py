"""express-validator: chains that check fields, and ``validationResult`` that says whether they passed.

Source: express-validator 7 documentation, "Getting started", "ValidationChain", "validationResult()". A chain never
answers by itself: only a handler that looks at the result and stops makes it count; without that, its outcome is
ignored. A chain says nothing of what is
within its field when it only asks for a list, an object, or something; ``items.*.name`` has to be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from medpro_audit.model.checks import CheckResult, Findings
from medpro_audit.model.evaluation.builtins import Namespace, argument, functions
from medpro_audit.model.evaluation.members import items_of
from medpro_audit.model.evaluation.values import (
    FALSE,
    UNDEFINED,
    ArrayValue,
    Constant,
    External,
    Item,
    Native,
    NativeFunction,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.request.analysis import Analysis
from medpro_audit.model.request.data import Request
from medpro_audit.model.request.exchange import Next
from medpro_audit.model.request.outcome import Check, Outcome
from medpro_audit.model.request.records import Holding
from medpro_audit.model.schemas import ANYTHING, CHECKED, DOUBTFUL, EXAMINED, HARMLESS, SHALLOW, TEXT, Shape
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
_SHALLOW = frozenset(("exists", "isArray", "isEmpty", "isLength", "isObject", "notEmpty", "toArray"))
"""Methods that pass lists and objects whatever is in them."""
_IDLE = frozenset(("bail", "default", "hide", "if", "not", "optional", "replace", "withMessage"))
"""Methods that refuse nothing."""
_KEPT = frozenset(("toLowerCase", "toUpperCase", "customSanitizer"))
"""Sanitizers that may leave a value as it is."""
_REFUSING = frozenset(("contains", "custom", "equals", "exists", "matches", "notEmpty"))
"""Methods that may find something wrong, beside those that are called ``is…``."""
_NO_CHECKS = frozenset(("errorMessage", "in"))
"""Entries of a schema that are no methods of a chain."""
_STEP = re.compile(r"""[.\[\]'"]+""")
_UNCHECKED, _WITHIN, _DOUBTFUL, _THROUGHOUT = range(4)
"""How much of a field a chain checks: nothing, the value but not what is within it, perhaps that too, all of it."""
_SHAPES = {_UNCHECKED: ANYTHING, _WITHIN: SHALLOW, _DOUBTFUL: EXAMINED}


class Checked(Native):
    """The fields that chains have checked by now."""

    __slots__ = ("holdings",)

    def __init__(self, holdings: Iterable[Holding]) -> None:
        self.holdings = tuple(holdings)


class Chain(Native):
    """A validation chain: a middleware that checks fields of a request part."""

    __slots__ = ("_extent", "_fields", "_is_open", "_parts", "_refuses", "_shape", "_site", "_terms", "package")

    def __init__(
        self, parts: tuple[RequestPart, ...], fields: tuple[str, ...], site: Site, *, is_open: bool = False
    ) -> None:
        self.package = LIBRARY
        self._parts = parts
        self._fields = fields
        self._is_open = is_open
        """It checks fields, too, whose names aren't known."""
        self._site = site
        self._shape = CHECKED
        self._refuses = False
        """A method of it may find something wrong; sanitizers don't."""
        self._extent = _UNCHECKED
        self._terms = Terms()

    def invoke(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...], site: Site) -> Value:
        """A further check; ``chain.run(req)`` runs it by hand."""
        request = argument(arguments)
        if name == "run" and isinstance(request, Request):
            return _Result(self._run(interpreter, request))
        self.ask(interpreter, name, arguments)
        return self

    def ask(self, interpreter: Interpreter, name: str, arguments: tuple[Item, ...]) -> None:
        """Note what a method asks of the fields."""
        self._extent = max(self._extent, _extent_of(name))
        self._refuses |= name.startswith("is") or name in _REFUSING
        self._shape = _TYPES.get(name, self._shape) if self._shape is not HARMLESS else HARMLESS
        asked = narrowed(self._terms, name, arguments, interpreter.code.snippet)
        # A check refuses what is not there, whereas a sanitizer makes something of it.
        is_check = asked != self._terms and asked.is_optional is None
        self._terms = asked._replace(is_optional=False) if is_check else asked

    def call(self, interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
        """Check the fields, and pass on whatever comes of it."""
        request = argument(arguments)
        if isinstance(request, Request):
            self._run(interpreter, request)
        following = argument(arguments, 2)
        return following.call(interpreter, (), site) if isinstance(following, Next) else Unknown("no next", site.place)

    def doubt(self) -> None:
        """Note that it isn't known whether it has passed: of several, one is enough."""
        self._shape, self._extent, self._terms = DOUBTFUL, _THROUGHOUT, Terms()

    def _run(self, interpreter: Interpreter, request: Request) -> Check:
        """Check the fields of a request, for whoever looks at the outcome."""
        before, own = request.properties.get(_CHECKED), self._holdings()
        kept = before.holdings if isinstance(before, Checked) else ()
        interpreter.journal.write(request.properties, _CHECKED, Checked([*kept, *own]))
        return request.analysis.check(own if self._refuses else ())

    def _holdings(self) -> list[Holding]:
        name = f"{self._parts[0]}({', '.join(map(repr, self._fields))})"
        shape = _SHAPES.get(self._extent, self._shape).asking(self._terms)
        checked = [(_path(field), shape) for field in self._fields]
        if self._is_open:
            checked.append(((), DOUBTFUL))
        return [Holding(part, *what, LIBRARY, name, self._site.place) for part in self._parts for what in checked]


def _extent_of(name: str) -> int:
    """How much of a field a method checks; a sanitizer that makes a text or a number of it leaves nothing within it."""
    if name in _IDLE or name in _KEPT:
        return _UNCHECKED
    if name in _SHALLOW:
        return _WITHIN
    return _DOUBTFUL if name == "custom" else _THROUGHOUT


def _path(field: str) -> tuple[str, ...]:
    """``items[*].name``, ``items.*.name``: the names on the way."""
    return tuple(name for name in _STEP.split(field) if name)


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
        if name == "formatWith":
            return NativeFunction(lambda _i, _a, _s: self)
        if name in {"array", "mapped"}:
            return NativeFunction(lambda _i, _a, _s: Findings(self._check))
        if name == "errors":
            return Findings(self._check)
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
        is_open = bool(arguments) and (items is None or len(names) < len(items))
        return Chain(parts, fields, site, is_open=is_open)

    return NativeFunction(make)


def _check_schema(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``checkSchema({ field: {…} }, ['body'])``: a chain for each field."""
    given, wanted = argument(arguments), argument(arguments, 1)
    named = {item.value.value for item in items_of(interpreter, wanted, site) or () if isinstance(item.value, Constant)}
    parts = tuple(part for part in PARTS if part in named) or ("body", "params", "query")
    fields = given.properties if isinstance(given, ObjectValue) else {}
    return ArrayValue([Item(_told(interpreter, field, asked, parts, site)) for field, asked in fields.items()])


def _told(interpreter: Interpreter, field: str, asked: Value, parts: tuple[RequestPart, ...], site: Site) -> Chain:
    """The chain that an entry of a schema stands for."""
    said = asked.properties if isinstance(asked, ObjectValue) else {"custom": asked}
    own = said.get("in")
    items = items_of(interpreter, own, site) if isinstance(own, ArrayValue) else [Item(own)] if own is not None else ()
    named = {item.value.value for item in items or () if isinstance(item.value, Constant)}
    chain = Chain(tuple(part for part in PARTS if part in named) or parts, (field,), site)
    for name, value in said.items():
        if name not in _NO_CHECKS and value is not FALSE:
            given = value.properties.get("options") if isinstance(value, ObjectValue) else None
            each = given.items if isinstance(given, ArrayValue) else [Item(given)] if given is not None else ()
            is_function = isinstance(value, ObjectValue) and "custom" in value.properties
            chain.ask(interpreter, "custom" if is_function else name, tuple(each))
    return chain


def _one_of(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``oneOf([chain, [chain, chain]])``: which of them have passed isn't known."""
    chains = _exact(interpreter, arguments, site)
    for item in items_of(interpreter, chains, site) or ():
        if isinstance(item.value, Chain):
            item.value.doubt()
    return chains


def _exact(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``checkExact([chain, …])``: all of them, and nothing but their fields."""
    chains: list[Item] = []
    for item in items_of(interpreter, argument(arguments), site) or ():
        nested = items_of(interpreter, item.value, site) if isinstance(item.value, ArrayValue) else None
        chains.extend(nested or (item,))
    return ArrayValue(chains)


def _matched(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    """``matchedData(req)``: the fields that have passed, and no others: nobody need ask for the rest."""
    result = _validation_result(interpreter, arguments, site)
    if isinstance(result, _Result):
        result.use(interpreter, site)
    return interpreter.call_external(External(LIBRARY, "matchedData"), arguments, site)


def _validation_result(interpreter: Interpreter, arguments: tuple[Item, ...], site: Site) -> Value:
    request = argument(arguments)
    checked = request.properties.get(_CHECKED) if isinstance(request, Request) else None
    if not isinstance(interpreter.request, Analysis) or not isinstance(checked, Checked):
        return Unknown("the result of a validation", site.place)
    return _Result(interpreter.request.check(checked.holdings))


def _results() -> Value:
    """``validationResult``; ``withDefaults({ formatter })`` is the same, but for the form of what it finds."""
    return NativeFunction(_validation_result, functions(withDefaults=lambda _i, _a, _s: _results()))


def _express_validator() -> Value:
    makers = {name: _maker(parts) for name, parts in _MAKERS.items()}
    others = {
        **functions(checkSchema=_check_schema, checkExact=_exact, oneOf=_one_of, matchedData=_matched),
        "validationResult": _results(),
    }
    return Namespace(LIBRARY, {**makers, **others})


PACKAGES = {"express-validator": _express_validator, "express-validator/check": _express_validator}
