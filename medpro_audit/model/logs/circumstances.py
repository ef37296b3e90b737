"""Under what circumstances a log call is made, and where what it logs comes from: read only where that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.program import Code
from medpro_audit.model.performance.walking import Visit, visits

_DEVELOPMENT = frozenset(("dev", "development", "local", "test", "testing"))
"""Values of ``NODE_ENV`` that no server has to which patients come."""
_NAMED = re.compile(r"^is_?(dev(elopment)?|test(ing)?)(_?(mode|env(ironment)?))?$", re.IGNORECASE)
_AT_ONCE = frozenset(
    (  # noqa: SIM905 - a table of words
        "catch every filter finally find forEach listen map nextTick reduce setImmediate some then"
    ).split()
)
"""Methods whose callbacks run with what they are called in, or as soon as that has been done."""
_WHOLE = 1_000_000
_NEAR = 300
"""Bytes before a call in which a condition is looked for."""
_SWITCH = re.compile(r"\bif\s*\([^{};]*(debug|verbose|trac|log|dev|test|NODE_ENV)", re.IGNORECASE)
_SWITCHING = re.compile(r"debug(ging)?|verbose|trac(e|ing)|log(s|ging|uer)?")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WRITER = re.compile(
    r"[_#$]?(log|print)([A-Z_]\w*)?|[_#$]?(debug|error|info|trace|warn|warning)(Line|Log|Message|Msg)?|\w*Log"
)
"""Names of functions that write a line."""
_WRITES = re.compile(rf"(?<![\w.])(?:{_WRITER.pattern})\s*[=:(]")
_GENERATING = re.compile(r"random|generate", re.IGNORECASE)
_VERIFYING = re.compile(r"^(decode|introspect|verify)(?![a-z])")
"""First words of functions that take a token and hand out what it says of its bearer."""


class Circumstances:
    """Where log calls stand."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._listening: dict[str, bool] = {}
        self._visits: dict[str, dict[int, Visit]] = {}
        self._made: dict[str, dict[str, list[ir.Expression | None]]] = {}

    def is_for_developers(self, path: str, call: ir.Call | ir.New) -> bool:
        """Whether a condition around a call holds in development or in tests only."""
        visit = self._of(path).get(call.at)
        while visit is not None and visit.parent is not None:
            match visit.parent.node:
                case ir.If(test=test, then=then) if any(visit.node is node for node in then):
                    if any(_asks_for_development(part) for part in _conjuncts(test)):
                        return True
            visit = visit.parent
        return False

    def is_switched_on(self, path: str, call: ir.Call | ir.New) -> bool:
        """Whether a line is written only where a switch for it is on, ``if (verbose)``, or for developers."""
        before = self._code.snippet(path, max(0, call.at - _NEAR), call.at)
        if not _SWITCH.search(before):
            return False
        visit = self._of(path).get(call.at)
        while visit is not None and visit.parent is not None and not isinstance(visit.node, ir.Function):
            match visit.parent.node:
                case ir.If(test=test, then=then) if any(visit.node is node for node in then) and _is_switch(test):
                    return True
            visit = visit.parent
        return self.is_for_developers(path, call)

    def is_run_at_once(self, path: str, call: ir.Call | ir.New) -> bool:
        """Whether the functions around a call are run where they stand, not kept for whatever happens later."""
        visit = self._of(path).get(call.at)
        while visit is not None and visit.parent is not None:
            match visit.parent.node:
                case ir.Call(callee=callee) if isinstance(visit.node, ir.Function) and visit.node is not callee:
                    is_last_resort = isinstance(callee, ir.Member) and _last_name(callee.object) == "process"
                    if _last_name(callee) not in _AT_ONCE and not is_last_resort:
                        return False
            visit = visit.parent
        return True

    def is_last_resort(self, path: str, call: ir.Call | ir.New) -> bool:
        """Whether a call stands in a listener of the process itself, which may end before a logger has written."""
        if path not in self._listening:
            self._listening[path] = "process." in self._code.snippet(path, 0, _WHOLE)
        if not self._listening[path]:
            return False
        visit = self._of(path).get(call.at)
        while visit is not None and visit.parent is not None:
            match visit.parent.node:
                case ir.Call(callee=ir.Member(object=ir.Name(id="process"))) if isinstance(visit.node, ir.Function):
                    return True
            visit = visit.parent
        return False

    def is_own_writer(self, path: str, call: ir.Call | ir.New) -> bool:
        """Whether a call is all that a function called ``log`` does, with what that is given."""
        if not _WRITES.search(self._code.snippet(path, max(0, call.at - _NEAR), call.at)):
            return False
        visit = self._of(path).get(call.at)
        while visit is not None and not isinstance(visit.node, ir.Function):
            visit = visit.parent
        if visit is None or not isinstance(visit.node, ir.Function) or visit.parent is None:
            return False
        function = visit.node
        given = set(bound_names([parameter.target for parameter in function.parameters]))
        passed = {node.id for argument in call.arguments for node in ir.walk(argument) if isinstance(node, ir.Name)}
        body = function.body if function.body is not None else self._code.body(path, function.start, function.end)
        is_called_so = _WRITER.fullmatch(function.name or _name_in(visit.parent.node)) is not None
        return is_called_so and len(body) == 1 and not given.isdisjoint(passed)

    def is_of_verification(self, path: str, name: str) -> bool:
        """Whether all variables of a name in a file hold what a verification handed out: claims, not the token."""
        self._of(path)
        made = self._made[path].get(name, [])
        return bool(made) and all(_verifies(value) for value in made)

    def is_generated(self, path: str, name: str) -> bool:
        """Whether a variable of a name in a file holds what is made up there: who runs it has to be told once."""
        self._of(path)
        return any(_generates(value) for value in self._made[path].get(name, []))

    def _of(self, path: str) -> dict[int, Visit]:
        """The calls of a file by where they stand."""
        if path not in self._visits:
            found = list(visits(self._code.module(path), lambda inner: self._code.body(path, inner.start, inner.end)))
            self._visits[path] = {each.node.at: each for each in found if isinstance(each.node, ir.Call | ir.New)}
            made = self._made[path] = {}
            for each in found:
                for name, value in _declared(each.node):
                    made.setdefault(name, []).append(value)
        return self._visits[path]


def _declared(node: ir.Node) -> Iterator[tuple[str, ir.Expression | None]]:
    match node:
        case ir.Declare(target=ir.Name(id=name), value=value) | ir.Assign(target=ir.Name(id=name), value=value):
            yield name, value
        case ir.Declare(target=target) | ir.Parameter(target=target):
            yield from ((inner.id, None) for inner in ir.walk(target) if isinstance(inner, ir.Name))


def _verifies(value: ir.Expression | None) -> bool:
    match value:
        case ir.Await(value=inner):
            return _verifies(inner)
        case ir.Call(callee=ir.Name(id=name) | ir.Member(name=name)):
            return _VERIFYING.match(name) is not None
    return False


def _name_in(holder: ir.Node) -> str:
    """The name under which a node keeps a function."""
    match holder:
        case ir.Declare(target=ir.Name(id=name)) | ir.Assign(target=ir.Member(name=name) | ir.Name(id=name)):
            return name
        case ir.ClassMember(key=str() as name) | ir.Property(key=str() as name):
            return name
    return ""


def _generates(value: ir.Expression | None) -> bool:
    """Whether a call makes something up: ``crypto.randomBytes(16).toString('hex')``."""
    inner = value.value if isinstance(value, ir.Await) else value
    nodes = ir.walk(inner) if isinstance(inner, ir.Call) else ()
    return any(isinstance(node, ir.Name | ir.Member) and _GENERATING.search(_last_name(node)) for node in nodes)


def _conjuncts(test: ir.Expression) -> Iterator[ir.Expression]:
    match test:
        case ir.Binary(operator="&&", left=left, right=right):
            yield from _conjuncts(left)
            yield from _conjuncts(right)
        case _:
            yield test


def _asks_for_development(test: ir.Expression) -> bool:
    match test:
        case ir.Name(id=name) | ir.Member(name=name):
            return _NAMED.match(name) is not None
        case ir.Binary(operator="===" | "==", left=left, right=ir.Literal(value=str() as value)):
            return value.lower() in _DEVELOPMENT and _last_name(left).endswith(("ENV", "env", "environment"))
    return False


def _is_switch(test: ir.Expression) -> bool:
    """``debug``, ``config.verbose``, ``shouldLog``: not ``isLoggedIn``."""
    if not isinstance(test, ir.Name | ir.Member):
        return False
    words = {word.lower() for word in _WORD.findall(_last_name(test))}
    return any(_SWITCHING.fullmatch(word) for word in words)


def _last_name(node: ir.Expression) -> str:
    match node:
        case ir.Name(id=name) | ir.Member(name=name):
            return name
    return ""
