"""Catches of handlers that leave the client waiting."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import Spot
from medpro_audit.model.evaluation.values import FunctionValue


class Caught(NamedTuple):
    """A ``catch`` of a handler."""

    at: int
    """Of the ``try``."""
    answers: bool | None


def caught(function: FunctionValue, every: Sequence[Spot]) -> Iterator[Caught]:
    """Every ``try`` of a handler that answers the request, with what its ``catch`` does about that."""
    names = [parameter.target.id for parameter in function.node.parameters if isinstance(parameter.target, ir.Name)]
    if len(names) != len(function.node.parameters) or len(names) < _TAKING_RESPONSE:
        return
    response = frozenset(names[1:3])
    local = {name for spot in every for name in _declared(spot.node)}
    for spot in every:
        if isinstance(spot.node, ir.Try) and spot.node.handler is not None and spot.is_own:
            verdict = _verdict(spot, spot.node, every, response, local)
            if verdict != "none":
                yield Caught(spot.node.at, {"yes": True, "no": False}.get(verdict))


_TAKING_RESPONSE = 2


def _verdict(spot: Spot, node: ir.Try, every: Sequence[Spot], response: Collection[str], local: Collection[str]) -> str:
    answered = _offsets(node.body, response)
    if not answered or not _may_fail(node.body, response):
        return "none"
    if _answers((*(node.handler or ()), *node.finalizer), response) or _leaves(node.handler or ()):
        return "yes"
    end = max(_all_offsets(node), default=node.at)
    if any(isinstance(one.node, ir.Name) and one.node.id in response and one.node.at > end for one in every):
        return "yes"  # what follows the block answers
    waits = _waits(node.body, response)
    if _hands_on(node.body, {*response, *_holders(every, response)}, response):
        return "unknown"  # who is given the response may have answered before it fails
    if _is_nested(spot) or (waits and max(waits) > max(answered)) or _calls(node.handler or (), local):
        return "unknown"
    return "no"


def _answers(nodes: Sequence[ir.Node], response: Collection[str]) -> bool:
    """Whether the response is used for more than to say how it would be sent: ``res.status(500);`` sends nothing.

    Where it is sent under a condition only, and the last that is done with it is that, not every way sends it.
    """
    settings = {at for node in ir.walk(tuple(nodes)) if (at := _set_only(node, response)) is not None}
    mentions = _offsets(nodes, response)
    sent = [at for at in mentions if at not in settings]
    if not settings or not sent or max(mentions) not in settings:
        return bool(sent)
    conditional = {
        at for node in ir.walk(tuple(nodes)) if isinstance(node, ir.If) for at in _offsets((node,), response)
    }
    return not conditional.issuperset(sent)


def _set_only(node: ir.Node, response: Collection[str]) -> int | None:
    """Where the response is named in a statement that only sets something of it."""
    if not isinstance(node, ir.Evaluate | ir.Return) or not isinstance(node.value, ir.Call):
        return None
    root: ir.Expression = node.value
    while isinstance(root, ir.Call) and isinstance(root.callee, ir.Member) and root.callee.name in _SETTING:
        root = root.callee.object
    return root.at if isinstance(root, ir.Name) and root.id in response else None


_SETTING = frozenset(
    (
        *("append", "attachment", "clearCookie", "contentType", "cookie", "header", "links", "location"),
        *("removeHeader", "set", "setHeader", "status", "type", "vary"),
    )
)
"""Methods of a response that send nothing."""


def _may_fail(nodes: Sequence[ir.Node], response: Collection[str]) -> bool:
    """Whether more is done than to answer with what is there; while a file is sent, Express itself sees failures."""
    return any(
        isinstance(node, ir.Await | ir.New | ir.Tagged | ir.Throw)
        or (isinstance(node, ir.Call) and not _is_of(node, {*response, *_SAFE}))
        for node in ir.walk(tuple(nodes))
    )


_SAFE = frozenset(("console", "path", "process"))
"""Whose methods fail for none but a mistake of the program."""


def _waits(nodes: Sequence[ir.Node], response: Collection[str]) -> list[int]:
    """Where functions are called that are none of the response, nor make what one of them is given."""
    calls = [node for node in ir.walk(tuple(nodes)) if isinstance(node, ir.Call)]
    given = {id(inner) for call in calls if _is_of(call, response) for inner in ir.walk(call)}
    return [call.at for call in calls if id(call) not in given]


def _holders(every: Sequence[Spot], response: Collection[str]) -> Iterator[str]:
    """Variables for an object that the response has been put into: ``const context = { req, res }``."""
    for spot in every:
        match spot.node:
            case ir.Declare(target=ir.Name(id=name), value=ir.Object(properties=properties)):
                values = (entry.value for entry in properties)
                if any(isinstance(value, ir.Name) and value.id in response for value in values):
                    yield name


def _hands_on(nodes: Sequence[ir.Node], names: Collection[str], response: Collection[str]) -> bool:
    """Whether a function is called with one of these, other than a method of the response."""
    return any(
        isinstance(node, ir.Call)
        and not _is_of(node, response)
        and any(isinstance(argument, ir.Name) and argument.id in names for argument in node.arguments)
        for node in ir.walk(tuple(nodes))
    )


def _offsets(nodes: Sequence[ir.Node], names: Collection[str]) -> list[int]:
    return [node.at for node in ir.walk(tuple(nodes)) if isinstance(node, ir.Name) and node.id in names]


def _all_offsets(node: ir.Node) -> Iterator[int]:
    return (at for inner in ir.walk(node) if isinstance(at := getattr(inner, "at", None), int))


def _leaves(nodes: Sequence[ir.Node]) -> bool:
    """Whether a failure is thrown again, or ends the process."""
    for node in ir.walk(tuple(nodes)):
        match node:
            case ir.Throw():
                return True
            case ir.Call(callee=ir.Member(object=ir.Name(id="process"))):
                return True
    return False


def _is_nested(spot: Spot) -> bool:
    """Whether it stands in a loop or another ``try``: what comes after it is not seen by its place."""
    return any(isinstance(one.node, ir.Loop | ir.Try) for one in spot.outward if one is not spot)


def _is_of(call: ir.Call, names: Collection[str]) -> bool:
    root: ir.Expression = call
    while isinstance(root, ir.Call | ir.Member):
        root = root.callee if isinstance(root, ir.Call) else root.object
    return isinstance(root, ir.Name) and root.id in names


def _declared(node: ir.Node) -> Iterator[str]:
    """Functions that the handler makes: they may answer without being given the response."""
    match node:
        case ir.DeclareFunction(function=ir.Function(name=name)):
            yield name
        case ir.Declare(target=ir.Name(id=name), value=ir.Function()):
            yield name


def _calls(nodes: Sequence[ir.Node], names: Collection[str]) -> bool:
    return any(
        isinstance(node, ir.Call)
        and isinstance(node.callee, ir.Name | ir.This)
        and getattr(node.callee, "id", "") in names
        for node in ir.walk(tuple(nodes))
    )
