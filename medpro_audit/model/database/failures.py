"""Whether the failure of a connection is noticed: by a listener, a ``catch``, or a callback that looks at its error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.facts.file import FileFacts
from medpro_audit.model.database.events import ConnectionEvents
from medpro_audit.model.database.sites import ConnectionSite
from medpro_audit.model.database.surroundings import Surroundings
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.evaluation.values import Site

_RAISING = frozenset(
    (
        *(("pg", kind) for kind in ("pool", "single")),
        *(("pg-pool", "pool"), ("@neondatabase/serverless", "pool"), ("@neondatabase/serverless", "single")),
        *(("mysql", "single"), ("mysql2", "single"), ("redis", "client")),
    )
)
"""Drivers and kinds of connection that raise ``error`` events while nobody uses them, which end the process unheard:
https://node-postgres.com/apis/pool#error, https://github.com/mysqljs/mysql#error-handling,
https://github.com/redis/node-redis#events."""
_PROMISING = frozenset(("then", "catch", "finally"))


class Failures:
    """Answers for each connection site."""

    def __init__(self, code: Code, events: ConnectionEvents, known: Surroundings) -> None:
        self._code = code
        self._events = events
        self._files: Mapping[str, FileFacts] = known.files
        self._importers: dict[str, set[str]] = {}
        for source, target, kind in known.graph.edges:
            if kind == "import":
                self._importers.setdefault(target, set()).add(source)
        self._backend_of: Callable[[str], str] = known.backend_of
        self._rejecting = {known.backend_of(path) for path, facts in known.files.items() if _hears_rejections(facts)}

    def is_heard(self, site: ConnectionSite) -> bool | None:
        """Whether its ``error`` events are listened for; None where another file may."""
        seen = site.seen
        if (seen.driver.package, seen.opening.kind) not in _RAISING or seen.scope == "handler":
            return True
        if seen.key in self._events.heard:
            return True
        if seen.key in self._events.ended and (seen.opening.kind != "pool" or seen.scope == "function"):
            return None  # it may be closed before anything happens
        around = (seen.path, *sorted(self._importers.get(seen.path, ())))
        return (
            None
            if any("error-listener" in self._files[path].calls for path in around if path in self._files)
            else False
        )

    def is_noticed(self, site: ConnectionSite) -> bool | None:
        """Whether a failed attempt to connect is; None where the promise is kept for others.

        Where nothing connects before it is used, whoever uses it hears of it.
        """
        verdicts = [self._verdict(where, site) for where in self._attempts(site)]
        if True in verdicts:
            return True  # of two attempts to connect, both fail
        if False in verdicts:
            is_global = site.seen.opening.is_global and site.seen.driver.package in self._events.heard_packages
            is_heard = is_global or site.seen.key in self._events.heard
            return is_heard or self._backend_of(site.seen.path) in self._rejecting
        return None if verdicts else True

    def _attempts(self, site: ConnectionSite) -> Iterator[Site]:
        yield from (where for _, where in sorted(self._events.attempts.get(site.seen.key, {}).items()))

    def _verdict(self, where: Site, site: ConnectionSite) -> bool | None:
        found = _find(self._code, where.module.path, where.at)
        if found is None or (not _is_opening(where, site) and _may_be_called_back(found.call)):
            return None
        callback = found.call.arguments[-1] if found.call.arguments else None
        if isinstance(callback, ir.Name):
            callback = self._declared(callback.id, where.module.path, found.around) or callback
        if isinstance(callback, ir.Function):
            return self._looks_at_error(where.module.path, callback)
        return _judge(found)

    def _declared(self, name: str, path: str, around: Iterable[ir.Node]) -> ir.Function | None:
        """A function that is declared around a call, which is given it by its name."""
        bodies = [
            outer.body if outer.body is not None else self._code.body(path, outer.start, outer.end)
            for outer in around
            if isinstance(outer, ir.Function)
        ]
        for statement in (statement for body in (*bodies, self._code.module(path)) for statement in body):
            if isinstance(statement, ir.DeclareFunction) and statement.function.name == name:
                return statement.function
        return None

    def _looks_at_error(self, path: str, callback: ir.Function) -> bool | None:
        if not callback.parameters:
            return False
        error = callback.parameters[0].target
        body = callback.body if callback.body is not None else self._code.body(path, callback.start, callback.end)
        if not isinstance(error, ir.Name):
            return None
        return any(isinstance(node, ir.Name) and node.id == error.id for node in ir.walk(body))


def _is_opening(where: Site, site: ConnectionSite) -> bool:
    return (where.module.path, where.at) == site.seen.key


def _may_be_called_back(call: ir.Call | ir.New) -> bool:
    """Whether a function that stands elsewhere may look at the error."""
    return bool(call.arguments) and isinstance(call.arguments[-1], ir.Name | ir.Member)


class _Found(NamedTuple):
    call: ir.Call | ir.New
    around: tuple[ir.Node, ...]
    """What it stands in, innermost first."""


def _find(code: Code, path: str, at: int) -> _Found | None:
    """A call by its byte offset, with what it stands in."""
    stack: list[tuple[ir.Node, tuple[ir.Node, ...]]] = [(statement, ()) for statement in code.module(path)]
    while stack:
        node, around = stack.pop()
        if isinstance(node, ir.Call | ir.New) and node.at == at:
            return _Found(node, around)
        inner = (node, *around)
        if isinstance(node, ir.Function) and node.body is None:
            if node.start <= at < node.end:
                stack.extend((each, inner) for each in code.body(path, node.start, node.end))
        else:
            stack.extend((each, inner) for each in ir.children(node))
    return None


def _judge(found: _Found) -> bool | None:
    """Whether somebody hears of a failure of a call."""
    is_caught = False
    current: ir.Node = found.call
    for outer in found.around:
        match outer:
            case ir.Member(object=inner, name=name) if inner is current and name in _PROMISING:
                pass
            case ir.Call(callee=ir.Member(name=name) as callee, arguments=arguments) if callee is current:
                is_caught |= name == "catch" or (name == "then" and len(arguments) > 1)
            case ir.Evaluate():
                return is_caught
            case ir.Await():
                return True
            case _:
                return True if is_caught else None
        current = outer
    return None


def _hears_rejections(facts: FileFacts) -> bool:
    """Whether a file listens for rejections that nobody catches."""
    events = (fact.call.arguments[0] for fact in facts.calls.get("process-event", ()) if fact.call.arguments)
    return any(isinstance(event, ir.Literal) and event.value == "unhandledRejection" for event in events)
