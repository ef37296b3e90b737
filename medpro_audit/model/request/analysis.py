"""The symbolic request: what middleware and handlers read of it, and what has been validated by then.

A function is called with a request, a response and a ``next`` that only record. Reading ``req.body.email`` yields a
value that remembers its part and path; a schema that is applied to it leaves a *holding* (this path is checked by that
schema) on the present path of execution, so that a branch which does not validate, or a rejected result that is not
acted upon, loses it again where the branches meet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial, reduce
from http import HTTPStatus
from typing import TYPE_CHECKING

from medpro_audit.facts import ir
from medpro_audit.model.answers import SENDING, Answer, sent_of, status_of
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.patterns import bound_names
from medpro_audit.model.evaluation.scope import Scope
from medpro_audit.model.evaluation.values import (
    TRUE,
    UNDEFINED,
    CallRecord,
    Cells,
    Choice,
    External,
    Facts,
    Form,
    FunctionKey,
    FunctionValue,
    Item,
    JoinedPath,
    Method,
    ObjectValue,
    Site,
    Text,
    Unknown,
    Value,
    is_caught,
    is_same,
    now,
)
from medpro_audit.model.evaluation.witness import Sides, Witness
from medpro_audit.model.request.applying import Applied
from medpro_audit.model.request.base import FromRequest
from medpro_audit.model.request.data import (
    CONTENTS,
    Access,
    Data,
    Request,
    allowed_by,
    only_option,
    sent_in,
    sent_numbers,
)
from medpro_audit.model.request.exchange import Next, Opening, Response
from medpro_audit.model.request.outcome import REJECTED, Check, Noted
from medpro_audit.model.request.records import (
    NOTHING_CALLED,
    Attempt,
    Called,
    Escape,
    Holding,
    Narrowed,
    Origin,
    Purpose,
    Summary,
    Use,
    Writes,
)
from medpro_audit.model.request.vocabulary import DEFINING, TELLING, UNFOLDING, VALIDATING, VALIDATORS
from medpro_audit.model.schemas import DOUBTFUL, Schema
from medpro_audit.model.subjects import PARTS, RequestPart

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.flows.watching import Watcher


STEPS = 1_500
"""Budget of one function with everything it calls."""


DEAF = Witness()
"""Listens to nothing."""


_ALTERNATIVES = frozenset((Choice, Text, JoinedPath))
"""Of these, those that are what is in them."""


class Analysis:
    """One function followed with a symbolic request; what `Interpreter.request` listens with."""

    def __init__(  # noqa: PLR0913 - what it listens with
        self,
        interpreter: Interpreter,
        opening: Opening,
        properties: Writes = (),
        *,
        watcher: Callable[[Analysis], Watcher],
        witness: Callable[[Analysis], Witness] = lambda _: DEAF,
        ends_in: frozenset[FunctionKey] = frozenset(),
    ) -> None:
        """An analysis; ``ends_in`` names functions of which a path ends where it hands on an error."""
        self.interpreter = interpreter
        self.witness = witness(self)
        self.watcher = watcher(self)
        self.facts = Facts()
        self.overrides: Cells[Value] = Cells()
        self.exchange = opening(self, properties)
        self.request = self.exchange.request
        self._handed = list(self.exchange.arguments[: self.exchange.handed])
        self.escapes: list[Escape] = []
        self.statuses: list[int] = []
        self.responds = False
        self.skips = False
        """It may leave its route or router by ``next('route')``, or pass on by a ``next`` that is given no error."""
        self._ends_in = ends_in
        self.resumed: set[FunctionKey] = set()
        """Functions that call ``next()`` where they may have called ``next(error)`` before."""
        self.status: Cells[Value] = Cells()
        """The status that was set by now, under ``status``, and which functions have handed on an error."""
        self.answers: list[Answer] = []
        self.failures: list[CallRecord] = []
        self.given = dict(self.request.properties)
        """Properties of the request that are set when it arrives."""
        self.replacements: list[Holding] = []
        """Fields that it sets to values of its own, be it on some paths only."""
        self._accesses: list[Access] = []
        self._uses: list[Use] = []
        self._checks: list[Check] = []
        self._passes: list[tuple[dict[str, object], dict[str, Value]]] = []
        self._calls: list[CallRecord] = []
        self._called = NOTHING_CALLED
        """The last call that left the program."""
        self._fields: dict[Value, str] = {}
        """Values of its first argument's properties, by name."""
        self._asked: dict[Value, tuple[Sequence[Data], bool]] = {}
        """Data of which it was asked whether it is what the program allows, by the answers, and by which of the two it
        is."""
        self._is_throwing = False
        self._making: Site | None = None
        """That call, if all it does is to make a record that is stored later, if at all."""
        self._leaving: Site | None = None
        """The last call that left the program, unless it is one that only tells somebody."""
        self._telling: Site | None = None
        """The last call that left the program, if it is one that only tells somebody."""
        self._outward: Site | None = None
        """Where something was last answered, or kept for other requests."""
        self._readers: set[FunctionKey] = set()
        self._answerers: set[FunctionKey] = set()
        self._given_calls: list[tuple[FunctionValue, FunctionValue]] = []
        self._delegations: list[tuple[FunctionValue | None, FunctionValue]] = []

    # What the interpreter asks

    def is_tainted(self, value: Value, depth: int = 3) -> bool:
        """Whether a value depends on the request."""
        kind = type(value)
        inner = CONTENTS.get(kind)
        if inner is None:
            return isinstance(value, FromRequest)
        if isinstance(value, FunctionValue) and value.in_request:
            return True
        if kind not in _ALTERNATIVES:
            depth -= 1
        for one in inner(value) if depth >= 0 else ():  # a loop, since this is asked of every argument of every call
            if self.is_tainted(one, depth) if type(one) in CONTENTS else isinstance(one, FromRequest):
                return True
        return False

    def may_be_answered_by(self, functions: Iterable[FunctionValue]) -> bool:
        """Whether one of some functions can reach request, response or ``next``, by a name or by its ``this``."""
        seen: set[int] = set()
        for function in functions:
            scope: Scope | None = function.scope
            while scope is not None and scope.parent is not None and id(scope) not in seen:
                seen.add(id(scope))
                owned = scope.this.properties.values() if isinstance(scope.this, ObjectValue) else ()
                if any(map(self._is_answerable, (*scope.names.values(), *owned))):
                    return True
                scope = scope.parent
        return False

    def _is_answerable(self, value: Value) -> bool:
        """Whether a value is, or has right in it, what the framework hands over, or a method of that."""
        inner = CONTENTS.get(type(value))
        if inner is None:
            return isinstance(value, Request | Response | Next | Method) or value in self.exchange.arguments
        if isinstance(value, FunctionValue) and not value.bound:
            return False
        return any(self._is_answerable(one) for one in inner(value) if type(one) not in CONTENTS)

    def left_for_later(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A call that seems to depend on nothing of the request: what was made of its data may be checked by it."""
        self.watcher.asked.by_name(function, arguments)

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A function is called: note who hands request and response on to whom."""
        frames = self.interpreter.frames
        caller = frames[-1].function if frames else None
        if self._is_handed(arguments):
            self._delegations.append((caller, function))
        if caller is not None and caller.made_by is not None and is_given(function, caller):
            self._given_calls.append((caller, function))
        for parameter, item in zip(function.node.parameters, arguments, strict=False):
            if isinstance(item.value, Data) and isinstance(parameter.target, ir.Name):
                item.value.bind()
        self.watcher.entered(function, arguments)

    def _is_handed(self, arguments: tuple[Item, ...]) -> bool:
        """Whether these are what the framework hands to a function."""
        handed = self._handed
        if len(arguments) < len(handed):
            return False
        return all(item.value is one for item, one in zip(arguments, handed, strict=False))

    def called_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> None:
        """Something unknown is called: what looks like a validation leaves a doubt."""
        self._leave(site, "", callee.name, arguments)
        self.watcher.called(callee, arguments, site)
        self.witness.called_unknown(callee, CallRecord(callee, arguments, site))
        if callee.name in VALIDATING or callee.name in UNFOLDING:
            self._doubt(callee.name, arguments, site)

    def called_external(self, record: CallRecord) -> None:
        """A call leaves the program."""
        self._calls.append(record)
        self.watcher.called(record.callee, record.arguments, record.site)
        callee = record.callee if isinstance(record.callee, External) else None
        name = callee.name if callee is not None else ""
        last = name.rpartition(".")[2]
        self._leave(record.site, callee.package if callee is not None else "", last, record.arguments)
        self._making = record.site if callee is not None and _is_model(callee) else None
        is_validator = callee is not None and callee.package in VALIDATORS
        if last in VALIDATING or last in UNFOLDING or is_validator:
            self._doubt(name, record.arguments, record.site)

    def _leave(self, site: Site, package: str, name: str, arguments: tuple[Item, ...]) -> None:
        self._called = Called(package, name)
        first = arguments[0].value if arguments else None
        named = first.properties.items() if isinstance(first, ObjectValue) else ()
        self._fields = {value: field for field, value in named if isinstance(value, Data)}
        is_telling = TELLING.match(name) or any(_tells_failure(item.value, 2) for item in arguments)
        self._leaving, self._telling = (None, site) if is_telling else (site, None)

    def kept(self, site: Site) -> None:
        """Something is put where other requests find it."""
        self._outward = site

    def tested(self, value: Value, *, of_type: bool = False, against: Value | None = None) -> None:
        """A value is held against what the program allows."""
        self.watcher.asked.tested(value, of_type=of_type, against=against)

    def looked_up(self, owner: Value, key: Value | None, found: Value) -> None:
        """Something was found in a table, under a key or as a property of what was found there."""
        self.watcher.asked.looked_up(owner, key, found)

    def was_looked_up(self, value: Value) -> bool:
        """Whether what the request says decides what it is, of things of the program's own."""
        return self.watcher.asked.was_looked_up(value)

    def sought(self, value: Value) -> None:
        """It is asked whether something is there."""
        self.watcher.asked.sought(value)

    def compared(self, left: Value, right: Value, site: Site) -> None:
        """It is asked whether two values are equal."""
        self.watcher.compared(left, right, site)

    def where_equal(self, left: Value, right: Value, site: Site) -> tuple[Callable[[], None], ...]:
        """What follows where two values are equal."""
        narrowed = partial(self.narrow, [*allowed_by(left, right), *allowed_by(right, left)], site)
        equal = self.watcher.equal(left, right)
        if equal is None:
            return (narrowed,)
        return (narrowed, lambda: self.interpreter.journal.write(self.facts, f"equal {equal.key}", equal))

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What is evaluated meanwhile is thrown."""
        before, self._is_throwing = self._is_throwing, True
        try:
            yield
        finally:
            self._is_throwing = before

    def asked(self, value: Value, answer: Value, *, holds: bool) -> None:
        """It is asked whether a value is one that the program allows; it is where the answer is truthy, or is not."""
        self._asked[answer] = sent_in(value), holds

    def where_true(self, value: Value, site: Site) -> Sides:
        """What follows where a value is truthy, and where it is not.

        Nothing can be sent that is not truthy; but a number that is made of what was sent may be none.
        """
        sent = sent_in(value)
        numbers = sent_numbers(sent)
        about, holds = self._asked.get(value, (numbers, True))
        told = (partial(self.narrow, about, site),) if about else ()
        nothing = (partial(self.narrow, sent, site),) if sent and not numbers else ()
        return (told, nothing) if holds else ((), (*told, *nothing))

    def narrow(self, values: Iterable[Data], site: Site) -> None:
        """From here on these are what the program allows."""
        for data in values:
            narrowed = Narrowed(data.part, data.path, data.form, site.place)
            self.interpreter.journal.write(self.facts, narrowed.key, narrowed)

    def _narrowed(self, part: RequestPart, path: tuple[str, ...], form: Form) -> Narrowed | None:
        """What is known to be allowed of a value, or of what it is a field of."""
        keys = (
            ".".join((f"{asked} {part}", *path[:length]))
            for length in range(len(path), -1, -1)
            for asked in dict.fromkeys((form, "anything"))
        )
        found = next((self.facts[key] for key in keys if key in self.facts), None)
        return found if isinstance(found, Narrowed) else None

    def limited(self, value: Value) -> Value:
        """Request data that equals a constant on the present path is that constant, wherever it is taken from here."""
        if isinstance(value, Data) and f"equal {'.'.join((value.part, *value.path))}" in self.facts:
            return value.converted("harmless")
        return value

    def _doubt(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        for item in arguments:
            data = item.value
            if (
                isinstance(data, Data)
                and data.checked is None
                and not (data.path and name.rpartition(".")[2] in UNFOLDING)
            ):
                self.grant([Holding(data.part, data.path, DOUBTFUL, "", name, site.place)])

    @property
    def attempts(self) -> int:
        """How many validations were tried by now."""
        return len(self._checks)

    def reject(self, check: Check | None = None) -> None:
        """The present path of execution is that of a failed validation."""
        self.interpreter.journal.write(self.facts, REJECTED, check)

    def noted(self, items: Value) -> None:
        """Something is added to a list or an object: errors of failed validations are collected this way."""
        check = self.facts.get(REJECTED)
        if isinstance(check, Check):
            noted = Noted(check, items)
            self.interpreter.journal.write(self.facts, noted.key, noted)

    def assume_empty(self, items: Value) -> None:
        """Where a list is empty, the checks whose failure would have left something in it have succeeded."""
        for fact in list(self.facts.values()):
            if isinstance(fact, Noted) and fact.items is items:
                self.grant(fact.check.holdings)

    @property
    def _current(self) -> FunctionKey | None:
        frames = self.interpreter.frames
        function = frames[-1].function if frames else None
        return function.key if function is not None else None

    # What the symbolic values report

    def read(
        self,
        part: RequestPart,
        path: tuple[str, ...],
        site: Site,
        checked: Holding | None,
    ) -> Data:
        """Request data is looked at; it counts as used unless something else becomes of it."""
        if self._current is not None:
            self._readers.add(self._current)
        access = Access(self._use(part, path, site, self.standing(checked)), is_rejected=REJECTED in self.facts)
        if checked is None:
            self._accesses.append(access)
        return Data(part, path, checked=checked, access=access, place=access.use.place)

    def record(self, data: Data, site: Site, purpose: Purpose, *, is_test: bool = False) -> None:
        """Request data is used for sure; to say what was sent or refused, or with what it failed, is no use."""
        if self.tells_at(site):
            return
        if REJECTED not in self.facts or site == self._leaving:
            use = self._use(data.part, data.path, site, self.standing(data.checked))
            called, field = NOTHING_CALLED, ""
            if site == self._leaving:
                purpose, called, field = "call", self._called, self._fields.get(data, "")
            elif site == self._outward:
                purpose = "answer"
            leaves = purpose in {"answer", "call"} and site != self._making
            use = use._replace(is_test=is_test, leaves=leaves, purpose=purpose, called=called, field=field)
            narrowed = self._narrowed(data.part, data.path, data.form)
            is_direct = data.place is not None and (data.place.file, data.place.line) == (
                site.place.file,
                site.place.line,
            )
            use = use._replace(is_direct=is_direct)
            use = use._replace(form=data.form, narrowed=narrowed, is_told=self._is_refusing)
            self._uses.append(use._replace(takes_anything=data.form == "anything" or data.is_coerced))

    def tells_at(self, site: Site) -> bool:
        """Whether all that is done there is to tell somebody: to log it, to report it."""
        return site == self._telling

    @property
    def _is_refusing(self) -> bool:
        """Whether an error is thrown, or the status of the answer that is being made says that something is wrong."""
        if self._is_throwing:
            return True
        status = status_of(self.status.get("status"))
        return status is not None and status >= HTTPStatus.BAD_REQUEST

    def standing(self, checked: Holding | None) -> Holding | None:
        """What is left of a check on this path of execution."""
        return checked if checked is None or not checked.is_claim or self._knows(checked) else None

    def _knows(self, holding: Holding) -> bool:
        known = self.facts.get(holding.key)
        return isinstance(known, Holding) and known.place == holding.place

    def _use(self, part: RequestPart, path: tuple[str, ...], site: Site, checked: Holding | None) -> Use:
        tried = (holding for check in self._checks for holding in check.holdings)
        was_tried = any(holding.covers(part, path) for holding in tried)
        narrowed = self._narrowed(part, path, "anything")
        return _use(part, path, site, checked, self.facts)._replace(was_tried=was_tried, narrowed=narrowed)

    def touch_response(self, interpreter: Interpreter) -> None:
        """The function that runs now answers itself."""
        if self._current is not None:
            self._answerers.add(self._current)

    def answered(self, name: str, arguments: tuple[Item, ...], site: Site) -> None:
        """A method of the response is called: note a status that it sets, and what it sends."""
        if name in {"status", "sendStatus", "writeHead"}:
            # Node refuses to send what has no status: without an argument it is none of success.
            asked = arguments[0].value if arguments else Unknown("a status that is not given", site.place)
            self.interpreter.journal.write(self.status, "status", asked)
        if name in SENDING:
            self._outward = site
            frames = self.interpreter.frames
            callers = [None, *(frame.function for frame in frames)]
            calls = tuple((callers[index], frame.site) for index, frame in enumerate(frames))
            sent = sent_of(arguments)
            self.answers.append(Answer(name, status_of(self.status.get("status")), sent, callers[-1], site, calls))
            self.witness.answered(name, self.status.get("status"), arguments)

    def _put(self) -> Iterator[str]:
        """Fields that it has replaced wherever it passes on."""
        every = [{key for key, fact in facts.items() if key == fact} for facts, _ in self._passes]
        return iter(set.intersection(*every) if every else ())

    def grant(self, holdings: Iterable[Holding]) -> None:
        """From here on these paths are checked."""
        for holding in holdings:
            before = self.facts.get(holding.key)
            known = before.together_with(holding) if isinstance(before, Holding) else holding
            self.interpreter.journal.write(self.facts, holding.key, known)

    def failed(self, error: Value, record: CallRecord) -> None:
        """``next(error)``: the error goes through to who handles it, and no later ``next()`` leads anywhere."""
        self.failures.append(record)
        self.witness.failed(error)
        if self._current is not None:
            self.interpreter.journal.write(self.status, f"failed in {self._current}", TRUE)
        if self._current in self._ends_in:
            raise Thrown

    def pass_on(self) -> None:
        """``next()``."""
        if self._current is not None and f"failed in {self._current}" in self.status:
            self.resumed.add(self._current)
        self.witness.passed(self.request.properties)
        properties = {name: self.as_checked(value) for name, value in self.request.properties.items()}
        is_accepted = REJECTED not in self.facts or not self._checks
        self._passes.append((dict(self.facts) if is_accepted else {}, properties))

    def as_checked(self, value: Value) -> Value:
        """What a part was replaced by where its check succeeded, when it is known by now that it did.

        So it is where failures are collected in a list, and only an empty one lets a request pass.
        """
        only = only_option(value)
        if not isinstance(only, Data) or only.checked is None or not self._knows(only.checked):
            return value
        return only.settled()

    # Validation

    def validate(self, schema: Schema, value: Value, name: str, site: Site) -> tuple[Value, Check]:
        """Apply a schema to a value: what it yields, and the check whose outcome decides."""
        applied = Applied(self, Origin(schema.library, name, schema.site), site)
        result = applied.to(schema.shape, value)
        return result, self.check(applied.holdings)

    def forget_call(self, data: Data, site: Site) -> None:
        """That request data was handed to a call was no use of it."""
        made_of = (site.place, data.part, data.path, "call")
        self._uses = [use for use in self._uses if (use.place, use.part, use.path, use.purpose) != made_of]

    def check(self, holdings: Sequence[Holding]) -> Check:
        """A check of these paths whose outcome the program must look at."""
        check = Check(holdings, is_afterwards=bool(self._passes))
        if holdings:
            self._checks.append(check)
        return check

    # Outcome

    def follow(self, value: Value, site: Site) -> Summary:
        """Call a middleware or handler and sum up what it does."""
        reason = self._run(value, site)
        unclaimed = (access for access in self._accesses if access.is_pending and not access.is_rejected)
        uses = [*self._uses, *(access.use for access in unclaimed)]
        return Summary(
            uses=tuple(sorted(dict.fromkeys(uses), key=lambda use: (use.place, use.part, use.path))),
            attempts=tuple(self._attempts()),
            grants=self._grants(),
            narrowed=tuple(first for first, *_ in self._lasting() if isinstance(first, Narrowed)),
            writes=self._writes(),
            passes=bool(self._passes),
            responds=self.responds,
            skips=self.skips,
            statuses=tuple(sorted(set(self.statuses))),
            delegations=tuple(self._delegations),
            given=tuple(self._given_calls),
            readers=frozenset(self._readers),
            answerers=frozenset(self._answerers),
            calls=tuple(self._calls),
            escapes=tuple(dict.fromkeys(self.escapes)),
            reason=reason,
            answers=tuple(self.answers),
            failures=tuple(self.failures),
            arrivals=tuple(self.watcher.arrivals),
            tested=self.watcher.asked.every | frozenset(self._put()),
            comparisons=tuple(self.watcher.comparisons),
            account=self.witness.account,
        )

    def opaque(self, name: str, schemas: Sequence[Schema]) -> Summary:
        """The summary of a package's middleware: nothing, or a doubt when it was given a schema."""
        grants = tuple(
            Holding(part, (), DOUBTFUL, schema.library, f"{name} with {schema.label}", schema.site.place)
            for schema in schemas
            for part in PARTS
        )
        return Summary(
            uses=(),
            attempts=(),
            grants=grants,
            writes=(),
            passes=True,
            responds=False,
            statuses=(),
            delegations=(),
            given=(),
            readers=frozenset(),
            answerers=frozenset(),
            calls=(),
            escapes=(),
            is_foreign=True,
        )

    def _run(self, value: Value, site: Site) -> str | None:
        interpreter = self.interpreter
        if isinstance(value, Unknown):
            return value.reason
        budget, interpreter.budget = interpreter.budget, STEPS
        interpreter.effect()
        interpreter.request = self
        interpreter.is_serving = True
        mark, born = interpreter.journal.mark, now()
        interpreter.serving_since = born
        interpreter.calls = {}
        interpreter.observers.append(self.called_external)
        arguments = tuple(map(Item, self.exchange.arguments))
        try:
            with suppress(Thrown), interpreter.unconditionally():
                interpreter.call(value, arguments, site)
        except Exhausted:
            return "it does more than is followed"
        finally:
            interpreter.observers.pop()
            interpreter.is_serving = False
            interpreter.journal.undo(mark, born)
            interpreter.settle()
            interpreter.budget = budget
        return None

    def _attempts(self) -> Iterable[Attempt]:
        heeded = {holding for check in self._checks if check.is_acted_upon for holding in check.holdings}
        for check in self._checks:
            for holding in check.holdings:
                yield Attempt(holding, holding not in heeded, check.is_afterwards)

    def _grants(self) -> tuple[Holding, ...]:
        kept = [reduce(Holding.either, others, one) for one, *others in self._lasting() if isinstance(one, Holding)]
        return (*kept, *self.replacements) if self._passes else ()

    def _lasting(self) -> list[list[object]]:
        """What is known wherever it passes on: each fact as it is on each of those paths."""
        passes = [facts for facts, _ in self._passes]
        keys = [key for key in passes[0] if all(key in facts for facts in passes)] if passes else []
        return [[facts[key] for facts in passes] for key in keys]

    def _writes(self) -> tuple[tuple[str, Value], ...]:
        if not self._passes:
            return ()
        first, *others = (properties for _, properties in self._passes)
        return tuple(
            (name, value)
            for name, value in first.items()
            if self.given.get(name) is not value and all(is_same(value, other.get(name, UNDEFINED)) for other in others)
        )


def _tells_failure(value: Value, depth: int) -> bool:
    """Whether a value is an error that was caught, or has one in it: what is handed over with it tells of a failure."""
    if isinstance(value, Unknown):
        return is_caught(value)
    inner = CONTENTS.get(type(value))
    return inner is not None and depth > 0 and any(_tells_failure(one, depth - 1) for one in inner(value))


def _is_model(value: External) -> bool:
    """Whether a value is the class of records that an ORM has made: ``mongoose.model(…)``, ``sequelize.define(…)``."""
    callee = value.call.callee if value.call is not None else None
    return isinstance(callee, External) and callee.name.rpartition(".")[2] in DEFINING


def is_given(inner: FunctionValue, outer: FunctionValue) -> bool:
    """Whether a closure was made by a function of the program that was given the inner function as an argument."""
    maker = outer.made_by.callee if outer.made_by is not None else None
    if not isinstance(maker, FunctionValue):
        return False
    for name in bound_names([parameter.target for parameter in maker.node.parameters]):
        scope = outer.scope.find(name)
        value = scope.names[name] if scope is not None else None
        if isinstance(value, FunctionValue) and value.key == inner.key:
            return True
    return False


def _use(
    part: RequestPart, path: tuple[str, ...], site: Site, checked: Holding | None, facts: Mapping[str, object]
) -> Use:
    doubt = None
    if checked is not None and checked.shape.lets_through(path[len(checked.path) :]):
        checked = None
    for holding in () if checked is not None else facts.values():
        if isinstance(holding, Holding):
            verdict = holding.covers(part, path)
            if verdict:
                checked = holding
                break
            doubt = holding if verdict is None else doubt
    return Use(part, path, site.place, checked, doubt)
