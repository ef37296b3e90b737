"""Whether a connection that a function opens is kept for the next call of it: made on first use, or anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.facts import ir
from medpro_audit.model.database.guards import guards_of
from medpro_audit.model.evaluation.interpreter import Frame, Interpreter
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import FunctionKey, FunctionValue, Site

_STORING = {"add", "push", "set"}
_STATES = {"readyState", "isInitialized", "isOpen"}
"""Properties by which a driver says that it is connected: mongoose, TypeORM, redis."""


class KeptConnections:
    """Knows of each call in a function whether it only runs when what it makes is not there yet."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._answers: dict[tuple[FunctionKey, int], bool] = {}

    def is_kept(self, frames: Sequence[Frame], site: Site) -> bool:
        """Whether any function on the stack makes the connection, or calls who makes it, only once."""
        for frame in reversed(frames):
            if frame.function is not None and frame.function.module is site.module:
                key = (frame.function.key, site.at)
                if key not in self._answers:
                    self._answers[key] = _is_made_once(frame.function, self._body(frame.function), site.at)
                if self._answers[key]:
                    return True
            site = frame.site
        return False

    def _body(self, function: FunctionValue) -> tuple[ir.Statement, ...]:
        node, code = function.node, self._interpreter.code
        return node.body if node.body is not None else code.body(function.module.path, node.start, node.end)


def _is_made_once(function: FunctionValue, body: Sequence[ir.Statement], at: int) -> bool:
    tests = [guard.test for guard in guards_of(body, {at}).get(at, ()) if guard.test is not None]
    tested = {text for test in tests for text in _references(test)}
    if any(text.rpartition(".")[2] in _STATES for text in tested):
        return True
    local = {text_of(parameter.target) for parameter in function.node.parameters}
    local.update(text_of(node.target) for node in ir.walk(tuple(body)) if isinstance(node, ir.Declare))
    return any(text in tested and text not in local for text in _stored(body))


def _references(test: ir.Expression) -> Iterator[str]:
    """What a condition looks at."""
    for node in ir.walk(test):
        if isinstance(node, ir.Name | ir.Member | ir.Index):
            yield text_of(node)


def _stored(body: Sequence[ir.Statement]) -> Iterator[str]:
    """Names and properties that a function gives a value."""
    for node in ir.walk(tuple(body)):
        match node:
            case ir.Assign(target=target):
                yield text_of(target)
            case ir.Call(callee=ir.Member(object=collection, name=name)) if name in _STORING:
                yield text_of(collection)
