"""The interpreter: state, branches, calls, modules. Expressions, statements and members have a module each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from msgspec import Struct

from medpro_audit.facts import ir
from medpro_audit.model.evaluation import expressions, members, statements
from medpro_audit.model.evaluation.builtins import module_global
from medpro_audit.model.evaluation.clauses import Clause, by_default, conjunction
from medpro_audit.model.evaluation.conditions import condition_of
from medpro_audit.model.evaluation.control import NOTHING, Branch, Completion, Exhausted, Fruitless, Landing, Thrown
from medpro_audit.model.evaluation.journal import Changes, Journal
from medpro_audit.model.evaluation.program import Code, Export, Module, Namespace
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import (
    FROM_OUTSIDE,
    UNDEFINED,
    ArrayValue,
    CallRecord,
    Choice,
    ClassValue,
    Deferred,
    External,
    FunctionKey,
    FunctionValue,
    Item,
    Native,
    ObjectValue,
    Site,
    Text,
    Unknown,
    Value,
    holds_code,
    is_informative,
    join,
    now,
    options_of,
)
from medpro_audit.model.evaluation.witness import Witness

_DEEPEST_HANDED = 2
"""Lists and objects in each other that leave the program with what is in them."""
MAX_CALLS = 40
"""Depth of calls that is followed."""
MAX_RECURSION = 6
"""How often one function may stand on the stack of calls while a program loads."""
MAX_BLIND_RECURSION = 2
"""The same while a request is followed, or when the function is given nothing that is known."""
LOADING_STEPS = 20_000
"""Budget of a module that a request is the first to ask for."""
MAX_SERVING_CALLS = 6
"""Depth of calls that is followed for a request."""
MAX_REPEATS = 8
"""How often one function is followed for one request."""
MAX_CALLBACKS = 24
"""An object with more functions than this is no set of callbacks but a service: whoever is given it calls some."""
MAX_QUIET = 800
"""Steps without an effect after which the function that takes them is given up."""
MIN_CULPRIT = 250
"""Steps that a function must have taken itself, with what it calls, to be the one that is given up."""
MAX_IDLE = 40
"""Steps of a call without an effect after which further calls of the function need a use for what it returns."""
MAX_QUIET_CALLBACK = 600
"""Steps without an effect after which a function that other code calls back is given up."""
MAX_TRIAL = 500
"""Steps to find out whether a condition holds in the default configuration."""
MAX_TRUSTED = 2
"""Depth of calls up to which functions are never given up: they are what starts everything else."""


class Exit(Struct, frozen=True):
    """One ``return`` of a call in progress."""

    value: Value
    changes: Changes | None
    """None when it was reached unconditionally, so that nothing is to be joined."""
    condition: str


class Frame:
    """One call in progress."""

    __slots__ = (
        "arguments",
        "born",
        "budget",
        "effects",
        "exits",
        "forks",
        "function",
        "key",
        "mark",
        "site",
        "yielded",
    )

    def __init__(  # noqa: PLR0913 - what the interpreter returns to
        self, function: FunctionValue | None, site: Site, *, mark: int, forks: int, budget: int, effects: int
    ) -> None:
        self.function = function
        self.key = function.key if function is not None else None
        self.budget = budget
        self.effects = effects
        self.site = site
        self.mark = mark
        self.forks = forks
        self.born = now()
        self.exits: list[Exit] = []
        self.arguments: tuple[Item, ...] = ()
        self.yielded = ArrayValue() if function is not None and function.node.is_generator else None
        """What a generator has yielded by now."""


class Linker(Protocol):
    """Leads from an import specifier to a module, an asset or a library."""

    def link(self, interpreter: Interpreter, module: Module, specifier: str, site: Site) -> Value | Module:
        """The module a specifier leads to, or the value that stands for what is no module of the program."""

    def files(self) -> list[str]:
        """Paths of all files of the repository, sorted."""

    def directory(self, folder: str) -> list[tuple[str, bool]] | None:
        """Names in a folder, each with whether it is a file; None when there is no such folder."""


class RequestMode(Protocol):
    """What listens while a handler is evaluated with a symbolic request."""

    @property
    def witness(self) -> Witness:
        """What listens for checks of who may pass."""

    def is_tainted(self, value: Value) -> bool:
        """Whether a value depends on the request, so that what is done with it matters."""

    def may_be_answered_by(self, functions: Iterable[FunctionValue]) -> bool:
        """Whether one of some functions can reach what the framework hands over, so that it may answer or pass on."""

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A function of the program is called."""

    def called_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> None:
        """Something is called of which nothing is known."""

    def kept(self, site: Site) -> None:
        """Something is put where other requests find it."""

    def tested(self, value: Value, *, of_type: bool = False) -> None:
        """A value is held against what the program allows: a list, a pattern, a value of its own, or only a type."""

    def compared(self, left: Value, right: Value, site: Site) -> None:
        """It is asked whether two values are equal."""

    def limited(self, value: Value) -> Value:
        """The same, or what is left of it where it is known to equal a constant."""

    def where_equal(self, left: Value, right: Value) -> tuple[Callable[[], None], ...]:
        """What follows where two values are equal."""
        return ()

    @property
    def attempts(self) -> int:
        """How many validations were tried by now."""

    def reject(self) -> None:
        """The present path of execution is that of a failed validation."""

    def noted(self, items: Value) -> None:
        """Something is added to a list: errors of failed validations are collected this way."""

    def assume_empty(self, items: Value) -> None:
        """The present path of execution is one on which a list is empty."""


_CONTAINERS: Mapping[str, tuple[str, ...]] = {
    "tsyringe": ("container.resolve",),
    "typedi": ("Container.get", "default.get"),
}
"""What makes an instance of the class that it is given, by package."""
_UNCHANGED: tuple[Completion, Changes, str] = (Completion.NORMAL, {}, "")
"""What a branch leaves behind in which nothing happens."""


class Interpreter:
    """Evaluates modules and functions over abstract values."""

    def __init__(self, code: Code, linker: Linker, built_ins: Mapping[str, Value], *, budget: int) -> None:
        self.code = code
        self.linker = linker
        self.built_ins = built_ins
        self.budget = budget
        self.journal = Journal()
        self.modules: dict[str, Module] = {}
        self.conditions: list[str] = []
        self.forks = 0
        self.tries = 0
        """``try`` blocks around what runs now."""
        self.frames: list[Frame] = []
        self.landings: list[Landing] = []
        """Where jumps of the function in progress may go, innermost last."""
        self.request: RequestMode | None = None
        self.observers: list[Callable[[CallRecord], None]] = []
        """Told of each call that leaves the program."""
        self.callbacks: list[tuple[FunctionValue, Site]] = []
        """Functions handed to code outside the program, to be called when the module that did so is done."""
        self.made: list[Native] = []
        """Routers and whatever else library models want found again, in the order they were made."""
        self.handlers: set[FunctionKey] = set()
        """Functions that were registered as middleware or handler: requests call them, nothing else."""
        self.called: set[FunctionKey] = set()
        """Functions that were evaluated."""
        self.served: set[FunctionKey] = set()
        """Functions that were evaluated while a request is followed."""
        self.constructed: set[FunctionKey] = set()
        """Classes of which an instance was made, their bases among them."""
        self.calls: dict[FunctionKey, int] = {}
        """How often each function was called for the request that is followed."""
        self.unused: tuple[Module, int, bool] | None = None
        """The call whose value nothing uses, since the statement that runs now is that call: its module and offset, and
        whether it is awaited."""
        self._quiet_until = budget
        self._effects = 0
        self._leads = 0
        """Modules loaded and functions handed over: what may yet have an effect."""
        self._effects_before_callback = -1
        self._idle: set[FunctionKey] = set()
        """Functions of which a call took long without an effect."""
        self._given_up: set[FunctionKey] = set()
        self.is_trial = False
        """A condition is evaluated as in the default configuration, only to know whether it holds."""
        self.serving_since = 0
        """Moment at which the request that is followed began."""
        self.is_serving = False
        """A request is followed, even where what is computed now does not depend on it."""

    # Budget

    def step(self) -> None:
        """Count one step of work."""
        self.budget -= 1
        if self.budget < self._quiet_until:
            self._tire()

    def may_change(self, born: int) -> bool:
        """Whether a collection made at a moment may be changed: what one request leaves in it others don't find."""
        return not self.is_serving or born >= self.serving_since

    def keep(self, items: Iterable[Item], site: Site) -> None:
        """Values are put where other requests find them: in a collection that is older than this one."""
        if self.request is not None:
            self.request.kept(site)
            for item in items:
                self.use(item.value, site)

    def effect(self) -> None:
        """Something happened that is looked for: what runs now is worth running on."""
        self._effects += 1
        self._quiet_until = max(0, self.budget - MAX_QUIET)

    def _tire(self) -> None:
        if self.budget < 0:
            raise Exhausted
        self._quiet_until = max(0, self.budget - MAX_QUIET)
        if self.is_serving:
            return
        if self.frames and self._effects == self._effects_before_callback:
            raise Fruitless(self.frames[0])
        for frame in reversed(self.frames[MAX_TRUSTED:]):
            if frame.budget - self.budget >= MIN_CULPRIT:
                raise Fruitless(frame)

    # Evaluation

    def evaluate(self, node: ir.Expression, scope: Scope) -> Value:
        """The value of an expression."""
        value = expressions.EVALUATORS[type(node)](self, node, scope)
        return by_default(value) if self.is_trial else value

    def run(self, block: Sequence[ir.Statement], scope: Scope) -> Completion:
        """Run statements in order."""
        statements.hoist(self, block, scope)
        for statement in block:
            self.step()
            completion = statements.EXECUTORS[type(statement)](self, statement, scope)
            if completion is not Completion.NORMAL:
                return completion
        return Completion.NORMAL

    # Branches

    def fork(self, branches: Sequence[Branch]) -> Completion:
        """Run alternatives of which any may happen, and join what they leave behind."""
        depth = len(self.conditions)
        outcomes: list[tuple[Completion | None, Changes, str]] = []
        journal = self.journal
        for branch in branches:
            if branch is NOTHING:
                outcomes.append(_UNCHANGED)
                continue
            mark, born = journal.mark, now()
            self.forks += 1
            if branch.condition:
                self.conditions.append(branch.condition)
            try:
                completion: Completion | None = branch.run()
            except Thrown:
                completion = None
            finally:
                self.forks -= 1
                del self.conditions[depth:]
            changes = journal.changes_since(mark, born)
            journal.undo(mark, born)
            outcomes.append((completion, changes, branch.condition))
        return self._settle(outcomes)

    def _settle(self, outcomes: Sequence[tuple[Completion | None, Changes, str]]) -> Completion:
        live: list[tuple[Changes, str]] = []
        left: Completion | None = None
        for completion, changes, condition in outcomes:
            if completion is Completion.NORMAL:
                live.append((changes, condition))
            elif completion is not None and left is not Completion.JUMP:
                left = completion
        if not live:
            if left is None:
                raise Thrown
            return left
        self.journal.apply(live)
        if left is not None and len(live) == 1 and live[0][1]:
            self.conditions.append(live[0][1])  # what follows only happens on the path that did not leave
        return Completion.NORMAL

    def attempt(self, body: Callable[[], Completion], handler: Callable[[], Completion]) -> Completion:
        """Run something that may fail and, from the state before it, what handles its failure."""
        attempts = self.request.attempts if self.request is not None else 0

        def failed() -> Completion:
            if self.request is not None and self.request.attempts > attempts:
                self.request.reject()
            return handler()

        return self.fork([Branch("", body), Branch("", failed)])

    @property
    def ways_out(self) -> int:
        """Paths on which what runs now was left by ``break`` or ``return``."""
        arrivals = len(self.landings[-1].arrivals) if self.landings else 0
        return arrivals + (len(self.frames[-1].exits) if self.frames else 0)

    def jump(self, keyword: str, label: str) -> Completion:
        """``break`` or ``continue``: keep what it leaves behind for where it goes on."""
        for index in reversed(range(len(self.landings))):
            landing = self.landings[index]
            if landing.takes(keyword, label):
                is_final = self.forks == landing.forks and not any(one.arrivals for one in self.landings[index + 1 :])
                landing.arrivals.append(None if is_final else self.journal.changes_since(landing.mark, landing.born))
                return Completion.JUMP
        return Completion.NORMAL

    def land(self, keyword: str, label: str, run: Callable[[], Completion]) -> Completion:
        """Run something that jumps may leave, and join the paths that go on after it."""
        landing = Landing(
            keyword, label, mark=self.journal.mark, born=now(), forks=self.forks, depth=len(self.conditions)
        )
        self.landings.append(landing)
        try:
            completion = run()
        except Thrown:
            if not landing.arrivals:
                raise
            completion = Completion.RETURN
        finally:
            self.landings.pop()
        arrivals = landing.arrivals
        if not arrivals:
            return completion
        if completion is Completion.NORMAL:
            arrivals.append(None)
        del self.conditions[landing.depth :]
        if len(arrivals) > 1 or arrivals[0] is not None:
            last = self.journal.changes_since(landing.mark, landing.born)
            self.journal.undo(landing.mark, landing.born)
            self.journal.apply([(last if changes is None else changes, "") for changes in arrivals])
        return Completion.NORMAL

    def maybe(self, condition: str, run: Callable[[], Completion]) -> Completion:
        """Run something that may not happen, and join what it leaves behind with what was there before."""
        return self.fork([Branch(condition, run), NOTHING])

    def fork_values(self, options: Sequence[tuple[str, Callable[[], Value]]]) -> Value:
        """Evaluate alternatives of which any may happen; the result is one of their values."""
        values: list[tuple[Value, str]] = []

        def branch(condition: str, compute: Callable[[], Value]) -> Branch:
            def run() -> Completion:
                values.append((compute(), condition))
                return Completion.NORMAL

            return Branch(condition, run)

        self.fork([branch(condition, compute) for condition, compute in options])
        return join(values)

    def value_under(self, condition: str, compute: Callable[[], Value]) -> Value:
        """What something yields that may only happen under a condition; undefined when it fails."""
        if not condition:
            return compute()
        values: list[Value] = []

        def run() -> Completion:
            values.append(compute())
            return Completion.NORMAL

        self.maybe(condition, run)
        return values[0] if values else UNDEFINED

    @property
    def condition(self) -> str:
        """Text of the conditions under which the present code runs; empty when it always does."""
        return conjunction(self.conditions)

    def spell(self, node: ir.Expression | ir.Pattern | None, scope: Scope) -> str:
        """An expression as a condition; while a request is followed nobody reads it."""
        if self.is_serving or node is None:
            return "?"
        if isinstance(node, ir.ObjectPattern | ir.ArrayPattern | ir.Default | ir.Rest):
            return text_of(node)
        return Clause(text_of(node), lambda: self.holds_by_default(node, scope))

    def holds_by_default(self, node: ir.Expression, scope: Scope) -> bool | None:
        """Whether a condition holds in the default configuration; nothing that it does stays."""
        if self.is_trial:
            return condition_of(self, node, scope).truth
        mark, born, budget = self.journal.mark, now(), self.budget
        self.is_trial = True
        self.budget = min(budget, MAX_TRIAL)
        self.effect()
        try:
            return condition_of(self, node, scope).truth
        except (Thrown, Exhausted, Fruitless):
            return None
        finally:
            self.is_trial = False
            self.budget = budget
            self.effect()
            self.journal.undo(mark, born)

    @contextmanager
    def unconditionally(self) -> Iterator[None]:
        """Run something that happens whatever the present conditions are, such as loading a module."""
        conditions, self.conditions = self.conditions, []
        try:
            yield
        finally:
            self.conditions = conditions

    # Calls

    def call(self, callee: Value, arguments: tuple[Item, ...], site: Site, this: Value | None = None) -> Value:
        """Call a value."""
        self.step()
        match callee:
            case FunctionValue():
                return self.call_function(callee, arguments, site, this)
            case Native():
                return callee.call(self, arguments, site)
            case External():
                return self.call_external(callee, arguments, site)
            case Deferred():
                if self.request is not None and not any(self.request.is_tainted(item.value) for item in arguments):
                    return Deferred(lambda: self.call(callee.force(), arguments, site, this))
                return self.call(callee.force(), arguments, site, this)
            case Choice(options=options):
                return self.fork_values(
                    [
                        (text, lambda option=option: self.call(option, arguments, site, this))  # type: ignore[misc]
                        for option, text in options
                    ]
                )
            case ClassValue():
                return self.construct(callee, arguments, site)
        if isinstance(callee, Unknown):
            return self._call_unknown(callee, arguments, site)
        self.hand_over(arguments, site)
        return Unknown("something is called that is no function", site.place)

    def _call_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call something of which nothing is known."""
        if self.request is not None:
            self.request.called_unknown(callee, arguments, site)
        else:
            for item in arguments:
                if isinstance(item.value, Native):
                    item.value.escape(self, site)
        self.hand_over(arguments, site)
        return Unknown(callee.reason, site.place, owner=callee)

    def call_external(self, callee: External, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call something of an npm package; the result remembers the call."""
        record = CallRecord(callee, arguments, site)
        for observe in self.observers:
            observe(record)
        known = self.request.witness.result_of(record) if self.request is not None else None
        if known is not None:
            return known
        made = self._made_by_container(callee, arguments, site)
        if made is not None:
            return made
        self.hand_over(arguments, site)
        return External(callee.package, callee.name, callee, record)

    def _made_by_container(self, callee: External, arguments: tuple[Item, ...], site: Site) -> Value | None:
        """``Container.get(PatientService)``: an instance of the class, whose constructor is given who knows what."""
        wanted = arguments[0].value if arguments else UNDEFINED
        if not isinstance(wanted, ClassValue) or callee.name not in _CONTAINERS.get(callee.package, ()):
            return None
        constructor = wanted.methods.get("constructor")
        unknown = Unknown("a container of dependencies gives this", site.place)
        given = [Item(unknown) for _ in constructor.parameters] if constructor is not None else []
        return self.construct(wanted, tuple(given), site)

    def hand_over(self, arguments: tuple[Item, ...], site: Site) -> None:
        """Arguments leave the program: functions among them will be called back, request data is used."""
        for item in arguments:
            self._hand_over(item.value, site, 0)

    def _hand_over(self, value: Value, site: Site, depth: int) -> None:
        match value:
            case FunctionValue():
                self._call_back(value, site)
            case Native():
                value.use(self, site)
            case Text(parts=parts):
                for part in parts:
                    if isinstance(part, Value):
                        self.use(part, site)
            case _:
                for inner in self._held(value, depth):
                    self._hand_over(inner, site, depth + 1)

    def _held(self, value: Value, depth: int) -> Sequence[Value]:
        """The values in one that leaves the program, as deep as lists of callbacks go."""
        match value:
            case ArrayValue(items=items) if depth < _DEEPEST_HANDED:
                return [item.value for item in items]
            case ObjectValue(properties=properties) if depth < _DEEPEST_HANDED and self.request is not None:
                return [*self._called_of([*properties.values()], self.request), *value.unknown]
            case Choice(options=options):
                return [option for option, _ in options]
        return ()

    @staticmethod
    def _called_of(values: Sequence[Value], request: RequestMode) -> Sequence[Value]:
        """Of what an object holds that leaves the program, what is called back; of a service, nothing.

        To follow all functions of one would leave nothing of the budget for the request.
        """
        if len(values) <= MAX_CALLBACKS:
            return values
        functions = [value for value in values if isinstance(value, FunctionValue)]
        if len(functions) <= MAX_CALLBACKS or request.may_be_answered_by(functions):
            return values
        return [value for value in values if not isinstance(value, FunctionValue)]

    def _call_back(self, function: FunctionValue, site: Site) -> None:
        if self.request is None:
            self._leads += function.key not in self.called
            self.callbacks.append((function, site))
        elif self.request.is_tainted(function) and not self._is_futile(function):
            self.maybe("", lambda: self._run_callback(function, site))

    def _is_futile(self, function: FunctionValue) -> bool:
        """Whether nothing comes of calling a function for the request with arguments that nobody knows.

        So it is where the call isn't followed; what an asynchronous function returns is kept for those who wait for it.
        """
        if function.bound or function.node.is_async:
            return False
        is_nested = len(self.frames) >= MAX_CALLS or self._is_too_recursive(function, ())
        return is_nested or (not self._is_worth_serving(function) and not self._may_serve(function))

    def _run_callback(self, function: FunctionValue, site: Site) -> Completion:
        self.call_from_outside(function, site)
        return Completion.NORMAL

    def call_from_outside(self, function: FunctionValue, site: Site, this: Value | None = None) -> Value:
        """Call a function as code that isn't part of the program would: nothing is known of its arguments."""
        unknown = Unknown(FROM_OUTSIDE, function.place)
        return self.call_function(function, tuple(Item(unknown) for _ in function.node.parameters), site, this)

    def run_callbacks(self) -> None:
        """Call the functions that were handed over, in order; those that serve requests are left out."""
        while self.callbacks:
            function, site = self.callbacks.pop(0)
            if function.key not in self.handlers and function.key not in self.called:
                self._effects_before_callback = self._effects
                self._quiet_until = max(0, self.budget - MAX_QUIET_CALLBACK)
                with suppress(Thrown):
                    self.call_from_outside(function, site)
        self._effects_before_callback = -1

    def settle(self) -> None:
        """Return to rest after a program has run, however it ended."""
        self.rest()
        self._effects_before_callback = -1
        self.journal.forget()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Run something beside the program, such as its tests: what that changes and makes is forgotten afterwards."""
        mark, born, budget, observers = self.journal.mark, now(), self.budget, self.observers
        kept = [set(each) for each in self._memories]
        made, modules = len(self.made), {path: one for path, one in self.modules.items() if one.is_started}
        self.observers = []
        try:
            yield
        finally:
            self.rest()
            self.journal.undo(mark, born)
            for memory, before in zip(self._memories, kept, strict=True):
                memory.intersection_update(before)
            del self.made[made:]
            self.modules.clear()  # those that were started meanwhile are made anew by whoever asks for them
            self.modules.update(modules)
            self.budget, self.observers = budget, observers

    @property
    def _memories(self) -> tuple[set[FunctionKey], ...]:
        """What is known of functions because they were met."""
        return self.handlers, self.called, self.served, self.constructed, self._idle, self._given_up

    def rest(self) -> None:
        """Return to rest, and keep what was recorded for undoing it."""
        self.frames.clear()
        self.landings.clear()
        self.conditions.clear()
        self.callbacks.clear()
        self.forks = 0
        self.tries = 0
        self.request = None

    def call_function(
        self, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None = None
    ) -> Value:
        """Evaluate the body of a function with these arguments."""
        if function.bound:
            arguments = (*function.bound, *arguments)
        if self.request is not None and self._is_independent(function, arguments, this):
            postponed = Deferred(lambda: self._compute(function, arguments, site, this))
            self.request.witness.postponed(postponed)
            return postponed
        if self.request is None:
            return self._enter(function, arguments, site, this)
        return self._enter_seen(self.request.witness, function, arguments, site, this)

    def _enter_seen(
        self, witness: Witness, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None
    ) -> Value:
        """Evaluate a function for a request, and tell of it."""
        result: Value = UNDEFINED
        witness.entered(function, arguments, site)
        try:
            result = self._enter(function, arguments, site, this)
        finally:
            witness.left(result)
        return result

    def _is_independent(self, function: FunctionValue, arguments: tuple[Item, ...], this: Value | None) -> bool:
        """While a request is followed, what does not depend on it is computed only when it is asked for."""
        request = self.request
        assert request is not None
        return not (
            request.is_tainted(function)
            or any(request.is_tainted(item.value) for item in arguments)
            or (this is not None and request.is_tainted(this))
        )

    def _compute(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None) -> Value:
        request, self.request = self.request, None
        callbacks, self.callbacks = self.callbacks, []
        try:
            return self._enter(function, arguments, site, this)
        except Thrown:
            return Unknown("the function that makes this value throws", site.place)
        finally:
            self.request = request
            self.callbacks = callbacks

    def _enter(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None) -> Value:
        node = function.node
        if len(self.frames) >= MAX_CALLS or self._is_too_recursive(function, arguments):
            return Unknown("calls are nested too deeply to be followed", site.place)
        if self.is_serving and not self._may_serve(function):
            return self._lost(arguments, site)
        if not self.is_serving and (function.key in self._given_up or self._is_idle(function, arguments, site)):
            return Unknown("the function does much and registers nothing", site.place)
        self.called.add(function.key)
        if self.is_serving:
            self.served.add(function.key)
        if self.request is not None:
            self.request.entered(function, arguments)
        scope = Scope(function.module, function.scope, is_function=True)
        scope.function = function
        if not node.is_arrow:
            scope.this = function.this if function.this is not None else this
            scope.home = function.home
        frame = Frame(
            function,
            site,
            mark=self.journal.mark,
            forks=self.forks,
            budget=self.budget,
            effects=self._effects + self._leads,
        )
        frame.arguments = arguments
        self._start_afresh()
        self.frames.append(frame)
        landings, self.landings = self.landings, []
        depth = len(self.conditions)
        try:
            statements.bind_parameters(self, function, arguments, scope)
            return self._leave(frame, self._run_body(node, function.module, scope))
        except Fruitless as fruitless:
            if fruitless.args[0] is not frame:
                raise
            self._given_up.add(function.key)
            return Unknown("the function does much and registers nothing", site.place)
        finally:
            del self.conditions[depth:]
            self.landings = landings
            self.frames.pop()
            took_long = frame.budget - self.budget > MAX_IDLE
            if took_long and not self.is_serving and frame.effects == self._effects + self._leads:
                self._idle.add(function.key)

    def _start_afresh(self) -> None:
        """What was called before a function, and has nothing to do with it, is not why that is given up."""
        if len(self.frames) == MAX_TRUSTED and self._effects != self._effects_before_callback:
            self._quiet_until = max(0, self.budget - MAX_QUIET)

    def _lost(self, arguments: tuple[Item, ...], site: Site) -> Value:
        """A call of a request that is not followed: what it is given leaves what is seen."""
        if self.request is not None:
            self.request.witness.lost(arguments, site)
        self.hand_over(arguments, site)
        return Unknown("calls are nested too deeply to be followed", site.place)

    def _is_idle(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site) -> bool:
        """Whether nothing is lost when a function is not called again: loggers and jobs take most of the time."""
        return (
            function.key in self._idle
            and self.unused is not None
            and self.unused[:2] == (site.module, site.at)
            and not any(holds_code(item.value) for item in arguments)
        )

    def is_floating(self, site: Site) -> bool:
        """Whether a call is made for its effect, and nobody waits for the promise that it may return."""
        return self.unused == (site.module, site.at, False)

    def _may_serve(self, function: FunctionValue) -> bool:
        """Whether a call is followed for one request; count it."""
        is_worth_serving = self._is_worth_serving(function)
        self.calls[function.key] = self.calls.get(function.key, 0) + 1
        return is_worth_serving

    def _is_worth_serving(self, function: FunctionValue) -> bool:
        """Whether a call is followed for one request: not too deep, and not the same function over and over."""
        return len(self.frames) < MAX_SERVING_CALLS and self.calls.get(function.key, 0) < MAX_REPEATS

    def _run_body(self, node: ir.Function, module: Module, scope: Scope) -> Completion | None:
        body = node.body if node.body is not None else self.code.body(module.path, node.start, node.end)
        try:
            return self.run(body, scope)
        except Thrown:
            return None

    def _is_too_recursive(self, function: FunctionValue, arguments: tuple[Item, ...]) -> bool:
        """Whether a function stands on the stack too often; less often where it looks into what nobody knows."""
        key = function.key
        depth = 0
        for frame in self.frames:
            if frame.key == key:
                depth += 1
        if depth < MAX_BLIND_RECURSION:
            return False
        is_blind = self.is_serving or not any(is_informative(item.value) for item in arguments)
        return is_blind or depth >= MAX_RECURSION

    def _leave(self, frame: Frame, completion: Completion | None) -> Value:
        """Join the ways in which a call ended into one value and one state."""
        exits = frame.exits
        if completion is None and not exits:
            if self.is_serving:
                raise Thrown
            # A program is taken to start: a call that always fails is not what it depends on.
            return Unknown("the function that makes this value throws", frame.site.place)
        if completion is Completion.NORMAL:
            exits.append(Exit(UNDEFINED, None, ""))
        if len(exits) == 1 and exits[0].changes is None:
            return self._returned(frame, exits[0].value)
        last = self.journal.changes_since(frame.mark, frame.born)
        self.journal.undo(frame.mark, frame.born)
        self.journal.apply([(last if exit_.changes is None else exit_.changes, exit_.condition) for exit_ in exits])
        values = [(exit_.value, exit_.condition) for exit_ in exits if exit_.value is not UNDEFINED]
        return self._returned(frame, join(values) if values else UNDEFINED)

    def _returned(self, frame: Frame, value: Value) -> Value:
        """Remember which call made a closure: it is what a wrapper or a factory is known by."""
        if frame.yielded is not None:
            return frame.yielded
        for option, _ in options_of(value):
            if isinstance(option, FunctionValue) and option.made_by is None and frame.function is not None:
                option.made_by = CallRecord(frame.function, (), frame.site)
        return value

    def leave_with(self, value: Value) -> None:
        """Record a ``return`` of the call in progress."""
        if not self.frames:
            return
        frame = self.frames[-1]
        is_final = self.forks == frame.forks and not any(landing.arrivals for landing in self.landings)
        if self.request is not None:
            value = self.request.limited(value)
            self.request.witness.returning(value)
        changes = None if is_final else self.journal.changes_since(frame.mark, frame.born)
        frame.exits.append(Exit(value, changes, self.conditions[-1] if self.conditions and not is_final else ""))

    def closure(self, node: ir.Function, scope: Scope) -> FunctionValue:
        """The value of a function expression or declaration."""
        function = FunctionValue(node, scope, scope.module)
        function.in_request = self.request is not None
        return function

    # Construction

    def construct(self, callee: Value, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call a value with ``new``."""
        self.step()
        match callee:
            case ClassValue():
                instance = ObjectValue(callee)
                self.initialise(callee, instance, arguments, site)
                return instance
            case FunctionValue():
                instance = ObjectValue(callee)
                result = self.call_function(callee, arguments, site, instance)
                return result if isinstance(result, ObjectValue | FunctionValue | Native) else instance
            case Native():
                return callee.construct(self, arguments, site)
            case Deferred():
                return self.construct(callee.force(), arguments, site)
            case Choice(options=options):
                return join([(self.construct(option, arguments, site), text) for option, text in options])
        return self.call(callee, arguments, site)

    def initialise(self, cls: ClassValue, instance: ObjectValue, arguments: tuple[Item, ...], site: Site) -> None:
        """Run the constructor of a class on an instance; without one, its base's."""
        self.constructed.add((cls.module.path, cls.node.start))
        constructor = cls.methods.get("constructor")
        if constructor is None:
            self.initialise_base(cls, instance, arguments, site)
            return
        if cls.base is None:
            self._initialise_fields(cls, instance)
        function = FunctionValue(constructor, cls.scope, cls.module, this=instance, home=cls)
        self.call_function(function, arguments, site, instance)

    def initialise_base(self, cls: ClassValue, instance: ObjectValue, arguments: tuple[Item, ...], site: Site) -> None:
        """``super(…)``: the base's constructor, then the class's own fields."""
        match cls.base:
            case None:
                pass
            case ClassValue() as base:
                self.initialise(base, instance, arguments, site)
            case FunctionValue() as base:
                self.call_function(base, arguments, site, instance)
            case base:
                instance.is_open = True
                self.call(base, arguments, site)
        self._initialise_fields(cls, instance)

    def _initialise_fields(self, cls: ClassValue, instance: ObjectValue) -> None:
        scope = Scope(cls.module, cls.scope, is_function=True)
        scope.this = instance
        scope.home = cls
        for field in cls.fields:
            key = members.key_of(self, field.key, scope)
            if key is not None:
                value = self.evaluate(field.value, scope) if field.value is not None else UNDEFINED
                self.journal.write(instance.properties, key, value)

    # Names and members

    def global_value(self, name: str, site: Site) -> Value:
        """What a name stands for that no scope declares."""
        found = module_global(name, site) or self.built_ins.get(name)
        return found if found is not None else External(name)

    def member(self, value: Value, name: str, site: Site) -> Value:
        """Read a property."""
        return members.member_of(self, value, name, site)

    def element_of(self, value: Value, site: Site) -> Value:
        """Any element of a collection whose elements are not known one by one."""
        if isinstance(value, Native):
            return value.element(self, site)
        return Unknown(
            value.reason if isinstance(value, Unknown) else "an element of a list that is not known", site.place
        )

    def use(self, value: Value, site: Site) -> None:
        """A value matters for itself here: compared, printed, put into a string."""
        match value:
            case Native():
                value.use(self, site)
            case Choice(options=options):
                for option, _ in options:
                    self.use(option, site)

    def test(self, value: Value, site: Site) -> None:
        """It is asked whether a value is there, or of what type it is."""
        match value:
            case Native():
                value.test(self, site)
            case Choice(options=options):
                for option, _ in options:
                    self.test(option, site)

    def compare(self, value: Value, site: Site) -> None:
        """It is asked whether a value equals another one."""
        for option, _ in options_of(value):
            if isinstance(option, Native):
                option.compare(self, site)

    def write(self, value: Value, site: Site) -> None:
        """A value is put into a text."""
        for option, _ in options_of(value):
            if isinstance(option, Native):
                option.write(self, site)

    # Modules

    def require(self, module: Module, specifier: str, site: Site) -> Value:
        """The value of ``require(specifier)`` in a module."""
        self._leads += 1  # a function that loads modules may load other ones with other arguments
        target = self.linker.link(self, module, specifier, site)
        if not isinstance(target, Module):
            if self.tries and isinstance(target, Unknown) and specifier.startswith("."):
                raise Thrown  # there is no such file: this is what the block around it is for
            return target
        self.start(target)
        return Namespace(target) if target.is_ecmascript else target.common_exports

    def imported(self, module: Module, specifier: str, name: str, site: Site) -> Value:
        """The value that ``import { name } from specifier`` binds."""
        target = self.linker.link(self, module, specifier, site)
        if not isinstance(target, Module):
            return target if name == "*" else self.member(target, name, site)
        self.start(target)
        return Namespace(target) if name == "*" else self.export_of(target, name, site)

    def module(self, path: str) -> Module | None:
        """The module of a source file, not started."""
        found = self.modules.get(path)
        if found is None:
            facts = self.code.facts(path)
            if facts is None:
                return None
            found = self.modules[path] = Module(facts)
        return found

    def start(self, module: Module) -> None:
        """Run the top level of a module, once."""
        if module.is_started:
            return
        self._leads += 1
        module.is_started = True
        with self.once(), suppress(Thrown):  # what it set up before stands
            self.run(self.code.module(module.path), module.scope)

    @contextmanager
    def once(self) -> Iterator[None]:
        """Do what is done once for all requests: whichever asks for it first, and however deep in calls that does."""
        frames, self.frames = self.frames, []
        landings, self.landings = self.landings, []
        request, self.request = self.request, None
        is_serving, self.is_serving = self.is_serving, False
        budget = self.budget
        if is_serving:
            self.budget = max(budget, LOADING_STEPS)
        tries, self.tries = self.tries, 0
        try:
            with self.unconditionally():
                yield
        finally:
            self.frames = frames
            self.landings = landings
            self.request = request
            self.is_serving = is_serving
            self.budget = budget if is_serving else self.budget
            self.tries = tries

    def call_once(self, function: FunctionValue, site: Site) -> Value:
        """Call a function whose value is kept."""
        with self.once():
            return self.call_function(function, (), site)

    def export_of(self, module: Module, name: str, site: Site) -> Value:
        """An exported value of a module, whatever kind of module it is."""
        self.start(module)
        export = module.exports.get(name)
        if export is not None:
            return self._exported(module, export, site)
        if module.stars and name != "default":
            value = self._exported_again(module, name, site)
            if value is not None:
                return value
        common = module.common_exports
        if module.is_ecmascript and isinstance(common, ObjectValue) and not common.properties:
            return UNDEFINED
        if name == "default":
            return self._default_of(common, site)
        return self.member(common, name, site)

    def _exported_again(self, module: Module, name: str, site: Site) -> Value | None:
        """What a module exports because another one does; of a package it isn't known what it exports."""
        elsewhere: Value | None = None
        for target in self._starred(module):
            if isinstance(target, Module):
                if name in target.exports:
                    return self._exported(target, target.exports[name], site)
                if name in _names_in(target.common_exports):
                    return self.member(target.common_exports, name, site)
            elif elsewhere is None and not isinstance(target, Unknown):
                elsewhere = self.member(target, name, site)
        return elsewhere

    def _starred(self, module: Module) -> Iterator[Module | Value]:
        """What a module exports all of, and what that exports all of in turn, each once."""
        seen, pending = {module.path}, [module]
        for owner in pending:
            for specifier in owner.stars:
                target = self.linker.link(self, owner, specifier, Site(owner, 0))
                if not isinstance(target, Module):
                    yield target
                elif target.path not in seen:
                    seen.add(target.path)
                    pending.append(target)
                    self.start(target)
                    yield target

    def _default_of(self, common: Value, site: Site) -> Value:
        """``import x from`` a CommonJS module: its ``default`` if a compiler made it, else all of it."""
        if isinstance(common, ObjectValue) and "__esModule" in common.properties:
            return self.member(common, "default", site)
        return common

    def _exported(self, module: Module, export: Export, site: Site) -> Value:
        if export.value is not None:
            return export.value
        if export.source:
            return self.imported(module, export.source, export.local, site)
        scope = export.scope.find(export.local) if export.scope is not None else None
        if scope is None:
            return Unknown(f"{export.local} is exported before it has a value", site.place)
        value = scope.names[export.local]
        return value.force() if isinstance(value, Deferred) else value

    def export_names(self, module: Module) -> list[str]:
        """Names that a module exports, in the order of its source."""
        self.start(module)
        names: dict[str, None] = {}
        for one in (module, *self._starred(module)):
            if isinstance(one, Module):
                names.update(dict.fromkeys(name for name in one.exports if name != "default"))
                names.update(dict.fromkeys(_names_in(one.common_exports)))
        return list(names)


def _names_in(exports: Value) -> Sequence[str]:
    """Names that a CommonJS module exports."""
    return (*exports.properties, *exports.accessors) if isinstance(exports, ObjectValue) else ()
