"""Whether a connection that a function opens is kept for the next call of it: made on first use, or anew each time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from medpro_audit.facts import ir
from medpro_audit.model.database.guards import guards_of
from medpro_audit.model.evaluation.interpreter import Frame, Interpreter
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import FunctionValue, Site

_STORING = {"add", "push", "set"}
_STATES = {"readyState", "isInitialized", "isOpen"}
"""Properties by which a driver says that it is connected: mongoose, TypeORM, redis."""


def is_kept(interpreter: Interpreter, frames: Sequence[Frame], site: Site) -> bool:
    """Whether any function on the stack only runs this call when what it makes is not there yet."""
    for frame in reversed(frames):
        if frame.function is not None and frame.function.module is site.module:
            body = body_of(interpreter, frame.function)
            if _is_made_once(frame.function, body, site.at):
                return True
        site = frame.site
    return False


def body_of(interpreter: Interpreter, function: FunctionValue) -> tuple[ir.Statement, ...]:
    """The statements of a function."""
    node = function.node
    return node.body if node.body is not None else interpreter.code.body(function.module.path, node.start, node.end)


def _is_made_once(function: FunctionValue, body: Sequence[ir.Statement], at: int) -> bool:
    tests = [guard.test for guard in guards_of(body, at) if guard.test is not None]
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
