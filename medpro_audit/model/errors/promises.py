"""Promises that a function makes and whose rejection it leaves to whoever called it, or to nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from medpro_audit.core.place import Place
from medpro_audit.facts import ir
from medpro_audit.model.errors.bodies import Spot, spots_of
from medpro_audit.model.errors.reach import callee_of, value_of
from medpro_audit.model.errors.results import asks_for_failure, first_of, makes_result, step_before
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.text import start_of
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue, Unknown, Value, options_of

_MAX_DEPTH = 4
"""Calls that are followed to see whether a function can fail at all."""
_NEVER_REJECTED = frozenset(("allSettled", "startSession"))
"""Of promises, and of MongoDB: a session is an object of the driver, and nothing is sent to have one."""
_CHAINED = frozenset(("then", "finally"))
_CLEANING = frozenset(
    (  # noqa: SIM905 - a table of words
        "abortTransaction close destroy disconnect end endSession quit release rollback rollbackTransaction terminate"
    ).split()
)
"""Methods that give back what was taken, whether or not it went well."""
_HANDED = frozenset(("e", "err", "error", "ex", "exception", "next", "reply", "res", "response"))
"""What the handlers of failures are given."""
_ANSWERING = frozenset(("next", "reply", "res", "response"))
"""What a client is answered with."""
_BOTH_WAYS = 2
"""Callbacks of ``then()``: the second one is for the failure."""

RiskKind = Literal["await", "throw", "returned"]


class Risk(NamedTuple):
    """A place where a failure leaves the function."""

    place: Place
    kind: RiskKind


class Floating(NamedTuple):
    """A promise that nobody waits for."""

    at: int
    is_handled: bool
    """Its failure is handled where it is made."""
    answers: bool = False
    """It is what answers the request."""


class Promises:
    """Looks at each function once."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._risks: dict[FunctionKey, tuple[Risk, ...]] = {}

    def risks(self, function: FunctionValue) -> tuple[Risk, ...]:
        """Where failures leave a function as rejected promises, in order; what others throw, any caller sees."""
        return self._of(function, 0)

    def waits(self, function: FunctionValue) -> bool:
        """Whether it works with promises at all."""
        every = spots_of(self._interpreter.code, function)
        return any((isinstance(spot.node, ir.Await) or _is_then(spot.node)) and spot.is_own for spot in every)

    def floating(self, function: FunctionValue) -> Iterator[Floating]:
        """Promises that a function makes and goes on without, those of callbacks in it left out."""
        for spot in spots_of(self._interpreter.code, function):
            match spot.node:
                case ir.Evaluate(value=ir.Call() as call) if spot.is_own and self._is_promise(function, call):
                    yield Floating(
                        start_of(call), not self._may_fail(function, call, 0), self._leads_to_answer(function, call)
                    )

    def _leads_to_answer(self, function: FunctionValue, call: ir.Call) -> bool:
        """Whether a promise is given what the client is answered with, here or in its callbacks."""
        inside = self._inside(call, function.module.path)
        return any(isinstance(node, ir.Name) and node.id in _ANSWERING for node in inside)

    def _is_promise(self, function: FunctionValue, call: ir.Call) -> bool:
        return _is_chain(call) or self._is_async(function, call)

    def _of(self, function: FunctionValue, depth: int) -> tuple[Risk, ...]:
        known = self._risks.get(function.key)
        if known is None:
            self._risks[function.key] = ()  # one that calls itself adds nothing of its own
            known = tuple(self._found(function, depth))
            self._risks[function.key] = known
        return known

    def _found(self, function: FunctionValue, depth: int) -> Iterator[Risk]:
        facts = function.module.facts
        for spot in spots_of(self._interpreter.code, function):
            is_asked = isinstance(spot.node, ir.Await | ir.Throw | ir.Return) and spot.is_own
            kind = self._kind(function, spot, depth) if is_asked else None
            if kind is not None:
                yield Risk(facts.place(_start(spot.node)), kind)

    def _kind(self, function: FunctionValue, spot: Spot, depth: int) -> RiskKind | None:
        value = spot.node.value if isinstance(spot.node, ir.Await | ir.Return) else None
        if isinstance(value, ir.Call) and spot.is_aftermath and (_is_cleaning(value) or _is_handling(value)):
            return "await" if _aborts_too_late(spot, value) else None
        match spot.node:
            case ir.Await(value=value) if not spot.is_tried and self._may_fail(function, value, depth):
                return None if self._is_asked(function, spot) else "await"
            case ir.Throw() if function.node.is_async and not spot.is_tried:
                return "throw"
            case ir.Return(value=ir.Call() as call) if not _answers(call) and self._is_promise(function, call):
                return "returned" if self._may_fail(function, call, depth) else None
        return None

    def _is_asked(self, function: FunctionValue, spot: Spot) -> bool:
        """Whether what nobody knows the maker of is asked next whether it has failed: then it tells by its value."""
        waited, around = spot.node, spot.around.node if spot.around is not None else None
        if not isinstance(waited, ir.Await) or not isinstance(around, ir.Declare):
            return False
        if not isinstance(waited.value, ir.Call) or not isinstance(around.target, ir.Name):
            return False
        made = callee_of(self._interpreter, function, first_of(waited.value))
        every = spots_of(self._interpreter.code, function)
        return isinstance(made, Unknown) and any(asks_for_failure(one.node, around.target.id) for one in every)

    def _is_async(self, function: FunctionValue, call: ir.Call) -> bool:
        callee = callee_of(self._interpreter, function, call)
        return isinstance(callee, FunctionValue) and callee.node.is_async

    def _may_fail(self, function: FunctionValue, value: ir.Expression, depth: int) -> bool:
        """Whether a promise may be rejected: not where its failure is handled, here or by what makes it."""
        if not isinstance(value, ir.Call) or _is_handled(value):
            return not isinstance(value, ir.Call) and not self._is_never_rejected(function, value)
        if isinstance(value.callee, ir.Member) and value.callee.name in _NEVER_REJECTED:
            return False
        if isinstance(value.callee, ir.Name) and value.callee.id == "next":  # what follows is not waited for
            return False
        if depth < _MAX_DEPTH and self._is_result(function, value, depth):
            return False
        callees = [callee for callee, _ in options_of(callee_of(self._interpreter, function, value))]
        return depth >= _MAX_DEPTH or any(self._may_be_rejected(callee, depth) for callee in callees)

    def _is_result(self, function: FunctionValue, call: ir.Call, depth: int) -> bool:
        """Whether a call yields a promise that tells of a failure by what it resolves to, callbacks included."""
        before = step_before(call)
        if before is None:
            return makes_result(callee_of(self._interpreter, function, call))
        is_safe = not any(self._callback_may_fail(function, each, depth) for each in call.arguments)
        return is_safe and isinstance(before, ir.Call) and not self._may_fail(function, before, depth)

    def _callback_may_fail(self, function: FunctionValue, given: ir.Expression, depth: int) -> bool:
        """Whether a callback may return a promise that is rejected."""
        if isinstance(given, ir.Function):
            callback: Value = FunctionValue(given, function.scope, function.module, this=function.this)
        else:
            callback = value_of(self._interpreter, function, given)
        return isinstance(callback, FunctionValue) and bool(self._of(callback, depth + 1))

    def _may_be_rejected(self, callee: Value, depth: int) -> bool:
        """Whether the promise that a function returns may be rejected."""
        if not isinstance(callee, FunctionValue):
            return not makes_result(callee)
        if not callee.node.is_async:
            return not self._only_waits(callee, depth)
        return bool(self._of(callee, depth + 1))

    def _only_waits(self, function: FunctionValue, depth: int) -> bool:
        """Whether a function returns a promise that can't fail, such as one of a timer."""
        own = [spot for spot in spots_of(self._interpreter.code, function) if spot.is_own]
        if any(isinstance(spot.node, ir.Throw) and not spot.is_tried for spot in own):
            return False
        returned = [spot.node.value for spot in own if isinstance(spot.node, ir.Return) and spot.node.value is not None]
        return bool(returned) and all(self._is_never_rejected(function, value, depth) for value in returned)

    def _is_never_rejected(self, function: FunctionValue, value: ir.Expression, depth: int = 0) -> bool:
        """``new Promise((resolve) => …)``, which nobody rejects: neither by name, nor by handing on another promise.

        A chain that ends in a handler of failures is such a promise as well, and so is a call that yields one.
        """
        match value:
            case ir.Call() if depth < _MAX_DEPTH:
                return not self._may_fail(function, value, depth + 1)
            case ir.Conditional(then=then, otherwise=otherwise):
                return all(self._is_never_rejected(function, each, depth) for each in (then, otherwise))
            case ir.New(callee=ir.Name(id="Promise"), arguments=(ir.Function(parameters=parameters) as executor,)):
                names = [each.target.id for each in parameters if isinstance(each.target, ir.Name)]
                code = self._body(executor, function.module.path)
                inside = (node for each in code for node in self._inside(each, function.module.path))
                return bool(names) and not any(self._rejects(function, node, names) for node in inside)
        return False

    def _rejects(self, function: FunctionValue, node: ir.Node, names: Sequence[str]) -> bool:
        """Whether a promise is rejected by a node in its executor, given the names of what that is handed."""
        match node:
            case ir.Call(callee=ir.Name(id=name), arguments=(ir.Call() as given, *_)) if name == names[0]:
                return self._is_promise(function, given)
            case ir.Name(id=name):
                return name in names[1:]
        return False

    def _inside(self, node: ir.Node, path: str) -> Iterator[ir.Node]:
        """A node and all within, the bodies of functions included."""
        waiting = [node]
        for each in waiting:
            yield each
            waiting += ir.children(each)
            if isinstance(each, ir.Function) and each.body is None:
                waiting += self._body(each, path)

    def _body(self, function: ir.Function, path: str) -> Sequence[ir.Statement]:
        code = self._interpreter.code
        return function.body if function.body is not None else code.body(path, function.start, function.end)


def _start(node: ir.Node) -> int:
    match node:
        case ir.Await(value=value) | ir.Evaluate(value=value):
            return start_of(value)
        case ir.Throw(at=at) | ir.Return(at=at):
            return at
    return 0


def _is_handled(call: ir.Call) -> bool:
    """Whether a chain of promises handles the failure of all before its end."""
    current: ir.Expression = call
    while isinstance(current, ir.Call) and isinstance(current.callee, ir.Member):
        name = current.callee.name
        if (name == "catch" and current.arguments) or (name == "then" and len(current.arguments) >= _BOTH_WAYS):
            return True
        if name not in {"then", "finally"}:
            return False
        current = current.callee.object
    return False


def _is_chain(call: ir.Call) -> bool:
    return _is_then(call) or (isinstance(call.callee, ir.Member) and call.callee.name == "catch" and _is_handled(call))


def _is_then(node: ir.Node) -> bool:
    return isinstance(node, ir.Call) and isinstance(node.callee, ir.Member) and node.callee.name in _CHAINED


def _answers(call: ir.Call) -> bool:
    """``return res.json(…)`` returns no promise."""
    root: ir.Expression = call
    while isinstance(root, ir.Call | ir.Member):
        root = root.callee if isinstance(root, ir.Call) else root.object
    return isinstance(root, ir.Name) and root.id in _ANSWERING


def _is_cleaning(call: ir.Call) -> bool:
    return isinstance(call.callee, ir.Member) and call.callee.name in _CLEANING


def _aborts_too_late(spot: Spot, call: ir.Call) -> bool:
    """Whether a transaction of MongoDB is aborted after failures that come when it is committed: that fails in turn.

    Source: https://mongodb.github.io/node-mongodb-native/6.0/classes/ClientSession.html#abortTransaction
    """
    if not isinstance(call.callee, ir.Member) or call.callee.name != "abortTransaction" or spot.is_tried:
        return False
    for one in spot.outward:
        outer = one.around.node if one.around is not None else None
        if isinstance(outer, ir.If):
            return False  # it may ask whether the transaction is still there
        if isinstance(outer, ir.Try) and one.field == "handler":
            waits = [node for node in ir.walk(outer.body) if isinstance(node, ir.Await)]
            commits = [_start(node) for node in waits if _is_commit(node.value)]
            return bool(commits) and any(_start(node) > min(commits) for node in waits if not _is_commit(node.value))
    return False


def _is_commit(value: ir.Expression) -> bool:
    return (
        isinstance(value, ir.Call) and isinstance(value.callee, ir.Member) and value.callee.name == "commitTransaction"
    )


def _is_handling(call: ir.Call) -> bool:
    """Whether a call in a ``catch`` is there to answer, or to tell of the error."""
    return any(isinstance(argument, ir.Name) and argument.id in _HANDED for argument in call.arguments)
