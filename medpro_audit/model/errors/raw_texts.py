"""Methods of texts that are called on what a client sent: ``req.body.phone.trim()`` throws where it is a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import Spot, spots_of
from medpro_audit.model.errors.promises import Risk
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import FunctionValue
from medpro_audit.model.validation import Ledger

_OF_TEXTS = frozenset(
    (  # noqa: SIM905 - a table of words
        "charAt endsWith localeCompare match matchAll normalize padEnd padStart replace replaceAll split startsWith"
        " substring toLowerCase toUpperCase trim trimEnd trimStart"
    ).split()
)
"""Methods that nothing else has which comes in JSON."""
_QUESTIONS = frozenset(("isArray", "isString"))


def raw_texts(interpreter: Interpreter, function: FunctionValue, ledger: Ledger) -> Iterator[Risk]:
    """Where a function calls one outside of every ``try``, and nothing has checked before what it is called on."""
    target = function.node.parameters[0].target if function.node.parameters else None
    facts = function.module.facts
    spots = spots_of(interpreter.code, function)
    for spot in spots if not _asks_for_types(spots) else ():
        path = _field(spot, target.id) if isinstance(target, ir.Name) else None
        if path is not None and isinstance(spot.node, ir.Call):
            place = facts.place(spot.node.at)
            if _is_unchecked(ledger, path, place.file, place.line):
                yield Risk(place, "throw")


def _field(spot: Spot, request: str) -> tuple[str, ...] | None:
    """The field of the body that a method of texts is called on: ``("phone",)``."""
    match spot.node:
        case ir.Call(callee=ir.Member(object=ir.Member() as owner, name=name)) if name in _OF_TEXTS:
            if spot.is_own and not spot.is_tried:
                return _path(owner, request)
    return None


def _path(node: ir.Expression, request: str) -> tuple[str, ...] | None:
    names: list[str] = []
    while isinstance(node, ir.Member):
        names.insert(0, node.name)
        node = node.object
    is_of_body = isinstance(node, ir.Name) and node.id == request and names[:1] == ["body"] and len(names) > 1
    return tuple(names[1:]) if is_of_body else None


def _is_unchecked(ledger: Ledger, path: tuple[str, ...], file: str, line: int) -> bool:
    base = ledger.basis("body")
    places = [each for each in base.seen if each.use.path == path]
    here = [each for each in places if (each.use.place.file, each.use.place.line) == (file, line)]
    if here:
        return all(each.holding is None and each.doubt is None and not each.was_tried for each in here)
    schemas = (*base.holdings, *(attempt.holding for attempt in base.attempts))
    return all(one.covers("body", path) is False for one in schemas)


def _asks_for_types(spots: Sequence[Spot]) -> bool:
    """Whether a function asks of what type something is, which may well be this."""
    return any(
        (isinstance(spot.node, ir.Unary) and spot.node.operator == "typeof")
        or (isinstance(spot.node, ir.Call) and name_of(spot.node.callee).rpartition(".")[2] in _QUESTIONS)
        for spot in spots
    )
