"""Runs the tests that make requests, as far as they can be followed, and takes down which requests each case makes.

A test file is run like any other module: its suites are callbacks of the framework, so are its cases. Nothing is
asserted and nothing is answered: what a request returns is not known. What a test changes is undone before the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import NamedTuple

from medpro_audit.core.stages import stage
from medpro_audit.model.evaluation.control import Exhausted, Fruitless, Thrown
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.values import (
    ArrayValue,
    CallRecord,
    External,
    FunctionKey,
    FunctionValue,
    Item,
    Site,
    now,
)
from medpro_audit.model.routing import Router
from medpro_audit.model.testing.clients import RUNNER, Request, request_of
from medpro_audit.model.testing.urls import rows_of

STEPS_OF_A_FILE = 40_000
"""Budget of one test file; large ones need a quarter of it."""
STEPS_OF_A_CALLBACK = 4_000
"""Budget of one case or suite."""
MAX_BARREN = 6_000
"""Steps of a file without any request after which it is given up: it seems to make none."""
STEPS = 2_000_000
"""Budget of all files."""
MAX_CLOSURES = 40
"""How often one function is run that a loop hands over."""
MAX_ROWS = 40
"""Rows of a table of cases that are run."""


class Asked(NamedTuple):
    """A request that a test file makes."""

    request: Request
    test: str
    """Path of the test file."""
    at: int
    """Where in the test file: of the call that leads to it, if a helper makes it."""
    callback: int
    """Start of the function of the test file that runs: of a case, a hook or a suite; -1 at module level."""
    caller: str
    """Path of the file in which the request is made."""


class _Called(set[FunctionKey]):
    """Functions that were called; those that are added can be taken out again without going through all."""

    def __init__(self, before: Iterable[FunctionKey]) -> None:
        super().__init__(before)
        self._added: list[FunctionKey] = []

    def add(self, key: FunctionKey) -> None:
        """Add one, and remember that."""
        if key not in self:
            self._added.append(key)
            super().add(key)

    def restore(self) -> None:
        """Be what it was made of."""
        self.difference_update(self._added)
        self._added.clear()


class Rehearsal:
    """Runs test files beside the program."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self._asked: list[Asked] = []
        self._tables: list[tuple[FunctionValue, tuple[tuple[Item, ...], ...], Site]] = []
        self._test = ""
        self._left = STEPS
        self.unfinished: list[str] = []
        """Files that do more than is followed."""

    @stage("surveys", "rehearsal of tests")
    def run(self, paths: Iterable[str]) -> Sequence[Asked]:
        """Run these files in this order; return all requests that they make."""
        interpreter = self._interpreter
        routers = [(made, list(made.registrations)) for made in interpreter.made if isinstance(made, Router)]
        called = interpreter.called
        with interpreter.aside():
            interpreter.observers = [self._observe]
            interpreter.called = meanwhile = _Called(called)
            try:
                for path in paths:
                    if self._left <= 0:
                        self.unfinished.append(path)
                    else:
                        self._run_file(path)
                        meanwhile.restore()
            finally:
                interpreter.called = called
        for router, registrations in routers:
            router.registrations = registrations
        return self._asked

    def _run_file(self, path: str) -> None:
        interpreter = self._interpreter
        module = interpreter.module(path)
        if module is None:
            return
        self._test = path
        mark, born = interpreter.journal.mark, now()
        budget = min(self._left, STEPS_OF_A_FILE)
        interpreter.budget = budget
        interpreter.effect()
        try:
            with suppress(Thrown, Fruitless):
                interpreter.start(module)
            self._run_callbacks(path)
        except Exhausted:
            self.unfinished.append(path)
        finally:
            self._left -= budget - max(0, interpreter.budget)
            interpreter.rest()
            self._tables.clear()
            interpreter.journal.undo(mark, born)

    def _run_callbacks(self, path: str) -> None:
        """Run what was handed over, in order: suites hand over their hooks and cases, those go to the end."""
        interpreter = self._interpreter
        runs: Counter[FunctionKey] = Counter()
        start, asked = interpreter.budget, len(self._asked)
        while interpreter.callbacks or self._tables:
            if len(self._asked) == asked and start - interpreter.budget > MAX_BARREN:
                return
            while self._tables:
                function, rows, site = self._tables.pop(0)
                for row in rows[:MAX_ROWS]:
                    self._call(function, row, site)
            if not interpreter.callbacks:
                continue
            function, site = interpreter.callbacks.pop(0)
            runs[function.key] += 1
            is_own = function.module.path == path
            if function.key not in interpreter.handlers and runs[function.key] <= (MAX_CLOSURES if is_own else 1):
                given = Item(External(RUNNER))
                self._call(function, tuple(given for _ in function.node.parameters), site)

    def _call(self, function: FunctionValue, arguments: tuple[Item, ...], site: Site) -> None:
        interpreter = self._interpreter
        before = interpreter.budget
        interpreter.budget = min(before, STEPS_OF_A_CALLBACK)
        given = interpreter.budget
        interpreter.effect()
        try:
            interpreter.call_function(function, arguments, site)
        except (Thrown, Fruitless):
            pass
        except Exhausted:
            if before <= STEPS_OF_A_CALLBACK:
                raise
        finally:
            interpreter.budget = before - (given - interpreter.budget)
            waiting = interpreter.callbacks[:]
            interpreter.rest()
            interpreter.callbacks.extend(waiting)

    def _observe(self, record: CallRecord) -> None:
        interpreter = self._interpreter
        if record.site.module.path == self._test:
            interpreter.effect()  # what the program does by itself is of no interest: it is given up before long
        self._note_table(record)
        request = request_of(record)
        if request is None:
            return
        interpreter.effect()
        frames = interpreter.frames
        sites = [frame.site for frame in frames[1:]]
        own = next((site for site in (*sites, record.site) if site.module.path == self._test), record.site)
        first = frames[0].function if frames else None
        callback = first.node.start if first is not None and first.module.path == self._test else -1
        self._asked.append(Asked(request, self._test, own.at, callback, record.site.module.path))

    def _note_table(self, record: CallRecord) -> None:
        """``it.each(rows)('title', fn)``: the function is run for each row."""
        callee = record.callee
        call = callee.call if isinstance(callee, External) else None
        if call is None or not isinstance(call.callee, External):
            return
        if call.callee.name.rpartition(".")[2] not in {"each", "for"} or not call.arguments:
            return
        rows = rows_of(call.arguments[0].value) if isinstance(call.arguments[0].value, ArrayValue) else None
        for item in record.arguments if rows else ():
            if isinstance(item.value, FunctionValue):
                given = tuple(tuple(Item(value) for value in row) for row in rows or ())
                self._tables.append((item.value, given, record.site))
