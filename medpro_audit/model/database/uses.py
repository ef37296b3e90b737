"""What becomes of a connection that a function takes from a pool, and of a transaction that it begins.

Only what the function itself proves is said: a connection that is returned, stored or handed on belongs to others, and
what is released under conditions is not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.text import offset_of, text_of

_RELEASING = frozenset(("release", "end", "destroy", "close", "releaseConnection"))
_CLOSING = frozenset(("$disconnect", "close", "destroy", "disconnect", "end", "quit"))
_ROLLING_BACK = frozenset(("rollback",))
_NAMED_ROLLBACK = re.compile(r"roll_?back", re.IGNORECASE)
_COMMITTING = frozenset(("commit",))
_STATEMENTS = frozenset(("query", "execute", "raw"))


class Ended(NamedTuple):
    """Whether something is ended on every path, and if not, what lacks."""

    holds: bool | None
    problem: str = ""
    ended_at: int | None = None
    """Byte offset of where it is ended on some paths."""


def holder_of(body: Sequence[ir.Statement], at: int) -> str | None:
    """The variable that a function gives what it has waited for; None when it is something else."""
    for node in ir.walk(tuple(body)):
        match node:
            case ir.Declare(target=ir.Name(id=name), value=value) | ir.Assign(target=ir.Name(id=name), value=value):
                if value is not None and _yields(value, at):
                    return name
    return None


def is_outer(body: Sequence[ir.Statement], name: str) -> bool:
    """Whether a variable that a function gives a value is another's: who else knows it may give back what it holds."""
    declared = (node.target for node in ir.walk(tuple(body)) if isinstance(node, ir.Declare))
    return not any(isinstance(target, ir.Name) and target.id == name for target in declared)


def is_closed(body: Sequence[ir.Statement], at: int) -> bool:
    """Whether a function that opens a connection also closes it: one for a migration, or to see that it works."""
    nodes = list(_own(body))
    names = {name for node in nodes for name in _given(node, at)}
    return any(_ends(node, name, _CLOSING) for name in names for node in nodes)


def _own(body: Sequence[ir.Statement]) -> Iterator[ir.Node]:
    """What a function does itself, in time: functions in it are for later, unless a promise of its own runs them."""
    waiting: list[ir.Node] = [*body]
    while waiting:
        node = waiting.pop()
        yield node
        kept = node.arguments if isinstance(node, ir.Call) and _is_chained(node) else ()
        waiting += [inner for inner in ir.children(node) if not isinstance(inner, ir.Function)]
        waiting += [line for inner in kept if isinstance(inner, ir.Function) for line in inner.body or ()]


def _running(body: Sequence[ir.Statement]) -> Iterator[ir.Node]:
    """The same with all functions that are handed to others; not with those that are kept or returned."""
    waiting: list[ir.Node] = [*body]
    while waiting:
        node = waiting.pop()
        yield node
        handed = isinstance(node, ir.Call | ir.New | ir.Function)
        waiting += [inner for inner in ir.children(node) if handed or not isinstance(inner, ir.Function)]


def _is_chained(call: ir.Call) -> bool:
    return isinstance(call.callee, ir.Member) and call.callee.name in {"catch", "finally", "then"}


def _given(node: ir.Node, at: int) -> Iterator[str]:
    """The variable that a node gives the result of a call."""
    match node:
        case ir.Declare(target=ir.Name(id=name), value=value) | ir.Assign(target=ir.Name(id=name), value=value):
            inner = value.value if isinstance(value, ir.Await) else value
            if isinstance(inner, ir.Call | ir.New) and inner.at == at:
                yield name


def callback_of(body: Sequence[ir.Statement], at: int) -> tuple[str, ir.Function] | None:
    """The callback that a call hands its connection to, with the name that it has there."""
    for node in ir.walk(tuple(body)):
        if isinstance(node, ir.Call) and node.at == at and node.arguments:
            callback = node.arguments[-1]
            if isinstance(callback, ir.Function) and len(callback.parameters) > 1:
                target = callback.parameters[1].target
                return (target.id, callback) if isinstance(target, ir.Name) else None
    return None


def released(body: Sequence[ir.Statement], name: str, *, has_callback: bool = False) -> Ended:
    """Whether a function gives a connection back, whatever happens."""
    nodes = tuple(body)
    releases = [node for node in ir.walk(nodes) if isinstance(node, ir.Call) and _ends(node, name, _RELEASING)]
    if any(_ends(node, name, _RELEASING) for final in _finalizers(nodes) for node in ir.walk(final)):
        return Ended(holds=True)
    if not releases:
        return Ended(None) if _is_handed_on(nodes, name) else Ended(holds=False, problem="it is never given back")
    handled = any(_ends(node, name, _RELEASING) for handler in _handlers(nodes) for node in ir.walk(handler))
    if has_callback or handled or _is_handed_on(nodes, name) or not _waits(nodes, name):
        return Ended(None)
    problem = "it is not given back when something fails before"
    return Ended(holds=False, problem=problem, ended_at=offset_of(releases[0]))


def rolled_back(body: Sequence[ir.Statement], name: str) -> Ended:
    """Whether a function that commits a transaction also takes it back."""
    nodes = tuple(body)
    if any(_ends(node, name, _ROLLING_BACK) or _says(node, "rollback") for node in ir.walk(nodes)):
        return Ended(holds=True)
    handled = [node for handler in (*_handlers(nodes), *_finalizers(nodes)) for node in ir.walk(handler)]
    if any(map(_is_named_rollback, handled)):
        return Ended(holds=True)
    commits = [node for node in _running(nodes) if _ends(node, name, _COMMITTING) or _says(node, "commit")]
    names = {name} if name else {receiver for node in commits for receiver in _committed(node)}
    is_handed_on = any(isinstance(node, ir.Call) and _hands_on(node, one) for node in handled for one in names)
    if not commits or _is_caught_by_callback(nodes) or is_handed_on:
        return Ended(None)
    return Ended(holds=False, problem="nothing rolls it back when a statement fails")


def _committed(node: ir.Node) -> Iterator[str]:
    match node:
        case ir.Call(callee=ir.Member(object=ir.Name(id=receiver), name=method)) if method in _COMMITTING:
            yield receiver


def _is_named_rollback(node: ir.Node) -> bool:
    """Whether another function is called that by its name rolls back: ``await rollbackQuietly(connection)``."""
    match node:
        case ir.Call(callee=ir.Name(id=name) | ir.Member(name=name)):
            return _NAMED_ROLLBACK.search(name) is not None
    return False


def _yields(value: ir.Expression, at: int) -> bool:
    return isinstance(value, ir.Await) and isinstance(value.value, ir.Call) and value.value.at == at


def _ends(node: ir.Node, name: str, methods: frozenset[str]) -> bool:
    """``connection.release()`` or ``pool.releaseConnection(connection)``; without a name, of anything."""
    match node:
        case ir.Call(callee=ir.Member(object=ir.Name(id=receiver), name=method), arguments=arguments) if (
            method in methods
        ):
            return not name or receiver == name or any(isinstance(one, ir.Name) and one.id == name for one in arguments)
        case ir.Call(callee=ir.Member(name=method)) if method in methods:
            return not name
    return False


def _says(node: ir.Node, word: str) -> bool:
    """A statement of SQL that begins with a word."""
    match node:
        case ir.Call(callee=ir.Member(name=method), arguments=(ir.Literal(value=str() as text), *_)):
            return method in _STATEMENTS and text.strip().lower().startswith(word)
        case ir.Call(callee=ir.Member(name=method), arguments=(ir.Template(parts=(str() as text,)), *_)):
            return method in _STATEMENTS and text.strip().lower().startswith(word)
    return False


def _finalizers(nodes: tuple[ir.Statement, ...]) -> Iterator[tuple[ir.Statement, ...]]:
    for node in ir.walk(nodes):
        if isinstance(node, ir.Try) and node.finalizer:
            yield node.finalizer
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member) and node.callee.name == "finally":
            for one in node.arguments:
                if isinstance(one, ir.Function) and one.body is not None:
                    yield one.body


def _handlers(nodes: tuple[ir.Statement, ...]) -> Iterator[tuple[ir.Statement, ...]]:
    for node in ir.walk(nodes):
        if isinstance(node, ir.Try) and node.handler is not None:
            yield node.handler
        if isinstance(node, ir.Call) and isinstance(node.callee, ir.Member) and node.callee.name == "catch":
            for one in node.arguments:
                if isinstance(one, ir.Function) and one.body is not None:
                    yield one.body


def _is_handed_on(nodes: tuple[ir.Statement, ...], name: str) -> bool:
    """Whether others get at a connection: it is returned, stored, or an argument of what may keep or release it."""
    return any(_hands_on(node, name) for node in ir.walk(nodes))


def _hands_on(node: ir.Node, name: str) -> bool:
    given: list[object] = []
    match node:
        case ir.Return(value=value) | ir.Yield(value=value):
            given.append(value)
        case (
            ir.Assign(target=ir.Member() | ir.Index(), value=value) | ir.Property(value=value) | ir.Spread(value=value)
        ):
            given.append(value)
        case ir.Assign(target=ir.Name(id=other), value=value) if other != name:
            given.append(value)
        case ir.Declare(value=value):
            given.append(value)
        case ir.Call(callee=ir.Member(name=method)) if method in _RELEASING:
            pass
        case ir.Call(arguments=arguments) | ir.New(arguments=arguments):
            given.extend(arguments)
        case ir.Array(items=items):
            given.extend(items)
    return any(isinstance(one, ir.Name) and one.id == name for one in given)


def _waits(nodes: tuple[ir.Statement, ...], name: str) -> bool:
    """Whether it waits for the connection to answer, which may fail."""
    return any(
        isinstance(node, ir.Await)
        and isinstance(node.value, ir.Call)
        and text_of(node.value.callee).startswith(f"{name}.")
        and not _ends(node.value, name, _RELEASING)
        for node in ir.walk(nodes)
    )


def _is_caught_by_callback(nodes: tuple[ir.Statement, ...]) -> bool:
    """Whether failures may be handled by what a caught promise is handed to."""
    return any(
        isinstance(node, ir.Call)
        and isinstance(node.callee, ir.Member)
        and node.callee.name in {"catch", "then"}
        and any(not isinstance(one, ir.Function) for one in node.arguments)
        for node in ir.walk(nodes)
    )
