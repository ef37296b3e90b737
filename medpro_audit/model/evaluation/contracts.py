"""What the interpreter asks of those around it: where imports lead, and who listens while a request is followed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from medpro_audit.model.evaluation.values import FunctionValue, Item, Site, Unknown, Value
from medpro_audit.model.evaluation.witness import NEITHER, Sides, Witness

if TYPE_CHECKING:
    from medpro_audit.model.evaluation.interpreter import Interpreter
    from medpro_audit.model.evaluation.program import Module


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

    def left_for_later(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A call that depends on nothing of the request is made when its result is asked for."""

    def entered(self, function: FunctionValue, arguments: tuple[Item, ...]) -> None:
        """A function of the program is called."""

    def called_unknown(self, callee: Unknown, arguments: tuple[Item, ...], site: Site) -> None:
        """Something is called of which nothing is known."""

    def kept(self, site: Site) -> None:
        """Something is put where other requests find it."""

    def tested(self, value: Value, *, of_type: bool = False, against: Value | None = None) -> None:
        """A value is held against what the program allows: a list, a pattern, a value of its own, or only a type."""

    def looked_up(self, owner: Value, key: Value | None, found: Value) -> None:
        """Something was found in a table, under a key or as a property of what was found there."""

    def was_looked_up(self, value: Value) -> bool:
        """Whether what the request says decides what it is, of things of the program's own."""

    def sought(self, value: Value) -> None:
        """It is asked whether something is there."""

    def compared(self, left: Value, right: Value, site: Site) -> None:
        """It is asked whether two values are equal."""

    def limited(self, value: Value) -> Value:
        """The same, or what is left of it where it is known to equal a constant."""

    def where_equal(self, left: Value, right: Value, site: Site) -> tuple[Callable[[], None], ...]:
        """What follows where two values are equal."""
        return ()

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """What is evaluated meanwhile is thrown."""
        yield

    def asked(self, value: Value, answer: Value, *, holds: bool) -> None:
        """It is asked whether a value is one that the program allows; it is where the answer is truthy, or is not."""

    def where_true(self, value: Value, site: Site) -> Sides:
        """What follows where a value is truthy, and where it is not."""
        return NEITHER

    @property
    def attempts(self) -> int:
        """How many validations were tried by now."""

    def reject(self) -> None:
        """The present path of execution is that of a failed validation."""

    def noted(self, items: Value) -> None:
        """Something is added to a list: errors of failed validations are collected this way."""

    def assume_empty(self, items: Value) -> None:
        """The present path of execution is one on which a list is empty."""
