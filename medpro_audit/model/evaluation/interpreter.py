"""The interpreter: its state, its budget, and calls. What else it does has a module each beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from medpro_audit.facts import ir
from medpro_audit.model.evaluation import expressions, members, statements
from medpro_audit.model.evaluation.branching import fork_values, rescue
from medpro_audit.model.evaluation.builtins import module_global
from medpro_audit.model.evaluation.clauses import Clause, by_default, conjunction
from medpro_audit.model.evaluation.conditions import condition_of
from medpro_audit.model.evaluation.construction import construct, made_by_container
from medpro_audit.model.evaluation.contracts import Linker, RequestMode
from medpro_audit.model.evaluation.control import Completion, Exhausted, Fruitless, Landing, Thrown
from medpro_audit.model.evaluation.frames import Exit, Frame
from medpro_audit.model.evaluation.handing_over import call_from_outside, hand_over
from medpro_audit.model.evaluation.journal import Journal, joined, states_of
from medpro_audit.model.evaluation.program import Code, Module
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.text import text_of
from medpro_audit.model.evaluation.values import (
    UNDEFINED,
    CallRecord,
    Choice,
    ClassValue,
    Deferred,
    External,
    FunctionKey,
    FunctionValue,
    Item,
    Native,
    Site,
    Unknown,
    Value,
    holds_code,
    is_informative,
    now,
    options_of,
)
from medpro_audit.model.evaluation.witness import Witness

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
SHORT = 200
"""Length of a function, in bytes, that asks one thing of each item of a list."""
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
        self.around: set[FunctionKey] = set()
        """Functions that decorators have put around methods: they take a call no deeper."""
        self.unused: tuple[Module, int, bool] | None = None
        """The call whose value nothing uses, since the statement that runs now is that call: its module and offset, and
        whether it is awaited."""
        self.promised: tuple[Module, int] | None = None
        """The last call, if it was one of an asynchronous function: its module and offset."""
        self._quiet_until = budget
        self._effects = 0
        self.leads = 0
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

    # Conditions

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
        self.promised = None
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
                return fork_values(
                    self,
                    [
                        (text, lambda option=option: self.call(option, arguments, site, this))  # type: ignore[misc]
                        for option, text in options
                    ],
                )
            case ClassValue():
                return construct(self, callee, arguments, site)
        if isinstance(callee, Unknown):
            return self._call_unknown(callee, arguments, site)
        hand_over(self, arguments, site)
        return Unknown("something is called that is no function", site.place)

    def _call_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call something of which nothing is known."""
        if self.request is not None:
            self.request.called_unknown(callee, arguments, site)
        else:
            for item in arguments:
                if isinstance(item.value, Native):
                    item.value.escape(self, site)
        hand_over(self, arguments, site)
        return Unknown(callee.reason, site.place, owner=callee)

    def call_external(self, callee: External, arguments: tuple[Item, ...], site: Site) -> Value:
        """Call something of an npm package; the result remembers the call."""
        record = CallRecord(callee, arguments, site)
        for observe in self.observers:
            observe(record)
        known = self.request.witness.result_of(record) if self.request is not None else None
        if known is not None:
            return known
        made = made_by_container(self, callee, arguments, site)
        if made is not None:
            return made
        hand_over(self, arguments, site)
        return callee.result(self, record)

    def run_callbacks(self) -> None:
        """Call the functions that were handed over, in order; those that serve requests are left out."""
        while self.callbacks:
            function, site = self.callbacks.pop(0)
            if function.key not in self.handlers and function.key not in self.called:
                self._effects_before_callback = self._effects
                self._quiet_until = max(0, self.budget - MAX_QUIET_CALLBACK)
                with suppress(Thrown):
                    call_from_outside(self, function, site)
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
        """Evaluate the body of a function with these arguments; a promise is the value that it is kept with."""
        result = self._called(function, arguments, site, this)
        self.promised = (site.module, site.at) if function.node.is_async else None
        return result

    def _called(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None) -> Value:
        if function.bound:
            arguments = (*function.bound, *arguments)
        if self.request is not None and self._is_independent(function, arguments, this):
            self.request.left_for_later(function, arguments)
            postponed = Deferred(lambda: self._compute(function, arguments, site, this))
            self.request.witness.postponed(postponed)
            return postponed
        if self.request is None:
            return self._enter(function, arguments, site, this)
        if function.node.is_async and self.is_floating(site):
            return self._enter_unawaited(self.request, function, arguments, site, this)
        return self._enter_seen(self.request.witness, function, arguments, site, this)

    def _enter_unawaited(
        self, request: RequestMode, function: FunctionValue, arguments: tuple[Item, ...], site: Site, this: Value | None
    ) -> Value:
        """Evaluate a function whose promise nobody waits for: where a validation in it fails, what follows runs on."""
        mark, born, attempts = self.journal.mark, now(), request.attempts
        result = self._enter_seen(request.witness, function, arguments, site, this)
        return rescue(self, mark, born, result, lambda: UNDEFINED) if request.attempts > attempts else result

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
            or any(request.is_tainted(item.value) or request.was_looked_up(item.value) for item in arguments)
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
        if self.is_too_deep(function, arguments):
            return Unknown("calls are nested too deeply to be followed", site.place)
        if self.is_serving and not self.may_serve(function):
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
            effects=self._effects + self.leads,
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
            if took_long and not self.is_serving and frame.effects == self._effects + self.leads:
                self._idle.add(function.key)

    def _start_afresh(self) -> None:
        """What was called before a function, and has nothing to do with it, is not why that is given up."""
        if len(self.frames) == MAX_TRUSTED and self._effects != self._effects_before_callback:
            self._quiet_until = max(0, self.budget - MAX_QUIET)

    def _lost(self, arguments: tuple[Item, ...], site: Site) -> Value:
        """A call of a request that is not followed: what it is given leaves what is seen."""
        if self.request is not None:
            self.request.witness.lost(arguments, site)
        hand_over(self, arguments, site)
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

    def may_serve(self, function: FunctionValue) -> bool:
        """Whether a call is followed for one request; count it."""
        is_worth_serving = self.is_worth_serving(function)
        self.calls[function.key] = self.calls.get(function.key, 0) + 1
        return is_worth_serving

    def is_worth_serving(self, function: FunctionValue) -> bool:
        """Whether a call is followed for one request: not too deep, and not the same function over and over."""
        depth = sum(frame.key not in self.around for frame in self.frames)
        return depth < MAX_SERVING_CALLS and self.calls.get(function.key, 0) < MAX_REPEATS

    @contextmanager
    def counting_once(self, callback: Value) -> Iterator[None]:
        """Call a short function for one of many items: for all of them it counts as one call."""
        is_short = isinstance(callback, FunctionValue) and callback.node.end - callback.node.start <= SHORT
        before = self.calls.get(callback.key, 0) if isinstance(callback, FunctionValue) else 0
        yield
        if isinstance(callback, FunctionValue) and is_short:
            self.calls[callback.key] = before

    def _run_body(self, node: ir.Function, module: Module, scope: Scope) -> Completion | None:
        body = node.body if node.body is not None else self.code.body(module.path, node.start, node.end)
        try:
            return self.run(body, scope)
        except Thrown:
            return None

    def is_too_deep(self, function: FunctionValue, arguments: tuple[Item, ...]) -> bool:
        """Whether calls are nested too deeply for one more to be followed."""
        return len(self.frames) >= MAX_CALLS or self._is_too_recursive(function, arguments)

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
        outcomes = [last if exit_.changes is None else exit_.changes for exit_ in exits]
        states = states_of(outcomes)
        self.journal.apply([(changes, exit_.condition) for changes, exit_ in zip(outcomes, exits, strict=True)])
        values = [(exit_.value, exit_.condition) for exit_ in exits if states or exit_.value is not UNDEFINED]
        return self._returned(frame, joined(values, states) if values else UNDEFINED)

    def _returned(self, frame: Frame, value: Value) -> Value:
        """Remember which call made a closure: it is what a wrapper or a factory is known by."""
        if frame.yielded is not None:
            return frame.yielded
        for option, _ in options_of(value):
            if isinstance(option, FunctionValue) and option.made_by is None and frame.function is not None:
                option.made_by = CallRecord(frame.function, (), frame.site)
        return value

    def leave_with(self, value: Value, call: Site | None = None) -> None:
        """Record a ``return`` of the call in progress; ``call`` is where that was called whose result is returned."""
        if not self.frames:
            return
        frame = self.frames[-1]
        is_final = self.forks == frame.forks and not any(landing.arrivals for landing in self.landings)
        if self.request is not None:
            value = self.request.limited(value)
            self.request.witness.returning(value, call if is_final else None)
        changes = None if is_final else self.journal.changes_since(frame.mark, frame.born)
        frame.exits.append(Exit(value, changes, self.conditions[-1] if self.conditions and not is_final else ""))

    def closure(self, node: ir.Function, scope: Scope) -> FunctionValue:
        """The value of a function expression or declaration."""
        function = FunctionValue(node, scope, scope.module)
        function.in_request = self.request is not None
        return function

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
        if self.request is not None:
            self.request.sought(value)
        for option, _ in options_of(value):
            if isinstance(option, Native):
                option.test(self, site)

    def compare(self, value: Value, site: Site) -> None:
        """It is asked whether a value equals another one."""
        for option, _ in options_of(value):
            if isinstance(option, Native):
                option.compare(self, site)

    def asked(self, value: Value, answer: Value, against: Value | None = None, *, holds: bool = True) -> Value:
        """The answer to whether a value is one that the program allows: of a list, of a pattern, a number.

        It is where the answer is truthy, or where it is not.
        """
        if self.request is not None:
            self.request.tested(value, against=against)
            self.request.asked(value, answer, holds=holds)
        return answer

    def write(self, value: Value, site: Site) -> None:
        """A value is put into a text."""
        for option, _ in options_of(value):
            if isinstance(option, Native):
                option.write(self, site)

    # Modules

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
        self.leads += 1
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
