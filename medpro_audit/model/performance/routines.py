"""What the functions of a program call, read from their code: which of their own, and what of packages.

Following a request (`model.request`) computes only what depends on it. What an endpoint waits for need not, so here
every call in a function's code counts, on whatever path it stands; names are looked up in the scopes that the run of
the program has left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, structs

from medpro_audit.facts import ir
from medpro_audit.model.evaluation.control import Exhausted, Fruitless, Thrown
from medpro_audit.model.evaluation.imports import require
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.maps import MapValue
from medpro_audit.model.evaluation.members import with_this
from medpro_audit.model.evaluation.text import name_of
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    CallRecord,
    ClassValue,
    Constant,
    Deferred,
    External,
    FunctionKey,
    FunctionValue,
    ObjectValue,
    Site,
    Unknown,
    Value,
    options_of,
)
from medpro_audit.model.performance.choosing import chosen_in
from medpro_audit.model.performance.walking import Loop, Loops, is_written_out, looped, per_element, puts_off

STEPS = 2_000
"""Budget of looking up one name."""
MAX_ROUTINES = 20_000
"""Functions whose calls are looked up."""
MAX_DEPTH = 8
"""Names and calls that lead to one another further than this are not followed."""

_WANTED: frozenset[type[ir.Node]] = frozenset(
    (
        ir.Assign,
        ir.Binary,
        ir.Call,
        ir.Declare,
        ir.DeclareFunction,
        ir.If,
        ir.Index,
        ir.Loop,
        ir.New,
        ir.Parameter,
        ir.Switch,
        ir.Tagged,
        ir.Unary,
    )
)
_FEWEST_CASES = 3
"""A switch over fewer cases than this is a condition; one over more hands on to whatever it is told to."""
_CHANGING = frozenset(("add", "clear", "delete", "pop", "push", "set", "shift", "splice", "unshift"))
"""Methods of lists and maps that change them."""
Found = Sequence[tuple[ir.Node, Loops]]
"""Nodes of these types in a function, with the loops around them."""
_UNKNOWN = Unknown("it is not followed")


Identity = tuple[FunctionKey, int, int]


class Called(Struct, frozen=True):
    """A call in the code of a function, or a function that it hands to something that calls it per element."""

    node: ir.Call | ir.New | ir.Tagged | ir.Name | ir.Member
    value: Value
    """What is called."""
    loops: tuple[int, ...]
    """Where the loops around it stand, outermost first."""

    @property
    def loop(self) -> int:
        """Where the innermost loop around it stands, -1 without one."""
        return self.loops[-1] if self.loops else -1

    @property
    def name(self) -> str:
        """The last name of what is called."""
        return name_of_callee(callee_of(self.node))

    @property
    def at(self) -> int:
        """Where it stands."""
        return self.node.at


class Routine(NamedTuple):
    """A function with all that it calls, the functions written inside it included."""

    function: FunctionValue
    calls: tuple[Called, ...]
    callees: tuple[FunctionValue, ...] = ()
    """The functions of the program among what it calls."""
    remembers: bool = False
    """It looks something up and keeps it outside of itself, as a cache does."""
    keeps: tuple[int, ...] = ()
    """Where it changes lists, maps and objects in memory that outlive it, unless it only remembers there."""
    alternatives: frozenset[Identity] = frozenset()
    """Those of the callees of which a call of it runs at most one: each stands in a case of its own."""

    @property
    def path(self) -> str:
        """The file that it is in."""
        return self.function.module.path


class Routines:
    """Looks up what functions call; each closure once."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._known: dict[Identity, Routine] = {}
        self._returned: dict[Identity, Value] = {}

    def of(self, function: FunctionValue) -> Routine:
        """What a function calls."""
        key = identity_of(function)
        kept = self._known.get(key)
        if kept is None:
            # It holds the scope, so that its identity stays taken.
            kept = self._known[key] = self._read(function) if len(self._known) < MAX_ROUTINES else Routine(function, ())
        return kept

    def reached(self, functions: Iterable[FunctionValue], *, past_caches: bool = True) -> list[Routine]:
        """These functions and all that they call, in the order of discovery.

        With ``past_caches`` switched off, not what is called by a function that keeps what it gets.
        """
        waiting = list(functions)
        found: dict[Identity, Routine] = {}
        for function in waiting:
            key = identity_of(function)
            if key not in found:
                found[key] = self.of(function)
                if past_caches or not found[key].remembers:
                    waiting.extend(found[key].callees)
        return list(found.values())

    def code(self, function: ir.Function, path: str) -> Sequence[ir.Statement]:
        """The body of a function."""
        if function.body is not None:
            return function.body
        return self._interpreter.code.body(path, function.start, function.end)

    def _read(self, function: FunctionValue) -> Routine:
        found = self._found(self.code(function.node, function.module.path), function)
        names = Names(self, function, found)
        later = names.put_off(found)
        calls = [call for node, loops in found for call in _called(node, loops, names) if not later(call.at)]
        looped_at = names.looped(calls)
        chosen = chosen_in([node for node, _ in found], lambda inner: self.code(inner, function.module.path))
        placed = tuple(
            structs.replace(call, loops=tuple(loop for loop in call.loops if not chosen(loop, call.at)))
            if call.loops
            else structs.replace(call, loops=looped_at(call.at))
            for call in calls
        )
        callees = {identity_of(callee): callee for call in calls for callee in functions_in(call.value)}
        remembers = names.remembers(found)
        keeps = () if remembers else tuple(names.keeps(found))
        return Routine(function, placed, tuple(callees.values()), remembers, keeps, _alternatives(found, placed))

    def _found(self, code: Sequence[ir.Statement], function: FunctionValue) -> Found:
        path = function.module.path
        return list(looped(code, lambda inner: self.code(inner, path), _WANTED))

    def value(self, node: ir.Expression | None, names: Names, depth: int = 0) -> Value:
        """What an expression in a function stands for, as far as that can be told without running it."""
        if node is None or depth > MAX_DEPTH:
            return _UNKNOWN
        function = names.function
        match node:
            case ir.Name(id=name):
                return names.value(name, depth)
            case ir.This():
                return function.this or function.scope.this or _UNKNOWN
            case ir.Await(value=inner):
                return self.value(inner, names, depth + 1)
            case ir.Member(object=owner, name=name, at=at):
                return self._member(self.value(owner, names, depth + 1), name, Site(function.module, at))
            case ir.Call(callee=ir.Name(id="require"), arguments=(ir.Literal(value=str() as specifier), *_)):
                site = Site(function.module, node.at)
                return self._guarded(lambda: require(self._interpreter, function.module, specifier, site))
            case ir.Call() | ir.New():
                return self._result(self.value(node.callee, names, depth + 1), node, function, depth)
            case ir.Binary(operator="||" | "??", left=left):
                return self.value(left, names, depth + 1)
        return _UNKNOWN

    def _member(self, owner: Value, name: str, site: Site) -> Value:
        if isinstance(owner, Unknown):
            return _UNKNOWN
        return self._guarded(lambda: self._interpreter.member(owner, name, site))

    def _result(self, callee: Value, node: ir.Call | ir.New, function: FunctionValue, depth: int) -> Value:
        match callee:
            case External():
                record = CallRecord(callee, (), Site(function.module, node.at))
                return callee.result(self._interpreter, record)
            case ClassValue():
                return ObjectValue(callee)
            case FunctionValue() if isinstance(node, ir.Call):
                return self._returned_by(callee, depth)
        return _UNKNOWN

    def _returned_by(self, function: FunctionValue, depth: int) -> Value:
        """What a function returns at its end."""
        key = identity_of(function)
        if key not in self._returned:
            self._returned[key] = _UNKNOWN  # of one that calls itself
            code = self.code(function.node, function.module.path)
            last = code[-1] if code else None
            if isinstance(last, ir.Return):
                names = Names(self, function, self._found(code, function))
                self._returned[key] = self.value(last.value, names, depth + 1)
        return self._returned[key]

    def named(self, name: str, function: FunctionValue) -> Value:
        """What a name outside of a function stands for in it."""
        scope = function.scope.find(name)
        if scope is not None:
            return self._guarded(lambda: scope.names[name])
        own = function.scope.self_named(name)
        return own or self._interpreter.global_value(name, Site(function.module, function.node.start))

    def _guarded(self, compute: Callable[[], Value]) -> Value:
        """Compute a value within a budget, and leave the interpreter at rest."""
        interpreter = self._interpreter
        interpreter.budget = STEPS
        interpreter.effect()
        try:
            value = compute()
            while isinstance(value, Deferred):
                value = value.force()
        except (Exhausted, Thrown, Fruitless):
            return _UNKNOWN
        finally:
            interpreter.settle()
        return value


class Names:
    """The names that a function declares itself, those of the functions inside it included."""

    def __init__(self, routines: Routines, function: FunctionValue, found: Found) -> None:
        self.routines = routines
        self.function = function
        self._own: dict[str, ir.Expression | None] = {}
        self._functions: dict[str, ir.Function] = {}
        self._grown: set[str] = set()
        """Lists that something is added to."""
        for parameter in function.node.parameters:
            self._hide(parameter.target)
        for node, _ in found:
            self._learn(node)
        for node, _ in found:
            self._learn_transaction(node)

    def value(self, name: str, depth: int) -> Value:
        """What a name stands for."""
        if name not in self._own:
            return self.routines.named(name, self.function)
        return self.routines.value(self._own[name], self, depth + 1)

    def endless(self, loops: Sequence[Loop]) -> tuple[int, ...]:
        """Where those of some loops stand that run for who knows how many elements."""
        return tuple([loop.at for loop in loops if not self._is_written_out(loop.over)])

    def remembers(self, found: Found) -> bool:
        """Whether something is looked up and then kept under the same name, in what the function doesn't declare."""
        looked_up: set[str] = set()
        for node, _ in found:
            match node:
                case ir.Assign(target=ir.Index(object=owner)) | ir.Assign(target=ir.Name() as owner, operator="="):
                    kept = name_of(owner)
                case ir.Call(callee=ir.Member(name="set" | "setex" | "setEx", object=owner), arguments=(_, _, *_)):
                    kept = name_of(owner)
                case ir.Call(callee=ir.Member(name="get" | "has", object=owner)) | ir.Index(object=owner):
                    looked_up.add(name_of(owner))
                    continue
                case ir.Binary(operator="in", right=owner) | ir.If(test=ir.Unary(operand=owner)) | ir.If(test=owner):
                    looked_up.add(name_of(owner))
                    continue
                case _:
                    continue
            if kept in looked_up and self._outlives(kept.partition(".")[0]):
                return True
        return False

    def keeps(self, found: Found) -> Iterator[int]:
        """Where a collection is changed that was there before: ``list.push(…)``, ``list = list.filter(…)``."""
        for node, _ in found:
            match node:
                case ir.Call(callee=ir.Member(name=name, object=owner)) if name in _CHANGING:
                    is_kept = self._is_collection(owner)
                case (
                    ir.Assign(target=ir.Index(object=owner))
                    | ir.Unary(operator="delete", operand=ir.Index(object=owner))
                ):
                    is_kept = self._is_collection(owner)
                case ir.Assign(
                    target=ir.Name(id=name), operator="=", value=ir.Call(callee=ir.Member(object=ir.Name(id=before)))
                ):
                    is_kept = name == before and name not in self._own
                case _:
                    continue
            if is_kept:
                yield node.at

    def _is_collection(self, owner: ir.Expression) -> bool:
        """Whether this is a list, a map or an object that the run of the program has left."""
        value = self.routines.value(owner, self) if isinstance(owner, ir.Name | ir.Member) else _UNKNOWN
        return isinstance(value, ArrayValue | MapValue) or (isinstance(value, ObjectValue) and value.prototype is None)

    def _outlives(self, name: str) -> bool:
        """Whether something was there before the function was called: declared outside, or handed out by a call."""
        made = self._own.get(name, None)
        return bool(name) and (name not in self._own or isinstance(made, ir.Call | ir.Await))

    def _is_written_out(self, node: ir.Expression | None) -> bool:
        """Whether a list stands in the code, item by item."""
        match node:
            case ir.Name(id=name) if name in self._own:
                made = self._own[name]
                return name not in self._grown and (is_written_out(made) or self._is_of_constants(made))
            case ir.Name() | ir.Member():
                value = self.routines.value(node, self)
                return isinstance(value, ArrayValue) and not value.is_open and bool(value.items)
        return self._is_of_constants(node)

    def _is_of_constants(self, node: ir.Expression | None) -> bool:
        """``Object.values(Weekday)``: of an enumeration, or of an object of constants."""
        match node:
            case ir.Call(
                callee=ir.Member(object=ir.Name(id="Object"), name="entries" | "keys" | "values"),
                arguments=(ir.Name() | ir.Member() as owner, *_),
            ):
                value = self.routines.value(owner, self)
                if not isinstance(value, ObjectValue) or value.is_open or value.prototype is not None:
                    return False
                held = list(value.properties.values())
                return bool(held) and all(isinstance(each, Constant) for each in held)
        return False

    def looped(self, calls: Sequence[Called]) -> Callable[[int], tuple[int, ...]]:
        """The loops in which a function written inside this one is called, asked by an offset in it."""
        ranges: list[tuple[int, int, tuple[int, ...]]] = []
        for call in calls:
            callee = callee_of(call.node)
            inner = self._functions.get(callee.id) if isinstance(callee, ir.Name) else None
            if inner is not None and call.loops:
                ranges.append((inner.start, inner.end, call.loops))
        return lambda at: next((loops for start, end, loops in ranges if start <= at < end), ())

    def put_off(self, found: Found) -> Callable[[int], bool]:
        """Whether what stands at an offset belongs to a function inside this one that a timer calls."""
        timed = [node for node, _ in found if isinstance(node, ir.Call) and puts_off(node)]
        names = {argument.id for call in timed for argument in call.arguments if isinstance(argument, ir.Name)}
        ranges = [self._functions[name] for name in sorted(names & self._functions.keys())]
        return lambda at: any(inner.start <= at < inner.end for inner in ranges)

    def _learn(self, node: ir.Node) -> None:
        match node:
            case ir.Declare(target=ir.Name(id=name), value=ir.Function() as inner):
                self._functions[name] = inner
                self._hide(node.target)
            case ir.DeclareFunction(function=inner):
                self._functions[inner.name] = inner
                self._declare(inner.name, None)
            case ir.Declare(target=ir.Name(id=name), value=value):
                self._declare(name, value)
            case ir.Declare(target=ir.ObjectPattern(entries=entries), value=value) if value is not None:
                for entry in entries:
                    self._declare_entry(entry, value)
            case ir.Declare(target=target) | ir.Parameter(target=target):
                self._hide(target)
            case ir.Loop(target=target) if target is not None:
                self._hide(target)
            case ir.Call(callee=ir.Member(name=name, object=ir.Name(id=owner))) if name in _CHANGING:
                self._grown.add(owner)

    def _learn_transaction(self, node: ir.Node) -> None:
        """``prisma.$transaction(async (tx) => …)``: what the function is given is asked like what it came from."""
        match node:
            case ir.Call(callee=ir.Member(object=owner, name="$transaction" | "transaction"), arguments=arguments):
                for argument in arguments:
                    match argument:
                        case ir.Function(parameters=(ir.Parameter(target=ir.Name(id=name)), *_)):
                            self._own[name] = owner

    def _declare_entry(self, entry: ir.PatternEntry, value: ir.Expression) -> None:
        match entry:
            case ir.PatternEntry(key=str() as key, target=ir.Name(id=name, at=at)):
                self._declare(name, ir.Member(value, key, at))
            case _:
                self._hide(entry.target)

    def _declare(self, name: str, value: ir.Expression | None) -> None:
        self._own[name] = value if name not in self._own or self._own[name] == value else None

    def _hide(self, pattern: ir.Pattern) -> None:
        for node in ir.walk(pattern):
            if isinstance(node, ir.Name):
                self._declare(node.id, None)


def _called(node: ir.Node, loops: Loops, names: Names) -> Iterator[Called]:
    routines = names.routines
    if not isinstance(node, ir.Call | ir.New | ir.Tagged):
        return
    yield Called(
        node, _handed_on(callee_of(node), names) or routines.value(callee_of(node), names), names.endless(loops)
    )
    own = per_element(node) if isinstance(node, ir.Call) else None
    if isinstance(node, ir.Call) and own is not None:
        for argument in node.arguments:
            if isinstance(argument, ir.Name | ir.Member):
                yield Called(argument, routines.value(argument, names), names.endless((*loops, own)))


def _handed_on(callee: ir.Expression, names: Names) -> Value | None:
    """The function that ``method.apply(this, arguments)`` calls; None for any other callee."""
    if not isinstance(callee, ir.Member) or callee.name not in {"apply", "call"}:
        return None
    value, this = names.routines.value(callee.object, names), names.function.this
    return (with_this(value, this) if this is not None else value) if isinstance(value, FunctionValue) else None


def _alternatives(found: Found, calls: Sequence[Called]) -> frozenset[Identity]:
    """Functions that are called in the cases of a large switch, and nowhere else."""
    switches = [node for node, _ in found if isinstance(node, ir.Switch) and len(node.cases) >= _FEWEST_CASES]
    places = {node.at for switch in switches for node in ir.walk(switch.cases) if isinstance(node, ir.Call | ir.New)}
    chosen = {identity_of(each) for call in calls if call.at in places for each in functions_in(call.value)}
    always = {identity_of(each) for call in calls if call.at not in places for each in functions_in(call.value)}
    return frozenset(chosen - always)


def callee_of(node: ir.Call | ir.New | ir.Tagged | ir.Name | ir.Member) -> ir.Expression:
    """What is called."""
    match node:
        case ir.Call() | ir.New():
            return node.callee
        case ir.Tagged():
            return node.tag
    return node


def name_of_callee(node: ir.Expression) -> str:
    """The last name of an expression; empty when it has none."""
    match node:
        case ir.Name(id=name) | ir.Member(name=name):
            return name
    return ""


def identity_of(function: FunctionValue) -> Identity:
    """What tells a closure from others."""
    return (function.key, id(function.scope), id(function.this))


def functions_in(value: Value) -> Iterator[FunctionValue]:
    """The functions of the program that a call of this value runs."""
    for option, _ in options_of(value):
        match option:
            case FunctionValue():
                yield option
            case ClassValue(methods=methods) if "constructor" in methods:
                yield FunctionValue(methods["constructor"], option.scope, option.module, home=option)
