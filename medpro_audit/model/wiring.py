"""Finding and running the code that wires an application together.

Programs named in ``package.json`` run first, then modules that use a framework and that nothing imports, then the rest
of those; last, functions of such modules that nothing has called, as if from outside. What they make is what Express
would have, had it run.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from medpro_audit.core.notice import Notice
from medpro_audit.core.place import Place
from medpro_audit.core.stages import stage
from medpro_audit.model.evaluation.construction import construct
from medpro_audit.model.evaluation.control import Exhausted, Thrown
from medpro_audit.model.evaluation.handing_over import call_from_outside
from medpro_audit.model.evaluation.interpreter import Interpreter
from medpro_audit.model.evaluation.program import Module
from medpro_audit.model.evaluation.values import (
    ClassValue,
    Deferred,
    FunctionValue,
    Item,
    ObjectValue,
    Site,
    Unknown,
    Value,
)
from medpro_audit.model.routing import Router

STEPS = 400_000
"""Budget of one program: the largest of real applications need a tenth of it."""
STEPS_OF_A_FUNCTION = 50_000
"""Budget of one function that is called as if from outside, with all modules that it is the first to load: of a server
class whose program stands outside of the scanned folder that is the whole application. One that registers nothing is
given up long before."""


class Wiring:
    """Runs the wiring code of a repository and collects the routers it makes."""

    def __init__(self, interpreter: Interpreter) -> None:
        self._interpreter = interpreter
        self.notices: list[Notice] = []

    @stage("wiring")
    def start(self, programs: Iterable[str]) -> None:
        """Run programs."""
        for path in programs:
            self._program(path)

    @stage("wiring")
    def run(self, programs: Sequence[str], framework_modules: Sequence[str]) -> list[Router]:
        """Run everything else that may register endpoints; return all routers in the order they were made."""
        self.start(dict.fromkeys((*programs, *framework_modules)))
        for path in framework_modules:
            self._uncalled(path)
        return [made for made in self._interpreter.made if isinstance(made, Router)]

    def _program(self, path: str) -> None:
        module = self._interpreter.module(path)
        if module is not None and not module.is_started:
            with stage("wiring", path):
                self._within(STEPS, path, lambda: self._interpreter.start(module))

    def _within(self, budget: int, path: str, run: Callable[[], object]) -> None:
        """Run something, and what it leaves to be called back, within a budget of steps."""
        interpreter = self._interpreter
        interpreter.budget = budget
        interpreter.effect()
        try:
            with suppress(Thrown):
                run()
            interpreter.run_callbacks()
        except Exhausted:
            self.notices.append(Notice("budget", "the code started here does more than is followed", Place(path, 0)))
        finally:
            interpreter.settle()

    def _uncalled(self, path: str) -> None:
        """Call what a module offers and nobody has called, as other code would."""
        module = self._interpreter.modules.get(path)
        for value in _own_values(module) if module is not None else ():
            if isinstance(value, FunctionValue):
                self._call(value)
            elif isinstance(value, ClassValue):
                self._use_class(value)

    def _call(self, function: FunctionValue, this: Value | None = None) -> None:
        key = (function.module.path, function.node.start)
        interpreter = self._interpreter
        if key in interpreter.called or key in interpreter.handlers or not self._may_register(function):
            return
        site = Site(function.module, function.node.start)
        self._within(
            STEPS_OF_A_FUNCTION,
            function.module.path,
            lambda: call_from_outside(interpreter, function, site, this),
        )

    def _use_class(self, cls: ClassValue) -> None:
        """Make an instance of a class that nobody makes, and call those of its methods that register."""
        interpreter = self._interpreter
        key = (cls.module.path, cls.node.start)
        methods = [FunctionValue(node, cls.scope, cls.module, home=cls) for node in cls.methods.values()]
        if key in interpreter.constructed or not any(map(self._may_register, methods)):
            return
        site = Site(cls.module, cls.node.start)
        made: list[Value] = []
        unknown = Unknown("this is given by code that isn't part of the program", site.place)
        constructor = cls.methods.get("constructor")
        arguments = tuple(Item(unknown) for _ in constructor.parameters) if constructor is not None else ()
        self._within(
            STEPS_OF_A_FUNCTION, cls.module.path, lambda: made.append(construct(interpreter, cls, arguments, site))
        )
        for name in cls.methods if made else ():
            method = interpreter.member(made[0], name, site) if name != "constructor" else None
            if isinstance(method, FunctionValue):
                self._call(method, made[0])

    def _may_register(self, function: FunctionValue) -> bool:
        """Whether a function's text mentions what registers endpoints: it is not worth calling otherwise."""
        node = function.node
        text = self._interpreter.code.snippet(function.module.path, node.start, node.end)
        return _REGISTRATION.search(text) is not None


_REGISTRATION = re.compile(
    r"\.(?:use|route)\s*\(|\.(?:all|delete|get|options|patch|post|put)\s*\(\s*['\"`][/*]|\bexpress\s*\(|\bRouter\s*\("
    r"|ExpressServer\s*\("
)


def _own_values(module: Module) -> Iterable[Value]:
    """Functions and classes that a module declares, in the order of its source."""
    values = [value for value in module.scope.names.values() if not isinstance(value, Deferred)]
    values.extend(export.value for export in module.exports.values() if export.value is not None)
    common = module.common_exports
    values.append(common)
    if isinstance(common, ObjectValue):
        values.extend(common.properties.values())
    return dict.fromkeys(
        value for value in values if isinstance(value, FunctionValue | ClassValue) and value.module is module
    )
