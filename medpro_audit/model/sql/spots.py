"""Where SQL stands in the code of one file: rebuilt from its pieces, with the call that runs it and the loop around."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from medpro_audit.facts import ir
from medpro_audit.model.performance.routines import callee_of, name_of_callee
from medpro_audit.model.performance.walking import Body, Visit, is_written_out, visits
from medpro_audit.model.sql.phrases import Piece, pieces_of, start_of
from medpro_audit.model.sql.rebuilding import is_definition, is_statement

_TEXT_KEYS = frozenset(("sql", "text", "query", "statement", "queryString"))
"""Properties that hold the statement where a driver takes an object."""
_VALUE_KEYS = frozenset(("values", "params", "parameters", "replacements", "bind", "bindings"))
_TELLING = frozenset(("log", "info", "warn", "error", "debug", "trace", "verbose", "fatal"))
_PASSING = (ir.Await, ir.Conditional, ir.Spread, ir.Sequence)
MAX_PER_FILE = 500
"""Statements of one file that are read."""


class Run(NamedTuple):
    """A call that a statement is handed to."""

    node: ir.Call | ir.New | ir.Tagged
    functions: tuple[int, ...]
    """Starts of the functions around it, outermost first."""
    loop: int
    """Where the innermost loop around it stands, -1 without one."""

    @property
    def method(self) -> str:
        """The last name of what is called."""
        return name_of_callee(callee_of(self.node))

    @property
    def values(self) -> ir.Expression | None:
        """What is handed over for the placeholders."""
        arguments = self.node.arguments if isinstance(self.node, ir.Call | ir.New) else ()
        for argument in arguments:
            if isinstance(argument, ir.Object):
                keys = {each.key: each.value for each in argument.properties if isinstance(each.key, str)}
                named = next((keys[key] for key in sorted(_VALUE_KEYS) if key in keys), None)
                if named is not None or keys.keys() & _TEXT_KEYS:
                    return named
        return arguments[1] if len(arguments) > 1 else None


class Spot(NamedTuple):
    """A statement in the code."""

    at: int
    end: int
    pieces: tuple[Piece, ...]
    functions: tuple[int, ...]
    runs: tuple[Run, ...]
    """Calls that it is handed to; empty when they can't be seen."""


class FileSpots:
    """All SQL of one file."""

    def __init__(self, module: Sequence[ir.Statement], body: Body) -> None:
        self._visits = list(visits(module, body))
        self._declared: dict[str, list[Visit]] = {}
        self._changed: dict[str, list[Visit]] = {}
        self._grown: set[str] = set()
        """Lists that something is added to, so that they do not stand in the code item by item."""
        self._used: dict[str, list[Run]] = {}
        self._named: dict[int, str] = {}
        """Names of functions, by where they begin."""
        self._looped: dict[str, int] = {}
        """Loops in which functions are called, by their name."""
        for visit in self._visits:
            self._learn(visit)

    def statements(self) -> list[Spot]:
        """Statements that read or write rows, by place."""
        return list(self._spots(is_query=True))[:MAX_PER_FILE]

    def definitions(self) -> list[Spot]:
        """Statements that define tables or indexes, by place."""
        return list(self._spots(is_query=False))[:MAX_PER_FILE]

    def text(self, node: ir.Expression, functions: tuple[int, ...]) -> list[Piece]:
        """The pieces of an expression in some function."""
        return pieces_of(node, lambda name: self._constant(name, functions))

    def _spots(self, *, is_query: bool) -> Iterator[Spot]:
        begins = is_statement if is_query else is_definition
        for visit in self._visits:
            node = visit.node
            if not isinstance(node, ir.Literal | ir.Template | ir.Binary | ir.Call):
                continue
            if not begins(start_of(node)) or _continues(visit):
                continue
            name = _declares(visit)
            pieces = self.text(node, visit.functions)
            if name:
                pieces += self._appended(name, visit)
            runs = tuple(self._runs(visit, name))
            at = _offset(node)
            yield Spot(at, max(piece.at for piece in pieces), tuple(pieces), visit.functions, runs)

    # What names hold

    def _learn(self, visit: Visit) -> None:
        match visit.node:
            case ir.DeclareFunction(function=function):
                self._named[function.start] = function.name
            case ir.Declare(target=ir.Name(id=name), value=value):
                if isinstance(value, ir.Function):
                    self._named[value.start] = name
                self._declared.setdefault(name, []).append(visit)
            case ir.Assign(target=ir.Name(id=name)):
                self._changed.setdefault(name, []).append(visit)
            case ir.Parameter(target=ir.Name(id=name)):
                self._changed.setdefault(name, []).append(visit)
            case ir.Call(arguments=arguments) | ir.New(arguments=arguments):
                run = self._run(visit)
                self._learn_call(visit.node.callee, run.loop)
                for argument in arguments:
                    for name in _names_in(argument):
                        self._used.setdefault(name, []).append(run)

    def _learn_call(self, callee: ir.Expression, loop: int) -> None:
        match callee:
            case ir.Member(name="push" | "splice" | "unshift", object=ir.Name(id=name)):
                self._grown.add(name)
            case ir.Name(id=name) if loop >= 0:
                self._looped.setdefault(name, loop)

    def _constant(self, name: str, functions: tuple[int, ...]) -> ir.Expression | None:
        """What a name was declared with, if nothing changes it."""
        visible = [visit for visit in self._declared.get(name, ()) if _sees(functions, visit.functions)]
        changed = any(_sees(visit.functions, visible[-1].functions) for visit in self._changed.get(name, ()) if visible)
        if len(visible) != 1 or changed:
            return None
        node = visible[0].node
        return node.value if isinstance(node, ir.Declare) else None

    def _appended(self, name: str, declared: Visit) -> list[Piece]:
        """What is added to a variable after a statement was put into it."""
        found: list[Piece] = []
        for visit in self._changed.get(name, ()):
            node = visit.node
            if not isinstance(node, ir.Assign) or not _sees(visit.functions, declared.functions):
                continue
            if node.at < _offset(declared.node):
                continue
            added = _addition(node, name)
            if added is None:
                if not is_statement(start_of(node.value)):
                    found.append(Piece(None, node.at, is_optional=True, source=node.value))
                continue
            pieces = self.text(added, visit.functions)
            is_optional = _is_conditional(visit, declared)
            found += [piece._replace(is_optional=piece.is_optional or is_optional) for piece in pieces]
        return found

    # What runs a statement

    def _runs(self, visit: Visit, name: str) -> Iterator[Run]:
        if name:
            for run in self._used.get(name, ()):
                if _sees(run.functions, visit.functions) and run.method not in _TELLING:
                    yield run
            return
        call = _call_of(visit)
        if call is not None:
            yield self._run(call)

    def _run(self, visit: Visit) -> Run:
        node = visit.node
        assert isinstance(node, ir.Call | ir.New | ir.Tagged)
        return Run(node, visit.functions, self._loop(visit))

    def loop_around(self, functions: Sequence[int]) -> int:
        """The loop in which one of these functions is called by its name; -1 without one."""
        names = (self._named.get(start, "") for start in reversed(functions))
        return next((self._looped[name] for name in names if name in self._looped), -1)

    def _loop(self, visit: Visit) -> int:
        for loop in reversed(visit.loops):
            over = loop.over
            if isinstance(over, ir.Name):
                over = self._constant(over.id, visit.functions) if over.id not in self._grown else None
            if not is_written_out(over):
                return loop.at
        return -1


def is_told(run: Run) -> bool:
    """Whether a text is only logged or thrown."""
    callee = callee_of(run.node)
    return (
        run.method in _TELLING
        or isinstance(run.node, ir.New)
        or (isinstance(callee, ir.Member) and isinstance(callee.object, ir.Name) and callee.object.id == "console")
    )


def _continues(visit: Visit) -> bool:
    """Whether it is a part of a larger text, or no text at all but a list, a comparison or a key."""
    parent = visit.parent
    match parent.node if parent is not None else None:
        case ir.Binary(operator="+", left=left):
            return start_of(left) != "" or left is visit.node
        case ir.Binary() | ir.Template():
            return True
        case ir.Call(callee=ir.Member(object=inner, name="trim")):
            return inner is visit.node or _is_below(visit, inner)
        case ir.Member() | ir.Index():
            return True
        case ir.Array() if parent is not None and parent.parent is not None:
            return isinstance(parent.parent.node, ir.Member)  # of [...].join()
    return False


def _is_below(visit: Visit, node: ir.Node) -> bool:
    return visit.node is node


def _declares(visit: Visit) -> str:
    """The variable that a text is put into."""
    parent = visit.parent
    while parent is not None and isinstance(parent.node, ir.Conditional | ir.Await):
        parent = parent.parent
    match parent.node if parent is not None else None:
        case ir.Declare(target=ir.Name(id=name)) | ir.Assign(target=ir.Name(id=name), operator="="):
            return name
    return ""


def _call_of(visit: Visit) -> Visit | None:
    """The call that a text is an argument of."""
    child, parent = visit, visit.parent
    while parent is not None:
        match parent.node:
            case ir.Call(arguments=arguments) | ir.New(arguments=arguments):
                return parent if any(argument is child.node for argument in arguments) else None
            case ir.Tagged():
                return parent
            case ir.Property(key=str() as key) if key not in _TEXT_KEYS:
                return None
            case ir.Property() | ir.Object():
                pass
            case node if not isinstance(node, _PASSING):
                return None
        child, parent = parent, parent.parent
    return None


def _names_in(argument: ir.Expression) -> Iterator[str]:
    """The names by which an argument may hand over a statement."""
    match argument:
        case ir.Name(id=name):
            yield name
        case ir.Object(properties=properties):
            for each in properties:
                if each.key in _TEXT_KEYS and isinstance(each.value, ir.Name):
                    yield each.value.id
        case ir.Call(callee=ir.Member(object=ir.Name(id=name)), arguments=()):
            yield name


def _addition(node: ir.Assign, name: str) -> ir.Expression | None:
    """What an assignment adds to the end of a text."""
    if node.operator == "+=":
        return node.value
    inner = node.value
    parts: list[ir.Expression] = []
    while isinstance(inner, ir.Binary) and inner.operator == "+":
        parts.append(inner.right)
        inner = inner.left
    if not parts or not isinstance(inner, ir.Name) or inner.id != name:
        return None
    text = parts.pop()
    while parts:
        text = ir.Binary("+", text, parts.pop(), node.at)
    return text


def _is_conditional(visit: Visit, declared: Visit) -> bool:
    """Whether something only happens under a condition that the declaration isn't under."""
    around = set()
    current: Visit | None = declared
    while current is not None:
        around.add(id(current.node))
        current = current.parent
    current = visit.parent
    while current is not None and id(current.node) not in around:
        if isinstance(current.node, ir.If | ir.Loop | ir.Switch | ir.Conditional | ir.Function | ir.Try):
            return True
        if isinstance(current.node, ir.Binary) and current.node.operator in {"&&", "||", "??"}:
            return True
        current = current.parent
    return False


def _sees(inner: tuple[int, ...], outer: tuple[int, ...]) -> bool:
    """Whether a function stands within another, or is it."""
    return inner[: len(outer)] == outer


def _offset(node: ir.Node) -> int:
    """Where a text begins."""
    while isinstance(node, ir.Binary | ir.Call):
        inner = node.left if isinstance(node, ir.Binary) else node.callee
        if isinstance(inner, ir.Member):
            inner = inner.object
        if isinstance(inner, ir.Array):
            inner = next((item for item in inner.items if item is not None), inner)
        if inner is node:
            break
        node = inner
    at = getattr(node, "at", 0)
    return int(at)
